//! Answers: which of them a question takes, which questions show, and what is still missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use entity::vocab::QuestionKind;
use uuid::Uuid;

use super::question::Question;
use crate::domain::{message::Message, text};

const LONGEST_TEXT: usize = 2000;

/// An answer as it was given: one value, or of a multiple choice several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    One(String),
    Several(Vec<String>),
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub given: Given,
    /// Of RATING and NPS.
    pub number: Option<i32>,
}

/// The answer as the question takes it, or what it takes instead.
pub fn accept(question: &Question, given: &Given) -> Result<Accepted, Message> {
    match (question.kind, given) {
        (QuestionKind::Rating, Given::One(text)) => numbered(text, 1..=5).ok_or(whole(1, 5)),
        (QuestionKind::Nps, Given::One(text)) => numbered(text, 0..=10).ok_or(whole(0, 10)),
        (QuestionKind::SingleChoice, Given::One(text)) if offers(question, text) => Ok(one(text.clone())),
        (QuestionKind::Text, Given::One(text)) => match text::required("value", text, LONGEST_TEXT) {
            Ok(text) => Ok(one(text)),
            Err(_) => Err(Message::TextOfAtMost),
        },
        (QuestionKind::MultipleChoice, Given::Several(values)) => several(question, values),
        (QuestionKind::MultipleChoice, Given::One(_)) => Err(Message::ListOfOptions),
        _ => Err(Message::OneOfTheOptions),
    }
}

fn whole(least: i32, most: i32) -> Message {
    Message::WholeNumber { least: least.into(), most: most.into() }
}

/// A whole number in plain digits.
pub fn number(text: &str, range: RangeInclusive<i32>) -> Option<i32> {
    let is_plain = !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_plain.then(|| text.parse().ok()).flatten();
    // 05 and 5 would be two answers in a distribution.
    number.filter(|number: &i32| range.contains(number) && number.to_string() == text)
}

fn numbered(text: &str, range: RangeInclusive<i32>) -> Option<Accepted> {
    number(text, range).map(|number| Accepted { given: Given::One(number.to_string()), number: Some(number) })
}

fn one(text: String) -> Accepted {
    Accepted { given: Given::One(text), number: None }
}

fn offers(question: &Question, value: &str) -> bool {
    question.options.iter().any(|option| option.value == value)
}

/// Each choice once, in the order of the options.
fn several(question: &Question, values: &[String]) -> Result<Accepted, Message> {
    if values.is_empty() || !values.iter().all(|value| offers(question, value)) {
        return Err(Message::ListOfOptions);
    }
    let chosen = question.options.iter().filter(|option| values.contains(&option.value));
    Ok(Accepted { given: Given::Several(chosen.map(|option| option.value.clone()).collect()), number: None })
}

/// The questions that show, given these answers. What hangs on a question that is hidden itself is hidden too, whatever
/// was answered there before it vanished.
pub fn shown(questions: &[Question], answers: &BTreeMap<Uuid, Given>) -> BTreeSet<Uuid> {
    let mut shown = BTreeSet::new();
    for question in questions {
        let shows = question.show_if.as_ref().is_none_or(|rule| {
            shown.contains(&rule.question_id)
                && answers.get(&rule.question_id).is_some_and(|given| says(given, &rule.equals))
        });
        if shows {
            shown.insert(question.id);
        }
    }
    shown
}

fn says(given: &Given, value: &str) -> bool {
    match given {
        Given::One(text) => text == value,
        Given::Several(values) => values.iter().any(|chosen| chosen == value),
    }
}

/// The questions that must still be answered before the survey can be handed in.
pub fn missing<'a>(questions: &'a [Question], answers: &BTreeMap<Uuid, Given>) -> Vec<&'a Question> {
    let shown = shown(questions, answers);
    let open = questions.iter().filter(|question| question.is_required && shown.contains(&question.id));
    open.filter(|question| !answers.contains_key(&question.id)).collect()
}

#[cfg(test)]
mod tests {
    use entity::vocab::Dimension;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::survey::question::{Choice, ShowIf};

