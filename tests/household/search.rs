//! Finding a household by what a caller says: the room, the name, the phone number.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

/// The rooms that a search finds, as people call them.
async fn found(client: &Client, search: &str) -> Vec<String> {
    let list = client.butler_app("Households", json!({ "search": search })).await;
    let households = &list["viewer"]["households"];
    let codes: Vec<String> = households["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|home| home["code"].as_str().unwrap().trim_start_matches("1号楼-1-").to_owned())
        .collect();
    assert_eq!(households["totalCount"], codes.len(), "the total is of what was found");
    codes
}

/// Two more homes of `ambassador.a`, with names that a pattern would misread.
async fn grow(app: &mut TestApp) {
    let services = app.services.clone();
    app.world.home(&services, "100%", "YT", &[("a_b", "19100000011")], "ambassador.a").await;
    app.world.home(&services, "100x", "YT", &[("axb\\", "19100000012")], "ambassador.a").await;
}

both! {
    async fn a_household_is_found_by_code_name_and_whole_number(app) {
        let mut app = app;
        grow(&mut app).await;
        let butler = app.staff("ambassador.a").await;
        assert_eq!(found(&butler, "YT-101").await, ["YT-101"]);
        assert_eq!(found(&butler, " zhang ").await, ["YT-101"]);
        assert_eq!(found(&butler, "li").await, ["YT-101"], "a co-owner's name");
        for spelling in ["19100000002", "+86 191-0000-0002", "１９１００００００１１"] {
            assert_eq!(found(&butler, spelling).await.len(), 1, "{spelling}");
        }
        assert!(found(&butler, "1910000").await.is_empty(), "part of a number finds nobody");
        assert_eq!(found(&butler, "").await, ["YT-101", "100%", "100x"], "nothing said, nothing narrowed");
    }

    async fn a_search_takes_wildcards_as_they_are(app) {
        let mut app = app;
        grow(&mut app).await;
        let butler = app.staff("ambassador.a").await;
        assert_eq!(found(&butler, "100%").await, ["100%"]);
        assert_eq!(found(&butler, "a_b").await, ["100%"]);
        assert_eq!(found(&butler, "\\").await, ["100x"]);
        assert!(found(&butler, "%%").await.is_empty());
        assert!(found(&butler, "' OR 1=1 --").await.is_empty());
    }

    async fn a_search_stays_within_ones_own_households(app) {
        let butler = app.staff("ambassador.a").await;
        for foreign in ["YT-102", "wang", "19100000003", "HP-101", "zhao"] {
            assert!(found(&butler, foreign).await.is_empty(), "{foreign}");
        }
        assert_eq!(found(&app.staff("agent.a").await, "wang").await, ["YT-102"], "an agent finds all of the project");
        assert!(found(&app.staff("agent.a").await, "zhao").await.is_empty());
        let long = "长".repeat(61);
        let document = crate::harness::documents::Documents::butler().operation("Households");
        assert_eq!(butler.refused(&document, json!({ "search": long })).await, "BAD_USER_INPUT");
    }

    async fn households_come_page_by_page(app) {
        let mut app = app;
        grow(&mut app).await;
        let butler = app.staff("ambassador.a").await;
        let (mut rooms, mut after) = (Vec::new(), Value::Null);
        loop {
            let list = butler.butler_app("Households", json!({ "first": 1, "after": after })).await;
            let households = &list["viewer"]["households"];
            assert_eq!(households["totalCount"], 3);
            rooms.push(households["nodes"][0]["code"].clone());
            after = households["pageInfo"]["endCursor"].clone();
            if households["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(rooms, ["1号楼-1-YT-101", "1号楼-1-100%", "1号楼-1-100x"]);
    }
}
