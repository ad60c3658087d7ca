//! Web Push (RFC 8030): messages to browsers, by the service that each browser has chosen. Its address came from a client:
//! it is called like every address that somebody entered.

use std::sync::Arc;

use async_trait::async_trait;
use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsDer, Pkcs8V1Der},
};
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::json;

use super::{KEPT, Subscription, data, encrypt::decode, jwt::Signer, later, text, title};
use crate::{
    channel::{BadChannel, Channel, Message, Undelivered, outbound::Outbound},
    clock::{Clock, random_bytes},
};

/// How long a push service may believe who we are; the standard allows a day.
const BELIEVED: TimeDelta = TimeDelta::hours(12);

/// The way to browsers.
pub struct WebPush {
    outbound: Outbound,
    clock: Arc<dyn Clock>,
    signer: Signer,
    /// What browsers subscribe with.
    public_key: String,
    contact: String,
}

impl WebPush {
    /// `key` is the private key as `web-push generate-vapid-keys` prints it: 32 bytes in base64url. `contact` is whom a
    /// push service turns to (RFC 8292).
    pub fn new(key: &str, contact: &str, outbound: Outbound, clock: Arc<dyn Clock>) -> Result<Self, BadChannel> {
        let unusable = || {
            let made = "`npx web-push generate-vapid-keys` makes one";
            BadChannel(format!("it is not a private key of P-256, 32 bytes in base64url; {made}"))
        };
        if !contact.starts_with("mailto:") && !contact.starts_with("https://") {
            return Err(BadChannel("--vapid-contact takes mailto:somebody@example.com or an https URL".to_owned()));
        }
        let bytes = decode(key).ok_or_else(unusable)?;
        let private = PrivateKey::from_private_key(&ECDH_P256, &bytes).map_err(|_| unusable())?;
        let public = private.compute_public_key().map_err(|_| unusable())?;
        let document: Pkcs8V1Der<'_> = private.as_der().map_err(|_| unusable())?;
        let signer = Signer::new(EncodingKey::from_ec_der(document.as_ref()), Algorithm::ES256, None);
        if !signer.works() {
            return Err(unusable());
        }
        let public_key = BASE64URL_NOPAD.encode(public.as_ref());
        Ok(Self { outbound, clock, signer, public_key, contact: contact.to_owned() })
    }

    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Says who we are to the service at an address, and to no other.
    fn authorization(&self, endpoint: &Url) -> Result<String, Undelivered> {
        let expires_at = (self.clock.now() + BELIEVED).timestamp();
        let audience = endpoint.origin().ascii_serialization();
        let token = self.signer.sign(&json!({ "aud": audience, "exp": expires_at, "sub": self.contact }))?;
        Ok(format!("vapid t={token}, k={}", self.public_key))
    }

    fn headers(&self, message: &Message, endpoint: &Url) -> Result<HeaderMap, Undelivered> {
        let urgency = if message.is_emergency { "high" } else { "normal" };
        let (authorization, kept) = (self.authorization(endpoint)?, KEPT.as_secs().to_string());
        let topic = message.id.simple().to_string();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", authorization.as_str()),
            ("content-type", "application/octet-stream"),
            ("content-encoding", "aes128gcm"),
            ("ttl", &kept),
            ("urgency", urgency),
            // A repetition takes the place of the message as long as the browser has not fetched it.
            ("topic", &topic),
        ] {
            let value = HeaderValue::from_str(value).map_err(|_| Undelivered::Refused)?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }

    fn sealed(message: &Message, subscription: &Subscription) -> Result<Vec<u8>, Undelivered> {
        let mut plain = data(message);
        plain["title"] = json!(title(message));
        plain["body"] = json!(text(message));
        let ours = PrivateKey::generate(&ECDH_P256).map_err(|_| Undelivered::Unavailable)?;
        // Only a browser's keys can be at fault: they were looked at when it registered.
        subscription.encrypt(plain.to_string().as_bytes(), &ours, random_bytes()).map_err(|_| Undelivered::Refused)
    }
}

#[async_trait]
impl Channel for WebPush {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let subscription: Subscription = serde_json::from_str(&message.to).map_err(|_| Undelivered::Refused)?;
        let endpoint = self.outbound.check(&subscription.endpoint).map_err(|_| Undelivered::Refused)?;
        let (headers, body) = (self.headers(message, &endpoint)?, Self::sealed(message, &subscription)?);
        let answer = match self.outbound.post(endpoint.as_str(), headers, body).await {
            Ok(answer) => answer,
            Err(crate::channel::outbound::Unanswered::Bad(_)) => return Err(Undelivered::Refused),
            Err(error) => {
                tracing::warn!(%error, "a browser's push service was not told");
                return Err(Undelivered::Unavailable);
            }
        };
        match answer.status() {
            200..=299 => Ok(()),
            404 | 410 => Err(Undelivered::Gone),
            400 | 413 => Err(Undelivered::Refused),
            status => {
                tracing::warn!(status, "a browser's push service did not take a message");
                Err(later(answer.header("retry-after"), self.clock.now()))
            }
        }
    }
}
