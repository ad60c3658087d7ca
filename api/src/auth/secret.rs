//! Keeping secrets: columns sealed so that a copy of the database does not give them away, hashes that still allow a
//! lookup, opaque tokens, and keys wrapped by a master key. No secret here can be printed by accident.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{constant_time, digest, hmac};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use uuid::Uuid;

use crate::clock::random_bytes;

/// Why a secret could not be made, sealed or opened. It says nothing about the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("a key must be 32 bytes, written as 64 hexadecimal digits")]
    BadKey,
    #[error("there is no key to seal with")]
    NoKey,
    #[error("the value was sealed with a key that is not here")]
    UnknownKey,
    #[error("the value was changed, belongs elsewhere, or was sealed with another key")]
    NotAuthentic,
    #[error("the stored key is wrapped, and no master key was given")]
    MasterKeyMissing,
    #[error("the stored key is not wrapped although a master key is in use")]
    NotWrapped,
}

/// A key of 256 bits.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// A fresh random key.
    pub fn generate() -> SecretKey {
        SecretKey(random_bytes())
    }

    /// A key from its 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<SecretKey, SecretError> {
        bytes.try_into().map(SecretKey).map_err(|_| SecretError::BadKey)
    }

    /// A key from 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
    pub fn from_hex(text: &str) -> Result<SecretKey, SecretError> {
        let bytes =
            data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| SecretError::BadKey)?;
        SecretKey::from_bytes(&bytes)
    }

    /// A key for one purpose, so that one stored key can serve several without their outputs ever meeting.
    pub fn derive(&self, purpose: &str) -> SecretKey {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), purpose.as_bytes());
        SecretKey::from_bytes(tag.as_ref()).expect("SHA-256 gives 32 bytes")
    }

    /// The bytes themselves, to store them wrapped.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(hidden)")
    }
}

/// Where a sealed value stands. A value opens only at the place it was sealed for, so that nobody with access to the
/// database can move one person's number into another person's row.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: Uuid,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        let Place { table, column, row } = self;
        // Neither name can hold a NUL, so two places never spell the same bytes.
        format!("{table}\0{column}\0{row}").into_bytes()
    }
}

/// The first byte of everything sealed: which layout follows. AES-256-GCM with a random nonce is the only one so far.
const LAYOUT: u8 = 1;
const HEADER_LEN: usize = 2;

/// Seals column values: layout, key id, nonce, ciphertext with tag. Several keys may open, one of them seals.
pub struct Sealer {
    seals_with: u8,
    keys: BTreeMap<u8, RandomizedNonceKey>,
}

impl Sealer {
    /// A sealer from numbered keys; the highest number seals what is written from now on.
    pub fn new(keys: impl IntoIterator<Item = (u8, SecretKey)>) -> Result<Sealer, SecretError> {
        let keys: BTreeMap<u8, RandomizedNonceKey> = keys.into_iter().map(|(id, key)| (id, aead_key(&key))).collect();
        let seals_with = *keys.keys().next_back().ok_or(SecretError::NoKey)?;
        Ok(Sealer { seals_with, keys })
    }

    /// The same with another of its keys to seal with: a new key opens for a while before it seals.
    pub fn sealing_with(self, number: u8) -> Result<Sealer, SecretError> {
        if !self.keys.contains_key(&number) {
            return Err(SecretError::NoKey);
        }
        Ok(Sealer { seals_with: number, ..self })
    }

    /// Seals a value for its place.
    pub fn seal(&self, plain: &[u8], place: Place<'_>) -> Vec<u8> {
        let key = &self.keys[&self.seals_with];
        seal_with(key, self.seals_with, plain, &place.bytes())
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, sealed: &[u8], place: Place<'_>) -> Result<Vec<u8>, SecretError> {
        let [LAYOUT, id, ..] = *sealed else {
            return Err(SecretError::NotAuthentic);
        };
        let key = self.keys.get(&id).ok_or(SecretError::UnknownKey)?;
        open_with(key, sealed, &place.bytes())
    }

    /// Opens a sealed text.
    pub fn open_text(&self, sealed: &[u8], place: Place<'_>) -> Result<String, SecretError> {
        String::from_utf8(self.open(sealed, place)?).map_err(|_| SecretError::NotAuthentic)
    }

