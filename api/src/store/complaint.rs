//! Analyses of complaints, the complaints that wait for one, and what statistics are made of.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    complaint_analysis::{Column, Entity, Model},
    ticket,
    vocab::{Department, RootCause, TicketKind, TicketStatus, Triage},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QuerySelect, QueryTrait, RelationDef, sea_query::OnConflict,
};
use uuid::Uuid;

use super::list::List;
use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    domain::complaint::{ANALYSED_IN, Days},
    error::Result,
};

/// The analysis of each of these tickets.
pub async fn of_tickets(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    tickets: &[Uuid],
) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::TicketId, tickets, |row| row.ticket_id).await
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Writes an analysis over the ticket's earlier one, which keeps its id. Returns what is there now.
pub async fn save(conn: &impl ConnectionTrait, analysis: Model) -> Result<Model> {
    let changing = [
        Column::ResponsibleDepartment,
        Column::RootCause,
        Column::ImprovementMeasure,
        Column::AnalysedBy,
        Column::AnalysedAt,
    ];
    let saved = Entity::insert(analysis.into_active_model().reset_all())
        .on_conflict(OnConflict::column(Column::TicketId).update_columns(changing).to_owned())
        .exec_with_returning(conn)
        .await?;
    Ok(saved)
}

/// The complaints whose work is done and that nobody has analysed, the oldest first.
pub fn to_analyse(viewer: &Viewer, project_id: Option<Uuid>) -> List<ticket::Entity> {
    let analysed = Entity::find().select_only().column(Column::TicketId).into_query();
    let waiting = super::find::<ticket::Entity>(viewer)
        .filter(ticket::Column::Kind.eq(TicketKind::Complaint))
        .filter(ticket::Column::Status.is_in(ANALYSED_IN))
        .filter(Condition::all().add_option(project_id.map(|id| ticket::Column::ProjectId.eq(id))))
        .filter(ticket::Column::Id.not_in_subquery(analysed));
    List::by_id(waiting, ticket::Column::Id, |row| row.id)
}

/// Which complaints statistics are about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComplaintFilter {
    pub days: Days,
    pub project_id: Option<Uuid>,
    pub root_cause: Option<RootCause>,
    pub department: Option<Department>,
}

/// What is read of a complaint to count it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub project_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub triage: Option<Triage>,
    pub analysis: Option<(RootCause, Department)>,
}

/// The complaints that may have been reported within these days, wherever their projects stand, without withdrawn ones.
pub async fn reports(conn: &impl ConnectionTrait, viewer: &Viewer, filter: &ComplaintFilter) -> Result<Vec<Report>> {
    let (from, to) = around(filter.days);
    let analysed = Condition::all()
        .add_option(filter.root_cause.map(|cause| Column::RootCause.eq(cause)))
        .add_option(filter.department.map(|department| Column::ResponsibleDepartment.eq(department)));
    let rows = super::find::<ticket::Entity>(viewer)
        .select_only()
        .column(ticket::Column::ProjectId)
        .column(ticket::Column::CreatedAt)
        .column(ticket::Column::Triage)
        .column(Column::RootCause)
        .column(Column::ResponsibleDepartment)
        .join(JoinType::LeftJoin, analysis_of_ticket(viewer))
        .filter(ticket::Column::Kind.eq(TicketKind::Complaint))
        .filter(ticket::Column::Status.ne(TicketStatus::Cancelled))
        .filter(ticket::Column::CreatedAt.gte(from))
        .filter(ticket::Column::CreatedAt.lt(to))
        .filter(Condition::all().add_option(filter.project_id.map(|id| ticket::Column::ProjectId.eq(id))))
        .filter(analysed)
        .into_tuple::<(Uuid, DateTime<Utc>, Option<Triage>, Option<RootCause>, Option<Department>)>()
        .all(conn)
        .await?;
    let report = |(project_id, created_at, triage, cause, department): (_, _, _, Option<_>, Option<_>)| Report {
        project_id,
        created_at,
        triage,
        analysis: cause.zip(department),
    };
    Ok(rows.into_iter().map(report).collect())
}

/// The analysis counts as far as the viewer sees it.
fn analysis_of_ticket(viewer: &Viewer) -> RelationDef {
    let visible = Entity::scope(viewer);
    let mut relation: RelationDef =
        ticket::Entity::belongs_to(Entity).from(ticket::Column::Id).to(Column::TicketId).into();
    relation.on_condition = Some(std::sync::Arc::new(move |_, _| visible.clone()));
    relation
}

/// The instants that lie on these days anywhere on earth.
fn around(days: Days) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    (midnight(days.first) - TimeDelta::hours(14), midnight(days.last) + TimeDelta::hours(36))
}
