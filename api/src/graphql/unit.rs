//! A home, the building and project it stands in, its contract and warranties.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{building, contract, project, vocab::PrincipalKind, warranty_item};

use super::{
    ambassador::{AmbassadorAssignment, AmbassadorCoverage, AmbassadorLoad},
    context::Ask,
    contract::ContractClause,
    disclosure::{self, ProjectDisclosures},
    enums::{ContractStatus, WarrantyPart},
    figure::PublishedFigure,
    handover::Handover,
    id::Kind,
    loaders::{
        AmbassadorOfUnit, AmbassadorsOfUnit, BuyersOfContract, ClausesOfContract, ContractOfUnit, CoverageOfProject,
        HandoverOfUnit, LoadsOfProject, MilestonesOfProject, OpenTicketsOfUnit, OwnersOfUnit, PlaceOf, ProjectOf,
        PublishedFiguresOf, ResponsibleOfBuilding, SubstituteOfUnit, WarrantiesOfUnit,
    },
    milestone::Milestone,
    owner::Owner,
    scalar::{Date, Month},
    staff::Staff,
};
use crate::{auth::policy::may_see_workload, error::Result, store::unit::Place};

/// A home and where it stands.
pub struct Unit(Place);

impl From<Place> for Unit {
    fn from(place: Place) -> Self {
        Self(place)
    }
}

/// A home: one unit of a building. Visible to its owners, its ambassador, whoever was sent to it, and the project's staff.
#[Object]
impl Unit {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Unit.id(self.0.unit.id)
    }

    /// What people call it: building, staircase and room.
    async fn code(&self) -> &str {
        &self.0.unit.code
    }

    /// The staircase (单元); empty where the building has none.
    async fn section(&self) -> &str {
        &self.0.unit.section
    }

    /// The room number (房号).
    async fn room(&self) -> &str {
        &self.0.unit.room
    }

    /// The built area in square metres; null when unknown.
    async fn floor_area(&self) -> Option<f64> {
        // Hundredths of a square metre are far below what a double can hold exactly.
        #[allow(clippy::cast_precision_loss)]
        self.0.unit.floor_area_centi.map(|centi| centi as f64 / 100.0)
    }

    /// When the home was handed over; null before.
    async fn handed_over_on(&self) -> Option<Date> {
        self.0.unit.handed_over_on.map(Date)
    }

    /// Whether it is no home but stands for the public areas of its building or project, under which tickets about them are filed. Lists of homes leave it out.
    async fn is_public_area(&self) -> bool {
        self.0.unit.is_public_area
    }

    /// The building it is in.
    async fn building(&self) -> Building {
        Building { row: self.0.building.clone(), project: Some(self.0.project.clone()) }
    }

    /// The present owners, as far as you may see them: owners see themselves.
    async fn owners(&self, ctx: &Context<'_>) -> Result<Vec<Owner>> {
        let rows = ctx.look().load(OwnersOfUnit(self.0.unit.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Owner).collect())
    }

    /// The customer ambassador who answers for the household at present.
    async fn ambassador(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(AmbassadorOfUnit(self.0.unit.id), Staff).await
    }

    /// Who stands in for the ambassador, who is away; null when nobody does.
    async fn substitute(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(SubstituteOfUnit(self.0.unit.id), Staff).await
    }

    /// Who answers, and answered, for the household, the first one first. Owners and technicians see the present one only.
    async fn ambassador_history(&self, ctx: &Context<'_>) -> Result<Vec<AmbassadorAssignment>> {
        let rows = ctx.ask().load(AmbassadorsOfUnit(self.0.unit.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(AmbassadorAssignment).collect())
    }

    /// The contract in force.
    async fn contract(&self, ctx: &Context<'_>) -> Option<Result<Contract>> {
        ctx.ask().find(ContractOfUnit(self.0.unit.id), Contract).await
    }

    /// How it is, or was, handed over: the last booking that was not called off; null before there is one.
    async fn handover(&self, ctx: &Context<'_>) -> Option<Result<Handover>> {
        ctx.ask().find(HandoverOfUnit(self.0.unit.id), Handover).await
    }

    /// The parts under warranty, the first to expire first.
    async fn warranty_items(&self, ctx: &Context<'_>) -> Result<Vec<WarrantyItem>> {
        let rows = ctx.ask().load(WarrantiesOfUnit(self.0.unit.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(WarrantyItem).collect())
    }

    /// How many of its tickets are neither closed nor cancelled, as far as you may see them.
    async fn open_ticket_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.ask().load(OpenTicketsOfUnit(self.0.unit.id)).await?.unwrap_or(0))
    }
}

/// A building of a project.
pub struct Building {
    row: building::Model,
    project: Option<project::Model>,
}

impl From<building::Model> for Building {
    fn from(row: building::Model) -> Self {
        Self { row, project: None }
    }
}

