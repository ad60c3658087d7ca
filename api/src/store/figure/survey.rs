//! What customers said: the RATING answers of surveys that were handed in during the month.

use entity::{
    survey_answer, survey_invitation, survey_question,
    vocab::{Dimension, FigureItemKind, FigureKey, InvitationStatus, QuestionKind, SurveyKind},
};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef};
use uuid::Uuid;

use super::{Items, Span};
use crate::{
    domain::{figure::Item, survey::responsible::responsible},
    error::Result,
};

/// Answers of 4 or 5 are those of somebody who is content.
const CONTENT: i32 = 4;

/// Answer, its number, invitation, kind, project, ambassador, sales agent and what the question is about.
type Row = (Uuid, Option<i32>, Uuid, SurveyKind, Uuid, Option<Uuid>, Option<Uuid>, Dimension);

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    if !keys.contains(&FigureKey::SatisfactionIndex) {
        return Ok(Vec::new());
    }
    use survey_invitation::Column;
    let period = span.period();
    let rows: Vec<Row> = survey_answer::Entity::find()
        .select_only()
        .columns([survey_answer::Column::Id, survey_answer::Column::Number])
        .columns([Column::Id, Column::Kind, Column::ProjectId, Column::AmbassadorId, Column::SalesAgentId])
        .column(survey_question::Column::Dimension)
        .join(JoinType::InnerJoin, invitation())
        .join(JoinType::InnerJoin, question())
        .filter(Column::ProjectId.is_in(span.projects.clone()))
        .filter(Column::Kind.is_in(SurveyKind::ALL.iter().copied()))
        .filter(Column::SubmittedAt.gte(period.from))
        .filter(Column::SubmittedAt.lt(period.to))
        .filter(Column::Status.eq(InvitationStatus::Submitted))
        .filter(survey_question::Column::Kind.eq(QuestionKind::Rating))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(item).map(|item| (FigureKey::SatisfactionIndex, item)).collect())
}

/// Whoever sold answers for the sale, whoever was the household's ambassador for everything after it.
fn item((id, number, invitation, kind, project_id, ambassador, agent, dimension): Row) -> Option<Item> {
    let is_sale = kind == SurveyKind::Sales;
    Some(Item {
        project_id: Some(project_id),
        department: Some(responsible(kind, dimension)),
        staff_id: agent.filter(|_| is_sale),
        ambassador_id: ambassador.filter(|_| !is_sale),
        ..Item::new(FigureItemKind::SurveyAnswer, id, number? >= CONTENT).of(invitation, kind.to_value())
    })
}

fn invitation() -> RelationDef {
    survey_answer::Entity::belongs_to(survey_invitation::Entity)
        .from(survey_answer::Column::InvitationId)
        .to(survey_invitation::Column::Id)
        .into()
}

fn question() -> RelationDef {
    survey_answer::Entity::belongs_to(survey_question::Entity)
        .from(survey_answer::Column::QuestionId)
        .to(survey_question::Column::Id)
        .into()
}
