//! Areas: who answers for a building, and areas that change hands at an instant.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{area_duty, area_transfer, building, staff, unit};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
    store::list::List,
};

/// An area: a project, or one building of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
}

impl Area {
    /// The homes of an area.
    pub(super) fn homes(self) -> SelectStatement {
        let within = Condition::all()
            .add(unit::Column::ProjectId.eq(self.project_id))
            .add(unit::Column::IsPublicArea.eq(false))
            .add_option(self.building_id.map(|id| unit::Column::BuildingId.eq(id)));
        unit::Entity::find().select_only().column(unit::Column::Id).filter(within).into_query()
    }
}

/// Which duties or transfers a list is about; what is `None` does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AreaFilter {
    pub project_id: Option<Uuid>,
    pub staff_id: Option<Uuid>,
    /// Only what holds now, or waits for its time.
    pub is_open: bool,
}

/// Who answers, and answered, for buildings: the oldest first.
pub fn duties(viewer: &Viewer, filter: AreaFilter) -> List<area_duty::Entity> {
    use area_duty::Column;
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.staff_id.map(|id| Column::StaffId.eq(id)))
        .add_option(filter.is_open.then(|| Column::EndedAt.is_null()));
    List::by_id(super::find::<area_duty::Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

/// Transfers of areas, the newest first.
pub fn transfers(viewer: &Viewer, filter: AreaFilter) -> List<area_transfer::Entity> {
    use area_transfer::Column;
    let of_staff =
        filter.staff_id.map(|id| Condition::any().add(Column::FromStaffId.eq(id)).add(Column::ToStaffId.eq(id)));
    let mut select = super::find::<area_transfer::Entity>(viewer);
    if filter.is_open {
        select = select.filter(waiting());
    }
    if let Some(of_staff) = of_staff {
        select = select.filter(of_staff);
    }
    if let Some(project) = filter.project_id {
        select = select.filter(Column::ProjectId.eq(project));
    }
    List::by_id(select, Column::Id, |row| row.id).newest_first()
}

fn waiting() -> Condition {
    use area_transfer::Column;
    Condition::all()
        .add(Column::AppliedAt.is_null())
        .add(Column::CancelledAt.is_null())
        .add(Column::FailedBecause.is_null())
}

pub async fn duty(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<area_duty::Model>> {
    super::by_id::<area_duty::Entity>(conn, viewer, area_duty::Column::Id, id).await
}

pub async fn transfer(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<area_transfer::Model>> {
    super::by_id::<area_transfer::Entity>(conn, viewer, area_transfer::Column::Id, id).await
}

pub async fn add_transfer(conn: &impl ConnectionTrait, row: area_transfer::Model) -> Result<()> {
    super::insert(area_transfer::Entity, conn, row).await
}

/// The transfers whose time has come, the earliest first.
pub async fn due_transfers(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<Vec<Uuid>> {
    use area_transfer::Column;
    let due =
        to_transfer(now).order_by_asc(Column::EffectiveAt).order_by_asc(Column::Id).limit(limit).all(conn).await?;
    Ok(due.into_iter().map(|row| row.id).collect())
}

pub(super) fn to_transfer(now: DateTime<Utc>) -> Select<area_transfer::Entity> {
    area_transfer::Entity::find().filter(waiting().add(area_transfer::Column::EffectiveAt.lte(now)))
}

/// What becomes of a transfer that waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Applied(DateTime<Utc>),
    Cancelled(DateTime<Utc>),
    Failed(&'static str),
}

/// Decides a transfer that still waits. Answers whether it did: of two who decide at once, one does.
pub async fn decide(conn: &impl ConnectionTrait, id: Uuid, outcome: Outcome) -> Result<bool> {
    let mut row = <area_transfer::ActiveModel as Default>::default();
    match outcome {
        Outcome::Applied(at) => row.applied_at = ActiveValue::Set(Some(at)),
        Outcome::Cancelled(at) => row.cancelled_at = ActiveValue::Set(Some(at)),
        Outcome::Failed(because) => row.failed_because = ActiveValue::Set(Some(because.to_owned())),
    }
    let decided = area_transfer::Entity::update_many().set(row).filter(waiting().add(area_transfer::Column::Id.eq(id)));
    Ok(decided.exec(conn).await?.rows_affected == 1)
}

/// Writes down how many households a transfer moved.
pub async fn count_moved(conn: &impl ConnectionTrait, id: Uuid, households: i32) -> Result<()> {
    let row = area_transfer::ActiveModel { household_count: ActiveValue::Set(Some(households)), ..Default::default() };
    area_transfer::Entity::update_many().set(row).filter(area_transfer::Column::Id.eq(id)).exec(conn).await?;
    Ok(())
}

/// Waits until this transaction is the only one that may change who answers for a building.
pub async fn lock_building(conn: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    building::Entity::find_by_id(id).lock_exclusive().one(conn).await?;
    Ok(())
}

/// Who answers for a building now.
pub async fn current_duty(conn: &impl ConnectionTrait, building_id: Uuid) -> Result<Option<area_duty::Model>> {
    use area_duty::Column;
    let current =
        area_duty::Entity::find().filter(Column::BuildingId.eq(building_id)).filter(Column::EndedAt.is_null());
    Ok(current.one(conn).await?)
}

/// Ends a duty.
pub async fn end_duty(conn: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    use area_duty::Column;
    let row = area_duty::ActiveModel { ended_at: ActiveValue::Set(Some(at)), ..Default::default() };
    area_duty::Entity::update_many().set(row).filter(Column::Id.eq(id)).exec(conn).await?;
    Ok(())
}

/// Takes the buildings of an area from somebody. Returns the duties as they ended.
pub async fn end_duties(
    conn: &impl ConnectionTrait,
    staff_id: Uuid,
    area: Area,
    at: DateTime<Utc>,
) -> Result<Vec<area_duty::Model>> {
    use area_duty::Column;
    let row = area_duty::ActiveModel { ended_at: ActiveValue::Set(Some(at)), ..Default::default() };
    let theirs = Condition::all()
        .add(Column::EndedAt.is_null())
        .add(Column::StaffId.eq(staff_id))
        .add(Column::ProjectId.eq(area.project_id))
        .add_option(area.building_id.map(|id| Column::BuildingId.eq(id)));
    Ok(area_duty::Entity::update_many().set(row).filter(theirs).exec_with_returning(conn).await?)
}

/// Begins a duty, unless somebody else has one for the building already. Says whether it did.
pub async fn begin_duty(conn: &impl ConnectionTrait, row: area_duty::Model) -> Result<bool> {
    super::insert_new(area_duty::Entity, conn, row, []).await
}

/// Who answers for each of these buildings now.
pub async fn responsible(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    buildings: &[Uuid],
) -> Result<HashMap<Uuid, staff::Model>> {
    use area_duty::Column;
    let rows = super::find::<area_duty::Entity>(viewer)
        .filter(Column::BuildingId.is_in(buildings.iter().copied()))
        .filter(Column::EndedAt.is_null())
        .find_also_related(staff::Entity)
        .filter(staff::Entity::scope(viewer))
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(duty, staff)| staff.map(|staff| (duty.building_id, staff))).collect())
}
