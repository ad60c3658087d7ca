//! The contractors who built the homes and put right what they owe. They have no account.

use entity::{contractor, contractor_part, vocab::WarrantyPart};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, db::Tx},
};

const LONGEST_NAME: usize = 120;
const LONGEST_PHONE: usize = 40;

/// A contractor to enter.
#[derive(Clone, Debug)]
pub struct NewContractor {
    pub project_id: Uuid,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub parts: Vec<WarrantyPart>,
}

/// What is to change about a contractor; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ContractorChange {
    pub name: Option<String>,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub is_active: Option<bool>,
}

/// Enters a contractor of a project with the parts it answers for.
pub async fn create(services: &Services, viewer: &Viewer, new: NewContractor) -> Result<contractor::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let row = contractor::Model {
        id: services.new_id(now),
        project_id: new.project_id,
        name: text::required_line("name", &new.name, LONGEST_NAME)?,
        contact_name: text::optional_line("contactName", new.contact_name.as_deref(), LONGEST_NAME)?,
        contact_phone: text::optional_line("contactPhone", new.contact_phone.as_deref(), LONGEST_PHONE)?,
        is_active: true,
        created_at: now,
    };
    if !store::contractor::insert(&tx, row.clone()).await? {
        return Err(taken());
    }
    give(services, &tx, &row, new.parts).await?;
    record(services, &tx, viewer, "CREATE_CONTRACTOR", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Changes a contractor's name, contact, or whether it still works for the project.
pub async fn update(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    change: ContractorChange,
) -> Result<contractor::Model> {
    let tx = services.db.begin().await?;
    let row = load(&tx, viewer, id).await?;
    let name = change.name.map(|name| text::required_line("name", &name, LONGEST_NAME)).transpose()?;
    let contact_name = text::optional_line("contactName", change.contact_name.as_deref(), LONGEST_NAME)?;
    let contact_phone = text::optional_line("contactPhone", change.contact_phone.as_deref(), LONGEST_PHONE)?;
    let row = contractor::Model {
        name: name.unwrap_or(row.name),
        contact_name: contact_name.or(row.contact_name),
        contact_phone: contact_phone.or(row.contact_phone),
        is_active: change.is_active.unwrap_or(row.is_active),
        ..row
    };
    if store::contractor::is_named(&tx, &row).await? {
        return Err(taken());
    }
    store::contractor::update(&tx, row.clone()).await?;
    record(services, &tx, viewer, "UPDATE_CONTRACTOR", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Makes a contractor answer for exactly these parts; whoever answered for one of them no longer does.
pub async fn assign_parts(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    parts: Vec<WarrantyPart>,
) -> Result<contractor::Model> {
    let tx = services.db.begin().await?;
    let row = load(&tx, viewer, id).await?;
    give(services, &tx, &row, parts).await?;
    record(services, &tx, viewer, "ASSIGN_CONTRACTOR_PARTS", &row).await?;
    tx.commit().await?;
    Ok(row)
}

async fn load(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<contractor::Model> {
    store::contractor::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("contractorId"))
}

async fn give(services: &Services, tx: &Tx, row: &contractor::Model, mut parts: Vec<WarrantyPart>) -> Result<()> {
    parts.sort();
    parts.dedup();
    let now = services.now();
    let part = |part| contractor_part::Model {
        id: services.new_id(now),
        contractor_id: row.id,
        project_id: row.project_id,
        part,
    };
    store::contractor::assign(tx, row.id, parts.into_iter().map(part).collect()).await
}

fn taken() -> Error {
    Error::fault(FaultCode::Conflict, "name", Message::ContractorNameTaken)
}

async fn record(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    action: &'static str,
    row: &contractor::Model,
) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "Contractor",
        object_id: Some(row.id),
        details: Some(json!({ "isActive": row.is_active })),
    };
    store::audit::record(tx, viewer, act).await
}
