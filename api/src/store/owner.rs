//! Owners, who owns what, and contacts with them.

use std::collections::HashMap;

use entity::{
    owner::{Column, Entity, Model},
    ownership,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    auth::{
        scope::{beneath, owners_among, ownerships_of},
        viewer::Viewer,
    },
    error::Result,
};

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    let rows = Entity::find().filter(owners_among(viewer, ids)).all(conn).await?;
    Ok(rows.into_iter().map(|owner| (owner.id, owner)).collect())
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The present owners of these units who exist for the viewer, as joined rows of both tables.
pub(super) fn living_in(viewer: &Viewer, units: &[Uuid]) -> Condition {
    let now = ownerships_of(viewer, units).add(ownership::Column::EndedOn.is_null());
    now.add(beneath::owners_of_home(viewer))
}

/// The present owners of each of these units, in the order of the contract.
pub async fn of_units(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = ownership::Entity::find()
        .find_also_related(Entity)
        .filter(living_in(viewer, units))
        .order_by_asc(ownership::Column::Position)
        .order_by_asc(ownership::Column::Id)
        .all(conn)
        .await?;
    let mut by_unit: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for (ownership, owner) in rows {
        by_unit.entry(ownership.unit_id).or_default().extend(owner);
    }
    Ok(by_unit)
}

/// Whether an owner owns a unit at this moment.
pub async fn owns(conn: &impl ConnectionTrait, owner_id: Uuid, unit_id: Uuid) -> Result<bool> {
    let now = Condition::all()
        .add(ownership::Column::OwnerId.eq(owner_id))
        .add(ownership::Column::UnitId.eq(unit_id))
        .add(ownership::Column::EndedOn.is_null());
    Ok(ownership::Entity::find().filter(now).count(conn).await? > 0)
}

/// Every present owner of a unit, for routing its events.
pub async fn owner_ids_of_units(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = ownership::Entity::find()
        .filter(ownership::Column::UnitId.is_in(units.iter().copied()))
        .filter(ownership::Column::EndedOn.is_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.owner_id)).collect())
}

/// An identity number as it is kept.
#[derive(Clone, Debug)]
pub struct KeptIdentity {
    pub hash: String,
    pub sealed: Vec<u8>,
    pub masked: String,
}

/// Keeps an owner's identity number. One that another owner has is kept without its hash: whoever records it learns
/// nothing about the other. False when both were recorded in the same moment.
pub async fn keep_identity(conn: &impl ConnectionTrait, id: Uuid, kept: KeptIdentity) -> Result<bool> {
    use sea_orm::{ActiveValue::Set, SqlErr};
    let others = Entity::find().filter(Column::IdentityHash.eq(&kept.hash)).filter(Column::Id.ne(id));
    let is_new = others.count(conn).await? == 0;
    let row = entity::owner::ActiveModel {
        identity_hash: Set(is_new.then_some(kept.hash)),
        identity_sealed: Set(Some(kept.sealed)),
        identity_masked: Set(Some(kept.masked)),
        ..Default::default()
    };
    match Entity::update_many().set(row).filter(Column::Id.eq(id)).exec(conn).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The owner with this phone, by the number's keyed hash: for signing in only.
pub async fn by_phone_hash(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::PhoneHash.eq(hash)).one(conn).await?)
}

/// The homes that a contact with an owner may be about: theirs that the viewer sees.
pub async fn units_for_contact(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    owner_id: Uuid,
) -> Result<Vec<entity::unit::Model>> {
    let filter = super::unit::UnitFilter { owner_id: Some(owner_id), ..Default::default() };
    let page = crate::page::Page { limit: crate::page::MAX_PAGE, backward: false, after: None, before: None };
    let units = super::unit::list(conn, viewer, &filter, &page).await?.rows;
    Ok(units.into_iter().map(|place| place.unit).collect())
}
