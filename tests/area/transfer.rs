//! Areas change hands in one call, at once or at an instant, and each household has at most one ambassador.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::merged,
        work::{change, word},
    },
};

const FIELDS: &str = "areaTransfer { id status householdCount appliedAt fromStaff { name } building { name } }";

fn usual(app: &TestApp) -> Value {
    json!({
        "projectId": app.project_id("YT"), "fromStaffId": app.staff_id("ambassador.a"),
        "toStaffId": app.staff_id("ambassador.a2"), "reason": "片区调整",
    })
}

async fn transfer(app: &TestApp, more: Value) -> Value {
    change(&app.staff("manager.a").await, "transferArea", merged(usual(app), &more), FIELDS).await
}

/// Where the transfers of the manager's projects stand, the last one first.
async fn statuses(app: &TestApp) -> Vec<Value> {
    let list = app.staff("manager.a").await.run("{ areaTransfers { nodes { status } } }", json!({})).await;
    list["areaTransfers"]["nodes"].as_array().unwrap().iter().map(|node| node["status"].clone()).collect()
}

both! {
    async fn t5_3_an_area_changes_hands_in_one_call_with_its_building_and_a_history(app) {
        let manager = app.staff("manager.a").await;
        let duty = json!({ "buildingId": app.building_id("YT"), "staffId": app.staff_id("ambassador.a") });
        assert_eq!(word(&change(&manager, "assignArea", duty, "areaDuty { id }").await), "done");
        app.clock.advance(TimeDelta::minutes(1));
        let done = transfer(&app, json!({ "buildingId": app.building_id("YT") })).await["areaTransfer"].clone();
        assert_eq!((&done["status"], &done["householdCount"]), (&json!("APPLIED"), &json!(1)));
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a2"]);
        assert_eq!(app.ambassadors("HP-101").await, ["ambassador.b"], "no other area");
        let document = "query($id: ID!) { node(id: $id) { ... on Unit {
            ambassadorHistory { staff { id } endedAt } building { responsible { id } } } } }";
        let id = json!({ "id": app.unit_id("YT-101") });
        let home = manager.run(document, id.clone()).await["node"].clone();
        let history: Vec<_> = home["ambassadorHistory"].as_array().unwrap().iter().map(|it| &it["staff"]["id"]).collect();
        assert_eq!(history, [&json!(app.staff_id("ambassador.a")), &json!(app.staff_id("ambassador.a2"))]);
        assert_ne!(home["ambassadorHistory"][0]["endedAt"], Value::Null);
        assert_eq!(home["building"]["responsible"]["id"], app.staff_id("ambassador.a2"));
        let owner = app.owner("zhang").await.run(document, id).await["node"].clone();
        assert_eq!(owner["ambassadorHistory"].as_array().unwrap().len(), 1, "owners see the present one only");
        assert_eq!(owner["building"]["responsible"], Value::Null);
    }

    async fn t5_3_a_planned_transfer_waits_for_its_instant_and_is_carried_out_once(app) {
        let at = app.services.now() + TimeDelta::hours(2);
        let planned = transfer(&app, json!({ "effectiveAt": at })).await["areaTransfer"].clone();
        assert_eq!((&planned["status"], &planned["householdCount"]), (&json!("PLANNED"), &Value::Null));
        app.pass(TimeDelta::minutes(119)).await;
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a"]);
        let other = app.another().await;
        app.clock.advance(TimeDelta::minutes(1));
        let both = [&app, &other].map(|app| anju::jobs::transfer_areas(&app.services));
        let decided: usize = join_all(both).await.into_iter().map(|done| done.unwrap()).sum();
        assert_eq!(decided, 1, "on two servers at once");
        assert_eq!(anju::jobs::transfer_areas(&app.services).await.unwrap(), 0);
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a2"]);
        assert_eq!(statuses(&app).await, ["APPLIED"]);
    }

    async fn t5_3_a_planned_transfer_can_be_called_off_until_its_time(app) {
        let at = app.services.now() + TimeDelta::hours(2);
        let planned = transfer(&app, json!({ "effectiveAt": at })).await;
        let id = json!({ "areaTransferId": planned["areaTransfer"]["id"] });
        let manager = app.staff("manager.a").await;
        assert_eq!(word(&change(&manager, "cancelAreaTransfer", id.clone(), FIELDS).await), "done");
        let again = change(&manager, "cancelAreaTransfer", id, FIELDS).await;
        assert_eq!(word(&again), "ILLEGAL_TRANSITION areaTransferId");
        app.pass(TimeDelta::hours(3)).await;
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a"]);
        assert_eq!(statuses(&app).await, ["CANCELLED"]);
    }

    async fn t5_3_an_area_never_goes_to_somebody_who_has_left(app) {
        let at = app.services.now() + TimeDelta::hours(2);
        transfer(&app, json!({ "effectiveAt": at })).await;
        let left = json!({ "staffId": app.staff_id("ambassador.a2") });
        change(&app.staff("admin").await, "disableStaff", left, "staff { id }").await;
        app.pass(TimeDelta::hours(2)).await;
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a"], "nobody is without an ambassador");
        assert_eq!(statuses(&app).await, ["FAILED"]);
    }

    async fn t5_3_a_transfer_that_makes_no_sense_is_refused_and_changes_nothing(app) {
        let now = app.services.now();
        for (more, refusal) in [
            (json!({ "effectiveAt": now - TimeDelta::seconds(1) }), "IN_THE_PAST effectiveAt"),
            (json!({ "effectiveAt": now + TimeDelta::days(367) }), "OUT_OF_RANGE effectiveAt"),
            (json!({ "projectId": app.project_id("HP") }), "NOT_FOUND projectId"),
            (json!({ "buildingId": app.building_id("HP") }), "NOT_FOUND buildingId"),
            (json!({ "fromStaffId": app.staff_id("ambassador.b") }), "NOT_FOUND fromStaffId"),
            (json!({ "toStaffId": app.staff_id("ambassador.b") }), "NOT_FOUND toStaffId"),
            (json!({ "toStaffId": app.staff_id("ambassador.a") }), "NOT_AVAILABLE toStaffId"),
            (json!({ "toStaffId": app.staff_id("technician.a") }), "NOT_AVAILABLE toStaffId"),
            (json!({ "reason": " " }), "REQUIRED reason"),
        ] {
            assert_eq!(word(&transfer(&app, more.clone()).await), refusal, "{more}");
        }
        let document = "mutation($input: TransferAreaInput!) { transferArea(input: $input) { userErrors { code } } }";
        for who in ["ambassador.a", "agent.a", "sales.a", "supervisor", "auditor", "zhang", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused(document, json!({ "input": usual(&app) })).await, "FORBIDDEN", "{who}");
        }
        assert!(statuses(&app).await.is_empty());
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a"]);
    }

    async fn t5_3_twenty_who_assign_one_household_at_once_leave_one_ambassador(app) {
        app.without_ambassador("YT-101").await;
        let (manager, other) = (app.staff("manager.a").await, app.another().await);
        let calls = (0..20).map(|turn| {
            let (client, login) = (manager.at([&app.url, &other.url][turn / 2 % 2]), ["ambassador.a", "ambassador.a2"][turn % 2]);
            let input = json!({ "staffId": app.staff_id(login), "unitIds": [app.unit_id("YT-101")] });
            async move { change(&client, "assignHouseholds", input, "householdCount").await }
        });
        let answers = join_all(calls).await;
        assert!(answers.iter().all(|answer| matches!(word(answer).as_str(), "done" | "CONFLICT unitIds")), "{answers:?}");
        assert_eq!(app.ambassadors("YT-101").await.len(), 1);
    }

    async fn t5_3_only_ones_own_households_are_given_and_only_to_ambassadors(app) {
        let manager = app.staff("manager.a").await;
        for (login, rooms, refusal) in [
            ("ambassador.a2", vec!["HP-101"], "NOT_FOUND unitIds"),
            ("ambassador.a2", vec!["YT-101", "HP-101"], "NOT_FOUND unitIds"),
            ("technician.a", vec!["YT-101"], "NOT_AVAILABLE staffId"),
            ("ambassador.b", vec!["YT-101"], "NOT_FOUND staffId"),
            ("ambassador.a2", vec![], "OUT_OF_RANGE unitIds"),
        ] {
            let units: Vec<String> = rooms.iter().map(|room| app.unit_id(room)).collect();
            let input = json!({ "staffId": app.staff_id(login), "unitIds": units });
            assert_eq!(word(&change(&manager, "assignHouseholds", input, "householdCount").await), refusal, "{login} {rooms:?}");
        }
        assert_eq!(app.ambassadors("YT-101").await, ["ambassador.a"]);
        let input = json!({ "staffId": app.staff_id("ambassador.a2"), "unitIds": [app.unit_id("YT-101"), app.unit_id("YT-102")] });
        let given = change(&manager, "assignHouseholds", input, "householdCount").await;
        assert_eq!(given["householdCount"], 1, "what is theirs already stays");
    }
}
