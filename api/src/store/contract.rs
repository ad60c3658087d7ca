//! Contracts: who buys, which clauses they must know of, and the ownership that a signature makes.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    clause_acknowledgement as acknowledgement,
    contract::{ActiveModel, Column, Entity, Model},
    contract_clause as clause, contract_party as party, owner, ownership,
    vocab::ContractStatus,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

const IN_FORCE: [ContractStatus; 2] = [ContractStatus::Signed, ContractStatus::HandedOver];

/// Which contracts a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContractFilter {
    pub project_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub status: Option<ContractStatus>,
}

/// The newest first.
pub fn list(viewer: &Viewer, filter: &ContractFilter) -> List<Entity> {
    let mut rows = super::find::<Entity>(viewer);
    if let Some(id) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(id));
    }
    if let Some(id) = filter.unit_id {
        rows = rows.filter(Column::UnitId.eq(id));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(Column::Status.eq(status));
    }
    List::by_id(rows, Column::Id, |row| row.id).newest_first()
}

/// The contracts in which an owner is a buyer, and those in force over the owner's homes; the newest first.
pub fn of_owner(viewer: &Viewer, owner_id: Uuid) -> List<Entity> {
    let homes = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::UnitId)
        .filter(ownership::Column::OwnerId.eq(owner_id))
        .filter(ownership::Column::EndedOn.is_null())
        .into_query();
    let bought = party::Entity::find()
        .select_only()
        .column(party::Column::ContractId)
        .filter(party::Column::OwnerId.eq(owner_id))
        .into_query();
    let own = Condition::any()
        .add(Column::UnitId.in_subquery(homes).and(Column::Status.is_in(IN_FORCE)))
        .add(Column::Id.in_subquery(bought));
    let rows = super::find::<Entity>(viewer).filter(own);
    List::by_id(rows, Column::Id, |row| row.id).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

/// A draft with its buyers and clauses. Not added when its number is taken or the unit has a draft already.
pub async fn add_draft(
    conn: &impl ConnectionTrait,
    contract: Model,
    parties: Vec<party::Model>,
    clauses: Vec<clause::Model>,
) -> Result<bool> {
    if !super::insert_new(Entity, conn, contract, []).await? {
        return Ok(false);
    }
    super::insert_all(party::Entity, conn, parties).await?;
    super::insert_all(clause::Entity, conn, clauses).await?;
    Ok(true)
}

pub async fn is_number_taken(conn: &impl ConnectionTrait, number: &str) -> Result<bool> {
    Ok(Entity::find().filter(Column::Number.eq(number)).count(conn).await? > 0)
}

/// Whether somebody has signed for a unit.
pub async fn is_sold(conn: &impl ConnectionTrait, unit_id: Uuid) -> Result<bool> {
    let signed = Entity::find().filter(Column::UnitId.eq(unit_id)).filter(Column::Status.is_in(IN_FORCE));
    Ok(signed.count(conn).await? > 0)
}

/// Moves a contract that still stands where the caller saw it. Answers whether it did: of two at once, one wins.
pub async fn change(
    conn: &impl ConnectionTrait,
    seen: &Model,
    to: ContractStatus,
    signed_on: Option<NaiveDate>,
) -> Result<bool> {
    let row =
        ActiveModel { status: ActiveValue::Set(to), signed_on: ActiveValue::Set(signed_on), ..Default::default() };
    let moved = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(seen.id))
        .filter(Column::Status.eq(seen.status))
        .exec(conn)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// The buyers of a contract in their order: those it names, or else who owns the unit now.
pub async fn buyers_of(conn: &impl ConnectionTrait, contract: &Model) -> Result<Vec<owner::Model>> {
    let system = Viewer::system();
    let buyers = buyers(conn, &system, &[contract.id]).await?.remove(&contract.id);
    Ok(buyers.unwrap_or_default())
}

