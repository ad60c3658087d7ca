//! One command applied to one ticket: legality first, then what time has already brought about, then the effect.

use chrono::{DateTime, Utc};
use entity::vocab::{TicketAction, TicketStatus};

use crate::domain::deadline::DeadlinePolicy;

use super::effect::Effect;
use super::{Command, EscalationCause, Refusal, Step, TicketState, clock, target};

/// The rejected resolution that goes to the manager.
const REWORKS_TO_ESCALATE: i32 = 3;

/// The state after the command and the events to append, or a refusal that changes nothing. Deadlines missed before `now`
/// are recorded in front of the command's own event. `policy` is the one for `command.urgency(state)`.
pub fn step(
    state: &TicketState,
    command: &Command,
    policy: &DeadlinePolicy,
    now: DateTime<Utc>,
) -> Result<Step, Refusal> {
    let action = command.action();
    let to = target(state.status, action).ok_or(Refusal::IllegalTransition { action, status: state.status })?;
    let mut step = clock::overdue(state, now);
    let moved_to = match to {
        TicketStatus::OnHold => None,
        _ => clock::end_hold(&mut step.state, policy, now),
    };
    let happened = Effect { state: &mut step.state, policy, now, moved_to }.of(command)?;
    step.record(action, to, happened, matches!(command, Command::AutoConfirm));
    if action == TicketAction::Reject && step.state.rework_count == REWORKS_TO_ESCALATE {
        step.escalate(EscalationCause::Rework);
    }
    Ok(step)
}
