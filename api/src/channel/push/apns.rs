//! Apple's push service, over HTTP/2 and with a token that we sign ourselves.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::{Client, Response, Url};
use serde_json::{Value, json};

use super::{KEPT, answer_of, client, data, jwt::Signer, later, retry_after, text, title, unanswered};
use crate::{
    authorities::Authorities,
    channel::{BadChannel, Channel, Message, Undelivered},
    clock::Clock,
};

/// How long a token is used: Apple wants it to be between 20 and 60 minutes.
const USED: TimeDelta = TimeDelta::minutes(40);

/// What Apple knows us by.
pub struct Identity<'a> {
    /// The text of the key's file (.p8).
    pub key: &'a str,
    pub key_id: &'a str,
    pub team_id: &'a str,
    /// The app's bundle id.
    pub topic: &'a str,
}

/// The way by Apple's service.
pub struct Apns {
    client: Client,
    clock: Arc<dyn Clock>,
    url: Url,
    team_id: String,
    topic: String,
    signer: Signer,
    token: Mutex<Option<(String, DateTime<Utc>)>>,
}

impl Apns {
    pub fn new(
        identity: &Identity<'_>,
        url: &str,
        clock: Arc<dyn Clock>,
        authorities: &Authorities,
    ) -> Result<Self, BadChannel> {
        let unusable = || {
            BadChannel("it is not a key for Apple's push service (.p8), as the developer account makes it".to_owned())
        };
        let key = EncodingKey::from_ec_pem(identity.key.as_bytes()).map_err(|_| unusable())?;
        let signer = Signer::new(key, Algorithm::ES256, Some(identity.key_id));
        if !signer.works() {
            return Err(unusable());
        }
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| BadChannel("--apns-url takes an http or https URL".to_owned()))?;
        // Without TLS nobody can agree on HTTP/2, which is all that Apple speaks.
        let client = client(url.scheme() == "http", authorities)?;
        let (team_id, topic) = (identity.team_id.to_owned(), identity.topic.to_owned());
        Ok(Self { client, clock, url, team_id, topic, signer, token: Mutex::new(None) })
    }

    fn token(&self, now: DateTime<Utc>) -> Result<String, Undelivered> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((text, _)) = token.as_ref().filter(|(_, ends_at)| now < *ends_at) {
            return Ok(text.clone());
        }
        let text = self.signer.sign(&json!({ "iss": self.team_id, "iat": now.timestamp() }))?;
        *token = Some((text.clone(), now + USED));
        Ok(text)
    }

    async fn judge(&self, response: Response) -> Undelivered {
        let (status, wait) = (response.status().as_u16(), retry_after(&response));
        let answer = answer_of(response).await;
        match (status, answer["reason"].as_str().unwrap_or_default()) {
            (410, _) | (400, "BadDeviceToken" | "Unregistered") => Undelivered::Gone,
            (400 | 413, _) => Undelivered::Refused,
            (_, reason) => {
                if status == 403 {
                    *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
                }
                tracing::warn!(status, reason, "Apple did not take a push message");
                later(wait.as_deref(), self.clock.now())
            }
        }
    }
}

fn body(message: &Message) -> Value {
    let level = if message.is_emergency { "time-sensitive" } else { "active" };
    let mut body = data(message);
    body["aps"] = json!({
        "alert": { "title": title(message), "body": text(message) },
        "sound": "default",
        "interruption-level": level,
    });
    body
}

#[async_trait]
impl Channel for Apns {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        // A token is hexadecimal: anything else could lead to another path.
        if message.to.is_empty() || !message.to.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Undelivered::Refused);
        }
        let now = self.clock.now();
        let mut url = self.url.clone();
        url.set_path(&format!("/3/device/{}", message.to));
        let expires_at = u64::try_from(now.timestamp()).unwrap_or(0) + KEPT.as_secs();
        let request = self
            .client
            .post(url)
            .bearer_auth(self.token(now)?)
            .header("apns-id", message.id.hyphenated().to_string())
            // A repetition takes the place of the message that it repeats.
            .header("apns-collapse-id", message.id.simple().to_string())
            .header("apns-topic", &self.topic)
            .header("apns-push-type", "alert")
            .header("apns-priority", if message.is_emergency { "10" } else { "5" })
            .header("apns-expiration", expires_at.to_string());
        let sent = request.json(&body(message)).send().await;
        let response = sent.map_err(|error| unanswered("APNs", &error))?;
        if response.status().is_success() { Ok(()) } else { Err(self.judge(response).await) }
    }
}
