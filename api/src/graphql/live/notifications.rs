//! Notifications as people follow them: one statement asks for many of them what is new, and another which of that they may
//! see. Something that is told to a whole town wakes the whole town at once.

use std::{collections::HashMap, sync::Arc};

use entity::notification;
use futures_util::{StreamExt, stream};
use tracing::Instrument;

use super::gather::{self, Answers, Asked, Gathered};
use crate::{
    auth::viewer::{Principal, Viewer},
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
const WHAT: &str = "notifications";

/// How many questions are answered by one statement.
const TOGETHER: usize = 500;

/// How many statements run at a time.
const AT_ONCE: usize = 4;

/// The most that is loaded for those who are answered together. Who has missed much looks alone.
const MOST: u64 = 2_000;

/// What follows this place for somebody?
pub struct Asks {
    principal: Principal,
    place: Place,
    limit: u64,
}

/// What people ask for, gathered.
pub struct NotificationReads {
    db: Db,
    gathered: Gathered<Asks, News<Arc<notification::Model>>>,
}

impl NotificationReads {
    pub fn new(db: Db) -> Self {
        Self { db, gathered: Gathered::new() }
    }

    async fn answer(&self, asked: Vec<Asked<Asks, News<Arc<notification::Model>>>>) {
        // Somebody with several devices is asked for once, from where the one stands that was shown least.
        let mut places: HashMap<Principal, i64> = HashMap::new();
        for Asks { principal, place, .. } in asked.iter().map(|asked| &asked.question) {
            let least = places.entry(*principal).or_insert(place.shown);
            *least = (*least).min(place.shown);
        }
        let places: Vec<_> = places.into_iter().collect();
        let news = in_time(store::notification::news::after(self.db.reader(), &places, MOST)).await;
        let news = news.map_err(LoadFailure::from);
        gather::answer_each(asked, |Asks { principal, place, limit }| {
            let Some(news) = news.as_ref().map_err(|failure| Error::from(*failure))? else { return Ok(None) };
            let theirs = news.get(principal).into_iter().flatten().filter(|row| row.seq > place.shown);
            Ok(Some(ahead(theirs.cloned().collect(), *place, *limit)))
        });
    }
}

impl Answers for NotificationReads {
    type Question = Asks;
    type Answer = News<Arc<notification::Model>>;

    const WHAT: &str = WHAT;

    fn gathered(&self) -> &Gathered<Asks, Self::Answer> {
        &self.gathered
    }

    async fn answer_all(&self) {
        let parts = gather::in_parts(self.gathered.take(), TOGETHER);
        stream::iter(parts).for_each_concurrent(AT_ONCE, |part| self.answer(part)).await;
    }
}

/// As many of these, which are all there are, as one asked for.
fn ahead(mut entries: Vec<Arc<notification::Model>>, place: Place, limit: u64) -> Ahead<Arc<notification::Model>> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_all = entries.len() <= most;
    entries.truncate(most);
    Ahead { looked: looked(&entries, place), entries, is_all }
}

fn looked(entries: &[Arc<notification::Model>], place: Place) -> i64 {
    entries.last().map_or(place.looked, |last| place.looked.max(last.seq))
}

/// What a viewer is told.
#[derive(Clone)]
pub struct NotificationLog(pub Arc<NotificationReads>, pub Origin);

impl Log for NotificationLog {
    type Entry = Arc<notification::Model>;

    const WHICH: Which = Which::Notifications;

    fn ask(&self, viewer: &Viewer, place: Place, limit: u64) -> Question<Self::Entry> {
        gather::of_log(&self.0, Asks { principal: viewer.principal, place, limit }, &self.1)
    }

    async fn alone(&self, db: &Db, viewer: &Viewer, place: Place, limit: u64) -> Result<Ahead<Self::Entry>> {
        let alone = store::notification::after(db.reader(), viewer, place.shown, limit);
        let rows = alone.instrument(gather::alone(WHAT, &self.1)).await?;
        let is_all = (rows.len() as u64) < limit;
        let entries: Vec<_> = rows.into_iter().map(Arc::new).collect();
        Ok(Ahead { looked: looked(&entries, place), entries, is_all })
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
