//! Whom the company tells something: the customers of a project, a building or a home. For sending and for counting who
//! was reached only; who sees a customer is not decided here.

use chrono::NaiveDate;
use entity::{
    contract, contract_party, ownership, unit,
    vocab::ContractStatus::{HandedOver, Signed},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use uuid::Uuid;

use crate::error::Result;

/// A project, one of its buildings, or one home.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
}

/// The homes of an area.
fn units_in(area: &Area) -> SelectStatement {
    let mut units =
        unit::Entity::find().select_only().column(unit::Column::Id).filter(unit::Column::ProjectId.eq(area.project_id));
    if let Some(id) = area.building_id {
        units = units.filter(unit::Column::BuildingId.eq(id));
    }
    if let Some(id) = area.unit_id {
        units = units.filter(unit::Column::Id.eq(id));
    }
    units.into_query()
}

/// Whoever owns a home of an area now, each once.
pub async fn owners_in(conn: &impl ConnectionTrait, area: &Area) -> Result<Vec<Uuid>> {
    let owners = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::OwnerId)
        .distinct()
        .filter(ownership::Column::EndedOn.is_null())
        .filter(ownership::Column::UnitId.in_subquery(units_in(area)))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(owners)
}

#[derive(FromQueryResult)]
struct Buyer {
    owner_id: Uuid,
}

/// Whoever bought a home of an area by a contract that was signed on a day or before and is in force, each once.
pub async fn buyers_in(conn: &impl ConnectionTrait, area: &Area, by: NaiveDate) -> Result<Vec<Uuid>> {
    let mut select = Query::select();
    select
        .distinct()
        .expr_as(buyer(), "owner_id")
        .from(contract::Entity)
        .cond_where(in_force().add(contract::Column::SignedOn.lte(by)))
        .and_where(contract::Column::UnitId.in_subquery(units_in(area)))
        .and_where(buyer().is_not_null());
    join_buyers(&mut select);
    let found = Buyer::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?;
    Ok(found.into_iter().map(|buyer| buyer.owner_id).collect())
}

/// Contracts that bind: signed and not ended.
pub(super) fn in_force() -> Condition {
    Condition::all().add(contract::Column::Status.is_in([Signed, HandedOver]))
}

/// Joins the buyers of each contract of a statement: its parties, or where none are written down, as after the import of
/// a ledger, the present owners of its unit.
pub(super) fn join_buyers(select: &mut SelectStatement) {
    let party = Expr::col((contract_party::Entity, contract_party::Column::ContractId))
        .equals((contract::Entity, contract::Column::Id));
    let owner = Condition::all()
        .add(
            Expr::col((ownership::Entity, ownership::Column::UnitId))
                .equals((contract::Entity, contract::Column::UnitId)),
        )
        .add(ownership::Column::EndedOn.is_null())
        .add(contract_party::Column::Id.is_null());
    select.left_join(contract_party::Entity, party).left_join(ownership::Entity, owner);
}

/// A buyer that `join_buyers` found; null where a contract has none.
pub(super) fn buyer() -> Expr {
    let party = Expr::col((contract_party::Entity, contract_party::Column::OwnerId));
    let owner = Expr::col((ownership::Entity, ownership::Column::OwnerId));
    Func::coalesce([party, owner]).into()
}
