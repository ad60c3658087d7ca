//! Units with the building and project they stand in, contracts and warranties.

use std::collections::HashMap;

use entity::{
    ambassador_assignment, building, contract, deadline_policy, owner, ownership, project,
    unit::{Column, Entity, Model},
    vocab::{ContractStatus, TicketKind, Urgency},
    warranty_item,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{ExprTrait, NullOrdering},
};
use uuid::Uuid;

use crate::{
    auth::{
        scope::{Scoped, homes_answered_for, reportable_homes},
        viewer::Viewer,
    },
    error::{Error, Result},
    page::{Page, Slice},
};

/// A unit and where it stands. Building and project show wherever the unit does.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub unit: Model,
    pub building: building::Model,
    pub project: project::Model,
}

/// The visible units with these ids and where they stand, in one statement.
pub async fn places(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Place>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .find_also_related(building::Entity)
        .find_also_related(project::Entity)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| place(row).map(|place| (place.unit.id, place))).collect()
}

/// A unit and where it stands.
pub async fn place_of(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Place>> {
    let rows = super::find_of::<Entity>(viewer, Condition::all().add(Column::Id.eq(id)));
    let row = rows.find_also_related(building::Entity).find_also_related(project::Entity).one(conn).await?;
    row.map(place).transpose()
}

/// A unit and where it stands, with the deadlines that hold for a report there; only if the viewer may report something
/// for it.
pub async fn place_to_report(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    id: Uuid,
    (kind, urgency): (TicketKind, Urgency),
) -> Result<Option<(Place, deadline_policy::Model)>> {
    let row = Entity::find()
        .filter(reportable_homes(viewer, Condition::all().add(Column::Id.eq(id))))
        .find_also_related(building::Entity)
        .find_also_related(project::Entity)
        .find_also(Entity, deadline_policy::Entity)
        .filter(deadline_policy::Column::Kind.eq(kind))
        .filter(deadline_policy::Column::Urgency.eq(urgency))
        .order_by_with_nulls(deadline_policy::Column::ProjectId, Order::Asc, NullOrdering::Last)
        .one(conn)
        .await?;
    let Some((unit, building, project, policy)) = row else { return Ok(None) };
    let policy = policy.ok_or_else(|| Error::internal("a join that lost its other side"))?;
    Ok(Some((place((unit, building, project))?, policy)))
}

fn place((unit, building, project): (Model, Option<building::Model>, Option<project::Model>)) -> Result<Place> {
    match (building, project) {
        (Some(building), Some(project)) => Ok(Place { unit, building, project }),
        _ => Err(Error::internal("a unit stands in no building or project")),
    }
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Which units a list is about. Public areas are nobody's home and stand in none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitFilter {
    /// Owned by this owner now.
    pub owner_id: Option<Uuid>,
    /// Assigned to this ambassador now.
    pub ambassador_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
    /// Handed over in this project, and nobody answers for it.
    pub uncovered_in: Option<Uuid>,
    /// Part of the unit's code, of an owner's name, or a whole phone number (given hashed).
    pub search: Option<String>,
    pub phone_hash: Option<String>,
}

fn select(viewer: &Viewer, filter: &UnitFilter) -> Select<Entity> {
    let visible = match filter.ambassador_id {
        Some(staff) => homes_answered_for(viewer, staff),
        None => Entity::scope(viewer),
    };
    let mut rows = Entity::find().filter(visible).filter(Column::IsPublicArea.eq(false));
    if let Some(owner) = filter.owner_id {
        let now = ownership::Column::OwnerId.eq(owner).and(ownership::Column::EndedOn.is_null());
        rows = rows.filter(Column::Id.in_subquery(owned(Condition::all().add(now))));
    }
    if let Some(project) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(project));
    }
    if let Some(project) = filter.uncovered_in {
        rows = rows.filter(uncovered(project));
    }
    if let Some(text) = &filter.search {
        rows = rows.filter(matching(viewer, text, filter.phone_hash.as_deref()));
    }
    rows
}

fn owned(condition: Condition) -> sea_orm::sea_query::SelectStatement {
    ownership::Entity::find().select_only().column(ownership::Column::UnitId).filter(condition).into_query()
}

