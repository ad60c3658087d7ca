//! The closed lists around notifications.

use async_graphql::Enum;
use entity::vocab;

/// What a notification says. New kinds may be added: show the `title` and `body` of one that you don't know.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::NotificationKind")]
pub enum NotificationKind {
    /// 新报事, to the ambassador: something was reported in one of your households.
    TicketReported,
    /// 已受理, to the owners: the report was accepted.
    TicketAccepted,
    /// 派单, to the assignee: the ticket is yours.
    TicketAssigned,
    /// 已派人, to the owners: somebody is sent.
    TicketDispatched,
    /// 开始处理, to the owners: work has begun.
    TicketStarted,
    /// 暂停, to the owners: work waits for a stated reason.
    TicketOnHold,
    /// 待确认, to the owners: please confirm or reject the result.
    TicketResolved,
    /// 已确认, to whoever worked on it and the ambassador: the result was confirmed; to the owners when the system did so for them.
    TicketConfirmed,
    /// 退回, to whoever worked on it and the ambassador: the owner is not content.
    TicketRejected,
    /// 已关闭, to the owners: the report was followed up and closed.
    TicketClosed,
    /// 升级, to owners, ambassador and managers: the ticket went to the manager.
    TicketEscalated,
    /// 取消, to everyone around the ticket but whoever did it.
    TicketCancelled,
    /// 重开, to owners and ambassador.
    TicketReopened,
    /// 改期, to everyone around the ticket but whoever did it: the appointment has moved.
    TicketRescheduled,
    /// 回到队列, to the ambassador: the assignee is away, somebody has to be assigned anew.
    TicketReturned,
    /// 超时, to assignee, ambassador and managers: a deadline was missed.
    TicketOverdue,
    /// 公告, to the owners it was delivered to: a bulletin came out.
    BulletinPublished,
    /// 工程进展, to customers with a contract: a milestone of construction was reached.
    MilestoneReached,
    /// 保修到期, to the owners: a warranty ends in two months.
    WarrantyEnding,
    /// 满意度调查, to the customer: a survey asks for your opinion.
    SurveyInvited,
    /// 收房预约, to the customer who comes: somebody booked the handover for you.
    HandoverBooked,
    /// 收房改期, to the customer who comes.
    HandoverRescheduled,
    /// 收房取消, to the customer who comes.
    HandoverCancelled,
}

/// The languages that people are written to in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Language")]
pub enum Language {
    /// 简体中文, Simplified Chinese.
    Zh,
    /// English.
    En,
}

/// The ways by which you are told beside the inbox.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::NotificationChannel")]
pub enum NotificationChannel {
    /// 电子邮件: to the address of your settings.
    Email,
    /// 短信: a text message to your phone.
    Sms,
    /// 微信: to the account that the company knows by your phone number.
    Wechat,
    /// 推送: to each of your registered devices that has a push service.
    Push,
}

/// Who brings a message to a device.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::PushService")]
pub enum PushService {
    /// The service of a browser (Web Push).
    WebPush,
    /// Firebase Cloud Messaging.
    Fcm,
    /// Apple Push Notification service.
    Apns,
    /// Huawei Push Kit (华为推送), for phones that have Huawei's services in the place of Google's.
    Hms,
}

/// Where a message stands on its way through a channel.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::DeliveryStatus")]
pub enum DeliveryStatus {
    /// To be sent, or to be tried again.
    Waiting,
    /// The other side took it.
    Sent,
    /// Not sent, because it was read in the app before, or nobody could be reached there any more.
    Dropped,
    /// Given up.
    Dead,
}

/// Why a message did not go out.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::DeliveryFailure")]
pub enum DeliveryFailure {
    /// The other side could not be reached, was too slow, or failed, for a day.
    Unavailable,
    /// The other side will not take this message: there is no such address.
    Refused,
}
