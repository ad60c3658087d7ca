//! Whom the company tells something: the customers of a project, a building or a home. For sending only; who sees a
//! customer is not decided here.

use entity::{ownership, unit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement,
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
pub(super) fn units_in(area: &Area) -> SelectStatement {
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
