//! How owners move from stage to stage.

use std::borrow::Cow;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{owner_stage_change, vocab::PrincipalKind};

use super::{
    context::Ask,
    enums::OwnerStage,
    id::Kind,
    loaders::{OwnerOf, StaffOf},
    owner::Owner,
    ticket_event::Actor,
    user_error::payloads,
};
use crate::{error::Result, language::written, service::stage};

/// A step from one stage to the next.
pub struct StageChange(owner_stage_change::Model);

impl From<owner_stage_change::Model> for StageChange {
    fn from(row: owner_stage_change::Model) -> Self {
        Self(row)
    }
}

/// A step of an owner from one stage to another. Visible to the owner and to whoever sees the owner.
#[Object]
impl StageChange {
    /// Where the owner stood before; null for the first stage.
    async fn from_stage(&self) -> Option<OwnerStage> {
        self.0.from_stage.map(Into::into)
    }

    /// Where the owner stood after.
    async fn to_stage(&self) -> OwnerStage {
        self.0.to_stage.into()
    }

    /// Why; the owner reads it too. What the system says by itself comes in your language, what people wrote as they wrote it.
    async fn reason(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        written(self.0.written.as_ref(), &self.0.reason, ctx.ask().language)
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Who did it; null when the system did, or when that person is not visible to you.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<Actor>> {
        let id = self.0.actor_id?;
        match self.0.actor_kind {
            PrincipalKind::Owner => ctx.ask().find(OwnerOf(id), Actor::owner).await,
            PrincipalKind::Staff => ctx.ask().find(StaffOf(id), Actor::staff).await,
            PrincipalKind::Partner | PrincipalKind::System => None,
        }
    }
}

/// Moves an owner.
#[derive(InputObject)]
pub struct MoveStageInput {
    /// The owner; owners move themselves.
    owner_id: ID,
    /// The stage that is reached.
    stage: OwnerStage,
    /// Why, as in `开始装修`; the owner reads it too. At most 500 characters.
    reason: String,
}

payloads! {
    /// The owner in the new stage.
    MoveStagePayload {
        /// The owner; null when the call was refused.
        owner: Owner
    }
}

/// Stages.
#[derive(Default)]
pub struct StageMutations;

#[Object]
impl StageMutations {
    /// Brings an owner to another stage. Owners and ambassadors say when renovation begins and when it ends; sales agents, that somebody looks no more; service agents and managers all that facts bear out. Signing and handing over move the stage by themselves. An illegal jump is refused with ILLEGAL_TRANSITION.
    async fn move_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: MoveStageInput,
    ) -> Result<MoveStagePayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            let to = input.stage.into();
            stage::move_to(&request.services, &request.viewer, owner_id, to, &input.reason).await
        };
        MoveStagePayload::of(outcome.await)
    }
}
