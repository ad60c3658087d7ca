//! What comes after the work: rejection, confirmation by the system, follow-up, escalation, reopening, and the way back
//! to the queue.

use chrono::TimeDelta;
use entity::vocab::{Channel, TicketAction, TicketKind, TicketStatus, Urgency};
use serde_json::json;
use uuid::Uuid;

use super::{actions, refused};
use crate::domain::invalid::Problem;
use crate::domain::ticket::sample::*;
use crate::domain::ticket::{Command, Details, EscalationCause, TicketState, catch_up, next_check_at};

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

fn rejected(state: TicketState) -> crate::domain::ticket::Step {
    let resolved = match state.status {
        TicketStatus::InProgress => walk(state, &[resolve()], minutes(5)),
        _ => state,
    };
    apply(&resolved, &reject(), minutes(6)).unwrap()
}

#[test]
fn the_third_rejection_and_only_it_goes_to_the_manager() {
    let mut state = repair_in(TicketStatus::Resolved);
    for round in 1..=4 {
        let step = rejected(state);
        let expected: &[TicketAction] = match round {
            3 => &[TicketAction::Reject, TicketAction::Escalate],
            _ => &[TicketAction::Reject],
        };
        assert_eq!(actions(&step), expected, "round {round}");
        assert_eq!(step.events[0].details, Details::Reject { rework_count: round });
        state = step.state;
    }
    assert_eq!((state.rework_count, state.escalation_level), (4, 1));
}

#[test]
fn a_rejection_leaves_the_deadline_and_the_arrival() {
    let resolved = repair_in(TicketStatus::Resolved);
    let state = apply(&resolved, &reject(), hours(80)).unwrap().state;
    assert_eq!((state.status, state.resolved_at), (TicketStatus::InProgress, None));
    assert_eq!((state.resolve_due_at, state.started_at), (hours(72), Some(minutes(1))));
    assert_eq!(actions(&catch_up(&state, hours(80))), [TicketAction::ResolveBreached, TicketAction::Escalate]);
}

#[test]
fn a_resolution_left_unanswered_for_72_hours_is_confirmed_by_the_system() {
    let resolved = repair_in(TicketStatus::Resolved);
    let due = minutes(1) + TimeDelta::hours(72);
    assert_eq!(next_check_at(&resolved), Some(due));
    assert_eq!(refused(&resolved, &Command::AutoConfirm, due - MOMENT), ("ticketId", Problem::TooEarly));
    assert_eq!(catch_up(&resolved, due - MOMENT).events, []);
    for step in [apply(&resolved, &Command::AutoConfirm, due).unwrap(), catch_up(&resolved, due)] {
        assert_eq!(actions(&step), [TicketAction::Confirm]);
        assert!(step.events[0].by_system);
        assert_eq!((step.state.status, step.state.confirmed_at), (TicketStatus::Confirmed, Some(due)));
        assert_eq!((step.state.satisfied, step.state.rating), (None, None));
    }
    // As long as nobody has confirmed it, the owner can still reject it.
    assert!(apply(&resolved, &reject(), due + MOMENT).is_ok());
}

#[test]
fn a_follow_up_closes() {
    let step = apply(&repair_in(TicketStatus::Confirmed), &follow_up(), minutes(9)).unwrap();
    assert_eq!(step.events[0].note.as_deref(), Some("业主满意"));
    assert_eq!((step.state.status, step.state.closed_at), (TicketStatus::Closed, Some(minutes(9))));
}

#[test]
fn an_escalation_raises_the_level_and_moves_nothing() {
    let state = repair_in(TicketStatus::OnHold);
    let step = apply(&state, &escalate(), minutes(9)).unwrap();
    assert_eq!(step.state, TicketState { escalation_level: 1, ..state });
    assert_eq!(step.events[0].details, Details::Escalate { level: 1, because: EscalationCause::Request });
    assert!(!step.events[0].by_system);
}

#[test]
fn a_cancellation_stops_every_clock() {
    let state = repair_in(TicketStatus::Cancelled);
    assert_eq!((state.cancelled_at, next_check_at(&state)), (Some(minutes(1)), None));
    assert_eq!(catch_up(&state, hours(999)).events, []);
}

