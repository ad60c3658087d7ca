//! What departments do about results that missed their target.

use entity::{improvement_task as task, vocab::TaskStatus};
use serde_json::json;
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    service::Services,
    store::{self, audit::Act},
};

const LONGEST_MEASURE: usize = 2000;

/// Writes down what was done, and so ends a task.
pub async fn complete(services: &Services, viewer: &Viewer, task_id: Uuid, measure: &str) -> Result<task::Model> {
    let measure = text::required("measure", measure, LONGEST_MEASURE)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let found = store::survey::improvement::by_id(&tx, viewer, task_id).await?;
    let task = task::Model {
        status: TaskStatus::Done,
        measure: Some(measure),
        completed_by: viewer.staff_id(),
        completed_at: Some(now),
        ..found.ok_or_else(|| Error::unknown("taskId"))?
    };
    if !store::survey::improvement::complete(&tx, &task).await? {
        return Err(Error::fault(FaultCode::IllegalTransition, "taskId", Message::TaskDone));
    }
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "COMPLETE_IMPROVEMENT_TASK",
        object_type: "ImprovementTask",
        object_id: Some(task.id),
        details: Some(json!({ "department": task.department })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(task)
}
