//! What visitors of activities said, and the answers.

use chrono::{DateTime, Utc};
use entity::{
    activity_opinion::{ActiveModel, Column, Entity, Model},
    vocab::Department,
};
use sea_orm::{ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// Which opinions a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpinionFilter {
    pub activity_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
    pub department: Option<Department>,
    pub answered: Option<bool>,
}

/// The opinions that exist for the viewer, the first said first.
pub fn list(viewer: &Viewer, filter: &OpinionFilter) -> List<Entity> {
    let all =
        Condition::all()
            .add_option(filter.activity_id.map(|id| Column::ActivityId.eq(id)))
            .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
            .add_option(filter.department.map(|department| Column::ResponsibleDepartment.eq(department)))
            .add_option(filter.answered.map(|answered| {
                if answered { Column::AnsweredAt.is_not_null() } else { Column::AnsweredAt.is_null() }
            }));
    List::by_id(super::find::<Entity>(viewer).filter(all), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

/// Answers an opinion that nobody has answered; says whether it was so.
pub async fn answer(tx: &Tx, id: Uuid, answer: &str, staff_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel {
        answer: ActiveValue::Set(Some(answer.to_owned())),
        answered_by: ActiveValue::Set(Some(staff_id)),
        answered_at: ActiveValue::Set(Some(now)),
        ..Default::default()
    };
    change_unanswered(tx, id, row).await
}

/// Gives an opinion that nobody has answered to another department; says whether it was so.
pub async fn assign(tx: &Tx, id: Uuid, department: Department) -> Result<bool> {
    let row = ActiveModel { responsible_department: ActiveValue::Set(department), ..Default::default() };
    change_unanswered(tx, id, row).await
}

async fn change_unanswered(tx: &Tx, id: Uuid, row: ActiveModel) -> Result<bool> {
    let changed =
        Entity::update_many().set(row).filter(Column::Id.eq(id)).filter(Column::AnsweredAt.is_null()).exec(tx).await?;
    Ok(changed.rows_affected == 1)
}
