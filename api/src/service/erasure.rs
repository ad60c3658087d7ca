//! Erasing one person's data (S11). What the law and the company's books need stays without the person: contracts,
//! tickets and answers remain, and whoever they were from is nobody.

use chrono::{DateTime, Utc};
use entity::{erasure, owner, vocab::OwnerStage};
use serde_json::json;
use uuid::Uuid;

use super::{Services, registration, stage, survey};
use crate::{
    auth::viewer::Viewer,
    domain::{invalid::Invalid, message::Written, text},
    error::{Error, FaultCode, Message, Result},
    store::{
        self,
        audit::{Act, record},
        db::Tx,
    },
};

const LONGEST_REASON: usize = 500;

/// What is written where a customer's own wish is the reason.
const OWN_WISH: &str = "本人申请注销";

/// Erases a customer: oneself, or by the manager of a project. Refused as long as something binds both sides.
pub async fn erase(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    reason: Option<&str>,
) -> Result<DateTime<Utc>> {
    let reason = match (text::optional("reason", reason, LONGEST_REASON)?, viewer.owner_id()) {
        (Some(reason), _) => reason,
        (None, Some(_)) => OWN_WISH.to_owned(),
        (None, None) => return Err(Invalid::required("reason").into()),
    };
    let now = services.now();
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let row = erasure::Model {
        id: services.new_id(now),
        owner_id: owner.id,
        reason,
        requested_by: viewer.staff_id(),
        erased_at: now,
    };
    if !store::erasure::add(&tx, row).await? {
        return Err(Error::fault(FaultCode::Conflict, "ownerId", Message::DataErasedBefore));
    }
    // From here on nobody can add a ticket or a home to this customer until the transaction ends.
    store::erasure::empty_owner(&tx, owner.id).await?;
    if store::erasure::is_bound(&tx, owner.id).await? {
        let message = Message::StillBound;
        return Err(Error::fault(FaultCode::NotAvailable, "ownerId", message));
    }
    forget(services, &tx, viewer, &owner, now).await?;
    tx.commit().await?;
    services.hub.end_principal(owner.id);
    Ok(now)
}

async fn forget(services: &Services, tx: &Tx, viewer: &Viewer, owner: &owner::Model, now: DateTime<Utc>) -> Result<()> {
    stage::advance(services, tx, viewer, owner, OwnerStage::Former, Written::ReasonErased.into()).await?;
    registration::give_up_all(tx, owner.id, now).await?;
    survey::forget_owner(tx, owner.id).await?;
    store::erasure::forget_contacts(tx, owner.id).await?;
    store::erasure::forget_access(tx, owner, now).await?;
    let sessions = store::session::end_all(tx, owner.id, "the customer's data were erased", now).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "ERASE_OWNER",
        object_type: "Owner",
        object_id: Some(owner.id),
        details: Some(json!({ "sessionsEnded": sessions })),
    };
    record(tx, viewer, act).await
}
