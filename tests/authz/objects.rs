//! One of everything in each project, by names that the expectations use.

mod upkeep;

use std::{collections::HashMap, io::Cursor};

use anju::graphql::id::Kind;
use entity::{
    activity, activity_opinion, activity_registration, improvement_task, survey_invitation,
    vocab::{ActivityKind, Department, Dimension, RegistrationStatus, TaskStatus, TicketStatus},
};
use image::{ImageFormat, RgbImage};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::{
    Client, TestApp, activities,
    tickets::merged,
    world::{day, put},
};

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
        objects.gatherings(app).await;
        objects.calendar_links(app).await;
        objects.answers(app).await;
        objects.surveys(app).await;
        super::notices::create(app, &mut objects).await;
        objects.papers(app).await;
        // The standard's first touchpoint, which the migrations bring along.
        objects.add("touchpoint:T1.1".to_owned(), Kind::Touchpoint.encode(crate::harness::world::touchpoint(1)));
        objects.presales(app).await;
        objects.upkeep(app).await;
        for (name, id) in super::work::objects(app).await {
            objects.add(name, id);
        }
        super::notices::told(app, &mut objects).await;
        objects.all.sort();
        objects
    }

    pub(super) fn add(&mut self, name: String, id: String) {
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

    /// An activity in each project, with a visitor who had something to say.
    async fn gatherings(&mut self, app: &TestApp) {
        for (project, owner) in [("YT", "zhang"), ("HP", "zhao")] {
            let project_id = app.world.id(&format!("project:{project}"));
            let (partner_id, at) = (app.world.partner("partner-1"), app.services.now() + chrono::TimeDelta::days(3));
            let lecture = activities::lecture(&app.services, project_id, partner_id, at);
            let row = activity::Model { partner_id: None, kind: ActivityKind::OpenDay, ..lecture };
            let (id, owner_id) = (row.id, app.world.owner(owner));
            put::<activity::Entity>(&app.services, row).await;
            self.add(format!("activity:{project}"), Kind::Activity.encode(id));
            let seat = activities::registration(&app.services, id, owner_id, RegistrationStatus::Registered);
            self.add(format!("registration:{owner}"), Kind::ActivityRegistration.encode(seat.id));
            put::<activity_registration::Entity>(&app.services, seat).await;
            let opinion = activity_opinion::Model {
                id: app.services.new_id(app.services.now()),
                activity_id: id,
                project_id,
                owner_id: Some(owner_id),
                body: "电梯厅偏暗".into(),
                responsible_department: Department::ProjectManagement,
                answer: None,
                answered_by: None,
                answered_at: None,
                recorded_by: None,
                created_at: app.services.now(),
            };
            self.add(format!("opinion:{owner}"), Kind::ActivityOpinion.encode(opinion.id));
            put::<activity_opinion::Entity>(&app.services, opinion).await;
        }
    }

    async fn calendar_links(&mut self, app: &TestApp) {
        for who in ["zhang", "zhao", "agent.a", "partner-1"] {
            let client = app.as_whom(who).await;
            let made = client.change("createCalendarFeed", "calendarFeed", "id", json!({})).await.object();
            self.add(format!("feed:{who}"), text(&made["id"]));
        }
    }

    async fn answers(&mut self, app: &TestApp) {
        let everywhere = app.staff("admin").await;
        let usual = json!({ "title": "漏水怎么办", "body": "先关总阀", "audience": "EVERYONE" });
        let made = everywhere.article("createArticle", usual.clone()).await.object();
        everywhere.article("publishArticle", json!({ "articleId": made["id"] })).await.object();
        self.add("article:all".into(), text(&made["id"]));
        let manager = app.staff("manager.a").await;
        let at_yt = json!({ "projectId": Kind::Project.encode(app.world.id("project:YT")), "audience": "STAFF" });
        for name in ["article:YT", "draft-article:YT"] {
            let made = manager.article("createArticle", merged(usual.clone(), &at_yt)).await.object();
            self.add(name.into(), text(&made["id"]));
            if name == "article:YT" {
                manager.article("publishArticle", json!({ "articleId": made["id"] })).await.object();
            }
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

impl Objects {
    /// In each project a survey of the households with a task that a bad result opened, and the questionnaire behind it.
    async fn surveys(&mut self, app: &TestApp) {
        let open = "mutation ($input: OpenSurveyInput!) { openSurvey(input: $input) { survey {
            id template { id questions { id } } } userErrors { code } } }";
        for project in ["YT", "HP"] {
            let project_id = app.world.id(&format!("project:{project}"));
            let input = json!({ "projectId": Kind::Project.encode(project_id), "kind": "PROPERTY_SERVICE" });
            let data = app.staff("supervisor").await.run(open, json!({ "input": input })).await;
            let survey = &data["openSurvey"]["survey"];
            self.add(format!("survey:{project}"), text(&survey["id"]));
            self.task(app, project, project_id).await;
            if project == "YT" {
                self.add("template:service".into(), text(&survey["template"]["id"]));
                for question in survey["template"]["questions"].as_array().unwrap() {
                    self.add("question:service".into(), text(&question["id"]));
                }
            }
        }
        let sent = survey_invitation::Entity::find().all(app.services.db.reader()).await.unwrap();
        for row in sent {
            let (name, _) = app.world.all().find(|(_, id)| Some(*id) == row.unit_id).unwrap();
            self.add(name.replace("unit:", "invitation:"), Kind::SurveyInvitation.encode(row.id));
        }
    }

    async fn task(&mut self, app: &TestApp, project: &str, project_id: uuid::Uuid) {
        let now = app.services.now();
        let row = improvement_task::Model {
            id: app.services.new_id(now),
            project_id,
            department: Department::PropertyCompany,
            campaign_id: None,
            dimension: Some(Dimension::Attitude),
            source_key: project.to_owned(),
            title: "态度低于目标".into(),
            written: None,
            measured_basis_points: Some(8000),
            target_basis_points: Some(8500),
            due_on: day("2026-12-31"),
            status: TaskStatus::Open,
            measure: None,
            completed_by: None,
            completed_at: None,
            created_at: now,
        };
        self.add(format!("task:{project}"), Kind::ImprovementTask.encode(row.id));
        put::<improvement_task::Entity>(&app.services, row).await;
    }
}

pub(super) fn text(value: &Value) -> String {
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
