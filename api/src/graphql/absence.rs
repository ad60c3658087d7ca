//! Who is away, and who stands in meanwhile.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::absence;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    id::Kind,
    loaders::StaffOf,
    scalar::instant,
    staff::Staff,
    user_error::payloads,
};
use crate::{
    auth::policy::may_see_reason_of_absence,
    error::Result,
    service::company::{self, NewAbsence},
    store::{self, absence::AbsenceFilter},
};

/// A time in which a member of staff is away.
pub struct Absence(pub absence::Model);

impl From<absence::Model> for Absence {
    fn from(row: absence::Model) -> Self {
        Self(row)
    }
}

/// A time in which a member of staff is away (请假). Visible to the person, the substitute, and the agents and managers of their projects.
#[Object]
impl Absence {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Absence.id(self.0.id)
    }

    /// Who is away.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id), Staff).await
    }

    /// Who answers for their households, and takes over their tickets, meanwhile.
    async fn substitute(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.substitute_id?), Staff).await
    }

    /// From when on.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// Until when.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// Why: for the person, managers, supervisors, auditors and administrators; null for everybody else.
    async fn reason(&self, ctx: &Context<'_>) -> Option<&str> {
        may_see_reason_of_absence(&ctx.ask().viewer, self.0.staff_id).then_some(self.0.reason.as_str())
    }
}

/// Which absences to list. Conditions add up.
#[derive(InputObject, Default)]
#[graphql(name = "AbsenceFilter")]
pub struct AbsenceFilterInput {
    /// Only those of people who work for this project.
    project_id: Option<ID>,
    /// Only those of this member of staff.
    staff_id: Option<ID>,
    /// True: only those that are not over.
    #[graphql(default)]
    is_open: bool,
}

/// Writes down that a member of staff is away.
#[derive(InputObject)]
pub struct RecordAbsenceInput {
    /// Who is away.
    staff_id: ID,
    /// From when on.
    starts_at: DateTime<Utc>,
    /// Until when; within a year.
    ends_at: DateTime<Utc>,
    /// Why; at most 200 characters.
    reason: String,
    /// Who stands in: somebody of the same role who works for the same projects and is there all the time. Without one, tickets go back to the queue.
    substitute_id: Option<ID>,
}

/// Ends an absence early.
#[derive(InputObject)]
pub struct EndAbsenceInput {
    /// The absence.
    absence_id: ID,
}

payloads! {
    /// The member of staff whose absence was written down.
    RecordAbsencePayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
    /// The absence that was ended.
    EndAbsencePayload {
        /// The absence; null when the call was refused.
        absence: Absence
    }
}

/// Who is away.
#[derive(Default)]
pub struct AbsenceQueries;

#[Object]
impl AbsenceQueries {
    /// Absences, the last one written down first. Ambassadors and technicians see their own and those they stand in for.
    #[allow(clippy::too_many_arguments)]
    async fn absences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which absences; all that you may see when left out.")] filter: Option<AbsenceFilterInput>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Absence>> {
        let page = page(first, after, last, before)?;
        let asked = filter.unwrap_or_default();
        let filter = AbsenceFilter {
            project_id: Kind::Project.read_optional("filter.projectId", asked.project_id.as_ref())?,
            staff_id: Kind::Staff.read_optional("filter.staffId", asked.staff_id.as_ref())?,
            open_at: asked.is_open.then(|| ctx.ask().now()),
        };
        listed(ctx, store::absence::list(&ctx.ask().viewer, filter), page).await
    }
}

/// Writing absences down.
#[derive(Default)]
pub struct AbsenceMutations;

#[Object]
impl AbsenceMutations {
    /// Writes down that a member of staff is away. When the time comes, the substitute answers for their households and takes over their tickets; without a substitute the tickets go back to the queue.
    async fn record_absence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordAbsenceInput,
    ) -> Result<RecordAbsencePayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewAbsence {
                staff_id: Kind::Staff.read("staffId", &input.staff_id)?,
                starts_at: instant("startsAt", input.starts_at)?,
                ends_at: instant("endsAt", input.ends_at)?,
                reason: input.reason,
                substitute_id: Kind::Staff.read_optional("substituteId", input.substitute_id.as_ref())?,
            };
            company::record_absence(&request.services, &request.viewer, new).await
        };
        RecordAbsencePayload::of(outcome.await)
    }

    /// Ends an absence early: somebody is back, or will not go. The substitute no longer stands in from this moment on.
    async fn end_absence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EndAbsenceInput,
    ) -> Result<EndAbsencePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Absence.read("absenceId", &input.absence_id)?;
            company::end_absence(&request.services, &request.viewer, id).await
        };
        EndAbsencePayload::of(outcome.await)
    }
}
