//! Plans: what they may hold, how they change, and that the rounds which were made keep their points.

use anju::graphql::id::Kind;
use entity::{audit_entry, inspection_plan};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::broken;
use crate::{both, harness::tickets::merged};

fn names(plan: &Value) -> Vec<(&str, i64)> {
    let points = plan["points"].as_array().unwrap().iter();
    points.map(|point| (point["name"].as_str().unwrap(), point["position"].as_i64().unwrap())).collect()
}

both! {
    async fn s8_a_plan_names_its_points_and_is_changed_by_the_manager(app) {
        let plan = app.inspection_plan(json!({})).await;
        assert_eq!(names(&plan), [("水泵", 1), ("电梯", 2), ("消防栓", 3)]);
        assert_eq!([&plan["startsOn"], &plan["nextDueOn"]], ["2026-11-23", "2026-11-23"]);
        let round = app.round(&plan, &[("电梯", broken("异响"))]);
        let agent = app.staff("agent.a").await;
        let round = agent.upkeep("recordInspection", round).await.named("inspection");
        let manager = app.staff("manager.a").await;
        let changes = json!({
            "planId": plan["id"], "name": "设备日巡", "everyDays": 1, "nextDueOn": "2026-11-24",
            "retirePointIds": [plan["points"][1]["id"]], "addPoints": ["扶梯", "电梯"],
        });
        let changed = manager.upkeep("updateInspectionPlan", changes).await.named("plan");
        assert_eq!(names(&changed), [("水泵", 1), ("消防栓", 3), ("扶梯", 4), ("电梯", 5)]);
        assert_eq!([&changed["name"], &changed["nextDueOn"], &changed["department"]], ["设备日巡", "2026-11-24", "PROPERTY_COMPANY"]);
        assert_eq!(changed["everyDays"], 1);
        let document = "query($id: ID!) { node(id: $id) { ... on Inspection { findings { point { name retiredAt } } } } }";
        let kept = agent.run(document, json!({ "id": round["id"] })).await;
        assert_eq!(kept["node"]["findings"][0]["point"]["name"], "电梯");
        assert!(kept["node"]["findings"][0]["point"]["retiredAt"].is_string());
        // The retired point is no part of the next round.
        let old = app.round(&plan, &[]);
        assert_eq!(agent.upkeep("recordInspection", old).await.word(), "INVALID points.pointId");
        let next = agent.upkeep("recordInspection", app.round(&changed, &[])).await.named("inspection");
        assert_eq!((&next["checkedCount"], &next["plan"]["nextDueOn"]), (&json!(4), &json!("2026-11-24")));
        let audited = audit_entry::Entity::find().all(app.services.db.reader()).await.unwrap();
        let actions: Vec<&str> = audited.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["CREATE_INSPECTION_PLAN", "UPDATE_INSPECTION_PLAN"]);
    }

    async fn s8_a_plan_that_does_not_fit_is_refused(app) {
        let good = json!({
            "projectId": app.project("YT"), "subject": "CLEANING", "name": "大堂", "everyDays": 1,
            "department": "PROPERTY_COMPANY", "startsOn": "2026-11-23", "points": ["大堂"],
        });
        let manager = app.staff("manager.a").await;
        let many: Vec<String> = (0..201).map(|number| format!("点{number}")).collect();
        for (wrong, expected) in [
            (json!({ "name": " " }), "REQUIRED name"),
            (json!({ "name": "长".repeat(51) }), "TOO_LONG name"),
            (json!({ "everyDays": 0 }), "OUT_OF_RANGE everyDays"),
            (json!({ "points": [] }), "REQUIRED points"),
            (json!({ "points": ["大堂", " 大堂"] }), "INVALID points"),
            (json!({ "points": many }), "OUT_OF_RANGE points"),
            (json!({ "projectId": app.project("HP") }), "NOT_FOUND projectId"),
            (json!({ "buildingId": Kind::Building.encode(app.world.id("building:HP")) }), "NOT_FOUND buildingId"),
        ] {
            let answer = manager.upkeep("createInspectionPlan", merged(good.clone(), &wrong)).await;
            assert_eq!(answer.word(), expected, "{wrong}");
        }
        let elsewhere = json!({ "buildingId": Kind::Building.encode(app.world.id("building:HP")) });
        let admin = app.staff("admin").await.upkeep("createInspectionPlan", merged(good.clone(), &elsewhere)).await;
        assert_eq!(admin.word(), "NOT_FOUND buildingId", "a building stands in one project");
        let there = inspection_plan::Entity::find().count(app.services.db.reader()).await.unwrap();
        assert_eq!(there, 0);
        let plan = manager.upkeep("createInspectionPlan", good).await.named("plan");
        for (wrong, expected) in [
            (json!({ "retirePointIds": [plan["points"][0]["id"]] }), "REQUIRED retirePointIds"),
            (json!({ "retirePointIds": [plan["id"]] }), "INVALID retirePointIds"),
            (json!({ "retirePointIds": [Kind::InspectionPoint.encode(uuid::Uuid::nil())] }), "NOT_FOUND retirePointIds"),
            (json!({ "addPoints": ["大堂"] }), "INVALID addPoints"),
            (json!({ "name": "" }), "REQUIRED name"),
            (json!({ "everyDays": 2000 }), "OUT_OF_RANGE everyDays"),
        ] {
            let input = merged(json!({ "planId": plan["id"] }), &wrong);
            assert_eq!(manager.upkeep("updateInspectionPlan", input).await.word(), expected, "{wrong}");
        }
        let unchanged = manager.upkeep("updateInspectionPlan", json!({ "planId": plan["id"] })).await.named("plan");
        assert_eq!(unchanged, plan);
    }

    async fn s8_a_point_that_is_retired_during_a_round_is_in_all_of_it_or_in_none(app) {
        let plan = app.inspection_plan(json!({})).await;
        let (agent, manager) = (app.staff("agent.a").await, app.staff("manager.a").await);
        let retire = json!({ "planId": plan["id"], "retirePointIds": [plan["points"][2]["id"]] });
        let (round, change) = tokio::join!(
            agent.upkeep("recordInspection", app.round(&plan, &[])),
            manager.upkeep("updateInspectionPlan", retire),
        );
        assert_eq!(names(&change.named("plan")), [("水泵", 1), ("电梯", 2)]);
        match round.word() {
            "done" => assert_eq!(round.named("inspection")["checkedCount"], 3),
            word => assert_eq!(word, "INVALID points.pointId"),
        }
    }
}
