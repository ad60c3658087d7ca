//! How the households of a project are spread over its ambassadors, and who answered for a home over time.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::ambassador_assignment;
use uuid::Uuid;

use super::{
    connection::{Counted, page},
    context::Ask,
    loaders::StaffOf,
    owner::units,
    staff::Staff,
    unit::Unit,
};
use crate::{
    error::Result,
    store::{coverage, unit::UnitFilter},
};

/// A time in which an ambassador answers for a home.
pub struct AmbassadorAssignment(pub ambassador_assignment::Model);

/// A time in which an ambassador answers, or answered, for a home.
#[Object]
impl AmbassadorAssignment {
    /// The ambassador; null when not visible to you.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id), Staff).await
    }

    /// From when on.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// Until when; null while it lasts.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }
}

/// How many of a project's handed-over homes have somebody who answers for them.
pub struct AmbassadorCoverage {
    pub project_id: Uuid,
    pub counts: coverage::Coverage,
}

/// How many of a project's handed-over homes have an ambassador. All of them should.
#[Object]
impl AmbassadorCoverage {
    /// How many homes were handed over.
    async fn household_count(&self) -> i64 {
        self.counts.households
    }

    /// How many of these have an ambassador at present.
    async fn covered_count(&self) -> i64 {
        self.counts.covered
    }

    /// The homes that were handed over and have none, in the order in which they were entered.
    async fn uncovered_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Unit>> {
        let filter = UnitFilter { uncovered_in: Some(self.project_id), ..UnitFilter::default() };
        units(ctx, filter, page(first, after, last, before)?).await
    }
}

/// What one ambassador carries in one project.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AmbassadorLoad {
    #[graphql(skip)]
    row: entity::staff::Model,
    /// How many households are assigned to the ambassador.
    household_count: i64,
    /// How many tickets of these households are neither closed nor cancelled.
    open_ticket_count: i64,
}

#[ComplexObject]
impl AmbassadorLoad {
    /// The ambassador.
    async fn staff(&self) -> Staff {
        Staff(self.row.clone())
    }
}

impl From<coverage::Load> for AmbassadorLoad {
    fn from(load: coverage::Load) -> Self {
        Self { row: load.staff, household_count: load.households, open_ticket_count: load.open_tickets }
    }
}
