//! Surveys: which questions make a questionnaire, which answers they take, when campaigns open, and which results may be
//! shown. Who asks and who answers is decided elsewhere.

pub mod answer;
pub mod calendar;
pub mod cell;
pub mod question;
pub mod responsible;
pub mod statistics;

/// Fewer responses than this are never shown, and no difference of two results is of fewer.
pub const FEWEST: usize = 5;
