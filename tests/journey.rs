//! The way of a customer along the touchpoints of the service standard, and the catalogue behind it.

use anju::graphql::id::Kind;
use entity::{
    audit_entry, interaction, prospect, survey_campaign, survey_invitation, survey_template,
    vocab::{Channel, Direction, InvitationStatus, SurveyKind, TemplateStatus},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        tickets::Answer,
        world::{instant, put, touchpoint},
    },
};

const CATALOGUE: &str = "{ touchpoints(first: 100) { totalCount nodes {
    id code stage name nameEn goal goalEn leadDepartment participatingDepartments servicePoints due { from afterDays } isActive } } }";

const JOURNEY: &str = "query($id: ID!) { node(id: $id) { ... on Owner { journey {
    touchpoint { code } status dueOn completedAt } } } }";

const UPDATE: &str = "mutation($input: UpdateTouchpointInput!) { updateTouchpoint(input: $input) {
    touchpoint { name goal leadDepartment servicePoints due { from afterDays } isActive } userErrors { code field } } }";

/// An owner's journey as somebody sees it.
async fn journey(app: &TestApp, client: &Client, owner: &str) -> Value {
    let id = Kind::Owner.encode(app.world.owner(owner));
    client.run(JOURNEY, json!({ "id": id })).await["node"]["journey"].clone()
}

/// One entry of a journey.
fn entry<'a>(journey: &'a Value, code: &str) -> &'a Value {
    journey.as_array().unwrap().iter().find(|entry| entry["touchpoint"]["code"] == code).unwrap()
}

async fn update(app: &TestApp, who: &str, more: Value) -> Answer {
    let mut input = more;
    // The tenth of the standard's touchpoints: the handover.
    input["touchpointId"] = json!(Kind::Touchpoint.encode(touchpoint(10)));
    let (_, answer) = app.as_whom(who).await.post(UPDATE, json!({ "input": input })).await;
    Answer::read(&answer)
}

/// A survey about the handover of room 101, sent to Zhang.
async fn invite(app: &TestApp, status: InvitationStatus, submitted_at: Option<&str>) {
    let (services, now) = (&app.services, app.services.now());
    let [template_id, campaign_id] = [(); 2].map(|()| services.new_id(now));
    let (kind, project_id) = (SurveyKind::Handover, app.world.id("project:YT"));
    let template = survey_template::Model {
        id: template_id,
        kind,
        version: 900,
        title: "回访".into(),
        status: TemplateStatus::Retired,
        created_by: None,
        created_at: now,
    };
    put::<survey_template::Entity>(services, template).await;
    let expires_at = instant("2026-12-10T15:59:59Z");
    let campaign = survey_campaign::Model {
        id: campaign_id,
        project_id,
        kind,
        template_id,
        cohort: "2026-10".into(),
        cohort_month: None,
        title: "回访".into(),
        written: None,
        opened_at: now,
        expires_at,
        closed_at: None,
        gathered_on: None,
    };
    put::<survey_campaign::Entity>(services, campaign).await;
    let invitation = survey_invitation::Model {
        id: services.new_id(now),
        campaign_id,
        project_id,
        kind,
        cohort_month: None,
        subject_id: Some(app.world.id("contract:YT-101")),
        owner_id: Some(app.world.owner("zhang")),
        unit_id: Some(app.world.unit("YT-101")),
        ambassador_id: None,
        sales_agent_id: None,
        status,
        invited_at: now,
        expires_at,
        reminded_at: None,
        submitted_at: submitted_at.map(instant),
        channel: None,
        interviewer_id: None,
        saved_at: None,
        cell_id: None,
    };
    put::<survey_invitation::Entity>(services, invitation).await;
}

