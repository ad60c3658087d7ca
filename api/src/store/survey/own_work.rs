//! Whether a survey is about a member of staff's own work: who that holds for does not ask the questions.

use entity::{
    batch_ticket, handover, survey_invitation, ticket, ticket_event,
    vocab::{SurveyKind, TicketAction, TicketKind},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::{error::Result, store};

/// Whether the customer would be asked about this member of staff: who sold the home, answers for the household now or
/// did when the survey was sent, accompanied the handover, or worked on what was put right.
pub async fn is_own(conn: &impl ConnectionTrait, survey: &survey_invitation::Model, staff_id: Uuid) -> Result<bool> {
    if [survey.ambassador_id, survey.sales_agent_id].contains(&Some(staff_id)) {
        return Ok(true);
    }
    let Some(unit_id) = survey.unit_id else { return Ok(false) };
    Ok(store::ambassador::answers_for(conn, staff_id, unit_id).await?
        || accompanied(conn, unit_id, staff_id).await?
        || worked(conn, survey.kind, unit_id, staff_id).await?)
}

async fn accompanied(conn: &impl ConnectionTrait, unit_id: Uuid, staff_id: Uuid) -> Result<bool> {
    let own =
        Condition::all().add(handover::Column::UnitId.eq(unit_id)).add(handover::Column::AccompaniedBy.eq(staff_id));
    Ok(handover::Entity::find().filter(own).count(conn).await? > 0)
}

/// Whether they worked on a ticket that the survey asks about: of the whole service every one, and otherwise defects.
async fn worked(conn: &impl ConnectionTrait, kind: SurveyKind, unit_id: Uuid, staff_id: Uuid) -> Result<bool> {
    use ticket::Column;
    let batched = batch_ticket::Entity::find().select_only().column(batch_ticket::Column::TicketId).into_query();
    let defects = Condition::any().add(Column::Kind.eq(TicketKind::Rectification)).add(Column::Id.in_subquery(batched));
    let asked_about = match kind {
        SurveyKind::PropertyService => Condition::all(),
        SurveyKind::Sales | SurveyKind::Handover | SurveyKind::CentralisedRectification | SurveyKind::Rectification => {
            defects
        }
    };
    let worked_on = ticket_event::Entity::find()
        .select_only()
        .column(ticket_event::Column::TicketId)
        .filter(ticket_event::Column::UnitId.eq(unit_id))
        .filter(ticket_event::Column::ActorStaffId.eq(staff_id))
        .filter(ticket_event::Column::Action.is_in([TicketAction::Start, TicketAction::Resolve]))
        .into_query();
    let own = Condition::any().add(Column::AssigneeId.eq(staff_id)).add(Column::Id.in_subquery(worked_on));
    let found = ticket::Entity::find().filter(Column::UnitId.eq(unit_id)).filter(asked_about).filter(own);
    Ok(found.count(conn).await? > 0)
}
