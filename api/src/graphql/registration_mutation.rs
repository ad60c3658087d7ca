//! Registering for activities, and being there.

use async_graphql::{Context, ID, InputObject, Object};

use super::{activity::ActivityRegistration, context::Ask, id::Kind, user_error::payloads};
use crate::{error::Result, service::registration};

/// Registers for an activity.
#[derive(InputObject)]
pub struct RegisterForActivityInput {
    /// Which activity; published, and not begun.
    activity_id: ID,
    /// Staff: which customer. Owners leave it out.
    owner_id: Option<ID>,
}

/// Gives a seat or a place in the wait list up.
#[derive(InputObject)]
pub struct CancelRegistrationInput {
    /// Which registration.
    registration_id: ID,
}

/// Writes down who came.
#[derive(InputObject)]
pub struct RecordAttendanceInput {
    /// Whose registration.
    registration_id: ID,
    /// False takes an error back.
    #[graphql(default = true)]
    attended: bool,
}

payloads! {
    /// The registration.
    RegisterForActivityPayload {
        /// The registration; null when the call was refused.
        registration: ActivityRegistration
    }
    /// The registration that was cancelled.
    CancelRegistrationPayload {
        /// The registration; null when the call was refused.
        registration: ActivityRegistration
    }
    /// The registration of who came.
    RecordAttendancePayload {
        /// The registration; null when the call was refused.
        registration: ActivityRegistration
    }
}

/// Taking part.
#[derive(Default)]
pub struct RegistrationMutations;

#[Object]
impl RegistrationMutations {
    /// Registers for an activity: oneself, or for staff a customer whom they serve. With no free seat it is a place at the end of the wait list. Safe to repeat. Refused with TOO_EARLY while a lecture is open only to those who are about to renovate.
    async fn register_for_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RegisterForActivityInput,
    ) -> Result<RegisterForActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            let owner_id = Kind::Owner.read_optional("ownerId", input.owner_id.as_ref())?;
            registration::register(&request.services, &request.viewer, id, owner_id).await
        };
        RegisterForActivityPayload::of(outcome.await)
    }

    /// Gives a seat or a place in the wait list up, before the activity begins. A seat goes to the first who waits. Safe to repeat.
    async fn cancel_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelRegistrationInput,
    ) -> Result<CancelRegistrationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::ActivityRegistration.read("registrationId", &input.registration_id)?;
            registration::cancel(&request.services, &request.viewer, id).await
        };
        CancelRegistrationPayload::of(outcome.await)
    }

    /// Writes down that a customer came, from an hour before the start until the activity is closed.
    async fn record_attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordAttendanceInput,
    ) -> Result<RecordAttendancePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::ActivityRegistration.read("registrationId", &input.registration_id)?;
            registration::record_attendance(&request.services, &request.viewer, id, input.attended).await
        };
        RecordAttendancePayload::of(outcome.await)
    }
}
