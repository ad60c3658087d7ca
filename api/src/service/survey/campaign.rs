//! Opening campaigns: by the month, after a rectification batch, and by hand.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    project, rectification_batch, survey_campaign as campaign, survey_invitation as invitation,
    vocab::{InvitationStatus, SurveyKind},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{
        message::Written,
        survey::{
            calendar::{self, OPEN_FOR, Window},
            responsible::{MONTHLY, concerning, title},
        },
    },
    error::{Error, FaultCode, Message, Result},
    language::{DEFAULT, say},
    service::{Services, notification, ticket::time_zone},
    store::{
        self,
        audit::Act,
        db::Tx,
        survey::cohort::{self, Guest},
    },
};

/// Opens the campaigns of the month before, in every project where their time has come. Returns how many were opened or
/// found more customers.
pub async fn open_monthly(services: &Services) -> Result<usize> {
    let (conn, now) = (services.db.reader(), services.now());
    let mut due = Vec::new();
    for project in store::survey::campaign::projects(conn, &Viewer::system()).await? {
        match surveyed(&project, now) {
            Ok(Some(window)) if window.has_come => due.push((project, window)),
            Ok(_) => {}
            Err(error) => tracing::error!(project = %project.id, ?error, "a project's clock can't be read"),
        }
    }
    let mut months: Vec<NaiveDate> = due.iter().map(|(_, window)| window.month).collect();
    months.dedup();
    let known = store::survey::campaign::of_months(conn, &months, &MONTHLY).await?;
    let mut done = 0;
    for (project, window) in &due {
        for kind in MONTHLY {
            let there = known
                .iter()
                .find(|row| (row.project_id, row.kind, row.cohort_month) == (project.id, kind, Some(window.month)));
            match monthly(services, project, *window, kind, there).await {
                Ok(changed) => done += usize::from(changed),
                // One project that can't be surveyed must not keep the others waiting.
                Err(error) => tracing::error!(project = %project.id, ?kind, ?error, "a campaign could not be opened"),
            }
        }
    }
    Ok(done)
}

/// What a project's clock says, unless the project came only after the days on which its first campaigns would open:
/// it then begins with the next month.
pub fn surveyed(project: &project::Model, now: DateTime<Utc>) -> Result<Option<Window>> {
    let zone = time_zone(project)?;
    let window = calendar::window(now, zone);
    Ok((project.created_at < calendar::late_after(window.month, zone)).then_some(window))
}

async fn monthly(
    services: &Services,
    project: &project::Model,
    window: Window,
    kind: SurveyKind,
    there: Option<&campaign::Model>,
) -> Result<bool> {
    if there.is_some_and(|row| !is_gathering(row, window)) {
        return Ok(false);
    }
    let tx = services.db.begin().await?;
    let plan = Plan {
        project_id: project.id,
        kind,
        cohort: calendar::written(window.month),
        month: window.month,
        title: title(kind, window.month),
        today: window.today,
    };
    let campaign = match there {
        None => open(services, &tx, &plan).await?,
        Some(row) => store::survey::campaign::gather(&tx, row.id, window.today).await?.then(|| row.clone()),
    };
    let Some(campaign) = campaign else { return Ok(false) };
    let guests = cohort_of(&tx, project.id, kind, window.month).await?;
    let invited = invite(services, &tx, &campaign, guests).await?;
    if there.is_none() {
        if window.is_late {
            tracing::warn!(project = %project.id, ?kind, month = %window.month, "a campaign opens late");
        }
        note(services, &tx, &Viewer::system(), &campaign, invited, window.is_late).await?;
    }
    tx.commit().await?;
    services.hub.committed();
    Ok(there.is_none() || invited > 0)
}

/// In the early days of the month, a contract that was entered late is still asked.
fn is_gathering(campaign: &campaign::Model, window: Window) -> bool {
    !window.is_late && campaign.closed_at.is_none() && campaign.gathered_on.is_none_or(|day| day < window.today)
}

