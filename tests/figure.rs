//! The company's figures: whom they are for, what they are counted from, how they are closed, published and ranked.

mod coverage;
mod frozen;
mod rank;
pub mod recount;
mod survey;

use anju::graphql::id::Kind;
use entity::{
    incident, staff, staff_project,
    vocab::{Department, IncidentKind, IncidentSeverity, Role, TicketStatus},
};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{TestApp, tickets::merged, world::put},
};

const FIGURES: &str = "query($filter: FigureFilter) { figures(filter: $filter) {
    key month unit value target comparison isMet numerator denominator isSuppressed isFrozen frozenAt
    corrected { value numerator denominator isMet } } }";

const ITEMS: &str =
    "query($filter: FigureFilter, $first: Int, $after: String, $counted: Boolean) { figures(filter: $filter) {
    items(first: $first, after: $after, counted: $counted) { totalCount pageInfo { hasNextPage endCursor }
        nodes { kind itemId about isCounted numerator denominator } } } }";

/// Figures as somebody asks for them.
async fn figures(app: &TestApp, who: &str, filter: Value) -> Vec<Value> {
    let data = app.as_whom(who).await.run(FIGURES, json!({ "filter": filter })).await;
    data["figures"].as_array().unwrap().clone()
}

/// One figure of the first project, of the running month or as the filter says.
async fn figure(app: &TestApp, key: &str, more: Value) -> Value {
    let usual = json!({ "keys": [key], "projectId": Kind::Project.encode(app.world.id("project:YT")) });
    figures(app, "manager.a", merged(usual, &more)).await.swap_remove(0)
}

/// Numerator and denominator.
async fn counts(app: &TestApp, key: &str, more: Value) -> (Value, Value) {
    let figure = figure(app, key, more).await;
    (figure["numerator"].clone(), figure["denominator"].clone())
}

/// Everything that a figure is counted from, page by page.
async fn items(app: &TestApp, key: &str, counted: Option<bool>) -> Vec<Value> {
    let filter = json!({ "keys": [key], "projectId": Kind::Project.encode(app.world.id("project:YT")) });
    let client = app.staff("manager.a").await;
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "first": 2, "after": after, "counted": counted });
        let page = client.run(ITEMS, variables).await["figures"][0]["items"].clone();
        found.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], found.len());
            return found;
        }
    }
}

fn sum(items: &[Value], field: &str) -> i64 {
    items.iter().map(|item| item[field].as_i64().unwrap()).sum()
}

async fn incident(app: &TestApp, kind: IncidentKind, severity: IncidentSeverity, is_liable: bool) {
    let now = app.services.now();
    let row = incident::Model {
        id: app.services.new_id(now),
        project_id: app.world.id("project:YT"),
        kind,
        severity,
        is_liable,
        summary: "电梯困人".into(),
        occurred_at: now,
        recorded_by: app.world.staff("manager.a"),
        created_at: now,
    };
    put::<incident::Entity>(&app.services, row).await;
}

