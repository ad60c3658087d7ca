//! Huawei's push service (Push Kit), for phones that have its services in Google's place. What is sent and answered is said by
//! its page "Sending Downlink Messages" (下行消息),
//! <https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197>, and how one comes to a
//! token by "Client Credentials", <https://developer.huawei.com/consumer/cn/doc/HMSCore-Guides/oauth2-0000001212610981>. That
//! is the first version of its address, which Android and HarmonyOS up to 4 are reached by.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use super::{KEPT, access::AccessToken, answer_of, client, data, later, retry_after, text, title, unanswered};
use crate::{
    authorities::Authorities,
    channel::{BadChannel, Channel, Message, Undelivered},
    clock::Clock,
};

/// The longest client id, in digits.
const LONGEST_ID: usize = 64;

/// What a touch on a message does: it opens the app.
const OPENS_APP: i32 = 3;

/// What Huawei knows us by.
pub struct Application<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a str,
    /// The kind of message that Huawei lets the app say its messages are.
    pub category: Option<&'a str>,
}

/// Where Huawei is.
pub struct Addresses<'a> {
    pub push: &'a str,
    pub tokens: &'a str,
}

/// The way by Huawei's service.
pub struct Hms {
    client: Client,
    clock: Arc<dyn Clock>,
    send_url: Url,
    client_id: String,
    client_secret: String,
    category: Option<String>,
    token: AccessToken,
}

/// Huawei does not take the token that we show.
struct NotLetIn;

impl Hms {
    pub fn new(
        application: &Application<'_>,
        addresses: &Addresses<'_>,
        clock: Arc<dyn Clock>,
        authorities: &Authorities,
    ) -> Result<Self, BadChannel> {
        check(application).map_err(|why| BadChannel(why.to_owned()))?;
        let address = |flag: &str, url: &str, path: &str| {
            let whole = Url::parse(&format!("{}{path}", url.trim_end_matches('/'))).ok();
            let whole = whole.filter(|url| matches!(url.scheme(), "http" | "https"));
            whole.ok_or_else(|| BadChannel(format!("{flag} takes an http or https URL")))
        };
        let Application { client_id, client_secret, category } = application;
        let send_url = address("--hms-url", addresses.push, &format!("/v1/{client_id}/messages:send"))?;
        let token_url = address("--hms-token-url", addresses.tokens, "/oauth2/v3/token")?;
        let client = client(false, authorities)?;
        let token = AccessToken::new("HMS", client.clone(), Arc::clone(&clock), token_url);
        Ok(Self {
            client,
            clock,
            send_url,
            client_id: (*client_id).to_owned(),
            client_secret: (*client_secret).to_owned(),
            category: category.map(str::to_owned),
            token,
        })
    }

    async fn token(&self) -> Result<String, Undelivered> {
        let form = |_| {
            Ok(vec![
                ("grant_type", "client_credentials".to_owned()),
                ("client_id", self.client_id.clone()),
                ("client_secret", self.client_secret.clone()),
            ])
        };
        self.token.get(form).await
    }

    async fn post(&self, token: &str, message: &Message) -> Result<Result<(), Undelivered>, NotLetIn> {
        let request = self.client.post(self.send_url.clone()).bearer_auth(token);
        let response = match request.json(&body(message, self.category.as_deref())).send().await {
            Ok(response) => response,
            Err(error) => return Ok(Err(unanswered("HMS", &error))),
        };
        let (status, wait) = (response.status().as_u16(), retry_after(&response));
        let answer = answer_of(response).await;
        let meaning = meaning(status, &answer, &message.to);
        if !matches!(meaning, Meaning::Taken | Meaning::Gone) {
            let code = answer["code"].as_str().unwrap_or_default();
            tracing::warn!(status, code, "Huawei did not take a push message");
        }
        match meaning {
            Meaning::Taken => Ok(Ok(())),
            Meaning::NotLetIn => Err(NotLetIn),
            Meaning::Gone => Ok(Err(Undelivered::Gone)),
            Meaning::Refused => Ok(Err(Undelivered::Refused)),
            Meaning::NotNow => Ok(Err(later(wait.as_deref(), self.clock.now()))),
        }
    }
}

fn check(application: &Application<'_>) -> Result<(), &'static str> {
    let Application { client_id, client_secret, category } = application;
    if client_id.is_empty() || client_id.len() > LONGEST_ID || !client_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("it is not the OAuth 2.0 client ID of an app, which is digits; AppGallery Connect shows it under \
                    Project settings");
    }
    if client_secret.is_empty() || !client_secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("--hms-client-secret takes the client secret that AppGallery Connect shows beside the client ID");
    }
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if category.is_some_and(|category| !is_word(category)) {
        return Err("--hms-category takes a category that Huawei has granted to the app, such as WORK");
    }
    Ok(())
}

