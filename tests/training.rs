//! Trainings (S9): each person's own, how many of a project's service staff are trained today, and whose ends soon.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::training;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        world::{day, put},
    },
};

const STATUS: &str = "query Status($project: ID!, $days: Int) { trainingStatus(projectId: $project) {
    staffCount trainedCount rate project { code } untrained { totalCount nodes { id } }
    expiring(withinDays: $days) { totalCount nodes { expiresOn topic staff { id } } } } }";

async fn status(app: &TestApp, who: &str, project: &str) -> Value {
    let variables = json!({ "project": app.project(project), "days": 30 });
    app.staff(who).await.run(STATUS, variables).await["trainingStatus"].clone()
}

/// Puts trainings of a colleague's in the place of the old ones.
async fn train_only(app: &TestApp, login: &str, periods: &[(&str, &str)]) {
    let staff_id = app.world.staff(login);
    let old = training::Entity::delete_many().filter(training::Column::StaffId.eq(staff_id));
    old.exec(app.services.db.writer()).await.unwrap();
    for (passed_on, valid_until) in periods {
        let now = app.services.now();
        let (id, topic) = (app.services.new_id(now), "上岗培训".to_owned());
        let (passed_on, valid_until) = (day(passed_on), day(valid_until));
        put::<training::Entity>(
            &app.services,
            training::Model { id, staff_id, topic, passed_on, valid_until, created_at: now },
        )
        .await;
    }
}

fn id(app: &TestApp, login: &str) -> String {
    Kind::Staff.encode(app.world.staff(login))
}

both! {
    async fn s9_the_rate_counts_active_service_staff_whose_training_is_valid_today(app) {
        let all = status(&app, "manager.a", "YT").await;
        // Two ambassadors, two technicians, one agent; managers and sales agents are not sent to customers.
        assert_eq!((&all["staffCount"], &all["trainedCount"], &all["rate"]), (&json!(5), &json!(5), &json!(100.0)));
        train_only(&app, "technician.a", &[("2025-01-01", "2026-11-22")]).await;
        train_only(&app, "technician.a2", &[]).await;
        train_only(&app, "ambassador.a", &[("2025-01-01", "2026-11-23")]).await;
        train_only(&app, "agent.a", &[("2026-11-24", "2027-11-23")]).await;
        let some = status(&app, "auditor", "YT").await;
        assert_eq!((&some["trainedCount"], &some["rate"]), (&json!(2), &json!(40.0)));
        assert_eq!(
            some["untrained"]["nodes"],
            json!([{ "id": id(&app, "technician.a") }, { "id": id(&app, "technician.a2") }, { "id": id(&app, "agent.a") }]),
            "ended yesterday, never begun, begins tomorrow"
        );
        let leave = json!({ "input": { "staffId": id(&app, "technician.a2") } });
        let document = "mutation($input: DisableStaffInput!) { disableStaff(input: $input) { userErrors { code } } }";
        app.staff("admin").await.run(document, leave).await;
        assert_eq!(status(&app, "admin", "YT").await["staffCount"], 4, "whoever left does not count");
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(status(&app, "supervisor", "YT").await["trainedCount"], 2, "one ended at midnight, one began");
    }

    async fn s9_what_ends_soon_is_listed_unless_something_else_lasts_longer(app) {
        train_only(&app, "technician.a", &[("2025-01-01", "2026-12-23")]).await;
        train_only(&app, "technician.a2", &[("2025-01-01", "2026-11-23"), ("2025-02-01", "2027-06-30")]).await;
        train_only(&app, "ambassador.a", &[("2025-01-01", "2026-11-23")]).await;
        train_only(&app, "agent.a", &[("2025-01-01", "2026-12-24")]).await;
        train_only(&app, "manager.a", &[("2025-01-01", "2026-12-01")]).await;
        let soon = status(&app, "manager.a", "YT").await["expiring"].clone();
        let listed = |days: &[(&str, &str)]| -> Vec<Value> {
            let row = |(login, day): &(&str, &str)| json!({ "expiresOn": day, "topic": "上岗培训", "staff": { "id": id(&app, login) } });
            days.iter().map(row).collect()
        };
        assert_eq!(soon["nodes"], json!(listed(&[("ambassador.a", "2026-11-23"), ("technician.a", "2026-12-23")])));
        assert_eq!(soon["totalCount"], 2);
        let week = json!({ "project": app.project("YT"), "days": 7 });
        let soon = app.staff("manager.a").await.run(STATUS, week).await;
        assert_eq!(soon["trainingStatus"]["expiring"]["totalCount"], 1);
        let page = "query($project: ID!, $after: String) { trainingStatus(projectId: $project) { expiring(first: 1, after: $after) {
            nodes { expiresOn } pageInfo { endCursor hasNextPage } } } }";
        let mut variables = json!({ "project": app.project("YT") });
        let mut pages = Vec::new();
        loop {
            let answer = app.staff("manager.a").await.run(page, variables.clone()).await["trainingStatus"]["expiring"].clone();
            pages.push(answer["nodes"][0]["expiresOn"].clone());
            if answer["pageInfo"]["hasNextPage"] == false {
                break;
            }
            variables["after"] = answer["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(pages, ["2026-11-23", "2026-12-23"]);
        let too_far = json!({ "project": app.project("YT"), "days": 367 });
        assert_eq!(app.staff("manager.a").await.refused(STATUS, too_far).await, "BAD_USER_INPUT");
    }

    async fn s9_trainings_are_seen_by_oneself_and_by_those_who_lead(app) {
        let document = "query($id: ID!) { node(id: $id) { ... on Staff { trainings { id topic passedOn expiresOn staff { id } } } } }";
        let of = async |who: &str, login: &str| {
            let data = app.as_whom(who).await.run(document, json!({ "id": id(&app, login) })).await;
            data["node"]["trainings"].clone()
        };
        let own = of("technician.a", "technician.a").await;
        assert_eq!(own.as_array().unwrap().len(), 1);
        assert_eq!([&own[0]["passedOn"], &own[0]["expiresOn"], &own[0]["topic"]], ["2026-01-05", "2027-12-31", "上岗培训"]);
        for who in ["manager.a", "supervisor", "auditor", "admin"] {
            assert_eq!(of(who, "technician.a").await, own, "{who}");
        }
        for who in ["technician.a2", "agent.a", "ambassador.a", "sales.a", "zhang"] {
            let seen = of(who, "technician.a").await;
            assert!(seen.is_null() || seen == json!([]), "{who}: {seen}");
        }
        for (who, is_shown) in [("technician.a", true), ("manager.a", true), ("technician.a2", false), ("agent.b", false), ("zhang", false), ("partner-1", false)] {
            let seen = app.as_whom(who).await.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": own[0]["id"] })).await;
            assert_eq!(!seen["node"].is_null(), is_shown, "{who}");
        }
    }

    async fn s9_another_projects_figures_do_not_exist(app) {
        assert_eq!(status(&app, "manager.a", "HP").await, Value::Null);
        assert_eq!(status(&app, "auditor", "HP").await["staffCount"], 3);
        let variables = json!({ "project": app.project("YT") });
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "sales.a", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(STATUS, variables.clone()).await, "FORBIDDEN", "{who}");
        }
    }
}
