//! Potential customers, and the contacts with them that wait for the next one.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::prospect;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::Channel,
    household::Interaction,
    id::Kind,
    loaders::{OwnerOf, ProjectOf, StaffOf},
    owner::Owner,
    staff::Staff,
    unit::Project,
    user_error::payloads,
};
use crate::{
    error::Result,
    service::prospect::{self as service, NewProspect},
    store::{self, interaction::FollowUpFilter, prospect::ProspectFilter},
};

/// Somebody who looks at homes in a project.
pub struct Prospect(pub prospect::Model);

impl From<prospect::Model> for Prospect {
    fn from(row: prospect::Model) -> Self {
        Self(row)
    }
}

/// Somebody who looks at homes in a project (潜在客户). Sales agents see their own and those that nobody looks after yet; service agents and managers all of their projects.
#[Object]
impl Prospect {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Prospect.id(self.0.id)
    }

    /// The way the customer first reached the company.
    async fn source(&self) -> Channel {
        self.0.source.into()
    }

    /// When the customer was registered for this project.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The customer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Who looks after the customer; null when nobody does yet.
    async fn sales_agent(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.sales_agent_id?), Staff).await
    }
}

/// Potential customers and follow-ups.
#[derive(Default)]
pub struct ProspectQueries;

#[Object]
impl ProspectQueries {
    /// The people who look at homes, the newest first. Sales agents see their own and those that nobody looks after yet; service agents and managers all of their projects.
    #[allow(clippy::too_many_arguments)]
    async fn prospects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of one project.")] project_id: Option<ID>,
        #[graphql(desc = "Only those whom this member of staff looks after.")] sales_agent_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Prospect>> {
        let filter = ProspectFilter {
            project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
            sales_agent_id: Kind::Staff.read_optional("salesAgentId", sales_agent_id.as_ref())?,
        };
        let list = store::prospect::list(&ctx.ask().viewer, &filter);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The contacts after which a customer was promised another, which has not taken place though its time has passed; the longest overdue first. A later contact with the customer in the same project settles them.
    #[allow(clippy::too_many_arguments)]
    async fn overdue_follow_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Promised by this member of staff; by anybody when left out.")] staff_id: Option<ID>,
        #[graphql(desc = "Of one project.")] project_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Interaction>> {
        let request = ctx.ask();
        let filter = FollowUpFilter {
            staff_id: Kind::Staff.read_optional("staffId", staff_id.as_ref())?,
            project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
        };
        let list = store::interaction::overdue(&request.viewer, filter, request.now());
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Registers a potential customer.
#[derive(InputObject)]
pub struct RegisterProspectInput {
    /// The project in which the customer looks at homes.
    project_id: ID,
    /// The customer's name; one line of at most 100 characters.
    name: String,
    /// A Chinese mobile number, in any spelling. Who has it already is taken for the same customer when the name fits.
    phone: String,
    /// The way the customer reached the company.
    source: Channel,
    /// For managers: who looks after the customer. Sales agents do so themselves.
    sales_agent_id: Option<ID>,
}

/// Gives a potential customer to a sales agent.
#[derive(InputObject)]
pub struct AssignProspectInput {
    /// The potential customer.
    prospect_id: ID,
    /// An active sales agent of the project.
    sales_agent_id: ID,
}

payloads! {
    /// The potential customer.
    RegisterProspectPayload {
        /// The potential customer, also one who was registered before; null when the call was refused.
        prospect: Prospect
    }
    /// The potential customer with the new sales agent.
    AssignProspectPayload {
        /// The potential customer; null when the call was refused.
        prospect: Prospect
    }
}

/// Registering potential customers.
#[derive(Default)]
pub struct ProspectMutations;

#[Object]
impl ProspectMutations {
    /// Registers somebody who looks at homes in a project; repeating it changes nothing. Refused with CONFLICT when a colleague looks after this customer in the project. For sales agents and managers.
    async fn register_prospect(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RegisterProspectInput,
    ) -> Result<RegisterProspectPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewProspect {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                name: input.name,
                phone: input.phone,
                source: input.source.into(),
                sales_agent_id: Kind::Staff.read_optional("salesAgentId", input.sales_agent_id.as_ref())?,
            };
            service::register(&request.services, &request.viewer, new).await
        };
        RegisterProspectPayload::of(outcome.await)
    }

    /// Gives a potential customer to another sales agent of the project. For managers.
    async fn assign_prospect(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignProspectInput,
    ) -> Result<AssignProspectPayload> {
        let request = ctx.ask();
        let outcome = async {
            let prospect_id = Kind::Prospect.read("prospectId", &input.prospect_id)?;
            let sales_agent_id = Kind::Staff.read("salesAgentId", &input.sales_agent_id)?;
            service::assign(&request.services, &request.viewer, prospect_id, sales_agent_id).await
        };
        AssignProspectPayload::of(outcome.await)
    }
}
