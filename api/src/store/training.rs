//! Trainings, whose ends soon, and who has none.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    staff, staff_project,
    training::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::SelectStatement,
};
use uuid::Uuid;

use super::list::List;
use crate::{
    auth::viewer::Viewer,
    domain::training::{SERVICE_STAFF, TrainingCount},
    error::Result,
};

/// The trainings of each of these members of staff, the one that is valid longest first.
pub async fn of_staff(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    staff: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::StaffId.is_in(staff.iter().copied()))
        .order_by_desc(Column::ValidUntil)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    let mut by_staff: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows {
        by_staff.entry(row.staff_id).or_default().push(row);
    }
    Ok(by_staff)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The active service staff of a project.
fn service_staff(viewer: &Viewer, project_id: Uuid) -> Select<staff::Entity> {
    let of_project = staff_project::Entity::find()
        .select_only()
        .column(staff_project::Column::StaffId)
        .filter(staff_project::Column::ProjectId.eq(project_id))
        .into_query();
    super::find::<staff::Entity>(viewer)
        .filter(staff::Column::Id.in_subquery(of_project))
        .filter(staff::Column::IsActive.eq(true))
        .filter(staff::Column::Role.is_in(SERVICE_STAFF.iter().copied()))
}

/// Whose training is valid on a day.
fn valid_on(day: NaiveDate) -> SelectStatement {
    let valid = Condition::all().add(Column::PassedOn.lte(day)).add(Column::ValidUntil.gte(day));
    Entity::find().select_only().column(Column::StaffId).filter(valid).into_query()
}

/// How many of a project's active service staff are trained on a day.
pub async fn count(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    project_id: Uuid,
    day: NaiveDate,
) -> Result<TrainingCount> {
    let staff = service_staff(viewer, project_id).count(conn).await?;
    let trained =
        service_staff(viewer, project_id).filter(staff::Column::Id.in_subquery(valid_on(day))).count(conn).await?;
    Ok(TrainingCount { staff, trained })
}

/// The active service staff of a project who have no valid training on a day.
pub fn untrained(viewer: &Viewer, project_id: Uuid, day: NaiveDate) -> List<staff::Entity> {
    let rows = service_staff(viewer, project_id).filter(staff::Column::Id.not_in_subquery(valid_on(day)));
    List::by_id(rows, staff::Column::Id, |row| row.id)
}

/// The trainings that end on one of these days and leave a member of a project's active service staff without one: no
/// other training of theirs is valid longer. The first to end first.
pub fn expiring(viewer: &Viewer, project_id: Uuid, from: NaiveDate, to: NaiveDate) -> List<Entity> {
    let people = service_staff(viewer, project_id).select_only().column(staff::Column::Id).into_query();
    let longer = Entity::find().select_only().column(Column::StaffId).filter(Column::ValidUntil.gt(to)).into_query();
    let rows = super::find::<Entity>(viewer)
        .filter(Column::ValidUntil.between(from, to))
        .filter(Column::StaffId.in_subquery(people))
        .filter(Column::StaffId.not_in_subquery(longer));
    List::by_day(rows, (Column::ValidUntil, Column::Id), |row| (row.valid_until, row.id))
}
