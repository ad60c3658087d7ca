//! What stands outside of the house: a mail server, a message gateway and push services, which say what they were handed.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::authority::{Secure, Shown};

/// How the other side behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// It will never take this.
    Refuses,
    /// Not now.
    IsBusy,
    /// Not for ten minutes.
    IsTired,
    /// There is nobody at this address any more.
    KnowsNobody,
    /// It hears the beginning and then says nothing any more.
    FallsSilent,
    /// It takes the message, and the connection breaks before it says so.
    BreaksOff,
    /// It takes the message, and never says so.
    TakesInSilence,
    /// Over HTTP: this status.
    Answers(u16),
    /// Over HTTP: not before so many seconds.
    AsksForPause(u32),
    /// Over HTTP: go to this port instead.
    Redirects(u16),
}

/// Something that was handed over.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The lines before the body.
    pub head: String,
    pub body: String,
    /// The body as it came, where it is no text.
    pub bytes: Vec<u8>,
}

impl Handed {
    /// A line of the head by its name.
    pub fn line(&self, name: &str) -> &str {
        let is_it = |line: &&str| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase()));
        let line = self.head.lines().find(is_it).unwrap_or_else(|| panic!("no {name} in {}", self.head));
        line.split_once(':').unwrap().1.trim()
    }
}

/// What is said over one connection, to its end.
pub(super) type Conversation = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// One of them, on a port of its own.
#[derive(Clone)]
pub struct Outside {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    mood: Mood,
    handed: Vec<Handed>,
    heard: usize,
    silences: usize,
    tokens: usize,
}

/// What Google gives for a signed word of a service account.
const TOKEN: &str = r#"{"access_token":"ya29.test","expires_in":3599,"token_type":"Bearer"}"#;

/// Google's way to say that a device is gone; browsers' services have only the status.
const UNREGISTERED: &str = r#"{"error":{"code":404,"status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}"#;

impl Outside {
    pub async fn mail_server() -> Self {
        Self::listen(|outside, stream| Box::pin(async move { outside.greet(stream).await })).await
    }

    pub async fn gateway() -> Self {
        Self::listen(|outside, stream| Box::pin(async move { outside.speak_http(stream).await })).await
    }

    /// The same over TLS, showing this certificate.
    pub async fn secure_gateway(shown: Shown) -> Self {
        let secure = Secure::showing(shown, &[]);
        Self::listen(move |outside, stream| {
            let secure = secure.clone();
            Box::pin(async move { outside.speak_http(secure.accept(stream).await?).await })
        })
        .await
    }

