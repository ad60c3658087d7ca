//! The rules as pure functions, one file a noun. No async, no database, no clock, no random id: what a rule needs
//! is an argument, so that the same question always has the same answer.

pub mod calendar;
pub mod customer_file;
pub mod deadline;
pub mod duty;
pub mod handover;
pub mod identity_number;
pub mod invalid;
pub mod ledger;
pub mod milestone;
pub mod phone;
pub mod reaction;
pub mod rectification;
pub mod stage;
pub mod text;
pub mod ticket;
pub mod ticket_number;
pub mod warranty;
