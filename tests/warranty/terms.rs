//! How long what is under warranty: the law's terms, better ones of projects and contracts, and the start at handover.

use anju::{graphql::id::Kind, service::warranty};
use entity::{contract, unit, vocab::WarrantyPart, warranty_item};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        mutation::{change, done},
        tickets::merged,
        world::day,
    },
};

const SHOWN: &str = "term { part years seasons scope }";
const TERMS: &str =
    "query ($projectId: ID, $contractId: ID) { warrantyTerms(projectId: $projectId, contractId: $contractId) {
    part years seasons scope } }";

async fn term(client: &Client, variables: Value, part: &str) -> Value {
    let terms = client.run(TERMS, variables).await["warrantyTerms"].clone();
    assert_eq!(terms.as_array().unwrap().len(), 6);
    terms.as_array().unwrap().iter().find(|term| term["part"] == part).unwrap().clone()
}

/// Hands YT-101 over on a day; the warranties that start then.
async fn handed_over(app: &TestApp, on: &str) -> Vec<warranty_item::Model> {
    let conn = app.services.db.reader();
    let unit = unit::Entity::find_by_id(app.world.unit("YT-101")).one(conn).await.unwrap().unwrap();
    let contract = contract::Entity::find_by_id(app.world.id("contract:YT-101")).one(conn).await.unwrap().unwrap();
    let tx = app.services.db.begin().await.unwrap();
    let items = warranty::start_items(&app.services, &tx, &unit, Some(&contract), day(on)).await.unwrap();
    tx.commit().await.unwrap();
    items
}

fn last_day(items: &[warranty_item::Model], part: WarrantyPart) -> String {
    items.iter().find(|item| item.part == part).unwrap().expires_on.to_string()
}

both! {
    async fn t5_5_warranty_terms_are_the_laws_until_a_project_or_contract_has_better_ones(app) {
        let (admin, manager) = (app.staff("admin").await, app.staff("manager.a").await);
        let project = Kind::Project.encode(app.world.id("project:YT"));
        let contract = Kind::Contract.encode(app.world.id("contract:YT-101"));
        let neighbour = Kind::Contract.encode(app.world.id("contract:YT-102"));
        let law = json!({ "part": "WATERPROOFING", "years": 5, "seasons": null, "scope": "COMPANY" });
        assert_eq!(term(&admin, json!({}), "WATERPROOFING").await, law);
        assert_eq!(term(&admin, json!({}), "HEATING_AND_COOLING").await, json!({ "part": "HEATING_AND_COOLING", "years": null, "seasons": 2, "scope": "COMPANY" }));
        assert_eq!(term(&admin, json!({}), "STRUCTURE").await["years"], 50);
        done(change(&admin, "setWarrantyTerm", SHOWN, json!({ "projectId": project, "part": "WATERPROOFING", "years": 8 })).await);
        let answer = change(&manager, "setWarrantyTerm", SHOWN, json!({ "contractId": contract, "part": "WATERPROOFING", "years": 10 })).await;
        assert_eq!(done(answer)["term"], json!({ "part": "WATERPROOFING", "years": 10, "seasons": null, "scope": "CONTRACT" }));
        done(change(&manager, "setWarrantyTerm", SHOWN, json!({ "contractId": contract, "part": "WATERPROOFING", "years": 9 })).await);
        assert_eq!(term(&manager, json!({ "contractId": contract }), "WATERPROOFING").await["years"], 9);
        assert_eq!(term(&manager, json!({ "contractId": neighbour }), "WATERPROOFING").await["scope"], "PROJECT");
        assert_eq!(term(&manager, json!({ "projectId": project }), "WATERPROOFING").await["years"], 8);
        assert_eq!(term(&admin, json!({}), "WATERPROOFING").await, law);
    }

    async fn t5_5_warranty_items_start_with_the_handover_by_the_terms_of_the_contract(app) {
        let manager = app.staff("manager.a").await;
        let contract = Kind::Contract.encode(app.world.id("contract:YT-101"));
        done(change(&manager, "setWarrantyTerm", SHOWN, json!({ "contractId": contract, "part": "PLUMBING", "years": 3 })).await);
        let items = handed_over(&app, "2026-11-15").await;
        assert_eq!(items.len(), 6);
        for (part, expires_on) in [
            (WarrantyPart::Plumbing, "2029-11-15"), (WarrantyPart::Wiring, "2028-11-15"),
            (WarrantyPart::Waterproofing, "2031-11-15"), (WarrantyPart::HeatingAndCooling, "2028-09-30"),
            (WarrantyPart::Structure, "2076-11-15"),
        ] {
            assert_eq!(last_day(&items, part), expires_on, "{part:?}");
        }
        assert!(items.iter().all(|item| item.contract_id == Some(app.world.id("contract:YT-101"))));
        let again = handed_over(&app, "2026-11-15").await;
        assert_eq!(again, items, "a second start changes nothing");
    }

    async fn t5_5_warranty_terms_below_the_law_and_others_are_refused(app) {
        let project = Kind::Project.encode(app.world.id("project:YT"));
        let contract = Kind::Contract.encode(app.world.id("contract:YT-101"));
        let elsewhere = Kind::Contract.encode(app.world.id("contract:HP-101"));
        for (who, more, expected) in [
            ("admin", json!({ "years": 4 }), "OUT_OF_RANGE years"),
            ("admin", json!({}), "REQUIRED years"),
            ("admin", json!({ "years": 5, "seasons": 2 }), "INVALID seasons"),
            ("admin", json!({ "part": "HEATING_AND_COOLING", "seasons": 1 }), "OUT_OF_RANGE seasons"),
            ("admin", json!({ "years": 6, "contractId": contract }), "NOT_FOUND contractId"),
            ("manager.a", json!({ "years": 6, "contractId": elsewhere }), "NOT_FOUND contractId"),
            ("manager.a", json!({ "years": 6, "contractId": contract, "projectId": project }), "INVALID contractId"),
            ("manager.a", json!({ "years": 6, "projectId": project }), "NOT_AVAILABLE contractId"),
            ("manager.a", json!({ "years": 6 }), "NOT_AVAILABLE contractId"),
            ("agent.a", json!({ "years": 6 }), "error FORBIDDEN"),
            ("zhang", json!({ "years": 6 }), "error FORBIDDEN"),
            ("supervisor", json!({ "years": 6 }), "error FORBIDDEN"),
        ] {
            let input = merged(json!({ "part": "WATERPROOFING" }), &more);
            let answer = change(&app.as_whom(who).await, "setWarrantyTerm", SHOWN, input).await;
            assert_eq!(answer.word(), expected, "{who} {more}");
        }
        let manager = app.staff("manager.a").await;
        assert_eq!(manager.refused(TERMS, json!({ "contractId": elsewhere })).await, "BAD_USER_INPUT");
        assert_eq!(term(&manager, json!({ "contractId": contract }), "WATERPROOFING").await["years"], 5);
    }
}
