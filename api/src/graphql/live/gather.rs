//! What many ask for at about the same time, gathered, so that one statement answers them. A collector of traces is told of
//! each such load, and which subscriptions it was for.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    events::Homes,
    trace::{self, Origin},
};

/// How long what is asked for is gathered.
const GATHER: Duration = Duration::from_millis(5);

/// How many of the subscriptions that a load is for are named in its span.
const NAMED: usize = 100;

/// A question that waits for its answer.
pub struct Asked<Q, A> {
    pub question: Q,
    origin: Origin,
    answer: oneshot::Sender<A>,
    /// Where it is waited for.
    home: Handle,
}

/// Answers each question.
pub fn answer_each<Q, A: Send + 'static>(asked: Vec<Asked<Q, A>>, answer: impl Fn(&Q) -> A) {
    let mut answers = Homes::default();
    for Asked { question, answer: told, home, .. } in asked {
        answers.add(&home, (told, answer(&question)));
    }
    // Who has gone meanwhile needs no answer.
    answers.each(|(told, answer)| drop(told.send(answer)));
}

/// The questions of a moment.
pub struct Gathered<Q, A> {
    /// What is asked for.
    what: &'static str,
    runtime: Handle,
    asked: Mutex<Vec<Asked<Q, A>>>,
}

impl<Q, A> Gathered<Q, A> {
    /// Answers in the background of the runtime that this is made in.
    pub fn new(what: &'static str) -> Self {
        Self { what, runtime: Handle::current(), asked: Mutex::default() }
    }

    /// Asks. Whoever is the first since questions were last taken has them answered in a moment. None when nobody answers
    /// any more, where the runtime ends.
    pub async fn ask<F>(&self, question: Q, origin: &Origin, answer_all: impl FnOnce() -> F) -> Option<A>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        if self.add(Asked { question, origin: origin.clone(), answer, home: Handle::current() }) {
            let (answering, what) = (answer_all(), self.what);
            self.runtime.spawn(async move {
                tokio::time::sleep(GATHER).await;
                answering.instrument(load(what)).await;
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

    /// Takes the questions, in the load that answers them.
    pub fn take(&self) -> Vec<Asked<Q, A>> {
        let asked = mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        if trace::is_on() {
            let load = Span::current();
            load.record("asked", i64::try_from(asked.len()).unwrap_or(i64::MAX));
            asked.iter().take(NAMED).for_each(|asked| asked.origin.lies_behind(&load));
        }
        asked
    }
}

fn load(what: &str) -> Span {
    tracing::trace_span!("load", otel.name = %format_args!("load {what}"), asked = Empty)
}

/// What one loads alone who can't be answered together with others. That is seldom, and takes more place than all else that
/// a subscriber does: it is made when it is needed, so that those of a whole town are small who ask in the same moment.
pub fn alone(what: &str, origin: &Origin) -> Span {
    let span = load(what);
    span.record("asked", 1);
    origin.lies_behind(&span);
    span
}
