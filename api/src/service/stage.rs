//! Moving owners from stage to stage: by hand, and as part of signing, handing over and leaving.

use entity::{owner, owner_stage_change, vocab::OwnerStage};

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::stage::{IllegalJump, follows},
    error::{Error, FaultCode, Result},
    store::{self, db::Tx},
};

/// Moves an owner within a transaction, with the history that says who did it and why. Staying is no change.
pub async fn advance(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    owner: &owner::Model,
    to: OwnerStage,
    reason: &str,
) -> Result<()> {
    if owner.stage == to {
        return Ok(());
    }
    follows(owner.stage, to).map_err(|jump| refused(&jump))?;
    let now = services.now();
    let row = owner_stage_change::Model {
        id: services.new_id(now),
        owner_id: owner.id,
        from_stage: Some(owner.stage),
        to_stage: to,
        reason: reason.to_owned(),
        actor_kind: viewer.kind(),
        actor_id: viewer.id(),
        occurred_at: now,
    };
    if store::stage::change(tx, row).await? {
        Ok(())
    } else {
        Err(Error::fault(FaultCode::Conflict, "ownerId", "Somebody else moved this owner at the same moment."))
    }
}

fn refused(jump: &IllegalJump) -> Error {
    let message = format!("An owner can't come from {:?} to {:?}.", jump.from, jump.to);
    Error::fault(FaultCode::IllegalTransition, "stage", message)
}
