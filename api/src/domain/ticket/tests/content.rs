//! What the content of a command must be, and how its refusal names the field.

use entity::vocab::{Channel, Department, TicketKind, TicketStatus, Triage, Urgency};

use super::refused;
use crate::domain::invalid::Problem;
use crate::domain::ticket::Command;
use crate::domain::ticket::sample::*;

/// Every command that needs a text, made with that text, and a status in which it is legal.
fn with_text(text: &str) -> Vec<(&'static str, TicketStatus, Command)> {
    let text = || text.to_owned();
    vec![
        ("reason", TicketStatus::InProgress, Command::Hold { reason: text() }),
        ("reason", TicketStatus::Resolved, Command::Reject { reason: text() }),
        ("reason", TicketStatus::Accepted, Command::Escalate { reason: text() }),
        ("reason", TicketStatus::Accepted, Command::Cancel { reason: text() }),
        ("reason", TicketStatus::Closed, Command::Reopen { reason: text() }),
        ("reason", TicketStatus::Accepted, Command::Triage { verdict: Triage::Valid, reason: text() }),
        ("reason", TicketStatus::Assigned, Command::Reschedule { window: window(minutes(2), 1), reason: text() }),
        ("reason", TicketStatus::OnHold, Command::ReturnToQueue { reason: text() }),
        ("outcome", TicketStatus::Confirmed, Command::RecordFollowUp { outcome: text() }),
        (
            "resolution",
            TicketStatus::InProgress,
            Command::Resolve { resolution: text(), cost_cents: None, cause: None, explanation: None, department: None },
        ),
    ]
}

#[test]
fn a_text_that_is_needed_is_there_and_not_too_long() {
    let state = |status| in_status(TicketKind::Complaint, Urgency::Appointment, status);
    for (text, problem) in
        [(" \n ", Problem::Required), (&*"长".repeat(2001), Problem::TooLong), ("\0", Problem::Invalid)]
    {
        for (field, status, command) in with_text(text) {
            assert_eq!(refused(&state(status), &command, minutes(2)), (field, problem), "{command:?}");
        }
    }
    let longest = "长".repeat(2000);
    for (_, status, command) in with_text(&format!(" {longest} ")) {
        let step = apply(&state(status), &command, minutes(2)).unwrap();
        assert_eq!(step.events.last().unwrap().note.as_ref(), Some(&longest), "{command:?}");
    }
}

#[test]
fn a_note_may_be_left_out_but_not_be_too_long() {
    type Noted = fn(Option<String>) -> Command;
    let table: [(TicketStatus, Noted); 4] = [
        (TicketStatus::Accepted, |note| Command::Assign { assignee_id: uuid::Uuid::nil(), note }),
        (TicketStatus::Assigned, |note| Command::Start { note }),
        (TicketStatus::OnHold, |note| Command::Resume { note }),
        (TicketStatus::Resolved, |note| Command::Confirm { satisfied: true, rating: None, channel: None, note }),
    ];
    for (status, command) in table {
        let noted = |note: &str| apply(&repair_in(status), &command(Some(note.to_owned())), minutes(2));
        assert_eq!(noted(" 好 ").unwrap().events[0].note.as_deref(), Some("好"));
        assert_eq!(noted("  ").unwrap().events[0].note, None);
        let long = command(Some("长".repeat(2001)));
        assert_eq!(refused(&repair_in(status), &long, minutes(2)), ("note", Problem::TooLong));
    }
}

#[test]
fn ratings_are_one_to_five_and_costs_not_negative() {
    let resolved = repair_in(TicketStatus::Resolved);
    for (rating, good) in [(i32::MIN, false), (0, false), (1, true), (5, true), (6, false)] {
        match good {
            true => {
                assert_eq!(apply(&resolved, &confirm(Some(rating)), minutes(2)).unwrap().state.rating, Some(rating))
            }
            false => {
                let problem = refused(&resolved, &confirm(Some(rating)), minutes(2));
                assert_eq!(problem, ("rating", Problem::OutOfRange), "{rating}");
            }
        }
    }
    let costing = |cost_cents| Command::Resolve {
        resolution: "换了角阀".to_owned(),
        cost_cents,
        cause: None,
        explanation: None,
        department: None,
    };
    let working = repair_in(TicketStatus::InProgress);
    assert_eq!(refused(&working, &costing(Some(-1)), minutes(2)), ("costCents", Problem::OutOfRange));
    assert_eq!(apply(&working, &costing(Some(0)), minutes(2)).unwrap().state.cost_cents, Some(0));
}