both! {
    async fn s13_every_figure_has_its_target_and_nothing_is_never_a_hundred_percent(app) {
        let all = figures(&app, "manager.a", json!({})).await;
        assert_eq!(all.len(), 23);
        for figure in &all {
            assert_eq!(figure["month"], "2026-11", "of the place, where it is Monday morning");
            assert_eq!(figure["isFrozen"], false);
            let is_count = figure["unit"] == "COUNT";
            assert_eq!(figure["denominator"].is_null(), is_count, "{figure}");
            assert!(is_count || figure["numerator"].as_i64() <= figure["denominator"].as_i64(), "{figure}");
            let nothing = !is_count && figure["denominator"] == 0;
            assert_eq!(figure["value"].is_null(), nothing, "{figure}");
            assert_eq!(figure["isMet"].is_null(), nothing, "{figure}");
        }
        let of = |key: &str| all.iter().find(|figure| figure["key"] == key).unwrap();
        let repairs = of("REPAIR_TIMELINESS");
        assert_eq!((&repairs["value"], &repairs["target"], &repairs["comparison"]), (&Value::Null, &json!(95), &json!("AT_LEAST")));
        let fires = of("FIRE_INCIDENTS");
        assert_eq!((&fires["value"], &fires["target"], &fires["isMet"]), (&json!(0.0), &json!(0), &json!(true)));
        let training = of("TRAINING_RATE");
        assert_eq!((&training["numerator"], &training["denominator"]), (&json!(5), &json!(5)), "not the manager and the sales agent");
        assert_eq!(of("COMPLAINT_REPLY_24H")["target"], 100);
    }

    async fn s13_figures_are_for_managers_of_their_projects_supervisors_and_auditors(app) {
        let homes = json!({ "keys": ["AMBASSADOR_COVERAGE"] });
        for (who, households) in [("manager.a", 2), ("supervisor", 3), ("auditor", 3)] {
            assert_eq!(figures(&app, who, homes.clone()).await[0]["denominator"], households, "{who}");
        }
        let elsewhere = json!({ "projectId": Kind::Project.encode(app.world.id("project:HP")) });
        assert!(figures(&app, "manager.a", elsewhere.clone()).await.is_empty(), "another's project does not exist");
        assert_eq!(figures(&app, "supervisor", elsewhere).await.len(), 23);
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "sales.a", "admin", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused(FIGURES, json!({})).await, "FORBIDDEN", "{who}");
        }
        let wrong = json!({ "filter": { "month": "2026-13" } });
        assert_eq!(app.staff("auditor").await.refused(FIGURES, wrong).await, "BAD_USER_INPUT");
    }

    async fn s13_a_manager_outside_customer_service_sees_the_part_of_the_own_department(app) {
        let mut app = app;
        app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        let now = app.services.now();
        let id = app.services.new_id(now);
        let row = staff::Model {
            id, number: "GJ900".into(), login: "manager.s".into(), password_hash: None, name: "销售经理".into(),
            role: Role::Manager, department: Department::Sales, work_phone: None, is_active: true, disabled_at: None,
            created_at: now,
        };
        put::<staff::Entity>(&app.services, row).await;
        let project_id = app.world.id("project:YT");
        put::<staff_project::Entity>(&app.services, staff_project::Model { staff_id: id, project_id }).await;
        app.world.know("staff:manager.s", id);
        let quality = json!({ "keys": ["REPAIR_QUALITY"] });
        assert_eq!(figures(&app, "manager.a", quality.clone()).await[0]["denominator"], 1);
        assert_eq!(figures(&app, "manager.s", quality).await[0]["denominator"], 0, "no repair of the sales department");
        let property = json!({ "keys": ["REPAIR_QUALITY"], "department": "PROPERTY_COMPANY" });
        assert_eq!(figures(&app, "manager.a", property.clone()).await[0]["denominator"], 1);
        assert!(figures(&app, "manager.s", property).await.is_empty());
        let ranking = "{ departmentRanking(key: REPAIR_QUALITY) { department } }";
        assert_eq!(app.staff("manager.s").await.run(ranking, json!({})).await["departmentRanking"], json!([]));
    }

    async fn s13_only_serious_incidents_with_liability_count(app) {
        use IncidentSeverity::{Major, Serious};
        incident(&app, IncidentKind::Fire, Serious, false).await;
        incident(&app, IncidentKind::Fire, Major, true).await;
        incident(&app, IncidentKind::Equipment, Serious, true).await;
        assert_eq!(figure(&app, "FIRE_INCIDENTS", json!({})).await["value"], 0.0);
        let equipment = figure(&app, "EQUIPMENT_INCIDENTS", json!({})).await;
        assert_eq!((&equipment["value"], &equipment["isMet"]), (&json!(1.0), &json!(false)));
        let found = items(&app, "EQUIPMENT_INCIDENTS", None).await;
        assert_eq!((found.len(), &found[0]["kind"]), (1, &json!("INCIDENT")));
    }

    async fn s13_the_items_of_a_figure_add_up_to_it(app) {
        for rejected in [false, true, false] {
            let ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
            if rejected {
                app.act("zhang", "rejectResolution", &ticket).await.ticket();
                app.act("technician.a", "resolveTicket", &ticket).await.ticket();
            }
            app.act("zhang", "confirmTicket", &ticket).await.ticket();
        }
        let figure = figure(&app, "REPAIR_QUALITY", json!({})).await;
        assert_eq!((&figure["numerator"], &figure["denominator"], &figure["value"]), (&json!(2), &json!(3), &json!(66.66)));
        let all = items(&app, "REPAIR_QUALITY", None).await;
        assert_eq!((sum(&all, "numerator"), sum(&all, "denominator")), (2, 3));
        let (good, bad) = (items(&app, "REPAIR_QUALITY", Some(true)).await, items(&app, "REPAIR_QUALITY", Some(false)).await);
        assert_eq!((good.len(), bad.len()), (2, 1));
        let node = "query($id: ID!) { node(id: $id) { ... on Ticket { reworkCount } } }";
        let found = app.staff("manager.a").await.run(node, json!({ "id": bad[0]["itemId"] })).await;
        assert_eq!(found["node"]["reworkCount"], 1, "an item leads to the thing itself");
    }
}
