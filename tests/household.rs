//! What staff do with households besides their tickets: find them, reveal a number, write down a contact, hand an area
//! over. And what a household's own people read about it.

mod contact;
mod search;
mod transfer;

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use serde_json::json;

use crate::{
    both,
    harness::{TestApp, documents::Documents},
};

/// Reports a repair for a room, as its owner.
async fn report(app: &TestApp, owner: &str, room: &str, urgency: &str) {
    let unit = Kind::Unit.encode(app.world.unit(room));
    let input = json!({ "unitId": unit, "kind": "REPAIR", "urgency": urgency, "title": "厨房水管漏水" });
    app.owner(owner).await.done(Documents::owner(), "CreateTicket", input).await;
}

/// What a home's people read about its papers.
const PAPERS: &str = "query ($id: ID!) { node(id: $id) { ... on Unit {
    code floorArea handedOverOn
    contract { number signedOn handoverDueOn status }
    warrantyItems { part startsOn expiresOn noticedAt }
    ambassador { name workPhone }
} } }";

both! {
    async fn the_home_screen_counts_what_is_the_ambassadors_own(app) {
        report(&app, "zhang", "YT-101", "URGENT").await;
        report(&app, "li", "YT-101", "NORMAL").await;
        report(&app, "wang", "YT-102", "URGENT").await;
        app.pass(TimeDelta::minutes(16)).await;
        let home = app.staff("ambassador.a").await.butler_app("ButlerHome", json!({})).await;
        let viewer = &home["viewer"];
        assert_eq!(viewer["role"], "AMBASSADOR");
        assert_eq!(viewer["projects"][0]["name"], "安居·云庭");
        assert_eq!(viewer["projects"].as_array().unwrap().len(), 1);
        assert_eq!(viewer["openTicketCount"], 2, "the neighbour's is another ambassador's");
        assert_eq!(viewer["overdueTicketCount"], 1, "an urgent repair is answered within 15 minutes");
        assert_eq!(viewer["householdCount"], 1);
        let manager = app.staff("manager.a").await.butler_app("ButlerHome", json!({})).await;
        assert_eq!(manager["viewer"]["openTicketCount"], 3);
        assert_eq!(manager["viewer"]["householdCount"], 2);
    }

    async fn a_household_shows_its_owners_open_tickets_and_warranties(app) {
        report(&app, "zhang", "YT-101", "NORMAL").await;
        let list = app.staff("ambassador.a").await.butler_app("Households", json!({})).await;
        let households = &list["viewer"]["households"];
        assert_eq!(households["totalCount"], 1);
        let home = &households["nodes"][0];
        assert_eq!(home["code"], "1号楼-1-YT-101");
        assert_eq!(home["building"]["name"], "1号楼");
        assert_eq!(home["handedOverOn"], "2025-06-30");
        assert_eq!(home["openTicketCount"], 1);
        assert_eq!(home["warrantyItems"][0]["part"], "WATERPROOFING");
        assert_eq!(home["warrantyItems"][0]["expiresOn"], "2030-06-29");
        let owners: Vec<_> = home["owners"].as_array().unwrap().iter().map(|owner| &owner["name"]).collect();
        assert_eq!(owners, ["zhang", "li"], "in the order of the contract");
        assert_eq!(home["owners"][1]["phone"], "191****0002");
        assert_eq!(home["owners"][1]["stage"], "RESIDENT");
    }

    async fn owner_and_ambassador_read_contract_and_warranties_and_no_neighbour_does(app) {
        let id = json!({ "id": Kind::Unit.encode(app.world.unit("YT-101")) });
        for client in [app.owner("zhang").await, app.staff("ambassador.a").await] {
            let home = client.run(PAPERS, id.clone()).await["node"].clone();
            assert_eq!(home["floorArea"], 89.5);
            assert_eq!(home["contract"], json!({
                "number": "2024-YT-101", "signedOn": "2024-05-01", "handoverDueOn": "2025-06-30", "status": "HANDED_OVER",
            }));
            assert_eq!(home["warrantyItems"], json!([
                { "part": "WATERPROOFING", "startsOn": "2025-06-30", "expiresOn": "2030-06-29", "noticedAt": null },
            ]));
            assert_eq!(home["ambassador"]["workPhone"], "0510-8888-0001");
        }
        for client in [app.owner("wang").await, app.staff("ambassador.a2").await, app.partner("partner-1").await] {
            assert_eq!(client.run(PAPERS, id.clone()).await["node"], json!(null));
        }
    }
}
