//! What a subscriber is woken by. Whoever rings it does what the subscriber waits to do: a task that has to be woken itself,
//! only to ask for what is new, costs as much again as one that is woken by the answer.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

/// What is done when something happens that a subscriber waits for.
pub type Act = Box<dyn FnOnce() + Send>;

/// A subscriber's bell.
#[derive(Default)]
pub(super) struct Bell(Mutex<Waits>);

#[derive(Default)]
enum Waits {
    /// The subscriber is busy, and nothing has happened meanwhile.
    #[default]
    No,
    /// Something has happened meanwhile.
    Rung,
    Yes(Act),
}

impl Bell {
    /// Does what the subscriber waits to do; or remembers, for when the subscriber waits again.
    pub(super) fn ring(&self) {
        let act = self.change(|waits| match mem::take(waits) {
            Waits::Yes(act) => Some(act),
            Waits::No | Waits::Rung => {
                *waits = Waits::Rung;
                None
            }
        });
        if let Some(act) = act {
            act();
        }
    }

    /// Has this done when it is rung; at once, if it was since the last time.
    pub(super) fn wait(&self, act: Act) {
        let act = self.change(|waits| match mem::take(waits) {
            Waits::Rung => Some(act),
            Waits::No | Waits::Yes(_) => {
                *waits = Waits::Yes(act);
                None
            }
        });
        if let Some(act) = act {
            act();
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Waits) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    /// A bell, and how often what waits for it was done.
    fn bell() -> (Bell, Arc<AtomicU32>) {
        (Bell::default(), Arc::default())
    }

    fn count(done: &Arc<AtomicU32>) -> Act {
        let done = Arc::clone(done);
        Box::new(move || {
            done.fetch_add(1, Ordering::Relaxed);
        })
    }

    #[test]
    fn what_waits_is_done_once() {
        let (bell, done) = bell();
        bell.wait(count(&done));
        assert_eq!(done.load(Ordering::Relaxed), 0);
        bell.ring();
        assert_eq!(done.load(Ordering::Relaxed), 1);
        bell.ring();
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_bell_that_rang_while_nobody_waited_is_heard_once() {
        let (bell, done) = bell();
        bell.ring();
        bell.ring();
        bell.wait(count(&done));
        assert_eq!(done.load(Ordering::Relaxed), 1);
        bell.wait(count(&done));
        assert_eq!(done.load(Ordering::Relaxed), 1, "it did not ring since");
        bell.ring();
        assert_eq!(done.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn what_is_done_may_wait_again() {
        let (bell, done) = bell();
        let bell = Arc::new(bell);
        let (again, then) = (Arc::clone(&bell), count(&done));
        bell.wait(Box::new(move || again.wait(then)));
        bell.ring();
        assert_eq!(done.load(Ordering::Relaxed), 0);
        bell.ring();
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }
}
