//! Sessions: opened by a sign-in, carried on by refresh tokens that work once, ended by sign-out or misuse.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{refresh_token, session, vocab::PrincipalKind};
use uuid::Uuid;

use super::Services;
use crate::{
    auth::{
        secret::{opaque_token, token_hash},
        token::Subject,
        viewer::{Principal, Viewer},
    },
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, session::Living},
};

/// How long a session lives without being refreshed.
const IDLE: TimeDelta = TimeDelta::days(30);

const LONGEST_DEVICE_NAME: usize = 80;

/// What a client gets when it signed in.
#[derive(Clone)]
pub struct Tokens {
    pub access_token: String,
    pub access_token_expires_at: DateTime<Utc>,
    pub refresh_token: String,
}

/// Opens a session for a principal whose identity was just proven.
pub async fn open(
    services: &Services,
    conn: &impl Conn,
    kind: PrincipalKind,
    principal_id: Uuid,
    device_name: Option<&str>,
) -> Result<Tokens> {
    let device_name = text::optional_line("deviceName", device_name, LONGEST_DEVICE_NAME).map_err(Error::from)?;
    let now = services.now();
    let id = services.new_id(now);
    let refresh = opaque_token();
    let session = session::Model {
        id,
        principal_kind: kind,
        principal_id,
        device_name,
        created_at: now,
        refreshed_at: now,
        expires_at: now + IDLE,
        ended_at: None,
        end_reason: None,
        last_write: None,
        language: None,
    };
    let token = refresh_token::Model { hash: refresh.hash, session_id: id, issued_at: now, used_at: None };
    store::session::open(conn, session, Some(token)).await?;
    store::session::take_language(conn, principal_id).await?;
    Ok(tokens(services, kind, principal_id, id, refresh.plain, now))
}

fn tokens(
    services: &Services,
    kind: PrincipalKind,
    principal_id: Uuid,
    session_id: Uuid,
    refresh_token: String,
    now: DateTime<Utc>,
) -> Tokens {
    let subject = Subject { id: principal_id, kind, session: Some(session_id), scope: None };
    let claims = services.vault.tokens.claims(&subject, services.new_id(now), now);
    Tokens {
        access_token: services.vault.tokens.sign(&claims),
        access_token_expires_at: claims.expires_at(),
        refresh_token,
    }
}

/// Exchanges a refresh token for new tokens. One that was used before was stolen from somebody: the whole session ends.
pub async fn refresh(services: &Services, presented: &str) -> Result<Tokens> {
    let unknown = || Error::fault(FaultCode::Expired, "refreshToken", Message::SessionOver);
    let now = services.now();
    let hash = token_hash(presented);
    let tx = services.db.begin().await?;
    let (_, session) = store::session::by_refresh_hash(&tx, &hash).await?.ok_or_else(unknown)?;
    if !store::session::use_refresh_token(&tx, &hash, now).await? {
        store::session::end(&tx, session.id, "a refresh token was used twice", now).await?;
        tx.commit().await?;
        services.hub.end_session(session.id);
        return Err(unknown());
    }
    let living = store::session::living(&tx, session.id, now).await?;
    if living.is_none_or(|living| principal(&living).is_none()) {
        return Err(unknown());
    }
    let next = opaque_token();
    let token = refresh_token::Model { hash: next.hash, session_id: session.id, issued_at: now, used_at: None };
    store::session::add_refresh_token(&tx, token).await?;
    store::session::forget_used(&tx, session.id, now - IDLE).await?;
    store::session::prolong(&tx, session.id, now, now + IDLE).await?;
    store::session::take_language(&tx, session.principal_id).await?;
    tx.commit().await?;
    Ok(tokens(services, session.principal_kind, session.principal_id, session.id, next.plain, now))
}

/// Ends the viewer's session and everything that is open in it.
pub async fn sign_out(services: &Services, viewer: &Viewer) -> Result<()> {
    let Some(session) = viewer.session_id else { return Ok(()) };
    store::session::end(services.db.writer(), session, "signed out", services.now()).await?;
    services.hub.end_session(session);
    Ok(())
}

/// Who a bearer token speaks for, if it is good and its session is alive.
pub async fn authenticate(services: &Services, token: &str) -> Result<Viewer> {
    let now = services.now();
    let refused = Error::Unauthenticated(Message::TokenNotValid);
    let Ok(claims) = services.vault.tokens.verify(token, now) else { return Err(refused) };
    let Some(session_id) = claims.sid else { return Err(refused) };
    let Some(living) = store::session::living(&services.db.at_hand(), session_id, now).await? else {
        return Err(refused);
    };
    let principal = match living.kind {
        PrincipalKind::Partner => super::oauth::living_partner(services, living.principal_id).await?,
        _ => principal(&living),
    };
    match principal {
        Some(principal) if living.principal_id == claims.sub => {
            let Living { last_write, language, .. } = living;
            let expires_at = Some(claims.expires_at());
            Ok(Viewer { principal, session_id: Some(session_id), expires_at, last_write, language })
        }
        _ => Err(refused),
    }
}

/// The owner or active member of staff of a session.
fn principal(living: &Living) -> Option<Principal> {
    let id = living.principal_id;
    match living.kind {
        PrincipalKind::Owner => living.is_owner.then_some(Principal::Owner(id)),
        PrincipalKind::Staff => living.staff.filter(|staff| staff.is_active).map(|staff| Principal::Staff {
            id,
            role: staff.role,
            department: staff.department,
        }),
        PrincipalKind::Partner | PrincipalKind::System => None,
    }
}
