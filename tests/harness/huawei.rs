//! Huawei's push service, and its accounts that give tokens for it, at one address.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::{
    authority::{Secure, Shown},
    outside::{Handed, Outside, read_request},
};

pub const CLIENT_ID: &str = "104567890";
pub const CLIENT_SECRET: &str = "s+cret&/=";

/// Huawei, which says what it was handed.
#[derive(Clone)]
pub struct Huawei {
    pub outside: Outside,
    state: Arc<Mutex<State>>,
}

struct State {
    status: u16,
    code: String,
    msg: String,
    /// How many of the tokens that it has given are good no more.
    ended: usize,
    /// Whether it takes no token at all.
    is_closed: bool,
    /// What it was asked for its tokens.
    forms: Vec<String>,
    /// What is wrong with its tokens.
    refusal: Option<u16>,
}

pub async fn push_service() -> Huawei {
    let state = state();
    let own = Arc::clone(&state);
    let outside = Outside::listen(move |outside, stream| {
        let huawei = Huawei { outside, state: Arc::clone(&own) };
        Box::pin(async move { huawei.speak(stream).await })
    });
    Huawei { outside: outside.await, state }
}

/// The same over TLS, showing this certificate.
pub async fn secure_push_service(shown: Shown) -> Outside {
    let (secure, state) = (Secure::showing(shown, &[]), state());
    Outside::listen(move |outside, stream| {
        let (huawei, secure) = (Huawei { outside, state: Arc::clone(&state) }, secure.clone());
        Box::pin(async move { huawei.speak(secure.accept(stream).await?).await })
    })
    .await
}

fn state() -> Arc<Mutex<State>> {
    let (code, msg) = ("80000000".to_owned(), "Success".to_owned());
    let state = State { status: 200, code, msg, ended: 0, is_closed: false, forms: Vec::new(), refusal: None };
    Arc::new(Mutex::new(state))
}

impl Huawei {
    /// What it says to each message from now on.
    pub fn says(&self, status: u16, code: &str) {
        self.says_of(status, code, "…");
    }

    pub fn says_of(&self, status: u16, code: &str, msg: &str) {
        let mut state = self.state.lock().unwrap();
        (state.status, state.code, state.msg) = (status, code.to_owned(), msg.to_owned());
    }

    pub fn takes(&self) {
        self.says(200, "80000000");
    }

    /// Every token that it has given ends.
    pub fn end_tokens(&self) {
        let given = self.outside.tokens();
        self.state.lock().unwrap().ended = given;
    }

    /// Takes no token at all, or takes the newest again.
    pub fn close(&self, is_closed: bool) {
        self.state.lock().unwrap().is_closed = is_closed;
    }

    /// With which status it refuses tokens, if it does.
    pub fn refuse_tokens(&self, refusal: Option<u16>) {
        self.state.lock().unwrap().refusal = refusal;
    }

    pub fn forms(&self) -> Vec<String> {
        self.state.lock().unwrap().forms.clone()
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(handed) = read_request(&mut stream).await? {
            let (status, body) = self.answer(handed);
            let pause = if status == 429 { "Retry-After: 600\r\n" } else { "" };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} Said\r\n{pause}Content-Length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }

    fn answer(&self, handed: Handed) -> (u16, String) {
        let is_token = handed.head.starts_with("POST /oauth2/v3/token ");
        self.outside.hear(is_token);
        let mut state = self.state.lock().unwrap();
        if is_token {
            state.forms.push(handed.body);
            return match state.refusal {
                Some(status) => (status, json!({ "error": 1101, "sub_error": 12304 }).to_string()),
                None => (200, given(self.outside.tokens())),
            };
        }
        let number = handed.line("authorization").strip_prefix("Bearer hms/").and_then(|rest| rest.strip_suffix('='));
        let number: usize = number.and_then(|number| number.parse().ok()).unwrap_or(0);
        if state.is_closed || number <= state.ended {
            return (401, said("80200003", "OAuth token expired"));
        }
        if (state.status, state.code.as_str()) == (200, "80000000") {
            self.outside.take(handed);
        }
        (state.status, said(&state.code, &state.msg))
    }
}

/// A token with its number. Huawei puts a stroke before strokes, as JSON allows.
fn given(number: usize) -> String {
    format!(r#"{{"access_token":"hms\/{number}=","expires_in":3600,"token_type":"Bearer"}}"#)
}

fn said(code: &str, msg: &str) -> String {
    json!({ "code": code, "msg": msg, "requestId": "157" }).to_string()
}
