//! Contractors and the parts they answer for.

use async_graphql::{Context, ID, InputObject, Object};
use entity::contractor;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::WarrantyPart,
    id::Kind,
    loaders::{PartsOfContractor, ProjectOf},
    unit::Project,
    user_error::payloads,
};
use crate::{
    error::Result,
    service::contractor::{self as service, ContractorChange, NewContractor},
    store,
};

/// A company that built a part of a project's homes.
pub struct Contractor(pub contractor::Model);

impl From<contractor::Model> for Contractor {
    fn from(row: contractor::Model) -> Self {
        Self(row)
    }
}

/// A company that built a part of a project's homes and puts right what it owes. Visible to the project's staff who deal with contractors.
#[Object]
impl Contractor {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Contractor.id(self.0.id)
    }

    /// The name, unique in the project.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whom to talk to; null when unknown.
    async fn contact_name(&self) -> Option<&str> {
        self.0.contact_name.as_deref()
    }

    /// The number to call; null when unknown.
    async fn contact_phone(&self) -> Option<&str> {
        self.0.contact_phone.as_deref()
    }

    /// Whether it still works for the project. Nothing is collected for one that does not.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The parts it answers for. Each part of a project has one contractor at most.
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<WarrantyPart>> {
        let parts = ctx.ask().load(PartsOfContractor(self.0.id)).await?.unwrap_or_default();
        Ok(parts.into_iter().map(Into::into).collect())
    }
}

/// Enters a contractor.
#[derive(InputObject)]
pub struct CreateContractorInput {
    /// The project.
    project_id: ID,
    /// The name: at most 120 characters, unique in the project.
    name: String,
    /// Whom to talk to; at most 120 characters.
    contact_name: Option<String>,
    /// The number to call; at most 40 characters.
    contact_phone: Option<String>,
    /// The parts it answers for; taken from whoever had them.
    #[graphql(default)]
    parts: Vec<WarrantyPart>,
}

/// Changes a contractor. What is left out stays.
#[derive(InputObject)]
pub struct UpdateContractorInput {
    /// The contractor.
    contractor_id: ID,
    /// The name: at most 120 characters, unique in the project.
    name: Option<String>,
    /// Whom to talk to; at most 120 characters.
    contact_name: Option<String>,
    /// The number to call; at most 40 characters.
    contact_phone: Option<String>,
    /// Whether it still works for the project.
    is_active: Option<bool>,
}

/// Says which parts a contractor answers for.
#[derive(InputObject)]
pub struct AssignContractorPartsInput {
    /// The contractor.
    contractor_id: ID,
    /// Exactly these parts, taken from whoever had them.
    parts: Vec<WarrantyPart>,
}

payloads! {
    /// The contractor that was entered.
    CreateContractorPayload {
        /// The contractor; null when the call was refused.
        contractor: Contractor
    }
    /// The contractor that was changed.
    UpdateContractorPayload {
        /// The contractor; null when the call was refused.
        contractor: Contractor
    }
    /// The contractor that was given parts.
    AssignContractorPartsPayload {
        /// The contractor; null when the call was refused.
        contractor: Contractor
    }
}

/// Reading contractors.
#[derive(Default)]
pub struct ContractorQueries;

#[Object]
impl ContractorQueries {
    /// The contractors that you may see, in the order in which they were entered.
    async fn contractors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this project.")] project_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Contractor>> {
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        let list = store::contractor::list(&ctx.ask().viewer, project_id);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Keeping the list of contractors.
#[derive(Default)]
pub struct ContractorMutations;

#[Object]
impl ContractorMutations {
    /// Enters a contractor of a project with the parts it answers for.
    async fn create_contractor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateContractorInput,
    ) -> Result<CreateContractorPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewContractor {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                name: input.name,
                contact_name: input.contact_name,
                contact_phone: input.contact_phone,
                parts: input.parts.into_iter().map(Into::into).collect(),
            };
            service::create(&request.services, &request.viewer, new).await
        };
        CreateContractorPayload::of(outcome.await)
    }

    /// Changes a contractor's name, contact, or whether it still works for the project.
    async fn update_contractor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateContractorInput,
    ) -> Result<UpdateContractorPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Contractor.read("contractorId", &input.contractor_id)?;
            let change = ContractorChange {
                name: input.name,
                contact_name: input.contact_name,
                contact_phone: input.contact_phone,
                is_active: input.is_active,
            };
            service::update(&request.services, &request.viewer, id, change).await
        };
        UpdateContractorPayload::of(outcome.await)
    }

    /// Says which parts a contractor answers for: what owners report about them before the warranty ends goes to it.
    async fn assign_contractor_parts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignContractorPartsInput,
    ) -> Result<AssignContractorPartsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Contractor.read("contractorId", &input.contractor_id)?;
            let parts = input.parts.into_iter().map(Into::into).collect();
            service::assign_parts(&request.services, &request.viewer, id, parts).await
        };
        AssignContractorPartsPayload::of(outcome.await)
    }
}
