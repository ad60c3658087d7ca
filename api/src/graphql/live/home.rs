//! Waking many at once. Whoever wakes a task of another thread's runtime writes to that runtime's event descriptor, and the
//! two threads take turns at its queue: for thousands that costs more than what they are woken for. Those of one runtime are
//! woken by a task of it instead.

use tokio::runtime::Handle;

/// From so many on it pays to have a task woken that wakes the others.
const MANY: usize = 16;

/// Things to be done, each in the runtime where somebody waits for it.
pub(super) struct Homes<T>(Vec<(Handle, Vec<T>)>);

impl<T> Default for Homes<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Send + 'static> Homes<T> {
    pub(super) fn add(&mut self, home: &Handle, thing: T) {
        match self.0.iter_mut().find(|(other, _)| other.id() == home.id()) {
            Some((_, things)) => things.push(thing),
            None => self.0.push((home.clone(), vec![thing])),
        }
    }

    /// Does this with each. In a runtime that has ended nobody waits, and nothing is done.
    pub(super) fn each(self, act: impl Fn(T) + Copy + Send + 'static) {
        for (home, things) in self.0 {
            if things.len() < MANY {
                things.into_iter().for_each(act);
            } else {
                home.spawn(async move { things.into_iter().for_each(act) });
            }
        }
    }
}
