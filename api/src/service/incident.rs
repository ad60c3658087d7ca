//! Incidents: written down when they happen, and judged anew when it is known who answers for them.

use chrono::{DateTime, Utc};
use entity::{
    incident, project,
    vocab::{IncidentKind, IncidentSeverity},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
};
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, audit::Act, db::Tx},
};

const LONGEST_SUMMARY: usize = 2000;
const LONGEST_REASON: usize = 500;

/// An incident to write down.
#[derive(Clone, Debug)]
pub struct NewIncident {
    pub project_id: Uuid,
    pub kind: IncidentKind,
    pub severity: IncidentSeverity,
    pub is_liable: bool,
    pub summary: String,
    pub occurred_at: DateTime<Utc>,
    pub idempotency_key: Option<String>,
}

/// Writes an incident down.
pub async fn record(services: &Services, viewer: &Viewer, new: NewIncident) -> Result<incident::Model> {
    let recorded_by = viewer.staff_id().ok_or(Error::Forbidden(Message::OnlyStaffRecordIncidents))?;
    let summary = text::required("summary", &new.summary, LONGEST_SUMMARY)?;
    let now = services.now();
    if new.occurred_at > now {
        return Err(Error::fault(FaultCode::OutOfRange, "occurredAt", Message::IncidentInThePast));
    }
    let tx = services.db.begin().await?;
    let call = Repeatable { key: new.idempotency_key.as_deref(), operation: "recordIncident" };
    let project = project_of(&tx, viewer, new.project_id).await?;
    if let Claim::Done(id) = call.claim(&tx, viewer, &format!("{new:?}"), now).await? {
        return visible(&tx, viewer, id, "projectId").await;
    }
    let row = incident::Model {
        id: services.new_id(now),
        project_id: project.id,
        kind: new.kind,
        severity: new.severity,
        is_liable: new.is_liable,
        summary,
        occurred_at: new.occurred_at,
        recorded_by,
        created_at: now,
    };
    store::incident::add(&tx, row.clone()).await?;
    // Whoever may not read incidents may not write them either.
    visible(&tx, viewer, row.id, "projectId").await?;
    let details = json!({ "kind": row.kind, "severity": row.severity, "isLiable": row.is_liable });
    audit(services, &tx, viewer, "RECORD_INCIDENT", (row.id, now), details).await?;
    call.complete(&tx, viewer, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

/// Says anew how grave an incident was and whether the company answers for it; what was said before stays in the audit
/// log.
pub async fn judge(
    services: &Services,
    viewer: &Viewer,
    incident_id: Uuid,
    (severity, is_liable): (IncidentSeverity, bool),
    reason: &str,
) -> Result<incident::Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let before = visible(&tx, viewer, incident_id, "incidentId").await?;
    if !store::incident::judge(&tx, &before, severity, is_liable).await? {
        let message = Message::IncidentJudgedMeanwhile;
        return Err(Error::fault(FaultCode::Conflict, "incidentId", message));
    }
    let details = json!({
        "severity": severity, "isLiable": is_liable, "reason": reason,
        "before": { "severity": before.severity, "isLiable": before.is_liable },
    });
    audit(services, &tx, viewer, "JUDGE_INCIDENT", (before.id, now), details).await?;
    tx.commit().await?;
    Ok(incident::Model { severity, is_liable, ..before })
}

async fn project_of(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<project::Model> {
    store::company::project(conn, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))
}

async fn visible(conn: &impl Conn, viewer: &Viewer, id: Uuid, field: &str) -> Result<incident::Model> {
    store::incident::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown(field))
}

async fn audit(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    action: &str,
    (incident_id, at): (Uuid, DateTime<Utc>),
    details: serde_json::Value,
) -> Result<()> {
    let act = Act {
        id: services.new_id(at),
        at,
        action,
        object_type: "Incident",
        object_id: Some(incident_id),
        details: Some(details),
    };
    store::audit::record(tx, viewer, act).await
}
