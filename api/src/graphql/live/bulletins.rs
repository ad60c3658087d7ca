//! Bulletins as owners follow them: one statement asks for a thousand of them what is new.
//!
//! The loader that requests use would do the same, but makes whoever comes to it wait in a queue that every other in it is
//! gone through for: with ten thousand at once that took longer than all the rest.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use entity::bulletin;
use futures_util::{StreamExt, stream};
use tokio::{runtime::Handle, sync::oneshot};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    error::Result,
    events::Log,
    graphql::loaders::LoadFailure,
    store::{
        self,
        db::{Db, in_time},
    },
};

/// How long what owners ask for is gathered.
const GATHER: Duration = Duration::from_millis(5);

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
    answer: oneshot::Sender<Answer>,
}

/// What owners ask for, gathered.
pub struct BulletinReads {
    db: Db,
    runtime: Handle,
    asked: Mutex<Vec<Question>>,
}

impl BulletinReads {
    /// Reads in the background of the runtime that this is made in.
    pub fn new(db: Db) -> Self {
        Self { db, runtime: Handle::current(), asked: Mutex::default() }
    }

    async fn after(self: &Arc<Self>, place: i64, owner: Uuid) -> Answer {
        let (answer, answered) = oneshot::channel();
        if self.ask(Question { place, owner, answer }) {
            let reads = Arc::clone(self);
            self.runtime.spawn(async move {
                tokio::time::sleep(GATHER).await;
                reads.answer_all().await;
            });
        }
        // Nobody answers any more where the runtime ends.
        answered.await.unwrap_or(Err(LoadFailure::Busy))
    }

    /// Says whether it is the first since the last were answered.
    fn ask(&self, question: Question) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(question);
        asked.len() == 1
    }

    async fn answer_all(&self) {
        let asked = mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        // Those who are up to date stand at the same place.
        let mut places: HashMap<i64, Vec<Question>> = HashMap::new();
        for question in asked {
            places.entry(question.place).or_default().push(question);
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

    async fn answer(&self, place: i64, questions: Vec<Question>) {
        let mut owners: Vec<Uuid> = questions.iter().map(|question| question.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let found = in_time(store::bulletin::news(self.db.reader(), &owners, place)).await.map_err(LoadFailure::from);
        for question in questions {
            let answer = found.as_ref().map(|news| news.get(&question.owner).cloned()).map_err(|failure| *failure);
            // Who has gone meanwhile needs no answer.
            let _ = question.answer.send(answer);
        }
    }
}

/// The bulletins, in the order in which they were published.
#[derive(Clone)]
pub struct BulletinLog(pub Arc<BulletinReads>);

impl Log for BulletinLog {
    type Entry = Arc<bulletin::Model>;

    async fn after(&self, db: &Db, viewer: &Viewer, place: i64, limit: u64) -> Result<Vec<Self::Entry>> {
        if let Some(owner) = viewer.owner_id()
            && let Some(news) = self.0.after(place, owner).await?
        {
            return Ok(news);
        }
        let rows = store::bulletin::after(db.reader(), viewer, place, limit).await?;
        Ok(rows.into_iter().map(Arc::new).collect())
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
