//! Phones that change hands: whoever signs out, or takes a device away, is not pushed to there any more.

use anju::service::{Services, notification::outbox as service};
use entity::vocab::DeliveryStatus;
use serde_json::{Value, json};

use super::{
    outbox::{send, statuses},
    push::{devices, with_google},
};
use crate::{
    both,
    bulletin::publish,
    harness::{
        Client,
        mutation::{change, done},
        outside::{Handed, Outside},
    },
};

/// Decides what goes out, and sends nothing yet.
async fn plan(services: &Services) {
    service::plan(services).await.unwrap();
}

both! {
    async fn whoever_signs_out_is_not_pushed_to_and_who_signs_in_next_is(app) {
        let server = Outside::gateway().await;
        let services = with_google(&app, &server);
        let (zhang, wang) = (app.owner("zhang").await, app.owner("wang").await);
        let register = json!({ "platform": "HARMONY", "pushToken": "shared phone", "pushService": "FCM" });
        let shown = "device { id pushService }";
        let first = done(change(&zhang, "registerDevice", shown, register.clone()).await)["device"].clone();
        assert_eq!(first["pushService"], "FCM");
        zhang.run("mutation { signOut { userErrors { code } } }", json!({})).await;
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!(server.handed().len(), 0, "the phone may be in other hands");
        let second = done(change(&wang, "registerDevice", shown, register).await)["device"].clone();
        assert_eq!(first["id"], second["id"]);
        publish(&app, "YT", json!({ "title": "停电" })).await;
        send(&services).await;
        let handed = server.handed();
        assert_eq!(handed.len(), 1);
        assert!(handed[0].body.contains("停电"));
    }

    async fn a_device_that_is_unregistered_gets_nothing_more_and_calling_twice_does_no_harm(app) {
        let server = Outside::gateway().await;
        let services = with_google(&app, &server);
        let (zhang, wang) = (app.owner("zhang").await, app.owner("wang").await);
        let register = |token: &str| json!({ "platform": "ANDROID", "pushToken": token });
        let own = done(change(&zhang, "registerDevice", "device { id }", register("own")).await)["device"]["id"].clone();
        let shared = done(change(&zhang, "registerDevice", "device { id }", register("shared")).await)["device"]["id"].clone();
        publish(&app, "YT", json!({ "title": "停水" })).await;
        plan(&services).await;
        let forget = async |client: &Client, id: &Value| {
            let input = json!({ "deviceId": id });
            done(change(client, "unregisterDevice", "unregisteredDeviceId", input).await)["unregisteredDeviceId"].clone()
        };
        for _ in 0..2 {
            assert_eq!(forget(&zhang, &own).await, own);
        }
        send(&services).await;
        let tokens = || -> Vec<Value> {
            let body = |handed: &Handed| serde_json::from_str::<Value>(&handed.body).unwrap()["message"]["token"].clone();
            server.handed().iter().map(body).collect()
        };
        assert_eq!(tokens(), ["shared"], "what was on its way does not come either");
        // The phone goes on in other hands.
        done(change(&wang, "registerDevice", "device { id }", register("shared")).await);
        for stranger in [&zhang, &app.owner("li").await] {
            assert_eq!(forget(stranger, &shared).await, shared, "whose it is, is not told");
        }
        publish(&app, "YT", json!({ "title": "停电" })).await;
        send(&services).await;
        assert_eq!((tokens().len(), devices(&app).await), (2, 1));
        assert_eq!(forget(&wang, &shared).await, shared);
        publish(&app, "YT", json!({ "title": "来电" })).await;
        send(&services).await;
        assert_eq!((tokens().len(), devices(&app).await), (2, 0));
        let wrong = json!({ "deviceId": anju::graphql::id::Kind::Owner.encode(app.world.owner("zhang")) });
        let answer = change(&zhang, "unregisterDevice", "unregisteredDeviceId", wrong).await;
        assert_eq!(answer.word(), "INVALID deviceId");
    }

    async fn whoever_signs_out_is_not_pushed_what_was_on_its_way(app) {
        let server = Outside::gateway().await;
        let services = with_google(&app, &server);
        let zhang = app.owner("zhang").await;
        let register = json!({ "platform": "ANDROID", "pushToken": "token" });
        done(change(&zhang, "registerDevice", "device { id }", register).await);
        publish(&app, "YT", json!({ "title": "停水" })).await;
        plan(&services).await;
        zhang.run("mutation { signOut { userErrors { code } } }", json!({})).await;
        send(&services).await;
        assert_eq!((server.handed().len(), statuses(&app).await), (0, vec![DeliveryStatus::Dropped]));
    }
}
