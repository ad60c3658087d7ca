//! How a one-time code leaves the house: the port, and its three ways — the log of a demo, a webhook to the company's
//! own message gateway, and a memory for tests. Making and checking codes is not done here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::{Client, StatusCode, Url, redirect};
use serde_json::json;

use super::signature::Signer;
use crate::authorities::{Authorities, certificate_fault};
use crate::clock::{Clock, Ids};

/// Why a code did not go out. It never holds the phone number or the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The gateway could not be reached, was too slow, or failed; trying again later may help.
    #[error("the message gateway is not available")]
    Unavailable,
    /// The gateway answered that it will not do this.
    #[error("the message gateway refused with status {0}")]
    Refused(u16),
}

/// A way to bring a one-time code to a phone.
#[async_trait]
pub trait CodeDelivery: Send + Sync + 'static {
    /// Hands the code over. `Ok` means that the other side took it, not that the phone has it.
    async fn deliver(&self, phone: &str, code: &str, expires_at: DateTime<Utc>) -> Result<(), DeliveryError>;
}

/// Writes codes to the log, for a demo without a gateway. This is the only place that ever logs one.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogDelivery;

#[async_trait]
impl CodeDelivery for LogDelivery {
    async fn deliver(&self, phone: &str, code: &str, expires_at: DateTime<Utc>) -> Result<(), DeliveryError> {
        let expires_at = expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        tracing::info!(phone = masked(phone), code, expires_at, "one-time code for sign-in");
        Ok(())
    }
}

/// Enough to know one's own phone by, in a log that others may read.
fn masked(phone: &str) -> String {
    let start = phone.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    format!("…{}", &phone[start..])
}

/// Keeps the last code of each phone, for tests.
#[derive(Debug, Default)]
pub struct MemoryDelivery {
    codes: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
}

impl MemoryDelivery {
    /// The last code that went to this phone, and when it expires.
    pub fn last(&self, phone: &str) -> Option<(String, DateTime<Utc>)> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).get(phone).cloned()
    }
}

#[async_trait]
impl CodeDelivery for MemoryDelivery {
    async fn deliver(&self, phone: &str, code: &str, expires_at: DateTime<Utc>) -> Result<(), DeliveryError> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.insert(phone.to_owned(), (code.to_owned(), expires_at));
        Ok(())
    }
}

/// A webhook that cannot be used as it is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWebhook {
    #[error("the webhook's address must be an http or https URL")]
    Url,
    #[error("the webhook's secret must be base64 of 24 to 64 bytes, with or without `whsec_` before it")]
    Secret,
    #[error("the HTTPS client could not be set up")]
    Client,
}

/// How patient a webhook call is.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For one attempt, from connecting to the last byte.
    attempt: Duration,
    /// Before the second attempt; twice that before the third.
    backoff: Duration,
}

const PATIENCE: Patience = Patience { attempt: Duration::from_secs(5), backoff: Duration::from_millis(250) };
const ATTEMPTS: u32 = 3;

/// Sends codes to the company's message gateway as a signed POST, as Standard Webhooks says: `webhook-id` is the same
/// over all attempts, so the gateway can drop a repetition; `webhook-signature` covers id, time and body.
pub struct WebhookDelivery {
    client: Client,
    url: Url,
    signer: Signer,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    patience: Patience,
}

impl WebhookDelivery {
    /// A webhook to `url`, signed with `secret` (`whsec_` and base64).
    pub fn new(
        url: &str,
        secret: &str,
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
        authorities: &Authorities,
    ) -> Result<WebhookDelivery, BadWebhook> {
        let url = Url::parse(url).map_err(|_| BadWebhook::Url)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadWebhook::Url);
        }
        // Following a redirect would hand the code to an address that nobody configured; so would a proxy from the
        // environment.
        let builder = Client::builder().redirect(redirect::Policy::none()).no_proxy();
        let client = authorities.trusted_by(builder).build().map_err(|_| BadWebhook::Client)?;
        let signer = Signer::new([secret]).map_err(|_| BadWebhook::Secret)?;
        Ok(WebhookDelivery { client, url, signer, clock, ids, patience: PATIENCE })
    }

    /// Posts a body of JSON once, signed. The id is that of the message, over all attempts.
    pub async fn post(&self, id: &str, body: &str) -> Result<(), DeliveryError> {
        let timestamp = self.clock.now().timestamp().to_string();
        let request = self
            .client
            .post(self.url.clone())
            .timeout(self.patience.attempt)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-signature", self.signer.sign(id, &timestamp, body))
            .header("webhook-timestamp", timestamp)
            .body(body.to_owned());
        let answer = request.send().await.map_err(|error| {
            if let Some(fault) = certificate_fault(&error) {
                tracing::warn!(?fault, "the message gateway's certificate can't be believed");
            }
            DeliveryError::Unavailable
        })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(DeliveryError::Unavailable)
            }
            status => Err(DeliveryError::Refused(status.as_u16())),
        }
    }
}

#[async_trait]
impl CodeDelivery for WebhookDelivery {
    async fn deliver(&self, phone: &str, code: &str, expires_at: DateTime<Utc>) -> Result<(), DeliveryError> {
        let now = self.clock.now();
        let id = format!("msg_{}", self.ids.new_id(now).simple());
        let instant = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        let body = json!({
            "type": "sign_in.code",
            "timestamp": instant(now),
            "data": { "phone": phone, "code": code, "expiresAt": instant(expires_at) },
        })
        .to_string();
        let mut outcome = self.post(&id, &body).await;
        for retry in 0..ATTEMPTS - 1 {
            if outcome != Err(DeliveryError::Unavailable) {
                break;
            }
            tokio::time::sleep(self.patience.backoff * 2_u32.pow(retry)).await;
            outcome = self.post(&id, &body).await;
        }
        outcome
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
