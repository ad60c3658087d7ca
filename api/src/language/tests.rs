//! Both languages say the same: the same texts, filled in with the same; and there is one for everything that is said.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser::parse,
};

use super::{
    Language,
    bundle::{CHINESE, ENGLISH},
    notice, say, written,
};
use crate::domain::{
    message::{IMPORT_TEXTS, MESSAGES, Message, Month, WRITTEN, Written},
    milestone, warranty,
};

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
    let owned = |arguments: &[&str]| arguments.iter().map(|name| (*name).to_owned()).collect();
    for (list, file) in [(MESSAGES, CHINESE[0]), (WRITTEN, CHINESE[3]), (IMPORT_TEXTS, CHINESE[4])] {
        let said: Texts = list.iter().map(|(key, arguments)| ((*key).to_owned(), owned(arguments))).collect();
        assert_eq!(texts(file), said);
    }
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

#[test]
fn what_the_house_wrote_is_read_from_how_it_was_kept_and_else_as_it_stands() {
    let month = Month("2026-11-01".parse().unwrap());
    let survey = Written::BelowTarget {
        survey: Box::new(Written::SurveyOfSales { month }),
        side: entity::vocab::Dimension::Attitude.into(),
    };
    let kept = serde_json::to_value(&survey).unwrap();
    for (language, expected) in [
        (Language::Zh, "2026年11月销售服务满意度回访:态度低于目标"),
        (Language::En, "November 2026: satisfaction with sales service: Attitude below target"),
    ] {
        assert_eq!(written(Some(&kept), "stored", language), expected);
        assert_eq!(written(None, "stored", language), "stored");
        let unknown = serde_json::json!({ "WrittenByALaterServer": { "month": 1 } });
        assert_eq!(written(Some(&unknown), "stored", language), "stored");
    }
}

#[test]
fn a_notice_is_written_line_by_line_and_what_was_typed_into_it_stays() {
    let day = "2026-08-01".parse().unwrap();
    let reached = milestone::notice(
        entity::vocab::MilestoneKind::StructureToppedOut,
        "安居·云庭 1号楼",
        day,
        Some("感谢您的支持。".to_owned()),
    );
    let (zh, en) = (notice(&reached, Language::Zh), notice(&reached, Language::En));
    assert_eq!((&*zh.title, &*en.title), ("工程进展：主体结构封顶", "Construction progress: Structure topped out"));
    let told = "尊敬的客户：安居·云庭 1号楼已于2026年8月1日达成工程节点“主体结构封顶”，特此告知。\n感谢您的支持。";
    assert_eq!(zh.body, told);
    let told =
        "Dear customer, on 1 August 2026 安居·云庭 1号楼 reached the milestone “Structure topped out”.\n感谢您的支持。";
    assert_eq!(en.body, told);

    use entity::vocab::WarrantyPart::{Plumbing, Wiring};
    let ending = warranty::notice("1号楼-1-101", &[(Wiring, day), (Plumbing, day)]);
    let (zh, en) = (notice(&ending, Language::Zh), notice(&ending, Language::En));
    assert_eq!(
        (&*zh.title, &*en.title),
        ("保修期即将到期：电气管线、给排水管道", "Warranty ends soon: Wiring, Plumbing")
    );
    assert_eq!((zh.body.lines().count(), en.body.lines().nth(1)), (4, Some("· Wiring: on 1 August 2026")));
    assert!(zh.body.contains("1号楼-1-101") && zh.body.contains("· 给排水管道：2026年8月1日到期"), "{}", zh.body);
}
