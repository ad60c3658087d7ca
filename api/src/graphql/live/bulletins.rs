//! Bulletins as owners follow them: one statement asks for a thousand of them what is new.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use entity::bulletin;
use futures_util::{StreamExt, TryStreamExt, stream};
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

/// How many places are read from at a time. Those who are up to date stand at the same.
const AT_ONCE: usize = 4;

/// What owners ask for, gathered.
pub struct BulletinReads {
    db: Db,
}

impl BulletinReads {
    pub fn new(db: Db) -> DataLoader<Self> {
        DataLoader::new(Self { db }, TokioSpawner::current(), TokioTimer::default()).delay(GATHER).max_batch_size(1000)
    }
}

/// What follows a place, for one owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct After {
    place: i64,
    owner: Uuid,
}

impl Loader<After> for BulletinReads {
    type Value = Vec<Arc<bulletin::Model>>;
    type Error = LoadFailure;

    /// Owners for whom more has to be read than fits are left out.
    async fn load(&self, keys: &[After]) -> Result<HashMap<After, Self::Value>, LoadFailure> {
        let mut places: HashMap<i64, Vec<Uuid>> = HashMap::new();
        for key in keys {
            places.entry(key.place).or_default().push(key.owner);
        }
        let reads = places.into_iter().map(|(place, owners)| async move {
            let found = in_time(store::bulletin::news(self.db.reader(), &owners, place)).await?;
            Ok::<_, crate::error::Error>(found.into_iter().map(move |(owner, rows)| (After { place, owner }, rows)))
        });
        let found: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// The bulletins, in the order in which they were published.
#[derive(Clone)]
pub struct BulletinLog(pub Arc<DataLoader<BulletinReads>>);

impl Log for BulletinLog {
    type Entry = Arc<bulletin::Model>;

    async fn after(&self, db: &Db, viewer: &Viewer, place: i64, limit: u64) -> Result<Vec<Self::Entry>> {
        if let Some(owner) = viewer.owner_id()
            && let Some(found) = self.0.load_one(After { place, owner }).await?
        {
            return Ok(found);
        }
        let rows = store::bulletin::after(db.reader(), viewer, place, limit).await?;
        Ok(rows.into_iter().map(Arc::new).collect())
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
