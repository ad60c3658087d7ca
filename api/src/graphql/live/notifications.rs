//! Notifications as people follow them: one statement asks for many of them what is new, and another which of that they may
//! see. Something that is told to a whole town wakes the whole town at once.

use std::{collections::HashMap, sync::Arc};

use entity::notification;
use futures_util::{StreamExt, stream};
use tracing::Instrument;

use super::gather::{self, Asked, Gathered};
use crate::{
    auth::viewer::{Principal, Viewer},
    error::Result,
    events::{Ahead, Log, Place, Which},
    graphql::loaders::LoadFailure,
    store::{
        self,
        db::{Db, in_time},
    },
    trace::Origin,
};

/// What is loaded.
const WHAT: &str = "notifications";

/// How many questions are answered by one statement.
const TOGETHER: usize = 500;

/// How many statements run at a time.
const AT_ONCE: usize = 4;

/// The most that is loaded for those who are answered together. Who has missed much looks alone.
const MOST: u64 = 2_000;

/// What follows this place for somebody?
struct Question {
    principal: Principal,
    place: i64,
}

/// What one is answered; none when one has to look alone.
type Answer = Result<Option<Vec<Arc<notification::Model>>>, LoadFailure>;

/// What people ask for, gathered.
pub struct NotificationReads {
    db: Db,
    questions: Gathered<Question, Answer>,
}

impl NotificationReads {
    pub fn new(db: Db) -> Self {
        Self { db, questions: Gathered::new(WHAT) }
    }

    async fn after(self: &Arc<Self>, question: Question, origin: &Origin) -> Answer {
        let reads = Arc::clone(self);
        let answered = self.questions.ask(question, origin, || async move { reads.answer_all().await }).await;
        answered.unwrap_or(Err(LoadFailure::Busy))
    }

    async fn answer_all(&self) {
        let mut asked = self.questions.take();
        let mut parts = Vec::new();
        while !asked.is_empty() {
            let rest = asked.split_off(asked.len().min(TOGETHER));
            parts.push(std::mem::replace(&mut asked, rest));
        }
        stream::iter(parts).for_each_concurrent(AT_ONCE, |part| self.answer(part)).await;
    }

    async fn answer(&self, asked: Vec<Asked<Question, Answer>>) {
        // Somebody with several devices is asked for once, from where the one stands that was shown least.
        let mut places: HashMap<Principal, i64> = HashMap::new();
        for Question { principal, place } in asked.iter().map(|asked| &asked.question) {
            let least = places.entry(*principal).or_insert(*place);
            *least = (*least).min(*place);
        }
        let places: Vec<_> = places.into_iter().collect();
        let news = in_time(store::notification::news::after(self.db.reader(), &places, MOST)).await;
        let news = news.map_err(LoadFailure::from);
        gather::answer_each(asked, |Question { principal, place }| {
            let theirs = news.as_ref().map(|news| {
                let theirs = news.as_ref()?.get(principal).into_iter().flatten();
                Some(theirs.filter(|row| row.seq > *place).cloned().collect())
            });
            theirs.map_err(|failure| *failure)
        });
    }
}

/// What a viewer is told.
#[derive(Clone)]
pub struct NotificationLog(pub Arc<NotificationReads>, pub Origin);

impl Log for NotificationLog {
    type Entry = Arc<notification::Model>;

    const WHICH: Which = Which::Notifications;

    async fn after(&self, db: &Db, viewer: &Viewer, place: Place, limit: u64) -> Result<Ahead<Self::Entry>> {
        let question = Question { principal: viewer.principal, place: place.shown };
        let (mut entries, mut is_all) = match self.0.after(question, &self.1).await? {
            Some(entries) => (entries, true),
            None => {
                let alone = store::notification::after(db.reader(), viewer, place.shown, limit);
                let rows = Box::pin(alone.instrument(gather::alone(WHAT, &self.1))).await?;
                let is_all = (rows.len() as u64) < limit;
                (rows.into_iter().map(Arc::new).collect(), is_all)
            }
        };
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        is_all &= entries.len() <= most;
        entries.truncate(most);
        let looked = entries.last().map_or(place.looked, |last| place.looked.max(last.seq));
        Ok(Ahead { entries, looked, is_all })
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
