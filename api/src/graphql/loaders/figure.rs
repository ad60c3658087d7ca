//! Batches for published figures and for journeys.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::{frozen_figure, touchpoint};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::{
    auth::viewer::Principal,
    domain::figure::Month,
    store::{self, db::in_time},
};

/// The figures of a project's closed month; of the last one when none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublishedFiguresOf {
    pub project_id: Uuid,
    pub month: Option<Month>,
}

impl LoadKey for PublishedFiguresOf {
    type Value = Vec<frozen_figure::Model>;
}

impl Loader<PublishedFiguresOf> for Batch {
    type Value = Vec<frozen_figure::Model>;
    type Error = LoadFailure;

    async fn load(&self, keys: &[PublishedFiguresOf]) -> Result<HashMap<PublishedFiguresOf, Self::Value>, LoadFailure> {
        let mut loaded = HashMap::new();
        // Partners see lectures and nothing else of a project.
        if matches!(self.viewer.principal, Principal::Partner(_) | Principal::Anonymous) {
            return Ok(loaded);
        }
        let mut months: Vec<Option<Month>> = keys.iter().map(|key| key.month).collect();
        months.sort_unstable();
        months.dedup();
        for month in months {
            let projects: Vec<Uuid> = keys.iter().filter(|key| key.month == month).map(|key| key.project_id).collect();
            let found = in_time(store::figure::frozen::published(self.db.reader(), &projects, month)).await?;
            loaded.extend(found.into_iter().map(|(project_id, rows)| (PublishedFiguresOf { project_id, month }, rows)));
        }
        Ok(loaded)
    }
}

/// The catalogue of touchpoints, which is one for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Catalogue;

impl LoadKey for Catalogue {
    type Value = Arc<Vec<touchpoint::Model>>;
}

impl Loader<Catalogue> for Batch {
    type Value = Arc<Vec<touchpoint::Model>>;
    type Error = LoadFailure;

    async fn load(&self, keys: &[Catalogue]) -> Result<HashMap<Catalogue, Self::Value>, LoadFailure> {
        let rows = Arc::new(in_time(store::journey::touchpoints(self.db.reader(), &self.viewer)).await?);
        Ok(keys.iter().map(|key| (*key, Arc::clone(&rows))).collect())
    }
}
