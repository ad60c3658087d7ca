//! The relay: one task a process that follows the logs and wakes whom they may concern.

use std::{collections::HashSet, mem, time::Duration};

use entity::{bulletin::Model as Bulletin, staff_project, ticket, ticket_event::Model as Event, vocab::PrincipalKind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    hub::{Hub, Topic, Wake},
    log::Which,
};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    store::{
        self,
        db::{Db, in_time},
        notification::Told,
    },
};

/// How often the relay looks without being woken: the delay of an event whose wake was lost.
const POLL: Duration = Duration::from_millis(500);

/// How often sessions that ended on another server are looked for.
const SESSION_POLL: Duration = Duration::from_secs(2);

/// How many events it takes at a time.
const BATCH: u64 = 500;

/// How many notifications: of these only few columns are read.
const NOTIFICATIONS: u64 = 5000;

/// How far the relay has read each log.
#[derive(Default)]
struct Places {
    tickets: Option<i64>,
    bulletins: Option<i64>,
    notifications: Option<i64>,
    /// The bulletins whose readers were woken since notifications were last read.
    woken_for: HashSet<Uuid>,
}

/// Follows the logs from their ends, for ever, and sessions to theirs. Run one a process; drop the future to stop it.
pub async fn run(db: Db, hub: Hub) {
    // A crowd has sessions by the thousand: nobody's news wait until all of them are looked for.
    tokio::join!(follow_logs(&db, &hub), follow_sessions(&db, &hub));
}

