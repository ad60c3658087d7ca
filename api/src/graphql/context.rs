//! What a resolver works with: the services, who asks, and the batch loaders of this one request.

mod look;

use std::{net::IpAddr, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, HashMapCache},
    runtime::{Timer, TokioSpawner},
};
use chrono::{DateTime, Utc};
use futures_util::{
    future::BoxFuture,
    task::{FutureObj, Spawn, SpawnError},
};
use tracing::Instrument;

use super::{
    direct::Shortcut,
    live::Turn,
    loaders::{Batch, LoadKey},
};
use crate::{
    auth::viewer::{Principal, Viewer},
    error::Result,
    language::{DEFAULT, Language},
    service::Services,
    trace,
};

pub use look::{Look, LookedUp, Told};

/// Everything a resolver may reach.
pub struct RequestContext {
    pub services: Services,
    pub viewer: Viewer,
    /// Where the request came from, as far as it is known.
    pub address: Option<IpAddr>,
    /// In which language whoever asks is written to.
    pub language: Language,
    /// What a change is answered by without the resolvers; none where they must.
    pub shortcut: Option<Shortcut>,
    /// What a subscription's field is run for.
    turn: Option<Turn>,
    /// What resolvers asked for of this, where that matters.
    told: Option<Arc<Told>>,
    /// None in a subscription, where time goes on.
    now: Option<DateTime<Utc>>,
    loader: DataLoader<Batch, HashMapCache>,
}

impl RequestContext {
    /// For one query or mutation: what was loaded once is not loaded again.
    pub fn new(services: Services, viewer: Viewer) -> Self {
        let batch = Batch { db: services.db.clone(), viewer: viewer.clone() };
        let loader = DataLoader::with_cache(batch, Within(TokioSpawner::current()), NextTurn, HashMapCache::default())
            .max_batch_size(1000);
        Self {
            now: Some(services.now()),
            services,
            viewer,
            address: None,
            language: DEFAULT,
            shortcut: None,
            turn: None,
            told: None,
            loader,
        }
    }

    /// For one turn of a subscription, where the clock is looked at each time.
    pub fn live(services: Services, viewer: Viewer, turn: Turn) -> Self {
        Self { now: None, turn: Some(turn), ..Self::new(services, viewer) }
    }

    /// From now on it is noted what resolvers ask for. Those that ask for nothing can't know who the viewer is.
    pub fn watch(&mut self) -> Arc<Told> {
        Arc::clone(self.told.get_or_insert_default())
    }

    #[must_use]
    pub fn from(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    #[must_use]
    pub fn speaking(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    #[must_use]
    pub fn with_shortcut(mut self, shortcut: Option<Shortcut>) -> Self {
        self.shortcut = shortcut;
        self
    }

    /// The moment of this request.
    pub fn now(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(|| self.services.now())
    }

    /// Loads one thing together with its siblings' in one statement.
    pub async fn load<K: LoadKey>(&self, key: K) -> Result<Option<K::Value>>
    where
        Batch: async_graphql::dataloader::Loader<K, Value = K::Value, Error = super::loaders::LoadFailure>,
    {
        Ok(self.loader.load_one(key).await?)
    }

    /// Loads what stands behind a nullable field. In this form a failure makes the one field null; as `Result<Option<_>>`
    /// it would take the parents along.
    pub async fn find<K: LoadKey, T>(&self, key: K, object: impl FnOnce(K::Value) -> T) -> Option<Result<T>>
    where
        Batch: async_graphql::dataloader::Loader<K, Value = K::Value, Error = super::loaders::LoadFailure>,
    {
        self.load(key).await.map(|row| row.map(object)).transpose()
    }

    /// Whether the viewer sees customers by the projects that both have to do with.
    pub fn sees_by_project(&self) -> bool {
        self.viewer.sees_by_project()
    }

    /// Whether the viewer is this owner.
    pub fn is_owner(&self, id: uuid::Uuid) -> bool {
        self.viewer.principal == Principal::Owner(id)
    }
}

/// The way to the request's context. There is no other.
pub trait Ask {
    /// Everything: what a subscription shows is then executed for each person anew.
    fn ask(&self) -> &RequestContext;

    /// What tells of the viewer no more than what they see: what a subscription shows is then executed once for all who see
    /// the same.
    fn look(&self) -> Look<'_>;

    /// What a subscription's field is run for; none outside of subscriptions. It tells nothing of the viewer.
    fn turn(&self) -> Option<&Turn>;
}

impl Ask for Context<'_> {
    fn ask(&self) -> &RequestContext {
        let context = self.data_unchecked::<RequestContext>();
        if let Some(told) = &context.told {
            told.everything();
        }
        context
    }

    fn look(&self) -> Look<'_> {
        Look(self.data_unchecked::<RequestContext>())
    }

    fn turn(&self) -> Option<&Turn> {
        self.data_unchecked::<RequestContext>().turn.as_ref()
    }
}

/// Loads batches in tasks of their own, which belong to what asked for them where somebody collects traces.
struct Within(TokioSpawner);

impl Spawn for Within {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        if trace::is_on() {
            self.0.spawn_obj(Box::new(batch.in_current_span()).into())
        } else {
            self.0.spawn_obj(batch)
        }
    }
}

/// Batches whatever the executor asks for in one turn of the runtime, instead of waiting a millisecond per level.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: std::time::Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::task::yield_now())
    }
}
