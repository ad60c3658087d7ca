//! What many ask for at about the same time, gathered, so that one statement answers them. A collector of traces is told of
//! each such load, and which subscriptions it was for.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot};
use tracing::{Instrument, Span, field::Empty};

use super::home::Homes;
use crate::{
    events::{News, Question},
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

/// Questions in parts, of which each is answered by one statement.
pub fn in_parts<T>(mut questions: Vec<T>, together: usize) -> Vec<Vec<T>> {
    let mut parts = Vec::new();
    while !questions.is_empty() {
        let rest = questions.split_off(questions.len().min(together));
        parts.push(mem::replace(&mut questions, rest));
    }
    parts
}

/// Who answers questions that are gathered.
pub trait Answers: Send + Sync + 'static {
    type Question: Send + 'static;
    type Answer: Send + 'static;

    /// What is asked for.
    const WHAT: &str;

    fn gathered(&self) -> &Gathered<Self::Question, Self::Answer>;

    /// Takes the questions and answers each.
    fn answer_all(&self) -> impl Future<Output = ()> + Send;
}

/// Makes a question: what puts it, and where its answer comes, which is lost where the runtime ends. Whoever puts the first
/// since questions were last taken has them answered in a moment, in the background of the runtime that `answers` was made in.
pub fn ask<A: Answers>(
    answers: &Arc<A>,
    question: A::Question,
    origin: &Origin,
) -> (impl FnOnce() + Send + use<A>, oneshot::Receiver<A::Answer>) {
    let (tell, answer) = oneshot::channel();
    let asked = Asked { question, origin: origin.clone(), answer: tell, home: Handle::current() };
    let answers = Arc::clone(answers);
    let put = move || {
        let gathered = answers.gathered();
        if gathered.add(asked) {
            let answers = Arc::clone(&answers);
            gathered.runtime.spawn(async move {
                tokio::time::sleep(GATHER).await;
                answers.answer_all().instrument(load(A::WHAT)).await;
            });
        }
    };
    (put, answer)
}

/// What one who follows a log asks.
pub fn of_log<E: Send + 'static, A: Answers<Answer = News<E>>>(
    answers: &Arc<A>,
    question: A::Question,
    origin: &Origin,
) -> Question<E> {
    let (put, answer) = ask(answers, question, origin);
    Question { put: Box::new(put), answer }
}

/// The questions of a moment.
pub struct Gathered<Q, A> {
    runtime: Handle,
    asked: Mutex<Vec<Asked<Q, A>>>,
}

impl<Q, A> Gathered<Q, A> {
    /// They are answered in the runtime that this is made in.
    pub fn new() -> Self {
        Self { runtime: Handle::current(), asked: Mutex::default() }
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
