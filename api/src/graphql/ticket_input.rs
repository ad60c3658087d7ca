//! What clients send to move a ticket. Every input names the ticket, and may carry the version that was seen and a key
//! that makes a repetition harmless.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use super::{
    enums::{Channel, Department, TicketCategory, TicketKind, Triage, Urgency},
    id::Kind,
};
use crate::{
    domain::ticket::{Command, NewTicket, Window},
    error::Result,
    service::ticket::{Order, Report},
};

/// A window of time.
#[derive(InputObject, Clone, Copy)]
pub struct AppointmentInput {
    /// From when on; not in the past.
    starts_at: DateTime<Utc>,
    /// Until when; at most twelve hours later.
    ends_at: DateTime<Utc>,
}

impl From<AppointmentInput> for Window {
    fn from(input: AppointmentInput) -> Self {
        Self { starts_at: input.starts_at, ends_at: input.ends_at }
    }
}

/// Reports something.
#[derive(InputObject)]
pub struct CreateTicketInput {
    /// The home it is about.
    pub unit_id: ID,
    /// What it asks for.
    pub kind: TicketKind,
    /// How soon it must be served.
    #[graphql(default_with = "Urgency::Normal")]
    pub urgency: Urgency,
    /// The trade or subject, if known.
    pub category: Option<TicketCategory>,
    /// What it is about, in one line of at most 120 characters.
    pub title: String,
    /// What it is about, in full; at most 4000 characters.
    pub description: Option<String>,
    /// How it reached the company; APP for owners unless said otherwise, BUTLER for staff.
    pub channel: Option<Channel>,
    /// The window, when the urgency is APPOINTMENT.
    pub appointment: Option<AppointmentInput>,
    /// For staff: the owner who reported it.
    pub reporter_id: Option<ID>,
    /// Pictures that were uploaded before with `POST /attachments`; at most 9.
    pub attachment_ids: Option<Vec<ID>>,
    /// Makes a repetition harmless: any text of at most 100 characters that you use for this call only.
    pub idempotency_key: Option<String>,
}

impl CreateTicketInput {
    /// As the service takes it.
    pub fn read(self, is_owner: bool) -> Result<Report> {
        let channel = self.channel.unwrap_or(if is_owner { Channel::App } else { Channel::Butler });
        let attachment_ids = self.attachment_ids.unwrap_or_default();
        let attachment_ids =
            attachment_ids.iter().map(|id| Kind::Attachment.read("attachmentIds", id)).collect::<Result<_>>()?;
        Ok(Report {
            unit_id: Kind::Unit.read("unitId", &self.unit_id)?,
            ticket: NewTicket {
                kind: self.kind.into(),
                urgency: self.urgency.into(),
                category: self.category.map(Into::into),
                channel: channel.into(),
                title: self.title,
                description: self.description.unwrap_or_default(),
                appointment: self.appointment.map(Window::from),
                resolve_by: None,
            },
            reporter_id: Kind::Owner.read_optional("reporterId", self.reporter_id.as_ref())?,
            attachment_ids,
            idempotency_key: self.idempotency_key,
        })
    }
}

/// An input that becomes a command for a ticket.
pub trait Ordering {
    /// The ticket and the key, also when the rest can't be read.
    fn head(&self) -> (&ID, Option<&str>);

    /// As the service takes it.
    fn order(self) -> Result<Order>;
}

/// Declares the inputs that act on a ticket, with the fields they share, and the command each becomes.
macro_rules! orders {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* } => |$input:ident| $command:expr;)+) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// The ticket.
            ticket_id: ID,
            /// The version you saw; if the ticket changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
            expected_version: Option<i32>,
            /// Makes a repetition harmless: any text of at most 100 characters that you use for this call only.
            idempotency_key: Option<String>,
            $($(#[$field_doc])* $field: $type,)*
        }

        impl Ordering for $name {
            fn head(&self) -> (&ID, Option<&str>) {
                (&self.ticket_id, self.idempotency_key.as_deref())
            }

            fn order(self) -> Result<Order> {
                let $input = self;
                Ok(Order {
                    ticket_id: Kind::Ticket.read("ticketId", &$input.ticket_id)?,
                    expected_version: $input.expected_version,
                    idempotency_key: $input.idempotency_key,
                    command: $command,
                    offline: None,
                })
            }
        }
    )+};
}

