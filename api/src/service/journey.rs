//! The catalogue of touchpoints, and editing it.

use entity::{
    touchpoint,
    vocab::{Department, OwnerStage, TouchpointAnchor},
};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::{journey::Rule, text},
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act},
};

const LONGEST_NAME: usize = 60;
const LONGEST_GOAL: usize = 500;
const MOST_SERVICE_POINTS: usize = 20;
/// A due day further away than this is a typing error.
const LONGEST_SPAN: i32 = 3660;

/// What is changed about a touchpoint; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct TouchpointChange {
    pub stage: Option<OwnerStage>,
    pub name: Option<String>,
    pub name_en: Option<String>,
    pub goal: Option<String>,
    pub goal_en: Option<String>,
    pub lead_department: Option<Department>,
    pub participating_departments: Option<Vec<Department>>,
    pub service_points: Option<Vec<String>>,
    /// A day and how many days after it, or never.
    pub due: Option<Option<(TouchpointAnchor, i32)>>,
    pub is_active: Option<bool>,
}

/// Edits a touchpoint. Audited, because every customer's journey changes with it.
pub async fn update_touchpoint(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    change: TouchpointChange,
) -> Result<touchpoint::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = store::journey::touchpoint(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("touchpointId"))?;
    let before = row.clone();
    let row = touchpoint::Model { updated_at: now, ..changed(row, change)? };
    store::journey::save_touchpoint(&tx, row.clone()).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "UPDATE_TOUCHPOINT",
        object_type: "Touchpoint",
        object_id: Some(id),
        details: Some(json!({ "code": row.code, "before": words(&before), "after": words(&row) })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(row)
}

fn changed(row: touchpoint::Model, change: TouchpointChange) -> Result<touchpoint::Model> {
    let line = |field, given: Option<String>, kept: String, longest| match given {
        Some(given) => Ok::<_, Error>(text::required_line(field, &given, longest)?),
        None => Ok(kept),
    };
    let (due_from, due_after_days) = match change.due {
        None => (row.due_from, row.due_after_days),
        Some(None) => (None, None),
        Some(Some((anchor, days))) => (Some(anchor), Some(span(days)?)),
    };
    Ok(touchpoint::Model {
        stage: change.stage.unwrap_or(row.stage),
        name_zh: line("name", change.name, row.name_zh, LONGEST_NAME)?,
        name_en: line("nameEn", change.name_en, row.name_en, LONGEST_NAME)?,
        goal_zh: line("goal", change.goal, row.goal_zh, LONGEST_GOAL)?,
        goal_en: line("goalEn", change.goal_en, row.goal_en, LONGEST_GOAL)?,
        lead_department: change.lead_department.unwrap_or(row.lead_department),
        participating_departments: match change.participating_departments {
            Some(departments) => json!(departments),
            None => row.participating_departments,
        },
        service_points: match change.service_points {
            Some(points) => json!(service_points(&points)?),
            None => row.service_points,
        },
        due_from,
        due_after_days,
        is_active: change.is_active.unwrap_or(row.is_active),
        ..row
    })
}

fn span(days: i32) -> Result<i32> {
    if (-LONGEST_SPAN..=LONGEST_SPAN).contains(&days) {
        return Ok(days);
    }
    Err(Error::fault(FaultCode::OutOfRange, "due.afterDays", Message::TenYears))
}

fn service_points(points: &[String]) -> Result<Vec<String>> {
    if points.len() > MOST_SERVICE_POINTS {
        let message = Message::ServicePointCount { most: MOST_SERVICE_POINTS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "servicePoints", message));
    }
    points.iter().map(|point| Ok(text::required_line("servicePoints", point, LONGEST_GOAL)?)).collect()
}

/// What is worth keeping of how a touchpoint was.
fn words(row: &touchpoint::Model) -> serde_json::Value {
    json!({
        "stage": row.stage, "name": row.name_zh, "goal": row.goal_zh, "leadDepartment": row.lead_department,
        "participatingDepartments": row.participating_departments, "servicePoints": row.service_points,
        "dueFrom": row.due_from, "dueAfterDays": row.due_after_days, "isActive": row.is_active,
    })
}

/// A touchpoint as the rules see it.
pub fn rule(row: &touchpoint::Model) -> Rule {
    Rule {
        code: row.code.clone(),
        stage: row.stage,
        due_from: row.due_from,
        due_after_days: row.due_after_days.unwrap_or_default(),
    }
}