    pub(super) async fn listen(speak: impl Fn(Self, TcpStream) -> Conversation + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State { mood: Mood::Takes, handed: Vec::new(), heard: 0, silences: 0, tokens: 0 };
        let state = Arc::new(Mutex::new(state));
        let outside = Self { port, state };
        let own = outside.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever breaks off in the middle is the affair of the test.
                tokio::spawn(speak(own.clone(), stream));
            }
        });
        outside
    }

    pub fn be(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// Everything it was handed so far.
    pub fn handed(&self) -> Vec<Handed> {
        self.state.lock().unwrap().handed.clone()
    }

    /// How many requests it has read, whatever became of them.
    pub fn heard(&self) -> usize {
        self.state.lock().unwrap().heard
    }

    /// How many wait for a word of it in vain.
    pub fn silences(&self) -> usize {
        self.state.lock().unwrap().silences
    }

    /// How many tokens it has given out.
    pub fn tokens(&self) -> usize {
        self.state.lock().unwrap().tokens
    }

    pub(super) fn mood(&self) -> Mood {
        self.state.lock().unwrap().mood
    }

    /// Notes that a call was heard, and how it is to be answered.
    pub(super) fn hear(&self, is_token: bool) -> Mood {
        let mut state = self.state.lock().unwrap();
        if is_token {
            state.tokens += 1;
        } else {
            state.heard += 1;
        }
        state.mood
    }

    pub(super) fn take(&self, handed: Handed) {
        self.state.lock().unwrap().handed.push(handed);
    }

    async fn fall_silent(&self) {
        self.state.lock().unwrap().silences += 1;
        std::future::pending::<()>().await;
    }

    async fn greet(self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 outside ESMTP\r\n").await?;
        self.speak_smtp(stream).await
    }

    /// A conversation after its greeting.
    pub(super) async fn speak_smtp(self, mut stream: impl AsyncBufRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let word = line.get(..4).unwrap_or_default().to_uppercase();
            let answer: &[u8] = match word.as_str() {
                "EHLO" => b"250-outside\r\n250 8BITMIME\r\n",
                "RCPT" => match self.mood() {
                    Mood::Refuses | Mood::KnowsNobody => b"550 5.1.1 no such mailbox\r\n",
                    Mood::IsBusy | Mood::IsTired => b"451 4.3.0 not now\r\n",
                    Mood::FallsSilent => {
                        self.fall_silent().await;
                        b""
                    }
                    _ => b"250 2.1.5 ok\r\n",
                },
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mail = read_mail(&mut stream).await?;
                    self.take(mail);
                    match self.mood() {
                        Mood::BreaksOff => return Ok(()),
                        Mood::TakesInSilence => self.fall_silent().await,
                        _ => {}
                    }
                    b"250 2.0.0 taken\r\n"
                }
                "QUIT" => b"221 2.0.0 bye\r\n",
                _ => b"250 2.0.0 ok\r\n",
            };
            stream.write_all(answer).await?;
            line.clear();
        }
        Ok(())
    }

    async fn speak_http(self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let Some(handed) = read_request(&mut stream).await? else { return Ok(()) };
            let is_token = handed.head.starts_with("POST /token ");
            let mood = self.hear(is_token);
            if !is_token && matches!(mood, Mood::Takes | Mood::BreaksOff | Mood::TakesInSilence) {
                self.take(handed);
            }
            let (status, body) = match mood {
                _ if is_token => ("200 OK".to_owned(), TOKEN),
                Mood::Takes => ("201 Created".to_owned(), ""),
                Mood::Refuses => ("422 Unprocessable Content".to_owned(), ""),
                Mood::IsBusy => ("503 Service Unavailable".to_owned(), ""),
                Mood::IsTired => ("429 Too Many Requests\r\nRetry-After: 600".to_owned(), ""),
                Mood::KnowsNobody => ("404 Not Found".to_owned(), UNREGISTERED),
                Mood::Answers(status) => (format!("{status} Said"), ""),
                Mood::AsksForPause(seconds) => (format!("429 Too Many Requests\r\nRetry-After: {seconds}"), ""),
                Mood::Redirects(port) => (format!("307 Temporary Redirect\r\nLocation: http://127.0.0.1:{port}/"), ""),
                Mood::BreaksOff => return Ok(()),
                Mood::FallsSilent | Mood::TakesInSilence => {
                    self.fall_silent().await;
                    return Ok(());
                }
            };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await?;
        }
    }
}

/// A request over HTTP, unless there is none any more.
pub(super) async fn read_request(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Handed>> {
    let head = read_until_blank(stream).await?;
    if head.is_empty() {
        return Ok(None);
    }
    let mut handed = Handed { head, body: String::new(), bytes: Vec::new() };
    handed.bytes = vec![0; handed.line("content-length").parse().unwrap()];
    stream.read_exact(&mut handed.bytes).await?;
    handed.body = String::from_utf8_lossy(&handed.bytes).into_owned();
    Ok(Some(handed))
}

async fn read_until_blank(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<String> {
    let mut head = String::new();
    loop {
        let before = head.len();
        stream.read_line(&mut head).await?;
        if head[before..].trim().is_empty() {
            return Ok(head[..before].to_owned());
        }
    }
}

async fn read_mail(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Handed> {
    let head = read_until_blank(stream).await?;
    let mut body = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        body.push_str(&line);
        line.clear();
    }
    Ok(Handed { head, body, bytes: Vec::new() })
}
