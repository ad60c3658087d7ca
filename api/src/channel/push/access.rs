//! The access token by which a push service knows us: asked for by one at a time, and kept until shortly before it ends. By which
//! words it is asked for is the service's affair.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, Url};
use tokio::sync::Mutex;

use super::{answer_of, later, retry_after, unanswered};
use crate::{channel::Undelivered, clock::Clock};

/// How much earlier than it ends a token is thought to.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// What is asked for a token.
pub(super) type Form = Vec<(&'static str, String)>;

struct Token {
    text: String,
    ends_at: DateTime<Utc>,
}

/// A token of one service, or the want of one.
pub(super) struct AccessToken {
    /// Who gives it, for the log.
    service: &'static str,
    client: Client,
    clock: Arc<dyn Clock>,
    url: Url,
    kept: Mutex<Option<Token>>,
}

impl AccessToken {
    pub(super) fn new(service: &'static str, client: Client, clock: Arc<dyn Clock>, url: Url) -> Self {
        Self { service, client, clock, url, kept: Mutex::new(None) }
    }

    /// The token, fetched anew shortly before it ends. Whoever comes meanwhile waits for it.
    pub(super) async fn get(
        &self,
        form: impl FnOnce(DateTime<Utc>) -> Result<Form, Undelivered>,
    ) -> Result<String, Undelivered> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        if let Some(token) = kept.as_ref().filter(|token| now < token.ends_at) {
            return Ok(token.text.clone());
        }
        let asked = self.client.post(self.url.clone()).form(&form(now)?).send().await;
        let response = asked.map_err(|error| unanswered(self.service, &error))?;
        let (status, wait) = (response.status(), retry_after(&response));
        let answer = answer_of(response).await;
        let Some(text) = answer["access_token"].as_str().filter(|_| status.is_success()) else {
            tracing::warn!(service = self.service, status = status.as_u16(), "there is no token for push messages");
            return Err(later(wait.as_deref(), now));
        };
        let lives = TimeDelta::try_seconds(answer["expires_in"].as_i64().unwrap_or(0)).unwrap_or_default();
        *kept = Some(Token { text: text.to_owned(), ends_at: now + lives - MARGIN });
        Ok(text.to_owned())
    }

    /// Forgets a token that the service takes no more. Another that has come in its place meanwhile stays.
    pub(super) async fn forget(&self, text: &str) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|token| token.text == text) {
            *kept = None;
        }
    }
}