/// A building of a project.
#[Object]
impl Building {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Building.id(self.row.id)
    }

    /// The name, such as `1号楼`.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The project it belongs to.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        match &self.project {
            Some(project) => Some(Ok(Project(project.clone()))),
            None => ctx.look().find(ProjectOf(self.row.project_id), Project).await,
        }
    }

    /// Who of the company answers for the building (片区责任人); null when nobody does, and for technicians and owners.
    async fn responsible(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(ResponsibleOfBuilding(self.row.id), Staff).await
    }
}

/// A housing project of the company.
pub struct Project(pub project::Model);

impl From<project::Model> for Project {
    fn from(row: project::Model) -> Self {
        Self(row)
    }
}

/// A housing project of the company.
#[Object]
impl Project {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Project.id(self.0.id)
    }

    /// The short code that ticket numbers start with.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The IANA time zone in which the project's days are counted.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// How many of the handed-over homes have an ambassador. For agents, managers, supervisors and auditors; null for everybody else.
    async fn ambassador_coverage(&self, ctx: &Context<'_>) -> Option<Result<AmbassadorCoverage>> {
        if !may_see_workload(&ctx.ask().viewer) {
            return None;
        }
        let counts = ctx.ask().load(CoverageOfProject(self.0.id)).await.map(Option::unwrap_or_default);
        Some(counts.map(|counts| AmbassadorCoverage { project_id: self.0.id, counts }))
    }

    /// What each active ambassador of the project carries, in the order of their numbers. For agents, managers, supervisors and auditors; null for everybody else.
    async fn ambassador_loads(&self, ctx: &Context<'_>) -> Option<Result<Vec<AmbassadorLoad>>> {
        if !may_see_workload(&ctx.ask().viewer) {
            return None;
        }
        let loads = ctx.ask().load(LoadsOfProject(self.0.id)).await.map(Option::unwrap_or_default);
        Some(loads.map(|loads| loads.into_iter().map(AmbassadorLoad::from).collect()))
    }

    /// The milestones of construction in the order of the list, those of single buildings too: owners see the ones that were reached, staff the planned ones too.
    async fn milestones(&self, ctx: &Context<'_>) -> Result<Vec<Milestone>> {
        let rows = ctx.ask().load(MilestonesOfProject(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Milestone).collect())
    }

    /// The name of the customer club (客户俱乐部) under which activities take place.
    async fn club_name(&self, ctx: &Context<'_>) -> Result<String> {
        super::activity::club_name(ctx.ask(), self.0.id).await
    }

    /// What the company tells its owners about its own work: figures of a closed month, with their targets. Empty as long as no month is closed.
    async fn published_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The month; the last closed one when left out.")] month: Option<Month>,
    ) -> Result<Vec<PublishedFigure>> {
        let month = month.map(|month| month.0);
        let rows = ctx.ask().load(PublishedFiguresOf { project_id: self.0.id, month }).await?.unwrap_or_default();
        Ok(rows.into_iter().map(PublishedFigure::from).collect())
    }

    /// What the sales site has on show, and what is missing from it. Null for partners.
    async fn disclosures(&self, ctx: &Context<'_>) -> Option<Result<ProjectDisclosures>> {
        match ctx.ask().viewer.kind() {
            PrincipalKind::Partner => None,
            _ => Some(disclosure::of_project(ctx, self.0.id).await),
        }
    }
}

/// A purchase contract over a unit.
pub struct Contract(pub contract::Model);

/// A purchase contract over a unit. Visible to its buyers, already as a draft, to the unit's owners, the household's ambassador and the project's agents and managers.
#[Object]
impl Contract {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Contract.id(self.0.id)
    }

    /// The contract number.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// When it was signed.
    async fn signed_on(&self) -> Option<Date> {
        self.0.signed_on.map(Date)
    }

    /// Until when the home must be handed over.
    async fn handover_due_on(&self) -> Option<Date> {
        self.0.handover_due_on.map(Date)
    }

    /// Where it stands.
    async fn status(&self) -> ContractStatus {
        self.0.status.into()
    }

    /// The home.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.ask().find(PlaceOf(self.0.unit_id), Unit).await
    }

    /// The buyers in their order, as far as you may see them: buyers see themselves.
    async fn buyers(&self, ctx: &Context<'_>) -> Result<Vec<Owner>> {
        let rows = ctx.ask().load(BuyersOfContract(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Owner).collect())
    }

    /// The key clauses in their order; none for contracts that were loaded from a ledger.
    async fn clauses(&self, ctx: &Context<'_>) -> Result<Vec<ContractClause>> {
        let rows = ctx.ask().load(ClausesOfContract(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(ContractClause).collect())
    }
}

/// A part of a home under warranty.
pub struct WarrantyItem(pub warranty_item::Model);

/// A part of a home under warranty, from the handover on.
#[Object]
impl WarrantyItem {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::WarrantyItem.id(self.0.id)
    }

    /// The part.
    async fn part(&self) -> WarrantyPart {
        self.0.part.into()
    }

    /// The first day under warranty.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// The last day under warranty.
    async fn expires_on(&self) -> Date {
        Date(self.0.expires_on)
    }

    /// When the owners were told that it ends soon; null before.
    async fn noticed_at(&self) -> Option<DateTime<Utc>> {
        self.0.noticed_at
    }
}