    /// Whether a value was sealed with another key than the one that seals now.
    pub fn is_stale(&self, sealed: &[u8]) -> bool {
        sealed.get(1) != Some(&self.seals_with)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sealer").field("seals_with", &self.seals_with).finish_non_exhaustive()
    }
}

fn aead_key(key: &SecretKey) -> RandomizedNonceKey {
    RandomizedNonceKey::new(&AES_256_GCM, key.expose()).expect("AES-256-GCM takes 32 bytes")
}

fn seal_with(key: &RandomizedNonceKey, id: u8, plain: &[u8], context: &[u8]) -> Vec<u8> {
    let mut body = plain.to_vec();
    let nonce = key
        .seal_in_place_append_tag(Aad::from(bound(&[LAYOUT, id], context)), &mut body)
        .expect("sealing fails only above 64 GiB");
    [&[LAYOUT, id], nonce.as_ref().as_slice(), &body].concat()
}

fn open_with(key: &RandomizedNonceKey, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, SecretError> {
    let (header, rest) = sealed.split_at_checked(HEADER_LEN).ok_or(SecretError::NotAuthentic)?;
    let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SecretError::NotAuthentic)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretError::NotAuthentic)?;
    let mut body = body.to_vec();
    let plain = key
        .open_in_place(nonce, Aad::from(bound(header, context)), &mut body)
        .map_err(|_| SecretError::NotAuthentic)?;
    Ok(plain.to_vec())
}

/// The header is authenticated too: a changed key id or layout must not open.
fn bound(header: &[u8], context: &[u8]) -> Vec<u8> {
    [header, context].concat()
}

/// Turns values that must stay hidden into something that can be looked up: HMAC-SHA256 under a key of ours, so that
/// trying all phone numbers against a stolen table does not work without that key.
pub struct LookupHash {
    key: hmac::Key,
}

impl LookupHash {
    pub fn new(key: &SecretKey) -> LookupHash {
        LookupHash { key: hmac::Key::new(hmac::HMAC_SHA256, key.expose()) }
    }

    /// The hash as 64 hexadecimal digits. The purpose keeps a phone and an identity number of the same digits apart.
    pub fn of(&self, purpose: &'static str, value: &str) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(purpose.as_bytes());
        context.update(b"\0");
        context.update(value.as_bytes());
        HEXLOWER.encode(context.sign().as_ref())
    }
}

impl fmt::Debug for LookupHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LookupHash(hidden)")
    }
}

/// A refresh token or a client secret: the text goes to the client once, only the hash is stored.
pub struct OpaqueToken {
    /// 256 random bits in base64url.
    pub plain: String,
    /// SHA-256 of the text, as 64 hexadecimal digits.
    pub hash: String,
}

/// A fresh opaque token.
pub fn opaque_token() -> OpaqueToken {
    let plain = BASE64URL_NOPAD.encode(&random_bytes::<32>());
    let hash = token_hash(&plain);
    OpaqueToken { plain, hash }
}

/// The hash an opaque token is found by. It needs no salt and no slowness: nobody guesses 256 random bits.
pub fn token_hash(plain: &str) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, plain.as_bytes()).as_ref())
}

/// Compares without telling by the time taken how much was alike.
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

/// The first byte of a stored key that no master key protects.
const BARE: u8 = 0;

/// Makes a key fit to be stored: sealed under the master key where there is one. The name binds it to its use.
pub fn wrap(master: Option<&SecretKey>, name: &str, key: &[u8]) -> Vec<u8> {
    match master {
        Some(master) => seal_with(&aead_key(&master.derive("wrap")), 0, key, name.as_bytes()),
        None => [&[BARE], key].concat(),
    }
}

/// Gives back a stored key. With a master key, a bare one is refused: whoever can write to the database could otherwise
/// plant a signing key of their own. Wrap it once with [`wrap`] when the master key is introduced.
pub fn unwrap(master: Option<&SecretKey>, name: &str, stored: &[u8]) -> Result<Vec<u8>, SecretError> {
    match (master, stored) {
        (Some(master), [LAYOUT, ..]) => open_with(&aead_key(&master.derive("wrap")), stored, name.as_bytes()),
        (Some(_), [BARE, ..]) => Err(SecretError::NotWrapped),
        (None, [BARE, key @ ..]) => Ok(key.to_vec()),
        (None, [LAYOUT, ..]) => Err(SecretError::MasterKeyMissing),
        _ => Err(SecretError::NotAuthentic),
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
