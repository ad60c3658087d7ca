//! Passwords that administrators give, and those that people change themselves.

use anju::graphql::id::Kind;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{acts, administer, carried_out};
use crate::{
    both,
    harness::{
        Client, TestApp,
        work::{change, word},
        world::PASSWORD,
    },
};

/// Signed in by the front door, or the code of the refusal.
async fn sign_in(app: &TestApp, login: &str, password: &str) -> Result<Client, String> {
    let variables = json!({ "login": login, "password": password });
    let payload = app.anonymous().butler_app("SignInWithPassword", variables).await["signInWithPassword"].clone();
    match payload["userErrors"][0]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(Client::new(&app.url, payload["session"]["accessToken"].as_str().map(str::to_owned))),
    }
}

/// The code with which an open session is refused; none while it lives.
async fn end_of(client: &Client) -> Option<String> {
    let (_, answer) = client.post("{ viewer { ... on Staff { id } } }", json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned)
}

fn refused(code: &str) -> Option<String> {
    Some(code.to_owned())
}

both! {
    async fn a_password_that_was_made_is_shown_once_and_signs_in(app) {
        let input = json!({
            "number": "N1", "login": "newcomer", "name": "新人", "role": "TECHNICIAN", "projectIds": [app.project_id("YT")],
        });
        let made = carried_out(&app, "createStaff", input, "staff { id } password").await;
        let password = made["password"].as_str().unwrap().to_owned();
        let client = sign_in(&app, "newcomer", &password).await.unwrap();
        assert_eq!(client.butler_app("ButlerHome", json!({})).await["viewer"]["role"], "TECHNICIAN");
        let told = acts(&app, made["staff"]["id"].as_str().unwrap()).await;
        assert!(!told[0].to_string().contains(&password) && !told[0].to_string().contains("argon2"), "{told:?}");
    }

    async fn a_reset_ends_every_session_and_lets_in_who_was_locked_out(app) {
        let open = sign_in(&app, "agent.a", PASSWORD).await.unwrap();
        for _ in 0..10 {
            assert_eq!(sign_in(&app, "agent.a", "a wrong guess").await.err(), refused("WRONG_CREDENTIALS"));
        }
        assert_eq!(sign_in(&app, "agent.a", PASSWORD).await.err(), refused("THROTTLED"));
        let id = json!({ "staffId": app.staff_id("agent.a") });
        let made = carried_out(&app, "resetStaffPassword", id, "staff { id } password").await;
        assert_eq!(end_of(&open).await, refused("UNAUTHENTICATED"));
        assert_eq!(sign_in(&app, "agent.a", PASSWORD).await.err(), refused("WRONG_CREDENTIALS"));
        assert!(sign_in(&app, "agent.a", made["password"].as_str().unwrap()).await.is_ok());
        let chosen = json!({ "staffId": app.staff_id("agent.a"), "password": "牛奶在冰箱的第二层" });
        assert_eq!(word(&administer(&app, "resetStaffPassword", chosen, "password").await), "OUT_OF_RANGE password");
        let chosen = json!({ "staffId": app.staff_id("agent.a"), "password": "牛奶在冰箱的第二层里面" });
        let made = carried_out(&app, "resetStaffPassword", chosen, "password").await;
        assert_eq!(made["password"], Value::Null, "whoever chose it knows it");
        assert!(sign_in(&app, "agent.a", "牛奶在冰箱的第二层里面").await.is_ok());
        let told = acts(&app, &app.staff_id("agent.a")).await;
        assert_eq!(told.iter().filter(|act| act["action"] == "RESET_STAFF_PASSWORD").count(), 2);
    }

    async fn no_session_comes_after_the_moment_of_a_reset(app) {
        let id = json!({ "staffId": app.staff_id("agent.a"), "password": "another good password" });
        let admin = app.staff("admin").await;
        let (sessions, reset) = tokio::join!(
            join_all((0..6).map(|_| sign_in(&app, "agent.a", PASSWORD))),
            change(&admin, "resetStaffPassword", id, "staff { id }"),
        );
        assert_eq!(word(&reset), "done");
        for client in sessions.into_iter().flatten() {
            assert_eq!(end_of(&client).await, refused("UNAUTHENTICATED"));
        }
    }

    async fn one_changes_ones_own_password_for_the_present_one(app) {
        let (here, elsewhere) = (sign_in(&app, "agent.a", PASSWORD).await.unwrap(), sign_in(&app, "agent.a", PASSWORD).await.unwrap());
        let change_to = async |current: &str, new: &str| {
            let input = json!({ "currentPassword": current, "newPassword": new });
            word(&change(&here, "changePassword", input, "__typename").await)
        };
        assert_eq!(change_to("a wrong one", "another good password").await, "WRONG_CREDENTIALS currentPassword");
        assert_eq!(change_to(PASSWORD, "short").await, "OUT_OF_RANGE newPassword");
        assert_eq!(change_to(PASSWORD, &"x".repeat(129)).await, "TOO_LONG newPassword");
        assert_eq!(change_to(PASSWORD, "another good password").await, "done");
        assert_eq!((end_of(&here).await, end_of(&elsewhere).await), (None, refused("UNAUTHENTICATED")));
        assert_eq!(sign_in(&app, "agent.a", PASSWORD).await.err(), refused("WRONG_CREDENTIALS"));
        assert!(sign_in(&app, "agent.a", "another good password").await.is_ok());
        for _ in 0..10 {
            change_to("a wrong one", "another good password").await;
        }
        assert_eq!(change_to("another good password", "a third good password").await, "THROTTLED currentPassword");
    }

    async fn whoever_keeps_the_database_makes_the_first_administrator(app) {
        use anju::service::staff::administrator;
        let made = administrator(&app.services, " Root ", Some("管理员")).await.unwrap();
        assert_eq!((made.staff.login.as_str(), made.staff.number.as_str(), made.staff.name.as_str()), ("root", "ROOT", "管理员"));
        let first = made.password.unwrap();
        let admin = sign_in(&app, "root", &first).await.unwrap();
        assert!(admin.run("{ projects { totalCount } }", json!({})).await["projects"]["totalCount"] == 2);
        let again = administrator(&app.services, "root", None).await.unwrap();
        assert_eq!((again.staff.id, end_of(&admin).await), (made.staff.id, refused("UNAUTHENTICATED")));
        assert_eq!(sign_in(&app, "root", &first).await.err(), refused("WRONG_CREDENTIALS"));
        assert!(sign_in(&app, "root", &again.password.unwrap()).await.is_ok());
        assert!(administrator(&app.services, "agent.a", None).await.is_err(), "no role is changed");
    }

    async fn an_account_that_begins_again_has_what_it_had_and_no_old_session(app) {
        let open = sign_in(&app, "agent.a", PASSWORD).await.unwrap();
        let id = json!({ "staffId": Kind::Staff.encode(app.world.staff("agent.a")) });
        carried_out(&app, "disableStaff", id.clone(), "staff { isActive disabledAt }").await;
        assert_eq!(sign_in(&app, "agent.a", PASSWORD).await.err(), refused("WRONG_CREDENTIALS"));
        let back = carried_out(&app, "enableStaff", id, "staff { isActive disabledAt role projects { code } }").await;
        let expected = json!({ "isActive": true, "disabledAt": null, "role": "SERVICE_AGENT", "projects": [{ "code": "YT" }] });
        assert_eq!(back["staff"], expected);
        assert_eq!(end_of(&open).await, refused("UNAUTHENTICATED"), "it ended for good");
        let client = sign_in(&app, "agent.a", PASSWORD).await.unwrap();
        assert_eq!(end_of(&client).await, None);
    }
}
