//! The words of a notification. What a text names is filled in; nothing else of a notification ever becomes text, so that
//! no word of a report leaves the house on its own.

use entity::vocab::NotificationKind;

use super::{
    Language,
    bundle::{Filled, bundle},
    say,
};
use crate::domain::notification::Arguments;

/// What a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub title: String,
    pub body: String,
}

/// Writes a notification.
pub fn tell(kind: NotificationKind, arguments: &Arguments, is_emergency: bool, language: Language) -> Text {
    let texts = bundle(language);
    let part =
        |part| texts.write(&format!("Told-{kind:?}"), Some(part), filled(arguments, language)).unwrap_or_default();
    Text { title: marked(part("title"), is_emergency, language), body: part("body") }
}

/// That there is something new, and nothing of what it is: for a screen that others may look at.
pub fn discreet(is_emergency: bool, language: Language) -> Text {
    let part = |part| bundle(language).write("Told-Discreet", Some(part), Vec::new()).unwrap_or_default();
    Text { title: marked(part("title"), is_emergency, language), body: part("body") }
}

fn marked(title: String, is_emergency: bool, language: Language) -> String {
    if !is_emergency {
        return title;
    }
    let marked = bundle(language).write("Told-Emergency", None, vec![("title", Filled::Text(title.clone()))]);
    marked.unwrap_or(title)
}

/// What is not known is left out.
fn filled(arguments: &Arguments, language: Language) -> Vec<(&'static str, Filled)> {
    let Arguments { number, title, written, place, time } = arguments;
    let title = &written.as_ref().map(|written| say(written, language)).or(title.clone());
    let filled = |text: &Option<String>| Filled::Text(text.clone().unwrap_or_default());
    vec![("number", filled(number)), ("title", filled(title)), ("place", filled(place)), ("time", filled(time))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Arguments {
        let some = |text: &str| Some(text.to_owned());
        Arguments {
            number: some("YT-1"),
            title: some("{ $number }"),
            place: some("1-101"),
            time: some("09:00"),
            ..Arguments::default()
        }
    }

    #[test]
    fn every_kind_has_words_in_both_languages() {
        for kind in NotificationKind::ALL {
            let [zh, en] = [Language::Zh, Language::En].map(|language| tell(*kind, &whole(), false, language));
            assert_ne!(zh, en, "{kind:?}");
            for text in [&zh, &en] {
                assert!(!text.title.is_empty() && !text.title.contains('\n') && !text.body.is_empty(), "{kind:?}");
            }
            assert!(en.body.is_ascii() || en.body.contains('\u{201c}'), "{kind:?} mixes languages: {}", en.body);
        }
    }

    #[test]
    fn what_was_filled_in_is_no_text_of_ours() {
        let text = tell(NotificationKind::BulletinPublished, &whole(), false, Language::En);
        assert_eq!(text.title, "{ $number }");
    }

    #[test]
    fn an_emergency_says_so_first() {
        let title = |language| tell(NotificationKind::BulletinPublished, &whole(), true, language).title;
        assert_eq!(
            (title(Language::Zh), title(Language::En)),
            ("【紧急】{ $number }".into(), "EMERGENCY: { $number }".into())
        );
    }

    #[test]
    fn what_is_discreet_says_nothing_but_that_it_is_urgent() {
        for (language, title) in [(Language::Zh, "您有新的消息"), (Language::En, "There is news for you")] {
            let (usual, urgent) = (discreet(false, language), discreet(true, language));
            assert_eq!(usual.title, title);
            assert!(urgent.title.ends_with(&usual.title) && urgent.title != usual.title);
            assert_eq!(urgent.body, usual.body);
            assert!(!usual.body.is_empty());
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let text = tell(NotificationKind::TicketClosed, &Arguments::default(), false, Language::Zh);
        assert_eq!(text.body, "您的报事  已完成回访并关闭。");
    }
}
