//! Erasing one person: what binds them, what is emptied, what is deleted. For that use case only: it sees every row.

use chrono::{DateTime, Utc};
use entity::{
    activity_opinion, calendar_feed, contract, contract_party, device, erasure, handover, idempotency_key, interaction,
    owner, owner_document, ownership, prospect, session, sign_in_code, ticket,
    vocab::{ContractStatus, HandoverStatus},
};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::error::Result;

/// What stands where the name stood.
pub const NOBODY: &str = "已注销客户";

/// Writes down that a customer was erased; false when that was done before.
pub async fn add(conn: &impl ConnectionTrait, row: erasure::Model) -> Result<bool> {
    super::insert_new(erasure::Entity, conn, row, [erasure::Column::OwnerId]).await
}

/// Takes name and numbers away. On PostgreSQL this also keeps others from pointing new rows at the customer.
pub async fn empty_owner(conn: &impl ConnectionTrait, owner_id: Uuid) -> Result<()> {
    let row = owner::ActiveModel {
        name: ActiveValue::Set(NOBODY.to_owned()),
        phone_hash: ActiveValue::Set(None),
        phone_sealed: ActiveValue::Set(None),
        phone_masked: ActiveValue::Set(None),
        identity_hash: ActiveValue::Set(None),
        identity_sealed: ActiveValue::Set(None),
        identity_masked: ActiveValue::Set(None),
        ..Default::default()
    };
    owner::Entity::update_many().set(row).filter(owner::Column::Id.eq(owner_id)).exec(conn).await?;
    Ok(())
}

/// Whether a home, a contract that is not fulfilled, a handover or an open ticket binds a customer.
pub async fn is_bound(conn: &impl ConnectionTrait, owner_id: Uuid) -> Result<bool> {
    let homes = ownership::Entity::find()
        .filter(ownership::Column::OwnerId.eq(owner_id))
        .filter(ownership::Column::EndedOn.is_null());
    let bought = contract_party::Entity::find()
        .select_only()
        .column(contract_party::Column::ContractId)
        .filter(contract_party::Column::OwnerId.eq(owner_id))
        .into_query();
    let contracts = contract::Entity::find()
        .filter(contract::Column::Id.in_subquery(bought))
        .filter(contract::Column::Status.is_in([ContractStatus::Draft, ContractStatus::Signed]));
    let handovers = handover::Entity::find()
        .filter(handover::Column::OwnerId.eq(owner_id))
        .filter(handover::Column::Status.is_in([HandoverStatus::Booked, HandoverStatus::InProgress]));
    let tickets = ticket::Entity::find()
        .filter(ticket::Column::ReporterOwnerId.eq(owner_id))
        .filter(ticket::Column::IsOpen.eq(true));
    Ok(homes.count(conn).await? > 0
        || contracts.count(conn).await? > 0
        || handovers.count(conn).await? > 0
        || tickets.count(conn).await? > 0)
}

/// What was said with and written about a customer: contacts lose their words, the file is emptied, opinions lose their
/// author and go on counting, and nobody looks at homes for them any more.
pub async fn forget_contacts(conn: &impl ConnectionTrait, owner_id: Uuid) -> Result<()> {
    let silent = interaction::ActiveModel {
        summary: ActiveValue::Set(String::new()),
        next_follow_up_at: ActiveValue::Set(None),
        ..Default::default()
    };
    interaction::Entity::update_many().set(silent).filter(interaction::Column::OwnerId.eq(owner_id)).exec(conn).await?;
    owner_document::Entity::delete_many().filter(owner_document::Column::OwnerId.eq(owner_id)).exec(conn).await?;
    let nobody = activity_opinion::ActiveModel { owner_id: ActiveValue::Set(None), ..Default::default() };
    activity_opinion::Entity::update_many()
        .set(nobody)
        .filter(activity_opinion::Column::OwnerId.eq(owner_id))
        .exec(conn)
        .await?;
    prospect::Entity::delete_many().filter(prospect::Column::OwnerId.eq(owner_id)).exec(conn).await?;
    Ok(())
}

/// What a customer came in with: phones, codes, remembered calls, calendar links, the names of devices.
pub async fn forget_access(conn: &impl ConnectionTrait, owner: &owner::Model, now: DateTime<Utc>) -> Result<()> {
    let id = owner.id;
    device::Entity::delete_many().filter(device::Column::PrincipalId.eq(id)).exec(conn).await?;
    super::notification::forget(conn, id).await?;
    idempotency_key::Entity::delete_many().filter(idempotency_key::Column::PrincipalId.eq(id)).exec(conn).await?;
    if let Some(hash) = &owner.phone_hash {
        sign_in_code::Entity::delete_many().filter(sign_in_code::Column::PhoneHash.eq(hash)).exec(conn).await?;
    }
    let revoked = calendar_feed::ActiveModel { revoked_at: ActiveValue::Set(Some(now)), ..Default::default() };
    calendar_feed::Entity::update_many()
        .set(revoked)
        .filter(calendar_feed::Column::PrincipalId.eq(id))
        .filter(calendar_feed::Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    let unnamed = session::ActiveModel { device_name: ActiveValue::Set(None), ..Default::default() };
    session::Entity::update_many().set(unnamed).filter(session::Column::PrincipalId.eq(id)).exec(conn).await?;
    Ok(())
}
