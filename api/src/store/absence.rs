//! Absences, and who stands in meanwhile. Whether somebody is away at an instant is asked in `staff`.

use chrono::{DateTime, Utc};
use entity::{
    absence::{ActiveModel, Column, Entity, Model},
    staff_project,
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store::list::List};

/// Which absences a list is about; what is `None` does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AbsenceFilter {
    pub project_id: Option<Uuid>,
    pub staff_id: Option<Uuid>,
    /// Not over at this instant.
    pub open_at: Option<DateTime<Utc>>,
}

/// Absences by the order in which they were written down, the newest first.
pub fn list(viewer: &Viewer, filter: AbsenceFilter) -> List<Entity> {
    let of_project = filter.project_id.map(|project| {
        let colleagues = staff_project::Entity::find()
            .select_only()
            .column(staff_project::Column::StaffId)
            .filter(staff_project::Column::ProjectId.eq(project));
        Column::StaffId.in_subquery(colleagues.into_query())
    });
    let narrowed = Condition::all()
        .add_option(of_project)
        .add_option(filter.staff_id.map(|id| Column::StaffId.eq(id)))
        .add_option(filter.open_at.map(|at| Column::EndsAt.gt(at)));
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Ends an absence early; one that has not begun never will. Says whether it was still running or to come.
pub async fn end(conn: &impl ConnectionTrait, absence: &Model, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel {
        starts_at: ActiveValue::Set(absence.starts_at.min(now)),
        ends_at: ActiveValue::Set(now),
        stands_in: ActiveValue::Set(false),
        ..Default::default()
    };
    let running = Entity::update_many().set(row).filter(Column::Id.eq(absence.id)).filter(Column::EndsAt.gt(now));
    Ok(running.exec(conn).await?.rows_affected == 1)
}

/// Lets substitutes stand in whose time has come, and no longer those whose time is over. Says how many changed.
pub async fn settle(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64> {
    let mut changed = 0;
    for stands_in in [true, false] {
        let row = ActiveModel { stands_in: ActiveValue::Set(stands_in), ..Default::default() };
        let settled = Entity::update_many().set(row).filter(unsettled(stands_in, now)).exec(conn).await?;
        changed += settled.rows_affected;
    }
    Ok(changed)
}

/// Absences whose substitute should stand in, or should not any more, and does not know yet.
fn unsettled(stands_in: bool, now: DateTime<Utc>) -> Condition {
    let when = if stands_in {
        Condition::all().add(Column::StartsAt.lte(now)).add(Column::EndsAt.gt(now))
    } else {
        Condition::any().add(Column::StartsAt.gt(now)).add(Column::EndsAt.lte(now))
    };
    Condition::all().add(Column::SubstituteId.is_not_null()).add(Column::StandsIn.eq(!stands_in)).add(when)
}

/// What `settle` would change.
pub(super) fn to_settle(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Condition::any().add(unsettled(true, now)).add(unsettled(false, now)))
}

/// Who takes over the work of somebody who is away at this instant.
pub async fn substitute_of(conn: &impl ConnectionTrait, staff_id: Uuid, at: DateTime<Utc>) -> Result<Option<Uuid>> {
    let found = Entity::find()
        .filter(Column::StaffId.eq(staff_id))
        .filter(Column::StartsAt.lte(at))
        .filter(Column::EndsAt.gt(at))
        .filter(Column::SubstituteId.is_not_null())
        .order_by_desc(Column::Id)
        .one(conn)
        .await?;
    Ok(found.and_then(|row| row.substitute_id))
}

/// Whether somebody is away at any time of a period.
pub async fn overlaps(
    conn: &impl ConnectionTrait,
    staff_id: Uuid,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool> {
    let found = Entity::find()
        .filter(Column::StaffId.eq(staff_id))
        .filter(Column::StartsAt.lt(ends_at))
        .filter(Column::EndsAt.gt(starts_at))
        .one(conn)
        .await?;
    Ok(found.is_some())
}
