//! The roster of those who are on call, and how soon somebody was there when it was urgent.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::duty_shift;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    follow_up::span,
    id::Kind,
    loaders::{ProjectOf, StaffOf},
    scalar::{instant, optional_instant},
    staff::Staff,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::reaction::{Reaction, measure},
    error::Result,
    service::duty::{self, NewShift},
    store::{self, duty::ShiftFilter},
};

/// A time in which somebody is on call.
pub struct DutyShift(pub duty_shift::Model);

impl From<duty_shift::Model> for DutyShift {
    fn from(row: duty_shift::Model) -> Self {
        Self(row)
    }
}

/// A time in which a member of staff is on call for a project (值班). Urgent tickets go to them at once. Visible to the project's staff.
#[Object]
impl DutyShift {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::DutyShift.id(self.0.id)
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Who is on call.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id), Staff).await
    }

    /// From when on.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// Until when.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }
}

/// How soon somebody was there. Times are whole seconds from the report, or the last reopening, to the arrival; null where nobody has arrived.
#[derive(SimpleObject)]
pub struct UrgentReaction {
    /// How many urgent tickets had their deadline of arrival in the period, without the withdrawn ones.
    due_count: i32,
    /// To how many of them somebody came in time.
    in_time_count: i32,
    /// The share that was in time, in percent; null when none was due.
    rate: Option<f64>,
    /// The mean.
    mean_seconds: Option<i64>,
    /// Half of the arrivals took no longer.
    median_seconds: Option<i64>,
    /// Nine of ten arrivals took no longer.
    p90_seconds: Option<i64>,
    /// The longest.
    longest_seconds: Option<i64>,
}

impl From<Reaction> for UrgentReaction {
    fn from(reaction: Reaction) -> Self {
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            due_count: number(reaction.due),
            in_time_count: number(reaction.in_time),
            rate: reaction.rate(),
            mean_seconds: reaction.mean_seconds,
            median_seconds: reaction.median_seconds,
            p90_seconds: reaction.p90_seconds,
            longest_seconds: reaction.longest_seconds,
        }
    }
}

/// Which shifts to list. Conditions add up.
#[derive(InputObject, Default)]
pub struct DutyShiftFilter {
    /// Only those of this project.
    project_id: Option<ID>,
    /// Only those of this member of staff.
    staff_id: Option<ID>,
    /// Only those that end after this instant.
    from: Option<DateTime<Utc>>,
    /// Only those that begin before this instant.
    to: Option<DateTime<Utc>>,
}

/// Puts somebody on call.
#[derive(InputObject)]
pub struct PlanDutyShiftInput {
    /// The project.
    project_id: ID,
    /// Who is on call: active staff who take tickets and work for the project.
    staff_id: ID,
    /// From when on.
    starts_at: DateTime<Utc>,
    /// Until when; at most 36 hours later, and not in the past.
    ends_at: DateTime<Utc>,
}

/// Takes a shift off the roster.
#[derive(InputObject)]
pub struct CancelDutyShiftInput {
    /// The shift.
    duty_shift_id: ID,
}

payloads! {
    /// The shift that was planned.
    PlanDutyShiftPayload {
        /// The shift; null when the call was refused.
        duty_shift: DutyShift
    }
    /// The shift that was taken off the roster.
    CancelDutyShiftPayload {
        /// The shift as it was; null when the call was refused.
        duty_shift: DutyShift
    }
}

/// The roster, and how it works out.
#[derive(Default)]
pub struct DutyQueries;

#[Object]
impl DutyQueries {
    /// Who is on call when, the earliest shift first.
    #[allow(clippy::too_many_arguments)]
    async fn duty_shifts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which shifts; all that you may see when left out.")] filter: Option<DutyShiftFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<DutyShift>> {
        let page = page(first, after, last, before)?;
        let asked = filter.unwrap_or_default();
        let filter = ShiftFilter {
            project_id: Kind::Project.read_optional("filter.projectId", asked.project_id.as_ref())?,
            staff_id: Kind::Staff.read_optional("filter.staffId", asked.staff_id.as_ref())?,
            from: optional_instant("filter.from", asked.from)?,
            to: optional_instant("filter.to", asked.to)?,
        };
        listed(ctx, store::duty::list(&ctx.ask().viewer, filter), page).await
    }

    /// How soon somebody was there for the urgent tickets of a project whose deadline of arrival lies in a period. A deadline that lies ahead does not count yet.
    async fn urgent_reaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] project_id: ID,
        #[graphql(desc = "The first instant of the period.")] from: DateTime<Utc>,
        #[graphql(desc = "The first instant after the period; at most two years after its start.")] to: DateTime<Utc>,
    ) -> Result<UrgentReaction> {
        let request = ctx.ask();
        let mut span = span(&project_id, from, to)?;
        span.to = span.to.min(request.now());
        let cases = store::follow_up::reactions(request.services.db.reader(), &request.viewer, span).await?;
        Ok(measure(&cases).into())
    }
}

/// Planning the roster.
#[derive(Default)]
pub struct DutyMutations;

#[Object]
impl DutyMutations {
    /// Puts somebody on call for a project. By a manager in own projects, or an administrator.
    async fn plan_duty_shift(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PlanDutyShiftInput,
    ) -> Result<PlanDutyShiftPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewShift {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                staff_id: Kind::Staff.read("staffId", &input.staff_id)?,
                starts_at: instant("startsAt", input.starts_at)?,
                ends_at: instant("endsAt", input.ends_at)?,
            };
            duty::plan(&request.services, &request.viewer, new).await
        };
        PlanDutyShiftPayload::of(outcome.await)
    }

    /// Takes a shift off the roster that has not begun.
    async fn cancel_duty_shift(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelDutyShiftInput,
    ) -> Result<CancelDutyShiftPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::DutyShift.read("dutyShiftId", &input.duty_shift_id)?;
            duty::cancel(&request.services, &request.viewer, id).await
        };
        CancelDutyShiftPayload::of(outcome.await)
    }
}
