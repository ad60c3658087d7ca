//! Endpoints over HTTPS: sent to when their certificate can be believed; told nothing, and why, when it can't.

use anju::service::Services;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Hook, body, enter, is_signed_by, look, send};
use crate::{
    both,
    harness::{
        TestApp,
        authority::Authority,
        homes::{call, done},
        outbound,
        outside::Outside,
        tickets::at,
    },
};

const DELIVERIES: &str = "query($id: ID!) { webhookDeliveries(webhookEndpointId: $id, last: 1) { nodes {
    status attempts failure certificateFault lastHttpStatus } } }";

async fn enter_secure(app: &TestApp, receiver: &Outside) -> Hook {
    enter(app, receiver, json!({ "url": format!("https://localhost:{}/anju", receiver.port) })).await
}

fn believing(app: &TestApp, authority: &Authority) -> Services {
    Services { outbound: outbound(&["127.0.0.0/8"]).trusting(authority.believed()), ..app.services.clone() }
}

async fn oldest(app: &TestApp, hook: &Hook) -> Value {
    let data = app.staff("admin").await.run(DELIVERIES, json!({ "id": hook.id })).await;
    data["webhookDeliveries"]["nodes"][0].clone()
}

async fn test(app: &TestApp, hook: &Hook) -> Value {
    let fields = "test { isDelivered failure certificateFault }";
    let input = json!({ "webhookEndpointId": hook.id });
    done(call(&app.staff("admin").await, "testWebhookEndpoint", fields, input).await)["test"].clone()
}

both! {
    async fn an_endpoint_over_https_is_sent_to_when_its_authority_is_believed(app) {
        let authority = Authority::found("The company's own");
        let receiver = Outside::secure_gateway(authority.vouch("localhost")).await;
        let hook = enter_secure(&app, &receiver).await;
        let ticket = app.report(json!({})).await;
        assert_eq!(send(&believing(&app, &authority)).await, 1);
        let handed = receiver.handed();
        assert!(handed.len() == 1 && is_signed_by(&handed[0], &hook.secret), "{handed:?}");
        assert_eq!(body(&handed[0])["data"]["ticketId"], ticket["id"]);
        let row = oldest(&app, &hook).await;
        assert_eq!((&row["status"], &row["failure"], &row["certificateFault"]), (&json!("DELIVERED"), &Value::Null, &Value::Null));
    }

    async fn whoever_shows_no_certificate_to_be_believed_is_told_nothing_and_it_is_said_why(app) {
        let (own, foreign) = (Authority::found("The company's own"), Authority::found("Somebody else's"));
        let mut last = None;
        for (receiver, fault) in [
            (Outside::secure_gateway(own.vouch("elsewhere.example")).await, json!("WRONG_NAME")),
            (Outside::secure_gateway(own.vouched_once("localhost")).await, json!("EXPIRED")),
            (Outside::gateway().await, Value::Null),
            (Outside::secure_gateway(foreign.vouch("localhost")).await, json!("UNKNOWN_AUTHORITY")),
        ] {
            let hook = enter_secure(&app, &receiver).await;
            app.report(json!({})).await;
            assert_eq!(send(&believing(&app, &own)).await, 0, "{fault}");
            assert_eq!((receiver.heard(), receiver.handed().len()), (0, 0), "{fault}");
            let row = oldest(&app, &hook).await;
            let expected = json!({
                "status": "WAITING", "attempts": 1, "failure": "UNREACHABLE", "certificateFault": fault, "lastHttpStatus": null,
            });
            assert_eq!(row, expected);
            let seen = look(&app, &hook).await;
            assert_eq!(at(&seen["firstFailedAt"]), app.services.now());
            assert!(at(&seen["nextAttemptAt"]) > app.services.now());
            last = Some((receiver, hook));
        }
        let (receiver, hook) = last.unwrap();
        let refused = json!({ "isDelivered": false, "failure": "UNREACHABLE", "certificateFault": "UNKNOWN_AUTHORITY" });
        assert_eq!(test(&app, &hook).await, refused, "a server that believes nobody but the system");
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(send(&believing(&app, &foreign)).await, 1, "what waited goes out once the authority is named");
        assert_eq!(receiver.handed().len(), 1);
        let row = oldest(&app, &hook).await;
        assert_eq!((&row["status"], &row["certificateFault"]), (&json!("DELIVERED"), &Value::Null));
    }
}
