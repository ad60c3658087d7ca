//! When clocks run, stand still and begin anew, and how a missed deadline is recorded.

use chrono::TimeDelta;
use entity::vocab::{DeadlineKind, TicketAction, TicketKind, TicketStatus, Urgency};
use serde_json::json;

use super::actions;
use crate::domain::deadline::{DeadlineMinutes, DeadlinePolicy, default_policy};
use crate::domain::ticket::sample::*;
use crate::domain::ticket::{
    Command, Details, EscalationCause, NewTicket, catch_up, create, is_overdue, next_check_at, queue_deadline, step,
};

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

#[test]
fn due_now_is_not_missed_yet() {
    let state = submitted(TicketKind::Repair, Urgency::Urgent);
    assert!(!is_overdue(&state, minutes(15)));
    assert_eq!(catch_up(&state, minutes(15)).events, []);
    assert!(is_overdue(&state, minutes(15) + MOMENT));
    assert_eq!(
        actions(&catch_up(&state, minutes(15) + MOMENT)),
        [TicketAction::RespondBreached, TicketAction::Escalate]
    );
}

#[test]
fn each_missed_deadline_is_recorded_once_in_order_and_escalates_once() {
    use TicketAction::{ArriveBreached, Escalate, ResolveBreached, RespondBreached};
    let state = submitted(TicketKind::Repair, Urgency::Urgent);
    let caught = catch_up(&state, hours(25));
    assert_eq!(actions(&caught), [RespondBreached, Escalate, ArriveBreached, Escalate, ResolveBreached, Escalate]);
    assert!(caught.events.iter().all(|event| event.by_system && event.to == TicketStatus::Submitted));
    assert_eq!(caught.events[2].details, Details::Breach { deadline: DeadlineKind::Arrive, due_at: minutes(30) });
    assert_eq!(caught.events[5].details, Details::Escalate { level: 3, because: EscalationCause::Breach });
    assert_eq!(caught.state.respond_breached_at, Some(minutes(15)));
    assert_eq!(caught.state.arrive_breached_at, Some(minutes(30)));
    assert_eq!(caught.state.resolve_breached_at, Some(hours(24)));
    assert_eq!(caught.state.escalation_level, 3);
    assert_eq!(catch_up(&caught.state, hours(100)).events, []);
    assert_eq!(next_check_at(&caught.state), None);
}

#[test]
fn a_command_records_first_what_was_missed_before_it() {
    let state = submitted(TicketKind::Repair, Urgency::Normal);
    let late = apply(&state, &accept(Urgency::Normal), minutes(31)).unwrap();
    assert_eq!(actions(&late), [TicketAction::RespondBreached, TicketAction::Escalate, TicketAction::Accept]);
    assert_eq!(late.state.accepted_at, Some(minutes(31)));
    let in_time = apply(&state, &accept(Urgency::Normal), minutes(30)).unwrap();
    assert_eq!(actions(&in_time), [TicketAction::Accept]);
}

#[test]
fn a_late_arrival_is_a_breach_and_an_early_one_ends_the_clock() {
    let assigned = repair_in(TicketStatus::Assigned);
    let late = apply(&assigned, &started(), hours(24) + MOMENT).unwrap();
    assert_eq!(actions(&late), [TicketAction::ArriveBreached, TicketAction::Escalate, TicketAction::Start]);
    let early = apply(&assigned, &started(), hours(24)).unwrap().state;
    assert_eq!(early.started_at, Some(hours(24)));
    assert_eq!(queue_deadline(&early), Some(hours(72)));
    // Handing the work to another keeps the first arrival.
    let again = walk(early, &[assign(2), started()], hours(30));
    assert_eq!((again.started_at, again.arrive_breached_at), (Some(hours(24)), None));
}

#[test]
fn acceptance_counts_anew_from_creation_with_the_urgency_it_decides() {
    let state = submitted(TicketKind::Repair, Urgency::Urgent);
    let normal = apply(&state, &accept(Urgency::Normal), minutes(10)).unwrap().state;
    assert_eq!((normal.arrive_due_at, normal.resolve_due_at), (Some(hours(24)), hours(72)));
    // The response was due by the urgency that was reported.
    assert_eq!(normal.respond_due_at, minutes(15));
    let urgent = submitted(TicketKind::Repair, Urgency::Normal);
    let urgent = apply(&urgent, &accept(Urgency::Urgent), minutes(40)).unwrap().state;
    assert_eq!(urgent.arrive_due_at, Some(minutes(30)));
    assert_eq!(actions(&catch_up(&urgent, minutes(40))), [TicketAction::ArriveBreached, TicketAction::Escalate]);
}

#[test]
fn a_rectification_keeps_the_deadline_of_its_batch() {
    let new = NewTicket { resolve_by: Some(hours(99)), ..report(TicketKind::Rectification, Urgency::Normal) };
    let policy = default_policy(new.kind, new.urgency);
    let state = create(&new, &policy, start()).unwrap().step.state;
    assert_eq!(state.resolve_due_at, hours(99));
    assert_eq!(apply(&state, &accept(Urgency::Urgent), minutes(1)).unwrap().state.resolve_due_at, hours(99));
}

#[test]
fn the_resolve_clock_stands_still_on_hold_however_it_ends() {
    let held = walk(repair_in(TicketStatus::InProgress), &[hold()], hours(70));
    assert_eq!((held.held_since, queue_deadline(&held), next_check_at(&held)), (Some(hours(70)), None, None));
    assert!(!is_overdue(&held, hours(500)));
    assert_eq!(catch_up(&held, hours(500)).events, []);
    for end in [resume(), assign(2), return_to_queue()] {
        let step = apply(&held, &end, hours(100)).unwrap();
        assert_eq!(step.events.len(), 1, "{end:?}");
        assert_eq!(step.state.resolve_due_at, hours(102), "{end:?}");
        assert_eq!((step.state.held_since, step.state.held_seconds), (None, 30 * 3600), "{end:?}");
    }
    let stays = apply(&held, &escalate(), hours(100)).unwrap().state;
    assert_eq!((stays.held_since, stays.resolve_due_at), (Some(hours(70)), hours(72)));
}

