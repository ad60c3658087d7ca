//! What departments must improve: opened once for each result, done once.

use entity::{
    improvement_task::{ActiveModel, Column, Entity, Model},
    vocab::{Department, TaskStatus},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store::list::List};

/// Which tasks a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskFilter {
    pub status: Option<TaskStatus>,
    pub department: Option<Department>,
    pub project_id: Option<Uuid>,
}

/// Tasks, the oldest first.
pub fn list(viewer: &Viewer, filter: &TaskFilter) -> List<Entity> {
    let condition = Condition::all()
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.department.map(|department| Column::Department.eq(department)))
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)));
    List::by_id(crate::store::find::<Entity>(viewer).filter(condition), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    crate::store::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Opens tasks, except those that the same result opened before.
pub async fn open(conn: &impl ConnectionTrait, tasks: Vec<Model>) -> Result<()> {
    if tasks.is_empty() {
        return Ok(());
    }
    let rows = tasks.into_iter().map(|row| row.into_active_model().reset_all());
    let once = OnConflict::column(Column::SourceKey).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(conn).await?;
    Ok(())
}

/// Notes what was done about an open task; says whether it was open.
pub async fn complete(conn: &impl ConnectionTrait, task: &Model) -> Result<bool> {
    let row = ActiveModel {
        status: ActiveValue::Set(TaskStatus::Done),
        measure: ActiveValue::Set(task.measure.clone()),
        completed_by: ActiveValue::Set(task.completed_by),
        completed_at: ActiveValue::Set(task.completed_at),
        ..Default::default()
    };
    let open = Condition::all().add(Column::Id.eq(task.id)).add(Column::Status.eq(TaskStatus::Open));
    Ok(Entity::update_many().set(row).filter(open).exec(conn).await?.rows_affected == 1)
}
