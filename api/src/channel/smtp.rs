//! Email, handed to the company's own mail server.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{self, response::Severity},
};

use super::{BadChannel, Channel, Message, Undelivered};

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
    pub fn new(url: &str, from: &str) -> Result<Self, BadChannel> {
        // The library's error may hold the URL, and with it the password.
        let unusable = "it is not a URL such as smtps://user:password@host or smtp://host:25?tls=required";
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| BadChannel(unusable.to_owned()))?;
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

/// Only what the server says of this message and its recipient is final. That it does not let us in at all, or wants
/// another kind of connection, is for the operator to mend, and the messages wait for it.
fn judge(error: &smtp::Error) -> Undelivered {
    let of_the_message = |code: u16| matches!(code, 501 | 521 | 550..=556);
    match error.status() {
        Some(code) if code.severity == Severity::PermanentNegativeCompletion && of_the_message(code.into()) => {
            Undelivered::Refused
        }
        _ => {
            tracing::warn!(status = error.status().map(u16::from), "the mail server did not take a message");
            Undelivered::Unavailable
        }
    }
}
