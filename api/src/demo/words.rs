//! What is said and decided with each deed: the content of the commands.

use chrono::{DateTime, Utc};
use entity::vocab::{Channel, TicketKind, Triage};
use uuid::Uuid;

use super::{
    bank::{Entry, Finding},
    cast::Cast,
    households::Household,
    phrases,
    plan::Case,
    script::Act,
};
use crate::{domain::ticket::Command, error::Result};

/// How many of a hundred repairs cost the owner something.
const CHARGED: u64 = 15;

impl Case {
    /// Sends somebody.
    pub fn assignment(
        &mut self,
        cast: &Cast<'_>,
        household: &Household,
        before: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Command> {
        let assignee_id = cast.hand(household, self.entry.kind, before, now, &mut self.random)?;
        Ok(Command::Assign { assignee_id, note: self.sometimes(&phrases::DISPATCHES) })
    }

    /// Any other deed as a command. `triage` is what was found so far.
    pub fn command(&mut self, act: Act, triage: Option<Triage>) -> Command {
        match act {
            Act::Accept | Act::Assign => Command::Accept {
                category: self.entry.category,
                urgency: self.entry.urgency,
                department: self.entry.department,
                appointment: None,
                note: None,
            },
            Act::Triage => self.verdict(),
            Act::Start => Command::Start { note: self.sometimes(&phrases::ARRIVALS) },
            Act::Hold(reason) => Command::Hold { reason: reason.to_owned() },
            Act::Resume => Command::Resume { note: self.sometimes(&phrases::RESUMES) },
            Act::Resolve(again) => self.resolution(again, triage),
            Act::ConfirmAsOwner => self.confirmation(None),
            Act::ConfirmAsAgent => {
                let channel = self.random.pick(&[Channel::Phone, Channel::Phone, Channel::Wechat]);
                self.confirmation(Some(channel))
            }
            Act::Reject(reason) => Command::Reject { reason: reason.to_owned() },
            Act::FollowUp => {
                Command::RecordFollowUp { outcome: phrases::outcome(self.entry.kind, &mut self.random).to_owned() }
            }
            Act::Escalate(reason) => Command::Escalate { reason: reason.to_owned() },
            Act::Cancel(reason) => Command::Cancel { reason: reason.to_owned() },
            Act::Reopen(reason) => Command::Reopen { reason: reason.to_owned() },
            Act::Reschedule(window, reason) => Command::Reschedule { window, reason: reason.to_owned() },
        }
    }

    fn sometimes(&mut self, phrases: &[&'static str]) -> Option<String> {
        self.random.chance(40).then(|| self.random.pick(phrases).to_owned())
    }

    fn verdict(&mut self) -> Command {
        match self.entry.finding {
            Some(Finding::Invalid { reason }) => {
                Command::Triage { verdict: Triage::Invalid, reason: reason.to_owned() }
            }
            Some(Finding::Valid { .. }) | None => {
                Command::Triage { verdict: Triage::Valid, reason: self.random.pick(&phrases::VALID).to_owned() }
            }
        }
    }

    fn resolution(&mut self, again: Option<&str>, triage: Option<Triage>) -> Command {
        let is_charged = self.entry.kind == TicketKind::Repair && again.is_none() && self.random.chance(CHARGED);
        let (cause, explanation) = match (self.entry.finding, triage) {
            (Some(Finding::Valid { cause, explanation }), Some(Triage::Valid)) => (Some(cause), Some(explanation)),
            _ => (None, None),
        };
        Command::Resolve {
            resolution: again.map_or_else(|| Entry::text(self.entry.resolution, self.room), str::to_owned),
            cost_cents: is_charged.then(|| self.random.between(3..=38) * 1000),
            cause: cause.map(str::to_owned),
            explanation: explanation.map(str::to_owned),
            department: None,
        }
    }

    fn confirmation(&mut self, channel: Option<Channel>) -> Command {
        let rating = self.random.weighted(&[(5, 56), (4, 28), (3, 9), (2, 4), (1, 3)]);
        let note = self.random.chance(60).then(|| phrases::praise(rating, &mut self.random).to_owned());
        Command::Confirm { satisfied: rating >= 3, rating: self.random.chance(92).then_some(rating), channel, note }
    }
}
