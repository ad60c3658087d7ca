//! Accounts of staff: made, changed, listed, ended and begun again; who may, and that an administrator is always left.

use entity::{
    staff,
    vocab::{Department, Role},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{acts, administer, carried_out};
use crate::{
    both,
    harness::{
        Client, TestApp,
        homes::call,
        tickets::{Answer, merged},
        work::{change, word},
    },
};

const STAFF: &str =
    "staff { id number login name role department workPhone isActive disabledAt hasPassword projects { code } }";
const ROSTER: &str =
    "query($first: Int, $after: String, $filter: StaffFilter) { staff(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } nodes { number } } }";

fn newcomer(app: &TestApp) -> Value {
    json!({
        "number": "gj800", "login": "WangFang", "name": "王芳", "role": "AMBASSADOR", "workPhone": "0510-8888 0800",
        "projectIds": [app.project_id("YT"), app.project_id("HP"), app.project_id("YT")],
    })
}

async fn roster(app: &TestApp, who: &str, filter: Value) -> Vec<String> {
    let found = app.staff(who).await.run(ROSTER, json!({ "filter": filter })).await["staff"].clone();
    let numbers: Vec<String> =
        found["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found["totalCount"], numbers.len());
    numbers
}

async fn administrators(app: &TestApp) -> usize {
    let rows = staff::Entity::find().all(app.services.db.reader()).await.unwrap();
    rows.iter().filter(|row| row.is_active && row.role == Role::Admin).count()
}

/// The answer to a mutation, which may come from somebody who was put out meanwhile.
async fn call_by(client: &Client, operation: &str, input: Value) -> Answer {
    call(client, operation, "staff { id }", input).await
}

both! {
    async fn an_account_is_made_with_what_goes_without_saying(app) {
        let made = carried_out(&app, "createStaff", newcomer(&app), STAFF).await["staff"].clone();
        assert_eq!(made, json!({
            "id": made["id"], "number": "GJ800", "login": "wangfang", "name": "王芳", "role": "AMBASSADOR",
            "department": "CUSTOMER_SERVICE", "workPhone": "0510-8888 0800", "isActive": true, "disabledAt": null,
            "hasPassword": true, "projects": [{ "code": "HP" }, { "code": "YT" }],
        }));
        let auditor = json!({ "number": "A1", "login": "a1", "name": "审计", "role": "AUDITOR" });
        let made = carried_out(&app, "createStaff", auditor, STAFF).await["staff"].clone();
        assert_eq!((&made["department"], &made["projects"]), (&json!("GROUP_PROPERTY"), &json!([])));
        let told = acts(&app, made["id"].as_str().unwrap()).await;
        assert_eq!((told.len(), &told[0]["action"]), (1, &json!("CREATE_STAFF")));
    }

    async fn what_is_wrong_is_told_with_its_place_and_nobody_is_engaged(app) {
        let before = roster(&app, "admin", json!({})).await;
        for (more, refusal) in [
            (json!({ "number": "gj001" }), "CONFLICT number"),
            (json!({ "login": "Admin" }), "CONFLICT login"),
            (json!({ "number": " " }), "REQUIRED number"),
            (json!({ "login": "wang fang" }), "INVALID login"),
            (json!({ "name": "x".repeat(61) }), "TOO_LONG name"),
            (json!({ "workPhone": "分机" }), "INVALID workPhone"),
            (json!({ "role": "MANAGER" }), "REQUIRED department"),
            (json!({ "projectIds": [] }), "REQUIRED projectIds"),
            (json!({ "projectIds": [app.staff_id("admin")] }), "INVALID projectIds"),
            (json!({ "projectIds": [anju::graphql::id::Kind::Project.encode(uuid::Uuid::nil())] }), "NOT_FOUND projectIds"),
            (json!({ "password": "short" }), "OUT_OF_RANGE password"),
            (json!({ "password": "aaaaaaaaaaaa" }), "INVALID password"),
        ] {
            let input = merged(newcomer(&app), &more);
            assert_eq!(word(&administer(&app, "createStaff", input, STAFF).await), refusal, "{more}");
        }
        assert_eq!(roster(&app, "admin", json!({})).await, before);
        let number = json!({ "staffId": app.staff_id("agent.a"), "number": "gj001" });
        assert_eq!(word(&administer(&app, "updateStaff", number, STAFF).await), "CONFLICT number");
    }

    async fn of_two_administrators_who_engage_one_person_at_once_one_does(app) {
        let (admin, other) = (app.staff("admin").await, app.another().await);
        let calls = (0..6).map(|turn| {
            let client = admin.at([&app.url, &other.url][turn % 2]);
            let input = merged(newcomer(&app), &json!({ "number": format!("N{turn}"), "password": "correct horse battery" }));
            async move { change(&client, "createStaff", input, STAFF).await }
        });
        let mut words: Vec<String> = join_all(calls).await.iter().map(word).collect();
        words.sort();
        assert_eq!((&words[..5], words[5].as_str()), (&vec!["CONFLICT login".to_owned(); 5][..], "done"));
    }

    async fn what_is_left_out_of_a_change_stays(app) {
        let input = json!({ "staffId": app.staff_id("technician.a"), "name": "李强", "workPhone": "" });
        let changed = carried_out(&app, "updateStaff", input, STAFF).await["staff"].clone();
        assert_eq!((&changed["name"], &changed["workPhone"], &changed["number"]), (&json!("李强"), &Value::Null, &json!("GJ003")));
        assert_eq!((&changed["role"], &changed["department"]), (&json!("TECHNICIAN"), &json!("PROPERTY_COMPANY")));
        let client = app.staff("technician.a").await;
        let input = json!({ "staffId": app.staff_id("technician.a"), "number": "t-3", "workPhone": "0510-1" });
        assert_eq!(word(&administer(&app, "updateStaff", input, STAFF).await), "done");
        client.run("{ viewer { ... on Staff { id } } }", json!({})).await;
    }

    async fn nobody_changes_their_own_role_and_one_administrator_is_left(app) {
        let own = app.staff_id("admin");
        for (operation, input, refusal) in [
            ("updateStaff", json!({ "staffId": own, "role": "MANAGER" }), "NOT_AVAILABLE role"),
            ("disableStaff", json!({ "staffId": own }), "NOT_AVAILABLE staffId"),
            ("resetStaffPassword", json!({ "staffId": own }), "NOT_AVAILABLE staffId"),
        ] {
            assert_eq!(word(&administer(&app, operation, input, "staff { id }").await), refusal, "{operation}");
        }
        // The last one can't be taken away by the company's own jobs either.
        let system = anju::auth::viewer::Viewer::system();
        let id = app.world.staff("admin");
        assert!(anju::service::staff::disable(&app.services, &system, id).await.is_err());
        let demoted = anju::service::staff::StaffChange { role: Some(Role::Manager), ..Default::default() };
        assert!(anju::service::staff::update(&app.services, &system, id, demoted).await.is_err());
        assert_eq!(administrators(&app).await, 1);
        let renamed = json!({ "staffId": own, "role": "ADMIN", "name": "管理员" });
        carried_out(&app, "updateStaff", renamed, STAFF).await;
    }

    async fn of_administrators_who_put_each_other_out_at_once_one_is_left(app) {
        let mut app = app;
        for round in 0..4 {
            let login = format!("admin.{round}");
            app.world.engage(&app.services, &login, Role::Admin, Department::GroupProperty, "YT").await;
            let other = app.another().await;
            let (one, two) = (app.staff("admin").await, app.staff(&login).await.at(&other.url));
            let input = |login: &str| json!({ "staffId": app.staff_id(login) });
            let (operation, more) = [("disableStaff", json!({})), ("updateStaff", json!({ "role": "AUDITOR" }))][round % 2].clone();
            let about = |login: &str| merged(input(login), &more);
            let (first, second) = tokio::join!(
                call_by(&one, operation, about(&login)),
                call_by(&two, operation, about("admin")),
            );
            assert_eq!(administrators(&app).await, 1, "{first:?} {second:?}");
            // Whoever is left brings the first one back for the next round.
            app.database.execute("UPDATE staff SET is_active = true, role = 'ADMIN' WHERE login = 'admin'").await;
            app.database.execute(&format!("UPDATE staff SET is_active = false WHERE login = '{login}'")).await;
        }
    }

    async fn the_roster_holds_those_who_left_and_is_narrowed(app) {
        assert_eq!(roster(&app, "admin", json!({})).await.len(), 13);
        carried_out(&app, "disableStaff", json!({ "staffId": app.staff_id("sales.a") }), STAFF).await;
        assert_eq!(roster(&app, "admin", json!({})).await.len(), 13, "disabled ones too");
        for (filter, numbers) in [
            (json!({ "isActive": false }), vec!["GJ006"]),
            (json!({ "roles": ["TECHNICIAN"], "projectId": app.project_id("YT") }), vec!["GJ003", "GJ004"]),
            (json!({ "roles": ["AUDITOR", "ADMIN"], "department": "GROUP_PROPERTY" }), vec!["GJ012", "GJ013"]),
            (json!({ "search": "gj00", "roles": ["MANAGER"] }), vec!["GJ007"]),
            (json!({ "search": "员工9" }), vec!["GJ009"]),
            (json!({ "search": "agent.b" }), vec!["GJ010"]),
            (json!({ "search": "_" }), vec![]),
        ] {
            assert_eq!(roster(&app, "admin", filter.clone()).await, numbers, "{filter}");
        }
        assert_eq!(roster(&app, "manager.a", json!({})).await.len(), 7, "one's own projects' alone");
        assert_eq!(roster(&app, "manager.a", json!({ "search": "agent.a" })).await, Vec::<String>::new(), "no logins");
        assert_eq!(roster(&app, "auditor", json!({ "isActive": true })).await.len(), 12);
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = app.staff("admin").await.run(ROSTER, json!({ "first": 5, "after": after })).await["staff"].clone();
            seen.extend(page["nodes"].as_array().unwrap().clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!((seen.len(), &seen[12]["number"]), (13, &json!("GJ013")));
    }

    async fn who_sees_what_of_an_account(app) {
        let id = json!({ "id": app.staff_id("ambassador.a") });
        let look = "query($id: ID!) { node(id: $id) { ... on Staff { number login hasPassword } } }";
        for (who, expected) in [
            ("admin", json!({ "number": "GJ001", "login": "ambassador.a", "hasPassword": true })),
            ("ambassador.a", json!({ "number": "GJ001", "login": "ambassador.a", "hasPassword": null })),
            ("manager.a", json!({ "number": "GJ001", "login": null, "hasPassword": null })),
            ("zhang", json!({ "number": null, "login": null, "hasPassword": null })),
        ] {
            assert_eq!(app.as_whom(who).await.run(look, id.clone()).await["node"], expected, "{who}");
        }
    }
}
