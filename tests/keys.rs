//! Keys that change under running servers: nobody is signed out, and everybody verifies what anybody signed.

use anju::{
    auth::secret::SecretKey,
    clock::{Clock, Ids},
    store::{
        db::{Db, PoolOptions},
        vault::{Vault, VaultOptions, rewrap, rotate},
    },
};
use chrono::TimeDelta;
use entity::{audit_entry, secret_key, vocab::PrincipalKind};
use jsonwebtoken::decode_header;
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, until},
};

/// The name of the key that signed a token.
fn kid(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

/// The names of the keys that a server publishes.
async fn published(app: &TestApp) -> Vec<String> {
    let response = app.anonymous().request(Method::GET, "/.well-known/jwks.json").send().await.unwrap();
    let set: Value = response.json().await.unwrap();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// Lets time pass until a server has looked again and publishes so many keys. Its nap begins when it has looked, and that
/// may be only after the clock was moved.
async fn notices(app: &TestApp, keys: usize) {
    until("the server notices", async || {
        app.clock.advance(TimeDelta::milliseconds(250));
        (published(app).await.len() == keys).then_some(())
    })
    .await;
}

async fn token(app: &TestApp) -> String {
    app.owner("zhang").await.token.unwrap()
}

async fn is_accepted(app: &TestApp, token: &str) -> bool {
    let client = Client::new(&app.url, Some(token.to_owned()));
    client.post("{ viewer { __typename } }", json!({})).await.0 == 200
}

async fn rotate_keys(app: &TestApp, at_once: bool) {
    app.clock.advance(TimeDelta::minutes(1));
    rotate(&app.services.db, &*app.clock, &Ids::new(), None, at_once).await.unwrap();
}

both! {
    async fn a_rotation_signs_nobody_out_and_running_servers_notice_it(app) {
        let other = app.another().await;
        let owner = app.world.owner("zhang");
        let conn = app.services.db.writer();
        let opened = anju::service::session::open(&app.services, conn, PrincipalKind::Owner, owner, None).await.unwrap();
        let before = opened.access_token;
        rotate_keys(&app, false).await;
        notices(&app, 2).await;
        notices(&other, 2).await;

        // The old key signs until everybody knows the new one.
        let waiting = token(&app).await;
        assert_eq!(kid(&waiting), kid(&before));
        app.clock.advance(TimeDelta::minutes(6));
        let after = token(&app).await;
        assert_ne!(kid(&after), kid(&before));
        for server in [&app, &other] {
            assert!(published(server).await.contains(&kid(&after)));
            for good in [&before, &waiting, &after] {
                assert!(is_accepted(server, good).await);
            }
        }

        // When the last of its tokens has ended, the old key goes too; sessions go on.
        app.clock.advance(TimeDelta::minutes(16));
        assert_eq!(published(&app).await, [kid(&after)]);
        let input = json!({ "refreshToken": opened.refresh_token });
        let refreshed = app.anonymous().owner_app("RefreshSession", input).await["refreshSession"].clone();
        assert_eq!(refreshed["userErrors"], json!([]));
        let fresh = refreshed["session"]["accessToken"].as_str().unwrap();
        assert_eq!(kid(fresh), kid(&after));
        assert!(is_accepted(&other, fresh).await);
    }

    async fn a_leaked_key_is_revoked_at_once_and_sessions_go_on(app) {
        let before = token(&app).await;
        rotate_keys(&app, true).await;
        until("the leaked key is gone", async || {
            app.clock.advance(TimeDelta::milliseconds(250));
            (!published(&app).await.contains(&kid(&before))).then_some(())
        })
        .await;
        assert!(!is_accepted(&app, &before).await);
        let after = token(&app).await;
        assert_ne!(kid(&after), kid(&before));
        assert!(is_accepted(&app, &after).await);
    }

    async fn a_server_that_starts_in_the_middle_of_a_rotation_takes_part_in_it(app) {
        let before = token(&app).await;
        rotate_keys(&app, false).await;
        let late = app.another().await;
        assert_eq!(kid(&token(&late).await), kid(&before));
        assert!(is_accepted(&late, &before).await);
        app.clock.advance(TimeDelta::minutes(7));
        assert_ne!(kid(&token(&late).await), kid(&before));
        assert!(is_accepted(&late, &before).await);
    }

    async fn a_new_master_key_opens_all_that_the_old_one_did(app) {
        let db = Db::connect(&app.database.url, PoolOptions::default()).await.unwrap();
        let (one, two) = (SecretKey::generate(), SecretKey::generate());
        let before = token(&app).await;
        rotate_keys(&app, false).await;
        let ids = Ids::new();
        assert_eq!(rewrap(&db, &*app.clock, &ids, None, &one).await.unwrap(), 4);
        assert_eq!(rewrap(&db, &*app.clock, &ids, Some(&one), &two).await.unwrap(), 4);
        let rows = secret_key::Entity::find().all(db.reader()).await.unwrap();
        assert!(rows.iter().all(|row| row.is_wrapped));

        let now = app.clock.now();
        let open = async |master| {
            let options = VaultOptions { master, issuer: "anju", audience: "anju-api" };
            Vault::open(&db, &*app.clock, &ids, options).await
        };
        let vault = open(Some(&two)).await.unwrap();
        assert_eq!(vault.tokens.verify(&before, now).unwrap().sub, app.world.owner("zhang"));
        assert_eq!(vault.phone_hash("19100000001"), app.services.vault.phone_hash("19100000001"));
        let sealed = app.services.vault.seal_phone(app.world.owner("zhang"), "19100000001");
        assert_eq!(vault.open_phone(app.world.owner("zhang"), &sealed).unwrap(), "19100000001");
        for wrong in [None, Some(&one)] {
            assert!(open(wrong).await.is_err());
            assert!(rewrap(&db, &*app.clock, &ids, wrong, &one).await.is_err(), "a wrong master key rewraps nothing");
            assert!(rotate(&db, &*app.clock, &ids, wrong, false).await.is_err(), "no key is made that nobody can open");
        }
        assert_eq!(secret_key::Entity::find().all(db.reader()).await.unwrap(), rows);

        let entries = audit_entry::Entity::find().all(db.reader()).await.unwrap();
        let mut actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["REWRAP_KEYS", "REWRAP_KEYS", "ROTATE_KEYS"]);

        // The running server keeps the keys it has: it is started anew at leisure.
        app.clock.advance(TimeDelta::seconds(30));
        assert!(is_accepted(&app, &before).await);
        db.close().await;
    }
}
