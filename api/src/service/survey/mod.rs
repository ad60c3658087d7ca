//! Surveys: questionnaires, campaigns, answers, results, and what these make departments do.

pub mod answer;
pub mod campaign;
pub mod closing;
pub mod improvement;
pub mod statistics;
pub mod template;

use uuid::Uuid;

use crate::{
    auth::{policy, viewer::Viewer},
    error::{Error, Message, Result},
    store::{self, db::Tx},
};

pub use campaign::open_for_batch;

/// Questionnaires and surveys opened by hand are the group's own matter.
fn allow(viewer: &Viewer) -> Result<()> {
    let message = Message::SurveysOfTheGroup;
    if policy::runs_surveys(viewer) { Ok(()) } else { Err(Error::Forbidden(message)) }
}

/// Takes a customer whose data are erased out of all surveys, within the erasure's transaction. Answers that were handed
/// in stay and count, without a name and without the words that the customer wrote. Returns how many surveys that were.
pub async fn forget_owner(tx: &Tx, owner_id: Uuid) -> Result<u64> {
    store::survey::invitation::forget(tx, owner_id).await
}
