//! The rules as pure functions, one file a noun. No async, no database, no clock, no random id: what a rule needs
//! is an argument, so that the same question always has the same answer.

pub mod activity;
pub mod appointment;
pub mod bulletin;
pub mod calendar;
pub mod complaint;
pub mod contract;
pub mod customer_file;
pub mod deadline;
pub mod disclosure;
pub mod duty;
pub mod figure;
pub mod handover;
pub mod icalendar;
pub mod identity_number;
pub mod inspection;
pub mod invalid;
pub mod journey;
pub mod ledger;
pub mod milestone;
pub mod phone;
pub mod public_area;
pub mod publication;
pub mod reaction;
pub mod rectification;
pub mod search;
pub mod span;
pub mod stage;
pub mod stale;
pub mod survey;
pub mod text;
pub mod throttle;
pub mod ticket;
pub mod ticket_number;
pub mod training;
pub mod warranty;
