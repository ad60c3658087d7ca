//! Tickets and commands for the tests of this room, made by the rules themselves.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{Channel, Department, TicketCategory, TicketKind, TicketStatus, Triage, Urgency};
use uuid::Uuid;

use crate::domain::deadline::default_policy;

use super::*;

/// The instant at which every sample ticket is created: Monday, 09:00 in Shanghai.
pub(super) fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

pub(super) fn minutes(n: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(n)
}

pub(super) fn hours(n: i64) -> DateTime<Utc> {
    start() + TimeDelta::hours(n)
}

/// A window of two hours that begins `in_hours` after `now`.
pub(super) fn window(now: DateTime<Utc>, in_hours: i64) -> Window {
    let starts_at = now + TimeDelta::hours(in_hours);
    Window { starts_at, ends_at: starts_at + TimeDelta::hours(2) }
}

pub(super) fn report(kind: TicketKind, urgency: Urgency) -> NewTicket {
    NewTicket {
        kind,
        urgency,
        category: None,
        channel: Channel::App,
        title: "厨房水管漏水".to_owned(),
        description: String::new(),
        appointment: (urgency == Urgency::Appointment).then(|| window(start(), 48)),
        resolve_by: None,
    }
}

pub(super) fn submitted(kind: TicketKind, urgency: Urgency) -> TicketState {
    create(&report(kind, urgency), &default_policy(kind, urgency), start()).unwrap().step.state
}

/// Applies a command with the default policy.
pub(super) fn apply(state: &TicketState, command: &Command, now: DateTime<Utc>) -> Result<Step, Refusal> {
    step(state, command, &default_policy(state.kind, command.urgency(state)), now)
}

/// Applies commands one after the other at the same instant.
pub(super) fn walk(state: TicketState, commands: &[Command], now: DateTime<Utc>) -> TicketState {
    commands.iter().fold(state, |state, command| apply(&state, command, now).unwrap().state)
}

/// A ticket of the kind that has been brought into the status within the first minute.
pub(super) fn in_status(kind: TicketKind, urgency: Urgency, status: TicketStatus) -> TicketState {
    let mut way = vec![accept(urgency), assign(1), started(), triage(Triage::Invalid)];
    if kind != TicketKind::Complaint {
        way.pop();
    }
    let resolved = [way.as_slice(), &[resolve()]].concat();
    let way = match status {
        TicketStatus::Submitted => vec![],
        TicketStatus::Accepted => vec![way[0].clone()],
        TicketStatus::Assigned => way[..2].to_vec(),
        TicketStatus::InProgress => way,
        TicketStatus::OnHold => [way.as_slice(), &[hold()]].concat(),
        TicketStatus::Resolved => resolved,
        TicketStatus::Confirmed => [resolved.as_slice(), &[confirm(Some(5))]].concat(),
        TicketStatus::Closed => [resolved.as_slice(), &[confirm(Some(5)), follow_up()]].concat(),
        TicketStatus::Cancelled => vec![Command::Cancel { reason: "自己修好了".to_owned() }],
    };
    walk(submitted(kind, urgency), &way, minutes(1))
}

pub(super) fn repair_in(status: TicketStatus) -> TicketState {
    in_status(TicketKind::Repair, Urgency::Normal, status)
}

pub(super) fn accept(urgency: Urgency) -> Command {
    Command::Accept {
        category: TicketCategory::Plumbing,
        urgency,
        department: Department::PropertyCompany,
        appointment: None,
        note: None,
    }
}

pub(super) fn assign(to: u128) -> Command {
    Command::Assign { assignee_id: Uuid::from_u128(to), note: None }
}

pub(super) fn started() -> Command {
    Command::Start { note: None }
}

pub(super) fn hold() -> Command {
    Command::Hold { reason: "等配件".to_owned() }
}

pub(super) fn resume() -> Command {
    Command::Resume { note: None }
}

pub(super) fn resolve() -> Command {
    Command::Resolve {
        resolution: "换了角阀".to_owned(),
        cost_cents: None,
        cause: None,
        explanation: None,
        department: None,
    }
}

pub(super) fn confirm(rating: Option<i32>) -> Command {
    Command::Confirm { satisfied: true, rating, channel: None, note: None }
}

pub(super) fn reject() -> Command {
    Command::Reject { reason: "还在漏".to_owned() }
}

pub(super) fn follow_up() -> Command {
    Command::RecordFollowUp { outcome: "业主满意".to_owned() }
}

pub(super) fn escalate() -> Command {
    Command::Escalate { reason: "两天没有人来".to_owned() }
}

pub(super) fn reopen() -> Command {
    Command::Reopen { reason: "又漏了".to_owned() }
}

pub(super) fn triage(verdict: Triage) -> Command {
    Command::Triage { verdict, reason: "现场核实".to_owned() }
}

pub(super) fn return_to_queue() -> Command {
    Command::ReturnToQueue { reason: "请假".to_owned() }
}

pub(super) fn collect(now: DateTime<Utc>) -> Command {
    Command::Collect { batch_id: Uuid::from_u128(77), resolve_by: now + TimeDelta::days(45) }
}

/// Every command with content that is good for a repair at `now`; a window of its own where urgency asks for one.
pub(super) fn every_command(now: DateTime<Utc>) -> Vec<Command> {
    vec![
        accept(Urgency::Normal),
        assign(1),
        started(),
        hold(),
        resume(),
        resolve(),
        confirm(Some(4)),
        Command::AutoConfirm,
        reject(),
        follow_up(),
        escalate(),
        Command::Cancel { reason: "自己修好了".to_owned() },
        reopen(),
        triage(Triage::Invalid),
        Command::Reschedule { window: window(now, 24), reason: "业主出差".to_owned() },
        return_to_queue(),
        collect(now),
    ]
}
