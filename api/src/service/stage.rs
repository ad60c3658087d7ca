//! Moving owners from stage to stage: by hand, and as part of signing, handing over and leaving.

use entity::{owner, owner_stage_change, vocab::OwnerStage};
use serde_json::Value;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::{policy::may_move_stage, viewer::Viewer},
    domain::{
        message::Written,
        stage::{IllegalJump, follows},
        text,
    },
    error::{Error, FaultCode, Message, Result},
    language::{DEFAULT, say},
    store::{self, Conn, db::Tx},
};

const LONGEST_REASON: usize = 500;

/// Moves an owner by hand.
pub async fn move_to(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    to: OwnerStage,
    reason: &str,
) -> Result<owner::Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let from = shown(&tx, viewer, &owner).await?;
    follows(from, to).map_err(|jump| refused(&jump))?;
    if !may_move_stage(viewer, from, to) {
        return Err(Error::Forbidden(Message::OwnerStepNotYours));
    }
    if from != owner.stage {
        let message = Message::ServedByAnotherProject;
        return Err(Error::fault(FaultCode::NotAvailable, "ownerId", message));
    }
    check_facts(&tx, &owner, to).await?;
    advance(services, &tx, viewer, &owner, to, Reason::Typed(reason)).await?;
    tx.commit().await?;
    Ok(owner::Model { stage: to, ..owner })
}

/// Where an owner stands as far as the viewer may know: in a project where somebody only looks at homes, that is all they
/// do, whatever they own elsewhere.
pub async fn shown(conn: &impl Conn, viewer: &Viewer, owner: &owner::Model) -> Result<OwnerStage> {
    let strangers = store::prospect::strangers(conn, viewer, &[owner.id]).await?;
    let is_stranger = strangers.get(&owner.id).copied().unwrap_or(false);
    Ok(if is_stranger { OwnerStage::Prospect } else { owner.stage })
}

/// Nobody is brought by hand to where facts don't bear it out.
async fn check_facts(conn: &impl Conn, owner: &owner::Model, to: OwnerStage) -> Result<()> {
    let homes = store::contract::homes_of(conn, owner.id).await?;
    let refusal = match to {
        OwnerStage::Signed if homes.is_empty() => Message::SignedForNoHome,
        OwnerStage::HandedOver if homes.iter().all(|home| home.handed_over_on.is_none()) => Message::NoHomeHandedOver,
        OwnerStage::Former if !homes.is_empty() => Message::StillOwnsAHome,
        _ => return Ok(()),
    };
    Err(Error::fault(FaultCode::NotAvailable, "stage", refusal))
}

/// Why an owner comes to another stage.
pub enum Reason {
    /// As a person typed it.
    Typed(String),
    /// As the house says it by itself.
    Written(Written),
}

impl Reason {
    /// The text, and what it is made of.
    pub fn kept(self) -> Result<(String, Option<Value>)> {
        match self {
            Self::Typed(text) => Ok((text, None)),
            Self::Written(written) => {
                let kept = serde_json::to_value(&written).map_err(Error::internal)?;
                Ok((say(&written, DEFAULT), Some(kept)))
            }
        }
    }
}

impl From<Written> for Reason {
    fn from(written: Written) -> Self {
        Self::Written(written)
    }
}

/// Moves an owner within a transaction, with the history that says who did it and why. Staying is no change.
pub async fn advance(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    owner: &owner::Model,
    to: OwnerStage,
    reason: Reason,
) -> Result<()> {
    if owner.stage == to {
        return Ok(());
    }
    follows(owner.stage, to).map_err(|jump| refused(&jump))?;
    let now = services.now();
    let (reason, written) = reason.kept()?;
    let row = owner_stage_change::Model {
        id: services.new_id(now),
        owner_id: owner.id,
        from_stage: Some(owner.stage),
        to_stage: to,
        reason,
        written,
        actor_kind: viewer.kind(),
        actor_id: viewer.id(),
        occurred_at: now,
    };
    if store::stage::change(tx, row).await? {
        Ok(())
    } else {
        Err(Error::fault(FaultCode::Conflict, "ownerId", Message::MovedAtTheSameMoment))
    }
}

fn refused(jump: &IllegalJump) -> Error {
    let message = Message::StageJump { from: jump.from.into(), to: jump.to.into() };
    Error::fault(FaultCode::IllegalTransition, "stage", message)
}
