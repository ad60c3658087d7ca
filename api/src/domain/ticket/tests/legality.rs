//! Which action is legal in which status: the product's table, written a second time and compared pair by pair.

use std::collections::BTreeSet;

use entity::vocab::{TicketAction, TicketKind, TicketStatus, Triage, Urgency};

use super::actions;
use crate::domain::ticket::sample::*;
use crate::domain::ticket::{Refusal, allowed_actions, is_open, target};

/// Status: the actions that the product allows there and the status each leads to.
const PRODUCT: &str = "
    Submitted:  Accept>Accepted Escalate>Submitted Cancel>Cancelled Triage>Submitted Reschedule>Submitted
                Collect>Submitted
    Accepted:   Assign>Assigned Escalate>Accepted Cancel>Cancelled Triage>Accepted Reschedule>Accepted
                Collect>Accepted
    Assigned:   Assign>Assigned Start>InProgress Escalate>Assigned Cancel>Cancelled Triage>Assigned
                Reschedule>Assigned ReturnToQueue>Accepted Collect>Assigned
    InProgress: Assign>Assigned Hold>OnHold Resolve>Resolved Escalate>InProgress Triage>InProgress
                ReturnToQueue>Accepted Collect>InProgress
    OnHold:     Assign>Assigned Resume>InProgress Escalate>OnHold Triage>OnHold ReturnToQueue>Accepted
                Collect>OnHold
    Resolved:   Confirm>Confirmed Reject>InProgress Escalate>Resolved
    Confirmed:  RecordFollowUp>Closed Escalate>Confirmed Reopen>Accepted
    Closed:     Reopen>Accepted
    Cancelled:
";

fn product() -> BTreeSet<(String, String, String)> {
    let mut from = "";
    let mut rows = BTreeSet::new();
    for word in PRODUCT.split_whitespace() {
        match word.split_once('>') {
            Some((action, to)) => {
                rows.insert((from.to_owned(), action.to_owned(), to.to_owned()));
            }
            None => from = word.trim_end_matches(':'),
        }
    }
    rows
}

#[test]
fn the_table_is_the_products() {
    let mut ours = BTreeSet::new();
    for from in TicketStatus::ALL {
        for action in TicketAction::ALL {
            if let Some(to) = target(*from, *action) {
                ours.insert((format!("{from:?}"), format!("{action:?}"), format!("{to:?}")));
            }
        }
    }
    assert_eq!(ours, product());
}

#[test]
fn the_list_of_a_status_is_what_leads_somewhere() {
    for status in TicketStatus::ALL {
        let listed: BTreeSet<_> = allowed_actions(*status).collect();
        let leading: BTreeSet<_> =
            TicketAction::ALL.iter().copied().filter(|a| target(*status, *a).is_some()).collect();
        assert_eq!(listed, leading, "{status:?}");
    }
}

#[test]
fn what_the_table_lacks_is_refused_with_both_names() {
    for status in TicketStatus::ALL {
        for command in every_command(hours(1)) {
            let (action, status) = (command.action(), *status);
            let legal = target(status, action).is_some();
            let refusal = apply(&repair_in(status), &command, hours(1)).err();
            assert_eq!(
                refusal == Some(Refusal::IllegalTransition { action, status }),
                !legal,
                "{action:?} in {status:?}: {refusal:?}"
            );
        }
    }
}

#[test]
fn what_the_table_has_leads_where_it_says() {
    // A complaint with an appointment can take every action there is, but for waiting for a contractor.
    for status in TicketStatus::ALL {
        for mut command in every_command(minutes(2)) {
            let waits = command.action() == TicketAction::Collect;
            let kind = if waits { TicketKind::Rectification } else { TicketKind::Complaint };
            let state = in_status(kind, Urgency::Appointment, *status);
            let Some(to) = target(*status, command.action()) else {
                continue;
            };
            let mut now = minutes(2);
            if command == crate::domain::ticket::Command::AutoConfirm {
                now = hours(73);
            }
            if command.action() == TicketAction::Accept {
                command = accept(Urgency::Appointment);
            }
            let step = apply(&state, &command, now).unwrap();
            let event = step.events.last().unwrap();
            assert_eq!(step.state.status, to, "{command:?} in {status:?}");
            assert_eq!((event.action, event.from, event.to), (command.action(), Some(*status), to));
        }
    }
}

#[test]
fn only_the_closed_and_the_cancelled_are_not_open() {
    let ended: Vec<_> = TicketStatus::ALL.iter().filter(|status| !is_open(**status)).collect();
    assert_eq!(ended, [&TicketStatus::Closed, &TicketStatus::Cancelled]);
}

#[test]
fn only_what_can_wait_is_collected() {
    use crate::domain::invalid::Problem;
    let repair = repair_in(TicketStatus::Accepted);
    let step = apply(&repair, &collect(hours(1)), hours(1)).unwrap();
    assert_eq!(actions(&step), [TicketAction::Collect]);
    assert_eq!(step.state.kind, TicketKind::Rectification);
    assert_eq!(step.state.resolve_due_at, hours(1) + chrono::TimeDelta::days(45));
    assert_eq!(step.state.arrive_due_at, None, "nobody is awaited within a day any more");
    for stubborn in [
        submitted(TicketKind::Repair, Urgency::Urgent),
        submitted(TicketKind::Complaint, Urgency::Normal),
        repair_in(TicketStatus::InProgress),
    ] {
        assert_eq!(super::refused(&stubborn, &collect(minutes(2)), minutes(2)), ("ticketId", Problem::Invalid));
    }
}

#[test]
fn only_an_undecided_complaint_is_triaged() {
    use crate::domain::invalid::Problem;
    let repair = repair_in(TicketStatus::Accepted);
    assert_eq!(super::refused(&repair, &triage(Triage::Valid), minutes(2)), ("ticketId", Problem::Invalid));
    let complaint = submitted(TicketKind::Complaint, Urgency::Normal);
    let step = apply(&complaint, &triage(Triage::Valid), minutes(2)).unwrap();
    assert_eq!(actions(&step), [TicketAction::Triage]);
    assert_eq!(step.state.triage, Some(Triage::Valid));
    assert_eq!(step.state.triage_reason.as_deref(), Some("现场核实"));
}
