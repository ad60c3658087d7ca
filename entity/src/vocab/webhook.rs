//! What operators' systems are told of, and how that goes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// What happened, as operators' systems ask for it.
    EventKind {
        /// A step of a ticket.
        TicketEvent,
        /// A customer handed a survey in.
        SurveySubmitted,
        /// A home was handed over.
        HandoverCompleted,
    }

    /// Whether an endpoint is sent anything.
    WebhookStatus {
        Active,
        /// Somebody has stopped it for a while.
        Paused,
        /// It was given up.
        Disabled,
    }

    /// Why an endpoint was given up.
    WebhookEnd {
        /// It answered that it is gone for ever (410).
        Gone,
        /// One message was not taken for three days.
        Failing,
    }

    /// Where a message to an endpoint stands.
    WebhookDeliveryStatus {
        /// To be sent, or to be tried again.
        Waiting,
        /// The endpoint took it.
        Delivered,
        /// Given up with its endpoint.
        Dead,
    }

    /// Why an attempt failed.
    WebhookFailure {
        /// The endpoint answered, and not with success.
        Answered,
        Unreachable,
        TooSlow,
        /// Its address is none that may be called.
        AddressRefused,
    }

    /// What was wrong with a server's certificate, so that nothing was said to it.
    CertificateFault {
        /// It is for other names.
        WrongName,
        Expired,
        NotYetValid,
        /// No authority that is believed has given it out.
        UnknownAuthority,
        Other,
    }
}
