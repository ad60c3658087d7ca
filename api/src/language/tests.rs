//! Both languages say the same: the same texts, filled in with the same; and there is one for everything that is said.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser::parse,
};

use super::{
    Language,
    bundle::{CHINESE, ENGLISH},
    say,
};
use crate::domain::message::{MESSAGES, Message};

/// What is filled into each text, by the text's key.
type Texts = BTreeMap<String, BTreeSet<String>>;

fn texts(file: &str) -> Texts {
    let resource = parse(file).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut texts = Texts::new();
    let mut keep = |key: String, pattern: &Pattern<&str>| {
        assert!(texts.insert(key.clone(), filled(pattern)).is_none(), "{key} is there twice");
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                if let Some(pattern) = &message.value {
                    keep(message.id.name.to_owned(), pattern);
                }
                for attribute in &message.attributes {
                    keep(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("neither a text nor a comment: {other:?}"),
        }
    }
    texts
}

fn filled(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let variable = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { .. } => None,
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
            Some(id.name.to_owned())
        }
        other => panic!("nothing but what is filled in: {other:?}"),
    };
    pattern.elements.iter().filter_map(variable).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| matches!(letter, '\u{4e00}'..='\u{9fff}'))
}

#[test]
fn both_languages_have_the_same_texts_filled_in_with_the_same() {
    for (chinese, english) in CHINESE.iter().zip(ENGLISH) {
        assert_eq!(texts(chinese), texts(english));
    }
}

#[test]
fn there_is_a_text_for_everything_that_is_said() {
    let said: Texts = MESSAGES
        .iter()
        .map(|(key, arguments)| ((*key).to_owned(), arguments.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    assert_eq!(texts(CHINESE[0]), said);
}

#[test]
fn no_language_holds_words_of_the_other() {
    for file in ENGLISH {
        let mixed: Vec<_> = file.lines().filter(|line| is_chinese(line)).collect();
        assert!(mixed.is_empty(), "{mixed:?}");
    }
    let is_text = |line: &&str| line.contains(" = ") && !line.starts_with('#');
    for file in CHINESE {
        let foreign: Vec<_> = file.lines().filter(is_text).filter(|line| !is_chinese(line)).collect();
        // The names of makers' systems are the same everywhere; a text may be made of what is filled in alone.
        let is_bare = |line: &str| line == "    .IOS = iOS" || line.contains(" = { $");
        assert!(foreign.iter().all(|line| is_bare(line)), "{foreign:?}");
    }
}

#[test]
fn what_is_said_is_filled_in() {
    use entity::vocab::{Department, TicketAction, TicketStatus};
    let (zh, en) = (Language::Zh, Language::En);
    for (message, language, expected) in [
        (Message::PageSize { most: 100.into() }, en, "A page has 1 to 100 entries."),
        (Message::PageSize { most: 100.into() }, zh, "每页为 1 至 100 条。"),
        (Message::TooManyTries { minutes: 12_345.into() }, en, "Too many tries. Try again in 12345 minutes."),
        (
            Message::NotPossibleIn { action: TicketAction::Start.into(), status: TicketStatus::OnHold.into() },
            zh,
            "工单处于“已暂停”状态时无法执行“到场”。请重新加载工单：可能已有人先行处理。",
        ),
        (
            Message::ReviewedAndRejected { department: Department::Legal.into(), version: 3.into() },
            en,
            "LEGAL rejected version 3.",
        ),
        (
            Message::ReviewedAndRejected { department: Department::Legal.into(), version: 3.into() },
            zh,
            "法务否决了第 3 版。",
        ),
    ] {
        assert_eq!(say(&message, language), expected);
    }
}

#[test]
fn what_is_wrong_with_a_field_is_said_after_or_before_its_name() {
    let what = Box::new(Message::MustBeFromTo { least: 1.into(), most: 5.into() });
    let message = Message::AboutField { field: "rating".to_owned(), what };
    assert_eq!(say(&message, Language::En), "rating must be from 1 to 5.");
    assert_eq!(say(&message, Language::Zh), "须为 1 至 5（rating）。");
}

#[test]
fn what_a_person_wrote_is_filled_in_as_it_is() {
    let title = "{ $name } \u{2068}\"违约\\责任\"\n-x = { 1".to_owned();
    let message = Message::ClauseNotAcknowledged { name: "钱".to_owned(), title: title.clone() };
    assert_eq!(say(&message, Language::En), format!("钱 has not acknowledged the clause \"{title}\"."));
}
