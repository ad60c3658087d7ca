//! Handing an ambassador's households over: all at once, with a history, and never two ambassadors or none.

use std::collections::HashMap;

use anju::graphql::id::Kind;
use entity::ambassador_assignment;
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    both,
    harness::{Client, TestApp},
};

const TRANSFER: &str = "mutation ($input: TransferHouseholdsInput!) {
    transferHouseholds(input: $input) { householdCount userErrors { code field message } }
}";

async fn transfer(app: &TestApp, client: &Client, from: &str, to: &str) -> Value {
    let id = |login| Kind::Staff.encode(app.world.staff(login));
    let input = json!({ "fromStaffId": id(from), "toStaffId": id(to) });
    client.run(TRANSFER, json!({ "input": input })).await["transferHouseholds"].clone()
}

async fn assignments(app: &TestApp) -> Vec<ambassador_assignment::Model> {
    ambassador_assignment::Entity::find().all(app.services.db.reader()).await.unwrap()
}

/// The present ambassadors of each unit.
async fn current(app: &TestApp) -> HashMap<Uuid, Vec<Uuid>> {
    let mut current: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in assignments(app).await.into_iter().filter(|row| row.ended_at.is_none()) {
        current.entry(row.unit_id).or_default().push(row.staff_id);
    }
    current
}

both! {
    async fn an_area_changes_hands_in_one_call_and_keeps_its_history(app) {
        let (old, new) = (app.staff("ambassador.a").await, app.staff("ambassador.a2").await);
        let answer = transfer(&app, &app.staff("manager.a").await, "ambassador.a", "ambassador.a2").await;
        assert_eq!(answer, json!({ "householdCount": 1, "userErrors": [] }));
        let households = |list: Value| list["viewer"]["households"]["totalCount"].clone();
        assert_eq!(households(old.butler_app("Households", json!({})).await), 0, "not after a transfer");
        assert_eq!(households(new.butler_app("Households", json!({})).await), 2);
        let unit = app.world.unit("YT-101");
        let mut history: Vec<_> = assignments(&app).await.into_iter().filter(|row| row.unit_id == unit).collect();
        history.sort_by_key(|row| row.id);
        assert_eq!(history.len(), 2);
        assert_eq!((history[0].staff_id, history[0].ended_at), (app.world.staff("ambassador.a"), Some(app.services.now())));
        assert_eq!((history[1].staff_id, history[1].ended_at), (app.world.staff("ambassador.a2"), None));
    }

    async fn households_stay_with_those_who_work_for_their_project(app) {
        let admin = app.staff("admin").await;
        let answer = transfer(&app, &admin, "ambassador.a", "ambassador.b").await;
        assert_eq!((&answer["userErrors"][0]["code"], &answer["userErrors"][0]["field"]), (&json!("NOT_AVAILABLE"), &json!("toStaffId")));
        let unit = app.world.unit("YT-101");
        assert_eq!(current(&app).await[&unit], [app.world.staff("ambassador.a")], "a refused transfer changes nothing");
    }

    async fn households_go_only_to_another_active_ambassador_whom_the_manager_sees(app) {
        let manager = app.staff("manager.a").await;
        for (from, to, code, field) in [
            ("ambassador.a", "technician.a", "NOT_AVAILABLE", "toStaffId"),
            ("ambassador.a", "ambassador.a", "NOT_AVAILABLE", "toStaffId"),
            ("ambassador.a", "ambassador.b", "NOT_FOUND", "toStaffId"),
            ("ambassador.b", "ambassador.a", "NOT_FOUND", "fromStaffId"),
        ] {
            let answer = transfer(&app, &manager, from, to).await;
            assert_eq!(answer["householdCount"], Value::Null);
            assert_eq!(answer["userErrors"][0]["code"], code, "{from} to {to}");
            assert_eq!(answer["userErrors"][0]["field"], field, "{from} to {to}");
        }
        let butler = app.staff("ambassador.a").await;
        let input = json!({ "input": { "fromStaffId": "x", "toStaffId": "x" } });
        assert_eq!(butler.refused(TRANSFER, input).await, "FORBIDDEN");
        assert!(assignments(&app).await.iter().all(|row| row.ended_at.is_none()), "nothing changed");
    }

    async fn twenty_transfers_at_once_leave_one_ambassador_to_each_household(app) {
        let mut app = app;
        let services = app.services.clone();
        for number in 0..8 {
            let (name, phone) = (format!("owner {number}"), format!("1930000000{number}"));
            let ambassador = ["ambassador.a", "ambassador.a2"][number % 2];
            app.world.home(&services, &format!("YT-20{number}"), "YT", &[(&name, &phone)], ambassador).await;
        }
        let before = current(&app).await;
        let manager = app.staff("manager.a").await;
        let (there, back) = (("ambassador.a", "ambassador.a2"), ("ambassador.a2", "ambassador.a"));
        let calls = (0..20).map(|number| {
            let (from, to) = if number % 3 == 0 { back } else { there };
            transfer(&app, &manager, from, to)
        });
        let answers = join_all(calls).await;
        for answer in &answers {
            assert_eq!(answer["userErrors"], json!([]), "waiting is no error");
        }
        let after = current(&app).await;
        assert_eq!(after.len(), before.len(), "no household is without an ambassador");
        assert!(after.values().all(|ambassadors| ambassadors.len() == 1), "{after:?}");
        let moved: i64 = answers.iter().map(|answer| answer["householdCount"].as_i64().unwrap()).sum();
        let ended = assignments(&app).await.iter().filter(|row| row.ended_at.is_some()).count();
        assert_eq!(moved, i64::try_from(ended).unwrap(), "each household was handed over as often as was said");
    }
}
