//! Decoration partners: entered with a secret that is shown once, shut out and let in again.

use anju::auth::secret::token_hash;
use entity::{partner, session};
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{acts, administer, carried_out};
use crate::{
    both,
    harness::{
        Client, TestApp,
        documents::Documents,
        tickets::raw_id,
        work::{change, word},
        world::SECRET,
    },
};

const PARTNER: &str = "partner { id name isActive clientId }";
const WITH_SECRET: &str = "partner { id name isActive clientId } clientSecret";

/// A token for a client id and secret, or the status of the refusal.
pub(super) async fn token(app: &TestApp, id: &str, secret: &str) -> Result<Client, u16> {
    let request = app.anonymous().request(Method::POST, "/oauth/token").basic_auth(id, Some(secret));
    let response = request.form(&[("grant_type", "client_credentials")]).send().await.unwrap();
    if response.status() != 200 {
        return Err(response.status().as_u16());
    }
    let body: Value = response.json().await.unwrap();
    Ok(Client::new(&app.url, body["access_token"].as_str().map(str::to_owned)))
}

/// How many lectures a partner's token shows, or the code of the refusal.
pub(super) async fn schedule(client: &Client) -> Result<Value, String> {
    let period = json!({ "from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z", "first": 100 });
    let (_, answer) = client.post(&Documents::partner().operation("LectureSchedule"), period).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(answer["data"]["lectures"]["totalCount"].clone()),
    }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(super) async fn partner_id(app: &TestApp, client_id: &str) -> String {
    anju::graphql::id::Kind::Partner.encode(app.world.partner(client_id))
}

both! {
    async fn a_partner_is_entered_and_takes_a_token_for_the_secret_that_was_shown(app) {
        let made = carried_out(&app, "createPartner", json!({ "name": " 木言家装 " }), WITH_SECRET).await;
        let (partner, secret) = (&made["partner"], text(&made["clientSecret"]));
        assert_eq!((&partner["name"], &partner["isActive"]), (&json!("木言家装"), &json!(true)));
        let client = token(&app, text(&partner["clientId"]), secret).await.unwrap();
        assert_eq!(schedule(&client).await, Ok(json!(2)));
        let row = partner::Entity::find_by_id(raw_id(&partner["id"])).one(app.services.db.reader()).await;
        assert_eq!(row.unwrap().unwrap().secret_hash, Some(token_hash(secret)), "nothing but the hash is kept");
        let told = acts(&app, text(&partner["id"])).await;
        assert_eq!((told.len(), &told[0]["action"]), (1, &json!("CREATE_PARTNER")));
        assert!(!told[0].to_string().contains(secret));
    }

    async fn names_are_told_apart_also_when_two_are_entered_at_once(app) {
        for (operation, input) in [
            ("createPartner", json!({ "name": "商家 partner-1" })),
            ("updatePartner", json!({ "partnerId": partner_id(&app, "partner-2").await, "name": "商家 partner-1" })),
        ] {
            assert_eq!(word(&administer(&app, operation, input, PARTNER).await), "CONFLICT name");
        }
        assert_eq!(word(&administer(&app, "createPartner", json!({ "name": " " }), PARTNER).await), "REQUIRED name");
        let unseen = json!({ "partnerId": app.staff_id("admin"), "name": "x" });
        assert_eq!(word(&administer(&app, "updatePartner", unseen, PARTNER).await), "INVALID partnerId");
        let (one, other) = (app.staff("admin").await, app.another().await);
        let calls = (0..8).map(|turn| {
            let client = one.at([&app.url, &other.url][turn % 2]);
            async move { change(&client, "createPartner", json!({ "name": "同名" }), PARTNER).await }
        });
        let mut words: Vec<String> = join_all(calls).await.iter().map(word).collect();
        words.sort();
        assert_eq!(words[..7], vec!["CONFLICT name"; 7]);
        assert_eq!(words[7], "done");
    }

    async fn a_disabled_partner_is_refused_at_once_and_comes_back_without_its_old_tokens(app) {
        let open = token(&app, "partner-1", SECRET).await.unwrap();
        let link = change(&open, "createCalendarFeed", json!({ "name": "门店" }), "url").await;
        let feed = async || {
            let response = app.anonymous().request(Method::GET, text(&link["url"])).send().await.unwrap();
            response.status().as_u16()
        };
        assert_eq!(feed().await, 200);
        let id = json!({ "partnerId": partner_id(&app, "partner-1").await });
        let shut = carried_out(&app, "disablePartner", id.clone(), PARTNER).await;
        assert_eq!(shut["partner"]["isActive"], false);
        assert_eq!(schedule(&open).await, Err("UNAUTHENTICATED".to_owned()));
        assert_eq!((token(&app, "partner-1", SECRET).await.err(), feed().await), (Some(401), 404));
        let list = "query($is: Boolean) { partners(isActive: $is) { totalCount nodes { clientId } } }";
        let found = app.staff("admin").await.run(list, json!({ "is": false })).await["partners"].clone();
        assert_eq!(found, json!({ "totalCount": 1, "nodes": [{ "clientId": "partner-1" }] }));
        carried_out(&app, "enablePartner", id, PARTNER).await;
        assert_eq!(schedule(&open).await, Err("UNAUTHENTICATED".to_owned()), "it ended for good");
        assert_eq!(schedule(&token(&app, "partner-1", SECRET).await.unwrap()).await, Ok(json!(2)));
    }

    async fn no_token_comes_after_the_moment_in_which_a_partner_was_shut_out(app) {
        let other = app.another().await;
        let id = json!({ "partnerId": partner_id(&app, "partner-1").await });
        let admin = app.staff("admin").await.at(&other.url);
        let ask = async |turn: usize| token([&app, &other][turn % 2], "partner-1", SECRET).await.is_ok();
        let (given, shut) = tokio::join!(
            join_all((0..12).map(ask)),
            change(&admin, "disablePartner", id, PARTNER),
        );
        assert_eq!(word(&shut), "done", "{given:?}");
        let living = session::Column::PrincipalId.eq(app.world.partner("partner-1"));
        let living = session::Entity::find().filter(living).filter(session::Column::EndedAt.is_null());
        assert_eq!(living.all(app.services.db.reader()).await.unwrap(), [], "{given:?}");
    }

    async fn only_administrators_see_by_which_id_a_partner_takes_tokens(app) {
        let id = json!({ "id": partner_id(&app, "partner-1").await });
        let look = "query($id: ID!) { node(id: $id) { ... on Partner { name isActive clientId } } }";
        for (who, is_active, client_id) in [
            ("admin", json!(true), json!("partner-1")),
            ("manager.a", json!(true), Value::Null),
            ("auditor", json!(true), Value::Null),
            ("zhang", Value::Null, Value::Null),
            ("partner-1", Value::Null, Value::Null),
        ] {
            let seen = app.as_whom(who).await.run(look, id.clone()).await["node"].clone();
            assert_eq!(seen, json!({ "name": "商家 partner-1", "isActive": is_active, "clientId": client_id }), "{who}");
        }
    }
}
