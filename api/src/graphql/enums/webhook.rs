//! The closed lists around webhooks.

use async_graphql::Enum;
use entity::vocab;

/// What an operator's system is told of.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::EventKind")]
pub enum WebhookEventKind {
    /// 报事: every step of every ticket; messages of type `ticket.event`.
    TicketEvent,
    /// 满意度调查: a customer handed a survey in; messages of type `survey.submitted`.
    SurveySubmitted,
    /// 收房: a home was handed over; messages of type `handover.completed`.
    HandoverCompleted,
}

/// Whether an endpoint is sent anything.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::WebhookStatus")]
pub enum WebhookStatus {
    /// It is sent what happens.
    Active,
    /// Somebody has stopped it. What happens meanwhile is sent when it goes on.
    Paused,
    /// It was given up by itself: `disabledReason` says why.
    Disabled,
}

/// Why an endpoint was given up.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::WebhookEnd")]
pub enum WebhookDisabledReason {
    /// It answered 410: it is gone for ever.
    Gone,
    /// One message was not taken for three days.
    Failing,
}

/// Where a message to an endpoint stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::WebhookDeliveryStatus")]
pub enum WebhookDeliveryStatus {
    /// It is to be sent, or to be tried again.
    Waiting,
    /// The endpoint took it: it answered 2xx.
    Delivered,
    /// It was given up with its endpoint, and can be sent once more.
    Dead,
}

/// Why an attempt failed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::WebhookFailure")]
pub enum WebhookFailure {
    /// The endpoint answered, and not with 2xx. Redirects are not followed.
    Answered,
    /// It could not be reached, or no secure connection came about: `certificateFault` says when that was for its certificate.
    Unreachable,
    /// It did not answer in time.
    TooSlow,
    /// Its name leads to an address that may not be called.
    AddressRefused,
}

/// What was wrong with a server's certificate, so that nothing was sent to it.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::CertificateFault")]
pub enum CertificateFault {
    /// It is for other names than the one in the URL.
    WrongName,
    /// It has expired.
    Expired,
    /// It is not valid yet, or the clock of Anju's server is behind.
    NotYetValid,
    /// No authority that Anju believes has given it out, or the server does not show the certificates between it and one.
    UnknownAuthority,
    /// Something else.
    Other,
}
