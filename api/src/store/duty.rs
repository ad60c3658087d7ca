//! Duty: who is on call for a project at which time.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    absence,
    duty_shift::{Column, Entity, Model},
    staff, staff_project, ticket, training,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::duty::{Candidate, WORKS_ON_SITE},
    error::Result,
    store::list::List,
};

/// Which shifts a list is about; what is `None` does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ShiftFilter {
    pub project_id: Option<Uuid>,
    pub staff_id: Option<Uuid>,
    /// Not over before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Begun before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// Shifts by their beginning, the earliest first.
pub fn list(viewer: &Viewer, filter: ShiftFilter) -> List<Entity> {
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.staff_id.map(|id| Column::StaffId.eq(id)))
        .add_option(filter.from.map(|at| Column::EndsAt.gt(at)))
        .add_option(filter.to.map(|at| Column::StartsAt.lt(at)));
    let rows = super::find::<Entity>(viewer).filter(narrowed);
    List::by_instant(rows, (Column::StartsAt, Column::Id), |row| (row.starts_at, row.id))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Adds a shift, unless the same person has one in the project that begins at the same moment. Says whether it did.
pub async fn add(conn: &impl ConnectionTrait, shift: Model) -> Result<bool> {
    super::insert_new(Entity, conn, shift, [Column::ProjectId, Column::StaffId, Column::StartsAt]).await
}

/// Takes a shift off the roster that has not begun. Says whether it did.
pub async fn remove(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let removed = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::StartsAt.gt(now)).exec(conn).await?;
    Ok(removed.rows_affected == 1)
}

/// Everyone on duty for a project at this instant.
pub async fn on_duty(conn: &impl ConnectionTrait, project_id: Uuid, at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let ids = Entity::find()
        .select_only()
        .column(Column::StaffId)
        .distinct()
        .filter(Column::ProjectId.eq(project_id))
        .filter(Column::StartsAt.lte(at))
        .filter(Column::EndsAt.gt(at))
        .into_tuple();
    Ok(ids.all(conn).await?)
}

/// Those of these people who may be sent: active, trained, present, and at work on site in the project. In the order of
/// their staff numbers, with what they have in hand.
pub async fn candidates(
    conn: &impl ConnectionTrait,
    staff_ids: &[Uuid],
    project_id: Uuid,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<Candidate>> {
    let members = staff_project::Entity::find()
        .select_only()
        .column(staff_project::Column::StaffId)
        .filter(staff_project::Column::ProjectId.eq(project_id));
    let trained = training::Entity::find()
        .select_only()
        .column(training::Column::StaffId)
        .filter(training::Column::PassedOn.lte(today))
        .filter(training::Column::ValidUntil.gte(today));
    let away = absence::Entity::find()
        .select_only()
        .column(absence::Column::StaffId)
        .filter(absence::Column::StartsAt.lte(now))
        .filter(absence::Column::EndsAt.gt(now));
    let fit: Vec<Uuid> = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::Id.is_in(staff_ids.iter().copied()))
        .filter(staff::Column::IsActive.eq(true))
        .filter(staff::Column::Role.is_in(WORKS_ON_SITE))
        .filter(staff::Column::Id.in_subquery(members.into_query()))
        .filter(staff::Column::Id.in_subquery(trained.into_query()))
        .filter(staff::Column::Id.not_in_subquery(away.into_query()))
        .order_by_asc(staff::Column::Number)
        .into_tuple()
        .all(conn)
        .await?;
    let held = super::ticket::in_hands_of(conn, &fit).await?;
    let in_hand = |id: Uuid, held: &[ticket::Model]| held.iter().filter(|row| row.assignee_id == Some(id)).count();
    Ok(fit.into_iter().map(|staff_id| Candidate { staff_id, tickets_in_hand: in_hand(staff_id, &held) }).collect())
}
