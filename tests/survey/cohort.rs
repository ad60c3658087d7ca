//! Who is asked, and when: T3.1, T5.1 and T5.6.

use anju::{auth::viewer::Viewer, graphql::id::Kind, service::survey::open_for_batch};
use chrono::TimeDelta;
use entity::{
    audit_entry, batch_ticket, contract_party, contractor, handover, rectification_batch,
    vocab::{BatchKind, BatchStatus, ContractStatus, HandoverStatus, SurveyKind},
};
use futures_util::future::join_all;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{at, campaigns, change, home, invitations, invited, opening};
use crate::{
    both,
    harness::{
        TestApp,
        tickets::raw_id,
        world::{day, instant, put},
    },
};

const A: (&str, &str) = ("YT", "ambassador.a");
const B: (&str, &str) = ("HP", "ambassador.b");

async fn complete_handover(app: &TestApp, room: &str, owner: &str, on: &str) {
    let now = app.services.now();
    let row = handover::Model {
        id: app.services.new_id(now),
        project_id: app.world.id("project:YT"),
        unit_id: app.world.unit(room),
        contract_id: app.world.id(&format!("contract:{room}")),
        owner_id: app.world.owner(owner),
        slot_id: None,
        accompanied_by: Some(app.world.staff("agent.a")),
        status: HandoverStatus::Completed,
        version: 1,
        started_at: Some(now),
        completed_at: Some(now),
        completed_on: Some(day(on)),
        cancelled_at: None,
        created_at: now,
        cancel_reason: None,
    };
    put::<handover::Entity>(&app.services, row).await;
}

/// A finished batch about tickets of these rooms, two for each.
async fn batch(
    app: &TestApp,
    kind: BatchKind,
    rooms: &[(&str, &str)],
    completed_on: &str,
) -> rectification_batch::Model {
    let now = app.services.now();
    let contractor_id = app.services.new_id(now);
    let row = contractor::Model {
        id: contractor_id,
        project_id: app.world.id("project:YT"),
        name: format!("施工单位{contractor_id}"),
        contact_name: None,
        contact_phone: None,
        is_active: true,
        created_at: now,
    };
    put::<contractor::Entity>(&app.services, row).await;
    let batch = rectification_batch::Model {
        id: app.services.new_id(now),
        project_id: app.world.id("project:YT"),
        contractor_id,
        kind,
        title: "防水整改".into(),
        written: None,
        status: BatchStatus::Completed,
        collects_key: None,
        deadline_at: now + TimeDelta::days(30),
        completed_at: Some(now),
        completed_on: Some(day(completed_on)),
        created_by: None,
        created_at: now,
    };
    put::<rectification_batch::Entity>(&app.services, batch.clone()).await;
    for (room, owner) in rooms {
        for title in ["卫生间渗漏", "窗边渗漏"] {
            let unit = Kind::Unit.encode(app.world.unit(room));
            let report = json!({ "unitId": unit, "kind": "RECTIFICATION", "title": title });
            let ticket = app.report_as(owner, report).await.ticket();
            let (id, ticket_id) = (app.services.new_id(now), raw_id(&ticket["id"]));
            put::<batch_ticket::Entity>(
                &app.services,
                batch_ticket::Model { id, batch_id: batch.id, ticket_id, added_at: now },
            )
            .await;
        }
    }
    batch
}

async fn open(app: &TestApp, batch: &rectification_batch::Model) -> bool {
    let tx = app.services.db.begin().await.unwrap();
    let opened = open_for_batch(&app.services, &tx, &Viewer::system(), batch).await.unwrap();
    tx.commit().await.unwrap();
    opened.is_some()
}

