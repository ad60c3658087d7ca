//! The one room in which what is said to people becomes a text, in Chinese or in English. The texts are the files in
//! `texts`, which become part of the program. Everything below yields codes with what they are filled in with
//! (`domain::message`), and who is read to in which language is decided where the reader is known.

mod accept;
mod bundle;
pub mod names;
mod notification;
#[cfg(test)]
mod tests;

pub use accept::accepted;
pub use entity::vocab::Language;
pub use notification::{Text, discreet, tell};

use bundle::{Filled, bundle};

use std::borrow::Cow;

use serde::Deserialize;

use crate::domain::{
    bulletin::{Line, Notice},
    message::{Argument, Name, Said, Written},
};

/// The language of whoever said nothing about it.
pub const DEFAULT: Language = Language::Zh;

/// The text of a message.
pub fn say(message: &impl Said, language: Language) -> String {
    let arguments = message.arguments();
    let arguments = arguments.into_iter().map(|(name, argument)| (name, filled(argument, language))).collect();
    bundle(language).write(message.key(), None, arguments).unwrap_or_else(|| message.key().to_owned())
}

/// What the house wrote by itself, as it was kept; what is stored as a text when it was not, as with all that people wrote.
pub fn written<'a>(kept: Option<&serde_json::Value>, stored: &'a str, language: Language) -> Cow<'a, str> {
    match kept.and_then(|kept| Written::deserialize(kept).ok()) {
        Some(written) => say(&written, language).into(),
        None => stored.into(),
    }
}

/// A bulletin that the house writes by itself.
pub fn notice(notice: &Notice, language: Language) -> Text {
    let line = |line: &Line| match line {
        Line::Written(written) => say(written, language),
        Line::Typed(text) => text.clone(),
    };
    let body: Vec<String> = notice.body.iter().map(line).collect();
    Text { title: say(&notice.title, language), body: body.join("\n") }
}

/// What a value of one of the API's closed lists is called.
pub fn name(list: &str, value: &str, language: Language) -> Option<String> {
    bundle(language).write(list, Some(value), Vec::new())
}

fn filled(argument: Argument, language: Language) -> Filled {
    match argument {
        Argument::Number(number) => Filled::Number(number),
        Argument::Text(text) => Filled::Text(text),
        Argument::Message(message) => Filled::Text(say(&message, language)),
        Argument::Written(written) => Filled::Text(say(&written, language)),
        Argument::Day(day) => Filled::Text(day.format(dates(language).0).to_string()),
        Argument::Month(month) => Filled::Text(month.format(dates(language).1).to_string()),
        Argument::Names(names) => {
            Filled::Text(names.into_iter().map(|of| called(of, language)).collect::<Vec<_>>().join(between(language)))
        }
        Argument::Words(words) => Filled::Text(words.join(between(language))),
        Argument::Code(name) if language == Language::En => Filled::Text(name.value.into()),
        Argument::Name(of) | Argument::Code(of) => Filled::Text(called(of, language)),
    }
}

/// What stands between things that are named one after another.
fn between(language: Language) -> &'static str {
    match language {
        Language::Zh => "、",
        Language::En => ", ",
    }
}

/// How a day and a month are written.
fn dates(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Zh => ("%Y年%-m月%-d日", "%Y年%-m月"),
        Language::En => ("%-d %B %Y", "%B %Y"),
    }
}

fn called(of: Name, language: Language) -> String {
    name(&of.list, &of.value, language).unwrap_or_else(|| of.value.into())
}