#[test]
fn holds_add_up() {
    let state = repair_in(TicketStatus::InProgress);
    let once = walk(walk(state, &[hold()], hours(1)), &[resume()], hours(2));
    let twice = walk(walk(once, &[hold()], hours(3)), &[resume()], hours(5));
    assert_eq!((twice.held_seconds, twice.resolve_due_at), (3 * 3600, hours(75)));
}

#[test]
fn a_hold_over_the_weekend_costs_no_working_time() {
    let day = json!([{"from": "09:00", "to": "17:00"}]);
    let calendar = json!({"timeZone": "Asia/Shanghai", "weekly": [day, day, day, day, day, [], []]});
    let row = DeadlineMinutes { respond: 60, arrive: None, resolve: 5 * 480, from_window_end: false };
    let policy = DeadlinePolicy::new(row, Some(serde_json::from_value(calendar).unwrap())).unwrap();
    let new = report(TicketKind::Repair, Urgency::Normal);
    let mut state = create(&new, &policy, start()).unwrap().step.state;
    // Monday 09:00 and five working days: Friday 17:00. Held from Friday 16:00 to Monday 10:00.
    assert_eq!(state.resolve_due_at, hours(4 * 24 + 8));
    for (command, at) in [
        (accept(Urgency::Normal), minutes(1)),
        (assign(1), minutes(1)),
        (started(), minutes(1)),
        (hold(), hours(4 * 24 + 7)),
        (resume(), hours(7 * 24 + 1)),
    ] {
        state = step(&state, &command, &policy, at).unwrap().state;
    }
    // The hour that was left on Friday is left on Monday at 10:00.
    assert_eq!(state.resolve_due_at, hours(7 * 24 + 2));
    assert_eq!(state.held_seconds, (3 * 24 - 6) * 3600);
}

#[test]
fn a_clock_that_jumps_back_does_not_shorten_the_deadline() {
    let held = walk(repair_in(TicketStatus::InProgress), &[hold()], hours(2));
    let state = walk(held, &[resume()], hours(1));
    assert_eq!((state.resolve_due_at, state.held_seconds), (hours(72), 0));
}

#[test]
fn rescheduling_moves_arrival_and_resolution_with_the_window() {
    let state = in_status(TicketKind::Repair, Urgency::Appointment, TicketStatus::Assigned);
    assert_eq!((state.arrive_due_at, state.resolve_due_at), (Some(hours(50)), hours(74)));
    let reschedule = Command::Reschedule { window: window(hours(1), 71), reason: "业主出差".to_owned() };
    let moved = apply(&state, &reschedule, hours(1)).unwrap().state;
    assert_eq!(moved.appointment, Some(window(start(), 72)));
    assert_eq!((moved.arrive_due_at, moved.resolve_due_at), (Some(hours(74)), hours(98)));
    // Who has arrived has arrived in time or not: another window does not change that.
    let arrived = walk(state, &[started(), assign(2)], hours(49));
    let moved = apply(&arrived, &reschedule, hours(49)).unwrap().state;
    assert_eq!((moved.arrive_due_at, moved.resolve_due_at), (Some(hours(50)), hours(98)));
}

#[test]
fn rescheduling_leaves_deadlines_that_do_not_hang_on_the_window() {
    let policy = default_policy(TicketKind::Inquiry, Urgency::Appointment);
    let held = in_status(TicketKind::Inquiry, Urgency::Appointment, TicketStatus::OnHold);
    let assigned = step(&held, &assign(2), &policy, hours(10)).unwrap().state;
    assert!(assigned.held_seconds > 0);
    let reschedule = Command::Reschedule { window: window(hours(11), 71), reason: "业主出差".to_owned() };
    let moved = step(&assigned, &reschedule, &policy, hours(11)).unwrap().state;
    assert_eq!((moved.arrive_due_at, moved.resolve_due_at), (assigned.arrive_due_at, assigned.resolve_due_at));
}

#[test]
fn the_queue_is_ordered_by_what_runs() {
    for (status, deadline) in [
        (TicketStatus::Submitted, Some(minutes(30))),
        (TicketStatus::Accepted, Some(hours(24))),
        (TicketStatus::Assigned, Some(hours(24))),
        (TicketStatus::InProgress, Some(hours(72))),
        (TicketStatus::OnHold, None),
        (TicketStatus::Resolved, None),
        (TicketStatus::Confirmed, None),
        (TicketStatus::Closed, None),
        (TicketStatus::Cancelled, None),
    ] {
        assert_eq!(queue_deadline(&repair_in(status)), deadline, "{status:?}");
    }
}

#[test]
fn a_resolution_in_time_is_no_breach_later() {
    let resolved = walk(repair_in(TicketStatus::InProgress), &[resolve()], hours(72));
    assert_eq!(resolved.resolve_breached_at, None);
    let late = apply(&repair_in(TicketStatus::InProgress), &resolve(), hours(72) + MOMENT).unwrap();
    assert_eq!(actions(&late), [TicketAction::ResolveBreached, TicketAction::Escalate, TicketAction::Resolve]);
    assert_eq!(apply(&resolved, &confirm(None), hours(99)).unwrap().events.len(), 1);
}
