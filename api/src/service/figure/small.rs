//! Whether what a few people answered would show through a satisfaction index.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::figure::{
    Cut, Item,
    small::{People, is_sum_shown, shown},
};

/// Whether a part of the index is hidden, given all answers behind it and how many projects they are of.
pub fn is_hidden(items: &[Item], cut: Cut, projects: usize) -> bool {
    let all: Vec<&Item> = items.iter().collect();
    if !is_sum_shown(&people(&all, |item| item.project_id).into_values().collect::<Vec<_>>()) {
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
        (Some(_), None) => group_is_hidden(&all, |item| item.department, cut.department),
        (None, Some(staff)) => staff_is_hidden(&all, staff),
        _ => part_of_staff_is_hidden(&all, cut),
    }
}

/// Sales agents are told apart among the surveys about sales, ambassadors among all others.
fn staff_is_hidden(items: &[&Item], staff: Uuid) -> bool {
    let is_of_sales = |item: &&Item| item.about.as_deref() == Some(SALES);
    let (sales, others): (Vec<&Item>, Vec<&Item>) = items.iter().copied().partition(is_of_sales);
    group_is_hidden(&sales, |item| item.staff_id, Some(staff))
        || group_is_hidden(&others, |item| item.ambassador_id, Some(staff))
}

/// What concerns one department of what people said about one member of staff: shown when the member's whole is, and
/// neither it nor the rest of it is of a few people.
fn part_of_staff_is_hidden(items: &[&Item], cut: Cut) -> bool {
    let Some(staff) = cut.staff_id else { return true };
    let whole = Cut { department: None, ..cut };
    let theirs: Vec<&Item> = items.iter().copied().filter(|item| whole.holds(item)).collect();
    let within: Vec<&Item> = items.iter().copied().filter(|item| item.department == cut.department).collect();
    staff_is_hidden(items, staff)
        || staff_is_hidden(&within, staff)
        || group_is_hidden(&theirs, |item| item.department == cut.department, true)
}

/// What a survey about a sale is called.
const SALES: &str = "SALES";

fn group_is_hidden<K: Ord>(items: &[&Item], of: impl Fn(&Item) -> K, group: K) -> bool {
    let people = people(items, of);
    let Some(at) = people.keys().position(|key| *key == group) else { return false };
    let shown = shown(&people.into_values().collect::<Vec<_>>());
    !shown.whole || !shown.groups[at]
}

/// Who answered in each group.
fn people<K: Ord>(items: &[&Item], of: impl Fn(&Item) -> K) -> BTreeMap<K, People> {
    let mut people: BTreeMap<K, People> = BTreeMap::new();
    for item in items {
        people.entry(of(item)).or_default().extend(item.context);
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocab::{Department, FigureItemKind};

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
        let both = |department| Cut { department: Some(department), ..of(3) };
        assert!(!is_hidden(&items, both(Department::CustomerService), 1));
        // Two of those twenty answered something about the property company too.
        let more = [items, answers(200, 2, 1, Department::PropertyCompany, 3)].concat();
        assert!(is_hidden(&more, both(Department::PropertyCompany), 1));
        assert!(is_hidden(&more, both(Department::CustomerService), 1), "the rest would be two people's");
    }
}
