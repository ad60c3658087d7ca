//! Batches of defects for a contractor: made by hand after handovers, and by themselves from what owners report before
//! a warranty ends.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    batch_ticket, rectification_batch, ticket,
    vocab::{BatchKind, BatchStatus, TicketAction},
};
use uuid::Uuid;

use super::{Services, survey, ticket as tickets, ticket::time_zone};
use crate::{
    auth::{
        policy::{Standing, may_act},
        viewer::Viewer,
    },
    domain::{rectification as rules, text, warranty::categories_of_parts},
    error::{Error, FaultCode, Message, Result},
    language::{DEFAULT, say},
    store::{self, db::Tx, rectification::Candidate},
};

const LONGEST_TITLE: usize = 120;

/// The most tickets that a batch is made with.
const MOST_TICKETS: usize = 100;

/// How many rows are looked up in one statement.
const BATCH: u64 = 200;

/// A batch to make by hand.
#[derive(Clone, Debug)]
pub struct NewBatch {
    pub project_id: Uuid,
    pub contractor_id: Uuid,
    pub title: String,
    pub deadline_on: NaiveDate,
    pub ticket_ids: Vec<Uuid>,
}

/// Makes a batch of handover defects for a contractor.
pub async fn create(services: &Services, viewer: &Viewer, new: NewBatch) -> Result<rectification_batch::Model> {
    let title = text::required_line("title", &new.title, LONGEST_TITLE)?;
    if new.ticket_ids.len() > MOST_TICKETS {
        let message = Message::TicketsOfBatch { most: MOST_TICKETS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "ticketIds", message));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let project = store::company::project(&tx, viewer, new.project_id).await?;
    let project = project.ok_or_else(|| Error::unknown("projectId"))?;
    let contractor = store::contractor::by_id(&tx, viewer, new.contractor_id).await?;
    let contractor = contractor.filter(|row| row.project_id == project.id && row.is_active);
    let contractor = contractor.ok_or_else(|| Error::unknown("contractorId"))?;
    let zone = time_zone(&project)?;
    let row = rectification_batch::Model {
        id: services.new_id(now),
        project_id: project.id,
        contractor_id: contractor.id,
        kind: BatchKind::Centralised,
        title,
        written: None,
        status: BatchStatus::Collecting,
        collects_key: None,
        deadline_at: deadline(new.deadline_on, zone, now)?,
        completed_at: None,
        completed_on: None,
        created_by: viewer.staff_id(),
        created_at: now,
    };
    store::rectification::insert(&tx, row.clone()).await?;
    let mut ids = new.ticket_ids;
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        add_within(services, &tx, viewer, &row, ("ticketIds", id)).await?;
    }
    tx.commit().await?;
    services.hub.committed();
    Ok(row)
}

/// A deadline lies ahead, within a year.
fn deadline(day: NaiveDate, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let today = now.with_timezone(&zone).date_naive();
    let latest = today.checked_add_months(Months::new(12)).unwrap_or(today);
    if (today..=latest).contains(&day) {
        Ok(rules::end_of_day(day, zone))
    } else {
        Err(Error::fault(FaultCode::OutOfRange, "deadlineOn", Message::DeadlineWithinAYear))
    }
}

/// Puts a ticket into a batch that still collects. The batch's deadline becomes the ticket's.
pub async fn add_ticket(
    services: &Services,
    viewer: &Viewer,
    batch_id: Uuid,
    ticket_id: Uuid,
) -> Result<rectification_batch::Model> {
    let tx = services.db.begin().await?;
    let batch = load(&tx, viewer, batch_id).await?;
    if !store::rectification::hold_collecting(&tx, batch.id).await? {
        return Err(illegal(Message::BatchSentMakeAnother));
    }
    add_within(services, &tx, viewer, &batch, ("ticketId", ticket_id)).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(batch)
}

async fn add_within(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    batch: &rectification_batch::Model,
    (field, ticket_id): (&str, Uuid),
) -> Result<ticket::Model> {
    let ticket = store::ticket::by_id(tx, viewer, ticket_id).await?;
    let ticket = ticket.filter(|row| row.project_id == batch.project_id).ok_or_else(|| Error::unknown(field))?;
    if !may_act(viewer, TicketAction::Collect, Standing::default()) {
        return Err(Error::Forbidden(Message::TicketStepNotYours));
    }
    let row = batch_ticket::Model {
        id: services.new_id(services.now()),
        batch_id: batch.id,
        ticket_id,
        added_at: services.now(),
    };
    if !store::rectification::add_ticket(tx, row).await? {
        return Err(Error::fault(FaultCode::Conflict, field, Message::TicketInABatch));
    }
    tickets::collect(services, tx, viewer, ticket, batch).await.map_err(|error| named(error, field))
}

/// A refusal of the ticket's rules under the name that the ticket has in this input.
fn named(error: Error, field: &str) -> Error {
    let Error::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| fault.field.as_deref() == Some("ticketId")) {
        fault.field = Some(field.to_owned());
    }
    Error::Invalid(faults)
}

async fn load(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<rectification_batch::Model> {
    store::rectification::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("batchId"))
}

fn illegal(message: Message) -> Error {
    Error::fault(FaultCode::IllegalTransition, "batchId", message)
}

