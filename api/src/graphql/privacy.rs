//! What is personal: full identity numbers, the export of one person's data, and their erasure.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    context::Ask,
    id::Kind,
    owner::Owner,
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::{erasure, privacy},
};

/// Shows a customer's full identity number.
#[derive(InputObject)]
pub struct RevealIdentityNumberInput {
    /// Whose number.
    owner_id: ID,
    /// What for, at most 500 characters; kept in the audit log.
    reason: String,
}

/// The full identity number.
#[derive(SimpleObject)]
pub struct RevealIdentityNumberPayload {
    /// The number of 18 characters; null when there is none, or the call was refused.
    identity_number: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Records a customer's identity number.
#[derive(InputObject)]
pub struct RecordIdentityNumberInput {
    /// Whose number.
    owner_id: ID,
    /// The 18 characters of the identity card (GB 11643); spaces and full-width forms are understood.
    identity_number: String,
}

payloads! {
    /// The customer whose number was recorded.
    RecordIdentityNumberPayload {
        /// The customer; null when the call was refused.
        owner: Owner
    }
}

/// Gathers everything that is held about one person.
#[derive(InputObject)]
pub struct ExportPersonalDataInput {
    /// Whose data: an owner's own, or for a manager those of a customer who asked for them.
    owner_id: ID,
    /// For staff: what for, at most 500 characters; kept in the audit log.
    reason: Option<String>,
}

/// What is held about one person.
#[derive(SimpleObject)]
pub struct ExportPersonalDataPayload {
    /// The text of a JSON document, to be saved as a file: the person, homes, contracts, tickets, contacts, documents, surveys, bulletins, activities, devices and sessions. A manager gets what belongs to own projects. Null when the call was refused.
    document: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Erases one person's data.
#[derive(InputObject)]
pub struct EraseOwnerInput {
    /// Whose data: an owner's own, or for a manager those of a customer who asked for it.
    owner_id: ID,
    /// Why, at most 500 characters. Staff must say it; for owners their own wish is enough.
    reason: Option<String>,
}

/// When the data were erased.
#[derive(SimpleObject)]
pub struct EraseOwnerPayload {
    /// The instant; null when the call was refused.
    erased_at: Option<DateTime<Utc>>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Personal data.
#[derive(Default)]
pub struct PrivacyMutations;

#[Object]
impl PrivacyMutations {
    /// Shows a customer's full identity number to staff who need it. Each call is written to the audit log.
    async fn reveal_identity_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RevealIdentityNumberInput,
    ) -> Result<RevealIdentityNumberPayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            privacy::reveal_identity(&request.services, &request.viewer, owner_id, &input.reason).await
        };
        let (number, user_errors) = settle(outcome.await)?;
        Ok(RevealIdentityNumberPayload { identity_number: number.flatten(), user_errors })
    }

    /// Records a customer's identity number, in place of one that was there. It is kept encrypted and shown masked.
    async fn record_identity_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordIdentityNumberInput,
    ) -> Result<RecordIdentityNumberPayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            privacy::record_identity(&request.services, &request.viewer, owner_id, &input.identity_number).await
        };
        RecordIdentityNumberPayload::of(outcome.await)
    }

    /// Gathers everything that is held about one person. Each call is written to the audit log.
    async fn export_personal_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ExportPersonalDataInput,
    ) -> Result<ExportPersonalDataPayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            privacy::export(&request.services, &request.viewer, owner_id, input.reason.as_deref()).await
        };
        let (document, user_errors) = settle(outcome.await)?;
        Ok(ExportPersonalDataPayload { document, user_errors })
    }

    /// Erases one person's data for good: name, numbers, file, devices and the words of contacts are gone, every session ends; what the books need stays without a name. Refused with NOT_AVAILABLE while a home, a contract, a handover or an open ticket binds both sides.
    async fn erase_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EraseOwnerInput,
    ) -> Result<EraseOwnerPayload> {
        let request = ctx.ask();
        let outcome = async {
            let owner_id = Kind::Owner.read("ownerId", &input.owner_id)?;
            erasure::erase(&request.services, &request.viewer, owner_id, input.reason.as_deref()).await
        };
        let (erased_at, user_errors) = settle(outcome.await)?;
        Ok(EraseOwnerPayload { erased_at, user_errors })
    }
}
