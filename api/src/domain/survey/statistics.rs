//! Statistics: sums over whole cells, so that nothing is shown of fewer than five people, nor by taking one result from
//! another. A question that fewer than five of a cell answered does not count there at all.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::vocab::{Department, Dimension, QuestionKind, SurveyKind};
use uuid::Uuid;

use super::{
    FEWEST,
    responsible::{departments, responsible},
};

/// Where responses belong: of a cell, or of invitations that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub project_id: Uuid,
    pub kind: SurveyKind,
    /// The first days of the first and last month.
    pub first_month: NaiveDate,
    pub last_month: NaiveDate,
    pub ambassador: Option<Uuid>,
}

/// A cell: where it belongs, and of how many responses it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub place: Place,
    pub responses: u32,
    /// How each question was answered.
    pub answers: BTreeMap<Uuid, Histogram>,
}

/// How many invitations there were, and how many were answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Invited {
    pub place: Place,
    pub invitations: u32,
    pub responses: u32,
}

/// How a question was answered: by how many, and how often with each value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    pub respondents: u32,
    pub values: BTreeMap<String, u32>,
}

/// What statistics need to know of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    pub survey: SurveyKind,
    pub kind: QuestionKind,
    pub dimension: Dimension,
}

/// What results are asked for. The months are those of the cohorts, both included.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub kind: Option<SurveyKind>,
    pub project_id: Option<Uuid>,
    pub department: Option<Department>,
    pub ambassador: Option<Uuid>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Filter {
    /// Whether all of a place is asked for.
    pub fn covers(&self, place: &Place) -> bool {
        self.kind.is_none_or(|kind| kind == place.kind)
            && self.project_id.is_none_or(|id| id == place.project_id)
            && self.ambassador.is_none_or(|id| Some(id) == place.ambassador)
            && self.department.is_none_or(|department| departments(place.kind).contains(&department))
            && self.from <= place.first_month
            && place.last_month <= self.to
    }

    fn asks(&self, question: Asked) -> bool {
        self.department.is_none_or(|department| responsible(question.survey, question.dimension) == department)
    }
}

/// By what results are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    Project,
    Department,
    Ambassador,
    Month,
}

/// One group of a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Project(Uuid),
    Department(Department),
    Ambassador(Uuid),
    Month(NaiveDate),
}

impl Grouping {
    /// The groups that a place belongs to as a whole.
    fn keys(self, place: &Place) -> Vec<Key> {
        match self {
            Self::Project => vec![Key::Project(place.project_id)],
            Self::Department => departments(place.kind).into_iter().map(Key::Department).collect(),
            Self::Ambassador => place.ambassador.map(Key::Ambassador).into_iter().collect(),
            Self::Month if place.first_month == place.last_month => vec![Key::Month(place.first_month)],
            Self::Month => Vec::new(),
        }
    }
}

/// What is shown of a set of responses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub invitations: u32,
    /// All that were handed in.
    pub responses: u32,
    /// Those that the results are of; none when they are hidden.
    pub covered: u32,
    pub answers: BTreeMap<Uuid, Histogram>,
}

/// The result of everything that the filter covers.
pub fn total(cells: &[Cell], invited: &[Invited], asked: &BTreeMap<Uuid, Asked>, filter: &Filter) -> Outcome {
    let mut outcome = Outcome::default();
    for count in invited.iter().filter(|count| filter.covers(&count.place)) {
        outcome.count(count);
    }
    for cell in cells.iter().filter(|cell| filter.covers(&cell.place)) {
        outcome.add(cell, asked, filter);
    }
    outcome
}

/// The results of each group that somebody was invited in.
pub fn groups(
    cells: &[Cell],
    invited: &[Invited],
    asked: &BTreeMap<Uuid, Asked>,
    filter: &Filter,
    grouping: Grouping,
) -> BTreeMap<Key, Outcome> {
    let mut groups: BTreeMap<Key, Outcome> = BTreeMap::new();
    for count in invited.iter().filter(|count| filter.covers(&count.place)) {
        for key in grouping.keys(&count.place) {
            groups.entry(key).or_default().count(count);
        }
    }
    for cell in cells.iter().filter(|cell| filter.covers(&cell.place)) {
        for key in grouping.keys(&cell.place) {
            let within = match key {
                Key::Department(department) => Filter { department: Some(department), ..filter.clone() },
                Key::Project(_) | Key::Ambassador(_) | Key::Month(_) => filter.clone(),
            };
            groups.entry(key).or_default().add(cell, asked, &within);
        }
    }
    groups.retain(|key, _| !matches!((key, filter.department), (Key::Department(key), Some(only)) if *key != only));
    groups
}

