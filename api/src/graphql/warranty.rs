//! Warranty terms, and the ledger of what is under warranty.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::warranty_item;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{WarrantyPart, WarrantyTermScope},
    id::Kind,
    scalar::Date,
    unit::WarrantyItem,
    user_error::payloads,
};
use crate::{
    domain::warranty::Term,
    error::{Error, Result},
    service::warranty::{self as service, PartTerm, TermTarget},
    store::{self, warranty::WarrantyFilter},
};

impl From<warranty_item::Model> for WarrantyItem {
    fn from(row: warranty_item::Model) -> Self {
        Self(row)
    }
}

/// How long a part of a home is under warranty from its handover on.
#[derive(SimpleObject)]
pub struct WarrantyTerm {
    /// The part.
    part: WarrantyPart,
    /// So many years; null for what is counted in seasons.
    years: Option<i32>,
    /// So many heating seasons and as many cooling seasons; null for what is counted in years.
    seasons: Option<i32>,
    /// Where the term comes from.
    scope: WarrantyTermScope,
}

impl From<PartTerm> for WarrantyTerm {
    fn from(term: PartTerm) -> Self {
        let count = |count| i32::try_from(count).ok();
        let (years, seasons) = match term.term {
            Term::Years(years) => (count(years), None),
            Term::Seasons(seasons) => (None, count(seasons)),
        };
        Self { part: term.part.into(), years, seasons, scope: term.scope.into() }
    }
}

/// Narrows a list of warranties. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "WarrantyFilter")]
pub struct WarrantyFilterInput {
    /// Of homes in this project.
    project_id: Option<ID>,
    /// Of this home.
    unit_id: Option<ID>,
    /// Of this part.
    part: Option<WarrantyPart>,
    /// Whose last day is this one or later.
    earliest_on: Option<Date>,
    /// Whose last day is this one or earlier.
    latest_on: Option<Date>,
    /// True: the owners were told that it ends. False: they were not.
    noticed: Option<bool>,
}

impl WarrantyFilterInput {
    fn read(self) -> Result<WarrantyFilter> {
        Ok(WarrantyFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            unit_id: Kind::Unit.read_optional("filter.unitId", self.unit_id.as_ref())?,
            part: self.part.map(Into::into),
            expires_from: self.earliest_on.map(|day| day.0),
            expires_to: self.latest_on.map(|day| day.0),
            noticed: self.noticed,
        })
    }
}

/// Sets how long a part is under warranty.
#[derive(InputObject)]
pub struct SetWarrantyTermInput {
    /// For administrators: only homes of this project; the whole company when left out.
    project_id: Option<ID>,
    /// For managers: only this contract, of a project of theirs.
    contract_id: Option<ID>,
    /// The part.
    part: WarrantyPart,
    /// So many years, not fewer than the law's: 5 for waterproofing, 2 for wiring, plumbing and fittings, 50 for the structure.
    years: Option<i32>,
    /// For heating and cooling: so many seasons of each, at least 2.
    seasons: Option<i32>,
}

payloads! {
    /// The term that was set.
    SetWarrantyTermPayload {
        /// The term; null when the call was refused.
        term: WarrantyTerm
    }
}

/// Reading terms and the ledger.
#[derive(Default)]
pub struct WarrantyQueries;

#[Object]
impl WarrantyQueries {
    /// The warranty terms for homes that are handed over from now on, one for each part: of a contract, of a project, or of the company when neither is named.
    async fn warranty_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project; not needed with a contract.")] project_id: Option<ID>,
        #[graphql(desc = "A contract that you may see.")] contract_id: Option<ID>,
    ) -> Result<Vec<WarrantyTerm>> {
        let request = ctx.ask();
        let conn = request.services.db.reader();
        let mut project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        let contract_id = Kind::Contract.read_optional("contractId", contract_id.as_ref())?;
        if let Some(id) = project_id {
            let project = store::company::project(conn, &request.viewer, id).await?;
            project.ok_or_else(|| Error::unknown("projectId"))?;
        }
        if let Some(id) = contract_id {
            let key = entity::contract::Column::Id;
            let contract = store::by_id::<entity::contract::Entity>(conn, &request.viewer, key, id).await?;
            project_id = Some(contract.ok_or_else(|| Error::unknown("contractId"))?.project_id);
        }
        let terms = service::terms(conn, project_id, contract_id).await?;
        Ok(terms.into_iter().map(WarrantyTerm::from).collect())
    }

    /// The ledger of warranties that you may see, in the order in which they were entered.
    async fn warranty_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<WarrantyFilterInput>,
    ) -> Result<Counted<WarrantyItem>> {
        let list = store::warranty::list(&ctx.ask().viewer, filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Setting terms.
#[derive(Default)]
pub struct WarrantyMutations;

#[Object]
impl WarrantyMutations {
    /// Sets how long a part is under warranty for homes handed over from now on. Warranties that run stay as they are.
    async fn set_warranty_term(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SetWarrantyTermInput,
    ) -> Result<SetWarrantyTermPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = TermTarget {
                project_id: Kind::Project.read_optional("projectId", input.project_id.as_ref())?,
                contract_id: Kind::Contract.read_optional("contractId", input.contract_id.as_ref())?,
            };
            let counts = (input.years, input.seasons);
            service::set_term(&request.services, &request.viewer, target, input.part.into(), counts).await
        };
        SetWarrantyTermPayload::of(outcome.await)
    }
}
