//! Batches of who answers for homes and buildings.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{ambassador_assignment, staff};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::{
    error::Result,
    store::{
        self,
        coverage::{Coverage, Load},
    },
};

batches! {
    /// Who stands in for the ambassador of a unit.
    SubstituteOfUnit => staff::Model = store::ambassador::substitutes;
    /// Who answers, and answered, for a unit.
    AmbassadorsOfUnit => Vec<ambassador_assignment::Model> = store::ambassador::history;
    /// Who answers for a building.
    ResponsibleOfBuilding => staff::Model = store::area::responsible;
    /// How many homes of a project have an ambassador.
    CoverageOfProject => Coverage = store::coverage::of_projects;
    /// What each ambassador of a project carries.
    LoadsOfProject => Vec<Load> = store::coverage::loads;
}
