//! Who answers for which building, areas that change hands, and single households.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{area_duty, area_transfer};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::AreaTransferStatus,
    id::Kind,
    loaders::{BuildingOf, ProjectOf, StaffOf},
    scalar::optional_instant,
    staff::Staff,
    unit::{Building, Project},
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::{Message, Result},
    language::say,
    service::{
        area::{self, NewTransfer},
        assignment::{self, NewDuty},
    },
    store::{
        self,
        area::{Area, AreaFilter},
    },
};

/// Who answers for a building.
pub struct AreaDuty(pub area_duty::Model);

impl From<area_duty::Model> for AreaDuty {
    fn from(row: area_duty::Model) -> Self {
        Self(row)
    }
}

/// Who answers for a building (片区责任人), or did before. Visible to the project's staff, not to technicians and owners.
#[Object]
impl AreaDuty {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::AreaDuty.id(self.0.id)
    }

    /// The building.
    async fn building(&self, ctx: &Context<'_>) -> Option<Result<Building>> {
        ctx.ask().find(BuildingOf(self.0.building_id), Building::from).await
    }

    /// Who answers for it.
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

/// An area that changes hands.
pub struct AreaTransfer(pub area_transfer::Model);

impl From<area_transfer::Model> for AreaTransfer {
    fn from(row: area_transfer::Model) -> Self {
        Self(row)
    }
}

/// The transfer of an area from one ambassador to another, at once or at an instant. Visible to the project's staff; ambassadors see their own.
#[Object]
impl AreaTransfer {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::AreaTransfer.id(self.0.id)
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Only the households of this building; null when it is about the whole project.
    async fn building(&self, ctx: &Context<'_>) -> Option<Result<Building>> {
        ctx.ask().find(BuildingOf(self.0.building_id?), Building::from).await
    }

    /// Who gives the area up.
    async fn from_staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.from_staff_id), Staff).await
    }

    /// Who takes it over.
    async fn to_staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.to_staff_id), Staff).await
    }

    /// Where it stands.
    async fn status(&self) -> AreaTransferStatus {
        match (self.0.applied_at, self.0.cancelled_at, &self.0.failed_because) {
            (Some(_), _, _) => AreaTransferStatus::Applied,
            (_, Some(_), _) => AreaTransferStatus::Cancelled,
            (_, _, Some(_)) => AreaTransferStatus::Failed,
            (None, None, None) => AreaTransferStatus::Planned,
        }
    }

    /// When it is to be carried out.
    async fn effective_at(&self) -> DateTime<Utc> {
        self.0.effective_at
    }

    /// When it was carried out; null before, and when it never was.
    async fn applied_at(&self) -> Option<DateTime<Utc>> {
        self.0.applied_at
    }

    /// When it was called off.
    async fn cancelled_at(&self) -> Option<DateTime<Utc>> {
        self.0.cancelled_at
    }

    /// Why it could not be carried out.
    async fn failed_because(&self, ctx: &Context<'_>) -> Option<String> {
        let because = self.0.failed_because.clone()?;
        let is_known = because == area::GONE;
        Some(if is_known { say(&Message::SuccessorGone, ctx.ask().language) } else { because })
    }

    /// How many households changed hands; null before it was carried out.
    async fn household_count(&self) -> Option<i32> {
        self.0.household_count
    }

    /// Why it was planned.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Who planned it.
    async fn created_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.created_by), Staff).await
    }
}

/// Which duties or transfers to list. Conditions add up.
#[derive(InputObject, Default)]
#[graphql(name = "AreaFilter")]
pub struct AreaFilterInput {
    /// Only those of this project.
    project_id: Option<ID>,
    /// Only those of this member of staff; of a transfer, on either side.
    staff_id: Option<ID>,
    /// True: only duties that last, and transfers whose time has not come.
    #[graphql(default)]
    is_open: bool,
}

impl AreaFilterInput {
    fn read(self) -> Result<AreaFilter> {
        Ok(AreaFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            staff_id: Kind::Staff.read_optional("filter.staffId", self.staff_id.as_ref())?,
            is_open: self.is_open,
        })
    }
}

/// Hands an area over.
#[derive(InputObject)]
pub struct TransferAreaInput {
    /// The project.
    project_id: ID,
    /// Only the households of this building of the project.
    building_id: Option<ID>,
    /// The ambassador who gives it up.
    from_staff_id: ID,
    /// The ambassador who takes it over.
    to_staff_id: ID,
    /// When; within a year. At once when left out.
    effective_at: Option<DateTime<Utc>>,
    /// Why; at most 500 characters.
    reason: String,
}

/// Calls a planned transfer off.
#[derive(InputObject)]
pub struct CancelAreaTransferInput {
    /// The transfer.
    area_transfer_id: ID,
}

