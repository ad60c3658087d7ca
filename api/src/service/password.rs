//! Passwords of staff: what a new one must be like, one that nobody chose, resetting somebody's, and changing one's own.

use std::net::IpAddr;

use entity::staff;
use serde_json::json;
use uuid::Uuid;

use super::{Services, record, sign_in};
use crate::{
    auth::{
        password::{self, MAX_CHARS, MIN_CHARS, PasswordError, WeakPassword},
        viewer::Viewer,
    },
    error::{Error, FaultCode, Message, Result},
    store,
};

/// A member of staff, and the password that was made for them, which is told this once.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub staff: staff::Model,
    /// None when whoever asks chose it.
    pub password: Option<String>,
}

/// A password that is fit to be set.
pub(super) struct NewPassword {
    pub hash: String,
    /// None when it was chosen.
    pub generated: Option<String>,
}

/// Checks a password that was chosen, or makes one. Hashing takes its time: not while anything is locked.
pub(super) async fn prepare(services: &Services, field: &str, chosen: Option<String>) -> Result<NewPassword> {
    if let Some(chosen) = &chosen {
        password::check(chosen).map_err(|weak| refused(field, weak))?;
    }
    let generated = chosen.is_none().then(password::generate);
    let plain = chosen.or_else(|| generated.clone()).unwrap_or_default();
    let hash = services.passwords.hash(plain).await.map_err(|error| match error {
        PasswordError::Busy => Error::Busy,
        error @ PasswordError::BadHash => Error::internal(error),
    })?;
    Ok(NewPassword { hash, generated })
}

fn refused(field: &str, weak: WeakPassword) -> Error {
    let length = Message::PasswordLength { least: MIN_CHARS.into(), most: MAX_CHARS.into() };
    let (code, message) = match weak {
        WeakPassword::TooShort => (FaultCode::OutOfRange, length),
        WeakPassword::TooLong => (FaultCode::TooLong, length),
        WeakPassword::Monotonous => (FaultCode::Invalid, Message::PasswordMonotonous),
    };
    Error::fault(code, field, message)
}

/// Gives somebody another password, chosen or made. Every session of theirs ends, and wrong tries of before are forgotten.
pub async fn reset(services: &Services, viewer: &Viewer, id: Uuid, chosen: Option<String>) -> Result<Credentials> {
    if viewer.staff_id() == Some(id) {
        return Err(Error::fault(FaultCode::NotAvailable, "staffId", Message::NotOnesOwnPassword));
    }
    let new = prepare(services, "password", chosen).await?;
    let tx = services.db.begin().await?;
    let row = store::account::hold(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let row = staff::Model { password_hash: Some(new.hash), ..row };
    store::account::update(&tx, row.clone()).await?;
    sign_in::forget_tries(&tx, &row.login).await?;
    let sessions = store::session::end_all(&tx, id, "the password was reset", services.now()).await?;
    let details = json!({ "sessionsEnded": sessions });
    record(services, &tx, viewer, ("RESET_STAFF_PASSWORD", "Staff", id), details).await?;
    tx.commit().await?;
    services.hub.end_principal(id);
    Ok(Credentials { staff: row, password: new.generated })
}

/// Changes one's own password. Every other session of one's own ends.
pub async fn change(
    services: &Services,
    viewer: &Viewer,
    (current, new): (&str, String),
    from: Option<IpAddr>,
) -> Result<()> {
    let Some(id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffHavePasswords)) };
    let known =
        store::staff::by_id(services.db.reader(), viewer, id).await?.ok_or_else(|| Error::internal("no staff"))?;
    sign_in::prove(services, &known, current, from).await?;
    let new = prepare(services, "newPassword", Some(new)).await?;
    let tx = services.db.begin().await?;
    let row = store::account::hold(&tx, viewer, id).await?.ok_or_else(|| Error::internal("no staff"))?;
    // Reset by an administrator since it was compared: what was shown proves nothing any more.
    if row.password_hash != known.password_hash {
        return Err(sign_in::not_the_present_one());
    }
    store::account::update(&tx, staff::Model { password_hash: Some(new.hash), ..row }).await?;
    let ended = store::session::end_others(&tx, id, viewer.session_id, services.now()).await?;
    let details = json!({ "sessionsEnded": ended.len() });
    record(services, &tx, viewer, ("CHANGE_PASSWORD", "Staff", id), details).await?;
    tx.commit().await?;
    for session in ended {
        services.hub.end_session(session);
    }
    Ok(())
}
