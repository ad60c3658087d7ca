//! A partner's secret takes another's place: for a while both are good, and the old one ends on the clock, by the next one, or
//! at once.

use anju::auth::secret::token_hash;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{partner, session};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{
    acts, administer, carried_out,
    partner::{partner_id, schedule, text, token},
};
use crate::{
    both,
    harness::{
        TestApp,
        work::{change, word},
        world::SECRET,
    },
};

const WITH_SECRET: &str = "partner { oldSecretEndsAt } clientSecret";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The payload of another secret for partner-1.
async fn rotated(app: &TestApp, overlap_hours: Value) -> Value {
    let input = json!({ "partnerId": partner_id(app, "partner-1").await, "overlapHours": overlap_hours });
    carried_out(app, "rotatePartnerSecret", input, WITH_SECRET).await
}

/// Another secret for partner-1, with the usual overlap.
async fn rotate(app: &TestApp) -> String {
    text(&rotated(app, Value::Null).await["clientSecret"]).to_owned()
}

async fn end_old(app: &TestApp) -> Value {
    let input = json!({ "partnerId": partner_id(app, "partner-1").await });
    carried_out(app, "endOldPartnerSecret", input, "partner { oldSecretEndsAt }").await["partner"].clone()
}

/// For which of these secrets partner-1 gets a token that shows the schedule.
async fn open(app: &TestApp, secrets: &[&str]) -> Vec<bool> {
    let mut found = Vec::new();
    for secret in secrets {
        found.push(match token(app, "partner-1", secret).await {
            Ok(client) => schedule(&client).await == Ok(json!(2)),
            Err(status) => {
                assert_eq!(status, 401);
                false
            }
        });
    }
    found
}

/// When the old secret of partner-1 ends, as somebody sees it.
async fn end_as(app: &TestApp, who: &str) -> Value {
    let look = "query($id: ID!) { node(id: $id) { ... on Partner { oldSecretEndsAt } } }";
    let id = json!({ "id": partner_id(app, "partner-1").await });
    app.as_whom(who).await.run(look, id).await["node"]["oldSecretEndsAt"].clone()
}

