//! The signed words by which we show a push service who we are.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::Value;

use crate::channel::Undelivered;

/// A key and how it signs.
pub(super) struct Signer {
    key: EncodingKey,
    header: Header,
}

impl Signer {
    pub(super) fn new(key: EncodingKey, algorithm: Algorithm, key_id: Option<&str>) -> Self {
        Self { key, header: Header { kid: key_id.map(str::to_owned), ..Header::new(algorithm) } }
    }

    pub(super) fn sign(&self, claims: &Value) -> Result<String, Undelivered> {
        encode(&self.header, claims, &self.key).map_err(|error| {
            tracing::error!(%error, "a push service's key does not sign");
            Undelivered::Unavailable
        })
    }

    /// Whether the key signs at all: it is read when it is used first.
    pub(super) fn works(&self) -> bool {
        encode(&self.header, &Value::Null, &self.key).is_ok()
    }
}
