//! What staff do with households and with each other's duties.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::interaction;

use super::{
    context::Ask,
    enums::{Channel, Direction},
    id::Kind,
    loaders::{OwnerOf, PlaceOf, ProjectOf, StaffOf},
    owner::Owner,
    scalar::{Date, optional_instant},
    staff::Staff,
    unit::{Project, Unit},
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::{
        company,
        household::{self, Contact},
    },
};

/// A contact with a customer.
pub struct Interaction(pub interaction::Model);

impl From<interaction::Model> for Interaction {
    fn from(row: interaction::Model) -> Self {
        Self(row)
    }
}

/// A contact with a customer, written down by staff. Owners do not see it.
#[Object]
impl Interaction {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Interaction.id(self.0.id)
    }

    /// The way it took place.
    async fn channel(&self) -> Channel {
        self.0.channel.into()
    }

    /// Who began it.
    async fn direction(&self) -> Direction {
        self.0.direction.into()
    }

    /// What was said.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// When to get in touch again; null when nothing is open.
    async fn next_follow_up_at(&self) -> Option<DateTime<Utc>> {
        self.0.next_follow_up_at
    }

    /// When the next contact with the customer in the same project took place, which settles the follow-up; null when none was promised or it is open.
    async fn followed_up_at(&self) -> Option<DateTime<Utc>> {
        self.0.followed_up_at
    }

    /// When it took place.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// The customer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// The project it was about.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The home it was about; null for a customer who had none yet.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.ask().find(PlaceOf(self.0.unit_id?), Unit::from).await
    }

    /// Who wrote it down.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id), Staff).await
    }
}

/// Shows a customer's full number.
#[derive(InputObject)]
pub struct RevealPhoneInput {
    /// Whose number.
    owner_id: ID,
    /// What for; kept in the audit log, at most 500 characters.
    reason: Option<String>,
}

/// Writes down a contact.
#[derive(InputObject)]
pub struct RecordInteractionInput {
    /// The customer.
    owner_id: ID,
    /// The home it was about; the customer's first one when left out.
    unit_id: Option<ID>,
    /// The project it was about, for a customer who has no home yet; the first in which the customer looks at homes when left out.
    project_id: Option<ID>,
    /// The way it took place.
    channel: Channel,
    /// Who began it.
    #[graphql(default_with = "Direction::Inbound")]
    direction: Direction,
    /// What was said; at most 2000 characters.
    summary: String,
    /// When to get in touch again; in the future.
    next_follow_up_at: Option<DateTime<Utc>>,
}

/// Hands one ambassador's households to another.
#[derive(InputObject)]
pub struct TransferHouseholdsInput {
    /// Who gives them up.
    from_staff_id: ID,
    /// Who takes them over.
    to_staff_id: ID,
}

/// Writes down a training that was passed.
#[derive(InputObject)]
pub struct RecordTrainingInput {
    /// Who passed it.
    staff_id: ID,
    /// What it was about; at most 200 characters.
    topic: String,
    /// When it was passed.
    passed_on: Date,
    /// The last day on which it counts.
    expires_on: Date,
}

/// The full number.
#[derive(SimpleObject)]
pub struct RevealPhonePayload {
    /// The number of 11 digits; null when there is none, or the call was refused.
    phone: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// How many households were handed over.
#[derive(SimpleObject)]
pub struct TransferHouseholdsPayload {
    /// How many; null when the call was refused.
    household_count: Option<i32>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

payloads! {
    /// The contact that was written down.
    RecordInteractionPayload {
        /// The contact; null when the call was refused.
        interaction: Interaction
    }
    /// The member of staff whose training was written down.
    RecordTrainingPayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
}

/// Households and duties.
#[derive(Default)]
pub struct HouseholdMutations;

#[Object]
impl HouseholdMutations {
    /// Shows a customer's full number to staff who serve the customer. Each call is written to the audit log.
    async fn reveal_phone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RevealPhoneInput,
    ) -> Result<RevealPhonePayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            household::reveal_phone(&request.services, &request.viewer, owner_id, input.reason.as_deref()).await
        };
        let (phone, user_errors) = settle(outcome.await)?;
        Ok(RevealPhonePayload { phone: phone.flatten(), user_errors })
    }

    /// Writes down a contact with a customer.
    async fn record_interaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordInteractionInput,
    ) -> Result<RecordInteractionPayload> {
        let request = ctx.ask();
        let outcome = async {
            let contact = Contact {
                owner_id: Kind::Owner.read("ownerId", &input.owner_id)?,
                unit_id: Kind::Unit.read_optional("unitId", input.unit_id.as_ref())?,
                project_id: Kind::Project.read_optional("projectId", input.project_id.as_ref())?,
                channel: input.channel.into(),
                direction: input.direction.into(),
                summary: input.summary,
                next_follow_up_at: optional_instant("nextFollowUpAt", input.next_follow_up_at)?,
            };
            household::record_interaction(&request.services, &request.viewer, contact).await
        };
        RecordInteractionPayload::of(outcome.await)
    }

    /// Hands all households of one ambassador to another, from this moment on.
    async fn transfer_households(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TransferHouseholdsInput,
    ) -> Result<TransferHouseholdsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let from = Kind::Staff.read("fromStaffId", &input.from_staff_id)?;
            let to = Kind::Staff.read("toStaffId", &input.to_staff_id)?;
            household::transfer_households(&request.services, &request.viewer, from, to).await
        };
        let (count, user_errors) = settle(outcome.await)?;
        let household_count = count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        Ok(TransferHouseholdsPayload { household_count, user_errors })
    }

    /// Writes down a training. Staff without a valid one can't be given tickets.
    async fn record_training(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordTrainingInput,
    ) -> Result<RecordTrainingPayload> {
        let request = ctx.ask();
        let outcome = async {
            let staff_id = Kind::Staff.read("staffId", &input.staff_id)?;
            let validity = (input.passed_on.0, input.expires_on.0);
            company::record_training(&request.services, &request.viewer, staff_id, &input.topic, validity).await
        };
        RecordTrainingPayload::of(outcome.await)
    }
}
