//! The relay: one task a process that follows the log and wakes whom it may concern.

use std::{collections::HashSet, time::Duration};

use entity::ticket_event::Model as Event;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::hub::{Hub, Topic};
use crate::{
    error::{Error, Result},
    store::{self, db::Db},
};

/// How often the relay looks without being woken: the delay of an event whose wake was lost.
const POLL: Duration = Duration::from_millis(500);

/// How often sessions that ended on another server are looked for.
const SESSION_POLL: Duration = Duration::from_secs(2);

/// How many events it takes at a time.
const BATCH: u64 = 500;

/// Follows the log from its end, for ever. Run one a process; drop the future to stop it.
pub async fn run(db: Db, hub: Hub) {
    let mut place = None;
    let mut sessions = tokio::time::interval(SESSION_POLL);
    sessions.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        if let Err(error) = advance(&db, &hub, &mut place).await {
            log(&error);
        }
        tokio::select! {
            () = hub.commit() => {}
            () = tokio::time::sleep(POLL) => {}
            _ = sessions.tick() => {
                if let Err(error) = end_sessions(&db, &hub).await {
                    log(&error);
                }
            }
        }
    }
}

fn log(error: &Error) {
    tracing::warn!(?error, "the relay will try again");
}

async fn advance(db: &Db, hub: &Hub, place: &mut Option<i64>) -> Result<()> {
    // The end of the log is read before asking who waits: whoever comes later reads up to there by itself.
    let head = store::event::head(db.reader()).await?;
    let mut at = place.unwrap_or(head);
    loop {
        if at >= head || hub.is_idle() {
            *place = Some(head.max(at));
            return Ok(());
        }
        let events = store::event::relay_after(db.reader(), at, BATCH).await?;
        let Some(last) = events.last() else { return Ok(()) };
        let topics = audience(db.reader(), &events).await?;
        at = last.seq;
        *place = Some(at);
        hub.wake(topics);
    }
}

async fn end_sessions(db: &Db, hub: &Hub) -> Result<()> {
    let live = hub.sessions();
    for session in store::session::ended_among(db.reader(), &live).await? {
        hub.end_session(session);
    }
    Ok(())
}

/// Everyone whom one of these events may concern; a superset, since each subscriber's own scope decides.
async fn audience(conn: &impl ConnectionTrait, events: &[Event]) -> Result<HashSet<Topic>> {
    use entity::{staff_project, ticket};
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
    let staff = staff_project::Entity::find()
        .filter(staff_project::Column::ProjectId.is_in(distinct(|event| event.project_id)))
        .all(conn)
        .await?;
    topics.extend(staff.into_iter().map(|row| Topic::Staff(row.staff_id)));
    Ok(topics)
}
