//! Figures of states and of duties towards all: trainings, files, rounds of inspection, news, notices, ambassadors.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    ambassador_assignment, bulletin, bulletin_delivery, inspection, inspection_plan, milestone, owner_document,
    required_document, training,
    vocab::{BulletinKind, Department, DocumentKind, InspectionSubject, MilestoneKind, OwnerStage, WarrantyPart},
    warranty_item, warranty_notice,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;

use super::{counts, items, sum};
use crate::{
    both,
    harness::{
        TestApp,
        world::{day, instant, put},
    },
};

/// A round of a plan, with what was sound of what was looked at.
async fn round(app: &TestApp, plan_id: Uuid, subject: InspectionSubject, on: &str, (sound, checked): (i32, i32)) {
    let row = inspection::Model {
        id: app.services.new_id(app.services.now()),
        plan_id,
        project_id: app.world.id("project:YT"),
        subject,
        performed_by: app.world.staff("technician.a"),
        performed_at: instant(&format!("{on}T04:00:00Z")),
        performed_on: day(on),
        checked_count: checked,
        sound_count: sound,
        note: None,
    };
    put::<inspection::Entity>(&app.services, row).await;
}

async fn plan(app: &TestApp, subject: InspectionSubject) -> Uuid {
    let now = app.services.now();
    let id = app.services.new_id(now);
    let row = inspection_plan::Model {
        id,
        project_id: app.world.id("project:YT"),
        building_id: None,
        subject,
        name: format!("{id}"),
        every_days: 7,
        department: Department::PropertyCompany,
        starts_on: day("2026-11-01"),
        next_due_on: day("2026-12-01"),
        is_active: true,
        created_at: now,
    };
    put::<inspection_plan::Entity>(&app.services, row).await;
    id
}

/// A bulletin that reached these owners.
async fn told(app: &TestApp, kind: BulletinKind, owners: &[&str]) -> Uuid {
    let now = app.services.now();
    let id = app.services.new_id(now);
    let row = bulletin::ActiveModel {
        seq: sea_orm::ActiveValue::NotSet,
        ..bulletin::Model {
            seq: 0,
            id,
            project_id: app.world.id("project:YT"),
            building_id: None,
            unit_id: None,
            kind,
            title: "通知".into(),
            body: "内容".into(),
            written: None,
            is_emergency: false,
            published_by: None,
            published_at: now,
        }
        .into()
    };
    bulletin::Entity::insert(row).exec_without_returning(app.services.db.writer()).await.unwrap();
    for owner in owners {
        let row = bulletin_delivery::Model {
            id: app.services.new_id(now),
            bulletin_id: id,
            owner_id: app.world.owner(owner),
            delivered_at: now,
            read_at: None,
        };
        put::<bulletin_delivery::Entity>(&app.services, row).await;
    }
    id
}

async fn file(app: &TestApp, owner: &str, kind: DocumentKind) {
    let now = app.services.now();
    let row = owner_document::Model {
        id: app.services.new_id(now),
        owner_id: app.world.owner(owner),
        unit_id: None,
        kind,
        reference: "A-1".into(),
        filed_by: None,
        filed_on: day("2026-11-20"),
        created_at: now,
        removed_at: None,
    };
    put::<owner_document::Entity>(&app.services, row).await;
}

