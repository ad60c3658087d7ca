//! Small groups: fewer than five answers are not shown, and neither is what would give them away by subtraction.

/// The fewest answers that are shown.
pub const FEWEST: usize = 5;

/// What may be shown of a whole and of the groups it falls into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub whole: bool,
    pub groups: Vec<bool>,
}

/// Decides from the sizes of all groups. Groups below five are hidden; as long as what is hidden comes to fewer than five
/// together, the smallest shown group is hidden with it, so that the whole less what is shown gives nobody away. Where
/// even that is not enough, nothing is shown. An empty group has nothing to hide.
pub fn shown(sizes: &[usize]) -> Shown {
    let mut groups: Vec<bool> = sizes.iter().map(|size| *size == 0 || *size >= FEWEST).collect();
    let hidden = |groups: &[bool]| -> usize {
        sizes.iter().zip(groups).filter(|(_, shown)| !**shown).map(|(size, _)| size).sum()
    };
    while (1..FEWEST).contains(&hidden(&groups)) {
        let smallest = (0..sizes.len()).filter(|at| groups[*at] && sizes[*at] > 0).min_by_key(|at| sizes[*at]);
        let Some(smallest) = smallest else {
            return Shown { whole: false, groups };
        };
        groups[smallest] = false;
    }
    Shown { whole: true, groups }
}

/// Whether a whole of several projects may be shown beside each project that is large enough to be shown by itself.
pub fn is_sum_shown(sizes: &[usize]) -> bool {
    let hidden: usize = sizes.iter().filter(|size| **size < FEWEST).sum();
    hidden == 0 || hidden >= FEWEST
}
