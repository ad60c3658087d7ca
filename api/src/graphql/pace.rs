//! How long a subscription may work on one answer. It may wait for something to happen as long as it likes; an answer that
//! hangs half way, at a database that fell silent, would make it silent for ever.

use std::{sync::Arc, time::Duration};

use async_graphql::{Pos, Response};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::error::Error;

/// Since when a subscription works on an answer; not at all while it waits for something to happen. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pace(Arc<watch::Sender<Option<Instant>>>);

impl Pace {
    pub fn works(&self) {
        self.0.send_replace(Some(Instant::now()));
    }

    pub fn waits(&self) {
        self.0.send_replace(None);
    }

    /// Resolves when one answer has taken longer than this.
    async fn overdue(&self, patience: Duration) {
        let mut state = self.0.subscribe();
        loop {
            let since = *state.borrow_and_update();
            match since {
                Some(since) if timeout_at(since + patience, state.changed()).await.is_err() => return,
                Some(_) => {}
                // The sender lives in self.
                None => drop(state.changed().await),
            }
        }
    }
}

/// The same responses; the last one says that the service is busy when the next would be overdue.
pub fn bounded(
    responses: BoxStream<'static, Response>,
    pace: Pace,
    patience: Duration,
) -> BoxStream<'static, Response> {
    let bounded = stream::unfold(Some((responses, pace)), move |running| async move {
        let (mut responses, pace) = running?;
        let next = tokio::select! {
            biased;
            next = responses.next() => next,
            () = pace.overdue(patience) => return Some((busy(), None)),
        };
        pace.waits();
        Some((next?, Some((responses, pace))))
    });
    bounded.boxed()
}

fn busy() -> Response {
    Response::from_errors(vec![async_graphql::Error::from(Error::Busy).into_server_error(Pos::default())])
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_hangs_ends_the_stream() {
        let pace = Pace::default();
        pace.works();
        let mut answers = bounded(stream::pending().boxed(), pace, Duration::ZERO);
        let last = answers.next().await.unwrap();
        assert_eq!(last.errors[0].extensions.as_ref().unwrap().get("code"), Some(&"BUSY".into()));
        assert!(answers.next().await.is_none());
    }

    #[tokio::test]
    async fn what_has_nothing_to_say_may_wait() {
        let pace = Pace::default();
        pace.works();
        pace.waits();
        let mut answers = bounded(stream::pending().boxed(), pace, Duration::ZERO);
        for _ in 0..100 {
            assert!(answers.next().now_or_never().is_none());
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn each_answer_has_its_own_time() {
        let pace = Pace::default();
        let work = pace.clone();
        let responses = stream::iter([1, 2]).then(move |_| {
            work.works();
            std::future::ready(Response::default())
        });
        let mut answers = bounded(responses.chain(stream::pending()).boxed(), pace, Duration::ZERO);
        for _ in 0..2 {
            assert!(answers.next().await.unwrap().errors.is_empty());
        }
        assert!(answers.next().now_or_never().is_none());
    }
}
