//! Keeping decoration partners: entering and naming them, their secrets, shutting them out.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    context::Ask,
    id::Kind,
    lecture::Partner,
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::partner::{self as service, Secret},
};

/// Enters a partner.
#[derive(InputObject)]
pub struct CreatePartnerInput {
    /// The name: at most 120 characters, that of no other partner.
    name: String,
}

/// Gives a partner another name.
#[derive(InputObject)]
pub struct UpdatePartnerInput {
    /// The partner.
    partner_id: ID,
    /// The name: at most 120 characters, that of no other partner.
    name: String,
}

/// Gives a partner a new secret.
#[derive(InputObject)]
pub struct RotatePartnerSecretInput {
    /// The partner.
    partner_id: ID,
    /// For how many hours the old secret is good beside the new one: 0 to 168; 24 when it is left out.
    overlap_hours: Option<i32>,
}

/// Ends a partner's old secret.
#[derive(InputObject)]
pub struct EndOldPartnerSecretInput {
    /// The partner.
    partner_id: ID,
}

/// Shuts a partner out.
#[derive(InputObject)]
pub struct DisablePartnerInput {
    /// The partner.
    partner_id: ID,
}

/// Lets a partner in again.
#[derive(InputObject)]
pub struct EnablePartnerInput {
    /// The partner.
    partner_id: ID,
}

payloads! {
    /// The partner that was named.
    UpdatePartnerPayload {
        /// The partner; null when the call was refused.
        partner: Partner
    }
    /// The partner whose old secret was ended.
    EndOldPartnerSecretPayload {
        /// The partner; null when the call was refused.
        partner: Partner
    }
    /// The partner that was shut out.
    DisablePartnerPayload {
        /// The partner; null when the call was refused.
        partner: Partner
    }
    /// The partner that was let in again.
    EnablePartnerPayload {
        /// The partner; null when the call was refused.
        partner: Partner
    }
}

/// The partner that was entered, and its secret.
#[derive(SimpleObject)]
pub struct CreatePartnerPayload {
    /// The partner; null when the call was refused.
    partner: Option<Partner>,
    /// For what it takes tokens, with its `clientId`. It is shown this once; null when the call was refused.
    client_secret: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// The partner, and its new secret.
#[derive(SimpleObject)]
pub struct RotatePartnerSecretPayload {
    /// The partner; null when the call was refused.
    partner: Option<Partner>,
    /// For what it takes tokens from now on. It is shown this once; null when the call was refused.
    client_secret: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Keeping partners.
#[derive(Default)]
pub struct PartnerMutations;

#[Object]
impl PartnerMutations {
    /// Enters a decoration partner, who can take tokens at once. The secret in the answer is shown this once: if the answer is lost, find the partner by its name and rotate its secret.
    async fn create_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreatePartnerInput,
    ) -> Result<CreatePartnerPayload> {
        let request = ctx.ask();
        let made = service::create(&request.services, &request.viewer, &input.name).await;
        let (made, user_errors) = settle(made)?;
        let (partner, client_secret) = apart(made);
        Ok(CreatePartnerPayload { partner, client_secret, user_errors })
    }

    /// Gives a partner another name.
    async fn update_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdatePartnerInput,
    ) -> Result<UpdatePartnerPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Partner.read("partnerId", &input.partner_id)?;
            service::rename(&request.services, &request.viewer, id, &input.name).await
        };
        UpdatePartnerPayload::of(outcome.await)
    }

    /// Gives a partner a new secret, which is shown this once. The old one is good beside it until `oldSecretEndsAt`, so that the partner can put the new one in place. Two are good at most: one that was still good beside the old one is ended. When the call ends one, with `overlapHours: 0` too, every token of the partner ends with it.
    async fn rotate_partner_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RotatePartnerSecretInput,
    ) -> Result<RotatePartnerSecretPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Partner.read("partnerId", &input.partner_id)?;
            service::rotate_secret(&request.services, &request.viewer, id, input.overlap_hours).await
        };
        let (made, user_errors) = settle(outcome.await)?;
        let (partner, client_secret) = apart(made);
        Ok(RotatePartnerSecretPayload { partner, client_secret, user_errors })
    }

    /// Ends a partner's old secret at once, such as one that others have come to know, and every token of the partner. It takes another one for its new secret.
    async fn end_old_partner_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EndOldPartnerSecretInput,
    ) -> Result<EndOldPartnerSecretPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Partner.read("partnerId", &input.partner_id)?;
            service::end_old_secret(&request.services, &request.viewer, id).await
        };
        EndOldPartnerSecretPayload::of(outcome.await)
    }

    /// Shuts a partner out at once: no new token, the old ones end, its calendar links show nothing, and nobody asks it for lectures. Those that were agreed stay.
    async fn disable_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: DisablePartnerInput,
    ) -> Result<DisablePartnerPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Partner.read("partnerId", &input.partner_id)?;
            service::disable(&request.services, &request.viewer, id).await
        };
        DisablePartnerPayload::of(outcome.await)
    }

    /// Lets a partner in again that was shut out, with the secrets that it had. Tokens of before stay worthless.
    async fn enable_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EnablePartnerInput,
    ) -> Result<EnablePartnerPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Partner.read("partnerId", &input.partner_id)?;
            service::enable(&request.services, &request.viewer, id).await
        };
        EnablePartnerPayload::of(outcome.await)
    }
}

fn apart(made: Option<Secret>) -> (Option<Partner>, Option<String>) {
    made.map(|made| (made.partner.into(), made.client_secret)).unzip()
}
