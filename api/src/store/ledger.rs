//! What the import of a ledger reads and writes in bulk. It sees the whole company, as the system does. Look-ups go by a
//! chunk of keys and writes by a few hundred rows, so that 100,000 rows take some thousand statements and no statement
//! comes near the 32,766 values that SQLite binds. What is to be written is decided by the use case.

use entity::{
    ambassador_assignment, building, contract, owner, ownership, project, staff, staff_project, unit,
    vocab::OwnerStage, warranty_item,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, DbBackend, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QuerySelect, QueryTrait, Value, sea_query::OnConflict,
};
use uuid::Uuid;

use super::db::Tx;
use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
};

/// What can be read from: the readers' pool, or a transaction.
pub use sea_orm::ConnectionTrait as Source;

/// The widest table has eleven columns.
const ROWS_A_STATEMENT: usize = 500;
const KEYS_A_STATEMENT: usize = 5_000;

/// Makes imports go one after the other, and lets nobody else make the same owner or hand over the same household in
/// between. Everybody may read meanwhile, and work on tickets. On SQLite the transaction itself does so.
pub async fn lock(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(
            "LOCK TABLE projects, buildings, units, staff, staff_projects, owners, ownerships, contracts, \
             warranty_items, ambassador_assignments IN SHARE ROW EXCLUSIVE MODE",
        )
        .await?;
    }
    Ok(())
}

pub async fn projects(conn: &impl Source) -> Result<Vec<project::Model>> {
    rows::<project::Entity>(conn, Condition::all()).await
}

pub async fn buildings(conn: &impl Source) -> Result<Vec<building::Model>> {
    rows::<building::Entity>(conn, Condition::all()).await
}

pub async fn staff(conn: &impl Source) -> Result<Vec<staff::Model>> {
    rows::<staff::Entity>(conn, Condition::all()).await
}

pub async fn staff_projects(conn: &impl Source) -> Result<Vec<staff_project::Model>> {
    Ok(staff_project::Entity::find().all(conn).await?)
}

/// The units of these buildings that have one of these room numbers: the wanted ones and few others.
pub async fn units_at(conn: &impl Source, buildings: &[Uuid], rooms: &[&str]) -> Result<Vec<unit::Model>> {
    let rooms = unit::Column::Room.is_in(rooms.iter().copied());
    keyed::<unit::Entity, _>(conn, unit::Column::BuildingId, buildings, Condition::all().add(rooms)).await
}

pub async fn units(conn: &impl Source, ids: &[Uuid]) -> Result<Vec<unit::Model>> {
    keyed::<unit::Entity, _>(conn, unit::Column::Id, ids, Condition::all()).await
}

pub async fn contracts_by_number(conn: &impl Source, numbers: &[&str]) -> Result<Vec<contract::Model>> {
    keyed::<contract::Entity, _>(conn, contract::Column::Number, numbers, Condition::all()).await
}

pub async fn contracts_of(conn: &impl Source, units: &[Uuid]) -> Result<Vec<contract::Model>> {
    keyed::<contract::Entity, _>(conn, contract::Column::UnitId, units, Condition::all()).await
}

/// Who owns these units and who did.
pub async fn ownerships_of(conn: &impl Source, units: &[Uuid]) -> Result<Vec<ownership::Model>> {
    keyed::<ownership::Entity, _>(conn, ownership::Column::UnitId, units, Condition::all()).await
}

pub async fn warranties_of(conn: &impl Source, units: &[Uuid]) -> Result<Vec<warranty_item::Model>> {
    keyed::<warranty_item::Entity, _>(conn, warranty_item::Column::UnitId, units, Condition::all()).await
}

pub async fn owners(conn: &impl Source, ids: &[Uuid]) -> Result<Vec<owner::Model>> {
    keyed::<owner::Entity, _>(conn, owner::Column::Id, ids, Condition::all()).await
}

pub async fn owners_by_identity(conn: &impl Source, hashes: &[&str]) -> Result<Vec<owner::Model>> {
    keyed::<owner::Entity, _>(conn, owner::Column::IdentityHash, hashes, Condition::all()).await
}

pub async fn owners_by_phone(conn: &impl Source, hashes: &[&str]) -> Result<Vec<owner::Model>> {
    keyed::<owner::Entity, _>(conn, owner::Column::PhoneHash, hashes, Condition::all()).await
}

/// The owners with one of these names whose phone can't be looked up, because somebody else signs in with it.
pub async fn owners_sharing_a_phone(conn: &impl Source, names: &[&str]) -> Result<Vec<owner::Model>> {
    let sharing =
        Condition::all().add(owner::Column::PhoneHash.is_null()).add(owner::Column::PhoneSealed.is_not_null());
    keyed::<owner::Entity, _>(conn, owner::Column::Name, names, sharing).await
}

