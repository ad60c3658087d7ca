//! Access tokens: JWTs of fifteen minutes, signed with Ed25519 and nothing else, checked against the time that the caller
//! gives. Which session or person a token stands for, and whether that still holds, is for the caller to ask.

use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard};

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use entity::vocab::PrincipalKind;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::known_tokens::{KnownTokens, Signed};

/// How long an access token lives. Whoever is signed out or disabled may read for at most this long where nobody asks
/// the session.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// How long a new signing key only verifies before it signs. By then every server has noticed it, and whoever keeps the
/// published keys for as long as they may be kept has seen it too.
pub const LEAD: TimeDelta = TimeDelta::minutes(6);

/// How far a token may come from the future: another server's clock may be a little ahead. Expiry has no leeway.
const LEEWAY_SECONDS: i64 = 5;

/// The longest token looked at. Ours have about 500 bytes.
const MAX_TOKEN_BYTES: usize = 4096;

/// The type in the header (RFC 9068), so that no other kind of JWT can ever be taken for an access token.
const TYPE: &str = "at+jwt";

/// Why a token is refused. The client learns only that it is; the reason is for the log and the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is longer than 4 KiB")]
    TooLarge,
    #[error("the token is not a well-formed access token")]
    Malformed,
    #[error("the token is not signed with EdDSA")]
    WrongAlgorithm,
    #[error("the token names no key of ours")]
    UnknownKey,
    #[error("the signature does not match")]
    BadSignature,
    #[error("the token was issued by someone else")]
    WrongIssuer,
    #[error("the token was issued for someone else")]
    WrongAudience,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token has expired")]
    Expired,
}

/// A signing key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored signing key is not an Ed25519 key in PKCS #8")]
pub struct BadSigningKey;

/// Whom a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The owner, member of staff or partner.
    pub id: Uuid,
    pub kind: PrincipalKind,
    /// The session it ends with. Partners may have none; owners and staff always have one.
    pub session: Option<Uuid>,
    /// What a partner was granted, as in OAuth 2: words with spaces between.
    pub scope: Option<String>,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    pub kind: PrincipalKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    pub jti: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

impl Claims {
    /// The instant from which the token is worth nothing: open subscriptions end then.
    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

/// A new signing key, as PKCS #8 bytes to be stored (wrapped, see [`super::secret::wrap`]).
pub fn generate_signing_key() -> Vec<u8> {
    Ed25519KeyPair::generate()
        .and_then(|pair| pair.to_pkcs8())
        .expect("Ed25519 keys can always be made")
        .as_ref()
        .to_vec()
}

/// A signing key as it is stored, and its life.
pub struct SigningKey {
    pub pkcs8: Vec<u8>,
    /// It verifies from then on, and signs [`LEAD`] later.
    pub created_at: DateTime<Utc>,
    /// It is worth nothing from then on.
    pub ends_at: Option<DateTime<Utc>>,
}

/// The keys that sign and verify, for one issuer and one audience. They can be exchanged while the server runs.
pub struct Keys {
    issuer: String,
    audience: String,
    ring: RwLock<Vec<RingKey>>,
    known: KnownTokens,
}

/// A key of the ring, which is never empty and has the oldest first.
struct RingKey {
    kid: String,
    signing: EncodingKey,
    verifying: VerifyingKey,
    signs_from: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
}

struct VerifyingKey {
    /// The public point in base64url, as the JWKS shows it.
    x: String,
    key: DecodingKey,
}

impl Keys {
    /// Keys from what is stored. All that have not ended verify; the newest that is old enough signs.
    pub fn new(issuer: &str, audience: &str, stored: Vec<SigningKey>) -> Result<Keys, BadSigningKey> {
        let ring = RwLock::new(ring(stored)?);
        let known = KnownTokens::default();
        Ok(Keys { issuer: issuer.to_owned(), audience: audience.to_owned(), ring, known })
    }

    /// Takes other keys from now on. If one of them is none, everything stays as it was.
    pub fn replace(&self, stored: Vec<SigningKey>) -> Result<(), BadSigningKey> {
        let ring = ring(stored)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn ring(&self) -> RwLockReadGuard<'_, Vec<RingKey>> {
        // The ring is exchanged as a whole: a panic elsewhere can't have left half of one.
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The claims of a token given to `subject` at `now`.
    pub fn claims(&self, subject: &Subject, jti: Uuid, now: DateTime<Utc>) -> Claims {
        let issued = now.timestamp();
        Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: subject.id,
            sid: subject.session,
            kind: subject.kind,
            scope: subject.scope.clone(),
            jti,
            iat: issued,
            nbf: issued,
            exp: issued + LIFETIME.num_seconds(),
        }
    }

    /// The signed token that says these claims.
    pub fn sign(&self, claims: &Claims) -> String {
        let ring = self.ring();
        let key = signing_at(&ring, DateTime::from_timestamp(claims.iat, 0).unwrap_or_default());
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        encode(&header, claims, &key.signing).expect("the key was checked when it was loaded")
    }

