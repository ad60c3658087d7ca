//! Email, handed to the company's own mail server.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        self,
        client::{Certificate, Tls, TlsParameters},
        response::Severity,
    },
};
use reqwest::Url;

use super::{BadChannel, Channel, Message, Undelivered};
use crate::authorities::{Authorities, certificate_fault};

/// How long the server may take for one step of the conversation, and for all of it.
const STEP: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(20);

/// A mail server that takes our messages.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// The server of a URL: `smtps://user:password@host`, or `smtp://host:25`, with `?tls=required` to insist on STARTTLS.
    pub fn new(url: &str, from: &str, authorities: &Authorities) -> Result<Self, BadChannel> {
        // The library's error may hold the URL, and with it the password.
        let unusable = "it is not a URL such as smtps://user:password@host or smtp://host:25?tls=required";
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| BadChannel(unusable.to_owned()))?;
        let tls = tls(url, authorities).map_err(|_| BadChannel("TLS could not be set up".to_owned()))?;
        let builder = tls.into_iter().fold(builder, |builder, tls| builder.tls(tls));
        let from = from
            .parse()
            .map_err(|_| BadChannel("--mail-from takes an address such as Anju <no-reply@example.com>".to_owned()))?;
        Ok(Self { transport: builder.timeout(Some(STEP)).build(), from })
    }

    fn mail(&self, message: &Message) -> Option<Mail> {
        let id = format!("<{}@{}>", message.id.simple(), self.from.email.domain());
        let mail = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, message.to.parse().ok()?))
            .message_id(Some(id))
            .date(message.at.into())
            .subject(message.title.clone())
            .header(ContentType::TEXT_PLAIN);
        mail.body(message.body.clone()).ok()
    }
}

#[async_trait]
impl Channel for Smtp {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let mail = self.mail(message).ok_or(Undelivered::Refused)?;
        match tokio::time::timeout(WHOLE, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => Err(Undelivered::Unavailable),
        }
    }
}

/// How the library is to encrypt, as it reads the URL itself, with the company's own authorities believed too; none when that
/// changes nothing.
fn tls(url: &str, authorities: &Authorities) -> Result<Option<Tls>, smtp::Error> {
    let Some(url) = Url::parse(url).ok().filter(|_| !authorities.is_empty()) else { return Ok(None) };
    let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let encrypted = match (url.scheme(), wanted.as_deref()) {
        ("smtps", _) => Tls::Wrapper,
        ("smtp", Some("required")) => Tls::Required,
        ("smtp", Some("opportunistic")) => Tls::Opportunistic,
        _ => return Ok(None),
    };
    let own = Certificate::from_pem(authorities.pem())?;
    let host = url.host_str().unwrap_or_default().to_owned();
    Ok(Some(encrypted(TlsParameters::builder(host).add_root_certificate(own).build()?)))
}

/// Only what the server says of this message and its recipient is final. That it does not let us in at all, or wants
/// another kind of connection, is for the operator to mend, and the messages wait for it.
fn judge(error: &smtp::Error) -> Undelivered {
    let of_the_message = |code: u16| matches!(code, 501 | 521 | 550..=556);
    match error.status() {
        Some(code) if code.severity == Severity::PermanentNegativeCompletion && of_the_message(code.into()) => {
            Undelivered::Refused
        }
        _ => {
            let (status, certificate_fault) = (error.status().map(u16::from), certificate_fault(error));
            tracing::warn!(status, ?certificate_fault, "the mail server did not take a message");
            Undelivered::Unavailable
        }
    }
}
