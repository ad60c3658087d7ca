//! Messages to devices, by the push services of browsers, Google, Huawei and Apple. A message carries its title and text, as far as
//! its recipient allows, and a cursor by which an app finds what is new; nothing else of a person. Which devices there are
//! is not known here.

mod access;
pub mod apns;
mod encrypt;
pub mod fcm;
pub mod hms;
mod jwt;
pub mod web;

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, Response, redirect};
use serde_json::{Value, json};

pub use encrypt::{BadKeys, LONGEST_ENDPOINT, Subscription};

use super::{BadChannel, Message, Undelivered};
use crate::authorities::{Authorities, certificate_fault};

/// How long a push service keeps a message for a device that is away. What comes later is in the inbox.
const KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// For one call, from connecting to the last byte.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read: reasons are short.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How much of a title and a text goes out, in characters: push services take 4 KiB in all.
const LONGEST_TITLE: usize = 120;
const LONGEST_TEXT: usize = 400;

/// A client for the operator's own addresses.
fn client(over_http_2_alone: bool, authorities: &Authorities) -> Result<Client, BadChannel> {
    // Following a redirect would hand the message to an address that nobody configured; so would a proxy from the
    // environment.
    let builder = Client::builder().redirect(redirect::Policy::none()).no_proxy().timeout(PATIENCE);
    let builder = if over_http_2_alone { builder.http2_prior_knowledge() } else { builder };
    authorities.trusted_by(builder).build().map_err(|_| BadChannel("the HTTPS client could not be set up".to_owned()))
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn title(message: &Message) -> String {
    short(&message.title, LONGEST_TITLE)
}

fn text(message: &Message) -> String {
    short(&message.body, LONGEST_TEXT)
}

/// What an app gets beside title and text. All of it is text: one of the services takes nothing else.
fn data(message: &Message) -> Value {
    json!({
        "id": message.id.simple().to_string(),
        "kind": message.kind,
        "cursor": message.cursor,
        "isEmergency": if message.is_emergency { "true" } else { "false" },
    })
}

/// What a service says when it can't take a message at the moment, and perhaps for how long.
fn later(retry_after: Option<&str>, now: DateTime<Utc>) -> Undelivered {
    let seconds = retry_after.and_then(|text| {
        let text = text.trim();
        let until = || DateTime::parse_from_rfc2822(text).ok().map(|at| (at.with_timezone(&Utc) - now).num_seconds());
        text.parse().ok().or_else(|| until().and_then(|seconds| u64::try_from(seconds).ok()))
    });
    seconds.map_or(Undelivered::Unavailable, |seconds| Undelivered::Later(Duration::from_secs(seconds)))
}

/// A call that got no answer. Nothing was said to a service whose certificate can't be believed.
fn unanswered(service: &str, error: &reqwest::Error) -> Undelivered {
    if let Some(fault) = certificate_fault(error) {
        tracing::warn!(service, ?fault, "a push service's certificate can't be believed");
    }
    Undelivered::Unavailable
}

fn retry_after(response: &Response) -> Option<String> {
    response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// What a service answers, as far as it is JSON and not too long.
async fn answer_of(mut response: Response) -> Value {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if bytes.len() + chunk.len() > LONGEST_ANSWER {
            return Value::Null;
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_says_how_long_to_wait_in_seconds_or_by_a_date() {
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        let wait = |text| later(Some(text), now);
        assert_eq!(wait("120"), Undelivered::Later(Duration::from_secs(120)));
        assert_eq!(wait("Mon, 23 Nov 2026 01:01:00 GMT"), Undelivered::Later(Duration::from_secs(60)));
        for nothing in ["Mon, 23 Nov 2026 00:01:00 GMT", "soon", "-1", ""] {
            assert_eq!(wait(nothing), Undelivered::Unavailable, "{nothing}");
        }
        assert_eq!(later(None, now), Undelivered::Unavailable);
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(short("停水通知", 4), "停水通知");
        assert_eq!(short("停水通知了", 4), "停水通…");
    }
}
