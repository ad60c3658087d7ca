//! The life of a ticket: created, then moved by commands, by people and by the clock.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{
    deadline_policy, project, rectification_batch, ticket, unit,
    vocab::{Role, TicketAction, TicketKind, Urgency},
};
use uuid::Uuid;

use super::{
    Services, dispatch,
    idempotent::{Claim, Repeatable, left_by},
    notification,
    ticket_rows::{self, Fixed, When},
};
use crate::{
    auth::{
        policy::{Standing, may_act},
        viewer::{Principal, Viewer},
    },
    domain::{
        deadline::DeadlinePolicy,
        invalid::Invalid,
        offline,
        ticket::{self as rules, Command, NewTicket, Step},
        ticket_number::ticket_number,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, db::Tx, unit::Place},
};

pub use super::ticket_order::{Offline, Order};

/// How far back an open ticket of the same unit and category counts as similar.
const SIMILAR_WITHIN: TimeDelta = TimeDelta::days(7);

const FIRST_VERSION: i32 = 1;

/// The most pictures that a ticket starts with.
const MOST_ATTACHMENTS: usize = 9;

/// A report, and on whose behalf it is made.
#[derive(Clone, Debug)]
pub struct Report {
    pub unit_id: Uuid,
    pub ticket: NewTicket,
    /// For staff: the owner who reported it.
    pub reporter_id: Option<Uuid>,
    pub attachment_ids: Vec<Uuid>,
    pub idempotency_key: Option<String>,
}

/// Makes a ticket.
pub async fn create(services: &Services, viewer: &Viewer, report: Report) -> Result<ticket::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let call = Repeatable { key: report.idempotency_key.as_deref(), operation: "createTicket" };
    let request =
        format!("{:?} {:?} {:?} {:?}", report.unit_id, report.ticket, report.reporter_id, report.attachment_ids);
    let id = services.new_id(now);
    let ticket = match call.claim_for(&tx, viewer, (&request, now), (id, FIRST_VERSION)).await? {
        Claim::Done(id) => reload(&tx, viewer, id).await?,
        Claim::Fresh => insert(services, &tx, viewer, &report, id).await?,
    };
    tx.commit().await?;
    services.hub.committed();
    Ok(ticket)
}

/// An open ticket that a report may repeat.
pub async fn similar(services: &Services, viewer: &Viewer, ticket: &ticket::Model) -> Result<Option<ticket::Model>> {
    let since = ticket.created_at - SIMILAR_WITHIN;
    store::ticket::similar_open(services.db.reader(), viewer, ticket, since).await
}

/// Makes a ticket inside the caller's transaction, of a project and day for which the caller makes no other in between.
pub(super) async fn insert(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    report: &Report,
    id: Uuid,
) -> Result<ticket::Model> {
    let (place, policy) = reportable_place(tx, viewer, report).await?;
    let reporter_owner_id = reporter(tx, viewer, report, &place.unit).await?;
    let policy = ticket_rows::policy(policy)?;
    file(services, tx, viewer, report, Filing { id, place, policy, reporter_owner_id }).await
}

/// Where and for whom a ticket is filed, and in what time it is to be done.
pub(super) struct Filing {
    pub id: Uuid,
    pub place: Place,
    pub policy: DeadlinePolicy,
    pub reporter_owner_id: Option<Uuid>,
}

/// Files a ticket as part of another use case, which has decided that the viewer may, and for whom: one for a project and
/// day in a transaction.
pub(super) async fn file(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    report: &Report,
    filing: Filing,
) -> Result<ticket::Model> {
    let now = services.now();
    if report.attachment_ids.len() > MOST_ATTACHMENTS {
        let message = Message::PicturesAtStart { most: MOST_ATTACHMENTS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "attachmentIds", message));
    }
    let Filing { id, place: Place { unit, project, .. }, policy, reporter_owner_id } = filing;
    let created = rules::create(&report.ticket, &policy, now)?;
    let fixed = Fixed {
        id,
        number: String::new(),
        project_id: unit.project_id,
        unit_id: unit.id,
        title: created.title,
        description: created.description,
        channel: report.ticket.channel,
        reporter_owner_id,
        reporter_staff_id: viewer.staff_id(),
    };
    let Step { state, events } = created.step;
    let mut row = ticket_rows::row(fixed, state, FIRST_VERSION, now);
    let events = ticket_rows::events(events, &row, viewer, &services.ids, now.into())?;
    let news = notification::news(tx, &row, events).await?;
    // From here on all others who report something in this project wait.
    row.number = take_number(tx, &project, now).await?;
    store::ticket::insert(tx, row.clone()).await?;
    attach(tx, viewer, &report.attachment_ids, row.id).await?;
    notification::append_events(services, tx, &row, news).await?;
    Ok(row)
}

