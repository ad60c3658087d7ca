//! A bounded memory of what was used lately, in two generations: what is used moves to the young one, and when that is full,
//! the old one is forgotten.

use std::{collections::HashMap, hash::Hash, mem};

/// At most as many values as there is room for; of those, at least the half that was used last.
pub struct Recent<K, V> {
    generation: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub fn new(capacity: usize) -> Self {
        Self { generation: capacity / 2, young: HashMap::new(), old: HashMap::new() }
    }

    /// What was kept by this name, if it is still remembered. From now on it counts as used.
    pub fn find(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.keep(key, value.clone());
        Some(value)
    }

    /// Remembers a value, in the place of one that was kept by this name before.
    pub fn keep(&mut self, key: K, value: V) {
        if self.young.len() >= self.generation && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_there_is_room_for_and_what_is_used_is_kept() {
        let mut recent = Recent::new(10);
        recent.keep(0, "used");
        for key in 1..1_000 {
            recent.keep(key, "once");
            assert_eq!(recent.find(&0), Some("used"), "after {key}");
            assert!(recent.young.len() + recent.old.len() <= 10);
        }
        assert_eq!((recent.find(&1), recent.find(&999)), (None, Some("once")));
    }

    #[test]
    fn the_last_value_is_the_one_that_is_found_in_whichever_generation_the_one_before_was() {
        let mut recent = Recent::new(4);
        recent.keep(0, "first");
        recent.keep(0, "second");
        assert_eq!(recent.find(&0), Some("second"));
        recent.keep(1, "other");
        recent.keep(2, "other");
        recent.keep(0, "third");
        assert_eq!(recent.find(&0), Some("third"));
        recent.keep(3, "other");
        assert_eq!(recent.find(&0), Some("third"));
    }
}
