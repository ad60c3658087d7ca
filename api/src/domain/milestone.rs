//! What customers read about a milestone of construction. Who is told, and that it happens once, is not decided here.

use chrono::{Days, NaiveDate};
use entity::vocab::MilestoneKind;

use super::{
    bulletin::{Line, Notice},
    message::{Day, Name, Written},
};

/// How long after a milestone customers are looked for whom it missed.
pub const LOOK_BACK: Days = Days::new(90);

/// The bulletin. `place` is the project, or the project and the building.
pub fn notice(kind: MilestoneKind, place: &str, reached_on: NaiveDate, note: Option<String>) -> Notice {
    let milestone = Name::from(kind);
    let told = Written::MilestoneTold { place: place.to_owned(), day: Day(reached_on), milestone: milestone.clone() };
    let body = [told.into()].into_iter().chain(note.map(Line::Typed)).collect();
    Notice { title: Written::MilestoneHeadline { milestone }, body }
}
