//! Full disks: what does not fit is refused and leaves nothing behind, and everything else goes on. The disks are small
//! file systems in memory that only the server sees, so these tests need the right to mount one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use entity::{attachment, vocab::PrincipalKind};
use image::{ImageFormat, RgbImage};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::{
    Client, Engine,
    company::{Answered, Company, report_at_last, send_report},
    device::read_log,
    dice::Dice,
    process::{ServerProcess, SmallDisk, can_mount},
};

/// A picture of some hundred kilobytes: nothing in it can be compressed.
fn noise(seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut file = std::io::Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(200, 200, |_, _| image::Rgb([0; 3].map(|_: u8| dice.throw(256) as u8)));
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The files of a folder that only the server sees.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.extend([path]) }
    }
    found
}

async fn upload(client: &Client, seed: u64) -> (u16, bool, Value) {
    let response = client.request(Method::POST, "/attachments").body(noise(seed)).send().await.unwrap();
    let (status, again) = (response.status().as_u16(), response.headers().contains_key("retry-after"));
    (status, again, response.json().await.unwrap())
}

async fn a_full_store(engine: Engine) {
    if !can_mount() {
        return;
    }
    let company = Company::found(engine).await;
    let disk = SmallDisk { folder: company.folder.path().to_owned(), kib: 1024, filled_from: None };
    let server = ServerProcess::over_disk(&company.database.url, company.folder.path(), &disk).ready().await;
    let owner = company.owner("zhang", &server).await;
    let seen = server.sees(company.folder.path());
    std::fs::write(seen.join("ballast"), vec![1; 400 * 1024]).unwrap();
    let mut stored = Vec::new();
    let refused = loop {
        let (status, again, answer) = upload(&owner, stored.len() as u64).await;
        if status != 201 {
            break (status, again, answer);
        }
        stored.push(answer);
    };
    let (status, again, answer) = refused;
    assert_eq!((status, again, &answer["errors"][0]["extensions"]["code"]), (503, true, &json!("BUSY")), "{answer}");
    assert!(stored.len() > 1, "{} pictures fitted", stored.len());
    let rows = attachment::Entity::find().all(company.services.db.reader()).await.unwrap();
    assert_eq!(rows.len(), stored.len());
    assert_eq!(files(&seen).len(), 2 * stored.len() + 1, "{:?}", files(&seen));
    for row in &stored {
        let file = owner.request(Method::GET, row["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(json!(file.bytes().await.unwrap().len()), row["byteSize"]);
    }
    report_at_last(&owner, company.report(0)).await;
    std::fs::remove_file(seen.join("ballast")).unwrap();
    assert_eq!(upload(&owner, 99).await.0, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_store_takes_no_picture_and_keeps_those_it_has() {
    a_full_store(Engine::Sqlite).await;
}

/// A company whose database is on a small disk, with the owner's token.
async fn on_a_small_disk() -> (Company, ServerProcess, Client, PathBuf) {
    let company = Company::found(Engine::Sqlite).await;
    let path = PathBuf::from(company.database.url.strip_prefix("sqlite://").unwrap());
    let services = &company.services;
    let id = company.world.owner("zhang");
    let session = anju::service::session::open(services, services.db.writer(), PrincipalKind::Owner, id, None);
    let token = session.await.unwrap().access_token;
    let folder = company.folder.path().join("database");
    std::fs::create_dir(&folder).unwrap();
    let filled_from = path.parent().map(Path::to_owned);
    let there = files(filled_from.as_ref().unwrap()).iter().map(|file| file.metadata().unwrap().len()).sum::<u64>();
    let kib = there / 1024 + 4 * 1024;
    let disk = SmallDisk { folder: folder.clone(), kib, filled_from };
    let url = format!("sqlite://{}", folder.join(path.file_name().unwrap()).display());
    let server = ServerProcess::over_disk(&url, company.folder.path(), &disk).ready().await;
    let owner = Client::new(&server.url, Some(token));
    let seen = server.sees(&folder);
    (company, server, owner, seen)
}

/// Writes until nothing more fits.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_on_a_full_disk_refuses_writes_and_loses_nothing() {
    if !can_mount() {
        return;
    }
    let (company, server, owner, seen) = on_a_small_disk().await;
    let mut acknowledged = BTreeMap::new();
    for number in 0..10 {
        acknowledged.insert(number, report_at_last(&owner, company.report(number)).await.0);
    }
    fill(&seen.join("ballast"));
    let mut busy = 0;
    for number in 10..200 {
        match send_report(&owner, company.report(number)).await.unwrap() {
            Answered::Done(ticket) => _ = acknowledged.insert(number, ticket),
            Answered::Busy => busy += 1,
        }
        // Reading goes on.
        let mine = owner.owner_app("MyTickets", json!({ "first": 1 })).await;
        assert_eq!(mine["tickets"]["totalCount"], acknowledged.len());
        if busy == 20 {
            break;
        }
    }
    assert_eq!(busy, 20, "{} fitted", acknowledged.len());
    std::fs::remove_file(seen.join("ballast")).unwrap();
    for number in 0..acknowledged.len() + busy {
        let (ticket, _) = report_at_last(&owner, company.report(number)).await;
        if let Some(first) = acknowledged.get(&number) {
            assert_eq!(&ticket, first);
        }
    }
    assert_eq!(read_log(&owner, None, 100).await.len(), acknowledged.len() + busy);
    server.terminate().await;
    let (ended, said) = server.end(Duration::from_secs(12)).await;
    assert_eq!(ended.code(), Some(0), "{said}");
}
