//! A mail server that takes mail over TLS (STARTTLS) from those who log in.

use std::io;

use data_encoding::BASE64;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{
    authority::{Secure, Shown},
    outside::Outside,
};

/// Who may send mail, with the password.
pub const LOGIN: (&str, &str) = ("anju", "s@crt");

/// One that shows this certificate.
pub async fn mail_server(shown: Shown) -> Outside {
    let secure = Secure::showing(shown, &[]);
    Outside::listen(move |outside, stream| {
        let secure = secure.clone();
        Box::pin(async move { serve(outside, &secure, stream).await })
    })
    .await
}

/// Without TLS, nothing but the way to it is offered.
async fn serve(outside: Outside, secure: &Secure, stream: TcpStream) -> io::Result<()> {
    let mut plain = BufReader::new(stream);
    plain.write_all(b"220 outside ESMTP\r\n").await?;
    let mut line = String::new();
    while plain.read_line(&mut line).await? > 0 {
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => plain.write_all(b"250-outside\r\n250 STARTTLS\r\n").await?,
            "STAR" => {
                plain.write_all(b"220 2.0.0 go on\r\n").await?;
                let stream = secure.accept(plain.into_inner()).await?;
                return log_in(outside, BufReader::new(stream)).await;
            }
            "QUIT" => plain.write_all(b"221 2.0.0 bye\r\n").await?,
            _ => plain.write_all(b"530 5.7.0 STARTTLS first\r\n").await?,
        }
        line.clear();
    }
    Ok(())
}

async fn log_in<S>(outside: Outside, mut secure: BufReader<S>) -> io::Result<()>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (name, password) = LOGIN;
    let expected = format!("AUTH PLAIN {}", BASE64.encode(format!("\0{name}\0{password}").as_bytes()));
    let mut line = String::new();
    while secure.read_line(&mut line).await? > 0 {
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => secure.write_all(b"250-outside\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n").await?,
            "AUTH" if line.trim_end() == expected => {
                secure.write_all(b"235 2.7.0 welcome\r\n").await?;
                return outside.speak_smtp(secure).await;
            }
            "AUTH" => secure.write_all(b"535 5.7.8 wrong password\r\n").await?,
            "QUIT" => secure.write_all(b"221 2.0.0 bye\r\n").await?,
            _ => secure.write_all(b"530 5.7.0 log in first\r\n").await?,
        }
        line.clear();
    }
    Ok(())
}