async fn cohort_of(tx: &Tx, project_id: Uuid, kind: SurveyKind, month: NaiveDate) -> Result<Vec<Guest>> {
    let days = (month, calendar::last_day(month));
    match kind {
        SurveyKind::Sales => cohort::signed(tx, project_id, days).await,
        SurveyKind::Handover => cohort::handed_over(tx, project_id, days).await,
        SurveyKind::CentralisedRectification => cohort::rectified(tx, project_id, days).await,
        SurveyKind::PropertyService => cohort::households(tx, project_id).await,
        // Each batch has its own.
        SurveyKind::Rectification => Ok(Vec::new()),
    }
}

struct Plan {
    project_id: Uuid,
    kind: SurveyKind,
    cohort: String,
    month: NaiveDate,
    title: Written,
    today: NaiveDate,
}

/// What the survey after a batch is called.
fn after(batch: &rectification_batch::Model) -> Written {
    match batch.written.as_ref().and_then(|kept| Written::deserialize(kept).ok()) {
        Some(written) => Written::SurveyAfterBatch { batch: Box::new(written) },
        None => Written::SurveyAfterNamedBatch { batch: batch.title.clone() },
    }
}

/// Opens a campaign unless its cohort has one.
async fn open(services: &Services, tx: &Tx, plan: &Plan) -> Result<Option<campaign::Model>> {
    let template = store::survey::template::active(tx, plan.kind).await?;
    let template = template.ok_or_else(|| Error::internal("a kind of survey has no questionnaire in use"))?;
    let now = services.now();
    let row = campaign::Model {
        id: services.new_id(now),
        project_id: plan.project_id,
        kind: plan.kind,
        template_id: template.id,
        cohort: plan.cohort.clone(),
        cohort_month: Some(plan.month),
        title: say(&plan.title, DEFAULT),
        written: Some(serde_json::to_value(&plan.title).map_err(Error::internal)?),
        opened_at: now,
        expires_at: now + OPEN_FOR,
        closed_at: None,
        gathered_on: Some(plan.today),
    };
    Ok(store::survey::campaign::open(tx, row.clone()).await?.then_some(row))
}

async fn invite(services: &Services, tx: &Tx, campaign: &campaign::Model, guests: Vec<Guest>) -> Result<u64> {
    let now = services.now();
    let row = |guest: Guest| invitation::Model {
        id: services.new_id(now),
        campaign_id: campaign.id,
        project_id: campaign.project_id,
        kind: campaign.kind,
        cohort_month: campaign.cohort_month,
        subject_id: Some(guest.subject_id),
        owner_id: Some(guest.owner_id),
        unit_id: Some(guest.unit_id),
        ambassador_id: guest.ambassador_id,
        sales_agent_id: guest.sales_agent_id,
        status: InvitationStatus::Open,
        invited_at: now,
        expires_at: campaign.expires_at,
        reminded_at: None,
        saved_at: None,
        submitted_at: None,
        channel: None,
        interviewer_id: None,
        cell_id: None,
    };
    let invitations: Vec<_> = guests.into_iter().map(row).collect();
    let invited = store::survey::invitation::invite(tx, invitations.clone()).await?;
    notification::survey_opened(services, tx, campaign, &invitations).await?;
    Ok(invited)
}

async fn note(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    campaign: &campaign::Model,
    invited: u64,
    is_late: bool,
) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: if is_late { "OPEN_SURVEY_LATE" } else { "OPEN_SURVEY" },
        object_type: "Survey",
        object_id: Some(campaign.id),
        details: Some(json!({ "kind": campaign.kind, "cohort": campaign.cohort, "invitations": invited })),
    };
    store::audit::record(tx, viewer, act).await
}

