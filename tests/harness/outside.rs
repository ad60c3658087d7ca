//! What stands outside of the house: a mail server and a message gateway, which say what they were handed.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How the other side behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// It will never take this.
    Refuses,
    /// Not now.
    IsBusy,
    /// It hears the beginning and then says nothing any more.
    FallsSilent,
    /// It takes the message, and the connection breaks before it says so.
    BreaksOff,
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
type Conversation = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

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
}

impl Outside {
    pub async fn mail_server() -> Self {
        Self::listen(|outside, stream| Box::pin(async move { outside.speak_smtp(stream).await })).await
    }

    pub async fn gateway() -> Self {
        Self::listen(|outside, stream| Box::pin(async move { outside.speak_http(stream).await })).await
    }

    async fn listen(speak: fn(Self, TcpStream) -> Conversation) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { mood: Mood::Takes, handed: Vec::new(), heard: 0, silences: 0 }));
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

    fn mood(&self) -> Mood {
        self.state.lock().unwrap().mood
    }

    fn take(&self, handed: Handed) {
        self.state.lock().unwrap().handed.push(handed);
    }

    async fn fall_silent(&self) {
        self.state.lock().unwrap().silences += 1;
        std::future::pending::<()>().await;
    }

    async fn speak_smtp(self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 outside ESMTP\r\n").await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let word = line.get(..4).unwrap_or_default().to_uppercase();
            let answer: &[u8] = match word.as_str() {
                "EHLO" => b"250-outside\r\n250 8BITMIME\r\n",
                "RCPT" => match self.mood() {
                    Mood::Refuses => b"550 5.1.1 no such mailbox\r\n",
                    Mood::IsBusy => b"451 4.3.0 not now\r\n",
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
                    if self.mood() == Mood::BreaksOff {
                        return Ok(());
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

    async fn speak_http(self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let head = read_until_blank(&mut stream).await?;
            if head.is_empty() {
                return Ok(());
            }
            let mut handed = Handed { head, body: String::new() };
            let mut body = vec![0; handed.line("content-length").parse().unwrap()];
            stream.read_exact(&mut body).await?;
            handed.body = String::from_utf8(body).unwrap();
            self.state.lock().unwrap().heard += 1;
            let mood = self.mood();
            if matches!(mood, Mood::Takes | Mood::BreaksOff) {
                self.take(handed);
            }
            let answer = match mood {
                Mood::Takes => "204 No Content".to_owned(),
                Mood::Refuses => "422 Unprocessable Content".to_owned(),
                Mood::IsBusy => "503 Service Unavailable".to_owned(),
                Mood::Answers(status) => format!("{status} Said"),
                Mood::AsksForPause(seconds) => format!("429 Too Many Requests\r\nRetry-After: {seconds}"),
                Mood::Redirects(port) => {
                    format!("307 Temporary Redirect\r\nLocation: http://127.0.0.1:{port}/")
                }
                Mood::BreaksOff => return Ok(()),
                Mood::FallsSilent => {
                    self.fall_silent().await;
                    return Ok(());
                }
            };
            stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await?;
        }
    }
}

async fn read_until_blank(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut head = String::new();
    loop {
        let before = head.len();
        stream.read_line(&mut head).await?;
        if head[before..].trim().is_empty() {
            return Ok(head[..before].to_owned());
        }
    }
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> io::Result<Handed> {
    let head = read_until_blank(stream).await?;
    let mut body = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        body.push_str(&line);
        line.clear();
    }
    Ok(Handed { head, body })
}
