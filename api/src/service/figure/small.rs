//! Whether what a few people answered would show through a satisfaction index.

use std::collections::{BTreeMap, BTreeSet};

use entity::vocab::Department;
use uuid::Uuid;

use crate::domain::figure::{
    Cut, Item,
    small::{is_sum_shown, shown},
};

/// Whether a part of the index is hidden, given all answers behind it and how many projects they are of.
pub fn is_hidden(items: &[Item], cut: Cut, projects: usize) -> bool {
    let by_project: Vec<usize> = sizes(items, |item| item.project_id).into_values().collect();
    if !is_sum_shown(&by_project) {
        return true;
    }
    if cut.is_whole() {
        return false;
    }
    // Parts of several projects together could be held against those of each.
    if projects > 1 {
        return true;
    }
    match (cut.department, cut.staff_id) {
        (Some(department), None) => group_is_hidden(items, |item| item.department, Some(department)),
        (None | Some(Department::Sales), Some(staff)) => staff_is_hidden(items, staff),
        _ => true,
    }
}

/// Sales agents are told apart among the answers about sales, ambassadors among all others: each with what stays when the
/// department's own figure is known.
fn staff_is_hidden(items: &[Item], staff: Uuid) -> bool {
    let (sales, others): (Vec<Item>, Vec<Item>) =
        items.iter().cloned().partition(|item| item.department == Some(Department::Sales));
    group_is_hidden(&sales, |item| item.staff_id, Some(staff))
        || group_is_hidden(&others, |item| item.ambassador_id, Some(staff))
}

fn group_is_hidden<K: Ord>(items: &[Item], of: impl Fn(&Item) -> K, group: K) -> bool {
    let sizes = sizes(items, of);
    let Some(at) = sizes.keys().position(|key| *key == group) else { return false };
    let shown = shown(&sizes.into_values().collect::<Vec<_>>());
    !shown.whole || !shown.groups[at]
}

/// How many people answered in each group.
fn sizes<K: Ord>(items: &[Item], of: impl Fn(&Item) -> K) -> BTreeMap<K, usize> {
    let mut people: BTreeMap<K, BTreeSet<Option<Uuid>>> = BTreeMap::new();
    for item in items {
        people.entry(of(item)).or_default().insert(item.context);
    }
    people.into_iter().map(|(key, people)| (key, people.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocab::FigureItemKind;

    /// So many people's answers about a department's work, in a project, for an ambassador.
    fn answers(first: u128, people: u128, project: u128, department: Department, ambassador: u128) -> Vec<Item> {
        let person = |number: u128| Item {
            context: Some(Uuid::from_u128(number)),
            project_id: Some(Uuid::from_u128(project)),
            department: Some(department),
            ambassador_id: Some(Uuid::from_u128(ambassador)),
            ..Item::new(FigureItemKind::SurveyAnswer, Uuid::from_u128(number), true)
        };
        // Each gives two answers, and is one person.
        (first..first + people).flat_map(|number| [person(number), person(number)]).collect()
    }

    const WHOLE: Cut = Cut { department: None, staff_id: None };

    #[test]
    fn four_people_are_hidden_and_five_are_shown() {
        assert!(is_hidden(&answers(0, 4, 1, Department::Sales, 9), WHOLE, 1));
        assert!(!is_hidden(&answers(0, 5, 1, Department::Sales, 9), WHOLE, 1));
        assert!(!is_hidden(&[], WHOLE, 1));
    }

    #[test]
    fn a_small_project_hides_the_sum_of_all() {
        let two = [answers(0, 4, 1, Department::Sales, 9), answers(10, 20, 2, Department::Sales, 9)].concat();
        assert!(is_hidden(&two, WHOLE, 2));
    }

    #[test]
    fn a_small_group_hides_the_next_smallest() {
        let [a, b, c] = [3, 7, 20];
        let items = [
            answers(0, a, 1, Department::CustomerService, 1),
            answers(100, b, 1, Department::CustomerService, 2),
            answers(200, c, 1, Department::CustomerService, 3),
        ]
        .concat();
        let of = |staff: u128| Cut { staff_id: Some(Uuid::from_u128(staff)), ..WHOLE };
        assert_eq!([1, 2, 3, 4].map(|staff| is_hidden(&items, of(staff), 1)), [true, true, false, false]);
        assert!(is_hidden(&items, of(3), 2), "not of several projects together");
        let both = Cut { department: Some(Department::CustomerService), ..of(3) };
        assert!(is_hidden(&items, both, 1));
    }
}
