//! Survey results as the API shows them: sums over enough people, and nothing of fewer.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::{
    survey_question,
    vocab::{Dimension, QuestionKind},
};
use uuid::Uuid;

use super::SurveyQuestion;
use crate::{
    domain::survey::{
        calendar,
        statistics::{Asked, Filter, Histogram, Key, Outcome},
    },
    error::{Error, FaultCode, Message, Result},
    graphql::{
        context::Ask,
        enums::{Department, SurveyDimension, SurveyKind},
        id::Kind,
        loaders::{ProjectOf, StaffOf},
        staff::Staff,
        unit::Project,
    },
    service::survey::{statistics::Statistics, template::options},
};

/// The longest period of one question.
const MOST_MONTHS: u32 = 36;

/// The period when none is given, less one.
const USUAL_MONTHS: Months = Months::new(11);

/// Which results are asked for. What is left out does not narrow them; several conditions must all hold.
#[derive(InputObject, Default)]
pub struct SurveyStatisticsFilter {
    /// Surveys of this kind.
    kind: Option<SurveyKind>,
    /// In this project.
    project_id: Option<ID>,
    /// Questions that this department answers for.
    department: Option<Department>,
    /// Households of this ambassador, when the survey was sent.
    ambassador_id: Option<ID>,
    /// The first calendar month that was surveyed, as `2026-01`; eleven months before the last one when left out.
    from_month: Option<String>,
    /// The last calendar month that was surveyed, as `2026-12`; the present one when left out. At most 36 months in all.
    to_month: Option<String>,
}

impl SurveyStatisticsFilter {
    pub fn read(self, now: DateTime<Utc>) -> Result<Filter> {
        let to = month("filter.toMonth", self.to_month)?.unwrap_or_else(|| calendar::month_of(now.date_naive()));
        let usual = to.checked_sub_months(USUAL_MONTHS).unwrap_or(to);
        let from = month("filter.fromMonth", self.from_month)?.unwrap_or(usual);
        let latest = from.checked_add_months(Months::new(MOST_MONTHS - 1)).unwrap_or(NaiveDate::MAX);
        if to < from || to > latest {
            let message = Message::MonthSpan { most: MOST_MONTHS.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "filter.toMonth", message));
        }
        Ok(Filter {
            kind: self.kind.map(Into::into),
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            department: self.department.map(Into::into),
            ambassador: Kind::Staff.read_optional("filter.ambassadorId", self.ambassador_id.as_ref())?,
            from,
            to,
        })
    }
}

fn month(field: &str, text: Option<String>) -> Result<Option<NaiveDate>> {
    let read = |text: String| {
        calendar::read(&text).ok_or_else(|| Error::fault(FaultCode::Invalid, field, Message::MonthFormat))
    };
    text.map(read).transpose()
}

/// Results of closed surveys. Each is of at least five people, and no two of them differ by fewer, whatever the filters.
#[derive(SimpleObject)]
pub struct SurveyStatistics {
    /// Of everything that the filter covers.
    total: SurveyResult,
    /// Of each group in which somebody was invited; empty without `groupBy`.
    groups: Vec<SurveyGroup>,
}

impl From<Statistics> for SurveyStatistics {
    fn from(found: Statistics) -> Self {
        let asked = found.questions.rules();
        let result = |outcome: &Outcome| SurveyResult::new(outcome, &asked, &found.questions.rows);
        let group = |(key, outcome): (&Key, &Outcome)| SurveyGroup { key: *key, result: result(outcome) };
        Self { total: result(&found.total), groups: found.groups.iter().map(group).collect() }
    }
}

/// One group of a breakdown.
pub struct SurveyGroup {
    key: Key,
    result: SurveyResult,
}

/// One group of a breakdown. Of the four keys the one that was grouped by is set.
#[Object]
impl SurveyGroup {
    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        let Key::Project(id) = self.key else { return None };
        ctx.ask().find(ProjectOf(id), Project).await
    }

    /// The department that answers for the questions.
    async fn department(&self) -> Option<Department> {
        let Key::Department(department) = self.key else { return None };
        Some(department.into())
    }

    /// The ambassador of the households. Households without one are in no group.
    async fn ambassador(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        let Key::Ambassador(id) = self.key else { return None };
        ctx.ask().find(StaffOf(id), Staff).await
    }

    /// The calendar month that was surveyed, as `2026-11`.
    async fn month(&self) -> Option<String> {
        let Key::Month(month) = self.key else { return None };
        Some(calendar::written(month))
    }

    /// The result.
    async fn result(&self) -> &SurveyResult {
        &self.result
    }
}

/// What a set of customers answered.
#[derive(SimpleObject)]
pub struct SurveyResult {
    /// How many were invited.
    invitation_count: i32,
    /// How many handed the survey in; null when the result is hidden.
    response_count: Option<i32>,
    /// The share of those invited who handed it in, as a percentage; null when nobody was invited or the result is hidden.
    response_rate: Option<f64>,
    /// True when there are answers, but of too few people to be shown without telling who said what.
    is_hidden: bool,
    /// Of how many of the responses the result is. The others are counted together with those of another group or month, so that nobody is identified.
    covered_count: i32,
    /// The mean of all ratings, 1 to 5.
    mean_rating: Option<f64>,
    /// The satisfaction index: the share of ratings of 4 or 5, as a percentage.
    satisfaction_index: Option<f64>,
    /// The net promoter score, -100 to 100: the percentage of 9 and 10 less that of 0 to 6.
    net_promoter_score: Option<f64>,
    /// The ratings by what they are about.
    dimensions: Vec<SurveyDimensionResult>,
    /// Each question by itself, words left out. One that fewer than five people answered together does not count.
    questions: Vec<SurveyQuestionResult>,
}

