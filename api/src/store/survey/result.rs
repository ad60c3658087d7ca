//! Results: cells of responses, how they were answered, and how many were invited. What is shown of them is the domain's.

use chrono::NaiveDate;
use entity::{
    survey_answer as answer, survey_campaign as campaign, survey_cell as cell, survey_invitation as invitation,
    survey_question as question,
    vocab::{InvitationStatus, QuestionKind, SurveyKind},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};
use uuid::Uuid;

use super::CHUNK;
use crate::{auth::viewer::Viewer, domain::survey::cell::Response, error::Result};

/// From which month to which results are read, both included, and of which project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub project_id: Option<Uuid>,
}

fn visible_cells(viewer: &Viewer, period: Period) -> Select<cell::Entity> {
    let within = Condition::all()
        .add(cell::Column::FirstMonth.gte(period.from))
        .add(cell::Column::LastMonth.lte(period.to))
        .add_option(period.project_id.map(|id| cell::Column::ProjectId.eq(id)));
    crate::store::find::<cell::Entity>(viewer).filter(within)
}

/// The cells that lie in a period.
pub async fn cells(conn: &impl ConnectionTrait, viewer: &Viewer, period: Period) -> Result<Vec<cell::Model>> {
    Ok(visible_cells(viewer, period).all(conn).await?)
}

/// How often a question was answered with a value in a cell.
#[derive(Clone, Debug, FromQueryResult, PartialEq)]
pub struct ValueCount {
    pub cell_id: Uuid,
    pub question_id: Uuid,
    pub value: String,
    pub answers: i64,
}

/// How the questions were answered in the cells that the viewer sees; the words that people wrote are not counted.
pub async fn values(conn: &impl ConnectionTrait, viewer: &Viewer, period: Period) -> Result<Vec<ValueCount>> {
    let cells = visible_cells(viewer, period).select_only().column(cell::Column::Id).into_query();
    counted(conn, Condition::all().add(invitation::Column::CellId.in_subquery(cells))).await
}

/// How the questions were answered in these cells.
pub async fn values_of(conn: &impl ConnectionTrait, cells: &[Uuid]) -> Result<Vec<ValueCount>> {
    counted(conn, Condition::all().add(invitation::Column::CellId.is_in(cells.iter().copied()))).await
}

async fn counted(conn: &impl ConnectionTrait, cells: Condition) -> Result<Vec<ValueCount>> {
    let texts = question::Entity::find()
        .select_only()
        .column(question::Column::Id)
        .filter(question::Column::Kind.eq(QuestionKind::Text))
        .into_query();
    Ok(answer::Entity::find()
        .select_only()
        .column(invitation::Column::CellId)
        .columns([answer::Column::QuestionId, answer::Column::Value])
        .column_as(answer::Column::Id.count(), "answers")
        .join(JoinType::InnerJoin, answer::Relation::Invitation.def())
        .filter(cells)
        .filter(answer::Column::QuestionId.not_in_subquery(texts))
        .group_by(invitation::Column::CellId)
        .group_by(answer::Column::QuestionId)
        .group_by(answer::Column::Value)
        .into_model::<ValueCount>()
        .all(conn)
        .await?)
}

/// How many invitations of one kind there were.
#[derive(Clone, Debug, FromQueryResult, PartialEq)]
pub struct InvitationCount {
    pub project_id: Uuid,
    pub kind: SurveyKind,
    pub cohort_month: Option<NaiveDate>,
    pub ambassador_id: Option<Uuid>,
    pub status: InvitationStatus,
    pub invitations: i64,
}

/// How many were invited to closed campaigns, as far as the viewer sees.
pub async fn invited(conn: &impl ConnectionTrait, viewer: &Viewer, period: Period) -> Result<Vec<InvitationCount>> {
    use invitation::Column;
    let within = Condition::all()
        .add(Column::CohortMonth.between(period.from, period.to))
        .add(Column::CampaignId.in_subquery(closed()))
        .add_option(period.project_id.map(|id| Column::ProjectId.eq(id)));
    let grouped = [Column::ProjectId, Column::Kind, Column::CohortMonth, Column::AmbassadorId, Column::Status];
    let mut select = crate::store::find::<invitation::Entity>(viewer)
        .select_only()
        .columns(grouped)
        .column_as(Column::Id.count(), "invitations")
        .filter(within);
    for column in grouped {
        select = select.group_by(column);
    }
    Ok(select.into_model::<InvitationCount>().all(conn).await?)
}

fn closed() -> sea_orm::sea_query::SelectStatement {
    campaign::Entity::find()
        .select_only()
        .column(campaign::Column::Id)
        .filter(campaign::Column::ClosedAt.is_not_null())
        .into_query()
}

/// What a closing campaign brought.
pub async fn fresh(conn: &impl ConnectionTrait, campaign_id: Uuid) -> Result<Vec<Response>> {
    responses(conn, Condition::all().add(invitation::Column::CampaignId.eq(campaign_id))).await
}

/// What earlier campaigns of the same kind and project brought and was too little to be shown.
pub async fn waiting(conn: &impl ConnectionTrait, closing: &campaign::Model) -> Result<Vec<Response>> {
    use invitation::Column;
    let earlier = Condition::all()
        .add(Column::ProjectId.eq(closing.project_id))
        .add(Column::Kind.eq(closing.kind))
        .add(Column::CampaignId.ne(closing.id))
        .add(Column::CampaignId.in_subquery(closed()));
    responses(conn, earlier).await
}

async fn responses(conn: &impl ConnectionTrait, condition: Condition) -> Result<Vec<Response>> {
    use invitation::Column;
    let rows = invitation::Entity::find()
        .filter(condition)
        .filter(Column::Status.eq(InvitationStatus::Submitted))
        .filter(Column::CellId.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let response =
        |row: invitation::Model| Some(Response { id: row.id, month: row.cohort_month?, ambassador: row.ambassador_id });
    Ok(rows.into_iter().filter_map(response).collect())
}

/// Puts responses into a cell; says whether none of them was in another one by then.
pub async fn seal(conn: &impl ConnectionTrait, cell: cell::Model, members: &[Uuid]) -> Result<bool> {
    let cell_id = cell.id;
    crate::store::insert(cell::Entity, conn, cell).await?;
    let mut sealed = 0;
    for chunk in members.chunks(CHUNK) {
        let row = invitation::ActiveModel { cell_id: ActiveValue::Set(Some(cell_id)), ..Default::default() };
        let free = Condition::all()
            .add(invitation::Column::Id.is_in(chunk.iter().copied()))
            .add(invitation::Column::CellId.is_null());
        sealed += invitation::Entity::update_many().set(row).filter(free).exec(conn).await?.rows_affected;
    }
    Ok(usize::try_from(sealed) == Ok(members.len()))
}
