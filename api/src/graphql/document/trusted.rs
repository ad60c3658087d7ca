//! The documents that a company's own apps send, when nothing else is to run. They are read once at the start and never
//! added to: the file is a JSON object that leads from the SHA-256 of each document to its text, as the apps' build writes it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Refused;
use super::persisted::{asked_hash, mismatch, sha256};

/// The only documents that run. Cheap to clone.
#[derive(Clone)]
pub struct TrustedDocuments(Arc<HashMap<String, String>>);

impl fmt::Debug for TrustedDocuments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} trusted documents", self.0.len())
    }
}

impl TrustedDocuments {
    /// Reads the file's text. What is wrong with it is said in words for the person who starts the server.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let documents: HashMap<String, String> = serde_json::from_str(text)
            .map_err(|error| format!("it must be a JSON object of SHA-256 sums and documents ({error})"))?;
        if documents.is_empty() {
            return Err("it holds no document, so nothing could run".to_owned());
        }
        let mut known = HashMap::new();
        for (hash, document) in documents {
            let found = sha256(&document);
            if !found.eq_ignore_ascii_case(&hash) {
                return Err(format!("the document under {hash} has the SHA-256 {found}"));
            }
            known.insert(found, document);
        }
        Ok(Self(Arc::new(known)))
    }

    /// The document to run, which was sent whole or by its hash.
    pub fn resolve(&self, query: &str, extensions: &Map<String, Value>) -> Result<String, Refused> {
        let asked = asked_hash(extensions)?;
        let hash = match (query.is_empty(), asked) {
            (true, Some(asked)) => asked.to_ascii_lowercase(),
            (_, asked) => {
                let found = sha256(query);
                if asked.is_some_and(|asked| !asked.eq_ignore_ascii_case(&found)) {
                    return Err(mismatch());
                }
                found
            }
        };
        self.0.get(&hash).cloned().ok_or_else(|| {
            let message = "Only the documents of the company's own apps run here, and this is none of them.";
            Refused::new("DOCUMENT_NOT_TRUSTED", message, None)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trusted() -> TrustedDocuments {
        TrustedDocuments::from_json(&json!({ sha256("{ a }"): "{ a }" }).to_string()).unwrap()
    }

    fn ask(query: &str, extensions: Value) -> Result<String, &'static str> {
        trusted().resolve(query, extensions.as_object().unwrap()).map_err(|refused| refused.code)
    }

    fn by_hash(hash: &str) -> Value {
        json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
    }

    #[test]
    fn a_document_runs_by_its_text_or_its_hash_and_nothing_else_runs() {
        let (own, foreign) = (sha256("{ a }"), sha256("{ b }"));
        let table = [
            ("{ a }", json!({}), Ok("{ a }")),
            ("{ a }", by_hash(&own), Ok("{ a }")),
            ("", by_hash(&own), Ok("{ a }")),
            ("", by_hash(&own.to_uppercase()), Ok("{ a }")),
            ("{ a } ", json!({}), Err("DOCUMENT_NOT_TRUSTED")),
            ("{ b }", json!({}), Err("DOCUMENT_NOT_TRUSTED")),
            ("{ b }", by_hash(&foreign), Err("DOCUMENT_NOT_TRUSTED")),
            ("", by_hash(&foreign), Err("DOCUMENT_NOT_TRUSTED")),
            ("", json!({}), Err("DOCUMENT_NOT_TRUSTED")),
            ("{ b }", by_hash(&own), Err("PERSISTED_QUERY_HASH_MISMATCH")),
            ("{ a }", json!({ "persistedQuery": 1 }), Err("BAD_REQUEST")),
        ];
        for (query, extensions, expected) in table {
            let case = format!("{query} {extensions}");
            assert_eq!(ask(query, extensions), expected.map(str::to_owned), "{case}");
        }
    }

    #[test]
    fn a_file_that_is_not_what_it_should_be_is_refused_with_the_reason() {
        let sum = sha256("{ a }");
        for (text, reason) in [
            ("", "JSON object"),
            ("[]", "JSON object"),
            ("{}", "no document"),
            ("{\"00\": 1}", "JSON object"),
            ("{\"00\": \"{ a }\"}", sum.as_str()),
        ] {
            let said = TrustedDocuments::from_json(text).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
    }
}
