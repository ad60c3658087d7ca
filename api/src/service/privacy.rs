//! What is personal (S11): full identity numbers, and everything that is held about one person. Each look is audited
//! before it is shown.

use entity::owner;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Services, household};
use crate::{
    auth::viewer::Viewer,
    domain::{identity_number, text},
    error::{Error, FaultCode, Message, Result},
    store::{
        self,
        audit::{Act, record},
    },
};

const LONGEST_REASON: usize = 500;

/// The full identity number of a customer whom the viewer serves.
pub async fn reveal_identity(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    reason: &str,
) -> Result<Option<String>> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let owner = audited(services, viewer, owner_id, ("REVEAL_IDENTITY_NUMBER", json!({ "reason": reason }))).await?;
    full_identity(services, &owner)
}

/// A customer's identity number in full: for the customer, and for `reveal_identity`.
pub fn full_identity(services: &Services, owner: &owner::Model) -> Result<Option<String>> {
    owner.identity_sealed.as_deref().map(|sealed| services.vault.open_identity(owner.id, sealed)).transpose()
}

/// Records a customer's identity number, which is kept sealed.
pub async fn record_identity(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    typed: &str,
) -> Result<owner::Model> {
    let wrong = |code, message| Error::fault(code, "identityNumber", message);
    let number =
        identity_number::normalize(typed).ok_or_else(|| wrong(FaultCode::Invalid, Message::NotAnIdentityNumber))?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let kept = store::owner::KeptIdentity {
        hash: services.vault.identity_hash(&number),
        sealed: services.vault.seal_identity(owner.id, &number),
        masked: identity_number::mask(&number),
    };
    if !store::owner::keep_identity(&tx, owner.id, kept).await? {
        return Err(wrong(FaultCode::Conflict, Message::NumberRecordedMeanwhile));
    }
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "RECORD_IDENTITY_NUMBER",
        object_type: "Owner",
        object_id: Some(owner.id),
        details: None,
    };
    record(&tx, viewer, act).await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    tx.commit().await?;
    Ok(owner)
}

/// Everything that is held about a person, as JSON: for oneself, or by staff on the customer's request, who get what
/// belongs to the projects they work for.
pub async fn export(services: &Services, viewer: &Viewer, owner_id: Uuid, reason: Option<&str>) -> Result<String> {
    let reason = text::optional("reason", reason, LONGEST_REASON)?;
    if viewer.staff_id().is_some() && reason.is_none() {
        return Err(crate::domain::invalid::Invalid::required("reason").into());
    }
    let owner = audited(services, viewer, owner_id, ("EXPORT_PERSONAL_DATA", json!({ "reason": reason }))).await?;
    let person = json!({
        "name": owner.name,
        "phone": household::full_phone(services, &owner)?,
        "identityNumber": full_identity(services, &owner)?,
        "stage": owner.stage,
        "since": owner.created_at,
    });
    let mut held = store::personal_data::of(services.db.reader(), viewer, owner.id).await?;
    held.insert("exportedAt".to_owned(), json!(services.now()));
    held.insert("person".to_owned(), person);
    serde_json::to_string_pretty(&Value::Object(held)).map_err(Error::internal)
}

/// The customer, once it is written down who looks, and at what.
async fn audited(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    (action, details): (&str, Value),
) -> Result<owner::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "Owner",
        object_id: Some(owner.id),
        details: Some(details),
    };
    record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(owner)
}