/// The unit and where it stands, if the viewer may report something for it, an owner for the own homes alone; with the
/// deadlines that hold there.
async fn reportable_place(
    conn: &impl Conn,
    viewer: &Viewer,
    report: &Report,
) -> Result<(Place, deadline_policy::Model)> {
    let (unit_id, wish) = (report.unit_id, (report.ticket.kind, report.ticket.urgency));
    let found = store::unit::place_to_report(conn, viewer, unit_id, wish).await?;
    let place = found.ok_or_else(|| Error::unknown("unitId"))?;
    let answers_for_household = match viewer.principal {
        Principal::Staff { id, role: Role::Ambassador, .. } => {
            store::ambassador::answers_for(conn, id, unit_id).await?
        }
        _ => false,
    };
    let standing = Standing { answers_for_household, ..Standing::default() };
    if may_act(viewer, TicketAction::Create, standing) { Ok(place) } else { Err(Error::unknown("unitId")) }
}

async fn reporter(conn: &impl Conn, viewer: &Viewer, report: &Report, unit: &unit::Model) -> Result<Option<Uuid>> {
    match (viewer.owner_id(), report.reporter_id) {
        (Some(own), None) => Ok(Some(own)),
        (Some(own), Some(named)) if own == named => Ok(Some(own)),
        (Some(_), Some(_)) => Err(Error::unknown("reporterId")),
        (None, None) => Ok(None),
        (None, Some(named)) if store::owner::owns(conn, named, unit.id).await? => Ok(Some(named)),
        (None, Some(_)) => Err(Error::unknown("reporterId")),
    }
}

async fn take_number(conn: &impl Conn, project: &project::Model, now: DateTime<Utc>) -> Result<String> {
    let day = local_day(project, now)?;
    let running = store::ticket::next_number(conn, project.id, day).await?;
    Ok(ticket_number(&project.code, day, running.unsigned_abs()))
}

pub(super) async fn project_of(conn: &impl Conn, project_id: Uuid) -> Result<project::Model> {
    let project = store::company::project(conn, &Viewer::system(), project_id).await?;
    project.ok_or_else(|| Error::internal("a unit without its project"))
}

/// What day it is where the project stands.
pub(super) fn local_day(project: &project::Model, now: DateTime<Utc>) -> Result<NaiveDate> {
    Ok(now.with_timezone(&time_zone(project)?).date_naive())
}

/// The time zone in which a project's days are counted.
pub fn time_zone(project: &project::Model) -> Result<Tz> {
    project.time_zone.parse().map_err(Error::internal)
}

async fn attach(conn: &impl Conn, viewer: &Viewer, ids: &[Uuid], ticket_id: Uuid) -> Result<()> {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.is_empty() {
        return Ok(());
    }
    let claimed = store::attachment::claim(conn, viewer, &distinct, ticket_id).await?;
    if claimed == distinct.len() as u64 { Ok(()) } else { Err(Error::unknown("attachmentIds")) }
}

pub(super) async fn deadlines(
    conn: &impl Conn,
    project_id: Uuid,
    kind: TicketKind,
    urgency: Urgency,
) -> Result<DeadlinePolicy> {
    ticket_rows::policy(store::policy::deadline(conn, project_id, kind, urgency).await?)
}

async fn reload(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<ticket::Model> {
    store::ticket::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("ticketId"))
}

/// Carries out a command for whoever asks.
pub async fn act(services: &Services, viewer: &Viewer, order: Order) -> Result<ticket::Model> {
    act_once(services, viewer, &order).await?.ok_or_else(|| Error::unknown("ticketId"))
}

/// The same. None when it was carried out before, and the viewer does not see the ticket any more.
pub(super) async fn act_once(services: &Services, viewer: &Viewer, order: &Order) -> Result<Option<ticket::Model>> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let call = order.call();
    if let Claim::Done(id) = call.claim(&tx, viewer, &order.request(), now).await? {
        return store::ticket::by_id(&tx, viewer, id).await;
    }
    let ticket = reload(&tx, viewer, order.ticket_id).await?;
    allow(&tx, viewer, &ticket, order.command.action()).await?;
    let made_at = order.offline.as_ref().map(|offline| offline::done_at(offline.made_at, ticket.created_at, now));
    let when = When { now, made_at: made_at.transpose()? };
    if expected_version(&tx, viewer, order).await?.is_some_and(|version| version != ticket.version) {
        return Err(Error::conflict());
    }
    check_spokesman(viewer, &order.command)?;
    dispatch::check_assignee(&tx, viewer, &ticket, &order.command, now).await?;
    let ticket = carry_out(services, &tx, viewer, ticket, &order.command, when).await?;
    call.complete_at(&tx, viewer, ticket.id, ticket.version).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(Some(ticket))
}

/// The version that the caller saw, or left there with an earlier action.
async fn expected_version(tx: &Tx, viewer: &Viewer, order: &Order) -> Result<Option<i32>> {
    match order.offline.as_ref().and_then(|offline| offline.follows.as_deref()) {
        None => Ok(order.expected_version),
        Some(key) => left_by(tx, viewer, key, order.ticket_id).await.map(Some),
    }
}

