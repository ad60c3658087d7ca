//! The words of a notification, in the two languages. What a template names in braces is filled in; nothing else of a
//! notification ever becomes text, so that no word of a report leaves the house on its own.

use entity::vocab::{Language, NotificationKind};

use super::Arguments;

/// What a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub title: String,
    pub body: String,
}

/// Writes a notification.
pub fn write(kind: NotificationKind, arguments: &Arguments, is_emergency: bool, language: Language) -> Text {
    let (title, body) = match language {
        Language::Zh => chinese(kind),
        Language::En => english(kind),
    };
    let mark = mark(is_emergency, language);
    Text { title: format!("{mark}{}", fill(title, arguments)), body: fill(body, arguments) }
}

/// That there is something new, and nothing of what it is: for a screen that others may look at.
pub fn discreet(is_emergency: bool, language: Language) -> Text {
    let (title, body) = match language {
        Language::Zh => ("您有新的消息", "请在应用中查看。"),
        Language::En => ("There is news for you", "Open the app to read it."),
    };
    Text { title: format!("{}{title}", mark(is_emergency, language)), body: body.to_owned() }
}

fn mark(is_emergency: bool, language: Language) -> &'static str {
    match (is_emergency, language) {
        (false, _) => "",
        (true, Language::Zh) => "【紧急】",
        (true, Language::En) => "EMERGENCY: ",
    }
}

fn fill(template: &str, arguments: &Arguments) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    // Walked once, so that what was filled in is never taken for a template.
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(value(name, arguments));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn value<'a>(name: &str, arguments: &'a Arguments) -> &'a str {
    let value = match name {
        "number" => &arguments.number,
        "title" => &arguments.title,
        "place" => &arguments.place,
        "time" => &arguments.time,
        _ => &None,
    };
    value.as_deref().unwrap_or_default()
}

fn chinese(kind: NotificationKind) -> (&'static str, &'static str) {
    use NotificationKind as K;
    match kind {
        K::TicketReported => ("新报事 {number}", "您负责的住户有新的报事 {number}，请尽快受理。"),
        K::TicketAccepted => ("报事已受理", "您的报事 {number} 已受理，我们会尽快安排。"),
        K::TicketAssigned => ("新任务 {number}", "工单 {number} 已派给您，请按时到场。"),
        K::TicketDispatched => ("已安排人员", "您的报事 {number} 已安排人员处理。"),
        K::TicketStarted => ("已开始处理", "您的报事 {number} 已开始处理。"),
        K::TicketOnHold => ("处理暂停", "您的报事 {number} 暂停处理，原因请在应用中查看。"),
        K::TicketResolved => ("请确认处理结果", "您的报事 {number} 已处理完成，请确认或退回。"),
        K::TicketConfirmed => ("结果已确认", "工单 {number} 的处理结果已确认。"),
        K::TicketRejected => ("结果被退回", "工单 {number} 的处理结果被业主退回，请重新处理。"),
        K::TicketClosed => ("报事已关闭", "您的报事 {number} 已完成回访并关闭。"),
        K::TicketEscalated => ("工单已升级", "工单 {number} 已升级，由经理跟进。"),
        K::TicketCancelled => ("工单已取消", "工单 {number} 已取消。"),
        K::TicketReopened => ("工单已重开", "工单 {number} 已重新打开。"),
        K::TicketRescheduled => ("预约已改期", "工单 {number} 的预约时间已更改，请在应用中查看。"),
        K::TicketReturned => ("工单回到队列", "工单 {number} 的处理人不在岗，请重新派单。"),
        K::TicketOverdue => ("工单超时", "工单 {number} 已超过时限，请立即处理。"),
        K::BulletinPublished => ("{title}", "您有一条新的公告：{title}。全文请在应用中查看。"),
        K::MilestoneReached => ("{title}", "工程进展：{title}。详情请在应用中查看。"),
        K::WarrantyEnding => ("{title}", "保修提醒：{title}。如有问题请在到期前报修。"),
        K::SurveyInvited => ("邀请您评价：{title}", "请在应用中填写{title}，您的意见对我们很重要。"),
        K::HandoverBooked => ("收房已预约", "{place} 的收房已预约在 {time}，请带好证件。"),
        K::HandoverRescheduled => ("收房已改期", "{place} 的收房已改到 {time}。"),
        K::HandoverCancelled => ("收房预约已取消", "{place} 的收房预约已取消，请另选时间。"),
    }
}

