//! Bulletins with their deliveries, milestones, contractors and batches: one of each in each project, and who sees them.

use anju::graphql::id::Kind;
use entity::{
    bulletin_delivery, contractor, milestone, notification, rectification_batch,
    vocab::{BatchKind, BatchStatus, MilestoneKind},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::objects::Objects;
use crate::{
    bulletin::publish,
    harness::{
        TestApp,
        tickets::raw_id,
        world::{day, put},
    },
};

/// Publishes, plans and builds in both projects.
pub async fn create(app: &TestApp, objects: &mut Objects) {
    let unit = Kind::Unit.encode(app.world.unit("YT-101"));
    for (name, project, more) in
        [("YT", "YT", json!({})), ("YT-101", "YT", json!({ "unitId": unit })), ("HP", "HP", json!({}))]
    {
        let bulletin = publish(app, project, more).await;
        add_bulletin(app, objects, name, &bulletin).await;
    }
    for (name, reached_on) in [("milestone:YT", Some(day("2026-11-20"))), ("planned:YT", None)] {
        let kind = if reached_on.is_some() { MilestoneKind::SampleAreaOpen } else { MilestoneKind::LandscapeFinished };
        let id = put_milestone(app, kind, reached_on).await;
        objects.add(name.to_owned(), Kind::Milestone.encode(id));
    }
    for project in ["YT", "HP"] {
        let (contractor, batch) = put_batch(app, project).await;
        objects.add(format!("contractor:{project}"), Kind::Contractor.encode(contractor));
        objects.add(format!("batch:{project}"), Kind::RectificationBatch.encode(batch));
    }
}

async fn add_bulletin(app: &TestApp, objects: &mut Objects, name: &str, bulletin: &Value) {
    let id = raw_id(&bulletin["id"]);
    let deliveries = bulletin_delivery::Entity::find().all(app.services.db.reader()).await.unwrap();
    for row in deliveries.into_iter().filter(|row| row.bulletin_id == id) {
        let owner = app.world.all().find(|(name, id)| name.starts_with("owner:") && *id == row.owner_id);
        let owner = owner.unwrap().0.trim_start_matches("owner:").to_owned();
        objects.add(format!("delivery:{name}:{owner}"), Kind::BulletinDelivery.encode(row.id));
    }
    objects.add(format!("bulletin:{name}"), bulletin["id"].as_str().unwrap().to_owned());
}

/// Everything that anybody was told, by whom it was told to.
pub async fn told(app: &TestApp, objects: &mut Objects) {
    for row in notification::Entity::find().all(app.services.db.reader()).await.unwrap() {
        let person = app.world.all().find(|(_, id)| *id == row.recipient_id).unwrap().0;
        let person = person.trim_start_matches("owner:").trim_start_matches("staff:");
        objects.add(format!("notification:{person}"), Kind::Notification.encode(row.id));
    }
}

async fn put_milestone(app: &TestApp, kind: MilestoneKind, reached_on: Option<chrono::NaiveDate>) -> Uuid {
    let (now, project_id) = (app.services.now(), app.world.id("project:YT"));
    let id = app.services.new_id(now);
    let row = milestone::Model {
        id,
        project_id,
        building_id: None,
        scope_id: project_id,
        kind,
        planned_on: Some(day("2026-12-01")),
        reached_on,
        note: None,
        bulletin_id: None,
        recorded_by: app.world.staff("manager.a"),
        created_at: now,
    };
    put::<milestone::Entity>(&app.services, row).await;
    id
}

/// A contractor with a batch in a project.
pub async fn put_batch(app: &TestApp, project: &str) -> (Uuid, Uuid) {
    let (now, project_id) = (app.services.now(), app.world.id(&format!("project:{project}")));
    let (contractor_id, id) = (app.services.new_id(now), app.services.new_id(now));
    let row = contractor::Model {
        id: contractor_id,
        project_id,
        name: format!("contractor {contractor_id}"),
        contact_name: None,
        contact_phone: None,
        is_active: true,
        created_at: now,
    };
    put::<contractor::Entity>(&app.services, row).await;
    let row = rectification_batch::Model {
        id,
        project_id,
        contractor_id,
        kind: BatchKind::Centralised,
        title: "集中整改".into(),
        written: None,
        status: BatchStatus::Collecting,
        collects_key: None,
        deadline_at: now,
        completed_at: None,
        completed_on: None,
        created_by: None,
        created_at: now,
    };
    put::<rectification_batch::Entity>(&app.services, row).await;
    (contractor_id, id)
}

/// What of these exists for a principal who does not see everything.
pub fn visible(who: &str) -> &'static str {
    match who {
        // What was delivered to oneself, one's own receipts, and what was built; no plan, no contractor.
        "zhang" => "bulletin:YT bulletin:YT-101 delivery:YT:zhang delivery:YT-101:zhang milestone:YT",
        "li" => "bulletin:YT bulletin:YT-101 delivery:YT:li delivery:YT-101:li milestone:YT",
        "wang" => "bulletin:YT delivery:YT:wang milestone:YT",
        "zhao" => "bulletin:HP delivery:HP:zhao",
        // The project's notices, and of single homes and receipts only the own households'.
        "ambassador.a" => {
            "bulletin:YT bulletin:YT-101 delivery:YT:zhang delivery:YT:li delivery:YT-101:zhang delivery:YT-101:li \
             milestone:YT planned:YT"
        }
        "ambassador.a2" => "bulletin:YT delivery:YT:wang milestone:YT planned:YT",
        "ambassador.b" => "bulletin:HP delivery:HP:zhao",
        "agent.a" | "manager.a" => {
            "bulletin:YT bulletin:YT-101 delivery:YT:zhang delivery:YT:li delivery:YT:wang delivery:YT-101:zhang \
             delivery:YT-101:li milestone:YT planned:YT contractor:YT batch:YT"
        }
        "sales.a" => {
            "bulletin:YT bulletin:YT-101 delivery:YT:zhang delivery:YT:li delivery:YT:wang delivery:YT-101:zhang \
             delivery:YT-101:li milestone:YT planned:YT"
        }
        "agent.b" => "bulletin:HP delivery:HP:zhao contractor:HP batch:HP",
        _ => "",
    }
}
