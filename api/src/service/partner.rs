//! Decoration partners and the secrets of their integrations, as administrators keep them. How a partner gets a token for its
//! secret is said in `oauth`.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use entity::partner;
use serde_json::json;
use uuid::Uuid;

use super::{Services, overlap, record};
use crate::{
    auth::{secret::opaque_token, viewer::Viewer},
    clock::random_bytes,
    domain::{
        overlap::{replaced, still_good},
        text,
    },
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
        old_secret_hash: None,
        old_secret_until: None,
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
    save(services, tx, viewer, "UPDATE_PARTNER", row).await
}

/// Gives a partner a new secret. The old one is good beside it for so many hours; what was good beside the old one is not any
/// more.
pub async fn rotate_secret(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    overlap_hours: Option<i32>,
) -> Result<Secret> {
    let (overlap, secret) = (overlap(overlap_hours)?, opaque_token());
    let tx = services.db.begin().await?;
    let (row, now) = (hold(&tx, viewer, id).await?, services.now());
    let ends_one = overlap.is_zero() || old_secret_ends_at(&row, now).is_some();
    let (old_secret_hash, old_secret_until) = replaced(row.secret_hash, overlap, now);
    let row = partner::Model { secret_hash: Some(secret.hash), old_secret_hash, old_secret_until, ..row };
    let row = if ends_one {
        save_and_end_tokens(services, tx, viewer, ("ROTATE_PARTNER_SECRET", "the secret was replaced"), row).await?
    } else {
        save(services, tx, viewer, "ROTATE_PARTNER_SECRET", row).await?
    };
    Ok(Secret { partner: row, client_secret: secret.plain })
}

/// Ends the secret before the newest at once: it may have become known to somebody else. Whoever calls a second time changes
/// nothing, but for the tokens that were given meanwhile.
pub async fn end_old_secret(services: &Services, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    let tx = services.db.begin().await?;
    let row = partner::Model { old_secret_hash: None, old_secret_until: None, ..hold(&tx, viewer, id).await? };
    save_and_end_tokens(services, tx, viewer, ("END_OLD_PARTNER_SECRET", "the old secret was ended"), row).await
}

/// Until when the secret before the newest is good; none when it is not.
pub fn old_secret_ends_at(row: &partner::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    still_good(row.old_secret_until, row.old_secret_until, now)
}

/// Shuts a partner out, at once and with every token it holds.
pub async fn disable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    let tx = services.db.begin().await?;
    let row = partner::Model { is_active: false, ..hold(&tx, viewer, id).await? };
    save_and_end_tokens(services, tx, viewer, ("DISABLE_PARTNER", "the partner was disabled"), row).await
}

/// Lets a partner in again, with the secret that it had.
pub async fn enable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    let tx = services.db.begin().await?;
    let row = partner::Model { is_active: true, ..hold(&tx, viewer, id).await? };
    save(services, tx, viewer, "ENABLE_PARTNER", row).await
}

/// A partner that nobody else changes before the transaction ends.
async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<partner::Model> {
    store::partner::lock(tx).await?;
    store::partner::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("partnerId"))
}

/// Saves a partner that is held.
async fn save(
    services: &Services,
    tx: Tx,
    viewer: &Viewer,
    action: &str,
    row: partner::Model,
) -> Result<partner::Model> {
    store::partner::update(&tx, row.clone()).await?;
    note(services, &tx, viewer, action, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same, and every token ends that it was given: nobody knows by which of its secrets.
async fn save_and_end_tokens(
    services: &Services,
    tx: Tx,
    viewer: &Viewer,
    (action, reason): (&str, &str),
    row: partner::Model,
) -> Result<partner::Model> {
    // Who is giving it a token holds the row: once it is written, all tokens are there that will be.
    store::partner::update(&tx, row.clone()).await?;
    store::session::end_all(&tx, row.id, reason, services.now()).await?;
    note(services, &tx, viewer, action, &row).await?;
    tx.commit().await?;
    services.hub.end_principal(row.id);
    Ok(row)
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
    let details = json!({
        "name": row.name,
        "clientId": row.client_id,
        "isActive": row.is_active,
        "oldSecretEndsAt": old_secret_ends_at(row, services.now()),
    });
    record(services, tx, viewer, (action, "Partner", row.id), details).await
}