#[test]
fn reopening_is_a_new_round_with_clocks_of_its_own() {
    let by_phone = Command::Confirm { satisfied: false, rating: Some(2), channel: Some(Channel::Phone), note: None };
    // Late in everything, so that there is something to clear.
    let mut state =
        walk(submitted(TicketKind::Repair, Urgency::Normal), &[accept(Urgency::Normal), assign(1)], hours(90));
    state = walk(state, &[started(), resolve(), by_phone, follow_up()], hours(91));
    assert_eq!((state.respond_breached_at, state.escalation_level), (Some(minutes(30)), 3));

    let again = apply(&state, &reopen(), hours(100)).unwrap().state;
    let expected = TicketState {
        status: TicketStatus::Accepted,
        assignee_id: None,
        started_at: None,
        resolved_at: None,
        confirmed_at: None,
        closed_at: None,
        satisfied: None,
        rating: None,
        confirmed_channel: None,
        arrive_breached_at: None,
        resolve_breached_at: None,
        arrive_due_at: Some(hours(124)),
        resolve_due_at: hours(172),
        ..state
    };
    assert_eq!(again, expected);
    assert_eq!(actions(&catch_up(&again, hours(173))).len(), 4);
}

#[test]
fn seven_days_after_the_end_it_is_too_late_to_reopen() {
    let week = TimeDelta::days(7);
    let confirmed = walk(repair_in(TicketStatus::Resolved), &[confirm(None)], hours(1));
    assert!(apply(&confirmed, &reopen(), hours(1) + week).is_ok());
    assert_eq!(refused(&confirmed, &reopen(), hours(1) + week + MOMENT), ("ticketId", Problem::TooLate));
    // A follow-up call is a new end.
    let closed = walk(confirmed, &[follow_up()], hours(30));
    assert!(apply(&closed, &reopen(), hours(30) + week).is_ok());
    assert_eq!(refused(&closed, &reopen(), hours(30) + week + MOMENT), ("ticketId", Problem::TooLate));
}

#[test]
fn a_reopened_appointment_waits_for_a_new_window() {
    let confirmed = in_status(TicketKind::Repair, Urgency::Appointment, TicketStatus::Confirmed);
    let state = apply(&confirmed, &reopen(), hours(60)).unwrap().state;
    assert_eq!((state.appointment, state.arrive_due_at, state.resolve_due_at), (None, None, hours(84)));
    let reschedule = Command::Reschedule { window: window(hours(60), 10), reason: "业主同意".to_owned() };
    let agreed = apply(&state, &reschedule, hours(60)).unwrap().state;
    assert_eq!((agreed.arrive_due_at, agreed.resolve_due_at), (Some(hours(72)), hours(96)));
    // A window still ahead stays.
    let early = apply(&confirmed, &reopen(), hours(10)).unwrap().state;
    assert_eq!((early.appointment, early.arrive_due_at), (Some(window(start(), 48)), Some(hours(50))));
}

#[test]
fn without_its_assignee_a_ticket_goes_back_to_the_queue() {
    for status in [TicketStatus::Assigned, TicketStatus::InProgress, TicketStatus::OnHold] {
        let state = repair_in(status);
        let step = apply(&state, &return_to_queue(), minutes(9)).unwrap();
        assert_eq!((step.state.status, step.state.assignee_id), (TicketStatus::Accepted, None), "{status:?}");
        let previous_assignee_id = Some(Uuid::from_u128(1));
        let resolve_due_at = (status == TicketStatus::OnHold).then_some(step.state.resolve_due_at);
        assert_eq!(resolve_due_at.is_some(), state.resolve_due_at < step.state.resolve_due_at, "{status:?}");
        assert_eq!(step.events[0].details, Details::ReturnToQueue { previous_assignee_id, resolve_due_at });
    }
}

#[test]
fn whatever_ends_a_hold_tells_where_the_deadline_moved() {
    let on_hold = repair_in(TicketStatus::OnHold);
    for (command, name) in [(resume(), "resume"), (assign(2), "assign"), (return_to_queue(), "return")] {
        let step = apply(&on_hold, &command, minutes(9)).unwrap();
        let details = serde_json::to_value(&step.events[0].details).unwrap();
        assert_eq!(details["resolveDueAt"], serde_json::to_value(step.state.resolve_due_at).unwrap(), "{name}");
    }
}

#[test]
fn details_are_stored_as_plain_objects() {
    let assigned = apply(&repair_in(TicketStatus::Assigned), &assign(2), minutes(2)).unwrap();
    assert_eq!(
        serde_json::to_value(&assigned.events[0].details).unwrap(),
        json!({"assigneeId": Uuid::from_u128(2), "previousAssigneeId": Uuid::from_u128(1)})
    );
    let escalated = apply(&assigned.state, &escalate(), minutes(2)).unwrap();
    assert_eq!(serde_json::to_value(&escalated.events[0].details).unwrap(), json!({"level": 1, "because": "REQUEST"}));
    assert_eq!(serde_json::to_value(Details::None).unwrap(), json!(null));
}
