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

use crate::domain::message::{Argument, Message, Name};

/// The language of whoever said nothing about it.
pub const DEFAULT: Language = Language::Zh;

/// The text of a message.
pub fn say(message: &Message, language: Language) -> String {
    let arguments = message.arguments();
    let arguments = arguments.into_iter().map(|(name, argument)| (name, filled(argument, language))).collect();
    bundle(language).write(message.key(), None, arguments).unwrap_or_else(|| message.key().to_owned())
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
        Argument::Code(name) if language == Language::En => Filled::Text(name.value.into()),
        Argument::Name(of) | Argument::Code(of) => Filled::Text(called(of, language)),
    }
}

fn called(of: Name, language: Language) -> String {
    name(&of.list, &of.value, language).unwrap_or_else(|| of.value.into())
}
