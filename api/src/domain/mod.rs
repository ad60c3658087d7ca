//! The rules as pure functions, one file a noun. No async, no database, no clock, no random id: what a rule needs
//! is an argument, so that the same question always has the same answer.

pub mod identity_number;
pub mod ledger;
pub mod phone;
pub mod text;