/// Of these owners, those who own no home any more become former ones. Returns where each of them stood.
pub async fn retire_owners(conn: &impl Source, ids: &[Uuid]) -> Result<Vec<(Uuid, OwnerStage)>> {
    let owning = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::OwnerId)
        .filter(ownership::Column::EndedOn.is_null())
        .into_query();
    let row = owner::ActiveModel { stage: ActiveValue::Set(OwnerStage::Former), ..Default::default() };
    let mut retired = Vec::new();
    for chunk in ids.chunks(KEYS_A_STATEMENT) {
        let leaving: Vec<(Uuid, OwnerStage)> = owner::Entity::find()
            .select_only()
            .column(owner::Column::Id)
            .column(owner::Column::Stage)
            .filter(owner::Column::Id.is_in(chunk.iter().copied()))
            .filter(owner::Column::Stage.ne(OwnerStage::Former))
            .filter(owner::Column::Id.not_in_subquery(owning.clone()))
            .into_tuple()
            .all(conn)
            .await?;
        let leavers = owner::Column::Id.is_in(leaving.iter().map(|(id, _)| *id));
        owner::Entity::update_many().set(row.clone()).filter(leavers).exec(conn).await?;
        retired.extend(leaving);
    }
    Ok(retired)
}

/// Adds rows.
pub async fn insert<E>(conn: &impl Source, rows: &[E::Model]) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        E::insert_many(active::<E>(chunk)).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// A table whose existing rows an import may change.
pub trait Updated: EntityTrait {
    const KEY: Self::Column;
    const CHANGING: &'static [Self::Column];
}

/// Writes existing rows anew, the columns of [`Updated::CHANGING`] only. SQL has no update of many rows to different
/// values on both databases; an insertion that meets each row's own key does the same.
pub async fn update<E>(conn: &impl Source, rows: &[E::Model]) -> Result<()>
where
    E: Updated,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        let same_row = OnConflict::column(E::KEY).update_columns(E::CHANGING.iter().copied()).to_owned();
        E::insert_many(active::<E>(chunk)).on_conflict(same_row).exec_without_returning(conn).await?;
    }
    Ok(())
}

impl Updated for unit::Entity {
    const KEY: unit::Column = unit::Column::Id;
    const CHANGING: &'static [unit::Column] = &[unit::Column::FloorAreaCenti, unit::Column::HandedOverOn];
}

impl Updated for owner::Entity {
    const KEY: owner::Column = owner::Column::Id;
    const CHANGING: &'static [owner::Column] = &[
        owner::Column::Name,
        owner::Column::PhoneHash,
        owner::Column::PhoneSealed,
        owner::Column::PhoneMasked,
        owner::Column::IdentityHash,
        owner::Column::IdentitySealed,
        owner::Column::IdentityMasked,
        owner::Column::Stage,
    ];
}

impl Updated for ownership::Entity {
    const KEY: ownership::Column = ownership::Column::Id;
    const CHANGING: &'static [ownership::Column] =
        &[ownership::Column::Position, ownership::Column::StartedOn, ownership::Column::EndedOn];
}

impl Updated for contract::Entity {
    const KEY: contract::Column = contract::Column::Id;
    const CHANGING: &'static [contract::Column] = &[
        contract::Column::SignedOn,
        contract::Column::HandoverDueOn,
        contract::Column::HandedOverOn,
        contract::Column::Status,
    ];
}

impl Updated for warranty_item::Entity {
    const KEY: warranty_item::Column = warranty_item::Column::Id;
    const CHANGING: &'static [warranty_item::Column] = &[
        warranty_item::Column::ContractId,
        warranty_item::Column::StartsOn,
        warranty_item::Column::ExpiresOn,
        warranty_item::Column::NoticedAt,
    ];
}

/// Who answers for these units now, by unit.
pub async fn ambassadors_of(conn: &impl Source, units: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    use ambassador_assignment::{Column, Entity};
    let current = Condition::all().add(Column::EndedAt.is_null());
    let rows = keyed::<Entity, _>(conn, Column::UnitId, units, current).await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.staff_id)).collect())
}

fn active<E>(rows: &[E::Model]) -> impl Iterator<Item = E::ActiveModel>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    rows.iter().cloned().map(|row| row.into_active_model().reset_all())
}

async fn rows<E>(conn: &impl Source, condition: Condition) -> Result<Vec<E::Model>>
where
    E: Scoped,
    E::Model: ModelTrait + Send + Sync,
{
    Ok(super::find::<E>(&Viewer::system()).filter(condition).all(conn).await?)
}

/// The rows with one of these keys, in no order.
async fn keyed<E, K>(conn: &impl Source, key: E::Column, keys: &[K], also: Condition) -> Result<Vec<E::Model>>
where
    E: Scoped,
    E::Model: ModelTrait + Send + Sync,
    K: Copy + Into<Value>,
{
    let mut found = Vec::new();
    for chunk in keys.chunks(KEYS_A_STATEMENT) {
        let condition = also.clone().add(key.is_in(chunk.iter().copied()));
        found.extend(rows::<E>(conn, condition).await?);
    }
    Ok(found)
}
