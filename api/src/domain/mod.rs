//! The rules as pure functions, one file a noun. No async, no database, no clock, no random id: what a rule needs
//! is an argument, so that the same question always has the same answer.

pub mod activity;
pub mod appointment;
pub mod calendar;
pub mod customer_file;
pub mod contract;
pub mod complaint;
pub mod deadline;
pub mod handover;
pub mod icalendar;
pub mod figure;
pub mod disclosure;
pub mod identity_number;
pub mod inspection;
pub mod invalid;
pub mod journey;
pub mod ledger;
pub mod milestone;
pub mod phone;
pub mod rectification;
pub mod search;
pub mod publication;
pub mod public_area;
pub mod stage;
pub mod survey;
pub mod text;
pub mod ticket;
pub mod ticket_number;
pub mod training;
pub mod warranty;
