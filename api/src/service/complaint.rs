//! What is learned from complaints: their analyses, and the statistics over them.

use std::collections::HashMap;

use chrono_tz::Tz;
use entity::{
    complaint_analysis, ticket,
    vocab::{Department, RootCause},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
    ticket::time_zone,
};
use crate::{
    auth::viewer::Viewer,
    domain::{
        complaint::{Fact, Statistics, check_ready, statistics},
        text,
    },
    error::{Error, Message, Result},
    store::{
        self,
        audit::Act,
        complaint::{ComplaintFilter, Report},
    },
};

const LONGEST_MEASURE: usize = 2000;

/// What an analysis says.
#[derive(Clone, Debug)]
pub struct Analysis {
    pub ticket_id: Uuid,
    pub root_cause: RootCause,
    pub department: Department,
    pub improvement_measure: String,
    pub idempotency_key: Option<String>,
}

/// Writes down why a complaint came about, in the place of what was written down before. Returns the ticket.
pub async fn analyse(services: &Services, viewer: &Viewer, analysis: Analysis) -> Result<ticket::Model> {
    let analysed_by = viewer.staff_id().ok_or(Error::Forbidden(Message::OnlyStaffAnalyse))?;
    let improvement_measure = text::required("improvementMeasure", &analysis.improvement_measure, LONGEST_MEASURE)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let ticket = store::ticket::by_id(&tx, viewer, analysis.ticket_id).await?;
    let ticket = ticket.ok_or_else(|| Error::unknown("ticketId"))?;
    let call = Repeatable { key: analysis.idempotency_key.as_deref(), operation: "analyseComplaint" };
    let (cause, department) = (analysis.root_cause, analysis.department);
    let request = format!("{} {cause:?} {department:?} {improvement_measure:?}", ticket.id);
    if let Claim::Done(_) = call.claim(&tx, viewer, &request, now).await? {
        return Ok(ticket);
    }
    check_ready(ticket.kind, ticket.status)?;
    let before = store::complaint::of_tickets(&tx, viewer, &[ticket.id]).await?.remove(&ticket.id);
    let row = complaint_analysis::Model {
        id: services.new_id(now),
        ticket_id: ticket.id,
        project_id: ticket.project_id,
        responsible_department: department,
        root_cause: cause,
        improvement_measure,
        analysed_by,
        analysed_at: now,
    };
    let saved = store::complaint::save(&tx, row).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "ANALYSE_COMPLAINT",
        object_type: "Ticket",
        object_id: Some(ticket.id),
        details: Some(json!({
            "rootCause": saved.root_cause,
            "department": saved.responsible_department,
            "before": before.map(|row| json!({ "rootCause": row.root_cause, "department": row.responsible_department })),
        })),
    };
    store::audit::record(&tx, viewer, act).await?;
    call.complete(&tx, viewer, saved.id).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// Counts the complaints that the viewer sees, each in the month of its own project's calendar.
pub async fn count(services: &Services, viewer: &Viewer, filter: &ComplaintFilter) -> Result<Statistics> {
    let conn = services.db.reader();
    if let Some(id) = filter.project_id {
        store::company::project(conn, viewer, id).await?.ok_or_else(|| Error::unknown("filter.projectId"))?;
    }
    let reports = store::complaint::reports(conn, viewer, filter).await?;
    let mut projects: Vec<Uuid> = reports.iter().map(|report| report.project_id).collect();
    projects.sort_unstable();
    projects.dedup();
    let zones: HashMap<Uuid, Tz> = store::company::projects(conn, &Viewer::system(), &projects)
        .await?
        .into_iter()
        .map(|(id, project)| Ok((id, time_zone(&project)?)))
        .collect::<Result<_>>()?;
    Ok(statistics(filter.days, reports.into_iter().filter_map(|report| fact(&zones, &report))))
}

fn fact(zones: &HashMap<Uuid, Tz>, report: &Report) -> Option<Fact> {
    let zone = zones.get(&report.project_id)?;
    let reported_on = report.created_at.with_timezone(zone).date_naive();
    Some(Fact { reported_on, triage: report.triage, analysis: report.analysis })
}