/// The buyers of each of these contracts, as far as the viewer sees them.
pub async fn buyers(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    contracts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<owner::Model>>> {
    let parties = super::find::<party::Entity>(viewer)
        .filter(party::Column::ContractId.is_in(contracts.iter().copied()))
        .order_by_asc(party::Column::Position)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = parties.iter().map(|row| row.owner_id).collect();
    let owners = super::owner::by_ids(conn, viewer, &ids).await?;
    let mut found: HashMap<Uuid, Vec<owner::Model>> = HashMap::new();
    for row in parties {
        found.entry(row.contract_id).or_default().extend(owners.get(&row.owner_id).cloned());
    }
    let unnamed: Vec<Uuid> = contracts.iter().copied().filter(|id| !found.contains_key(id)).collect();
    if unnamed.is_empty() {
        return Ok(found);
    }
    // Contracts from a ledger name no buyers; nor do others have any who are not named.
    let rows = super::find::<Entity>(viewer).filter(Column::Id.is_in(unnamed)).filter(Column::Status.is_in(IN_FORCE));
    let rows = rows.all(conn).await?;
    let units: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
    let owners = super::owner::of_units(conn, viewer, &units).await?;
    found.extend(rows.into_iter().filter_map(|row| Some((row.id, owners.get(&row.unit_id)?.clone()))));
    Ok(found)
}

/// Who is named as a buyer, whoever asks: for decisions.
pub async fn parties(conn: &impl ConnectionTrait, contract_id: Uuid) -> Result<Vec<party::Model>> {
    let rows =
        party::Entity::find().filter(party::Column::ContractId.eq(contract_id)).order_by_asc(party::Column::Position);
    Ok(rows.all(conn).await?)
}

/// The clauses of each of these contracts, in their order.
pub async fn clauses(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    contracts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<clause::Model>>> {
    let rows = super::find::<clause::Entity>(viewer)
        .filter(clause::Column::ContractId.is_in(contracts.iter().copied()))
        .order_by_asc(clause::Column::Position)
        .all(conn)
        .await?;
    Ok(super::grouped(rows, |row| row.contract_id))
}

pub async fn clause(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<clause::Model>> {
    super::by_id::<clause::Entity>(conn, viewer, clause::Column::Id, id).await
}

/// Writes down that a buyer knows a clause; once.
pub async fn acknowledge(conn: &impl ConnectionTrait, row: acknowledgement::Model) -> Result<()> {
    use acknowledgement::Column;
    super::insert_new(acknowledgement::Entity, conn, row, [Column::ClauseId, Column::OwnerId]).await?;
    Ok(())
}

/// Who has acknowledged each of these clauses, the first first.
pub async fn acknowledgements(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    clauses: &[Uuid],
) -> Result<HashMap<Uuid, Vec<acknowledgement::Model>>> {
    let rows = super::find::<acknowledgement::Entity>(viewer)
        .filter(acknowledgement::Column::ClauseId.is_in(clauses.iter().copied()))
        .order_by_asc(acknowledgement::Column::Id)
        .all(conn)
        .await?;
    Ok(super::grouped(rows, |row| row.clause_id))
}

/// Makes buyers the owners of a unit.
pub async fn begin_ownerships(conn: &impl ConnectionTrait, rows: Vec<ownership::Model>) -> Result<()> {
    use ownership::Column;
    // Who signs again on the day on which an earlier contract ended owns again.
    let again = OnConflict::columns([Column::UnitId, Column::OwnerId, Column::StartedOn])
        .update_columns([Column::Position, Column::EndedOn])
        .to_owned();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    ownership::Entity::insert_many(rows).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}

/// Ends the ownerships of a unit.
pub async fn end_ownerships(conn: &impl ConnectionTrait, unit_id: Uuid, on: NaiveDate) -> Result<()> {
    let row = ownership::ActiveModel { ended_on: ActiveValue::Set(Some(on)), ..Default::default() };
    ownership::Entity::update_many()
        .set(row)
        .filter(ownership::Column::UnitId.eq(unit_id))
        .filter(ownership::Column::EndedOn.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Present ownerships of an owner: what decides whether somebody is a customer still.
pub async fn homes_of(conn: &impl ConnectionTrait, owner_id: Uuid) -> Result<Vec<entity::unit::Model>> {
    let own = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::UnitId)
        .filter(ownership::Column::OwnerId.eq(owner_id))
        .filter(ownership::Column::EndedOn.is_null())
        .into_query();
    Ok(entity::unit::Entity::find().filter(entity::unit::Column::Id.in_subquery(own)).all(conn).await?)
}
