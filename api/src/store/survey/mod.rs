//! Surveys: questionnaires, campaigns, whom they go to, invitations and answers, results, and the tasks that these open.

pub mod campaign;
pub mod cohort;
pub mod improvement;
pub mod invitation;
pub mod own_work;
pub mod result;
pub mod template;

/// How many ids one statement names at most.
const CHUNK: usize = 500;
