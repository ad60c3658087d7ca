//! What is nobody's home: one unit a building for its public areas, made when it is first needed, and no household.

use std::collections::BTreeSet;

use anju::graphql::id::Kind;
use entity::{building, unit};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::broken;
use crate::{both, harness::TestApp};

const HOUSEHOLDS: &str = "{ viewer { ... on Staff { householdCount households { totalCount nodes { code } } } } }";

async fn public_areas(app: &TestApp) -> Vec<unit::Model> {
    let areas = unit::Entity::find().filter(unit::Column::IsPublicArea.eq(true));
    areas.all(app.services.db.reader()).await.unwrap()
}

/// The ticket of a round with one finding.
async fn found(app: &TestApp, plan: &Value) -> Value {
    let input = app.round(plan, &[("水泵", broken("漏水"))]);
    let round = app.staff("agent.a").await.upkeep("recordInspection", input).await.named("inspection");
    round["findings"][0]["ticket"].clone()
}

both! {
    async fn s8_findings_are_filed_under_the_public_area_of_building_or_grounds(app) {
        let tower = app.inspection_plan(json!({})).await;
        let grounds = app.inspection_plan(json!({ "buildingId": null, "name": "园区", "subject": "GREENERY" })).await;
        let in_tower = found(&app, &tower).await;
        assert_eq!(in_tower["unit"]["code"], "1号楼公共区域");
        assert_eq!(in_tower["unit"]["isPublicArea"], true);
        assert_eq!(in_tower["unit"]["building"]["id"], Kind::Building.encode(app.world.id("building:YT")));
        let outside = found(&app, &grounds).await;
        assert_eq!([&outside["unit"]["code"], &outside["category"]], ["园区公共区域", "GREENERY"]);
        assert_ne!(outside["unit"]["id"], in_tower["unit"]["id"]);
        for plan in [&tower, &grounds] {
            found(&app, plan).await;
        }
        assert_eq!(public_areas(&app).await.len(), 2, "the next findings are filed under the same");
        // People report what they see there themselves.
        let input = json!({ "unitId": in_tower["unit"]["id"] });
        assert_eq!(app.report_as("agent.a", input.clone()).await.word(), "done");
        assert_eq!(app.report_as("zhang", input.clone()).await.word(), "NOT_FOUND unitId");
        assert_eq!(app.report_as("agent.b", input).await.word(), "NOT_FOUND unitId");
    }

    async fn s8_a_public_area_is_no_household(app) {
        let before = app.staff("agent.a").await.run(HOUSEHOLDS, json!({})).await;
        let plan = app.inspection_plan(json!({})).await;
        let ticket = found(&app, &plan).await;
        let agent = app.staff("agent.a").await;
        assert_eq!(agent.run(HOUSEHOLDS, json!({})).await, before);
        assert_eq!(before["viewer"]["householdCount"], 2);
        let search = "{ viewer { ... on Staff { households(search: \"公共\") { totalCount } } } }";
        assert_eq!(agent.run(search, json!({})).await["viewer"]["households"]["totalCount"], 0);
        // It is found by its id, with nobody in it.
        let document = "query($id: ID!) { node(id: $id) { ... on Unit { isPublicArea owners { id } ambassador { id } contract { id } warrantyItems { id } } } }";
        let node = agent.run(document, json!({ "id": ticket["unit"]["id"] })).await["node"].clone();
        assert_eq!(node, json!({ "isPublicArea": true, "owners": [], "ambassador": null, "contract": null, "warrantyItems": [] }));
        for who in ["zhang", "ambassador.a", "technician.a", "agent.b", "admin", "partner-1"] {
            let seen = app.as_whom(who).await.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [ticket["unit"]["id"], ticket["id"]] })).await;
            assert_eq!(seen["nodes"], json!([null, null]), "{who}");
        }
    }

    async fn s8_a_finding_is_repaired_like_any_other(app) {
        let plan = app.inspection_plan(json!({})).await;
        let ticket = found(&app, &plan).await;
        for (who, operation) in [
            ("agent.a", "acceptTicket"), ("agent.a", "assignTicket"), ("technician.a", "startTicket"), ("technician.a", "resolveTicket"),
        ] {
            assert_eq!(app.act(who, operation, &ticket).await.word(), "done", "{operation}");
        }
        let spoken = json!({ "satisfied": true, "channel": "BUTLER" });
        assert_eq!(app.act_with("agent.a", "confirmTicket", &ticket, spoken).await.word(), "done");
        assert_eq!(app.act("manager.a", "recordFollowUp", &ticket).await.ticket()["status"], "CLOSED");
    }

    async fn s8_many_rounds_at_once_make_one_public_area(app) {
        let mut plans = Vec::new();
        for number in 0..6 {
            let place = if number % 2 == 0 { json!({ "name": format!("园区{number}"), "buildingId": null }) } else { json!({ "name": format!("楼{number}") }) };
            plans.push(app.inspection_plan(place).await);
        }
        let other = app.another().await;
        let (agent, manager) = (app.staff("agent.a").await, app.staff("manager.a").await);
        let clients = [agent.clone(), agent.at(&other.url), manager.clone(), manager.at(&other.url)];
        let calls = (0..24).map(|turn| {
            let findings = [("水泵", broken("漏水")), ("电梯", broken("异响"))];
            clients[turn % 4].upkeep("recordInspection", app.round(&plans[turn % 6], &findings))
        });
        let answers = join_all(calls).await;
        let mut numbers = BTreeSet::new();
        for answer in answers {
            for finding in answer.named("inspection")["findings"].as_array().unwrap() {
                assert_eq!(app.story(&finding["ticket"]).await, ["CREATE"]);
                numbers.insert(finding["ticket"]["number"].as_str().unwrap().to_owned());
            }
        }
        let expected: BTreeSet<String> = (1..=48).map(|number| format!("YT-20261123-{number:04}")).collect();
        assert_eq!(numbers, expected, "each finding has its ticket and each ticket its number");
        assert_eq!(public_areas(&app).await.len(), 2);
        let buildings = building::Entity::find().filter(building::Column::ProjectId.eq(app.world.id("project:YT")));
        assert_eq!(buildings.count(app.services.db.reader()).await.unwrap(), 2, "the tower and the grounds");
    }
}