both! {
    async fn t3_1_on_the_first_at_nine_those_who_signed_in_the_month_before_are_asked(app) {
        let mut app = app;
        home(&mut app, "first", A, "2026-11-01", None).await;
        home(&mut app, "last", A, "2026-11-30", None).await;
        home(&mut app, "before", A, "2026-10-31", None).await;
        home(&mut app, "after", A, "2026-12-01", None).await;
        home(&mut app, "elsewhere", B, "2026-11-15", None).await;
        for (room, status) in [("draft", ContractStatus::Draft), ("ended", ContractStatus::Terminated)] {
            home(&mut app, room, A, "2026-11-10", None).await;
            let row = entity::contract::ActiveModel { status: ActiveValue::Set(status), ..Default::default() };
            let id = app.world.id(&format!("contract:{room}"));
            change::<entity::contract::Entity>(&app.services, entity::contract::Column::Id, id, row).await;
        }
        at(&app, opening() - TimeDelta::microseconds(1)).await;
        assert_eq!(campaigns(&app).await.len(), 0);
        at(&app, opening()).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["elsewhere", "first", "last"]);
        let all = campaigns(&app).await;
        assert_eq!(all.len(), 6, "three kinds in each of two projects");
        assert!(all.iter().all(|row| row.cohort == "2026-11" && row.opened_at == opening()));
        let sent = invitations(&app, SurveyKind::Sales).await;
        assert!(sent.iter().all(|row| row.expires_at == opening() + TimeDelta::days(14)));
        let ambassador = app.world.staff("ambassador.a");
        let first = sent.iter().find(|row| row.owner_id == Some(app.world.owner("first"))).unwrap();
        assert_eq!(first.ambassador_id, Some(ambassador));
        assert_eq!(first.subject_id, Some(app.world.id("contract:first")));
        let count = "{ viewer { ... on Owner { openSurveyCount } } }";
        for (who, surveys) in [("first", 1), ("before", 0), ("zhang", 0)] {
            let seen = app.owner(who).await.run(count, json!({})).await;
            assert_eq!(seen["viewer"]["openSurveyCount"], surveys, "{who}");
        }
        let mine = app.owner("first").await.owner_app("MySurveys", json!({})).await;
        let survey = &mine["surveyInvitations"]["nodes"][0]["survey"];
        assert_eq!((&survey["title"], &survey["kind"]), (&json!("November 2026: satisfaction with sales service"), &json!("SALES")));
        assert!(survey["questions"].as_array().unwrap().len() > 5);
    }

    async fn t3_1_two_servers_that_run_the_job_many_times_at_once_send_each_customer_one(app) {
        let mut app = app;
        for room in ["one", "two", "three"] {
            home(&mut app, room, A, "2026-11-20", None).await;
        }
        let other = app.another().await;
        app.clock.set(opening());
        let runs = (0..8).map(|turn| anju::jobs::run_surveys(if turn % 2 == 0 { &app.services } else { &other.services }));
        for outcome in join_all(runs).await {
            outcome.unwrap();
        }
        at(&app, opening() + TimeDelta::hours(1)).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["one", "three", "two"]);
        assert_eq!(campaigns(&app).await.len(), 6);
        let audited = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("OPEN_SURVEY"));
        assert_eq!(audited.count(app.services.db.reader()).await.unwrap(), 6);
    }

    async fn t3_1_a_contract_that_is_entered_late_is_asked_until_the_fifth(app) {
        let mut app = app;
        at(&app, opening()).await;
        home(&mut app, "late", A, "2026-11-29", None).await;
        at(&app, instant("2026-12-05T15:00:00Z")).await;
        at(&app, instant("2026-12-05T15:30:00Z")).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["late"]);
        home(&mut app, "too late", A, "2026-11-29", None).await;
        at(&app, instant("2026-12-05T16:00:00Z")).await;
        at(&app, instant("2027-01-01T01:00:00Z")).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["late"]);
        // A corrected date brings no second survey about the same contract.
        let row = entity::contract::ActiveModel { signed_on: ActiveValue::Set(Some(day("2026-12-31"))), ..Default::default() };
        let id = app.world.id("contract:late");
        change::<entity::contract::Entity>(&app.services, entity::contract::Column::Id, id, row).await;
        at(&app, instant("2027-01-02T01:00:00Z")).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["late"]);
    }

    async fn t3_1_a_survey_that_was_not_opened_by_day_five_is_an_alert_and_opens_once_after_all(app) {
        let mut app = app;
        home(&mut app, "waits", A, "2026-11-20", None).await;
        let alerts = "{ surveyAlerts { kind month openedAt project { code } } }";
        app.clock.set(instant("2026-12-05T15:59:59Z"));
        let supervisor = app.staff("supervisor").await;
        assert_eq!(supervisor.run(alerts, json!({})).await["surveyAlerts"], json!([]));
        app.clock.set(instant("2026-12-05T16:00:00Z"));
        let missing = app.staff("supervisor").await.run(alerts, json!({})).await["surveyAlerts"].clone();
        assert_eq!(missing.as_array().unwrap().len(), 6);
        let first = json!({ "kind": "SALES", "month": "2026-11", "openedAt": null, "project": { "code": "HP" } });
        assert_eq!(missing[0], first);
        let managers = app.staff("manager.a").await.run(alerts, json!({})).await["surveyAlerts"].clone();
        assert_eq!(managers.as_array().unwrap().len(), 3, "the own project only: {managers}");
        at(&app, instant("2026-12-08T01:00:00Z")).await;
        at(&app, instant("2026-12-08T01:05:00Z")).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["waits"]);
        let seen = app.staff("supervisor").await.run(alerts, json!({})).await["surveyAlerts"].clone();
        assert!(seen.as_array().unwrap().iter().all(|alert| alert["openedAt"] == "2026-12-08T01:00:00+00:00"), "{seen}");
        let audited = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("OPEN_SURVEY_LATE"));
        assert_eq!(audited.count(app.services.db.reader()).await.unwrap(), 6);
        at(&app, instant("2027-01-06T01:00:00Z")).await;
        let late = app.staff("supervisor").await.run(alerts, json!({})).await["surveyAlerts"].clone();
        assert!(late.as_array().unwrap().iter().all(|alert| alert["month"] == "2026-12"), "{late}");
    }

    async fn t3_1_the_first_buyer_of_the_contract_is_asked(app) {
        let mut app = app;
        home(&mut app, "ledger", A, "2026-11-20", None).await;
        home(&mut app, "bought", A, "2026-11-20", None).await;
        for (position, buyer) in [(1, "bought"), (0, "wang")] {
            let row = contract_party::Model {
                id: app.services.new_id(app.services.now()),
                contract_id: app.world.id("contract:bought"),
                owner_id: app.world.owner(buyer),
                position,
            };
            put::<contract_party::Entity>(&app.services, row).await;
        }
        at(&app, opening()).await;
        assert_eq!(invited(&app, SurveyKind::Sales).await, ["ledger", "wang"]);
    }

    async fn t5_1_homes_that_were_handed_over_in_the_month_before_are_asked(app) {
        let mut app = app;
        home(&mut app, "ledger", A, "2024-05-01", Some("2026-11-30")).await;
        home(&mut app, "october", A, "2024-05-01", Some("2026-10-31")).await;
        home(&mut app, "waiting", A, "2024-05-01", None).await;
        home(&mut app, "met", A, "2024-05-01", None).await;
        complete_handover(&app, "met", "met", "2026-11-12").await;
        // The handover was in October, whatever was typed into the ledger.
        home(&mut app, "typed", A, "2024-05-01", Some("2026-11-02")).await;
        complete_handover(&app, "typed", "typed", "2026-10-30").await;
        at(&app, opening()).await;
        at(&app, opening() + TimeDelta::days(1)).await;
        assert_eq!(invited(&app, SurveyKind::Handover).await, ["ledger", "met"]);
        assert_eq!(invited(&app, SurveyKind::Sales).await, Vec::<String>::new());
    }

    async fn t5_1_centralised_rectification_is_asked_by_itself_once_a_home(app) {
        let now = instant("2026-11-23T02:00:00Z");
        app.clock.set(now);
        batch(&app, BatchKind::Centralised, &[("YT-101", "zhang"), ("YT-102", "wang")], "2026-11-23").await;
        batch(&app, BatchKind::Centralised, &[("YT-101", "zhang")], "2026-11-24").await;
        batch(&app, BatchKind::Centralised, &[("YT-102", "wang")], "2026-12-01").await;
        batch(&app, BatchKind::Warranty, &[("YT-102", "wang")], "2026-11-25").await;
        at(&app, opening()).await;
        assert_eq!(invited(&app, SurveyKind::CentralisedRectification).await, ["wang", "zhang"]);
        assert_eq!(invited(&app, SurveyKind::Handover).await, Vec::<String>::new());
    }

    async fn t5_6_after_each_finished_batch_its_homes_are_asked_once(app) {
        let first = batch(&app, BatchKind::Warranty, &[("YT-101", "zhang"), ("YT-102", "wang")], "2026-11-23").await;
        assert!(open(&app, &first).await);
        assert!(!open(&app, &first).await, "a batch is finished once");
        assert_eq!(invited(&app, SurveyKind::Rectification).await, ["wang", "zhang"]);
        let second = batch(&app, BatchKind::Warranty, &[("YT-101", "zhang")], "2026-11-23").await;
        assert!(open(&app, &second).await);
        assert_eq!(invited(&app, SurveyKind::Rectification).await, ["wang", "zhang", "zhang"]);
        let row = entity::unit::ActiveModel { is_public_area: ActiveValue::Set(true), ..Default::default() };
        change::<entity::unit::Entity>(&app.services, entity::unit::Column::Id, app.world.unit("YT-102"), row).await;
        let halls = batch(&app, BatchKind::Warranty, &[("YT-102", "wang")], "2026-11-23").await;
        assert!(!open(&app, &halls).await, "nobody owns a hall");
    }

    async fn t5_6_whoever_worked_on_the_batch_does_not_ask_about_it(app) {
        let finished = batch(&app, BatchKind::Warranty, &[("YT-101", "zhang")], "2026-11-23").await;
        let rows = entity::ticket::Entity::find().all(app.services.db.reader()).await.unwrap();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let row = entity::ticket::ActiveModel {
            assignee_id: ActiveValue::Set(Some(app.world.staff("agent.a"))),
            ..Default::default()
        };
        change::<entity::ticket::Entity>(&app.services, entity::ticket::Column::Id, ids[0], row).await;
        assert!(open(&app, &finished).await);
        let sent = invitations(&app, SurveyKind::Rectification).await;
        let input = json!({
            "invitationId": Kind::SurveyInvitation.encode(sent[0].id), "answers": [], "channel": "PHONE",
        });
        let owner_app = crate::harness::documents::Documents::owner();
        let agent = app.staff("agent.a").await;
        let refused = agent.fault(owner_app, "SaveSurveyAnswers", input.clone()).await;
        assert_eq!(refused, ("NOT_AVAILABLE".into(), Some("invitationId".into())));
        app.staff("manager.a").await.done(owner_app, "SaveSurveyAnswers", input).await;
    }
}
