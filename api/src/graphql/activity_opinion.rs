//! What visitors said, as the API shows it, and how it is recorded and answered.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::activity_opinion;

use super::{
    activity::Activity,
    connection::{Counted, listed, page},
    context::Ask,
    enums::Department,
    id::Kind,
    loaders::{ActivityOf, OwnerOf, StaffOf},
    owner::Owner,
    staff::Staff,
    user_error::payloads,
};
use crate::{
    error::Result,
    service::opinion::{self, NewOpinion},
    store::{self, opinion::OpinionFilter},
};

/// What a visitor said.
pub struct ActivityOpinion(pub activity_opinion::Model);

impl From<activity_opinion::Model> for ActivityOpinion {
    fn from(row: activity_opinion::Model) -> Self {
        Self(row)
    }
}

/// What a visitor of an activity said, the department that must answer it, and the answer. Owners see their own; the project's agents and managers all.
#[Object]
impl ActivityOpinion {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::ActivityOpinion.id(self.0.id)
    }

    /// What was said.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The department that answers it.
    async fn responsible_department(&self) -> Department {
        self.0.responsible_department.into()
    }

    /// The answer; null while it waits for one.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }

    /// Who answered it, as far as you may see them.
    async fn answered_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.answered_by?), Staff).await
    }

    /// When it was said.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who wrote it down in the visitor's place; null when the visitor did, or when you may not see them.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.recorded_by?), Staff).await
    }

    /// The activity it was said at.
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<Activity>> {
        ctx.ask().find(ActivityOf(self.0.activity_id), Activity).await
    }

    /// Who said it; null when the visitor gave no name, or when you may not see them.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id?), Owner).await
    }
}

/// Narrows a list of opinions. What is left out does not narrow it.
#[derive(InputObject, Default)]
#[graphql(name = "ActivityOpinionFilter")]
pub struct OpinionFilterInput {
    /// Said at this activity.
    activity_id: Option<ID>,
    /// In this project.
    project_id: Option<ID>,
    /// To be answered by this department.
    responsible_department: Option<Department>,
    /// True: answered. False: the work list of what waits for an answer.
    answered: Option<bool>,
}

/// Reading opinions.
#[derive(Default)]
pub struct OpinionQueries;

#[Object]
impl OpinionQueries {
    /// What visitors of activities said, the oldest first. With `answered: false` and a department it is that department's work list.
    #[allow(clippy::too_many_arguments)]
    async fn activity_opinions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<OpinionFilterInput>,
    ) -> Result<Counted<ActivityOpinion>> {
        let filter = filter.unwrap_or_default();
        let filter = OpinionFilter {
            activity_id: Kind::Activity.read_optional("filter.activityId", filter.activity_id.as_ref())?,
            project_id: Kind::Project.read_optional("filter.projectId", filter.project_id.as_ref())?,
            department: filter.responsible_department.map(Into::into),
            answered: filter.answered,
        };
        listed(ctx, store::opinion::list(&ctx.ask().viewer, &filter), page(first, after, last, before)?).await
    }
}

/// Writes down what a visitor said.
#[derive(InputObject)]
pub struct RecordOpinionInput {
    /// The activity, which has begun.
    activity_id: ID,
    /// What was said; at most 2000 characters.
    body: String,
    /// Staff: who said it; left out when the visitor gave no name. Owners leave it out.
    owner_id: Option<ID>,
    /// Staff: the department that must answer. When left out: project management for an open day, customer service otherwise.
    responsible_department: Option<Department>,
}

/// Gives an opinion to another department.
#[derive(InputObject)]
pub struct AssignOpinionInput {
    /// Which opinion.
    opinion_id: ID,
    /// The department that must answer.
    responsible_department: Department,
}

/// Answers a visitor.
#[derive(InputObject)]
pub struct AnswerOpinionInput {
    /// Which opinion.
    opinion_id: ID,
    /// The answer, which the visitor reads; at most 2000 characters.
    answer: String,
}

payloads! {
    /// The opinion that was written down.
    RecordOpinionPayload {
        /// The opinion; null when the call was refused.
        opinion: ActivityOpinion
    }
    /// The opinion that another department answers.
    AssignOpinionPayload {
        /// The opinion; null when the call was refused.
        opinion: ActivityOpinion
    }
    /// The opinion that was answered.
    AnswerOpinionPayload {
        /// The opinion; null when the call was refused.
        opinion: ActivityOpinion
    }
}

/// Recording and answering.
#[derive(Default)]
pub struct OpinionMutations;

#[Object]
impl OpinionMutations {
    /// Writes down what a visitor said at an activity: for owners who had a seat, and for staff who listened.
    async fn record_opinion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordOpinionInput,
    ) -> Result<RecordOpinionPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewOpinion {
                activity_id: Kind::Activity.read("activityId", &input.activity_id)?,
                owner_id: Kind::Owner.read_optional("ownerId", input.owner_id.as_ref())?,
                body: input.body,
                department: input.responsible_department.map(Into::into),
            };
            opinion::record(&request.services, &request.viewer, new).await
        };
        RecordOpinionPayload::of(outcome.await)
    }

    /// Gives an opinion that waits for its answer to the department that can give it. For staff of the present one, and managers.
    async fn assign_opinion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignOpinionInput,
    ) -> Result<AssignOpinionPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::ActivityOpinion.read("opinionId", &input.opinion_id)?;
            opinion::assign(&request.services, &request.viewer, id, input.responsible_department.into()).await
        };
        AssignOpinionPayload::of(outcome.await)
    }

    /// Answers a visitor, once. For staff of the responsible department, and managers.
    async fn answer_opinion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AnswerOpinionInput,
    ) -> Result<AnswerOpinionPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::ActivityOpinion.read("opinionId", &input.opinion_id)?;
            opinion::answer(&request.services, &request.viewer, id, &input.answer).await
        };
        AnswerOpinionPayload::of(outcome.await)
    }
}