orders! {
    /// Answers a report and classifies it: the first response.
    AcceptTicketInput {
        /// The trade or subject.
        category: TicketCategory,
        /// How soon it must be served; the deadlines follow.
        urgency: Urgency,
        /// The department that answers for it.
        responsible_department: Department,
        /// The agreed window, when the urgency is APPOINTMENT; leave it out to keep the one that the owner chose.
        appointment: Option<AppointmentInput>,
        /// For the log; at most 2000 characters.
        note: Option<String>,
    } => |input| Command::Accept {
        category: input.category.into(),
        urgency: input.urgency.into(),
        department: input.responsible_department.into(),
        appointment: input.appointment.map(Window::from),
        note: input.note,
    };

    /// Gives a ticket to a member of staff.
    AssignTicketInput {
        /// Who is to do it: active, trained, present, and working for the project.
        assignee_id: ID,
        /// For the log; at most 2000 characters.
        note: Option<String>,
    } => |input| Command::Assign { assignee_id: Kind::Staff.read("assigneeId", &input.assignee_id)?, note: input.note };

    /// Says that the assignee has arrived.
    StartTicketInput {
        /// For the log; at most 2000 characters.
        note: Option<String>,
    } => |input| Command::Start { note: input.note };

    /// Puts work on hold; the resolve clock stands still.
    HoldTicketInput {
        /// What it waits for; at most 2000 characters.
        reason: String,
    } => |input| Command::Hold { reason: input.reason };

    /// Goes on with work that was on hold.
    ResumeTicketInput {
        /// For the log; at most 2000 characters.
        note: Option<String>,
    } => |input| Command::Resume { note: input.note };

    /// Reports the work as done.
    ResolveTicketInput {
        /// What was done; at most 2000 characters.
        resolution: String,
        /// What it costs the owner, in hundredths of a yuan.
        cost_cents: Option<i64>,
        /// The root cause; required for a valid complaint.
        cause: Option<String>,
        /// What the customer was told; required for a valid complaint.
        explanation: Option<String>,
        /// The department that answers for it, if it changed.
        responsible_department: Option<Department>,
    } => |input| Command::Resolve {
        resolution: input.resolution,
        cost_cents: input.cost_cents,
        cause: input.cause,
        explanation: input.explanation,
        department: input.responsible_department.map(Into::into),
    };

    /// Takes the result as done: by the owner, or by an agent who asked the owner.
    ConfirmTicketInput {
        /// Whether the owner is satisfied.
        satisfied: bool,
        /// From 1, very bad, to 5, very good.
        rating: Option<i32>,
        /// For agents: how the owner was asked.
        channel: Option<Channel>,
        /// What the owner said; at most 2000 characters.
        note: Option<String>,
    } => |input| Command::Confirm {
        satisfied: input.satisfied,
        rating: input.rating,
        channel: input.channel.map(Into::into),
        note: input.note,
    };

    /// Rejects the result; work goes on. The third time it goes to the manager.
    RejectResolutionInput {
        /// What is not right; at most 2000 characters.
        reason: String,
    } => |input| Command::Reject { reason: input.reason };

    /// Records the call after completion, and closes the ticket.
    RecordFollowUpInput {
        /// What the customer said; at most 2000 characters.
        outcome: String,
    } => |input| Command::RecordFollowUp { outcome: input.outcome };

    /// Takes a ticket one level up, to the manager.
    EscalateTicketInput {
        /// Why; at most 2000 characters.
        reason: String,
    } => |input| Command::Escalate { reason: input.reason };

    /// Withdraws a ticket before work begins.
    CancelTicketInput {
        /// Why; at most 2000 characters.
        reason: String,
    } => |input| Command::Cancel { reason: input.reason };

    /// Opens a ticket again, within seven days.
    ReopenTicketInput {
        /// Why; at most 2000 characters.
        reason: String,
    } => |input| Command::Reopen { reason: input.reason };

    /// Says whether a complaint holds.
    TriageTicketInput {
        /// Whether it holds.
        verdict: Triage,
        /// Why; at most 2000 characters.
        reason: String,
    } => |input| Command::Triage { verdict: input.verdict.into(), reason: input.reason };

    /// Agrees another window; the deadlines follow.
    RescheduleTicketInput {
        /// The new window.
        appointment: AppointmentInput,
        /// Why; at most 2000 characters.
        reason: String,
    } => |input| Command::Reschedule { window: input.appointment.into(), reason: input.reason };
}