/// Hands a batch to its contractor: nothing is added to it any more.
pub async fn send(services: &Services, viewer: &Viewer, id: Uuid) -> Result<rectification_batch::Model> {
    let tx = services.db.begin().await?;
    let batch = load(&tx, viewer, id).await?;
    if !store::rectification::send(&tx, batch.id).await? {
        return Err(illegal(Message::BatchSent));
    }
    let (tickets, _) = store::rectification::work(&tx, batch.id).await?;
    if tickets == 0 {
        return Err(Error::fault(FaultCode::NotAvailable, "batchId", Message::BatchEmpty));
    }
    let batch = load(&tx, viewer, id).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Completes a batch in which nothing is left to do.
pub async fn complete(services: &Services, viewer: &Viewer, id: Uuid) -> Result<rectification_batch::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let batch = load(&tx, viewer, id).await?;
    let project = store::company::project(&tx, &Viewer::system(), batch.project_id).await?;
    let project = project.ok_or_else(|| Error::internal("a batch without its project"))?;
    let today = now.with_timezone(&time_zone(&project)?).date_naive();
    if !store::rectification::complete(&tx, batch.id, (now, today)).await? {
        return Err(illegal(Message::OnlySentBatches));
    }
    let (_, left) = store::rectification::work(&tx, batch.id).await?;
    if left > 0 {
        let message = Message::TicketsUnresolved { left: left.into() };
        return Err(Error::fault(FaultCode::NotAvailable, "batchId", message));
    }
    let batch = load(&tx, viewer, id).await?;
    // Each household that had something put right is asked how it went (T5.6).
    survey::open_for_batch(services, &tx, viewer, &batch).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(batch)
}

/// Collects what owners reported between the notice and the end of a warranty into the batch of the responsible
/// contractor. Returns how many tickets; one that can't be collected does not keep the others waiting.
pub async fn collect_reports(services: &Services) -> Result<usize> {
    let since = (services.now() - rules::LOOK_BACK).date_naive();
    let parts = categories_of_parts();
    let mut zones = HashMap::new();
    let (mut collected, mut place) = (0, None);
    loop {
        let found = store::rectification::candidates(services.db.reader(), &parts, since, place, BATCH).await?;
        let Some(last) = found.last() else { return Ok(collected) };
        place = Some(last.ticket_id);
        for candidate in &found {
            let zone = zone_of(services, candidate.project_id, &mut zones).await?;
            match collect(services, candidate, zone).await {
                Ok(done) => collected += usize::from(done),
                Err(error) => {
                    tracing::error!(ticket = %candidate.ticket_id, ?error, "a report could not be collected");
                }
            }
        }
    }
}

async fn zone_of(services: &Services, project_id: Uuid, known: &mut HashMap<Uuid, Tz>) -> Result<Tz> {
    if let Some(zone) = known.get(&project_id) {
        return Ok(*zone);
    }
    let project = store::company::project(services.db.reader(), &Viewer::system(), project_id).await?;
    let zone = time_zone(&project.ok_or_else(|| Error::internal("a ticket without its project"))?)?;
    known.insert(project_id, zone);
    Ok(zone)
}

/// Puts one report into its batch. Nothing, when it is outside the window or somebody was faster.
async fn collect(services: &Services, report: &Candidate, zone: Tz) -> Result<bool> {
    if !rules::is_in_window(report.reported_at, report.noticed_at, report.expires_on, zone) {
        return Ok(false);
    }
    let batch = open_batch(services, report, zone)?;
    if batch.deadline_at <= services.now() {
        // Classified so late that the batch is over: it stays an ordinary repair.
        return Ok(false);
    }
    let system = Viewer::system();
    let tx = services.db.begin().await?;
    let batch = store::rectification::collecting(&tx, batch).await?;
    let Some(batch) = batch else { return Ok(false) };
    if !store::rectification::hold_collecting(&tx, batch.id).await? {
        return Ok(false);
    }
    match add_within(services, &tx, &system, &batch, ("ticketId", report.ticket_id)).await {
        Ok(_) => {
            tx.commit().await?;
            services.hub.committed();
            Ok(true)
        }
        Err(Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn open_batch(services: &Services, report: &Candidate, zone: Tz) -> Result<rectification_batch::Model> {
    let now = services.now();
    let plan = rules::collecting(report.contractor_id, report.expires_on);
    Ok(rectification_batch::Model {
        id: services.new_id(now),
        project_id: report.project_id,
        contractor_id: report.contractor_id,
        kind: BatchKind::Warranty,
        title: say(&plan.title, DEFAULT),
        written: Some(serde_json::to_value(&plan.title).map_err(Error::internal)?),
        status: BatchStatus::Collecting,
        collects_key: Some(plan.key),
        deadline_at: rules::end_of_day(plan.deadline_on, zone),
        completed_at: None,
        completed_on: None,
        created_by: None,
        created_at: now,
    })
}

/// Sends the batches for which nothing more can come, because the last warranty of their month has ended.
pub async fn send_collected(services: &Services) -> Result<usize> {
    let now = services.now();
    let mut zones = HashMap::new();
    let (mut sent, mut place) = (0, None);
    loop {
        let conn = services.db.reader();
        let found = store::rectification::collecting_until(conn, now + rules::LONGEST_DEADLINE, place, BATCH).await?;
        let Some(last) = found.last() else { return Ok(sent) };
        place = Some(last.id);
        for batch in &found {
            let zone = zone_of(services, batch.project_id, &mut zones).await?;
            let last_day = rules::day_of_deadline(batch.deadline_at, zone);
            if rules::is_month_over(last_day, now.with_timezone(&zone).date_naive()) {
                sent += usize::from(store::rectification::send(services.db.writer(), batch.id).await?);
            }
        }
    }
}