fn english(kind: NotificationKind) -> (&'static str, &'static str) {
    use NotificationKind as K;
    match kind {
        K::TicketReported => {
            ("New report {number}", "A household of yours has reported {number}. Please accept it soon.")
        }
        K::TicketAccepted => {
            ("Your report was accepted", "Your report {number} was accepted; somebody will be sent soon.")
        }
        K::TicketAssigned => ("New task {number}", "Ticket {number} is yours. Please arrive in time."),
        K::TicketDispatched => ("Somebody is on the way", "Somebody was assigned to your report {number}."),
        K::TicketStarted => ("Work has begun", "Work on your report {number} has begun."),
        K::TicketOnHold => ("Work is on hold", "Your report {number} is on hold; the app says why."),
        K::TicketResolved => {
            ("Please confirm the result", "Your report {number} is resolved. Please confirm or reject it.")
        }
        K::TicketConfirmed => ("Result confirmed", "The result of ticket {number} is confirmed."),
        K::TicketRejected => {
            ("Result rejected", "The owner rejected the result of ticket {number}. Please see to it again.")
        }
        K::TicketClosed => ("Your report is closed", "Your report {number} was followed up and closed."),
        K::TicketEscalated => ("Ticket escalated", "Ticket {number} went to the manager."),
        K::TicketCancelled => ("Ticket cancelled", "Ticket {number} was cancelled."),
        K::TicketReopened => ("Ticket reopened", "Ticket {number} was reopened."),
        K::TicketRescheduled => ("Appointment moved", "The appointment of ticket {number} has moved; see the app."),
        K::TicketReturned => {
            ("Ticket is back in the queue", "Whoever had ticket {number} is away. Please assign it anew.")
        }
        K::TicketOverdue => ("Ticket overdue", "Ticket {number} has missed a deadline. Please see to it at once."),
        K::BulletinPublished => ("{title}", "There is a new bulletin: {title}. Read it in the app."),
        K::MilestoneReached => ("{title}", "Progress of construction: {title}. Read more in the app."),
        K::WarrantyEnding => ("{title}", "A warranty ends soon: {title}. Please report defects before."),
        K::SurveyInvited => {
            ("We ask for your opinion: {title}", "Please answer \u{201c}{title}\u{201d} in the app. It matters to us.")
        }
        K::HandoverBooked => {
            ("Handover booked", "The handover of {place} is booked for {time}. Please bring your papers.")
        }
        K::HandoverRescheduled => ("Handover moved", "The handover of {place} has moved to {time}."),
        K::HandoverCancelled => {
            ("Handover cancelled", "The handover of {place} was cancelled. Please choose another time.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Arguments {
        let some = |text: &str| Some(text.to_owned());
        Arguments { number: some("YT-1"), title: some("{number}"), place: some("1-101"), time: some("09:00") }
    }

    #[test]
    fn every_kind_has_words_in_both_languages_and_names_only_what_there_is() {
        for kind in NotificationKind::ALL {
            let [zh, en] = [Language::Zh, Language::En].map(|language| write(*kind, &whole(), false, language));
            assert_ne!(zh, en, "{kind:?}");
            for text in [&zh, &en] {
                assert!(!text.title.is_empty() && !text.title.contains('\n') && !text.body.is_empty(), "{kind:?}");
            }
            assert!(en.body.is_ascii() || en.body.contains('\u{201c}'), "{kind:?} mixes languages: {}", en.body);
            for templates in [chinese(*kind), english(*kind)] {
                for part in [templates.0, templates.1] {
                    let names = part.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0);
                    for name in names {
                        assert!(["number", "title", "place", "time"].contains(&name), "{kind:?} names {name}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_filled_in_is_no_template() {
        let text = write(NotificationKind::BulletinPublished, &whole(), false, Language::En);
        assert_eq!(text.title, "{number}");
    }

    #[test]
    fn an_emergency_says_so_first() {
        let title = |language| write(NotificationKind::BulletinPublished, &whole(), true, language).title;
        assert_eq!(
            (title(Language::Zh), title(Language::En)),
            ("【紧急】{number}".into(), "EMERGENCY: {number}".into())
        );
    }

    #[test]
    fn what_is_discreet_says_nothing_but_that_it_is_urgent() {
        for language in [Language::Zh, Language::En] {
            let (usual, urgent) = (discreet(false, language), discreet(true, language));
            assert!(urgent.title.ends_with(&usual.title) && urgent.title != usual.title);
            assert_eq!(urgent.body, usual.body);
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let text = write(NotificationKind::TicketClosed, &Arguments::default(), false, Language::Zh);
        assert_eq!(text.body, "您的报事  已完成回访并关闭。");
    }
}
