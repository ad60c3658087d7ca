//! Rounds (S8): planned, due by the clock, written down with every point, and what they find becomes tickets at once.

mod plan;
mod public_area;
mod scope;

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{inspection, inspection_finding, ticket};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, tickets::merged},
};

const DUE: &str =
    "query Due($filter: InspectionPlanFilter) { inspectionsDue(filter: $filter) { totalCount nodes { id name
    nextDueOn latestInspection { id checkedCount soundCount } building { name } project { code } } } }";

/// The names of the plans whose round is due, as someone sees them.
async fn due(client: &Client) -> Vec<String> {
    let list = client.run(DUE, json!({})).await["inspectionsDue"].clone();
    let names: Vec<_> =
        list["nodes"].as_array().unwrap().iter().map(|plan| plan["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list["totalCount"], names.len());
    names
}

/// How many rounds, findings and tickets there are.
async fn written(app: &TestApp) -> (u64, u64, u64) {
    let conn = app.services.db.reader();
    (
        inspection::Entity::find().count(conn).await.unwrap(),
        inspection_finding::Entity::find().count(conn).await.unwrap(),
        ticket::Entity::find().count(conn).await.unwrap(),
    )
}

fn broken(finding: &str) -> Value {
    json!({ "finding": finding })
}

both! {
    async fn s8_the_list_of_due_rounds_follows_the_clock(app) {
        let weekly = app.inspection_plan(json!({})).await;
        app.inspection_plan(json!({ "name": "月巡", "everyDays": 30, "startsOn": "2026-11-30" })).await;
        let agent = app.staff("agent.a").await;
        assert_eq!(due(&agent).await, ["设备周巡"], "the first round is due on the first day");
        let round = agent.upkeep("recordInspection", app.round(&weekly, &[])).await.named("inspection");
        assert_eq!(round["plan"]["nextDueOn"], "2026-11-30");
        assert_eq!(due(&agent).await, Vec::<String>::new());
        // Seven days later, one minute before midnight in Shanghai and one after.
        app.clock.advance(TimeDelta::days(6) + TimeDelta::hours(14) + TimeDelta::minutes(59));
        let agent = app.staff("agent.a").await;
        assert_eq!(due(&agent).await, Vec::<String>::new());
        app.clock.advance(TimeDelta::minutes(2));
        assert_eq!(due(&agent).await, ["设备周巡", "月巡"]);
        let list = agent.run(DUE, json!({ "filter": { "subject": "GREENERY" } })).await;
        assert_eq!(list["inspectionsDue"]["totalCount"], 0);
        // A round that is made three days late is due again seven days after it was made; the longest due comes first.
        app.clock.advance(TimeDelta::days(3));
        let agent = app.staff("agent.a").await;
        let round = agent.upkeep("recordInspection", app.round(&weekly, &[])).await.named("inspection");
        assert_eq!(round["performedOn"], "2026-12-03");
        assert_eq!(round["plan"]["nextDueOn"], "2026-12-10");
        assert_eq!(due(&agent).await, ["月巡"]);
        app.clock.advance(TimeDelta::days(8));
        assert_eq!(due(&app.staff("agent.a").await).await, ["月巡", "设备周巡"]);
    }

    async fn s8_a_round_counts_what_is_sound_and_its_findings_become_tickets(app) {
        let plan = app.inspection_plan(json!({})).await;
        let urgent = json!({ "finding": "困人报警失灵", "urgency": "URGENT" });
        let noted = json!({ "finding": "箱门掉漆", "opensTicket": false });
        let input = merged(app.round(&plan, &[("电梯", urgent), ("消防栓", noted)]), &json!({ "note": "雨天" }));
        let round = app.staff("agent.a").await.upkeep("recordInspection", input).await.named("inspection");
        assert_eq!(
            (&round["checkedCount"], &round["soundCount"], &round["note"]),
            (&json!(3), &json!(1), &json!("雨天"))
        );
        assert_eq!(round["performedOn"], "2026-11-23");
        assert_eq!(round["performedBy"]["id"], Kind::Staff.encode(app.world.staff("agent.a")));
        let findings = round["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 2);
        assert_eq!(findings[0]["point"]["name"], "电梯");
        let ticket = &findings[0]["ticket"];
        assert_eq!(ticket["title"], "巡检发现：设备周巡·电梯");
        assert_eq!(ticket["description"], "困人报警失灵");
        assert_eq!([&ticket["kind"], &ticket["category"], &ticket["urgency"], &ticket["status"]], ["REPAIR", "PUBLIC_AREA", "URGENT", "SUBMITTED"]);
        assert_eq!(findings[1]["description"], "箱门掉漆");
        assert_eq!(findings[1]["ticket"], Value::Null, "nobody was asked for");
        assert_eq!(app.story(ticket).await, ["CREATE"]);
        assert_eq!(app.row(ticket).await.respond_due_at, app.services.now() + TimeDelta::minutes(15));
        assert_eq!(written(&app).await, (1, 2, 1));
        // Somebody else of the project may have made it, and the phone may have been offline.
        let earlier = json!({
            "performedById": Kind::Staff.encode(app.world.staff("technician.a")),
            "performedAt": app.services.now() - TimeDelta::hours(10),
        });
        let input = merged(app.round(&plan, &[]), &earlier);
        let round = app.staff("manager.a").await.upkeep("recordInspection", input).await.named("inspection");
        assert_eq!(round["performedBy"]["id"], earlier["performedById"]);
        assert_eq!(round["performedOn"], "2026-11-22", "the day is the project's own");
        let latest = app.staff("auditor").await.run("{ inspectionPlans { nodes { latestInspection { soundCount } } } }", json!({})).await;
        assert_eq!(latest["inspectionPlans"]["nodes"][0]["latestInspection"]["soundCount"], 1, "the latest is the one made last");
        let lists = "{ inspections { totalCount nodes { soundCount } }
            today: inspections(filter: { from: \"2026-11-23\" }) { totalCount } }";
        let lists = app.staff("agent.a").await.run(lists, json!({})).await;
        assert_eq!(lists["inspections"]["nodes"], json!([{ "soundCount": 1 }, { "soundCount": 3 }]));
        assert_eq!(lists["today"]["totalCount"], 1);
    }

    async fn s8_a_round_that_does_not_fit_is_refused_and_changes_nothing(app) {
        let plan = app.inspection_plan(json!({})).await;
        let other = app.inspection_plan(json!({ "name": "另一个" })).await;
        let whole = app.round(&plan, &[]);
        let points = |change: &dyn Fn(&mut Vec<Value>)| {
            let mut points = whole["points"].as_array().unwrap().clone();
            change(&mut points);
            merged(whole.clone(), &json!({ "points": points }))
        };
        let now = app.services.now();
        let agent = app.staff("agent.a").await;
        for (input, expected) in [
            (points(&|points| drop(points.pop())), "REQUIRED points"),
            (points(&|points| points.clear()), "REQUIRED points"),
            (points(&|points| points.push(points[0].clone())), "INVALID points.pointId"),
            (points(&|points| points[0]["pointId"] = other["points"][0]["id"].clone()), "INVALID points.pointId"),
            (points(&|points| points[0]["pointId"] = plan["id"].clone()), "INVALID points.pointId"),
            (points(&|points| points[0]["isSound"] = json!(false)), "REQUIRED points.finding"),
            (points(&|points| points[0]["finding"] = json!("坏")), "INVALID points.finding"),
            (points(&|points| points[0]["opensTicket"] = json!(true)), "INVALID points.opensTicket"),
            (app.round(&plan, &[("水泵", json!({ "finding": "x".repeat(1001) }))]), "TOO_LONG points.finding"),
            (app.round(&plan, &[("水泵", json!({ "finding": "x", "urgency": "APPOINTMENT" }))]), "INVALID points.urgency"),
            (merged(whole.clone(), &json!({ "performedAt": now + TimeDelta::seconds(1) })), "OUT_OF_RANGE performedAt"),
            (merged(whole.clone(), &json!({ "performedAt": now - TimeDelta::days(8) })), "OUT_OF_RANGE performedAt"),
            (
                merged(whole.clone(), &json!({ "performedById": Kind::Staff.encode(app.world.staff("technician.b")) })),
                "NOT_FOUND performedById",
            ),
        ] {
            let answer = agent.upkeep("recordInspection", input.clone()).await;
            assert_eq!(answer.word(), expected, "{input}");
        }
        let manager = app.staff("manager.a").await;
        let stop = json!({ "planId": plan["id"], "isActive": false });
        manager.upkeep("updateInspectionPlan", stop).await.named("plan");
        assert_eq!(agent.upkeep("recordInspection", whole).await.word(), "NOT_AVAILABLE planId");
        assert_eq!(written(&app).await, (0, 0, 0));
        assert_eq!(due(&agent).await, ["另一个"], "a plan that is not in use is never due");
    }

    async fn s8_a_repeated_round_is_written_down_once(app) {
        let plan = app.inspection_plan(json!({})).await;
        let other = app.another().await;
        let agent = app.staff("agent.a").await;
        let input = merged(app.round(&plan, &[("水泵", broken("漏水"))]), &json!({ "idempotencyKey": "round-1" }));
        let clients = [agent.clone(), agent.at(&other.url)];
        let calls = (0..20).map(|turn| clients[turn % 2].upkeep("recordInspection", input.clone()));
        let answers = futures_util::future::join_all(calls).await;
        let rounds: std::collections::BTreeSet<String> =
            answers.into_iter().map(|answer| answer.named("inspection")["id"].to_string()).collect();
        assert_eq!(rounds.len(), 1);
        assert_eq!(written(&app).await, (1, 1, 1));
        let changed = merged(input, &json!({ "note": "另一次" }));
        assert_eq!(agent.upkeep("recordInspection", changed).await.word(), "KEY_REUSED idempotencyKey");
    }
}
