//! A first look at the whole: one ticket from the owner's phone to the butler's queue.

use anju::graphql::id::Kind;
use serde_json::json;

use crate::{both, harness::documents::Documents};

both! {
    async fn an_owner_reports_and_the_butler_sees_it(app) {
        let owner = app.owner("zhang").await;
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        let ticket = owner
            .done(Documents::owner(), "CreateTicket", json!({ "unitId": unit, "kind": "REPAIR", "title": "厨房水管漏水" }))
            .await;
        assert_eq!(ticket["number"], "YT-20261123-0001");
        assert_eq!(ticket["status"], "SUBMITTED");
        let butler = app.staff("ambassador.a").await;
        let queue = butler.butler_app("ButlerQueue", json!({})).await;
        assert_eq!(queue["tickets"]["totalCount"], 1);
        assert_eq!(queue["tickets"]["nodes"][0]["id"], ticket["id"]);
        assert_eq!(queue["tickets"]["nodes"][0]["unit"]["owners"][0]["phone"], "191****0001");
        let mine = owner.owner_app("MyTickets", json!({})).await;
        assert_eq!(mine["tickets"]["edges"][0]["node"]["events"]["nodes"][0]["actor"]["name"], "zhang");
        let neighbour = app.owner("wang").await.owner_app("MyTickets", json!({})).await;
        assert_eq!(neighbour["tickets"]["totalCount"], 0);
    }
}
