//! Bulletins as owners follow them: one statement asks for a thousand of them what is new.
//!
//! The loader that requests use would do the same, but makes whoever comes to it wait in a queue that every other in it is
//! gone through for: with ten thousand at once that took longer than all the rest.

use std::{collections::HashMap, mem, sync::Arc};

use entity::bulletin;
use futures_util::{StreamExt, stream};
use tracing::Instrument;
use uuid::Uuid;

use super::gather::{self, Asked, Gathered};
use crate::{
    auth::viewer::Viewer,
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
const WHAT: &str = "bulletins";

/// How many owners are asked about in one statement.
const TOGETHER: usize = 1000;

/// How many statements run at a time.
const AT_ONCE: usize = 4;

type News = Vec<Arc<bulletin::Model>>;

/// What an owner is answered; none when the owner has to look alone.
type Answer = Result<Option<News>, LoadFailure>;

/// One owner's question: what follows this place?
struct Question {
    place: i64,
    owner: Uuid,
}

/// What owners ask for, gathered.
pub struct BulletinReads {
    db: Db,
    questions: Gathered<Question, Answer>,
}

impl BulletinReads {
    pub fn new(db: Db) -> Self {
        Self { db, questions: Gathered::new(WHAT) }
    }

    async fn after(self: &Arc<Self>, question: Question, origin: &Origin) -> Answer {
        let reads = Arc::clone(self);
        let answered = self.questions.ask(question, origin, || async move { reads.answer_all().await }).await;
        answered.unwrap_or(Err(LoadFailure::Busy))
    }

    async fn answer_all(&self) {
        // Those who are up to date stand at the same place.
        let mut places: HashMap<i64, Vec<Asked<Question, Answer>>> = HashMap::new();
        for asked in self.questions.take() {
            places.entry(asked.question.place).or_default().push(asked);
        }
        let mut parts = Vec::new();
        for (place, mut questions) in places {
            while !questions.is_empty() {
                let rest = questions.split_off(questions.len().min(TOGETHER));
                parts.push((place, mem::replace(&mut questions, rest)));
            }
        }
        stream::iter(parts).for_each_concurrent(AT_ONCE, |(place, part)| self.answer(place, part)).await;
    }

    async fn answer(&self, place: i64, questions: Vec<Asked<Question, Answer>>) {
        let mut owners: Vec<Uuid> = questions.iter().map(|asked| asked.question.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let found = in_time(store::bulletin::news(self.db.reader(), &owners, place)).await.map_err(LoadFailure::from);
        gather::answer_each(questions, |question| {
            let news = found.as_ref().map(|news| news.get(&question.owner).cloned());
            news.map_err(|failure| *failure)
        });
    }
}

/// The bulletins, in the order in which they were published.
#[derive(Clone)]
pub struct BulletinLog(pub Arc<BulletinReads>, pub Origin);

impl Log for BulletinLog {
    type Entry = Arc<bulletin::Model>;

    const WHICH: Which = Which::Bulletins;

    async fn after(&self, db: &Db, viewer: &Viewer, place: Place, limit: u64) -> Result<Ahead<Self::Entry>> {
        let mut entries = None;
        if let Some(owner) = viewer.owner_id() {
            entries = self.0.after(Question { place: place.shown, owner }, &self.1).await?;
        }
        // Who is answered together with others is left out where more may follow.
        let (entries, is_all) = match entries {
            Some(entries) => (entries, true),
            None => {
                let alone = store::bulletin::after(db.reader(), viewer, place.shown, limit);
                let rows = Box::pin(alone.instrument(gather::alone(WHAT, &self.1))).await?;
                let is_all = (rows.len() as u64) < limit;
                (rows.into_iter().map(Arc::new).collect(), is_all)
            }
        };
        // A bulletin may be delivered to somebody later: nothing is passed over.
        Ok(Ahead { entries, looked: place.shown, is_all })
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
