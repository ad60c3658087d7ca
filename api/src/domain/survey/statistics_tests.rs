//! What statistics show, and that no two of them together tell what fewer than five people answered.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::survey::cell::{Response, seal};

fn month(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, number, 1).unwrap()
}

fn histogram(values: &[(&str, u32)]) -> Histogram {
    let respondents = values.iter().map(|(_, count)| count).sum();
    Histogram { respondents, values: values.iter().map(|(value, count)| ((*value).into(), *count)).collect() }
}

fn everything() -> Filter {
    Filter { kind: None, project_id: None, department: None, ambassador: None, from: month(1), to: month(12) }
}

const QUALITY: Uuid = Uuid::from_u128(1);
const ATTITUDE: Uuid = Uuid::from_u128(2);
const RECOMMEND: Uuid = Uuid::from_u128(3);

fn asked() -> BTreeMap<Uuid, Asked> {
    let question = |kind, dimension| Asked { survey: SurveyKind::Sales, kind, dimension };
    BTreeMap::from([
        (QUALITY, question(QuestionKind::Rating, Dimension::Quality)),
        (ATTITUDE, question(QuestionKind::Rating, Dimension::Attitude)),
        (RECOMMEND, question(QuestionKind::Nps, Dimension::Content)),
    ])
}

fn place(project: u128, month_number: u32, ambassador: Option<u128>) -> Place {
    Place {
        project_id: Uuid::from_u128(project),
        kind: SurveyKind::Sales,
        first_month: month(month_number),
        last_month: month(month_number),
        ambassador: ambassador.map(Uuid::from_u128),
    }
}

fn cell(place: Place, responses: u32, answers: &[(Uuid, Histogram)]) -> Cell {
    Cell { place, responses, answers: answers.iter().cloned().collect() }
}

#[test]
fn means_indexes_and_scores() {
    let ratings = histogram(&[("1", 1), ("3", 1), ("4", 2), ("5", 4)]);
    assert_eq!(ratings.mean(), Some(4.0));
    assert_eq!(ratings.favourable(), (6, 8));
    assert_eq!(ratings.index(), Some(75.0));
    assert_eq!(ratings.index_basis_points(), Some(7500));
    assert_eq!(histogram(&[("0", 1), ("6", 1), ("7", 1), ("8", 1), ("9", 2), ("10", 2)]).net_promoters(), Some(25.0));
    assert_eq!(Histogram::default().mean(), None);
    assert_eq!(Histogram::default().index(), None);
    assert_eq!(Histogram::default().index_basis_points(), None);
    assert_eq!(Histogram::default().net_promoters(), None);
    // Two thirds are less than 66.67 %: what misses its target narrowly does not reach it by rounding.
    assert_eq!(histogram(&[("5", 2), ("1", 1)]).index_basis_points(), Some(6666));
}

#[test]
fn a_question_that_few_of_a_cell_answered_does_not_count() {
    let few = cell(place(1, 10, None), 8, &[(QUALITY, histogram(&[("5", 8)])), (ATTITUDE, histogram(&[("1", 4)]))]);
    let many = cell(place(1, 11, None), 6, &[(QUALITY, histogram(&[("4", 6)])), (ATTITUDE, histogram(&[("5", 5)]))]);
    let outcome = total(&[few, many], &[], &asked(), &everything());
    assert_eq!(outcome.covered, 14);
    assert_eq!(outcome.ratings(&asked(), Some(Dimension::Attitude)), histogram(&[("5", 5)]));
    assert_eq!(outcome.ratings(&asked(), None), histogram(&[("4", 6), ("5", 13)]));
}

#[test]
fn departments_share_a_survey_by_its_dimensions() {
    let cells = [cell(
        place(1, 10, None),
        6,
        &[(QUALITY, histogram(&[("1", 6)])), (ATTITUDE, histogram(&[("5", 6)])), (RECOMMEND, histogram(&[("9", 6)]))],
    )];
    let found = groups(&cells, &[], &asked(), &everything(), Grouping::Department);
    let of = |department| &found[&Key::Department(department)];
    assert_eq!(of(Department::Sales).ratings(&asked(), None).index(), Some(100.0));
    assert_eq!(of(Department::ProjectManagement).ratings(&asked(), None).index(), Some(0.0));
    assert_eq!(found.len(), 2);
    let only = Filter { department: Some(Department::Sales), ..everything() };
    assert_eq!(groups(&cells, &[], &asked(), &only, Grouping::Department).len(), 1);
    assert_eq!(total(&cells, &[], &asked(), &only).recommendations(&asked()).net_promoters(), Some(100.0));
}

