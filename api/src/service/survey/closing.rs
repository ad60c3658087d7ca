//! What the clock does to surveys: reminds, ends, closes campaigns, makes their results fit to be shown, and opens a
//! task where a result misses its target.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    improvement_task as task, project, survey_campaign as campaign, survey_cell,
    vocab::{Dimension, TaskStatus},
};
use serde::Deserialize;
use uuid::Uuid;

use super::statistics::{asked, sums};
use crate::{
    auth::viewer::Viewer,
    domain::{
        message::Written,
        survey::{
            calendar::{IMPROVE_WITHIN, REMIND_BEFORE},
            cell::{self, Cell},
            responsible::{TARGET_BASIS_POINTS, responsible},
            statistics::{Filter, total},
        },
    },
    error::{Error, Result},
    language::{DEFAULT, say},
    service::{Services, ticket::time_zone},
    store::{self, db::Tx},
};

/// How many rows one statement changes.
const BATCH: u64 = 500;

/// How many campaigns are looked for at a time.
const CAMPAIGNS: u64 = 20;

/// Reminds those whose survey ends soon, once each. Returns how many.
pub async fn remind(services: &Services) -> Result<u64> {
    let now = services.now();
    let mut reminded = 0;
    loop {
        let some = store::survey::invitation::remind(services.db.writer(), now, now + REMIND_BEFORE, BATCH).await?;
        reminded += some;
        if some < BATCH {
            return Ok(reminded);
        }
    }
}

/// Ends the surveys whose time is over. Returns how many.
pub async fn expire(services: &Services) -> Result<u64> {
    let now = services.now();
    let mut expired = 0;
    loop {
        let some = store::survey::invitation::expire(services.db.writer(), now, BATCH).await?;
        expired += some;
        if some < BATCH {
            return Ok(expired);
        }
    }
}

/// Closes the campaigns whose time is over. Returns how many.
pub async fn close_due(services: &Services) -> Result<usize> {
    let mut closed = 0;
    loop {
        let due = store::survey::campaign::due(services.db.reader(), services.now(), CAMPAIGNS).await?;
        let (found, mut progress) = (due.len(), 0);
        for campaign in due {
            match close(services, &campaign).await {
                Ok(done) => progress += usize::from(done),
                Err(error) => tracing::error!(campaign = %campaign.id, ?error, "a campaign could not be closed"),
            }
        }
        closed += progress;
        if progress == 0 || found < usize::try_from(CAMPAIGNS).unwrap_or(usize::MAX) {
            return Ok(closed);
        }
    }
}

async fn close(services: &Services, campaign: &campaign::Model) -> Result<bool> {
    let now = services.now();
    let tx = services.db.begin().await?;
    if !store::survey::campaign::close(&tx, campaign.id, now).await? {
        return Ok(false);
    }
    store::survey::invitation::expire_campaign(&tx, campaign.id).await?;
    let fresh = store::survey::result::fresh(&tx, campaign.id).await?;
    let waiting = store::survey::result::waiting(&tx, campaign).await?;
    let mut sealed = Vec::new();
    for cell in cell::seal(&waiting, &fresh) {
        let row = row(services, campaign, &cell, now);
        if !store::survey::result::seal(&tx, row.clone(), &cell.members).await? {
            // Another campaign that closes at this moment took the waiting ones along: the next round sees what is left.
            return Err(Error::Busy);
        }
        sealed.push(row);
    }
    if !sealed.is_empty() {
        let tasks = tasks(services, &tx, campaign, &sealed, now).await?;
        store::survey::improvement::open(&tx, tasks).await?;
    }
    tx.commit().await?;
    Ok(true)
}

fn row(services: &Services, campaign: &campaign::Model, cell: &Cell, now: DateTime<Utc>) -> survey_cell::Model {
    survey_cell::Model {
        id: services.new_id(now),
        project_id: campaign.project_id,
        kind: campaign.kind,
        first_month: cell.first_month,
        last_month: cell.last_month,
        ambassador_id: cell.ambassador,
        response_count: i32::try_from(cell.members.len()).unwrap_or(i32::MAX),
        sealed_at: now,
    }
}

/// A task for each side of the survey whose result misses the target. What is measured is what may be shown.
async fn tasks(
    services: &Services,
    tx: &Tx,
    campaign: &campaign::Model,
    sealed: &[survey_cell::Model],
    now: DateTime<Utc>,
) -> Result<Vec<task::Model>> {
    let ids: Vec<Uuid> = sealed.iter().map(|cell| cell.id).collect();
    let values = store::survey::result::values_of(tx, &ids).await?;
    let questions = asked(tx, &Viewer::system(), &values).await?;
    let rules = questions.rules();
    let everything = Filter {
        kind: None,
        project_id: None,
        department: None,
        ambassador: None,
        from: NaiveDate::MIN,
        to: NaiveDate::MAX,
    };
    let outcome = total(&sums(sealed, &values, &questions), &[], &rules, &everything);
    let measured: BTreeMap<Dimension, i32> = Dimension::ALL
        .iter()
        .filter_map(|side| Some((*side, outcome.ratings(&rules, Some(*side)).index_basis_points()?)))
        .collect();
    let due_on = due_on(tx, campaign, now).await?;
    let missed = measured.into_iter().filter(|(_, measured)| *measured < TARGET_BASIS_POINTS);
    missed.map(|(side, measured)| new_task(services, campaign, (side, measured), due_on, now)).collect()
}

async fn due_on(tx: &Tx, campaign: &campaign::Model, now: DateTime<Utc>) -> Result<NaiveDate> {
    let project = store::company::project(tx, &Viewer::system(), campaign.project_id).await?;
    let project: project::Model = project.ok_or_else(|| Error::internal("a campaign is of no project"))?;
    let today = now.with_timezone(&time_zone(&project)?).date_naive();
    Ok(today.checked_add_days(IMPROVE_WITHIN).unwrap_or(today))
}

fn new_task(
    services: &Services,
    campaign: &campaign::Model,
    (dimension, measured): (Dimension, i32),
    due_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<task::Model> {
    let side = dimension.into();
    let title = match campaign.written.as_ref().and_then(|kept| Written::deserialize(kept).ok()) {
        Some(survey) => Written::BelowTarget { survey: Box::new(survey), side },
        None => Written::BelowTargetOfNamed { survey: campaign.title.clone(), side },
    };
    Ok(task::Model {
        id: services.new_id(now),
        project_id: campaign.project_id,
        department: responsible(campaign.kind, dimension),
        campaign_id: Some(campaign.id),
        dimension: Some(dimension),
        source_key: format!("survey:{}:{dimension:?}", campaign.id),
        title: say(&title, DEFAULT),
        written: Some(serde_json::to_value(&title).map_err(Error::internal)?),
        measured_basis_points: Some(measured),
        target_basis_points: Some(TARGET_BASIS_POINTS),
        due_on,
        status: TaskStatus::Open,
        measure: None,
        completed_by: None,
        completed_at: None,
        created_at: now,
    })
}