both! {
    async fn s13_only_the_latest_round_of_each_plan_counts_and_every_check_of_a_guard(app) {
        use InspectionSubject::{Equipment, SecurityPost};
        let (lifts, pumps, gate) = (plan(&app, Equipment).await, plan(&app, Equipment).await, plan(&app, SecurityPost).await);
        round(&app, lifts, Equipment, "2026-11-02", (1, 10)).await;
        round(&app, lifts, Equipment, "2026-11-20", (9, 10)).await;
        round(&app, pumps, Equipment, "2026-11-05", (5, 5)).await;
        round(&app, pumps, Equipment, "2026-10-31", (0, 5)).await;
        assert_eq!(counts(&app, "EQUIPMENT_SOUND", json!({})).await, (json!(14), json!(15)));
        let found = items(&app, "EQUIPMENT_SOUND", None).await;
        assert_eq!((found.len(), sum(&found, "numerator"), sum(&found, "denominator")), (2, 14, 15));
        round(&app, gate, SecurityPost, "2026-11-10", (1, 1)).await;
        round(&app, gate, SecurityPost, "2026-11-11", (0, 1)).await;
        assert_eq!(counts(&app, "GUARD_COVERAGE", json!({})).await, (json!(1), json!(2)));
        assert_eq!(counts(&app, "CLEANING_COVERAGE", json!({})).await, (json!(0), json!(0)));
    }

    async fn s13_training_is_of_the_last_day_and_of_active_service_staff(app) {
        let rows = training::Entity::update_many()
            .col_expr(training::Column::ValidUntil, Expr::val(day("2026-11-22")))
            .filter(training::Column::StaffId.eq(app.world.staff("technician.a")));
        rows.exec(app.services.db.writer()).await.unwrap();
        assert_eq!(counts(&app, "TRAINING_RATE", json!({})).await, (json!(4), json!(5)));
        let technician = json!({ "staffId": Kind::Staff.encode(app.world.staff("technician.a")) });
        assert_eq!(counts(&app, "TRAINING_RATE", technician).await, (json!(0), json!(1)));
        let property = json!({ "department": "PROPERTY_COMPANY" });
        assert_eq!(counts(&app, "TRAINING_RATE", property).await, (json!(1), json!(2)));
        anju::service::staff::disable(
            &app.services, &anju::auth::viewer::Viewer::system(), app.world.staff("technician.a"),
        ).await.unwrap();
        assert_eq!(counts(&app, "TRAINING_RATE", json!({})).await, (json!(4), json!(4)), "who has left needs none");
    }

    async fn s13_files_are_counted_by_owner_and_by_what_the_stage_requires(app) {
        let wanted = [DocumentKind::PurchaseContract, DocumentKind::IdentityDocument];
        // What the company itself requires is no matter here.
        required_document::Entity::delete_many().exec(app.services.db.writer()).await.unwrap();
        for kind in wanted {
            let row = required_document::Model { id: app.services.new_id(app.services.now()), stage: OwnerStage::Resident, kind };
            put::<required_document::Entity>(&app.services, row).await;
        }
        file(&app, "zhang", DocumentKind::PurchaseContract).await;
        file(&app, "zhang", DocumentKind::IdentityDocument).await;
        file(&app, "li", DocumentKind::HandoverForm).await;
        assert_eq!(counts(&app, "FILING_RATE", json!({})).await, (json!(2), json!(3)));
        assert_eq!(counts(&app, "FILE_COMPLETENESS", json!({})).await, (json!(2), json!(6)));
        let missing = items(&app, "FILE_COMPLETENESS", Some(false)).await;
        assert_eq!(missing.len(), 4);
        assert!(missing.iter().all(|item| item["about"] == "PURCHASE_CONTRACT" || item["about"] == "IDENTITY_DOCUMENT"));
        assert_eq!(counts(&app, "FILING_RATE", json!({ "month": "2026-10" })).await, (json!(0), json!(3)), "filed in November");
    }

    async fn t3_2_one_customer_who_was_not_told_of_a_milestone_shows_in_the_coverage(app) {
        let bulletin_id = told(&app, BulletinKind::Milestone, &["zhang", "wang"]).await;
        let project_id = app.world.id("project:YT");
        let row = milestone::Model {
            id: app.services.new_id(app.services.now()), project_id, building_id: None, scope_id: project_id,
            kind: MilestoneKind::StructureToppedOut, planned_on: None, reached_on: Some(day("2026-11-10")), note: None,
            bulletin_id: Some(bulletin_id), recorded_by: app.world.staff("manager.a"), created_at: app.services.now(),
        };
        put::<milestone::Entity>(&app.services, row).await;
        assert_eq!(counts(&app, "MILESTONE_COVERAGE", json!({})).await, (json!(2), json!(3)));
        let missed = items(&app, "MILESTONE_COVERAGE", Some(false)).await;
        assert_eq!(missed[0]["itemId"], Kind::Owner.encode(app.world.owner("li")));
        assert_eq!(missed[0]["about"], "STRUCTURE_TOPPED_OUT");
        assert_eq!(counts(&app, "MILESTONE_COVERAGE", json!({ "month": "2026-10" })).await, (json!(0), json!(0)));
    }

    async fn t5_5_warranty_notices_are_counted_in_the_month_in_which_they_are_due(app) {
        let now = app.services.now();
        let unit_id = app.world.unit("YT-101");
        let part = |part, expires: &str| warranty_item::Model {
            id: app.services.new_id(now), unit_id, contract_id: None, part, starts_on: day("2025-06-30"),
            expires_on: day(expires), noticed_at: None,
        };
        let (plumbing, wiring) = (part(WarrantyPart::Plumbing, "2027-01-20"), part(WarrantyPart::Wiring, "2027-01-31"));
        put::<warranty_item::Entity>(&app.services, plumbing.clone()).await;
        put::<warranty_item::Entity>(&app.services, wiring).await;
        assert_eq!(counts(&app, "WARRANTY_NOTICE_COVERAGE", json!({})).await, (json!(0), json!(2)), "two owners of one home");
        let bulletin_id = told(&app, BulletinKind::Warranty, &["zhang"]).await;
        let row = warranty_notice::Model {
            id: app.services.new_id(now), item_id: plumbing.id, project_id: app.world.id("project:YT"), unit_id, bulletin_id,
            due_on: day("2026-11-20"), noticed_at: now,
        };
        put::<warranty_notice::Entity>(&app.services, row).await;
        assert_eq!(counts(&app, "WARRANTY_NOTICE_COVERAGE", json!({})).await, (json!(1), json!(2)));
        app.clock.set(instant("2026-12-01T00:00:00Z"));
        let november = json!({ "month": "2026-11" });
        assert_eq!(counts(&app, "WARRANTY_NOTICE_COVERAGE", november).await, (json!(1), json!(4)), "the other on the 30th");
    }

    async fn t5_3_a_household_without_an_ambassador_shows_in_the_coverage(app) {
        assert_eq!(counts(&app, "AMBASSADOR_COVERAGE", json!({})).await, (json!(2), json!(2)));
        app.clock.advance(TimeDelta::days(1));
        let ended = ambassador_assignment::Entity::update_many()
            .col_expr(ambassador_assignment::Column::EndedAt, Expr::val(app.services.now()))
            .filter(ambassador_assignment::Column::UnitId.eq(app.world.unit("YT-102")));
        ended.exec(app.services.db.writer()).await.unwrap();
        assert_eq!(counts(&app, "AMBASSADOR_COVERAGE", json!({})).await, (json!(1), json!(2)));
        let missing = items(&app, "AMBASSADOR_COVERAGE", Some(false)).await;
        assert_eq!(missing[0]["itemId"], Kind::Unit.encode(app.world.unit("YT-102")));
    }
}