/// A repetition is shown in the place of the message that it repeats. What an app gets beside title and text is a JSON text.
/// How urgent a message is, is not said: that takes a right of its own, without which Huawei refuses the message.
fn body(message: &Message, category: Option<&str>) -> Value {
    let mut body = json!({ "validate_only": false, "message": {
        "token": [message.to],
        "notification": { "title": title(message), "body": text(message) },
        "data": data(message).to_string(),
        "android": {
            "ttl": format!("{}s", KEPT.as_secs()),
            "notification": {
                "tag": message.id.simple().to_string(),
                "click_action": { "type": OPENS_APP },
            },
        },
    } });
    if let Some(category) = category {
        body["message"]["android"]["category"] = json!(category);
    }
    body
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Taken,
    /// The token that we show has ended, or is not one for this app.
    NotLetIn,
    /// The device's token is none any more.
    Gone,
    /// It will never take this message: its form, its words, or the app's rights.
    Refused,
    NotNow,
}

fn meaning(status: u16, answer: &Value, to: &str) -> Meaning {
    match (status, answer["code"].as_str().unwrap_or_default()) {
        (429 | 500.., _) => Meaning::NotNow,
        (_, "80000000") => Meaning::Taken,
        // Taken for some of the devices and not for those that it names; ours is one.
        (_, "80100000") if names(answer, to) => Meaning::Gone,
        (_, "80100000") => Meaning::Taken,
        (_, "80300007") => Meaning::Gone,
        (401, _) | (_, "80200001" | "80200003") => Meaning::NotLetIn,
        (_, code) if code.starts_with("801") || code.starts_with("803") => Meaning::Refused,
        (400 | 413, "") => Meaning::Refused,
        _ => Meaning::NotNow,
    }
}

/// Whether a device is among those that are said to be none. That is JSON in a text.
fn names(answer: &Value, to: &str) -> bool {
    let told = answer["msg"].as_str().and_then(|told| serde_json::from_str::<Value>(told).ok()).unwrap_or_default();
    told["illegal_tokens"].as_array().is_some_and(|tokens| tokens.iter().any(|token| token == to))
}

#[async_trait]
impl Channel for Hms {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let token = self.token().await?;
        if let Ok(outcome) = self.post(&token, message).await {
            return outcome;
        }
        // A token may end before its time: a fresh one is tried at once, and once.
        self.token.forget(&token).await;
        let token = self.token().await?;
        self.post(&token, message).await.unwrap_or(Err(Undelivered::Unavailable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_one_meaning() {
        let said = |code: &str| json!({ "code": code, "msg": "…", "requestId": "157" });
        let partly =
            |token: &str| json!({ "code": "80100000", "msg": json!({ "illegal_tokens": [token] }).to_string() });
        let table = [
            (200, said("80000000"), Meaning::Taken),
            (200, partly("ours"), Meaning::Gone),
            (200, partly("another's"), Meaning::Taken),
            (200, said("80100000"), Meaning::Taken),
            (200, said("80300007"), Meaning::Gone),
            (400, said("80300007"), Meaning::Gone),
            (200, said("80200001"), Meaning::NotLetIn),
            (401, said("80200003"), Meaning::NotLetIn),
            (401, Value::Null, Meaning::NotLetIn),
            (200, said("80100001"), Meaning::Refused),
            (400, said("80100003"), Meaning::Refused),
            (200, said("80100016"), Meaning::Refused),
            (200, said("80300002"), Meaning::Refused),
            (200, said("80300008"), Meaning::Refused),
            (400, Value::Null, Meaning::Refused),
            (413, Value::Null, Meaning::Refused),
            (200, said("80600003"), Meaning::NotNow),
            (200, said("81000001"), Meaning::NotNow),
            (200, said("82000001"), Meaning::NotNow),
            (200, Value::Null, Meaning::NotNow),
            (302, Value::Null, Meaning::NotNow),
            (404, Value::Null, Meaning::NotNow),
            (429, Value::Null, Meaning::NotNow),
            (500, Value::Null, Meaning::NotNow),
            (502, json!("a proxy's page"), Meaning::NotNow),
            (503, said("80300007"), Meaning::NotNow),
        ];
        for (status, answer, expected) in table {
            assert_eq!(meaning(status, &answer, "ours"), expected, "{status} {answer}");
        }
    }
}
