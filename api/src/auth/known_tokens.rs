//! Tokens whose signature was found good before: to check one again takes longer than everything else that is done with a
//! request before its session is looked up. Kept is what a token says and the key that signed it. Whether that key still
//! counts, whether the moment is one that the token is good for, and whether its session lives is asked each time, so that
//! whoever is known here is let in no longer than others.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use super::token::Claims;
use crate::recent::Recent;

/// How many tokens are remembered, of some 500 bytes each.
const CAPACITY: usize = 20_000;

/// The whole token's, so that one that differs in a bit is another one.
type Hash = [u8; 32];

/// What a good signature is of.
#[derive(Debug)]
pub struct Signed {
    /// The fingerprint of the key, so that no other key is ever called so.
    pub kid: String,
    pub claims: Claims,
}

/// The tokens that were seen last.
pub struct KnownTokens {
    known: Mutex<Recent<Hash, Arc<Signed>>>,
}

impl Default for KnownTokens {
    fn default() -> Self {
        Self { known: Mutex::new(Recent::new(CAPACITY)) }
    }
}

impl KnownTokens {
    /// What this token says, if its signature was found good before.
    pub fn find(&self, token: &str) -> Option<Arc<Signed>> {
        let hash = hash(token);
        self.known().find(&hash)
    }

    /// Remembers a token whose signature was found good just now.
    pub fn keep(&self, token: &str, signed: Signed) {
        let hash = hash(token);
        self.known().keep(hash, Arc::new(signed));
    }

    fn known(&self) -> MutexGuard<'_, Recent<Hash, Arc<Signed>>> {
        // Nothing here panics half way.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use entity::vocab::PrincipalKind;
    use uuid::Uuid;

    use super::*;

    fn signed() -> Signed {
        let id = Uuid::from_u128(1);
        let (iss, aud, scope) = ("anju".to_owned(), "anju-api".to_owned(), None);
        let claims =
            Claims { iss, aud, sub: id, sid: None, kind: PrincipalKind::Owner, scope, jti: id, iat: 0, nbf: 0, exp: 0 };
        Signed { kid: "key".to_owned(), claims }
    }

    #[test]
    fn a_token_is_known_by_all_of_it() {
        let tokens = KnownTokens::default();
        tokens.keep("header.claims.signature", signed());
        assert_eq!(tokens.find("header.claims.signature").unwrap().claims.sub, Uuid::from_u128(1));
        for other in
            ["", "header.claims.signaturf", "header.claims.signature ", "header.claims.", "Header.claims.signature"]
        {
            assert!(tokens.find(other).is_none(), "{other}");
        }
    }
}
