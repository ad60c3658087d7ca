//! Firebase Cloud Messaging (HTTP v1): messages to Android, and to whatever else an app registers with it. We are known by a
//! service account, whose key is exchanged for a token from time to time.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::{Client, Response, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    KEPT, access::AccessToken, answer_of, client, data, jwt::Signer, later, retry_after, text, title, unanswered,
};
use crate::{
    authorities::Authorities,
    channel::{BadChannel, Channel, Message, Undelivered},
    clock::Clock,
};

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How long what we sign for a token is good.
const ASKED: TimeDelta = TimeDelta::hours(1);

/// What the file of a service account says.
#[derive(Deserialize)]
struct Account {
    project_id: String,
    client_email: String,
    private_key: String,
    token_uri: String,
}

/// The way by Google's service.
pub struct Fcm {
    client: Client,
    clock: Arc<dyn Clock>,
    send_url: Url,
    token_url: Url,
    email: String,
    signer: Signer,
    token: AccessToken,
}

impl Fcm {
    /// `credentials` is the JSON of a service account's key; tokens come from the address that it names.
    pub fn new(
        credentials: &str,
        url: &str,
        clock: Arc<dyn Clock>,
        authorities: &Authorities,
    ) -> Result<Self, BadChannel> {
        let unusable = "it is not the key of a service account (JSON), as the Firebase console makes it under \
                        Project settings, Service accounts";
        let bad = |why: &str| BadChannel(why.to_owned());
        let account: Account = serde_json::from_str(credentials).map_err(|_| bad(unusable))?;
        let key = EncodingKey::from_rsa_pem(account.private_key.as_bytes());
        let signer = Signer::new(key.map_err(|_| bad(unusable))?, Algorithm::RS256, None);
        if !signer.works() {
            return Err(bad(unusable));
        }
        let address = |text: &str| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let token_url = address(&account.token_uri).ok_or_else(|| bad("its token_uri is not an http or https URL"))?;
        let path = format!("{}/v1/projects/{}/messages:send", url.trim_end_matches('/'), account.project_id);
        let send_url = address(&path).ok_or_else(|| bad("--fcm-url takes an http or https URL"))?;
        let (client, email) = (client(false, authorities)?, account.client_email);
        let token = AccessToken::new("FCM", client.clone(), Arc::clone(&clock), token_url.clone());
        Ok(Self { client, clock, send_url, token_url, email, signer, token })
    }

    async fn token(&self) -> Result<String, Undelivered> {
        let form = |now: DateTime<Utc>| {
            let claims = json!({
                "iss": self.email,
                "scope": SCOPE,
                "aud": self.token_url.as_str(),
                "iat": now.timestamp(),
                "exp": (now + ASKED).timestamp(),
            });
            Ok(vec![("grant_type", GRANT.to_owned()), ("assertion", self.signer.sign(&claims)?)])
        };
        self.token.get(form).await
    }

    async fn judge(&self, response: Response, token: &str) -> Undelivered {
        let (status, wait) = (response.status().as_u16(), retry_after(&response));
        let answer = answer_of(response).await;
        let details = answer["error"]["details"].as_array();
        let code = details.into_iter().flatten().find_map(|detail| detail["errorCode"].as_str()).unwrap_or_default();
        match (status, code) {
            (_, "UNREGISTERED") => Undelivered::Gone,
            (400 | 413, _) | (403, "SENDER_ID_MISMATCH") => Undelivered::Refused,
            _ => {
                if status == 401 {
                    self.token.forget(token).await;
                }
                tracing::warn!(status, "Google did not take a push message");
                later(wait.as_deref(), self.clock.now())
            }
        }
    }
}

/// Each platform shows a repetition in the place of the message that it repeats.
fn body(message: &Message, now: DateTime<Utc>) -> Value {
    let (id, kept) = (message.id.simple().to_string(), KEPT.as_secs());
    let (android, apple) = if message.is_emergency { ("HIGH", "10") } else { ("NORMAL", "5") };
    let expires_at = u64::try_from(now.timestamp()).unwrap_or(0) + kept;
    json!({ "message": {
        "token": message.to,
        "notification": { "title": title(message), "body": text(message) },
        "data": data(message),
        "android": {
            "priority": android,
            "ttl": format!("{kept}s"),
            "collapse_key": id,
            "notification": { "tag": id },
        },
        "apns": { "headers": {
            "apns-collapse-id": id,
            "apns-priority": apple,
            "apns-expiration": expires_at.to_string(),
        } },
    } })
}

#[async_trait]
impl Channel for Fcm {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let token = self.token().await?;
        let request = self.client.post(self.send_url.clone()).bearer_auth(&token);
        let sent = request.json(&body(message, self.clock.now())).send().await;
        let response = sent.map_err(|error| unanswered("FCM", &error))?;
        if response.status().is_success() {
            // Read to its end, so that the connection serves the next message.
            answer_of(response).await;
            return Ok(());
        }
        Err(self.judge(response, &token).await)
    }
}
