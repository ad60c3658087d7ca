//! What each command does to a ticket beside moving it, and which content it must have for this very ticket. Legality
//! has been judged before; the move and the event are written after.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{Channel, Department, TicketCategory, TicketKind, Triage, Urgency};
use uuid::Uuid;

use crate::domain::deadline::{DeadlinePolicy, due_dates};
use crate::domain::invalid::{Invalid, Message, Problem};

use super::happening::Happened;
use super::{Command, Details, EscalationCause, TicketState, Window, check, clock};

/// How long after its closing, or its confirmation when nobody closed it, a ticket can be reopened.
const REOPEN_TIME: TimeDelta = TimeDelta::days(7);

pub(super) struct Effect<'a> {
    pub(super) state: &'a mut TicketState,
    pub(super) policy: &'a DeadlinePolicy,
    pub(super) now: DateTime<Utc>,
    /// The resolve deadline, where this command has ended a hold and so moved it.
    pub(super) moved_to: Option<DateTime<Utc>>,
}

type Outcome = Result<Happened, Invalid>;

impl Effect<'_> {
    pub(super) fn of(&mut self, command: &Command) -> Outcome {
        match command {
            Command::Accept { category, urgency, department, appointment, note } => {
                let details = self.accept(*category, *urgency, *department, *appointment)?;
                Ok(Happened::noted(check::note(note)?, details))
            }
            Command::Assign { assignee_id, note } => Ok(Happened::noted(check::note(note)?, self.assign(*assignee_id))),
            Command::Start { note } => {
                self.state.started_at.get_or_insert(self.now);
                Ok(Happened::noted(check::note(note)?, Details::None))
            }
            Command::Hold { reason } => {
                self.state.held_since = Some(self.now);
                Ok(Happened::noted(check::reason(reason)?, Details::None))
            }
            Command::Resume { note } => Ok(Happened::noted(check::note(note)?, self.resumed())),
            Command::Resolve { resolution, cost_cents, cause, explanation, department } => {
                self.resolve(resolution, *cost_cents, cause, explanation, *department)
            }
            Command::Confirm { satisfied, rating, channel, note } => self.confirm(*satisfied, *rating, *channel, note),
            Command::AutoConfirm => self.auto_confirm(),
            Command::Reject { reason } => Ok(Happened::noted(check::reason(reason)?, self.reject())),
            Command::RecordFollowUp { outcome } => {
                self.state.closed_at = Some(self.now);
                Ok(Happened::noted(check::required_text("outcome", outcome)?, Details::None))
            }
            Command::Escalate { reason } => Ok(Happened::noted(check::reason(reason)?, self.escalate())),
            Command::Cancel { reason } => {
                self.state.cancelled_at = Some(self.now);
                Ok(Happened::noted(check::reason(reason)?, Details::None))
            }
            Command::Reopen { reason } => Ok(Happened::noted(check::reason(reason)?, self.reopen()?)),
            Command::Triage { verdict, reason } => self.triage(*verdict, reason),
            Command::Reschedule { window, reason } => {
                Ok(Happened::noted(check::reason(reason)?, self.reschedule(*window)?))
            }
            Command::ReturnToQueue { reason } => {
                let previous_assignee_id = self.state.assignee_id.take();
                let details = Details::ReturnToQueue { previous_assignee_id, resolve_due_at: self.moved_to };
                Ok(Happened::noted(check::reason(reason)?, details))
            }
            Command::Collect { batch_id, resolve_by } => Ok(self.collect(*batch_id, *resolve_by)?.into()),
        }
    }

    fn accept(
        &mut self,
        category: TicketCategory,
        urgency: Urgency,
        department: Department,
        given: Option<Window>,
    ) -> Result<Details, Invalid> {
        // The window that the owner chose stands as it is, also when it has begun by now.
        let chosen = self.state.appointment.filter(|chosen| given.is_none_or(|given| given == *chosen));
        let kept = chosen.filter(|_| urgency == Urgency::Appointment);
        let appointment = match kept {
            Some(kept) => Some(kept),
            None => check::appointment(urgency, given, self.now)?,
        };
        let state = &mut *self.state;
        state.category = Some(category);
        state.urgency = urgency;
        state.responsible_department = Some(department);
        state.appointment = appointment;
        state.accepted_at = Some(self.now);
        // A rectification's deadline is its batch's, whatever the urgency of the single defect.
        let resolve_due_at = state.resolve_due_at;
        self.set_deadlines(self.state.created_at);
        if self.state.kind == TicketKind::Rectification {
            self.state.resolve_due_at = resolve_due_at;
        }
        Ok(Details::Accept {
            category,
            urgency,
            responsible_department: department,
            appointment,
            arrive_due_at: self.state.arrive_due_at,
            resolve_due_at: self.state.resolve_due_at,
        })
    }

    fn assign(&mut self, assignee_id: Uuid) -> Details {
        let previous_assignee_id = self.state.assignee_id.replace(assignee_id);
        Details::Assign { assignee_id, previous_assignee_id, resolve_due_at: self.moved_to }
    }

    fn resumed(&self) -> Details {
        Details::Resume { held_seconds: self.state.held_seconds, resolve_due_at: self.state.resolve_due_at }
    }

    fn resolve(
        &mut self,
        resolution: &str,
        cost_cents: Option<i64>,
        cause: &Option<String>,
        explanation: &Option<String>,
        department: Option<Department>,
    ) -> Outcome {
        let resolution = check::required_text("resolution", resolution)?;
        let state = &mut *self.state;
        state.cost_cents = check::cost_cents(cost_cents)?;
        state.cause = check::optional_text("cause", cause)?;
        state.explanation = check::optional_text("explanation", explanation)?;
        state.responsible_department = department.or(state.responsible_department);
        require_complaint_answered(state)?;
        state.resolution = Some(resolution.clone());
        state.resolved_at = Some(self.now);
        let details = Details::Resolve {
            cost_cents: state.cost_cents,
            cause: state.cause.clone(),
            explanation: state.explanation.clone(),
            responsible_department: state.responsible_department,
        };
        Ok(Happened::noted(resolution, details))
    }

    fn confirm(
        &mut self,
        satisfied: bool,
        rating: Option<i32>,
        channel: Option<Channel>,
        note: &Option<String>,
    ) -> Outcome {
        let rating = check::rating(rating)?;
        let note = check::note(note)?;
        self.state.satisfied = Some(satisfied);
        self.state.rating = rating;
        self.state.confirmed_channel = channel;
        self.state.confirmed_at = Some(self.now);
        Ok(Happened::noted(note, Details::Confirm { satisfied: Some(satisfied), rating, channel }))
    }

    fn auto_confirm(&mut self) -> Outcome {
        if clock::answer_due_at(self.state).is_none_or(|due| self.now < due) {
            let message = Message::IsResolvedForLess;
            return Err(Invalid::new("ticketId", Problem::TooEarly, message));
        }
        Ok(clock::confirm_unanswered(self.state, self.now))
    }

    /// The work was not done, so its deadline still stands.
    fn reject(&mut self) -> Details {
        self.state.resolved_at = None;
        self.state.rework_count += 1;
        Details::Reject { rework_count: self.state.rework_count }
    }

    fn escalate(&mut self) -> Details {
        self.state.escalation_level += 1;
        Details::Escalate { level: self.state.escalation_level, because: EscalationCause::Request }
    }

    /// A new round of work with clocks of its own. A window that has begun is over for it; another is agreed by
    /// rescheduling, and until then nobody is awaited.
    fn reopen(&mut self) -> Result<Details, Invalid> {
        let now = self.now;
        let ended_at = self.state.closed_at.or(self.state.confirmed_at);
        if ended_at.is_none_or(|ended_at| now - ended_at > REOPEN_TIME) {
            return Err(Invalid::new("ticketId", Problem::TooLate, Message::EndedLongAgo));
        }
        let state = &mut *self.state;
        state.assignee_id = None;
        state.started_at = None;
        state.resolved_at = None;
        state.confirmed_at = None;
        state.closed_at = None;
        state.satisfied = None;
        state.rating = None;
        state.confirmed_channel = None;
        state.arrive_breached_at = None;
        state.resolve_breached_at = None;
        state.appointment = state.appointment.filter(|window| window.starts_at >= now);
        self.set_deadlines(now);
        Ok(Details::Reopen { arrive_due_at: self.state.arrive_due_at, resolve_due_at: self.state.resolve_due_at })
    }

    fn triage(&mut self, verdict: Triage, reason: &str) -> Outcome {
        if self.state.kind != TicketKind::Complaint {
            return Err(Invalid::new("ticketId", Problem::Invalid, Message::MustBeAComplaint));
        }
        let reason = check::reason(reason)?;
        self.state.triage = Some(verdict);
        self.state.triage_reason = Some(reason.clone());
        Ok(Happened::noted(reason, Details::Triage { verdict }))
    }

    fn reschedule(&mut self, window: Window) -> Result<Details, Invalid> {
        if self.state.urgency != Urgency::Appointment {
            let message = Message::MustHaveAnAppointment;
            return Err(Invalid::new("appointment", Problem::Invalid, message));
        }
        let appointment = check::window(window, self.now)?;
        let previous = self.state.appointment.replace(appointment);
        // Deadlines that do not hang on the window stay: holds and a batch's deadline are in them.
        if self.policy.hangs_on_window() {
            self.set_deadlines(self.state.created_at);
        }
        Ok(Details::Reschedule {
            appointment,
            previous,
            arrive_due_at: self.state.arrive_due_at,
            resolve_due_at: self.state.resolve_due_at,
        })
    }

    /// Defects that wait for a contractor: what was reported as an ordinary repair becomes a rectification.
    fn collect(&mut self, batch_id: Uuid, resolve_by: DateTime<Utc>) -> Result<Details, Invalid> {
        let state = &mut *self.state;
        let may_wait = match state.kind {
            TicketKind::Repair => state.urgency != Urgency::Urgent && state.started_at.is_none(),
            TicketKind::Rectification => true,
            TicketKind::Complaint | TicketKind::Inquiry | TicketKind::Suggestion => false,
        };
        if !may_wait {
            let message = Message::MustWaitForAContractor;
            return Err(Invalid::new("ticketId", Problem::Invalid, message));
        }
        let previous_kind = std::mem::replace(&mut state.kind, TicketKind::Rectification);
        state.resolve_due_at = resolve_by;
        state.arrive_due_at = state.arrive_due_at.filter(|_| state.urgency == Urgency::Appointment);
        Ok(Details::Collect { batch_id, previous_kind, resolve_due_at: resolve_by })
    }

    /// Sets the deadlines of work anew, counted from `start` or the window; that of arrival only while it is awaited.
    fn set_deadlines(&mut self, start: DateTime<Utc>) {
        let due = due_dates(self.policy, start, self.state.appointment);
        if self.state.started_at.is_none() {
            self.state.arrive_due_at = due.arrive;
        }
        self.state.resolve_due_at = due.resolve;
    }
}

/// A complaint is resolved only when it was judged, and a valid one only with what the customer is owed.
fn require_complaint_answered(state: &TicketState) -> Result<(), Invalid> {
    let missing = match (state.kind, state.triage) {
        (TicketKind::Complaint, None) => Some("triage"),
        (TicketKind::Complaint, Some(Triage::Valid)) => [
            ("cause", state.cause.is_none()),
            ("responsibleDepartment", state.responsible_department.is_none()),
            ("explanation", state.explanation.is_none()),
        ]
        .into_iter()
        .find_map(|(field, is_missing)| is_missing.then_some(field)),
        _ => None,
    };
    missing.map_or(Ok(()), |field| Err(Invalid::required(field)))
}
