//! What people are told of, and in which language.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// What a notification says, and to whom it is said.
    NotificationKind {
        /// To the ambassador: something was reported in a household.
        TicketReported,
        TicketAccepted,
        /// To the assignee.
        TicketAssigned,
        /// To the owners: somebody is sent.
        TicketDispatched,
        TicketStarted,
        TicketOnHold,
        /// To the owners: please confirm or reject.
        TicketResolved,
        TicketConfirmed,
        /// To those who worked on it: the owner is not content.
        TicketRejected,
        TicketClosed,
        TicketEscalated,
        TicketCancelled,
        TicketReopened,
        TicketRescheduled,
        /// To the ambassador: the assignee is away, it waits in the queue again.
        TicketReturned,
        /// A deadline was missed.
        TicketOverdue,
        BulletinPublished,
        MilestoneReached,
        WarrantyEnding,
        SurveyInvited,
        HandoverBooked,
        HandoverRescheduled,
        HandoverCancelled,
    }

    /// The ways by which a notification leaves the house.
    NotificationChannel {
        /// 电子邮件
        Email,
        /// 短信
        Sms,
        /// 微信
        Wechat,
        /// 推送, to every registered device.
        Push,
    }

    /// Who brings a message to a device.
    PushService {
        /// A browser's own service (RFC 8030).
        WebPush,
        /// Firebase Cloud Messaging.
        Fcm,
        /// Apple's.
        Apns,
        /// Huawei's.
        Hms,
    }

    /// Where a notification stands on its way through a channel.
    DeliveryStatus {
        /// To be sent, or to be tried again.
        Waiting,
        /// The other side took it.
        Sent,
        /// Not worth sending any more: it was read meanwhile, or is no longer to be seen.
        Dropped,
        /// Given up.
        Dead,
    }

    /// Why a notification did not go out.
    DeliveryFailure {
        /// The other side could not be reached, was too slow, or failed.
        Unavailable,
        /// The other side will not take it.
        Refused,
    }

    /// The languages that people are written to in.
    Language {
        /// 简体中文
        Zh,
        En,
    }
}
