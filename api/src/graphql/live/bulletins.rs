//! Bulletins as owners follow them: one statement asks for a thousand of them what is new.
//!
//! The loader that requests use would do the same, but makes whoever comes to it wait in a queue that every other in it is
//! gone through for: with ten thousand at once that took longer than all the rest.

use std::{collections::HashMap, sync::Arc};

use entity::bulletin;
use futures_util::{StreamExt, stream};
use tracing::Instrument;
use uuid::Uuid;

use super::gather::{self, Answers, Asked, Gathered};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    events::{Ahead, Log, News, Place, Question, Which},
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

/// One owner's question: what follows this place?
pub struct Asks {
    place: i64,
    owner: Uuid,
}

/// What owners ask for, gathered.
pub struct BulletinReads {
    db: Db,
    gathered: Gathered<Asks, News<Arc<bulletin::Model>>>,
}

impl BulletinReads {
    pub fn new(db: Db) -> Self {
        Self { db, gathered: Gathered::new() }
    }

    async fn answer(&self, place: i64, asked: Vec<Asked<Asks, News<Arc<bulletin::Model>>>>) {
        let mut owners: Vec<Uuid> = asked.iter().map(|asked| asked.question.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let found = in_time(store::bulletin::news(self.db.reader(), &owners, place)).await.map_err(LoadFailure::from);
        gather::answer_each(asked, |question| {
            let news = found.as_ref().map_err(|failure| Error::from(*failure))?.get(&question.owner).cloned();
            // Who is answered together with others is left out where more may follow.
            Ok(news.map(|entries| Ahead { entries, looked: place, is_all: true }))
        });
    }
}

impl Answers for BulletinReads {
    type Question = Asks;
    type Answer = News<Arc<bulletin::Model>>;

    const WHAT: &str = WHAT;

    fn gathered(&self) -> &Gathered<Asks, Self::Answer> {
        &self.gathered
    }

    async fn answer_all(&self) {
        // Those who are up to date stand at the same place.
        let mut places: HashMap<i64, Vec<Asked<Asks, Self::Answer>>> = HashMap::new();
        for asked in self.gathered.take() {
            places.entry(asked.question.place).or_default().push(asked);
        }
        let parts = places.into_iter().flat_map(|(place, questions)| {
            gather::in_parts(questions, TOGETHER).into_iter().map(move |part| (place, part))
        });
        stream::iter(parts).for_each_concurrent(AT_ONCE, |(place, part)| self.answer(place, part)).await;
    }
}

/// The bulletins, in the order in which they were published.
#[derive(Clone)]
pub struct BulletinLog(pub Arc<BulletinReads>, pub Origin);

impl Log for BulletinLog {
    type Entry = Arc<bulletin::Model>;

    const WHICH: Which = Which::Bulletins;

    // A bulletin may be delivered to somebody later: nothing is passed over.
    fn ask(&self, viewer: &Viewer, place: Place, _: u64) -> Question<Self::Entry> {
        match viewer.owner_id() {
            Some(owner) => gather::of_log(&self.0, Asks { place: place.shown, owner }, &self.1),
            None => Question::alone(),
        }
    }

    async fn alone(&self, db: &Db, viewer: &Viewer, place: Place, limit: u64) -> Result<Ahead<Self::Entry>> {
        let alone = store::bulletin::after(db.reader(), viewer, place.shown, limit);
        let rows = alone.instrument(gather::alone(WHAT, &self.1)).await?;
        let is_all = (rows.len() as u64) < limit;
        Ok(Ahead { entries: rows.into_iter().map(Arc::new).collect(), looked: place.shown, is_all })
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
