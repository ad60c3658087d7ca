//! What may become of a ticket. `create` makes one, `step` applies one command, `catch_up` does what time alone brings
//! about; each answers with the new state and what happened, or refuses and changes nothing.
//!
//! Who may do what is not decided here: the policy table asks that first. Nor are words for customers made here.

mod check;
mod clock;
mod command;
mod create;
mod effect;
mod happening;
mod refusal;
mod state;
mod step;
mod system_note;
mod table;

pub use clock::{catch_up, is_overdue, next_check_at, queue_deadline};
pub use command::Command;
pub use create::{Created, NewTicket, create};
pub use happening::{Details, EscalationCause, Happening, Step};
pub use refusal::Refusal;
pub use state::{TicketState, Window, is_open};
pub use step::step;
pub use system_note::SystemNote;
pub use table::{TRANSITIONS, To, Transition, allowed_actions, target};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
