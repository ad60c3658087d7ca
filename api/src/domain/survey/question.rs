//! The questions of a questionnaire, and what makes a list of them sound.

use std::collections::BTreeSet;

use entity::vocab::{Dimension, QuestionKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    invalid::{Invalid, Message, Problem},
    text,
};

const MOST_QUESTIONS: usize = 50;
const MOST_OPTIONS: usize = 20;
const LONGEST_PROMPT: usize = 300;
const LONGEST_OPTION: usize = 60;

/// A question of a version that is in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub id: Uuid,
    pub position: i32,
    pub kind: QuestionKind,
    pub dimension: Dimension,
    pub is_required: bool,
    pub options: Vec<Choice>,
    pub show_if: Option<ShowIf>,
}

/// One of the answers that a choice offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// The question shows when an earlier one was answered like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowIf {
    pub question_id: Uuid,
    pub equals: String,
}

/// A question as it is typed. Its number is its place in the list, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub kind: QuestionKind,
    pub dimension: Dimension,
    pub prompt: String,
    pub is_required: bool,
    pub options: Vec<Choice>,
    /// The number of an earlier question, and the answer.
    pub show_if: Option<(i32, String)>,
}

/// A sound list of questions: texts trimmed, choices distinct, rules about earlier questions that can come true.
pub fn checked(drafts: Vec<Draft>) -> Result<Vec<Draft>, Invalid> {
    if drafts.is_empty() || drafts.len() > MOST_QUESTIONS {
        let message = Message::MustBeFrom { least: 1.into(), most: MOST_QUESTIONS.into() };
        return Err(Invalid::new("questions", Problem::OutOfRange, message));
    }
    let mut sound: Vec<Draft> = Vec::with_capacity(drafts.len());
    for (number, draft) in (1..).zip(drafts) {
        let draft = one(draft).map_err(|wrong| about(number, wrong))?;
        if let Some((earlier, answer)) = &draft.show_if {
            can_come_true(&sound, *earlier, answer).map_err(|wrong| about(number, wrong))?;
        }
        sound.push(draft);
    }
    if sound.iter().any(|draft| draft.is_required) {
        Ok(sound)
    } else {
        Err(Invalid::new("questions", Problem::Invalid, Message::MustHaveARequired))
    }
}

fn about(number: i32, wrong: Invalid) -> Invalid {
    let (field, what) = (wrong.field.to_owned(), Box::new(wrong.message));
    Invalid::new("questions", wrong.problem, Message::HasAFaultInQuestion { number: number.into(), field, what })
}

fn one(draft: Draft) -> Result<Draft, Invalid> {
    let prompt = text::required_line("prompt", &draft.prompt, LONGEST_PROMPT)?;
    let options = options(draft.kind, draft.options)?;
    Ok(Draft { prompt, options, ..draft })
}

fn options(kind: QuestionKind, options: Vec<Choice>) -> Result<Vec<Choice>, Invalid> {
    if !matches!(kind, QuestionKind::SingleChoice | QuestionKind::MultipleChoice) {
        let fault = Invalid::new("options", Problem::Invalid, Message::MustBeLeftOutNoChoice);
        return if options.is_empty() { Ok(options) } else { Err(fault) };
    }
    if !(2..=MOST_OPTIONS).contains(&options.len()) {
        return Err(Invalid::new(
            "options",
            Problem::OutOfRange,
            Message::MustBeFrom { least: 2.into(), most: MOST_OPTIONS.into() },
        ));
    }
    let trimmed = options.into_iter().map(|option| {
        let value = text::required_line("options", &option.value, LONGEST_OPTION)?;
        Ok(Choice { value, label: text::required_line("options", &option.label, LONGEST_OPTION)? })
    });
    let trimmed = trimmed.collect::<Result<Vec<_>, Invalid>>()?;
    let values: BTreeSet<&str> = trimmed.iter().map(|option| option.value.as_str()).collect();
    if values.len() == trimmed.len() {
        Ok(trimmed)
    } else {
        Err(Invalid::new("options", Problem::Invalid, Message::MustDiffer))
    }
}

/// A rule names an earlier question and an answer that it takes.
fn can_come_true(earlier: &[Draft], number: i32, answer: &str) -> Result<(), Invalid> {
    let index = usize::try_from(number - 1).ok();
    let Some(question) = index.and_then(|index| earlier.get(index)) else {
        return Err(Invalid::new("showIf", Problem::Invalid, Message::MustNameAnEarlier));
    };
    let is_an_answer = match question.kind {
        QuestionKind::Rating => super::answer::number(answer, 1..=5).is_some(),
        QuestionKind::Nps => super::answer::number(answer, 0..=10).is_some(),
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
            question.options.iter().any(|option| option.value == answer)
        }
        QuestionKind::Text => false,
    };
    let fault = Invalid::new("showIf", Problem::Invalid, Message::MustGiveAnAnswer);
    if is_an_answer { Ok(()) } else { Err(fault) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(kind: QuestionKind) -> Draft {
        let (dimension, prompt) = (Dimension::Quality, " 房屋质量如何? ".to_owned());
        Draft { kind, dimension, prompt, is_required: true, options: Vec::new(), show_if: None }
    }

    fn choice(values: &[&str]) -> Draft {
        let options = values.iter().map(|value| Choice { value: (*value).into(), label: format!("选项{value}") });
        Draft { options: options.collect(), ..draft(QuestionKind::SingleChoice) }
    }

    fn shown_if(number: i32, answer: &str) -> Draft {
        Draft { show_if: Some((number, answer.into())), ..draft(QuestionKind::Text) }
    }

    #[test]
    fn a_sound_list_is_trimmed_and_kept() {
        let list = vec![draft(QuestionKind::Rating), choice(&["yes", "no"]), shown_if(2, "yes"), shown_if(1, "5")];
        let sound = checked(list).unwrap();
        assert_eq!(sound.len(), 4);
        assert_eq!(sound[0].prompt, "房屋质量如何?");
    }

    #[test]
    fn what_is_wrong_is_told_with_the_number_of_the_question() {
        let rating = || draft(QuestionKind::Rating);
        for (list, word) in [
            (vec![], "MustBeFrom"),
            (vec![rating(); 51], "MustBeFrom"),
            (vec![Draft { prompt: " ".into(), ..rating() }], "question 1: its prompt"),
            (vec![rating(), choice(&["yes"])], "question 2: its options"),
            (vec![rating(), choice(&["yes", "yes"])], "question 2: its options"),
            (vec![Draft { options: choice(&["a", "b"]).options, ..rating() }], "question 1: its options"),
            (vec![rating(), shown_if(2, "5")], "question 2: its showIf"),
            (vec![rating(), shown_if(0, "5")], "question 2: its showIf"),
            (vec![rating(), shown_if(1, "6")], "question 2: its showIf"),
            (vec![choice(&["yes", "no"]), shown_if(1, "maybe")], "question 2: its showIf"),
            (vec![draft(QuestionKind::Text), shown_if(1, "漏水")], "question 2: its showIf"),
            (vec![Draft { is_required: false, ..rating() }], "MustHaveARequired"),
        ] {
            let wrong = checked(list).unwrap_err();
            assert_eq!(wrong.field, "questions");
            let told = match &wrong.message {
                Message::HasAFaultInQuestion { number, field, .. } => format!("question {}: its {field}", number.0),
                other => other.key().to_owned(),
            };
            assert_eq!(told, word);
        }
    }
}
