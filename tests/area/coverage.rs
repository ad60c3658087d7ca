//! Households without an ambassador are found and given to whoever answers for the building; the load of each is shown.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        work::{change, word},
    },
};

const COVERAGE: &str = "query($id: ID!) { node(id: $id) { ... on Project {
    ambassadorCoverage { householdCount coveredCount uncoveredUnits { totalCount nodes { room } } }
    ambassadorLoads { staff { id } householdCount openTicketCount } } } }";

async fn look(app: &TestApp, who: &str, project: &str) -> Value {
    let id = json!({ "id": app.project_id(project) });
    app.as_whom(who).await.run(COVERAGE, id).await["node"].clone()
}

both! {
    async fn t5_3_households_without_an_ambassador_are_counted_and_named(app) {
        app.without_ambassador("YT-102").await;
        for who in ["manager.a", "agent.a", "supervisor", "auditor"] {
            let coverage = look(&app, who, "YT").await["ambassadorCoverage"].clone();
            assert_eq!(coverage, json!({
                "householdCount": 2, "coveredCount": 1,
                "uncoveredUnits": { "totalCount": 1, "nodes": [{ "room": "YT-102" }] },
            }), "{who}");
        }
        for who in ["ambassador.a", "technician.a", "sales.a", "zhang", "admin", "partner-1"] {
            let project = look(&app, who, "YT").await;
            assert_eq!(project, json!({ "ambassadorCoverage": null, "ambassadorLoads": null }), "{who}");
        }
        assert_eq!(look(&app, "manager.a", "HP").await, Value::Null, "another's project is none");
    }

    async fn t5_3_the_load_of_each_ambassador_is_shown(app) {
        app.report(json!({})).await;
        app.report(json!({})).await;
        let loads = look(&app, "manager.a", "YT").await["ambassadorLoads"].clone();
        let load = |login: &str, households: i64, tickets: i64| {
            json!({ "staff": { "id": app.staff_id(login) }, "householdCount": households, "openTicketCount": tickets })
        };
        assert_eq!(loads, json!([load("ambassador.a", 1, 2), load("ambassador.a2", 1, 0)]));
    }

    async fn t5_3_whoever_answers_for_a_building_takes_the_households_that_nobody_has(app) {
        app.without_ambassador("YT-102").await;
        let manager = app.staff("manager.a").await;
        let assign = async |login: &str, takes: bool| {
            let input = json!({ "buildingId": app.building_id("YT"), "staffId": app.staff_id(login), "takesUncovered": takes });
            change(&manager, "assignArea", input, "householdCount areaDuty { id }").await
        };
        assert_eq!(word(&assign("technician.a", true).await), "NOT_AVAILABLE staffId");
        assert_eq!(word(&assign("sales.a", false).await), "NOT_AVAILABLE staffId");
        assert_eq!(word(&assign("ambassador.b", false).await), "NOT_FOUND staffId");
        assert_eq!(assign("technician.a", false).await["householdCount"], 0);
        assert_eq!(assign("ambassador.a", true).await["householdCount"], 1);
        assert_eq!(app.ambassadors("YT-102").await, ["ambassador.a"]);
        let list = "query($open: Boolean!) { areaDuties(filter: { isOpen: $open }) { totalCount nodes { staff { id } } } }";
        let open = manager.run(list, json!({ "open": true })).await["areaDuties"].clone();
        assert_eq!(open, json!({ "totalCount": 1, "nodes": [{ "staff": { "id": app.staff_id("ambassador.a") } }] }));
        assert_eq!(manager.run(list, json!({ "open": false })).await["areaDuties"]["totalCount"], 2, "with its history");
        let elsewhere = app.staff("agent.b").await.run(list, json!({ "open": false })).await;
        assert_eq!(elsewhere["areaDuties"]["totalCount"], 0);
    }

    async fn t5_3_twenty_who_name_somebody_for_a_building_leave_one(app) {
        let (manager, other) = (app.staff("manager.a").await, app.another().await);
        let calls = (0..20).map(|turn| {
            let (client, login) = (manager.at([&app.url, &other.url][turn / 2 % 2]), ["ambassador.a", "ambassador.a2"][turn % 2]);
            let input = json!({ "buildingId": app.building_id("YT"), "staffId": app.staff_id(login) });
            async move { change(&client, "assignArea", input, "areaDuty { id }").await }
        });
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| matches!(word(answer).as_str(), "done" | "CONFLICT buildingId")), "{answers:?}");
        let open = manager.run("{ areaDuties(filter: { isOpen: true }) { totalCount } }", json!({})).await;
        assert_eq!(open["areaDuties"]["totalCount"], 1);
    }
}
