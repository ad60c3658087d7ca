//! A mail server that takes mail over TLS (STARTTLS) from those who log in. Its certificate is signed by an authority of
//! the tests' own; both are in `tls/`, and good for nothing else.

use std::{io, path::PathBuf, sync::Arc};

use data_encoding::BASE64;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use super::outside::Outside;

const CERTIFICATE: &[u8] = include_bytes!("tls/server.pem");
const KEY: &[u8] = include_bytes!("tls/server.key");

/// Who may send mail, with the password.
pub const LOGIN: (&str, &str) = ("anju", "s@crt");

/// The file of the authority, for whoever is to trust the server.
pub fn authority() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("harness/tls/authority.pem")
}

pub async fn mail_server() -> Outside {
    Outside::listen(|outside, stream| Box::pin(async move { serve(outside, stream).await })).await
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Without TLS, nothing but the way to it is offered.
async fn serve(outside: Outside, stream: TcpStream) -> io::Result<()> {
    let mut plain = BufReader::new(stream);
    plain.write_all(b"220 outside ESMTP\r\n").await?;
    let mut line = String::new();
    while plain.read_line(&mut line).await? > 0 {
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => plain.write_all(b"250-outside\r\n250 STARTTLS\r\n").await?,
            "STAR" => {
                plain.write_all(b"220 2.0.0 go on\r\n").await?;
                let secure = acceptor().accept(plain.into_inner()).await?;
                return log_in(outside, BufReader::new(secure)).await;
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
