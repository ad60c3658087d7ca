//! A contract's clauses and signature. The contract itself stands with its home.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{clause_acknowledgement, contract, contract_clause};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::ContractStatus,
    id::Kind,
    loaders::{AcknowledgementsOfClause, ContractOf, OwnerOf, StaffOf},
    owner::Owner,
    scalar::Date,
    staff::Staff,
    unit::Contract,
    user_error::payloads,
};
use crate::{
    error::Result,
    service::contract::{self as service, NewContract},
    store::{self, contract::ContractFilter},
};

impl From<contract::Model> for Contract {
    fn from(row: contract::Model) -> Self {
        Self(row)
    }
}

/// A key clause of a contract.
pub struct ContractClause(pub contract_clause::Model);

impl From<contract_clause::Model> for ContractClause {
    fn from(row: contract_clause::Model) -> Self {
        Self(row)
    }
}

/// A key clause of a contract, which each buyer must acknowledge before signing. Visible wherever the contract is.
#[Object]
impl ContractClause {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::ContractClause.id(self.0.id)
    }

    /// Its place in the contract, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Who has acknowledged it, the first first. Buyers see their own acknowledgement only.
    async fn acknowledgements(&self, ctx: &Context<'_>) -> Result<Vec<ClauseAcknowledgement>> {
        let rows = ctx.ask().load(AcknowledgementsOfClause(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(ClauseAcknowledgement).collect())
    }

    /// The contract.
    async fn contract(&self, ctx: &Context<'_>) -> Option<Result<Contract>> {
        ctx.ask().find(ContractOf(self.0.contract_id), Contract).await
    }
}

/// That a buyer has read and understood a clause.
pub struct ClauseAcknowledgement(clause_acknowledgement::Model);

/// That a buyer has read and understood a clause.
#[Object]
impl ClauseAcknowledgement {
    /// The buyer.
    async fn buyer(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// When it was said.
    async fn acknowledged_at(&self) -> DateTime<Utc> {
        self.0.acknowledged_at
    }

    /// Who took it down on paper; null when the buyer said so in the app, or when you don't see that member of staff.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.recorded_by?), Staff).await
    }
}

/// Contracts.
#[derive(Default)]
pub struct ContractQueries;

#[Object]
impl ContractQueries {
    /// The contracts that you see, the newest first: buyers their own, ambassadors those of their households, agents and managers those of their projects.
    #[allow(clippy::too_many_arguments)]
    async fn contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of one project.")] project_id: Option<ID>,
        #[graphql(desc = "Over one home.")] unit_id: Option<ID>,
        #[graphql(desc = "Only those that stand here.")] status: Option<ContractStatus>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Contract>> {
        let filter = ContractFilter {
            project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
            unit_id: Kind::Unit.read_optional("unitId", unit_id.as_ref())?,
            status: status.map(Into::into),
        };
        let list = store::contract::list(&ctx.ask().viewer, &filter);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// A key clause.
#[derive(InputObject)]
pub struct ClauseInput {
    /// The title; one line of at most 200 characters.
    title: String,
    /// The text; at most 20000 characters.
    body: String,
}

/// Prepares a contract.
#[derive(InputObject)]
pub struct DraftContractInput {
    /// The home; nobody owns it yet, and no other draft is over it.
    unit_id: ID,
    /// The contract number, which no other contract has; at most 60 characters.
    number: String,
    /// The buyers in their order, 1 to 10.
    buyer_ids: Vec<ID>,
    /// Until when the home must be handed over.
    handover_due_on: Option<Date>,
    /// The key clauses in their order, 1 to 50.
    clauses: Vec<ClauseInput>,
}

/// Acknowledges a key clause.
#[derive(InputObject)]
pub struct AcknowledgeClauseInput {
    /// The clause.
    clause_id: ID,
    /// For staff, who take it down on paper: the buyer. Buyers acknowledge for themselves.
    owner_id: Option<ID>,
}

/// Signs a contract.
#[derive(InputObject)]
pub struct SignContractInput {
    /// The draft.
    contract_id: ID,
    /// The day of the signature; today in the project's time zone when left out, never later.
    signed_on: Option<Date>,
}

/// Ends a contract.
#[derive(InputObject)]
pub struct TerminateContractInput {
    /// A draft; for managers also a signed contract before the handover.
    contract_id: ID,
    /// Why; at most 500 characters.
    reason: String,
}

payloads! {
    /// The draft.
    DraftContractPayload {
        /// The contract; null when the call was refused.
        contract: Contract
    }
    /// The clause that was acknowledged.
    AcknowledgeClausePayload {
        /// The clause; null when the call was refused.
        clause: ContractClause
    }
    /// The signed contract.
    SignContractPayload {
        /// The contract; null when the call was refused.
        contract: Contract
    }
    /// The contract that was ended.
    TerminateContractPayload {
        /// The contract; null when the call was refused.
        contract: Contract
    }
}

/// Drafting and signing contracts.
#[derive(Default)]
pub struct ContractMutations;

#[Object]
impl ContractMutations {
    /// Prepares a contract over a home, with its key clauses. The buyers see it at once. For sales agents and managers of the project.
    async fn draft_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: DraftContractInput,
    ) -> Result<DraftContractPayload> {
        let request = ctx.ask();
        let outcome = async {
            let buyer_ids = input.buyer_ids.iter().map(|id| Kind::Owner.read("buyerIds", id));
            let new = NewContract {
                unit_id: Kind::Unit.read("unitId", &input.unit_id)?,
                number: input.number,
                buyer_ids: buyer_ids.collect::<Result<_>>()?,
                handover_due_on: input.handover_due_on.map(|day| day.0),
                clauses: input.clauses.into_iter().map(|clause| (clause.title, clause.body)).collect(),
            };
            service::draft(&request.services, &request.viewer, new).await
        };
        DraftContractPayload::of(outcome.await)
    }

    /// Says that a buyer has read and understood a key clause. Repeating it changes nothing. For the buyers, and for sales agents and managers in their place.
    async fn acknowledge_clause(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AcknowledgeClauseInput,
    ) -> Result<AcknowledgeClausePayload> {
        let request = ctx.ask();
        let outcome = async {
            let clause_id = Kind::ContractClause.read("clauseId", &input.clause_id)?;
            let owner_id = Kind::Owner.read_optional("ownerId", input.owner_id.as_ref())?;
            service::acknowledge(&request.services, &request.viewer, clause_id, owner_id).await
        };
        AcknowledgeClausePayload::of(outcome.await)
    }

    /// Signs a contract: the buyers own the home from that day on. Refused with INCOMPLETE, once for each clause and buyer who has not acknowledged it; the message names both.
    async fn sign_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SignContractInput,
    ) -> Result<SignContractPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Contract.read("contractId", &input.contract_id)?;
            service::sign(&request.services, &request.viewer, id, input.signed_on.map(|day| day.0)).await
        };
        SignContractPayload::of(outcome.await)
    }

    /// Ends a draft, or a signed contract before the handover: then the buyers own the home no more. Signed ones are ended by managers.
    async fn terminate_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TerminateContractInput,
    ) -> Result<TerminateContractPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Contract.read("contractId", &input.contract_id)?;
            service::terminate(&request.services, &request.viewer, id, &input.reason).await
        };
        TerminateContractPayload::of(outcome.await)
    }
}