    fn question(number: u128, kind: QuestionKind, show_if: Option<(u128, &str)>) -> Question {
        let choice = |value: &str| Choice { value: value.into(), label: value.into() };
        let is_choice = matches!(kind, QuestionKind::SingleChoice | QuestionKind::MultipleChoice);
        Question {
            id: Uuid::from_u128(number),
            position: i32::try_from(number).unwrap(),
            kind,
            dimension: Dimension::Content,
            is_required: true,
            options: if is_choice { vec![choice("a"), choice("b"), choice("c")] } else { Vec::new() },
            show_if: show_if
                .map(|(number, equals)| ShowIf { question_id: Uuid::from_u128(number), equals: equals.into() }),
        }
    }

    fn one(text: &str) -> Given {
        Given::One(text.into())
    }

    fn several(values: &[&str]) -> Given {
        Given::Several(values.iter().map(|value| (*value).into()).collect())
    }

    #[test]
    fn each_kind_takes_its_answers_and_no_other() {
        use QuestionKind::{MultipleChoice, Nps, Rating, SingleChoice, Text};
        for (kind, given, number) in [
            (Rating, one("1"), Some(Some(1))),
            (Rating, one("5"), Some(Some(5))),
            (Rating, one("0"), None),
            (Rating, one("6"), None),
            (Rating, one("4.5"), None),
            (Rating, one("04"), None),
            (Rating, one("+4"), None),
            (Rating, one(""), None),
            (Rating, several(&["4"]), None),
            (Nps, one("0"), Some(Some(0))),
            (Nps, one("10"), Some(Some(10))),
            (Nps, one("11"), None),
            (SingleChoice, one("b"), Some(None)),
            (SingleChoice, one("d"), None),
            (SingleChoice, several(&["a"]), None),
            (MultipleChoice, several(&["c", "a", "a"]), Some(None)),
            (MultipleChoice, several(&[]), None),
            (MultipleChoice, several(&["a", "d"]), None),
            (MultipleChoice, one("a"), None),
            (Text, one("很好"), Some(None)),
            (Text, one("  "), None),
            (Text, one(&"长".repeat(2001)), None),
        ] {
            let accepted = accept(&question(1, kind, None), &given).ok();
            assert_eq!(accepted.map(|accepted| accepted.number), number, "{kind:?} {given:?}");
        }
    }

    #[test]
    fn several_choices_are_kept_once_each_in_the_order_of_the_options() {
        let accepted = accept(&question(1, QuestionKind::MultipleChoice, None), &several(&["c", "a", "c"])).unwrap();
        assert_eq!(accepted.given, several(&["a", "c"]));
    }

    #[test]
    fn what_hangs_on_a_hidden_question_is_hidden_too() {
        let list = [
            question(1, QuestionKind::SingleChoice, None),
            question(2, QuestionKind::Rating, Some((1, "a"))),
            question(3, QuestionKind::Text, Some((2, "1"))),
        ];
        let answers =
            |first: &str| BTreeMap::from([(list[0].id, one(first)), (list[1].id, one("1")), (list[2].id, one("太慢"))]);
        assert_eq!(shown(&list, &answers("a")).len(), 3);
        assert_eq!(shown(&list, &answers("b")), BTreeSet::from([list[0].id]));
        assert!(missing(&list, &answers("b")).is_empty());
        let open = missing(&list, &BTreeMap::from([(list[0].id, one("a"))]));
        assert_eq!(open.iter().map(|question| question.position).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn one_of_several_choices_is_enough_to_show() {
        let list = [question(1, QuestionKind::MultipleChoice, None), question(2, QuestionKind::Text, Some((1, "b")))];
        assert_eq!(shown(&list, &BTreeMap::from([(list[0].id, several(&["a", "b"]))])).len(), 2);
        assert_eq!(shown(&list, &BTreeMap::from([(list[0].id, several(&["a"]))])).len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(text in ".{0,12}", values in prop::collection::vec("[a-d]", 0..5)) {
            for kind in QuestionKind::ALL {
                let question = question(1, *kind, None);
                for given in [Given::One(text.clone()), Given::Several(values.clone())] {
                    if let Ok(accepted) = accept(&question, &given) {
                        prop_assert_eq!(accept(&question, &accepted.given), Ok(accepted.clone()));
                    }
                }
            }
        }
    }
}