/// Names who answers for a building.
#[derive(InputObject)]
pub struct AssignAreaInput {
    /// The building.
    building_id: ID,
    /// Who answers for it: staff of the property company or of customer service who work for its project.
    staff_id: ID,
    /// Also give them the homes of the building that have no ambassador; they must be an ambassador then.
    #[graphql(default)]
    takes_uncovered: bool,
}

/// Names who answers for households.
#[derive(InputObject)]
pub struct AssignHouseholdsInput {
    /// The ambassador.
    staff_id: ID,
    /// The homes, 1 to 200.
    unit_ids: Vec<ID>,
}

payloads! {
    /// The transfer that was planned or carried out.
    TransferAreaPayload {
        /// The transfer; null when the call was refused.
        area_transfer: AreaTransfer
    }
    /// The transfer that was called off.
    CancelAreaTransferPayload {
        /// The transfer; null when the call was refused.
        area_transfer: AreaTransfer
    }
}

/// Who answers for a building now.
#[derive(SimpleObject)]
pub struct AssignAreaPayload {
    /// The duty; null when the call was refused.
    area_duty: Option<AreaDuty>,
    /// How many homes without an ambassador were given to them; null when the call was refused.
    household_count: Option<i32>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// How many households changed hands.
#[derive(SimpleObject)]
pub struct AssignHouseholdsPayload {
    /// How many; null when the call was refused.
    household_count: Option<i32>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Areas and their transfers.
#[derive(Default)]
pub struct AreaQueries;

#[Object]
impl AreaQueries {
    /// Who answers for which building, and did before, the oldest first.
    #[allow(clippy::too_many_arguments)]
    async fn area_duties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which duties; all that you may see when left out.")] filter: Option<AreaFilterInput>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<AreaDuty>> {
        let page = page(first, after, last, before)?;
        let filter = filter.unwrap_or_default().read()?;
        listed(ctx, store::area::duties(&ctx.ask().viewer, filter), page).await
    }

    /// Transfers of areas, the last one planned first.
    #[allow(clippy::too_many_arguments)]
    async fn area_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which transfers; all that you may see when left out.")] filter: Option<AreaFilterInput>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<AreaTransfer>> {
        let page = page(first, after, last, before)?;
        let filter = filter.unwrap_or_default().read()?;
        listed(ctx, store::area::transfers(&ctx.ask().viewer, filter), page).await
    }
}

/// Giving areas and households to people.
#[derive(Default)]
pub struct AreaMutations;

#[Object]
impl AreaMutations {
    /// Hands all households and buildings of an area from one ambassador to another, at once or at an instant. By a manager in own projects, or an administrator.
    async fn transfer_area(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TransferAreaInput,
    ) -> Result<TransferAreaPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewTransfer {
                area: Area {
                    project_id: Kind::Project.read("projectId", &input.project_id)?,
                    building_id: Kind::Building.read_optional("buildingId", input.building_id.as_ref())?,
                },
                from: Kind::Staff.read("fromStaffId", &input.from_staff_id)?,
                to: Kind::Staff.read("toStaffId", &input.to_staff_id)?,
                effective_at: optional_instant("effectiveAt", input.effective_at)?,
                reason: input.reason,
            };
            area::transfer(&request.services, &request.viewer, new).await
        };
        TransferAreaPayload::of(outcome.await)
    }

    /// Calls off a transfer whose time has not come.
    async fn cancel_area_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelAreaTransferInput,
    ) -> Result<CancelAreaTransferPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::AreaTransfer.read("areaTransferId", &input.area_transfer_id)?;
            area::cancel(&request.services, &request.viewer, id).await
        };
        CancelAreaTransferPayload::of(outcome.await)
    }

    /// Names who answers for a building from now on, in the place of whoever did before.
    async fn assign_area(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignAreaInput,
    ) -> Result<AssignAreaPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewDuty {
                building_id: Kind::Building.read("buildingId", &input.building_id)?,
                staff_id: Kind::Staff.read("staffId", &input.staff_id)?,
                takes_uncovered: input.takes_uncovered,
            };
            assignment::assign_area(&request.services, &request.viewer, new).await
        };
        let (assigned, user_errors) = settle(outcome.await)?;
        let household_count = assigned.as_ref().map(|assigned| number(assigned.households));
        let area_duty = assigned.map(|assigned| AreaDuty(assigned.duty));
        Ok(AssignAreaPayload { area_duty, household_count, user_errors })
    }

    /// Names who answers for single households from now on, in the place of whoever did before. By a manager in own projects.
    async fn assign_households(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignHouseholdsInput,
    ) -> Result<AssignHouseholdsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let staff_id = Kind::Staff.read("staffId", &input.staff_id)?;
            let units = input.unit_ids.iter().map(|id| Kind::Unit.read("unitIds", id)).collect::<Result<_>>()?;
            assignment::assign_households(&request.services, &request.viewer, staff_id, units).await
        };
        let (count, user_errors) = settle(outcome.await)?;
        Ok(AssignHouseholdsPayload { household_count: count.map(number), user_errors })
    }
}
