//! Ranks: who is first, with the same rank for the same figure.

use std::cmp::Ordering;

use super::{Goal, Measure, Tally};

/// Orders by figure, the best first, and gives each its rank: two firsts are followed by a third. Those without a figure
/// come last and have no rank.
pub fn ranked<T>(goal: Goal, entries: Vec<(T, Tally)>) -> Vec<(Option<usize>, T, Tally)> {
    let mut entries = entries;
    entries.sort_by(|(_, one), (_, other)| better(goal, *one, *other));
    let mut ranked: Vec<(Option<usize>, T, Tally)> = Vec::with_capacity(entries.len());
    for (position, (who, tally)) in (1..).zip(entries) {
        let same = ranked.last().filter(|(_, _, last)| better(goal, *last, tally) == Ordering::Equal);
        let rank = same.map_or(Some(position), |(rank, ..)| *rank);
        ranked.push((rank.filter(|_| tally.value(goal).is_some()), who, tally));
    }
    ranked
}

/// Fewer incidents and higher percentages are better; compared in whole numbers.
fn better(goal: Goal, one: Tally, other: Tally) -> Ordering {
    match goal.measure {
        Measure::Count => one.numerator.cmp(&other.numerator),
        Measure::Percent => match (one.denominator, other.denominator) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            _ => (other.numerator * one.denominator).cmp(&(one.numerator * other.denominator)),
        },
    }
}
