//! Cells: the smallest sets of responses that are ever shown, each of at least five.
//!
//! Everything that the statistics show is a sum over whole cells. The difference of any two results is then of whole
//! cells too, so that no pair of neighbouring filters, and no result before and after a campaign closed, tells what
//! fewer than five people answered. Cells are made when a campaign closes, and never change.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::FEWEST;

/// A response, and by what results are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Response {
    pub id: Uuid,
    /// The first day of the cohort's month.
    pub month: NaiveDate,
    pub ambassador: Option<Uuid>,
}

/// Responses that are shown together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub members: Vec<Uuid>,
    pub first_month: NaiveDate,
    pub last_month: NaiveDate,
    /// Whose households they are; none when they are of several.
    pub ambassador: Option<Uuid>,
}

/// Makes cells of what a campaign brought. `waiting` are responses to earlier campaigns of the same kind and project
/// that were too few.
///
/// A campaign of enough responses is shown whole: each ambassador with enough has a cell, the others share one, and when
/// those are too few, the smallest of the former joins them, or the difference to the whole would tell. A campaign of
/// fewer waits until, together with later ones, there are enough.
pub fn seal(waiting: &[Response], fresh: &[Response]) -> Vec<Cell> {
    if fresh.len() >= FEWEST {
        return by_ambassador(fresh);
    }
    let pool: Vec<Response> = waiting.iter().chain(fresh).copied().collect();
    if pool.len() >= FEWEST { cell(pool).into_iter().collect() } else { Vec::new() }
}

fn by_ambassador(fresh: &[Response]) -> Vec<Cell> {
    let mut groups: BTreeMap<Option<Uuid>, Vec<Response>> = BTreeMap::new();
    for response in fresh {
        groups.entry(response.ambassador).or_default().push(*response);
    }
    let is_shown = |ambassador: &Option<Uuid>, size: usize| ambassador.is_some() && size >= FEWEST;
    let (mut shown, others): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(ambassador, group)| is_shown(ambassador, group.len()));
    let mut rest: Vec<Response> = others.into_iter().flat_map(|(_, group)| group).collect();
    if !rest.is_empty() && rest.len() < FEWEST {
        shown.sort_by_key(|(ambassador, group)| (std::cmp::Reverse(group.len()), *ambassador));
        rest.extend(shown.pop().map(|(_, group)| group).unwrap_or_default());
    }
    let shown = shown.into_iter().map(|(_, group)| group);
    shown.chain([rest]).filter_map(cell).collect()
}

fn cell(mut responses: Vec<Response>) -> Option<Cell> {
    responses.sort_unstable();
    let first_month = responses.iter().map(|response| response.month).min()?;
    let last_month = responses.iter().map(|response| response.month).max()?;
    let ambassador = responses.first()?.ambassador;
    let ambassador = ambassador.filter(|_| responses.iter().all(|response| response.ambassador == ambassador));
    let members = responses.into_iter().map(|response| response.id).collect();
    Some(Cell { members, first_month, last_month, ambassador })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, number, 1).unwrap()
    }

    /// So many responses of each ambassador, who are numbered from 1; 0 is a household without one.
    fn responses(first_id: u128, month_number: u32, counts: &[(u128, usize)]) -> Vec<Response> {
        let each = counts.iter().flat_map(|(ambassador, count)| std::iter::repeat_n(*ambassador, *count));
        let response = |(id, ambassador): (u128, u128)| Response {
            id: Uuid::from_u128(id),
            month: month(month_number),
            ambassador: (ambassador > 0).then(|| Uuid::from_u128(ambassador)),
        };
        (first_id..).zip(each).map(response).collect()
    }

    fn shape(cells: &[Cell]) -> Vec<(Option<u128>, usize)> {
        let mut shape: Vec<_> =
            cells.iter().map(|cell| (cell.ambassador.map(|id| id.as_u128()), cell.members.len())).collect();
        shape.sort_unstable();
        shape
    }

    #[test]
    fn ambassadors_with_enough_responses_have_cells_of_their_own() {
        for (counts, expected) in [
            (vec![(1, 5)], vec![(Some(1), 5)]),
            (vec![(1, 5), (2, 6)], vec![(Some(1), 5), (Some(2), 6)]),
            (vec![(1, 6), (2, 3), (3, 2)], vec![(None, 5), (Some(1), 6)]),
            // Alone, three would show as the difference to the whole; the smaller of the others joins them.
            (vec![(1, 6), (2, 7), (3, 3)], vec![(None, 9), (Some(2), 7)]),
            (vec![(1, 6), (3, 1)], vec![(None, 7)]),
            (vec![(1, 2), (2, 2), (3, 2)], vec![(None, 6)]),
            (vec![(0, 8)], vec![(None, 8)]),
            (vec![(0, 5), (1, 5)], vec![(None, 5), (Some(1), 5)]),
            (vec![(1, 4)], vec![]),
        ] {
            let cells = seal(&[], &responses(100, 10, &counts));
            assert_eq!(shape(&cells), expected, "{counts:?}");
        }
    }

    #[test]
    fn few_responses_wait_for_more() {
        let october = responses(100, 10, &[(1, 3)]);
        assert_eq!(seal(&[], &october), []);
        let cells = seal(&october, &responses(200, 11, &[(1, 2)]));
        assert_eq!(shape(&cells), [(Some(1), 5)]);
        assert_eq!((cells[0].first_month, cells[0].last_month), (month(10), month(11)));
        // A month of enough is whole by itself: those who wait go on waiting, or the month could not be shown.
        let cells = seal(&october, &responses(200, 11, &[(2, 5)]));
        assert_eq!(shape(&cells), [(Some(2), 5)]);
    }
}
