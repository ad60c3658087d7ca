//! How many exports there are at once: few, for each of them reads as fast as the database gives, and one a principal, so
//! that nobody takes the places of all others.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

/// Of one server. A database of a few cores has no more to give beside its other work.
const MOST: usize = 4;

/// Who exports at this moment.
#[derive(Clone, Default)]
pub(super) struct Exports(Arc<Mutex<HashSet<Uuid>>>);

/// Taken until this is dropped.
pub(super) struct Place {
    exports: Exports,
    principal: Uuid,
}

impl Exports {
    pub(super) fn enter(&self, principal: Uuid) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = taken.len() < MOST && taken.insert(principal);
        is_free.then(|| Place { exports: self.clone(), principal })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.exports.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.principal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_has_one_place_and_all_together_a_few() {
        let exports = Exports::default();
        let enter = |number| exports.enter(Uuid::from_u128(number));
        let mut places: Vec<_> = (1..=4).map(|number| enter(number).unwrap()).collect();
        assert!(enter(1).is_none() && enter(5).is_none());
        places.remove(0);
        assert!(enter(2).is_none(), "somebody has two");
        assert!(enter(5).is_some());
    }
}
