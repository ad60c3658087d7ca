//! What many ask for at about the same time, gathered, so that one statement answers them.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot};

/// How long what is asked for is gathered.
const GATHER: Duration = Duration::from_millis(5);

/// A question that waits for its answer.
pub struct Asked<Q, A> {
    pub question: Q,
    answer: oneshot::Sender<A>,
}

impl<Q, A> Asked<Q, A> {
    pub fn answer(self, answer: A) {
        // Who has gone meanwhile needs no answer.
        let _ = self.answer.send(answer);
    }
}

/// The questions of a moment.
pub struct Gathered<Q, A> {
    runtime: Handle,
    asked: Mutex<Vec<Asked<Q, A>>>,
}

impl<Q, A> Gathered<Q, A> {
    /// Answers in the background of the runtime that this is made in.
    pub fn new() -> Self {
        Self { runtime: Handle::current(), asked: Mutex::default() }
    }

    /// Asks. Whoever is the first since questions were last taken has them answered in a moment. None when nobody answers
    /// any more, where the runtime ends.
    pub async fn ask<F>(&self, question: Q, answer_all: impl FnOnce() -> F) -> Option<A>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        if self.add(Asked { question, answer }) {
            let answering = answer_all();
            self.runtime.spawn(async move {
                tokio::time::sleep(GATHER).await;
                answering.await;
            });
        }
        answered.await.ok()
    }

    /// Says whether it is the first since the last were taken.
    fn add(&self, question: Asked<Q, A>) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(question);
        asked.len() == 1
    }

    pub fn take(&self) -> Vec<Asked<Q, A>> {
        mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