both! {
    async fn s14_the_catalogue_holds_every_touchpoint_of_the_standard(app) {
        let data = app.owner("zhang").await.run(CATALOGUE, json!({})).await;
        let all = data["touchpoints"]["nodes"].as_array().unwrap();
        let codes: Vec<&str> = all.iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert_eq!(codes, [
            "T1.1", "T1.2", "T1.3", "T1.4", "T2.1", "T2.2", "T3.1", "T3.2", "T3.3", "T4.1", "T5.1", "T5.2", "T5.3", "T5.4",
            "T5.5", "T5.6",
        ]);
        for touchpoint in all {
            for field in ["name", "nameEn", "goal", "goalEn"] {
                assert!(touchpoint[field].as_str().unwrap().len() > 4, "{touchpoint}");
            }
            assert!(!touchpoint["participatingDepartments"].as_array().unwrap().is_empty(), "{touchpoint}");
            assert!(!touchpoint["servicePoints"].as_array().unwrap().is_empty(), "{touchpoint}");
        }
        assert_eq!(all[6]["leadDepartment"], "GROUP_PROPERTY");
        assert_eq!(all[9]["due"], json!({ "from": "HANDOVER_DUE", "afterDays": 0 }));
        assert_eq!(all[0]["due"], Value::Null);
        assert_eq!(app.partner("partner-1").await.refused(CATALOGUE, json!({})).await, "FORBIDDEN");
    }

    async fn s14_only_an_administrator_edits_the_catalogue_and_it_is_audited(app) {
        for who in ["manager.a", "supervisor", "auditor", "zhang"] {
            assert_eq!(update(&app, who, json!({ "goal": "x" })).await.word(), "error FORBIDDEN", "{who}");
        }
        let change = json!({
            "goal": "让客户满意", "leadDepartment": "PROPERTY_COMPANY", "servicePoints": ["全程陪同"],
            "due": { "from": "HANDED_OVER", "afterDays": 3 },
        });
        let Answer::Done(payload) = update(&app, "admin", change).await else { panic!("refused") };
        assert_eq!(payload["touchpoint"], json!({
            "name": "入住办理", "goal": "让客户满意", "leadDepartment": "PROPERTY_COMPANY", "servicePoints": ["全程陪同"],
            "due": { "from": "HANDED_OVER", "afterDays": 3 }, "isActive": true,
        }));
        let Answer::Done(payload) = update(&app, "admin", json!({ "due": null })).await else { panic!("refused") };
        assert_eq!(payload["touchpoint"]["due"], Value::Null);
        for (input, expected) in [
            (json!({ "name": " " }), "REQUIRED name"),
            (json!({ "goal": "长".repeat(501) }), "TOO_LONG goal"),
            (json!({ "due": { "from": "SIGNED", "afterDays": 40_000 } }), "OUT_OF_RANGE due.afterDays"),
            (json!({ "servicePoints": vec!["x"; 21] }), "OUT_OF_RANGE servicePoints"),
        ] {
            assert_eq!(update(&app, "admin", input).await.word(), expected);
        }
        let audited = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("UPDATE_TOUCHPOINT"));
        assert_eq!(audited.count(app.services.db.reader()).await.unwrap(), 2, "what was refused left no trace");
        let zhang = app.owner("zhang").await;
        assert_eq!(journey(&app, &zhang, "zhang").await.as_array().unwrap().len(), 16);
        assert_eq!(update(&app, "admin", json!({ "isActive": false })).await.word(), "done");
        assert_eq!(journey(&app, &app.owner("zhang").await, "zhang").await.as_array().unwrap().len(), 15);
        assert_eq!(zhang.run(CATALOGUE, json!({})).await["touchpoints"]["totalCount"], 15);
        assert_eq!(app.staff("admin").await.run(CATALOGUE, json!({})).await["touchpoints"]["totalCount"], 16);
    }

    async fn s14_the_owner_app_shows_what_is_done_due_and_overdue(app) {
        let data = app.owner("zhang").await.owner_app("MyJourney", json!({})).await;
        let journey = &data["viewer"]["journey"];
        let signing = entry(journey, "T2.1");
        assert_eq!((&signing["status"], &signing["touchpoint"]["name"]), (&json!("DONE"), &json!("合同签约")));
        assert_eq!(signing["touchpoint"]["leadDepartment"], "SALES");
        assert_eq!(instant(signing["completedAt"].as_str().unwrap()), instant("2024-04-30T16:00:00Z"), "the day's first instant");
        for (code, status) in [
            // Signed and handed over long before these books were kept: nobody knows what was missed then.
            ("T1.1", "NOT_APPLICABLE"), ("T2.2", "NOT_APPLICABLE"), ("T3.1", "NOT_APPLICABLE"), ("T5.1", "NOT_APPLICABLE"),
            ("T4.1", "DONE"), ("T5.3", "DONE"), ("T5.4", "UPCOMING"), ("T5.5", "UPCOMING"), ("T5.6", "UPCOMING"),
        ] {
            assert_eq!(entry(journey, code)["status"], status, "{code}");
        }
        assert_eq!(entry(journey, "T5.5")["dueOn"], "2030-04-29", "two months before the end");
        let unit = &data["viewer"]["units"]["nodes"][0];
        assert_eq!((&unit["contract"]["number"], &unit["warrantyItems"][0]["part"]), (&json!("2024-YT-101"), &json!("WATERPROOFING")));
    }

    async fn s14_a_journey_follows_what_happens(app) {
        let ticket = app.report(json!({})).await;
        invite(&app, InvitationStatus::Open, None).await;
        let seen = journey(&app, &app.owner("zhang").await, "zhang").await;
        assert_eq!((&entry(&seen, "T5.4")["status"], &entry(&seen, "T5.4")["dueOn"]), (&json!("DUE"), &json!("2026-11-26")));
        assert_eq!((&entry(&seen, "T5.1")["status"], &entry(&seen, "T5.1")["dueOn"]), (&json!("DUE"), &json!("2026-12-10")));
        app.clock.set(instant("2026-12-10T16:00:00Z"));
        let late = journey(&app, &app.owner("zhang").await, "zhang").await;
        assert_eq!((&entry(&late, "T5.4")["status"], &entry(&late, "T5.1")["status"]), (&json!("OVERDUE"), &json!("OVERDUE")));
        app.bring(ticket, entity::vocab::TicketStatus::Closed).await;
        let done = journey(&app, &app.owner("zhang").await, "zhang").await;
        assert_eq!(entry(&done, "T5.4")["status"], "DONE");
        let neighbour = journey(&app, &app.owner("wang").await, "wang").await;
        assert_eq!((&entry(&neighbour, "T5.4")["status"], &entry(&neighbour, "T5.1")["status"]), (&json!("UPCOMING"), &json!("NOT_APPLICABLE")));
    }

    async fn s14_interest_in_a_project_begins_a_journey(app) {
        let now = app.services.now();
        let project_id = app.world.id("project:HP");
        let row = prospect::Model {
            id: app.services.new_id(now), owner_id: app.world.owner("zhang"), project_id, sales_agent_id: None,
            source: Channel::WalkIn, created_at: now,
        };
        put::<prospect::Entity>(&app.services, row).await;
        let visit = interaction::Model {
            id: app.services.new_id(now), owner_id: app.world.owner("zhao"), unit_id: None, project_id,
            staff_id: app.world.staff("agent.b"), channel: Channel::WalkIn, direction: Direction::Inbound,
            summary: "看房".into(), next_follow_up_at: None, occurred_at: now, created_at: now, followed_up_at: None,
        };
        put::<interaction::Entity>(&app.services, visit).await;
        let zhao = journey(&app, &app.owner("zhao").await, "zhao").await;
        assert_eq!((&entry(&zhao, "T1.2")["status"], &entry(&zhao, "T1.3")["status"]), (&json!("DONE"), &json!("DONE")));
        // The interest in another project is nothing to the staff of the first.
        let agent = app.staff("agent.a").await;
        assert_eq!(entry(&journey(&app, &agent, "zhang").await, "T1.3")["status"], "NOT_APPLICABLE");
        let all = app.staff("supervisor").await;
        assert_eq!(entry(&journey(&app, &all, "zhang").await, "T1.3")["status"], "DUE", "to be answered within three days");
    }

    async fn s14_a_journey_is_for_the_owner_and_for_who_serves_the_owner(app) {
        let technician_sees_the_contact = app.ticket_in(entity::vocab::TicketStatus::InProgress, json!({})).await;
        assert_eq!(technician_sees_the_contact["status"], "IN_PROGRESS");
        for (who, entries) in [("ambassador.a", 16), ("agent.a", 16), ("manager.a", 16), ("supervisor", 16), ("auditor", 16), ("technician.a", 0)] {
            let seen = journey(&app, &app.staff(who).await, "zhang").await;
            assert_eq!(seen.as_array().map(Vec::len), Some(entries), "{who}");
        }
        for who in ["ambassador.a2", "agent.b", "wang", "partner-1", "admin"] {
            assert_eq!(journey(&app, &app.as_whom(who).await, "zhang").await, Value::Null, "{who}");
        }
    }
}
