//! OAuth 2 client credentials (RFC 6749, section 4.4) for decoration partners.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{partner, session, vocab::PrincipalKind};
use uuid::Uuid;

use super::{Services, guess::Guess};
use crate::{
    auth::{
        secret::{constant_time_eq, token_hash},
        token::{LIFETIME, Subject},
        viewer::Principal,
    },
    domain::{overlap::still_good, throttle::Tries},
    error::{Error, Result},
    store::{self, Conn},
};

/// The one scope there is.
pub const LECTURES_READ: &str = "lectures:read";

const WRONG_SECRETS: Tries = Tries { most: 30, window: TimeDelta::minutes(15), longest_wait: TimeDelta::hours(4) };

/// What the token endpoint answers.
#[derive(Clone, Debug)]
pub struct Granted {
    pub access_token: String,
    pub expires_in: TimeDelta,
    pub scope: &'static str,
}

/// Why the token endpoint refuses, in the words of the standard.
#[derive(Debug)]
pub enum Refused {
    InvalidClient,
    InvalidScope,
    SlowDown,
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Gives a partner a token for its client id and secret.
pub async fn client_credentials(
    services: &Services,
    (client_id, client_secret): (&str, &str),
    scope: Option<&str>,
    from: Option<IpAddr>,
) -> Result<Granted, Refused> {
    if !scope.is_none_or(|scope| scope.split_whitespace().all(|word| word == LECTURES_READ)) {
        return Err(Refused::InvalidScope);
    }
    let tries = (format!("client:{}", token_hash(client_id)), WRONG_SECRETS);
    let guess = match Guess::begin(services, tries, from, "client_id").await {
        Err(Error::Invalid(_)) => return Err(Refused::SlowDown),
        other => other?,
    };
    let partner = store::lecture::partner_by_client_id(services.db.reader(), client_id).await?;
    let given = token_hash(client_secret);
    let matches = is_secret_of(partner.as_ref(), &given, services.now());
    let (Some(partner), true) = (partner, matches) else { return Err(Refused::InvalidClient) };
    let tx = services.db.begin().await?;
    // Put out, or that secret ended, since it was compared: no token may come after that.
    let still = store::partner::hold(&tx, partner.id).await?;
    if !is_secret_of(still.as_ref(), &given, services.now()) {
        return Err(Refused::InvalidClient);
    }
    guess.was_right(&tx).await?;
    let granted = open(services, &tx, partner.id).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(granted)
}

/// Whether this is the hash of a secret by which a partner takes tokens at this moment. It is compared with both that there may
/// be, whatever the first comparison comes to, and with nothing's in the place of one that is not there.
fn is_secret_of(partner: Option<&partner::Model>, given: &str, now: DateTime<Utc>) -> bool {
    let partner = partner.filter(|partner| partner.is_active);
    let newest = partner.and_then(|partner| partner.secret_hash.as_deref());
    let old = partner.and_then(|partner| still_good(partner.old_secret_hash.as_deref(), partner.old_secret_until, now));
    let [newest, old] =
        [newest, old].map(|known| constant_time_eq(given.as_bytes(), known.unwrap_or_default().as_bytes()));
    newest | old
}

/// A token for a partner whose identity was just proven.
pub async fn grant(services: &Services, partner_id: Uuid) -> Result<Granted> {
    open(services, services.db.writer(), partner_id).await
}

/// Opens a session that lives as long as its one access token: client credentials have no refresh token.
async fn open(services: &Services, conn: &impl Conn, partner_id: Uuid) -> Result<Granted> {
    let now = services.now();
    let id = services.new_id(now);
    let session = session::Model {
        id,
        principal_kind: PrincipalKind::Partner,
        principal_id: partner_id,
        device_name: None,
        created_at: now,
        refreshed_at: now,
        expires_at: now + LIFETIME,
        ended_at: None,
        end_reason: None,
        last_write: None,
        language: None,
    };
    store::session::open(conn, session, None).await?;
    let subject = Subject {
        id: partner_id,
        kind: PrincipalKind::Partner,
        session: Some(id),
        scope: Some(LECTURES_READ.to_owned()),
    };
    let claims = services.vault.tokens.claims(&subject, services.new_id(now), now);
    Ok(Granted { access_token: services.vault.tokens.sign(&claims), expires_in: LIFETIME, scope: LECTURES_READ })
}

/// The partner of a session, if it may still act.
pub(super) async fn living_partner(services: &Services, id: Uuid) -> Result<Option<Principal>> {
    let partner = store::lecture::partner_for_session(services.db.reader(), id).await?;
    Ok(partner.filter(|partner| partner.is_active).map(|partner| Principal::Partner(partner.id)))
}