#[test]
fn groups_without_a_cell_show_that_people_were_invited_and_no_result() {
    let invited = |ambassador, responses| Invited { place: place(1, 10, Some(ambassador)), invitations: 9, responses };
    let cells = [cell(place(1, 10, Some(1)), 6, &[(QUALITY, histogram(&[("5", 6)]))])];
    let counts = [invited(1, 6), invited(2, 3)];
    let found = groups(&cells, &counts, &asked(), &everything(), Grouping::Ambassador);
    let of = |ambassador| &found[&Key::Ambassador(Uuid::from_u128(ambassador))];
    assert_eq!((of(1).invitations, of(1).responses, of(1).covered), (9, 6, 6));
    assert_eq!((of(2).invitations, of(2).responses, of(2).covered), (9, 3, 0));
    assert!(of(2).answers.is_empty());
}

/// A campaign of a month in a project: how many answered in the households of each of three ambassadors, and of none.
fn campaigns() -> impl Strategy<Value = Vec<(u128, u32, [usize; 4])>> {
    prop::collection::vec((1u128..3, 1u32..7, [0usize..8, 0usize..8, 0usize..4, 0usize..3]), 1..12)
}

/// Closes the campaigns in order, as the services do; each cell with the ids of its responses.
fn close(campaigns: &[(u128, u32, [usize; 4])]) -> Vec<(Place, BTreeSet<Uuid>)> {
    let mut waiting: BTreeMap<u128, Vec<Response>> = BTreeMap::new();
    let (mut cells, mut next) = (Vec::new(), 0u128);
    for (project, month_number, counts) in campaigns {
        let mut fresh = Vec::new();
        for (ambassador, count) in (0u128..).zip(counts) {
            for _ in 0..*count {
                next += 1;
                let ambassador = (ambassador > 0).then(|| Uuid::from_u128(ambassador));
                fresh.push(Response { id: Uuid::from_u128(next), month: month(*month_number), ambassador });
            }
        }
        let pool = waiting.entry(*project).or_default();
        let sealed = seal(pool, &fresh);
        pool.extend(fresh);
        for cell in sealed {
            let members: BTreeSet<Uuid> = cell.members.into_iter().collect();
            pool.retain(|response| !members.contains(&response.id));
            let place = Place {
                first_month: cell.first_month,
                last_month: cell.last_month,
                ambassador: cell.ambassador,
                ..place(*project, *month_number, None)
            };
            cells.push((place, members));
        }
    }
    cells
}

fn filters() -> impl Strategy<Value = Filter> {
    let ambassador = prop::option::of(1u128..4).prop_map(|id| id.map(Uuid::from_u128));
    let project = prop::option::of(1u128..3).prop_map(|id| id.map(Uuid::from_u128));
    (project, ambassador, 1u32..7, 1u32..7).prop_map(|(project_id, ambassador, from, to)| Filter {
        project_id,
        ambassador,
        from: month(from.min(to)),
        to: month(from.max(to)),
        ..everything()
    })
}

/// Whose answers a result is of.
fn covered(cells: &[(Place, BTreeSet<Uuid>)], filter: &Filter) -> BTreeSet<Uuid> {
    let covered = cells.iter().filter(|(place, _)| filter.covers(place));
    covered.flat_map(|(_, members)| members.iter().copied()).collect()
}

proptest! {
    #[test]
    fn no_two_results_differ_by_fewer_than_five_people(
        campaigns in campaigns(), one in filters(), other in filters(), third in filters(), closed in 0usize..12,
    ) {
        let now = close(&campaigns);
        let before = close(&campaigns[..closed.min(campaigns.len())]);
        let sets = [covered(&now, &one), covered(&now, &other), covered(&now, &third), covered(&before, &one)];
        let is_safe = |set: BTreeSet<Uuid>| set.is_empty() || set.len() >= FEWEST;
        for first in &sets {
            prop_assert!(is_safe(first.clone()));
            for second in &sets {
                prop_assert!(is_safe(first - second), "a difference tells");
                prop_assert!(is_safe(first & second), "an intersection tells");
                for last in &sets {
                    prop_assert!(is_safe(&(first - second) - last), "a difference of three tells");
                }
            }
        }
    }

    #[test]
    fn a_campaign_of_enough_responses_is_shown_whole(campaigns in campaigns()) {
        let cells = close(&campaigns);
        let all: usize = cells.iter().map(|(_, members)| members.len()).sum();
        let large: usize =
            campaigns.iter().map(|(_, _, counts)| counts.iter().sum::<usize>()).filter(|size| *size >= FEWEST).sum();
        let answered: usize = campaigns.iter().flat_map(|(_, _, counts)| counts).sum();
        prop_assert!(large <= all && all <= answered);
        prop_assert!(answered - all < 2 * FEWEST, "in each of two projects fewer than five wait");
        let distinct: BTreeSet<Uuid> = cells.iter().flat_map(|(_, members)| members.iter().copied()).collect();
        prop_assert_eq!(distinct.len(), all, "each response is in one cell");
    }
}
