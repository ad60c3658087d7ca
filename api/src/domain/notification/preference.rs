//! By which channels a person is told of what, when the person has not said otherwise. In the inbox is everything.

use entity::vocab::{NotificationChannel, NotificationKind};

/// Whether a notification goes by a channel. Emergencies go by every way there is.
pub fn is_wanted(
    kind: NotificationKind,
    channel: NotificationChannel,
    is_emergency: bool,
    chosen: Option<bool>,
) -> bool {
    is_emergency || chosen.unwrap_or_else(|| is_usual(kind, channel))
}

/// What costs money or disturbs goes out only where something has to be done by a day.
pub fn is_usual(kind: NotificationKind, channel: NotificationChannel) -> bool {
    use NotificationKind as K;
    match channel {
        NotificationChannel::Email => !matches!(kind, K::TicketStarted | K::TicketDispatched),
        NotificationChannel::Push => true,
        NotificationChannel::Sms => {
            matches!(kind, K::HandoverBooked | K::HandoverRescheduled | K::HandoverCancelled | K::TicketRescheduled)
        }
        NotificationChannel::Wechat => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_chose_goes_before_what_is_usual_and_an_emergency_before_both() {
        use NotificationChannel::{Email, Push, Sms, Wechat};
        let kind = NotificationKind::BulletinPublished;
        for (channel, is_emergency, chosen, expected) in [
            (Email, false, None, true),
            (Email, false, Some(false), false),
            (Push, false, None, true),
            (Push, false, Some(false), false),
            (Sms, false, None, false),
            (Sms, false, Some(true), true),
            (Wechat, false, None, false),
            (Wechat, true, Some(false), true),
            (Email, true, Some(false), true),
        ] {
            assert_eq!(
                is_wanted(kind, channel, is_emergency, chosen),
                expected,
                "{channel:?} {is_emergency} {chosen:?}"
            );
        }
    }
}
