//! Visits by appointment: each step once and in order, and the wait of each customer in the project's figures.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

const VISIT: &str = "appointment { id status waitedSeconds checkedInAt startedAt endedAt staff { id } owner { name } }";
const FIGURES: &str = "query($id: ID!, $from: Date!, $to: Date!, $kind: AppointmentKind) {
    appointmentStatistics(projectId: $id, from: $from, to: $to, kind: $kind) {
        count unattendedCount meanSeconds p50Seconds p90Seconds maxSeconds } }";

fn project(app: &TestApp, code: &str) -> String {
    Kind::Project.encode(app.world.id(&format!("project:{code}")))
}

fn owner(app: &TestApp, name: &str) -> String {
    Kind::Owner.encode(app.world.owner(name))
}

fn walk_in(app: &TestApp, kind: &str) -> Value {
    json!({ "projectId": project(app, "YT"), "ownerId": owner(app, "zhang"), "kind": kind })
}

async fn book(client: &Client, input: Value) -> Value {
    client.carry_out("bookAppointment", VISIT, input).await["appointment"]["id"].clone()
}

async fn step(client: &Client, operation: &str, id: &Value) -> Value {
    client.carry_out(operation, VISIT, json!({ "appointmentId": id })).await["appointment"].clone()
}

async fn figures(app: &TestApp, who: &str, [from, to]: [&str; 2], kind: Option<&str>) -> Value {
    let variables = json!({ "id": project(app, "YT"), "from": from, "to": to, "kind": kind });
    app.as_whom(who).await.run(FIGURES, variables).await["appointmentStatistics"].clone()
}