async fn allow(conn: &impl Conn, viewer: &Viewer, ticket: &ticket::Model, action: TicketAction) -> Result<()> {
    let standing = match viewer.principal {
        Principal::Staff { id, role, .. } => Standing {
            answers_for_household: role == Role::Ambassador
                && store::ambassador::answers_for(conn, id, ticket.unit_id).await?,
            is_assignee: ticket.assignee_id == Some(id),
            has_worked_on_it: action == TicketAction::Confirm && store::event::has_worked(conn, id, ticket.id).await?,
        },
        _ => Standing::default(),
    };
    if may_act(viewer, action, standing) { Ok(()) } else { Err(Error::Forbidden(Message::TicketStepNotYours)) }
}

/// Staff who answer in the owner's place say how the owner was asked.
fn check_spokesman(viewer: &Viewer, command: &Command) -> Result<()> {
    match command {
        Command::Confirm { channel: None, .. } if viewer.staff_id().is_some() => {
            Err(Invalid::required("channel").into())
        }
        _ => Ok(()),
    }
}

/// Carries a command out, and what follows from it by itself: an urgent ticket that reaches the queue goes on at once.
async fn carry_out(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    ticket: ticket::Model,
    command: &Command,
    when: When,
) -> Result<ticket::Model> {
    let next = dispatch::next(tx, &ticket, command, when.now).await?;
    let ticket = apply(services, tx, viewer, ticket, command, when).await?;
    match next {
        Some(assign) => apply(services, tx, &Viewer::system(), ticket, &assign, when.now.into()).await,
        None => Ok(ticket),
    }
}

/// Decides and saves, inside the caller's transaction.
async fn apply(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    ticket: ticket::Model,
    command: &Command,
    when: When,
) -> Result<ticket::Model> {
    let state = ticket_rows::state(&ticket);
    let policy = deadlines(tx, ticket.project_id, ticket.kind, command.urgency(&state)).await?;
    let step = rules::step(&state, command, &policy, when.now)?;
    save(services, tx, viewer, &ticket, step, when).await
}

async fn save(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    ticket: &ticket::Model,
    step: Step,
    when: When,
) -> Result<ticket::Model> {
    let row = ticket_rows::row(ticket.into(), step.state, ticket.version + 1, when.now);
    if !store::ticket::update(tx, row.clone(), ticket.version).await? {
        return Err(Error::conflict());
    }
    let events = ticket_rows::events(step.events, &row, viewer, &services.ids, when)?;
    let news = notification::news(tx, &row, events).await?;
    notification::append_events(services, tx, &row, news).await?;
    Ok(row)
}

/// Does what a ticket's clock has come to: records missed deadlines, confirms what was left unanswered. Nothing, when
/// another server or a person was faster. Says whether it changed anything.
pub async fn tick(services: &Services, ticket_id: Uuid) -> Result<bool> {
    let now = services.now();
    let system = Viewer::system();
    let tx = services.db.begin().await?;
    let Some(ticket) = store::ticket::by_id(&tx, &system, ticket_id).await? else { return Ok(false) };
    if ticket.next_check_at.is_none_or(|at| at >= now) {
        return Ok(false);
    }
    let step = rules::catch_up(&ticket_rows::state(&ticket), now);
    if step.events.is_empty() {
        return Ok(false);
    }
    let saved = save(services, &tx, &system, &ticket, step, now.into()).await;
    finish(services, tx, saved).await
}

/// Puts a ticket whose assignee is away or gone back into the queue. Nothing, when somebody was faster.
pub async fn return_to_queue(services: &Services, ticket_id: Uuid, assignee_id: Uuid, reason: &str) -> Result<bool> {
    let now = services.now();
    let system = Viewer::system();
    let tx = services.db.begin().await?;
    let ticket = store::ticket::by_id(&tx, &system, ticket_id).await?;
    let Some(ticket) = ticket.filter(|ticket| ticket.assignee_id == Some(assignee_id)) else { return Ok(false) };
    let command = Command::ReturnToQueue { reason: reason.to_owned() };
    let saved = carry_out(services, &tx, &system, ticket, &command, now.into()).await;
    finish(services, tx, saved).await
}

/// The same with a ticket that the caller's transaction holds, and in it.
pub(super) async fn give_back(services: &Services, tx: &Tx, ticket: ticket::Model, reason: &str) -> Result<()> {
    let command = Command::ReturnToQueue { reason: reason.to_owned() };
    carry_out(services, tx, &Viewer::system(), ticket, &command, services.now().into()).await?;
    Ok(())
}

/// Puts a ticket into a batch, inside the caller's transaction: the batch's deadline becomes its own.
pub(super) async fn collect(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    ticket: ticket::Model,
    batch: &rectification_batch::Model,
) -> Result<ticket::Model> {
    let command = Command::Collect { batch_id: batch.id, resolve_by: batch.deadline_at };
    apply(services, tx, viewer, ticket, &command, services.now().into()).await
}

/// A job that lost a race has nothing left to do.
async fn finish(services: &Services, tx: Tx, saved: Result<ticket::Model>) -> Result<bool> {
    match saved {
        Ok(_) => {
            tx.commit().await?;
            services.hub.committed();
            Ok(true)
        }
        Err(Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