both! {
    async fn both_secrets_are_good_for_a_day_and_then_the_new_one_alone(app) {
        let other = app.another().await;
        let before = token(&app, "partner-1", SECRET).await.unwrap();
        let made = rotated(&app, Value::Null).await;
        let second = text(&made["clientSecret"]);
        assert_eq!(instant(text(&made["partner"]["oldSecretEndsAt"])), app.services.now() + TimeDelta::hours(24));
        assert_eq!(schedule(&before).await, Ok(json!(2)), "nothing has ended");
        for server in [&app, &other] {
            assert_eq!(open(server, &[SECRET, second, "wrong", ""]).await, [true, true, false, false]);
        }
        app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(open(&app, &[SECRET, second]).await, [true, true]);
        assert_eq!(end_as(&app, "admin").await, made["partner"]["oldSecretEndsAt"]);
        app.clock.advance(TimeDelta::seconds(1));
        for server in [&app, &other] {
            assert_eq!(open(server, &[SECRET, second]).await, [false, true]);
        }
        assert_eq!(end_as(&app, "admin").await, Value::Null);
    }

    async fn the_next_secret_ends_the_one_before_the_old_one_with_its_tokens(app) {
        let second = rotate(&app).await;
        let (by_first, by_second) = (token(&app, "partner-1", SECRET).await.unwrap(), token(&app, "partner-1", &second).await.unwrap());
        let third = rotate(&app).await;
        assert_eq!(open(&app, &[SECRET, &second, &third]).await, [false, true, true]);
        for ended in [&by_first, &by_second] {
            assert_eq!(schedule(ended).await, Err("UNAUTHENTICATED".to_owned()));
        }
        app.clock.advance(TimeDelta::hours(24));
        let kept = token(&app, "partner-1", &third).await.unwrap();
        let fourth = rotate(&app).await;
        assert_eq!(schedule(&kept).await, Ok(json!(2)), "the one before had ended by itself");
        assert_eq!(open(&app, &[SECRET, &second, &third, &fourth]).await, [false, false, true, true]);
    }

    async fn a_leaked_secret_is_ended_at_once_with_every_token(app) {
        let second = rotate(&app).await;
        let (by_first, by_second) = (token(&app, "partner-1", SECRET).await.unwrap(), token(&app, "partner-1", &second).await.unwrap());
        assert_eq!(end_old(&app).await, json!({ "oldSecretEndsAt": null }));
        assert_eq!(open(&app, &[SECRET, &second]).await, [false, true]);
        for ended in [&by_first, &by_second] {
            assert_eq!(schedule(ended).await, Err("UNAUTHENTICATED".to_owned()));
        }
        end_old(&app).await;
        assert_eq!(open(&app, &[SECRET, &second]).await, [false, true], "a second call changes nothing");
        assert!(token(&app, "partner-2", SECRET).await.is_ok(), "nobody else's");
    }

    async fn an_overlap_is_chosen_within_bounds_and_without_one_the_old_secret_ends_at_once(app) {
        let before = token(&app, "partner-1", SECRET).await.unwrap();
        let made = rotated(&app, json!(0)).await;
        let second = text(&made["clientSecret"]);
        assert_eq!(made["partner"]["oldSecretEndsAt"], Value::Null);
        assert_eq!(open(&app, &[SECRET, second]).await, [false, true]);
        assert_eq!(schedule(&before).await, Err("UNAUTHENTICATED".to_owned()));
        for hours in [-1, 169] {
            let input = json!({ "partnerId": partner_id(&app, "partner-1").await, "overlapHours": hours });
            let refused = administer(&app, "rotatePartnerSecret", input, WITH_SECRET).await;
            assert_eq!((word(&refused), &refused["clientSecret"]), ("OUT_OF_RANGE overlapHours".to_owned(), &Value::Null));
        }
        assert_eq!(open(&app, &[second]).await, [true], "a refused call replaces nothing");
        let third = rotated(&app, json!(168)).await["clientSecret"].clone();
        app.clock.advance(TimeDelta::hours(168) - TimeDelta::seconds(1));
        assert_eq!(open(&app, &[second, text(&third)]).await, [true, true]);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(open(&app, &[second, text(&third)]).await, [false, true]);
    }

    async fn no_token_comes_for_the_old_secret_after_the_moment_in_which_it_was_ended(app) {
        let other = app.another().await;
        rotate(&app).await;
        let id = json!({ "partnerId": partner_id(&app, "partner-1").await });
        let admin = app.staff("admin").await.at(&other.url);
        let ask = async |turn: usize| token([&app, &other][turn % 2], "partner-1", SECRET).await.is_ok();
        let (given, ended) = tokio::join!(
            join_all((0..12).map(ask)),
            change(&admin, "endOldPartnerSecret", id, "partner { id }"),
        );
        assert_eq!(word(&ended), "done", "{given:?}");
        let living = session::Column::PrincipalId.eq(app.world.partner("partner-1"));
        let living = session::Entity::find().filter(living).filter(session::Column::EndedAt.is_null());
        assert_eq!(living.all(app.services.db.reader()).await.unwrap(), [], "{given:?}");
    }

    async fn who_was_shut_out_comes_back_with_both_secrets(app) {
        let second = rotate(&app).await;
        let id = json!({ "partnerId": partner_id(&app, "partner-1").await });
        carried_out(&app, "disablePartner", id.clone(), "partner { id }").await;
        assert_eq!(open(&app, &[SECRET, &second]).await, [false, false]);
        carried_out(&app, "enablePartner", id, "partner { id }").await;
        assert_eq!(open(&app, &[SECRET, &second]).await, [true, true]);
    }

    async fn nobody_but_an_administrator_sees_or_ends_a_secret(app) {
        let second = rotate(&app).await;
        let id = json!({ "partnerId": partner_id(&app, "partner-1").await });
        assert!(end_as(&app, "admin").await.is_string());
        for who in ["manager.a", "supervisor", "auditor", "zhang", "partner-1", "partner-2"] {
            assert_eq!(end_as(&app, who).await, Value::Null, "{who}");
            let client = app.as_whom(who).await;
            for (operation, input) in [("endOldPartnerSecret", "EndOldPartnerSecret"), ("rotatePartnerSecret", "RotatePartnerSecret")] {
                let call = format!("mutation($input: {input}Input!) {{ {operation}(input: $input) {{ partner {{ id }} }} }}");
                assert_eq!(client.refused(&call, json!({ "input": id })).await, "FORBIDDEN", "{who} {operation}");
            }
        }
        assert_eq!(open(&app, &[SECRET, &second]).await, [true, true]);
    }

    async fn each_secret_is_written_down_by_its_end_and_kept_as_a_hash(app) {
        let made = rotated(&app, json!(2)).await;
        let second = text(&made["clientSecret"]);
        let find = async || {
            let row = partner::Entity::find_by_id(app.world.partner("partner-1")).one(app.services.db.reader()).await;
            row.unwrap().unwrap()
        };
        let row = find().await;
        assert_eq!((row.secret_hash, row.old_secret_hash), (Some(token_hash(second)), Some(token_hash(SECRET))));
        end_old(&app).await;
        let row = find().await;
        assert_eq!((row.secret_hash, row.old_secret_hash), (Some(token_hash(second)), None), "nothing is left of it");
        let told = acts(&app, &partner_id(&app, "partner-1").await).await;
        let seen = told.iter().map(|entry| {
            let details: Value = serde_json::from_str(text(&entry["details"])).unwrap();
            (text(&entry["action"]), details["oldSecretEndsAt"].as_str().map(instant))
        });
        let seen: Vec<_> = seen.collect();
        let ends_at = instant(text(&made["partner"]["oldSecretEndsAt"]));
        assert_eq!(seen, [("END_OLD_PARTNER_SECRET", None), ("ROTATE_PARTNER_SECRET", Some(ends_at))]);
        let whole = json!(told).to_string();
        for secret in [SECRET, second] {
            assert!(!whole.contains(secret) && !whole.contains(&token_hash(secret)));
        }
    }
}
