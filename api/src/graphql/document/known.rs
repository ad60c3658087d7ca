//! Documents that were checked and validated before, by their hash: the apps send the same few all day. What depends on the
//! variables, the viewer or the moment is not kept: it is looked at for each request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};

use super::Checked;

type Hash = [u8; 32];

/// A memory of valid documents, bounded in bytes. When it is full, one that was not asked for lately is forgotten.
#[derive(Debug)]
pub struct KnownDocuments {
    most_bytes: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    documents: HashMap<Hash, Entry>,
    /// In the order in which they came, or were passed over.
    order: VecDeque<Hash>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    checked: Arc<Checked>,
    was_used: bool,
}

impl KnownDocuments {
    pub fn new(most_bytes: usize) -> Self {
        Self { most_bytes, known: Mutex::default() }
    }

    /// The document, if it was found valid before, or else by `review` now. One that is refused is not remembered.
    pub fn find<E>(
        &self,
        query: &str,
        operation_name: Option<&str>,
        review: impl FnOnce() -> Result<Checked, E>,
    ) -> Result<Arc<Checked>, E> {
        let hash = hash(query, operation_name);
        if let Some(checked) = self.known(|known| known.get(&hash)) {
            return Ok(checked);
        }
        let checked = Arc::new(review()?);
        self.known(|known| known.insert(hash, &checked, self.most_bytes));
        Ok(checked)
    }

    fn known<T>(&self, use_it: impl FnOnce(&mut Known) -> T) -> T {
        // Nothing here panics half way.
        use_it(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn get(&mut self, hash: &Hash) -> Option<Arc<Checked>> {
        let entry = self.documents.get_mut(hash)?;
        entry.was_used = true;
        Some(Arc::clone(&entry.checked))
    }

    fn insert(&mut self, hash: Hash, checked: &Arc<Checked>, most_bytes: usize) {
        if checked.bytes > most_bytes || self.documents.contains_key(&hash) {
            return;
        }
        while self.bytes + checked.bytes > most_bytes {
            let Some(oldest) = self.order.pop_front() else { break };
            self.forget_unless_used(oldest);
        }
        self.bytes += checked.bytes;
        self.order.push_back(hash);
        self.documents.insert(hash, Entry { checked: Arc::clone(checked), was_used: false });
    }

    /// One that was used since it was last looked at is passed over once.
    fn forget_unless_used(&mut self, hash: Hash) {
        match self.documents.get_mut(&hash) {
            Some(entry) if entry.was_used => {
                entry.was_used = false;
                self.order.push_back(hash);
            }
            _ => {
                let forgotten = self.documents.remove(&hash);
                self.bytes -= forgotten.map_or(0, |entry| entry.checked.bytes);
            }
        }
    }
}

/// The same text is another document when another of its operations is to run.
fn hash(query: &str, operation_name: Option<&str>) -> Hash {
    let mut context = Context::new(&SHA256);
    if let Some(name) = operation_name {
        context.update(name.as_bytes());
    }
    // No byte of a text in UTF-8, so that a name does not run into the document.
    context.update(&[0xff]);
    context.update(query.as_bytes());
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;

    use super::super::{Limits, Refused, check};
    use super::*;

    /// Looks a document up; whether it had to be reviewed, and the name of the operation that was found.
    fn ask(known: &KnownDocuments, query: &str, name: Option<&str>) -> Result<(bool, Option<String>), Refused> {
        let mut was_new = false;
        let review = || {
            was_new = true;
            check(query, name, &Variables::default(), &Limits::default())
        };
        let checked = known.find(query, name, review)?;
        Ok((was_new, checked.operation_name.clone()))
    }

    fn is_new(known: &KnownDocuments, query: &str) -> bool {
        ask(known, query, None).unwrap().0
    }

    #[test]
    fn a_document_is_reviewed_once_and_another_operation_of_it_is_another_document() {
        let known = KnownDocuments::new(1 << 20);
        assert!(is_new(&known, "{ a }"));
        assert!(!is_new(&known, "{ a }"));
        assert!(is_new(&known, "{ a  }"));
        let both = "query A { a } query B { b }";
        for name in ["A", "B"] {
            assert_eq!(ask(&known, both, Some(name)), Ok((true, Some(name.to_owned()))));
            assert_eq!(ask(&known, both, Some(name)), Ok((false, Some(name.to_owned()))));
        }
        assert!(ask(&known, both, None).is_err());
    }

    #[test]
    fn what_is_refused_is_not_remembered() {
        let known = KnownDocuments::new(1 << 20);
        for _ in 0..2 {
            assert!(ask(&known, "{ a", None).is_err());
        }
        assert_eq!(known.known(|known| known.documents.len()), 0);
    }

    #[test]
    fn what_is_asked_for_stays_and_the_memory_keeps_its_bound() {
        let one = check("{ a00 }", None, &Variables::default(), &Limits::default()).unwrap().bytes;
        let known = KnownDocuments::new(3 * one);
        for number in 0..50 {
            assert!(is_new(&known, &format!("{{ b{number:02} }}")));
            assert_eq!(is_new(&known, "{ a00 }"), number == 0, "after {number} others");
            let (bytes, documents, order) =
                known.known(|known| (known.bytes, known.documents.len(), known.order.len()));
            assert!(bytes <= 3 * one && documents == order && bytes == documents * one);
        }
        assert!(is_new(&known, "{ b00 }"), "it was forgotten");
        let large = format!("{{ a {{ {} }} }}", "c ".repeat(50));
        assert!(is_new(&known, &large) && is_new(&known, &large), "it is larger than all that may be remembered");
    }
}
