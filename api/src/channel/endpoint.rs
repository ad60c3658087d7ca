//! Signed messages to addresses that operators entered (Standard Webhooks).

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::outbound::{Outbound, Unanswered};
use crate::auth::signature::Signer;

/// One message to an endpoint.
pub struct Posting<'a> {
    pub url: &'a str,
    /// The same over all attempts: the other side can drop a repetition by it.
    pub id: &'a str,
    pub body: String,
}

/// What the endpoint answered. Its words are nobody's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub retry_after: Option<String>,
}

/// Posts a message once, signed at this moment.
pub async fn post(
    outbound: &Outbound,
    signer: &Signer,
    posting: Posting<'_>,
    now: DateTime<Utc>,
) -> Result<Answered, Unanswered> {
    let timestamp = now.timestamp().to_string();
    let signature = signer.sign(posting.id, &timestamp, &posting.body);
    let mut headers = HeaderMap::new();
    let lines = [
        ("content-type", "application/json"),
        ("webhook-id", posting.id),
        ("webhook-timestamp", &*timestamp),
        ("webhook-signature", &*signature),
    ];
    for (name, value) in lines {
        headers.insert(name, HeaderValue::from_str(value).expect("our own words are plain"));
    }
    let answer = outbound.post(posting.url, headers, posting.body).await?;
    let answered =
        Answered { status: answer.status(), retry_after: answer.header(RETRY_AFTER.as_str()).map(str::to_owned) };
    // Read to its end, the connection is free for the next message; what it says is dropped.
    drop(answer.body().await);
    Ok(answered)
}