impl Outcome {
    fn count(&mut self, count: &Invited) {
        self.invitations += count.invitations;
        self.responses += count.responses;
    }

    fn add(&mut self, cell: &Cell, asked: &BTreeMap<Uuid, Asked>, filter: &Filter) {
        self.covered += cell.responses;
        for (id, histogram) in &cell.answers {
            let is_asked_for = asked.get(id).is_some_and(|question| filter.asks(*question));
            if is_asked_for && usize::try_from(histogram.respondents).is_ok_and(|count| count >= FEWEST) {
                self.answers.entry(*id).or_default().add(histogram);
            }
        }
    }

    /// The ratings of one dimension, or of all.
    pub fn ratings(&self, asked: &BTreeMap<Uuid, Asked>, dimension: Option<Dimension>) -> Histogram {
        let is_meant = |question: &Asked| {
            question.kind == QuestionKind::Rating && dimension.is_none_or(|dimension| dimension == question.dimension)
        };
        self.of_questions(asked, is_meant)
    }

    /// The answers to whether one would recommend the company.
    pub fn recommendations(&self, asked: &BTreeMap<Uuid, Asked>) -> Histogram {
        self.of_questions(asked, |question| question.kind == QuestionKind::Nps)
    }

    fn of_questions(&self, asked: &BTreeMap<Uuid, Asked>, is_meant: impl Fn(&Asked) -> bool) -> Histogram {
        let mut sum = Histogram::default();
        for (id, histogram) in &self.answers {
            if asked.get(id).is_some_and(&is_meant) {
                sum.add(histogram);
            }
        }
        sum
    }
}

impl Histogram {
    fn add(&mut self, other: &Self) {
        self.respondents += other.respondents;
        for (value, count) in &other.values {
            *self.values.entry(value.clone()).or_default() += count;
        }
    }

    fn numbers(&self) -> impl Iterator<Item = (u32, u32)> {
        self.values.iter().filter_map(|(value, count)| Some((value.parse().ok()?, *count)))
    }

    fn share(&self, is_meant: impl Fn(u32) -> bool) -> (u32, u32) {
        let (mut meant, mut all) = (0, 0);
        for (number, count) in self.numbers() {
            all += count;
            meant += if is_meant(number) { count } else { 0 };
        }
        (meant, all)
    }

    /// The mean of the numbers.
    pub fn mean(&self) -> Option<f64> {
        let (sum, all) = self.numbers().fold((0, 0), |(sum, all), (number, count)| (sum + number * count, all + count));
        (all > 0).then(|| f64::from(sum) / f64::from(all))
    }

    /// How many ratings were 4 or 5, and how many there were.
    pub fn favourable(&self) -> (u32, u32) {
        self.share(|rating| rating >= 4)
    }

    /// The satisfaction index, as a percentage.
    pub fn index(&self) -> Option<f64> {
        let (favourable, all) = self.favourable();
        (all > 0).then(|| f64::from(favourable) * 100.0 / f64::from(all))
    }

    /// The satisfaction index in hundredths of a percent, rounded down.
    pub fn index_basis_points(&self) -> Option<i32> {
        let (favourable, all) = self.favourable();
        let share = (u64::from(favourable) * 10_000).checked_div(u64::from(all))?;
        i32::try_from(share).ok()
    }

    /// The net promoter score: the percentage of 9 and 10 less that of 0 to 6.
    pub fn net_promoters(&self) -> Option<f64> {
        let (promoters, all) = self.share(|number| number >= 9);
        let (detractors, _) = self.share(|number| number <= 6);
        (all > 0).then(|| (f64::from(promoters) - f64::from(detractors)) * 100.0 / f64::from(all))
    }
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
