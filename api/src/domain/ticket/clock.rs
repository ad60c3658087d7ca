//! A ticket's three clocks and the hold: which deadline is running, what has been missed, and what time alone brings
//! about. How long a deadline is, is said by the policy.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{DeadlineKind, TicketAction, TicketStatus};

use crate::domain::deadline::DeadlinePolicy;

use super::happening::Happened;
use super::{Details, EscalationCause, Step, TicketState};

/// How long the owner has to answer before a resolution counts as confirmed.
pub(super) const ANSWER_TIME: TimeDelta = TimeDelta::hours(72);

/// What is due by itself at `now`: missed deadlines, and then the confirmation of a resolution left unanswered. No
/// events mean that nothing was due. Missed deadlines come out of every command too, so that this need not run in time.
pub fn catch_up(state: &TicketState, now: DateTime<Utc>) -> Step {
    let mut step = overdue(state, now);
    if answer_due_at(state).is_some_and(|due| now >= due) {
        let happened = confirm_unanswered(&mut step.state, now);
        step.record(TicketAction::Confirm, TicketStatus::Confirmed, happened, true);
    }
    step
}

/// The earliest running deadline, also when it has passed: the order of the work queue.
pub fn queue_deadline(state: &TicketState) -> Option<DateTime<Utc>> {
    running(state).map(|(_, due)| due).min()
}

/// Whether a running deadline has passed. On hold nothing is overdue, because nothing runs.
pub fn is_overdue(state: &TicketState, now: DateTime<Utc>) -> bool {
    queue_deadline(state).is_some_and(|due| now > due)
}

/// The earliest instant after which `catch_up` finds something to do; `None` when it never will without a command.
pub fn next_check_at(state: &TicketState) -> Option<DateTime<Utc>> {
    unrecorded(state).map(|(_, due)| due).chain(answer_due_at(state)).min()
}

/// Records each missed deadline with its escalation, in the order in which they were missed.
pub(super) fn overdue(state: &TicketState, now: DateTime<Utc>) -> Step {
    let mut missed: Vec<_> = unrecorded(state).filter(|(_, due)| now > *due).collect();
    missed.sort_by_key(|(deadline, due)| (*due, *deadline));
    let mut step = Step::begin(state);
    for (deadline, due_at) in missed {
        let (breached_at, action) = breach_of(&mut step.state, deadline);
        *breached_at = Some(due_at);
        step.record(action, state.status, Details::Breach { deadline, due_at }.into(), true);
        step.escalate(EscalationCause::Breach);
    }
    step
}

/// Ends a hold, if there is one: the resolve deadline moves by as much of the policy's time as the hold took. Answers
/// where to.
pub(super) fn end_hold(state: &mut TicketState, policy: &DeadlinePolicy, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let since = state.held_since.take()?;
    state.resolve_due_at = policy.add(state.resolve_due_at, policy.elapsed(since, now));
    state.held_seconds += (now - since).num_seconds().max(0);
    Some(state.resolve_due_at)
}

/// Nobody said whether the work was good, and so nothing is recorded as said.
pub(super) fn confirm_unanswered(state: &mut TicketState, now: DateTime<Utc>) -> Happened {
    state.confirmed_at = Some(now);
    Details::Confirm { satisfied: None, rating: None, channel: None }.into()
}

/// When a resolution left unanswered is confirmed by the system.
pub(super) fn answer_due_at(state: &TicketState) -> Option<DateTime<Utc>> {
    let resolved_at = state.resolved_at.filter(|_| state.status == TicketStatus::Resolved);
    resolved_at.map(|resolved_at| resolved_at + ANSWER_TIME)
}

/// The deadlines that run in this state. On hold and from the resolution on, none does.
fn running(state: &TicketState) -> impl Iterator<Item = (DeadlineKind, DateTime<Utc>)> {
    use TicketStatus::{Accepted, Assigned, InProgress, Submitted};
    let waits_for_arrival = matches!(state.status, Submitted | Accepted | Assigned) && state.started_at.is_none();
    let waits_for_work = matches!(state.status, Submitted | Accepted | Assigned | InProgress);
    let respond = (state.status == Submitted).then_some(state.respond_due_at);
    let arrive = state.arrive_due_at.filter(|_| waits_for_arrival);
    let resolve = waits_for_work.then_some(state.resolve_due_at);
    [(DeadlineKind::Respond, respond), (DeadlineKind::Arrive, arrive), (DeadlineKind::Resolve, resolve)]
        .into_iter()
        .filter_map(|(deadline, due)| Some((deadline, due?)))
}

/// The running deadlines that have not been missed on record yet.
fn unrecorded(state: &TicketState) -> impl Iterator<Item = (DeadlineKind, DateTime<Utc>)> {
    running(state).filter(|(deadline, _)| {
        let breached_at = match deadline {
            DeadlineKind::Respond => state.respond_breached_at,
            DeadlineKind::Arrive => state.arrive_breached_at,
            DeadlineKind::Resolve => state.resolve_breached_at,
        };
        breached_at.is_none()
    })
}

fn breach_of(state: &mut TicketState, deadline: DeadlineKind) -> (&mut Option<DateTime<Utc>>, TicketAction) {
    match deadline {
        DeadlineKind::Respond => (&mut state.respond_breached_at, TicketAction::RespondBreached),
        DeadlineKind::Arrive => (&mut state.arrive_breached_at, TicketAction::ArriveBreached),
        DeadlineKind::Resolve => (&mut state.resolve_breached_at, TicketAction::ResolveBreached),
    }
}
