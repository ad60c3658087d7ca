//! Decoration partners and the secrets of their integrations, as administrators keep them. How a partner gets a token for its
//! secret is said in `oauth`.

use data_encoding::HEXLOWER;
use entity::partner;
use serde_json::json;
use uuid::Uuid;

use super::{Services, record};
use crate::{
    auth::{secret::opaque_token, viewer::Viewer},
    clock::random_bytes,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx},
};

const LONGEST_NAME: usize = 120;

/// A partner with its secret, which is told this once: what is kept of it is a hash.
#[derive(Clone, Debug)]
pub struct Secret {
    pub partner: partner::Model,
    pub client_secret: String,
}

/// Enters a partner. It can take tokens at once.
pub async fn create(services: &Services, viewer: &Viewer, name: &str) -> Result<Secret> {
    let (now, secret) = (services.now(), opaque_token());
    let row = partner::Model {
        id: services.new_id(now),
        name: text::required_line("name", name, LONGEST_NAME)?,
        client_id: format!("partner-{}", HEXLOWER.encode(&random_bytes::<8>())),
        secret_hash: Some(secret.hash),
        is_active: true,
        created_at: now,
    };
    let tx = services.db.begin().await?;
    store::partner::lock(&tx).await?;
    check_name(&tx, &row).await?;
    store::partner::insert(&tx, row.clone()).await?;
    note(services, &tx, viewer, "CREATE_PARTNER", &row).await?;
    tx.commit().await?;
    Ok(Secret { partner: row, client_secret: secret.plain })
}

/// Gives a partner another name.
pub async fn rename(services: &Services, viewer: &Viewer, id: Uuid, name: &str) -> Result<partner::Model> {
    let name = text::required_line("name", name, LONGEST_NAME)?;
    let tx = services.db.begin().await?;
    let row = partner::Model { name, ..hold(&tx, viewer, id).await? };
    check_name(&tx, &row).await?;
    store::partner::update(&tx, row.clone()).await?;
    note(services, &tx, viewer, "UPDATE_PARTNER", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Gives a partner a new secret. The old one is worth nothing from now on, and neither are the tokens it was given for: it
/// may have become known to somebody else.
pub async fn rotate_secret(services: &Services, viewer: &Viewer, id: Uuid) -> Result<Secret> {
    let secret = opaque_token();
    let tx = services.db.begin().await?;
    let row = partner::Model { secret_hash: Some(secret.hash), ..hold(&tx, viewer, id).await? };
    store::partner::update(&tx, row.clone()).await?;
    store::session::end_all(&tx, id, "the secret was replaced", services.now()).await?;
    note(services, &tx, viewer, "ROTATE_PARTNER_SECRET", &row).await?;
    tx.commit().await?;
    services.hub.end_principal(id);
    Ok(Secret { partner: row, client_secret: secret.plain })
}

/// Shuts a partner out, at once and with every token it holds.
pub async fn disable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    let tx = services.db.begin().await?;
    let row = partner::Model { is_active: false, ..hold(&tx, viewer, id).await? };
    store::partner::update(&tx, row.clone()).await?;
    store::session::end_all(&tx, id, "the partner was disabled", services.now()).await?;
    note(services, &tx, viewer, "DISABLE_PARTNER", &row).await?;
    tx.commit().await?;
    services.hub.end_principal(id);
    Ok(row)
}

/// Lets a partner in again, with the secret that it had.
pub async fn enable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    let tx = services.db.begin().await?;
    let row = partner::Model { is_active: true, ..hold(&tx, viewer, id).await? };
    store::partner::update(&tx, row.clone()).await?;
    note(services, &tx, viewer, "ENABLE_PARTNER", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// A partner that nobody else changes before the transaction ends.
async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    store::partner::lock(tx).await?;
    store::partner::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("partnerId"))
}

/// Two of one name could not be told apart by those who ask them for lectures. Whoever sends a call again whose answer was
/// lost is refused here too.
async fn check_name(tx: &Tx, row: &partner::Model) -> Result<()> {
    if store::partner::is_named(tx, row).await? {
        return Err(Error::fault(FaultCode::Conflict, "name", Message::PartnerNameTaken));
    }
    Ok(())
}

async fn note(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &partner::Model) -> Result<()> {
    let details = json!({ "name": row.name, "clientId": row.client_id, "isActive": row.is_active });
    record(services, tx, viewer, (action, "Partner", row.id), details).await
}
