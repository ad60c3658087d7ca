//! Documents known by their SHA-256, so that a phone sends a long one only once (Apollo's automatic persisted queries). A hash
//! opens nothing: the document is checked and allowed like any other.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};

use super::Refused;

/// A bounded memory of documents; when it is full, the oldest is forgotten and its sender asked for it again.
#[derive(Debug)]
pub struct PersistedDocuments {
    capacity: usize,
    largest: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    documents: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
}

impl PersistedDocuments {
    /// Keeps at most `capacity` documents of at most `largest` bytes.
    pub fn new(capacity: usize, largest: usize) -> Self {
        Self { capacity, largest, known: Mutex::default() }
    }

    /// The document to run: the one sent, or the one the request's hash stands for.
    pub fn resolve(&self, query: String, extensions: &Map<String, Value>) -> Result<String, Refused> {
        let Some(hash) = asked_hash(extensions)? else {
            return Ok(query);
        };
        if query.is_empty() {
            return self.find(hash);
        }
        if query.len() > self.largest {
            return Ok(query);
        }
        let found = sha256(&query);
        if !found.eq_ignore_ascii_case(hash) {
            return Err(mismatch());
        }
        self.remember(found, &query);
        Ok(query)
    }

    fn find(&self, hash: &str) -> Result<String, Refused> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let document = known.documents.get(&hash.to_ascii_lowercase());
        document.map(|text| text.to_string()).ok_or_else(|| {
            // Apollo's clients know this message and send the whole document.
            Refused::new("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", None)
        })
    }

    fn remember(&self, hash: String, query: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.capacity == 0 || known.documents.contains_key(&hash) {
            return;
        }
        if known.order.len() >= self.capacity
            && let Some(oldest) = known.order.pop_front()
        {
            known.documents.remove(&oldest);
        }
        known.documents.insert(hash.clone(), query.into());
        known.order.push_back(hash);
    }
}

/// The hash that a request names, if it names one.
pub(super) fn asked_hash(extensions: &Map<String, Value>) -> Result<Option<&str>, Refused> {
    let Some(persisted) = extensions.get("persistedQuery") else {
        return Ok(None);
    };
    let hash = persisted.get("sha256Hash").and_then(Value::as_str);
    let is_known_version = persisted.get("version").and_then(Value::as_u64) == Some(1);
    if hash.is_none() || !is_known_version {
        let message = "persistedQuery needs version 1 and a sha256Hash.";
        return Err(Refused::new("BAD_REQUEST", message, None));
    }
    Ok(hash)
}

pub(super) fn sha256(document: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, document.as_bytes()).as_ref())
}

pub(super) fn mismatch() -> Refused {
    Refused::new("PERSISTED_QUERY_HASH_MISMATCH", "The sha256Hash is not that of the query.", None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ask(store: &PersistedDocuments, query: &str, hash: &str) -> Result<String, &'static str> {
        let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": hash}});
        let extensions = extensions.as_object().unwrap();
        let outcome = store.resolve(query.to_owned(), extensions);
        outcome.map_err(|refused| refused.code)
    }

    #[test]
    fn a_document_is_known_after_it_was_sent_once() {
        let store = PersistedDocuments::new(2, 100);
        let hash_a = "8e00dd24ec66d4a2d5ad95c93e93e0f7f4ee2c0a0bf2ddd4a0bd9c7a8a3c6f3f";
        assert_eq!(ask(&store, "", hash_a), Err("PERSISTED_QUERY_NOT_FOUND"));
        assert_eq!(ask(&store, "{ a }", hash_a), Err("PERSISTED_QUERY_HASH_MISMATCH"));
        assert_eq!(ask(&store, "{ a }", &sha256("{ a }")).unwrap(), "{ a }");
        assert_eq!(ask(&store, "", &sha256("{ a }")).unwrap(), "{ a }");
        for query in ["{ b }", "{ c }"] {
            ask(&store, query, &sha256(query)).unwrap();
        }
        assert_eq!(ask(&store, "", &sha256("{ a }")), Err("PERSISTED_QUERY_NOT_FOUND"));
        assert_eq!(ask(&store, "", &sha256("{ c }")).unwrap(), "{ c }");
        let long = format!("{{ {} }}", "a".repeat(200));
        assert!(ask(&store, &long, &sha256(&long)).is_ok());
        assert_eq!(ask(&store, "", &sha256(&long)), Err("PERSISTED_QUERY_NOT_FOUND"));
    }
}
