//! Small groups: what fewer than five people answered is not shown, and neither is what would give it away by subtraction.

use std::collections::BTreeSet;

use uuid::Uuid;

/// The fewest people whose answers are shown.
pub const FEWEST: usize = 5;

/// The people whose answers make up a group.
pub type People = BTreeSet<Uuid>;

/// What may be shown of a whole and of the groups it falls into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub whole: bool,
    pub groups: Vec<bool>,
}

/// Decides from all groups. Groups of fewer than five people are hidden; as long as what is hidden is of fewer than five
/// people together, the smallest shown group is hidden with it, so that the whole less what is shown gives nobody away.
/// Where even that is not enough, nothing is shown. An empty group has nothing to hide.
pub fn shown(people: &[People]) -> Shown {
    let mut groups: Vec<bool> = people.iter().map(|group| group.is_empty() || group.len() >= FEWEST).collect();
    while is_small(&hidden(people, &groups)) {
        let smallest = (0..people.len()).filter(|at| groups[*at] && !people[*at].is_empty());
        let Some(smallest) = smallest.min_by_key(|at| people[*at].len()) else {
            return Shown { whole: false, groups };
        };
        groups[smallest] = false;
    }
    Shown { whole: true, groups }
}

/// Whether a whole may be shown beside each of its groups that is large enough to be shown by itself.
pub fn is_sum_shown(people: &[People]) -> bool {
    let groups: Vec<bool> = people.iter().map(|group| group.len() >= FEWEST).collect();
    !is_small(&hidden(people, &groups))
}

fn hidden(people: &[People], groups: &[bool]) -> People {
    people.iter().zip(groups).filter(|(_, is_shown)| !**is_shown).flat_map(|(group, _)| group).copied().collect()
}

fn is_small(people: &People) -> bool {
    (1..FEWEST).contains(&people.len())
}