/// The homes of a project that were handed over and have no ambassador.
fn uncovered(project: Uuid) -> Condition {
    let covered = ambassador_assignment::Entity::find()
        .select_only()
        .column(ambassador_assignment::Column::UnitId)
        .filter(ambassador_assignment::Column::EndedAt.is_null())
        .into_query();
    Condition::all()
        .add(Column::ProjectId.eq(project))
        .add(Column::HandedOverOn.is_not_null())
        .add(Column::IsPublicArea.eq(false))
        .add(Column::Id.not_in_subquery(covered))
}

fn matching(viewer: &Viewer, text: &str, phone_hash: Option<&str>) -> Condition {
    let named = Condition::any()
        .add(super::contains((owner::Entity, owner::Column::Name), text))
        .add_option(phone_hash.map(|hash| owner::Column::PhoneHash.eq(hash)));
    let owners =
        super::find::<owner::Entity>(viewer).select_only().column(owner::Column::Id).filter(named).into_query();
    let current = Condition::all().add(ownership::Column::EndedOn.is_null());
    Condition::any()
        .add(super::contains((Entity, Column::Code), text))
        .add(Column::Id.in_subquery(owned(current.add(ownership::Column::OwnerId.in_subquery(owners)))))
}

/// A page of units in the order they were entered. Where they stand comes along: every list shows it, and two joins by
/// primary key are cheaper than another statement.
pub async fn list(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    filter: &UnitFilter,
    page: &Page,
) -> Result<Slice<Place>> {
    let rows = super::keyset(select(viewer, filter), Column::Id, page, false)?
        .find_also_related(building::Entity)
        .find_also_related(project::Entity)
        .all(conn)
        .await?;
    Ok(page.cut(rows.into_iter().map(place).collect::<Result<_>>()?))
}

pub async fn count(conn: &impl ConnectionTrait, viewer: &Viewer, filter: &UnitFilter) -> Result<u64> {
    Ok(ids(viewer, filter).count(conn).await?)
}

/// The ids alone, to be counted.
pub(super) fn ids(viewer: &Viewer, filter: &UnitFilter) -> Select<Entity> {
    select(viewer, filter).select_only().column(Column::Id)
}

/// The contract in force for each of these units.
pub async fn contracts(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, contract::Model>> {
    let rows = super::find::<contract::Entity>(viewer)
        .filter(contract::Column::UnitId.is_in(units.iter().copied()))
        .filter(contract::Column::Status.is_in([ContractStatus::Signed, ContractStatus::HandedOver]))
        .order_by_asc(contract::Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row)).collect())
}

/// The warranty items of each of these units, the first to expire first.
pub async fn warranties(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, Vec<warranty_item::Model>>> {
    use warranty_item::Column;
    let rows = super::find::<warranty_item::Entity>(viewer)
        .filter(Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(Column::ExpiresOn)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let mut by_unit: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        by_unit.entry(row.unit_id).or_default().push(row);
    }
    Ok(by_unit)
}

/// The projects that these units stand in.
pub async fn projects_of(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut projects = Vec::new();
    for chunk in units.chunks(500) {
        let rows = Entity::find()
            .select_only()
            .column(Column::ProjectId)
            .distinct()
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple::<Uuid>()
            .all(conn)
            .await?;
        projects.extend(rows);
    }
    projects.sort_unstable();
    projects.dedup();
    Ok(projects)
}

/// The unit that stands for a building's public areas, made with this row if there is none yet. Of two who ask at once
/// one makes it, and both get the same.
pub async fn public_area(conn: &impl ConnectionTrait, row: Model) -> Result<Model> {
    let building_id = row.building_id;
    super::insert_new(Entity, conn, row, [Column::BuildingId, Column::Section, Column::Room]).await?;
    let found = Entity::find()
        .filter(Column::BuildingId.eq(building_id))
        .filter(Column::IsPublicArea.eq(true))
        .one(conn)
        .await?;
    found.ok_or_else(|| Error::internal("a public area is neither there nor made"))
}
