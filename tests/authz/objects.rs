//! One of everything in each project, by names that the expectations use.

use std::{collections::HashMap, io::Cursor};

use anju::graphql::id::Kind;
use entity::vocab::TicketStatus;
use image::{ImageFormat, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

/// Everything that has an id. A ticket's events share one name.
pub struct Objects {
    /// Name and global id.
    pub all: Vec<(String, String)>,
    names: HashMap<String, String>,
}

impl Objects {
    /// Fills the small company with a life.
    pub async fn create(app: &TestApp) -> Self {
        let mut objects = Self { all: Vec::new(), names: HashMap::new() };
        for (name, id) in app.world.all() {
            objects.add(name.to_owned(), kind(name).encode(id));
        }
        objects.tickets(app).await;
        objects.waiting_pictures(app).await;
        objects.contacts(app).await;
        objects.devices(app).await;
        for (name, id) in super::work::objects(app).await {
            objects.add(name, id);
        }
        objects.all.sort();
        objects
    }

    fn add(&mut self, name: String, id: String) {
        self.names.insert(id.clone(), name.clone());
        self.all.push((name, id));
    }

    /// The name behind a global id.
    pub fn name(&self, id: &str) -> &str {
        self.names.get(id).unwrap_or_else(|| panic!("{id} is the id of nothing that was made"))
    }

    /// The global id of a thing that has its name to itself.
    pub fn id(&self, name: &str) -> &str {
        let found = self.all.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("there is no {name}")).1
    }

    async fn tickets(&mut self, app: &TestApp) {
        let unit = |room: &str| json!({ "unitId": Kind::Unit.encode(app.world.unit(room)) });
        let mine = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let theirs = app.report_as("wang", unit("YT-102")).await.ticket();
        let sold = app.report_as("wang", unit("YT-102")).await.ticket();
        let to_sales = json!({ "responsibleDepartment": "SALES" });
        app.act_with("agent.a", "acceptTicket", &sold, to_sales).await.ticket();
        let elsewhere = app.report_as("zhao", unit("HP-101")).await.ticket();
        app.act("agent.b", "acceptTicket", &elsewhere).await.ticket();
        let technician = json!({ "assigneeId": Kind::Staff.encode(app.world.staff("technician.b")) });
        app.act_with("agent.b", "assignTicket", &elsewhere, technician).await.ticket();
        for (name, ticket, reporter) in [
            ("YT-101", mine, "zhang"),
            ("YT-102", theirs, "wang"),
            ("sales", sold, "wang"),
            ("HP-101", elsewhere, "zhao"),
        ] {
            let id = ticket["id"].as_str().unwrap().to_owned();
            let picture = upload(&app.owner(reporter).await, &format!("/attachments?ticketId={id}")).await;
            self.add(format!("attachment:{name}"), picture);
            for event in app.log(&ticket).await {
                self.add(format!("event:{name}"), Kind::TicketEvent.encode(event.id));
            }
            self.add(format!("ticket:{name}"), id);
        }
    }

    async fn waiting_pictures(&mut self, app: &TestApp) {
        for who in ["zhang", "agent.a"] {
            let picture = upload(&app.as_whom(who).await, "/attachments").await;
            self.add(format!("waiting:{who}"), picture);
        }
    }

    async fn contacts(&mut self, app: &TestApp) {
        for (room, who, owner) in
            [("YT-101", "ambassador.a", "zhang"), ("YT-102", "agent.a", "wang"), ("HP-101", "agent.b", "zhao")]
        {
            let input = json!({
                "ownerId": Kind::Owner.encode(app.world.owner(owner)), "channel": "PHONE", "summary": "询问装修",
            });
            let data = app.staff(who).await.butler_app("RecordInteraction", json!({ "input": input })).await;
            self.add(format!("interaction:{room}"), text(&data["recordInteraction"]["interaction"]["id"]));
        }
    }

    async fn devices(&mut self, app: &TestApp) {
        for who in ["zhang", "zhao", "ambassador.a", "technician.b", "agent.a", "manager.a", "auditor", "admin"] {
            let input = json!({ "platform": "ANDROID", "name": who });
            let data = app.as_whom(who).await.owner_app("RegisterDevice", json!({ "input": input })).await;
            self.add(format!("device:{who}"), text(&data["registerDevice"]["device"]["id"]));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn kind(name: &str) -> Kind {
    match name.split_once(':').unwrap().0 {
        "project" => Kind::Project,
        "building" => Kind::Building,
        "unit" => Kind::Unit,
        "owner" => Kind::Owner,
        "staff" => Kind::Staff,
        "contract" => Kind::Contract,
        "warranty" => Kind::WarrantyItem,
        "lecture" | "draft" => Kind::Lecture,
        "partner" => Kind::Partner,
        other => panic!("{other} has no kind"),
    }
}

/// Uploads a small picture; its global id.
pub async fn upload(client: &Client, path: &str) -> String {
    let mut png = Cursor::new(Vec::new());
    RgbImage::new(4, 4).write_to(&mut png, ImageFormat::Png).unwrap();
    let answer = client.request(Method::POST, path).header("content-type", "image/png").body(png.into_inner());
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    text(&answer["id"])
}