    /// What a token says, if it is one of ours and holds at `now`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLarge);
        }
        let ring = self.ring();
        if let Some(signed) = self.known.find(token) {
            key_named(&signed.kid, &ring, now)?;
            self.check(&signed.claims, now)?;
            return Ok(signed.claims.clone());
        }
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        let key = key_named_by(&header, &ring, now)?;
        let decoded = decode::<Claims>(token, &key.verifying.key, &SIGNATURE_ONLY);
        let claims = decoded.map_err(|error| refusal(error.kind()))?.claims;
        self.check(&claims, now)?;
        self.known.keep(token, Signed { kid: key.kid.clone(), claims: claims.clone() });
        Ok(claims)
    }

    fn check(&self, claims: &Claims, now: DateTime<Utc>) -> Result<(), TokenError> {
        if claims.iss != self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        if claims.aud != self.audience {
            return Err(TokenError::WrongAudience);
        }
        let sessions_end = match claims.kind {
            PrincipalKind::Owner | PrincipalKind::Staff => claims.sid.is_some(),
            PrincipalKind::Partner => true,
            PrincipalKind::System => false,
        };
        if !sessions_end {
            return Err(TokenError::Malformed);
        }
        let now = now.timestamp();
        if claims.exp <= now {
            return Err(TokenError::Expired);
        }
        if claims.nbf.max(claims.iat) > now.saturating_add(LEEWAY_SECONDS) {
            return Err(TokenError::NotYetValid);
        }
        Ok(())
    }

    /// The public keys as a JSON Web Key Set, for `/.well-known/jwks.json`.
    pub fn jwks(&self, now: DateTime<Utc>) -> serde_json::Value {
        let ring = self.ring();
        let keys = ring.iter().filter(|key| key.lives_at(now)).map(|key| {
            let x = &key.verifying.x;
            json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": key.kid, "use": "sig", "alg": "EdDSA" })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}

fn ring(mut stored: Vec<SigningKey>) -> Result<Vec<RingKey>, BadSigningKey> {
    stored.sort_by_key(|key| key.created_at);
    let ring: Vec<RingKey> = stored.into_iter().map(RingKey::open).collect::<Result<_, _>>()?;
    if ring.is_empty() { Err(BadSigningKey) } else { Ok(ring) }
}

/// The newest key that every server knows by then. The first of a service, and the one that is left when all others were
/// revoked, signs at once: there is no other.
fn signing_at(ring: &[RingKey], at: DateTime<Utc>) -> &RingKey {
    let mut living = ring.iter().filter(|key| key.lives_at(at));
    let known = living.clone().rfind(|key| key.signs_from <= at);
    known.or_else(|| living.next()).unwrap_or(&ring[ring.len() - 1])
}

/// The key the header names, once the header is of the one form that we issue. A key carried in the header itself
/// (`jwk`, `jku`, `x5c`) is never looked at.
fn key_named_by<'r>(header: &Header, ring: &'r [RingKey], now: DateTime<Utc>) -> Result<&'r RingKey, TokenError> {
    if header.alg != Algorithm::EdDSA {
        return Err(TokenError::WrongAlgorithm);
    }
    // RFC 7515: who does not understand a critical extension must refuse, and we understand none.
    if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    key_named(header.kid.as_deref().ok_or(TokenError::UnknownKey)?, ring, now)
}

fn key_named<'r>(kid: &str, ring: &'r [RingKey], now: DateTime<Utc>) -> Result<&'r RingKey, TokenError> {
    ring.iter().find(|key| key.kid == kid && key.lives_at(now)).ok_or(TokenError::UnknownKey)
}

impl RingKey {
    fn open(stored: SigningKey) -> Result<RingKey, BadSigningKey> {
        let pair = Ed25519KeyPair::from_pkcs8(&stored.pkcs8).map_err(|_| BadSigningKey)?;
        let verifying = VerifyingKey::new(pair.public_key().as_ref());
        Ok(RingKey {
            kid: verifying.thumbprint(),
            signing: EncodingKey::from_ed_der(&stored.pkcs8),
            verifying,
            signs_from: stored.created_at + LEAD,
            ends_at: stored.ends_at,
        })
    }

    fn lives_at(&self, instant: DateTime<Utc>) -> bool {
        self.ends_at.is_none_or(|end| instant < end)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ring = self.ring();
        let kids: Vec<&str> = ring.iter().map(|key| key.kid.as_str()).collect();
        formatter.debug_struct("Keys").field("kids", &kids).finish_non_exhaustive()
    }
}

impl VerifyingKey {
    fn new(public: &[u8]) -> VerifyingKey {
        VerifyingKey { x: BASE64URL_NOPAD.encode(public), key: DecodingKey::from_ed_der(public) }
    }

    /// The key's name is its fingerprint (RFC 7638), so two servers name the same key alike without agreeing on it.
    fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x);
        BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())
    }
}

/// The library checks the algorithm and the signature. It would check times against the system clock, so that, and the
/// names that need a typed refusal, are checked by hand.
static SIGNATURE_ONLY: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
});

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::InvalidAlgorithm => TokenError::WrongAlgorithm,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "key_tests.rs"]
mod key_tests;
