//! Customers' files (S1): documents filed and taken out, and what each stage asks for.

use chrono::NaiveDate;
use entity::{
    owner_document, required_document,
    vocab::{DocumentKind, OwnerStage},
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, ticket};
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{
        self,
        audit::{Act, record},
        db::Tx,
    },
};

const LONGEST_REFERENCE: usize = 200;
const LONGEST_REASON: usize = 500;

/// A document to file.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub owner_id: Uuid,
    pub unit_id: Option<Uuid>,
    pub kind: DocumentKind,
    pub reference: String,
    /// Today where the home stands, when left out.
    pub filed_on: Option<NaiveDate>,
}

/// Files a document of a customer.
pub async fn file_document(services: &Services, viewer: &Viewer, new: NewDocument) -> Result<owner_document::Model> {
    let reference = text::required_line("reference", &new.reference, LONGEST_REFERENCE)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, new.owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let homes = store::owner::units_for_contact(&tx, viewer, owner.id).await?;
    let unit = homes.into_iter().find(|unit| new.unit_id.is_none_or(|id| id == unit.id));
    if new.unit_id.is_some() && unit.is_none() {
        return Err(Error::unknown("unitId"));
    }
    let today = match &unit {
        Some(unit) => ticket::local_day(&ticket::project_of(&tx, unit.project_id).await?, now)?,
        None => now.date_naive(),
    };
    let filed_on = new.filed_on.unwrap_or(today);
    if filed_on > today {
        return Err(Error::fault(FaultCode::OutOfRange, "filedOn", Message::DocumentOfToday));
    }
    let document = owner_document::Model {
        id: services.new_id(now),
        owner_id: owner.id,
        unit_id: new.unit_id,
        kind: new.kind,
        reference,
        filed_by: viewer.staff_id(),
        filed_on,
        created_at: now,
        removed_at: None,
    };
    store::customer_file::add(&tx, document.clone()).await?;
    note(services, &tx, viewer, ("FILE_OWNER_DOCUMENT", "OwnerDocument", document.id), json!({ "kind": new.kind }))
        .await?;
    tx.commit().await?;
    Ok(document)
}

/// Takes a document out of a customer's file.
pub async fn remove_document(
    services: &Services,
    viewer: &Viewer,
    document_id: Uuid,
    reason: &str,
) -> Result<entity::owner::Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let tx = services.db.begin().await?;
    let unknown = || Error::unknown("documentId");
    let document = store::customer_file::by_id(&tx, viewer, document_id).await?.ok_or_else(unknown)?;
    let owner = store::owner::by_id(&tx, viewer, document.owner_id).await?.ok_or_else(unknown)?;
    if !store::customer_file::remove(&tx, document_id, services.now()).await? {
        return Err(Error::fault(FaultCode::Conflict, "documentId", Message::DocumentTakenOut));
    }
    let details = json!({ "kind": document.kind, "reason": reason });
    note(services, &tx, viewer, ("REMOVE_OWNER_DOCUMENT", "OwnerDocument", document_id), details).await?;
    tx.commit().await?;
    Ok(owner)
}

/// Says anew what the files of customers at a stage must hold.
pub async fn require_documents(
    services: &Services,
    viewer: &Viewer,
    stage: OwnerStage,
    mut kinds: Vec<DocumentKind>,
) -> Result<Vec<DocumentKind>> {
    kinds.sort_unstable();
    kinds.dedup();
    let now = services.now();
    let rows =
        kinds.iter().map(|kind| required_document::Model { id: services.new_id(now), stage, kind: *kind }).collect();
    let tx = services.db.begin().await?;
    store::customer_file::require(&tx, stage, rows).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "SET_REQUIRED_DOCUMENTS",
        object_type: "RequiredDocuments",
        object_id: None,
        details: Some(json!({ "stage": stage, "kinds": kinds })),
    };
    record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(kinds)
}

async fn note(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (action, object_type, id): (&str, &str, Uuid),
    details: serde_json::Value,
) -> Result<()> {
    let now = services.now();
    let act =
        Act { id: services.new_id(now), at: now, action, object_type, object_id: Some(id), details: Some(details) };
    record(tx, viewer, act).await
}