/// Asks the households of a finished rectification batch, within the transaction that finishes it. One invitation for
/// each home, once for each batch; none when the batch was about public areas only.
pub async fn open_for_batch(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    batch: &rectification_batch::Model,
) -> Result<Option<campaign::Model>> {
    let guests = cohort::of_batch(tx, batch.id).await?;
    if guests.is_empty() {
        return Ok(None);
    }
    let project = store::company::project(tx, &Viewer::system(), batch.project_id).await?;
    let project = project.ok_or_else(|| Error::internal("a batch is of no project"))?;
    let today = services.now().with_timezone(&time_zone(&project)?).date_naive();
    let plan = Plan {
        project_id: batch.project_id,
        kind: SurveyKind::Rectification,
        cohort: format!("batch:{}", batch.id),
        month: calendar::month_of(batch.completed_on.unwrap_or(today)),
        title: after(batch),
        today,
    };
    let Some(campaign) = open(services, tx, &plan).await? else { return Ok(None) };
    let invited = invite(services, tx, &campaign, guests).await?;
    note(services, tx, viewer, &campaign, invited, false).await?;
    Ok(Some(campaign))
}

/// Asks every household of a project about the property company's service, at most once a month.
pub async fn open_by_hand(
    services: &Services,
    viewer: &Viewer,
    project_id: Uuid,
    kind: SurveyKind,
) -> Result<campaign::Model> {
    super::allow(viewer)?;
    if kind != SurveyKind::PropertyService {
        let message = Message::OpenedByHand;
        return Err(Error::fault(FaultCode::Invalid, "kind", message));
    }
    let tx = services.db.begin().await?;
    let project = store::company::project(&tx, viewer, project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let today = services.now().with_timezone(&time_zone(&project)?).date_naive();
    let month = calendar::month_of(today);
    let plan = Plan { project_id, kind, cohort: calendar::written(month), month, title: title(kind, month), today };
    let Some(campaign) = open(services, &tx, &plan).await? else {
        let message = Message::AskedThisMonth;
        return Err(Error::fault(FaultCode::Conflict, "projectId", message));
    };
    let guests = cohort_of(&tx, project_id, kind, month).await?;
    let invited = invite(services, &tx, &campaign, guests).await?;
    note(services, &tx, viewer, &campaign, invited, false).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(campaign)
}

/// A monthly campaign that did not open in the first days of the month.
#[derive(Clone, Debug)]
pub struct Alert {
    pub project: project::Model,
    pub kind: SurveyKind,
    /// The first day of the month that should be surveyed.
    pub month: NaiveDate,
    /// When it opened after all.
    pub opened_at: Option<DateTime<Utc>>,
}

/// The campaigns of the month before that did not open in time, in the viewer's projects and of the viewer's kinds.
pub async fn alerts(services: &Services, viewer: &Viewer) -> Result<Vec<Alert>> {
    let (conn, now) = (services.db.reader(), services.now());
    let kinds = match viewer.principal {
        Principal::Staff { department, .. } => concerning(department),
        _ => Vec::new(),
    };
    let mut late = Vec::new();
    for project in store::survey::campaign::projects(conn, viewer).await? {
        if let Some(window) = surveyed(&project, now)?.filter(|window| window.is_late) {
            late.push((project, window));
        }
    }
    let mut months: Vec<NaiveDate> = late.iter().map(|(_, window)| window.month).collect();
    months.dedup();
    let known = store::survey::campaign::of_months(conn, &months, &MONTHLY).await?;
    let mut alerts = Vec::new();
    for (project, window) in late {
        let deadline = calendar::late_after(window.month, time_zone(&project)?);
        for kind in MONTHLY.into_iter().filter(|kind| kinds.contains(kind)) {
            let found = known
                .iter()
                .find(|row| (row.project_id, row.kind, row.cohort_month) == (project.id, kind, Some(window.month)));
            let opened_at = found.map(|row| row.opened_at);
            if opened_at.is_none_or(|at| at >= deadline) {
                alerts.push(Alert { project: project.clone(), kind, month: window.month, opened_at });
            }
        }
    }
    Ok(alerts)
}