#[test]
fn confirmation_keeps_what_the_owner_said() {
    let command = Command::Confirm { satisfied: false, rating: Some(2), channel: Some(Channel::Phone), note: None };
    let state = apply(&repair_in(TicketStatus::Resolved), &command, minutes(9)).unwrap().state;
    assert_eq!((state.satisfied, state.rating, state.confirmed_channel), (Some(false), Some(2), Some(Channel::Phone)));
    assert_eq!(state.confirmed_at, Some(minutes(9)));
}

#[test]
fn a_complaint_is_resolved_only_with_what_it_is_owed() {
    let answer = |cause: &str, explanation: &str| Command::Resolve {
        resolution: "已处理".to_owned(),
        cost_cents: None,
        cause: Some(cause.to_owned()),
        explanation: Some(explanation.to_owned()),
        department: Some(Department::Cost),
    };
    let way = [accept(Urgency::Normal), assign(1), started()];
    let untriaged = walk(submitted(TicketKind::Complaint, Urgency::Normal), &way, minutes(1));
    assert_eq!(refused(&untriaged, &answer("a", "b"), minutes(2)), ("triage", Problem::Required));

    let valid = walk(untriaged.clone(), &[triage(Triage::Valid)], minutes(2));
    assert_eq!(refused(&valid, &resolve(), minutes(3)), ("cause", Problem::Required));
    assert_eq!(refused(&valid, &answer(" ", "b"), minutes(3)), ("cause", Problem::Required));
    assert_eq!(refused(&valid, &answer("a", " "), minutes(3)), ("explanation", Problem::Required));
    let state = apply(&valid, &answer("a", "b"), minutes(3)).unwrap().state;
    assert_eq!((state.cause.as_deref(), state.explanation.as_deref()), (Some("a"), Some("b")));
    assert_eq!(state.responsible_department, Some(Department::Cost));

    let nobody = crate::domain::ticket::TicketState { responsible_department: None, ..valid };
    let without = Command::Resolve {
        resolution: "已处理".to_owned(),
        cost_cents: None,
        cause: Some("a".to_owned()),
        explanation: Some("b".to_owned()),
        department: None,
    };
    assert_eq!(refused(&nobody, &without, minutes(3)), ("responsibleDepartment", Problem::Required));

    let invalid = walk(untriaged, &[triage(Triage::Invalid)], minutes(2));
    assert!(apply(&invalid, &resolve(), minutes(3)).is_ok());
}

#[test]
fn acceptance_keeps_drops_or_asks_for_the_window() {
    let asked = submitted(TicketKind::Repair, Urgency::Appointment);
    let kept = apply(&asked, &accept(Urgency::Appointment), minutes(1)).unwrap().state;
    assert_eq!(kept.appointment, Some(window(start(), 48)));
    // The owner's window stands also when it has begun.
    assert!(apply(&asked, &accept(Urgency::Appointment), hours(49)).is_ok());
    let dropped = apply(&asked, &accept(Urgency::Urgent), minutes(1)).unwrap().state;
    assert_eq!(dropped.appointment, None);

    let normal = submitted(TicketKind::Repair, Urgency::Normal);
    assert_eq!(refused(&normal, &accept(Urgency::Appointment), minutes(1)), ("appointment", Problem::Required));
    let accept_with = |urgency, window| Command::Accept {
        category: entity::vocab::TicketCategory::Plumbing,
        urgency,
        department: Department::PropertyCompany,
        appointment: Some(window),
        note: None,
    };
    let late = accept_with(Urgency::Appointment, window(start(), -1));
    assert_eq!(refused(&normal, &late, minutes(1)), ("appointment.startsAt", Problem::InThePast));
    let needless = accept_with(Urgency::Normal, window(start(), 2));
    assert_eq!(refused(&normal, &needless, minutes(1)), ("appointment", Problem::Invalid));
    let agreed = apply(&normal, &accept_with(Urgency::Appointment, window(start(), 2)), minutes(1)).unwrap().state;
    assert_eq!(agreed.arrive_due_at, Some(hours(4)));
}

#[test]
fn only_an_appointment_is_rescheduled() {
    let reschedule = Command::Reschedule { window: window(hours(1), 5), reason: "业主出差".to_owned() };
    let normal = repair_in(TicketStatus::Accepted);
    assert_eq!(refused(&normal, &reschedule, hours(1)), ("appointment", Problem::Invalid));
    let past = Command::Reschedule { window: window(hours(1), -1), reason: "业主出差".to_owned() };
    let appointment = submitted(TicketKind::Repair, Urgency::Appointment);
    assert_eq!(refused(&appointment, &past, hours(1)), ("appointment.startsAt", Problem::InThePast));
}
