//! Tokens whose signature was found good before: to check one again takes longer than everything else that is done with a
//! request before its session is looked up. Kept is what a token says and the key that signed it. Whether that key still
//! counts, whether the moment is one that the token is good for, and whether its session lives is asked each time, so that
//! whoever is known here is let in no longer than others.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};

use super::token::Claims;

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

/// A memory of tokens in two generations: what is used moves to the young one, and when that is full, the old one is
/// forgotten.
pub struct KnownTokens {
    generation: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    young: HashMap<Hash, Arc<Signed>>,
    old: HashMap<Hash, Arc<Signed>>,
}

impl Default for KnownTokens {
    fn default() -> Self {
        Self::of(CAPACITY)
    }
}

impl KnownTokens {
    fn of(capacity: usize) -> Self {
        Self { generation: capacity / 2, known: Mutex::default() }
    }

    /// What this token says, if its signature was found good before.
    pub fn find(&self, token: &str) -> Option<Arc<Signed>> {
        let hash = hash(token);
        self.known(|known| match known.young.get(&hash) {
            Some(signed) => Some(Arc::clone(signed)),
            None => {
                let signed = known.old.remove(&hash)?;
                known.keep(hash, &signed, self.generation);
                Some(signed)
            }
        })
    }

    /// Remembers a token whose signature was found good just now.
    pub fn keep(&self, token: &str, signed: Signed) {
        let hash = hash(token);
        self.known(|known| known.keep(hash, &Arc::new(signed), self.generation));
    }

    fn known<T>(&self, use_it: impl FnOnce(&mut Known) -> T) -> T {
        // Nothing here panics half way.
        use_it(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn keep(&mut self, hash: Hash, signed: &Arc<Signed>, generation: usize) {
        if self.young.len() >= generation && !self.young.contains_key(&hash) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(hash, Arc::clone(signed));
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

    fn signed(number: u128) -> Signed {
        let id = Uuid::from_u128(number);
        let (iss, aud, scope) = ("anju".to_owned(), "anju-api".to_owned(), None);
        let claims =
            Claims { iss, aud, sub: id, sid: None, kind: PrincipalKind::Owner, scope, jti: id, iat: 0, nbf: 0, exp: 0 };
        Signed { kid: "key".to_owned(), claims }
    }

    #[test]
    fn a_token_is_known_by_all_of_it() {
        let tokens = KnownTokens::default();
        tokens.keep("header.claims.signature", signed(1));
        assert_eq!(tokens.find("header.claims.signature").unwrap().claims.sub, Uuid::from_u128(1));
        for other in
            ["", "header.claims.signaturf", "header.claims.signature ", "header.claims.", "Header.claims.signature"]
        {
            assert!(tokens.find(other).is_none(), "{other}");
        }
    }

    #[test]
    fn no_more_are_remembered_than_there_is_room_for_and_those_in_use_are() {
        let tokens = KnownTokens::of(10);
        tokens.keep("mine", signed(0));
        for number in 1..1_000 {
            tokens.keep(&number.to_string(), signed(number));
            assert_eq!(tokens.find("mine").unwrap().claims.sub, Uuid::from_u128(0), "after {number}");
            assert!(tokens.known(|known| known.young.len() + known.old.len()) <= 10);
        }
        assert!(tokens.find("1").is_none() && tokens.find("999").is_some());
    }
}
