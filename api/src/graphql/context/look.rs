//! Looking: what resolvers may ask for without learning who the viewer is. What is found is noted, so that it can be said of
//! somebody else whether they would be answered the same.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::RequestContext;
use crate::{
    error::Result,
    graphql::loaders::{Alike, Batch, LoadFailure},
    language::Language,
    store::sight::{Sight, Sought, What},
};

/// What was looked for in the viewer's name, and what of it was found.
#[derive(Clone, Default)]
pub struct LookedUp {
    pub sought: BTreeSet<Sought>,
    pub sight: Sight,
}

/// What resolvers were told.
#[derive(Default)]
pub struct Told {
    is_everything: AtomicBool,
    looked_up: Mutex<LookedUp>,
}

impl Told {
    /// From here on nobody else's answer can be known without executing it.
    pub(super) fn everything(&self) {
        self.is_everything.store(true, Ordering::Relaxed);
    }

    fn looked_up(&self, sought: Sought, found: impl IntoIterator<Item = Uuid>) {
        let mut looked_up = self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        looked_up.sought.insert(sought);
        looked_up.sight.extend(found.into_iter().map(|id| (sought, id)));
    }

    /// What was looked up; none when anything else was asked for too.
    pub fn take(&self) -> Option<LookedUp> {
        let looked_up = std::mem::take(&mut *self.looked_up.lock().unwrap_or_else(PoisonError::into_inner));
        (!self.is_everything.load(Ordering::Relaxed)).then_some(looked_up)
    }
}

/// What a resolver may ask for whose answer is the same for all who see the same.
pub struct Look<'a>(pub(super) &'a RequestContext);

impl Look<'_> {
    /// The moment of this request.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    /// In which language whoever asks is written to. Those who read another are never answered together.
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Whether the viewer is this owner.
    pub fn is_owner(&self, id: Uuid) -> bool {
        let is_owner = self.0.is_owner(id);
        if let Some(told) = &self.0.told {
            told.looked_up((What::Oneself, id), is_owner.then_some(id));
        }
        is_owner
    }

    /// Loads one thing together with its siblings' in one statement.
    pub async fn load<K: Alike>(&self, key: K) -> Result<Option<K::Value>>
    where
        Batch: Loader<K, Value = K::Value, Error = LoadFailure>,
    {
        let loaded = self.0.load(key).await;
        if let Some(told) = &self.0.told {
            match loaded.as_ref().ok().and_then(|value| key.found(value.as_ref())) {
                Some(found) => told.looked_up(key.sought(), found),
                None => told.everything(),
            }
        }
        loaded
    }

    /// Loads what stands behind a nullable field, as `RequestContext::find` does.
    pub async fn find<K: Alike, T>(&self, key: K, object: impl FnOnce(K::Value) -> T) -> Option<Result<T>>
    where
        Batch: Loader<K, Value = K::Value, Error = LoadFailure>,
    {
        self.load(key).await.map(|row| row.map(object)).transpose()
    }
}
