//! The rules of tickets by example, one room a subject.

mod content;
mod deadlines;
mod legality;
mod report;
mod rounds;

use chrono::{DateTime, Utc};
use entity::vocab::TicketAction;

use super::sample::apply;
use super::{Command, Refusal, Step, TicketState};
use crate::domain::invalid::Problem;

fn actions(step: &Step) -> Vec<TicketAction> {
    step.events.iter().map(|event| event.action).collect()
}

/// The field and the problem for which a command is refused.
fn refused(state: &TicketState, command: &Command, now: DateTime<Utc>) -> (&'static str, Problem) {
    match apply(state, command, now) {
        Err(Refusal::Invalid(invalid)) => (invalid.field, invalid.problem),
        other => panic!("{command:?} should have been refused for a field: {other:?}"),
    }
}