/// The ratings of one dimension.
#[derive(SimpleObject)]
pub struct SurveyDimensionResult {
    /// What they are about.
    dimension: SurveyDimension,
    /// How many ratings there are.
    answer_count: i32,
    /// Their mean, 1 to 5.
    mean_rating: Option<f64>,
    /// The share of 4 and 5, as a percentage.
    satisfaction_index: Option<f64>,
    /// How often each rating was given.
    distribution: Vec<SurveyValueCount>,
}

/// How one question was answered.
#[derive(SimpleObject)]
pub struct SurveyQuestionResult {
    /// The question.
    question: SurveyQuestion,
    /// How many answered it.
    answer_count: i32,
    /// The mean of ratings or of recommendations; null for choices.
    mean: Option<f64>,
    /// The share of ratings of 4 or 5, as a percentage; null for other questions.
    satisfaction_index: Option<f64>,
    /// The net promoter score; null for other questions.
    net_promoter_score: Option<f64>,
    /// How often each answer was given. Several choices of one person count each.
    distribution: Vec<SurveyValueCount>,
}

/// How often an answer was given.
#[derive(SimpleObject)]
pub struct SurveyValueCount {
    /// The number in digits, or the value of an option.
    value: String,
    /// What people read for it.
    label: String,
    /// How often.
    answer_count: i32,
}

fn int(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl SurveyResult {
    fn new(outcome: &Outcome, asked: &BTreeMap<Uuid, Asked>, rows: &Rows) -> Self {
        let ratings = outcome.ratings(asked, None);
        let is_hidden = outcome.covered == 0 && outcome.responses > 0;
        let rate = f64::from(outcome.responses) * 100.0 / f64::from(outcome.invitations.max(1));
        Self {
            invitation_count: int(outcome.invitations),
            response_count: (!is_hidden).then_some(int(outcome.responses)),
            response_rate: (!is_hidden && outcome.invitations > 0).then_some(rate),
            is_hidden,
            covered_count: int(outcome.covered),
            mean_rating: ratings.mean(),
            satisfaction_index: ratings.index(),
            net_promoter_score: outcome.recommendations(asked).net_promoters(),
            dimensions: dimensions(outcome, asked),
            questions: questions(outcome, rows),
        }
    }
}

type Rows = std::collections::HashMap<Uuid, survey_question::Model>;

fn dimensions(outcome: &Outcome, asked: &BTreeMap<Uuid, Asked>) -> Vec<SurveyDimensionResult> {
    let result = |dimension: &Dimension| {
        let ratings = outcome.ratings(asked, Some(*dimension));
        (ratings.respondents > 0).then(|| SurveyDimensionResult {
            dimension: (*dimension).into(),
            answer_count: int(ratings.respondents),
            mean_rating: ratings.mean(),
            satisfaction_index: ratings.index(),
            distribution: scale(1..=5, &ratings),
        })
    };
    Dimension::ALL.iter().filter_map(result).collect()
}

fn questions(outcome: &Outcome, rows: &Rows) -> Vec<SurveyQuestionResult> {
    let mut answered: Vec<(&survey_question::Model, &Histogram)> =
        outcome.answers.iter().filter_map(|(id, histogram)| Some((rows.get(id)?, histogram))).collect();
    answered.sort_by_key(|(row, _)| (row.template_id, row.position));
    answered.into_iter().map(|(row, histogram)| question(row, histogram)).collect()
}

fn question(row: &survey_question::Model, histogram: &Histogram) -> SurveyQuestionResult {
    let is = |kind| row.kind == kind;
    let is_number = is(QuestionKind::Rating) || is(QuestionKind::Nps);
    SurveyQuestionResult {
        question: SurveyQuestion(row.clone()),
        answer_count: int(histogram.respondents),
        mean: histogram.mean().filter(|_| is_number),
        satisfaction_index: histogram.index().filter(|_| is(QuestionKind::Rating)),
        net_promoter_score: histogram.net_promoters().filter(|_| is(QuestionKind::Nps)),
        distribution: match row.kind {
            QuestionKind::Rating => scale(1..=5, histogram),
            QuestionKind::Nps => scale(0..=10, histogram),
            QuestionKind::SingleChoice | QuestionKind::MultipleChoice | QuestionKind::Text => {
                let offered = options(row).into_iter().map(|option| (option.value, option.label));
                counted(offered, histogram)
            }
        },
    }
}

fn scale(range: std::ops::RangeInclusive<u32>, histogram: &Histogram) -> Vec<SurveyValueCount> {
    counted(range.map(|number| (number.to_string(), number.to_string())), histogram)
}

fn counted(offered: impl Iterator<Item = (String, String)>, histogram: &Histogram) -> Vec<SurveyValueCount> {
    let count = |value: &str| int(histogram.values.get(value).copied().unwrap_or(0));
    offered.map(|(value, label)| SurveyValueCount { answer_count: count(&value), value, label }).collect()
}
