//! What people do with tickets in a year: they report, and then whoever is allowed does one of the things that the
//! ticket's status allows, sooner or later. Refusals are part of life; failures are not.

use anju::{
    auth::viewer::Viewer,
    domain::ticket::{Command, NewTicket, allowed_actions},
    service::{
        Services,
        ticket::{Order, Report, act, create},
    },
    store,
};
use entity::{
    ticket,
    vocab::{Channel, Department, TicketAction, TicketCategory, TicketKind, TicketStatus, Triage, Urgency},
};
use uuid::Uuid;

use super::{
    life::lived,
    town::{LIVED_IN, Town},
};
use crate::harness::dice::Dice;

/// Reports in ten thousand hours.
const REPORTS: u64 = 300;

/// A ticket that is not over, and whose home it is about.
struct Case {
    id: Uuid,
    home: usize,
}

/// The tickets that are not over.
#[derive(Default)]
pub struct Tickets {
    open: Vec<Case>,
}

impl Tickets {
    /// One hour: perhaps a report, and something happens to some of the open tickets.
    pub async fn hour(&mut self, town: &Town, dice: &mut Dice) {
        if dice.happens(REPORTS) {
            self.report(town, dice).await;
        }
        let mut index = 0;
        while index < self.open.len() {
            // A ticket waits some hours for each step.
            if dice.happens(1_200) && self.step(town, dice, index).await {
                self.open.swap_remove(index);
            } else {
                index += 1;
            }
        }
    }

    async fn report(&mut self, town: &Town, dice: &mut Dice) {
        let home = dice.below(LIVED_IN);
        let kind = *dice.pick(&[
            TicketKind::Repair,
            TicketKind::Repair,
            TicketKind::Repair,
            TicketKind::Complaint,
            TicketKind::Inquiry,
        ]);
        let urgency = if kind == TicketKind::Repair && dice.happens(2_500) { Urgency::Urgent } else { Urgency::Normal };
        let report = Report {
            unit_id: town.homes[home].unit_id,
            ticket: NewTicket {
                kind,
                urgency,
                category: None,
                channel: Channel::App,
                title: "报事".into(),
                description: String::new(),
                appointment: None,
                resolve_by: None,
            },
            reporter_id: None,
            attachment_ids: Vec::new(),
            idempotency_key: None,
        };
        let reported = create(town.server(dice.below(2)), &town.owner(home), report).await.unwrap();
        self.open.push(Case { id: reported.id, home });
    }

    /// Somebody does something with a ticket. Answers whether it is over.
    async fn step(&mut self, town: &Town, dice: &mut Dice, index: usize) -> bool {
        let Case { id, home } = self.open[index];
        let services = town.server(dice.below(2));
        let row = store::ticket::by_id(services.db.reader(), &Viewer::system(), id).await.unwrap().unwrap();
        if matches!(row.status, TicketStatus::Closed | TicketStatus::Cancelled) {
            return !dice.happens(500) || !self.attempt(services, town, dice, &row, home, TicketAction::Reopen).await;
        }
        let actions: Vec<TicketAction> = allowed_actions(row.status).collect();
        let mut action = *dice.pick(&actions);
        // Mostly people do what comes next, and now and then something else.
        if dice.happens(8_000) {
            action = next_step(&row, dice);
        }
        self.attempt(services, town, dice, &row, home, action).await;
        false
    }

    async fn attempt(
        &self,
        services: &Services,
        town: &Town,
        dice: &mut Dice,
        row: &ticket::Model,
        home: usize,
        action: TicketAction,
    ) -> bool {
        let Some((viewer, command)) = deed(town, dice, row, home, action) else { return false };
        let order = Order { ticket_id: row.id, expected_version: None, idempotency_key: None, command, offline: None };
        lived(act(services, &viewer, order).await).is_some()
    }
}

/// What usually comes next; some work has to wait for a part.
fn next_step(row: &ticket::Model, dice: &mut Dice) -> TicketAction {
    match row.status {
        TicketStatus::Submitted => TicketAction::Accept,
        TicketStatus::Accepted if row.kind == TicketKind::Complaint && row.triage.is_none() => TicketAction::Triage,
        TicketStatus::Accepted => TicketAction::Assign,
        TicketStatus::Assigned => TicketAction::Start,
        TicketStatus::InProgress if row.kind == TicketKind::Complaint && row.triage.is_none() => TicketAction::Triage,
        TicketStatus::InProgress if dice.happens(1_500) => TicketAction::Hold,
        TicketStatus::InProgress => TicketAction::Resolve,
        TicketStatus::OnHold => TicketAction::Resume,
        TicketStatus::Resolved => TicketAction::Confirm,
        TicketStatus::Confirmed => TicketAction::RecordFollowUp,
        TicketStatus::Closed | TicketStatus::Cancelled => TicketAction::Reopen,
    }
}

fn resolved() -> Command {
    Command::Resolve {
        resolution: "已修复".into(),
        cost_cents: None,
        cause: Some("老化".into()),
        explanation: Some("已向业主说明".into()),
        department: None,
    }
}

/// Who does it and with which words; none for what only the system does.
fn deed(
    town: &Town,
    dice: &mut Dice,
    row: &ticket::Model,
    home: usize,
    action: TicketAction,
) -> Option<(Viewer, Command)> {
    let agent = || town.agents[0].clone();
    let owner = || town.owner(home);
    let assignee = || {
        let staff = town.technicians.iter().chain(&town.agents);
        staff.into_iter().find(|viewer| viewer.staff_id() == row.assignee_id).cloned()
    };
    let reason = || "情况说明".to_owned();
    Some(match action {
        TicketAction::Accept => {
            let category = *dice.pick(&[TicketCategory::Plumbing, TicketCategory::Electrical, TicketCategory::Other]);
            let department = *dice.pick(&[Department::PropertyCompany, Department::CustomerService]);
            let command = Command::Accept { category, urgency: row.urgency, department, appointment: None, note: None };
            (agent(), command)
        }
        TicketAction::Assign => {
            let assignee_id = dice.pick(&town.technicians).staff_id()?;
            (agent(), Command::Assign { assignee_id, note: None })
        }
        TicketAction::Start => (assignee()?, Command::Start { note: None }),
        TicketAction::Hold => (agent(), Command::Hold { reason: reason() }),
        TicketAction::Resume => (agent(), Command::Resume { note: None }),
        TicketAction::Resolve => (assignee()?, resolved()),
        TicketAction::Confirm => {
            let satisfied = dice.happens(8_500);
            let rating = Some(if satisfied { 5 } else { 2 });
            (owner(), Command::Confirm { satisfied, rating, channel: None, note: None })
        }
        TicketAction::Reject => (owner(), Command::Reject { reason: reason() }),
        TicketAction::RecordFollowUp => (agent(), Command::RecordFollowUp { outcome: "已回访".into() }),
        TicketAction::Escalate => (owner(), Command::Escalate { reason: reason() }),
        TicketAction::Cancel => (owner(), Command::Cancel { reason: reason() }),
        TicketAction::Reopen => (owner(), Command::Reopen { reason: reason() }),
        TicketAction::Triage => {
            let verdict = if dice.happens(7_000) { Triage::Valid } else { Triage::Invalid };
            (town.manager.clone(), Command::Triage { verdict, reason: reason() })
        }
        TicketAction::Create
        | TicketAction::Reschedule
        | TicketAction::ReturnToQueue
        | TicketAction::Collect
        | TicketAction::RespondBreached
        | TicketAction::ArriveBreached
        | TicketAction::ResolveBreached => return None,
    })
}
