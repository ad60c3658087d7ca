//! Projects: entered with a code and a clock, named anew, and found.

use anju::jobs::freeze_figures;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{acts, administer, carried_out};
use crate::{
    both,
    harness::{
        TestApp,
        work::{change, word},
        world::instant,
    },
};

const PROJECT: &str = "project { id code name timeZone }";
const LIST: &str =
    "query($first: Int, $after: String, $search: String) { projects(first: $first, after: $after, search: $search) {
    totalCount pageInfo { hasNextPage endCursor } nodes { code } } }";

async fn codes(app: &TestApp, variables: Value) -> Vec<String> {
    let found = app.staff("admin").await.run(LIST, variables).await["projects"].clone();
    found["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn a_project_is_entered_and_staff_are_sent_to_it(app) {
        let input = json!({ "code": "lh", "name": " 安居·林海\u{3000} 一期" });
        let made = carried_out(&app, "createProject", input, PROJECT).await["project"].clone();
        let expected = json!({ "id": made["id"], "code": "LH", "name": "安居·林海 一期", "timeZone": "Asia/Shanghai" });
        assert_eq!(made, expected);
        let manager = app.staff("manager.a").await;
        let look = "query($id: ID!) { node(id: $id) { ... on Project { code } } }";
        let id = json!({ "id": made["id"] });
        assert_eq!(manager.run(look, id.clone()).await["node"], Value::Null);
        let sent = json!({ "staffId": app.staff_id("manager.a"), "projectIds": [app.project_id("YT"), made["id"]] });
        carried_out(&app, "setStaffProjects", sent, "staff { projects { code } }").await;
        assert_eq!(manager.run(look, id).await["node"]["code"], "LH");
        let told = acts(&app, made["id"].as_str().unwrap()).await;
        assert_eq!((&told[0]["action"], &told[0]["actor"]["id"]), (&json!("CREATE_PROJECT"), &json!(app.staff_id("admin"))));
    }

    async fn what_is_wrong_is_told_with_its_place_and_nothing_is_entered(app) {
        let usual = json!({ "code": "LH", "name": "林海" });
        for (more, refusal) in [
            (json!({ "code": "yt" }), "CONFLICT code"),
            (json!({ "name": " 安居·云庭 " }), "CONFLICT name"),
            (json!({ "code": "L" }), "INVALID code"),
            (json!({ "code": "林海" }), "INVALID code"),
            (json!({ "code": "" }), "REQUIRED code"),
            (json!({ "name": "\u{3000}" }), "REQUIRED name"),
            (json!({ "timeZone": "Asia/Nowhere" }), "INVALID timeZone"),
            (json!({ "timeZone": "+08:00" }), "INVALID timeZone"),
        ] {
            let input = crate::harness::tickets::merged(usual.clone(), &more);
            assert_eq!(word(&administer(&app, "createProject", input, PROJECT).await), refusal, "{more}");
        }
        assert_eq!(codes(&app, json!({})).await, ["YT", "HP"]);
        let renamed = json!({ "projectId": app.project_id("HP"), "name": "安居·云庭" });
        assert_eq!(word(&administer(&app, "updateProject", renamed, PROJECT).await), "CONFLICT name");
        let unknown = json!({ "projectId": anju::graphql::id::Kind::Project.encode(uuid::Uuid::nil()) });
        assert_eq!(word(&administer(&app, "updateProject", unknown, PROJECT).await), "NOT_FOUND projectId");
    }

    async fn of_two_administrators_who_enter_one_project_at_once_one_does(app) {
        let (admin, other) = (app.staff("admin").await, app.another().await);
        let calls = (0..8).map(|turn| {
            let client = admin.at([&app.url, &other.url][turn % 2]);
            let input = json!({ "code": "LH", "name": format!("林海 {}", turn / 2) });
            async move { change(&client, "createProject", input, PROJECT).await }
        });
        let mut words: Vec<String> = join_all(calls).await.iter().map(word).collect();
        words.sort();
        assert_eq!((&words[..7], words[7].as_str()), (&vec!["CONFLICT code".to_owned(); 7][..], "done"));
    }

    async fn by_another_clock_days_are_counted_anew_until_a_month_is_closed(app) {
        let number = async || app.report(json!({})).await["number"].as_str().unwrap().to_owned();
        assert!(number().await.starts_with("YT-20261123-"));
        let id = app.project_id("YT");
        let moved = json!({ "projectId": id, "timeZone": "America/New_York" });
        let changed = carried_out(&app, "updateProject", moved, PROJECT).await;
        assert_eq!(changed["project"]["timeZone"], "America/New_York");
        assert!(number().await.starts_with("YT-20261122-"), "it is evening there");
        app.clock.set(instant("2026-12-06T16:00:00Z"));
        assert_eq!(freeze_figures(&app.services).await.unwrap(), 2);
        let back = json!({ "projectId": id, "timeZone": "Asia/Shanghai" });
        assert_eq!(word(&administer(&app, "updateProject", back, PROJECT).await), "NOT_AVAILABLE timeZone");
        let named = json!({ "projectId": id, "name": "安居·新庭", "timeZone": "America/New_York" });
        let changed = carried_out(&app, "updateProject", named, PROJECT).await;
        assert_eq!(changed["project"]["name"], "安居·新庭");
        assert_eq!(acts(&app, &id).await.iter().filter(|act| act["action"] == "UPDATE_PROJECT").count(), 2);
    }

    async fn a_month_that_was_counted_by_an_old_clock_is_not_closed_by_it(app) {
        app.clock.set(instant("2026-12-06T16:00:00Z"));
        let due = anju::service::figure::due(&app.services).await.unwrap();
        let (project, month) = due.into_iter().find(|(project, _)| project.code == "YT").unwrap();
        let moved = json!({ "projectId": app.project_id("YT"), "timeZone": "Asia/Urumqi" });
        carried_out(&app, "updateProject", moved, PROJECT).await;
        assert!(!anju::service::figure::freeze(&app.services, &project, month).await.unwrap());
        assert_eq!(freeze_figures(&app.services).await.unwrap(), 2, "the next round counts by the new one");
    }

    async fn projects_are_listed_in_pages_and_found_by_code_and_name(app) {
        for code in ["AA", "BB", "CC"] {
            carried_out(&app, "createProject", json!({ "code": code, "name": format!("{code} 花园") }), PROJECT).await;
        }
        for who in ["supervisor", "auditor", "admin"] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let variables = json!({ "first": 2, "after": after });
                let page = app.staff(who).await.run(LIST, variables).await["projects"].clone();
                assert_eq!(page["totalCount"], 5);
                seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(seen, ["YT", "HP", "AA", "BB", "CC"], "{who}");
        }
        assert_eq!(codes(&app, json!({ "search": "花园" })).await, ["AA", "BB", "CC"]);
        assert_eq!(codes(&app, json!({ "search": "hp" })).await, ["HP"]);
        assert_eq!(codes(&app, json!({ "search": "%" })).await, Vec::<String>::new());
    }
}
