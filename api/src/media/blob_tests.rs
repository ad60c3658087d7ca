//! The folder on a real disk, and the bucket against a server on this machine that answers as S3 does.

use std::sync::Mutex;

use futures_util::TryStreamExt;

use crate::local_server::{Answer, Request, serve};

use super::*;

const ID: Uuid = Uuid::from_u128(0x0193_57aa_0000_7000_8000_0000_0000_00ab);

async fn read(store: &BlobStore, key: &BlobKey) -> Result<Vec<u8>, BlobError> {
    let blob = store.get(key).await?;
    let bytes = blob.bytes.try_collect::<Vec<Bytes>>().await?.concat();
    assert_eq!(bytes.len() as u64, blob.size);
    Ok(bytes)
}

/// Storing, reading, replacing and removing: what holds for every store.
async fn behaves(store: &BlobStore) {
    let (picture, thumbnail) = (BlobKey::picture(ID), BlobKey::thumbnail(ID));
    assert!(matches!(read(store, &picture).await, Err(BlobError::NotFound)));
    let large: Vec<u8> = (0..300_000_u32).map(|index| index as u8).collect();
    store.put(&picture, large.clone()).await.unwrap();
    store.put(&thumbnail, Bytes::from_static(b"small")).await.unwrap();
    assert_eq!(read(store, &picture).await.unwrap(), large);
    assert_eq!(read(store, &thumbnail).await.unwrap(), b"small");
    store.put(&thumbnail, Bytes::from_static(b"other")).await.unwrap();
    assert_eq!(read(store, &thumbnail).await.unwrap(), b"other");
    store.delete(&thumbnail).await.unwrap();
    store.delete(&thumbnail).await.unwrap();
    assert!(matches!(read(store, &thumbnail).await, Err(BlobError::NotFound)));
    assert_eq!(read(store, &picture).await.unwrap(), large);
}

#[tokio::test]
async fn a_missing_folder_is_made_by_path_and_by_url() {
    let home = tempfile::tempdir().unwrap();
    let plain = home.path().join("a/b");
    behaves(&BlobStore::from_url(plain.to_str().unwrap(), &BTreeMap::new()).unwrap()).await;
    assert!(plain.join("ab").is_dir());
    let by_url = Url::from_directory_path(home.path().join("with space")).unwrap();
    behaves(&BlobStore::from_url(by_url.as_str(), &BTreeMap::new()).unwrap()).await;
    assert!(home.path().join("with space/ab").is_dir());
}

#[tokio::test]
async fn no_half_written_file_is_left_behind() {
    let home = tempfile::tempdir().unwrap();
    let store = BlobStore::from_url(home.path().to_str().unwrap(), &BTreeMap::new()).unwrap();
    store.put(&BlobKey::picture(ID), Bytes::from_static(b"whole")).await.unwrap();
    let entries = std::fs::read_dir(home.path().join("ab")).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["019357aa0000700080000000000000ab"]);
}

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// As much of S3 as is used: objects by path, and nothing without a signature.
fn answer_like_s3(objects: &Objects, request: Request) -> Answer {
    let signed = request
        .headers
        .get("authorization")
        .is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=key/") && value.contains("Signature="));
    if !signed || !request.headers.contains_key("x-amz-content-sha256") {
        return Answer::status(403);
    }
    let mut objects = objects.lock().unwrap();
    match request.method.as_str() {
        "PUT" => {
            objects.insert(request.target, request.body);
            Answer { headers: vec![("ETag", "\"1\"".into())], ..Answer::status(200) }
        }
        "GET" => objects.get(&request.target).map_or(Answer::status(404), |body| {
            let modified = "Mon, 23 Nov 2026 12:00:00 GMT".to_owned();
            let headers = vec![("ETag", "\"1\"".into()), ("Last-Modified", modified)];
            Answer { status: 200, headers, body: body.clone() }
        }),
        "DELETE" => {
            objects.remove(&request.target);
            Answer::status(204)
        }
        _ => Answer::status(405),
    }
}

fn settings(endpoint: &str) -> BTreeMap<String, String> {
    [
        ("AWS_ENDPOINT", endpoint),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "cn-north-1"),
        ("AWS_ALLOW_HTTP", "true"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[tokio::test]
async fn a_bucket_gets_signed_requests_under_its_prefix() {
    let objects = Objects::default();
    let endpoint = serve({
        let objects = Arc::clone(&objects);
        move |request| Some(answer_like_s3(&objects, request))
    })
    .await;
    let store = BlobStore::from_url("s3://photos/anju/media", &settings(&endpoint)).unwrap();
    behaves(&store).await;
    let keys: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["/photos/anju/media/ab/019357aa0000700080000000000000ab"]);
}

#[tokio::test]
async fn a_bucket_that_fails_is_busy_and_wrong_credentials_are_not() {
    for (status, busy) in [(503, true), (403, false), (401, false)] {
        let endpoint = serve(move |_| Some(Answer::status(status))).await;
        let store = BlobStore::from_url("s3://photos", &settings(&endpoint)).unwrap();
        let error = store.put(&BlobKey::picture(ID), Bytes::from_static(b"x")).await.unwrap_err();
        assert_eq!(matches!(error, BlobError::Busy(_)), busy, "{status}: {error:?}");
    }
}

#[test]
fn a_full_disk_is_busy_and_another_failure_is_not() {
    let failed = |kind: ErrorKind| {
        let source = Box::new(std::io::Error::from(kind));
        blob_error(object_store::Error::Generic { store: "LocalFileSystem", source })
    };
    assert!(matches!(failed(ErrorKind::StorageFull), BlobError::Busy(_)));
    assert!(matches!(failed(ErrorKind::QuotaExceeded), BlobError::Busy(_)));
    assert!(matches!(failed(ErrorKind::PermissionDenied), BlobError::Internal(_)));
}

#[test]
fn bad_configuration_is_refused_at_start() {
    let refused = |url: &str, settings: &BTreeMap<String, String>| BlobStore::from_url(url, settings).unwrap_err();
    for url in ["", "http://example.com/", "gs://bucket", "file://host/share"] {
        assert!(matches!(refused(url, &BTreeMap::new()), BadBlobStore::Url(_)), "{url}");
    }
    assert!(matches!(refused("/dev/null/media", &BTreeMap::new()), BadBlobStore::Folder(..)));
    let misspelt = BTreeMap::from([("AWS_ACESS_KEY".to_owned(), "key".to_owned())]);
    assert!(matches!(refused("s3://photos", &misspelt), BadBlobStore::Setting(name) if name == "AWS_ACESS_KEY"));
}