both! {
    async fn t2_2_the_wait_is_measured_and_in_the_projects_figures(app) {
        // Ten customers who wait 0 to 9 minutes, one who leaves, one for advice.
        for minutes in 0..10 {
            let agent = app.staff("sales.a").await;
            let visit = book(&agent, walk_in(&app, "SIGNING")).await;
            step(&agent, "checkInAppointment", &visit).await;
            app.clock.advance(TimeDelta::minutes(minutes));
            let started = step(&agent, "startAppointment", &visit).await;
            assert_eq!(started["waitedSeconds"], minutes * 60);
            assert_eq!(started["staff"]["id"], Kind::Staff.encode(app.world.staff("sales.a")), "whoever begins");
            assert_eq!(step(&agent, "endAppointment", &visit).await["status"], "DONE");
        }
        let agent = app.staff("agent.a").await;
        let gone = book(&agent, walk_in(&app, "SIGNING")).await;
        step(&agent, "checkInAppointment", &gone).await;
        step(&agent, "cancelAppointment", &gone).await;
        let advice = book(&agent, walk_in(&app, "CONSULTATION")).await;
        step(&agent, "checkInAppointment", &advice).await;
        app.clock.advance(TimeDelta::hours(1));
        step(&app.staff("agent.a").await, "startAppointment", &advice).await;
        let today = ["2026-11-23", "2026-11-23"];
        let signing = figures(&app, "manager.a", today, Some("SIGNING")).await;
        assert_eq!(signing, json!({
            "count": 10, "unattendedCount": 1, "meanSeconds": 270, "p50Seconds": 240, "p90Seconds": 480, "maxSeconds": 540,
        }));
        let all = figures(&app, "supervisor", today, None).await;
        assert_eq!((&all["count"], &all["maxSeconds"]), (&json!(11), &json!(3600)));
        let before = figures(&app, "auditor", ["2026-11-01", "2026-11-22"], None).await;
        assert_eq!(before, json!({
            "count": 0, "unattendedCount": 0, "meanSeconds": null, "p50Seconds": null, "p90Seconds": null, "maxSeconds": null,
        }), "of nothing there is no figure");
    }

    async fn t2_2_days_are_the_projects(app) {
        // 00:30 in Shanghai is the evening before in UTC.
        app.clock.set("2026-11-24T16:30:00Z".parse().unwrap());
        let agent = app.staff("sales.a").await;
        let visit = book(&agent, walk_in(&app, "SIGNING")).await;
        step(&agent, "checkInAppointment", &visit).await;
        step(&agent, "startAppointment", &visit).await;
        for (day, count) in [("2026-11-24", 0), ("2026-11-25", 1), ("2026-11-26", 0)] {
            assert_eq!(figures(&app, "manager.a", [day, day], None).await["count"], count, "{day}");
        }
        let document = json!({ "id": project(&app, "YT"), "from": "2026-11-25", "to": "2026-11-24" });
        assert_eq!(app.staff("manager.a").await.refused(FIGURES, document).await, "BAD_USER_INPUT");
        let foreign = json!({ "id": project(&app, "HP"), "from": "2026-11-24", "to": "2026-11-25" });
        assert_eq!(app.staff("manager.a").await.run(FIGURES, foreign.clone()).await["appointmentStatistics"], Value::Null);
        for who in ["zhang", "agent.a", "sales.a", "ambassador.a", "partner-1", "admin"] {
            assert_eq!(app.as_whom(who).await.refused(FIGURES, foreign.clone()).await, "FORBIDDEN", "{who}");
        }
    }

    async fn t2_2_a_visit_goes_its_way_and_no_other(app) {
        let agent = app.staff("sales.a").await;
        let mut input = walk_in(&app, "SIGNING");
        input["scheduledAt"] = json!("2026-11-23T02:00:00Z");
        let visit = book(&agent, input).await;
        let at = json!({ "appointmentId": visit });
        assert_eq!(agent.faulty("markNoShow", at.clone()).await, "TOO_EARLY appointmentId");
        for illegal in ["startAppointment", "endAppointment"] {
            assert_eq!(agent.faulty(illegal, at.clone()).await, "ILLEGAL_TRANSITION appointmentId");
        }
        app.clock.advance(TimeDelta::hours(1));
        let agent = app.staff("sales.a").await;
        assert_eq!(step(&agent, "markNoShow", &visit).await["status"], "NO_SHOW");
        for illegal in ["checkInAppointment", "startAppointment", "endAppointment", "cancelAppointment", "markNoShow"] {
            assert_eq!(agent.faulty(illegal, at.clone()).await, "ILLEGAL_TRANSITION appointmentId");
        }
    }

    async fn customers_book_for_themselves_and_see_their_own(app) {
        let zhang = app.owner("zhang").await;
        let input = json!({
            "projectId": project(&app, "YT"), "kind": "CONSULTATION", "scheduledAt": "2026-11-24T02:00:00Z", "idempotencyKey": "one",
        });
        let visit = book(&zhang, input.clone()).await;
        assert_eq!(book(&zhang, input.clone()).await, visit, "the same key books once");
        let list = "{ appointments { totalCount nodes { id } } viewer { ... on Owner { appointments { totalCount } } } }";
        assert_eq!(zhang.run(list, json!({})).await, json!({
            "appointments": { "totalCount": 1, "nodes": [{ "id": visit }] }, "viewer": { "appointments": { "totalCount": 1 } },
        }));
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for who in ["li", "wang", "agent.b", "ambassador.a", "technician.a", "partner-1", "admin"] {
            assert_eq!(app.as_whom(who).await.run(node, json!({ "id": visit })).await["node"], Value::Null, "{who}");
        }
        let at = json!({ "appointmentId": visit });
        assert_eq!(app.owner("wang").await.faulty("cancelAppointment", at.clone()).await, "NOT_FOUND appointmentId");
        assert_eq!(app.staff("agent.b").await.faulty("checkInAppointment", at.clone()).await, "NOT_FOUND appointmentId");
        for (field, value, answer) in [
            ("projectId", json!(project(&app, "HP")), "NOT_FOUND projectId"),
            ("ownerId", json!(owner(&app, "wang")), "NOT_FOUND ownerId"),
            ("scheduledAt", Value::Null, "REQUIRED scheduledAt"),
            ("scheduledAt", json!("2026-11-23T00:59:59Z"), "IN_THE_PAST scheduledAt"),
            ("scheduledAt", json!("2028-11-23T00:00:00Z"), "OUT_OF_RANGE scheduledAt"),
            ("contractId", json!(Kind::Contract.encode(app.world.id("contract:YT-102"))), "NOT_FOUND contractId"),
            ("idempotencyKey", json!("one"), "KEY_REUSED idempotencyKey"),
        ] {
            let mut other = input.clone();
            other["idempotencyKey"] = Value::Null;
            other["kind"] = json!("SIGNING");
            other[field] = value;
            assert_eq!(zhang.faulty("bookAppointment", other).await, answer);
        }
        assert_eq!(step(&zhang, "cancelAppointment", &visit).await["status"], "CANCELLED");
    }

    async fn staff_book_for_customers_of_theirs_with_a_colleague_and_a_contract(app) {
        let agent = app.staff("sales.a").await;
        let mut input = walk_in(&app, "SIGNING");
        input["contractId"] = json!(Kind::Contract.encode(app.world.id("contract:YT-101")));
        input["staffId"] = json!(Kind::Staff.encode(app.world.staff("agent.a")));
        book(&agent, input.clone()).await;
        for (field, value, answer) in [
            ("ownerId", Value::Null, "REQUIRED ownerId"),
            ("ownerId", json!(owner(&app, "zhao")), "NOT_FOUND ownerId"),
            ("ownerId", json!(owner(&app, "wang")), "NOT_FOUND contractId"),
            ("staffId", json!(Kind::Staff.encode(app.world.staff("agent.b"))), "NOT_FOUND staffId"),
        ] {
            let mut other = input.clone();
            other[field] = value;
            assert_eq!(agent.faulty("bookAppointment", other).await, answer);
        }
    }

    async fn of_twenty_who_begin_at_once_one_does(app) {
        let other = app.another().await;
        let agent = app.staff("sales.a").await;
        let visit = book(&agent, walk_in(&app, "SIGNING")).await;
        step(&agent, "checkInAppointment", &visit).await;
        let calls = (0..20).map(|turn| {
            let client = if turn % 2 == 0 { agent.clone() } else { agent.at(&other.url) };
            let input = json!({ "appointmentId": visit });
            async move { client.mutate("startAppointment", "", input).await }
        });
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|it| it["userErrors"] == json!([])).count(), 1, "{answers:#?}");
    }
}