async fn follow_logs(db: &Db, hub: &Hub) {
    let mut places = Places::default();
    loop {
        if advance(db, hub, &mut places).await {
            hub.caught_up();
        }
        tokio::select! {
            () = hub.commit() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn follow_sessions(db: &Db, hub: &Hub) {
    let mut looks = tokio::time::interval(SESSION_POLL);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        looks.tick().await;
        if let Err(error) = in_time(end_sessions(db, hub)).await {
            log(&error);
        }
    }
}

fn log(error: &Error) {
    tracing::warn!(?error, "the relay will try again");
}

/// Reads what is new in each log, and says whether all could be read. One that can't be stops no other.
async fn advance(db: &Db, hub: &Hub, places: &mut Places) -> bool {
    // The ends of the logs are read before asking who waits: whoever comes later reads up to there by itself.
    let heads = match in_time(store::heads::read(&db.at_hand())).await {
        Ok(heads) => heads,
        Err(error) => {
            log(&error);
            return false;
        }
    };
    let advanced = [
        in_time(advance_tickets(db, hub, &mut places.tickets, heads.tickets)).await,
        in_time(advance_bulletins(db, hub, places, heads.bulletins)).await,
        in_time(advance_notifications(db, hub, places, heads.notifications)).await,
    ];
    advanced.iter().filter_map(|advanced| advanced.as_ref().err()).for_each(log);
    advanced.iter().all(Result::is_ok)
}

async fn advance_tickets(db: &Db, hub: &Hub, place: &mut Option<i64>, head: i64) -> Result<()> {
    while let Some(at) = next_part(place, head, || hub.is_idle(&[Which::Tickets])) {
        let events = store::event::relay_after(db.reader(), at, BATCH).await?;
        let Some(last) = events.last() else { return Ok(()) };
        let topics = audience(db.reader(), &events).await?;
        *place = Some(last.seq);
        hub.wake(Which::Tickets, topics);
    }
    Ok(())
}

async fn advance_bulletins(db: &Db, hub: &Hub, places: &mut Places, head: i64) -> Result<()> {
    while let Some(at) = next_part(&mut places.bulletins, head, || hub.is_idle(&[Which::Bulletins])) {
        let bulletins = store::bulletin::after(db.reader(), &Viewer::system(), at, BATCH).await?;
        let Some(last) = bulletins.last() else { return Ok(()) };
        let topics = readers(db.reader(), &bulletins).await?;
        places.bulletins = Some(last.seq);
        places.woken_for.extend(bulletins.iter().map(|bulletin| bulletin.id));
        hub.wake(Which::Bulletins, topics);
    }
    Ok(())
}

/// Whoever is told of a bulletin that was published before has it from now on.
async fn advance_notifications(db: &Db, hub: &Hub, places: &mut Places, head: i64) -> Result<()> {
    let woken_for = mem::take(&mut places.woken_for);
    let is_idle = || hub.is_idle(&[Which::Notifications, Which::Bulletins]);
    while let Some(at) = next_part(&mut places.notifications, head, is_idle) {
        let told = store::notification::relay_after(db.reader(), at, NOTIFICATIONS).await?;
        let Some(last) = told.last() else { return Ok(()) };
        places.notifications = Some(last.seq);
        let late = told.iter().filter(|told| told.bulletin_id.is_some_and(|id| !woken_for.contains(&id)));
        hub.wake(Which::Bulletins, late.map(recipient).collect::<HashSet<_>>());
        hub.wake(Which::Notifications, told.iter().map(recipient).chain([Topic::Everything]).collect::<HashSet<_>>());
    }
    Ok(())
}

fn recipient(told: &Told) -> Topic {
    match told.recipient_kind {
        PrincipalKind::Owner => Topic::Owner(told.recipient_id),
        PrincipalKind::Staff => Topic::Staff(told.recipient_id),
        PrincipalKind::Partner | PrincipalKind::System => Topic::Everything,
    }
}

/// From where the relay reads on; none, and at the end, when it is there or nobody waits.
fn next_part(place: &mut Option<i64>, head: i64, is_idle: impl Fn() -> bool) -> Option<i64> {
    let at = place.unwrap_or(head);
    if at < head && !is_idle() {
        return Some(at);
    }
    *place = Some(head.max(at));
    None
}

async fn end_sessions(db: &Db, hub: &Hub) -> Result<()> {
    let live = hub.sessions();
    for session in store::session::ended_among(db.reader(), &live).await? {
        hub.hear(Wake::SessionEnded(session));
    }
    Ok(())
}

/// Everyone whom one of these events may concern; a superset, since each subscriber's own scope decides.
async fn audience(conn: &impl ConnectionTrait, events: &[Event]) -> Result<HashSet<Topic>> {
    let distinct =
        |of: fn(&Event) -> Uuid| events.iter().map(of).collect::<HashSet<_>>().into_iter().collect::<Vec<_>>();
    let units = distinct(|event| event.unit_id);
    let mut topics = HashSet::from([Topic::Everything]);
    topics.extend(store::owner::owner_ids_of_units(conn, &units).await?.into_iter().map(|(_, id)| Topic::Owner(id)));
    topics.extend(store::ambassador::current_of_units(conn, &units).await?.into_iter().map(|(_, id)| Topic::Staff(id)));
    let tickets =
        ticket::Entity::find().filter(ticket::Column::Id.is_in(distinct(|event| event.ticket_id))).all(conn).await?;
    for ticket in tickets {
        topics.extend(ticket.reporter_owner_id.map(Topic::Owner));
        topics.extend(ticket.assignee_id.map(Topic::Staff));
    }
    topics.extend(staff_of(conn, distinct(|event| event.project_id)).await?);
    Ok(topics)
}

/// Everyone who may read one of these bulletins: those it was delivered to, and the project's staff.
async fn readers(conn: &impl ConnectionTrait, bulletins: &[Bulletin]) -> Result<HashSet<Topic>> {
    let ids: Vec<Uuid> = bulletins.iter().map(|bulletin| bulletin.id).collect();
    let mut topics = HashSet::from([Topic::Everything]);
    topics.extend(store::bulletin::recipients(conn, &ids).await?.into_iter().map(Topic::Owner));
    topics.extend(staff_of(conn, bulletins.iter().map(|bulletin| bulletin.project_id).collect()).await?);
    Ok(topics)
}

async fn staff_of(conn: &impl ConnectionTrait, projects: Vec<Uuid>) -> Result<impl Iterator<Item = Topic>> {
    let staff =
        staff_project::Entity::find().filter(staff_project::Column::ProjectId.is_in(projects)).all(conn).await?;
    Ok(staff.into_iter().map(|row| Topic::Staff(row.staff_id)))
}
