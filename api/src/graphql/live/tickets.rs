//! The events of tickets as subscribers follow them: what is new in the log is loaded once for all of them, with the
//! tickets, and one statement asks for each person, however many devices they have, which of it they may see.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{ticket, ticket_event};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::Mutex;
use tracing::Instrument;
use uuid::Uuid;

use super::gather::{self, Answers, Asked, Gathered};
use crate::{
    auth::{
        scope::each_like,
        viewer::{Principal, Viewer},
    },
    error::{Error, Result},
    events::{Ahead, Log, News, Place, Question, Which},
    graphql::loaders::LoadFailure,
    store::{
        self,
        db::{Db, in_time},
    },
    trace::Origin,
};

/// What is loaded.
const WHAT: &str = "tickets";

/// How far from the one who is furthest others may stand, in numbers, to be answered together.
const TOGETHER: i64 = 500;

/// How many earlier events are loaded of tickets that come into sight.
const EARLIER: u64 = 1000;

/// How many statements ask at a time for those who see whole projects, and how many for others.
const AT_ONCE: usize = 4;

/// An event and its ticket as it was just after.
pub type Change = (ticket_event::Model, ticket::Model);

/// What of the log follows this place for somebody?
pub struct Asks {
    principal: Principal,
    ticket_id: Option<Uuid>,
    place: Place,
    limit: u64,
}

/// What subscribers ask for, gathered.
pub struct TicketReads {
    db: Db,
    gathered: Gathered<Asks, News<Arc<Change>>>,
    /// Held by whoever answers: what is asked meanwhile waits and is answered together.
    turn: Mutex<()>,
}

/// What all share who stand near each other.
#[derive(Default)]
struct Shared {
    /// What is new, and before it what the same tickets have had since the one who was shown least.
    changes: Vec<Arc<Change>>,
    /// The tickets that are new to each.
    visible: HashMap<Principal, HashSet<Uuid>>,
    /// Up to here it was looked.
    looked: i64,
    is_all: bool,
}

impl TicketReads {
    pub fn new(db: Db) -> Self {
        Self { db, gathered: Gathered::new(), turn: Mutex::default() }
    }

    /// What there is for those who asked; none when it is too much to be loaded for all of them.
    async fn news(&self, asked: &[Asked<Asks, News<Arc<Change>>>]) -> Result<Option<Shared>> {
        let place = |of: fn(&Place) -> i64| asked.iter().map(|asked| of(&asked.question.place)).min().unwrap_or(0);
        let (shown, looked) = (place(|place| place.shown), place(|place| place.looked));
        let events = store::event::relay_after(self.db.reader(), looked, TOGETHER.unsigned_abs()).await?;
        let is_all = (events.len() as u64) < TOGETHER.unsigned_abs();
        let Some(end) = events.last().map(|event| event.seq) else {
            return Ok(Some(Shared { looked, is_all, ..Shared::default() }));
        };
        let people: HashSet<_> = asked.iter().map(|asked| asked.question.principal).collect();
        let visible = self.visible(people, &events, (looked, end)).await?;
        let tickets: HashSet<Uuid> = visible.values().flatten().copied().collect();
        let Some(mut changes) = self.earlier(&tickets, (shown, looked)).await? else { return Ok(None) };
        changes.extend(events.into_iter().filter(|event| tickets.contains(&event.ticket_id)));
        let changes = with_tickets(&self.db, changes).await?;
        Ok(Some(Shared { changes, visible, looked: end, is_all }))
    }

    /// The tickets of these events, which lie between two places, that each of these people may see.
    async fn visible(
        &self,
        people: HashSet<Principal>,
        events: &[ticket_event::Model],
        (looked, end): (i64, i64),
    ) -> Result<HashMap<Principal, HashSet<Uuid>>> {
        let tickets: HashMap<i64, Uuid> = events.iter().map(|event| (event.seq, event.ticket_id)).collect();
        // A server that was not told yet that somebody's sessions have ended must not show them what they saw before.
        let people = store::staff::unchanged(self.db.reader(), people).await?;
        let (mut groups, mut alone) = (HashMap::<Principal, Vec<(Principal, Uuid)>>::new(), Vec::new());
        for principal in people {
            match (each_like(principal), Viewer::of(principal).id()) {
                (Some(each), Some(id)) => groups.entry(each).or_default().push((principal, id)),
                _ => alone.push(principal),
            }
        }
        let reader = self.db.reader();
        let theirs = |numbers: &HashSet<i64>| numbers.iter().filter_map(|seq| tickets.get(seq).copied()).collect();
        let together = groups.into_iter().map(async |(each, people)| {
            let ids: Vec<Uuid> = people.iter().map(|(_, id)| *id).collect();
            let seen = store::event::visible_to_each(reader, (each, &ids), looked, end).await?;
            let seen = people.iter().filter_map(|(principal, id)| Some((*principal, theirs(seen.get(id)?))));
            Ok::<Vec<_>, Error>(seen.collect())
        });
        let alone = alone.into_iter().map(async |principal| {
            let numbers = store::event::visible(reader, &Viewer::of(principal), looked, end).await?;
            Ok::<_, Error>((principal, theirs(&numbers)))
        });
        let (together, alone): (Vec<_>, Vec<_>) = tokio::try_join!(
            stream::iter(together).buffer_unordered(AT_ONCE).try_collect(),
            stream::iter(alone).buffer_unordered(AT_ONCE).try_collect()
        )?;
        Ok(together.into_iter().flatten().chain(alone).collect())
    }

    /// What these tickets had before they came into somebody's sight.
    async fn earlier(
        &self,
        tickets: &HashSet<Uuid>,
        (shown, looked): (i64, i64),
    ) -> Result<Option<Vec<ticket_event::Model>>> {
        if tickets.is_empty() || shown == looked {
            return Ok(Some(Vec::new()));
        }
        let tickets: Vec<Uuid> = tickets.iter().copied().collect();
        store::event::of_tickets_between(self.db.reader(), &tickets, (shown, looked), EARLIER).await
    }
}

impl Answers for TicketReads {
    type Question = Asks;
    type Answer = News<Arc<Change>>;

    const WHAT: &str = WHAT;

    fn gathered(&self) -> &Gathered<Asks, Self::Answer> {
        &self.gathered
    }

    async fn answer_all(&self) {
        let _turn = self.turn.lock().await;
        let asked = self.gathered.take();
        let furthest = asked.iter().map(|asked| asked.question.place.looked).max().unwrap_or(0);
        let (near, far): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|asked| asked.question.place.looked >= furthest - TOGETHER);
        gather::answer_each(far, |_| Ok(None));
        let news = in_time(self.news(&near)).await.map_err(LoadFailure::from);
        gather::answer_each(near, |question| {
            let theirs = news.as_ref().map(|news| news.as_ref()?.answer(question));
            theirs.map_err(|failure| Error::from(*failure))
        });
    }
}

impl Shared {
    /// None when the viewer has to look alone: there is nothing for them here, and more may follow.
    fn answer(&self, question: &Asks) -> Option<Ahead<Arc<Change>>> {
        let Asks { principal, ticket_id, place, limit } = question;
        let tickets = self.visible.get(principal);
        let is_asked_for = |change: &&Arc<Change>| {
            let event = &change.0;
            event.seq > place.shown
                && ticket_id.is_none_or(|id| event.ticket_id == id)
                && tickets.is_some_and(|tickets| tickets.contains(&event.ticket_id))
        };
        let mut asked_for = self.changes.iter().filter(is_asked_for);
        let most = usize::try_from(*limit).unwrap_or(usize::MAX);
        let entries: Vec<_> = asked_for.by_ref().take(most).cloned().collect();
        if entries.is_empty() && !self.is_all {
            return None;
        }
        let is_rest = asked_for.next().is_none();
        let looked = if is_rest { self.looked.max(place.looked) } else { place.looked };
        Some(Ahead { entries, looked, is_all: is_rest && self.is_all })
    }
}

/// Events that somebody sees, with their tickets: those are visible exactly where the events are.
async fn with_tickets(db: &Db, events: Vec<ticket_event::Model>) -> Result<Vec<Arc<Change>>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let ids: HashSet<Uuid> = events.iter().map(|event| event.ticket_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let tickets = store::ticket::by_ids(db.reader(), &Viewer::system(), &ids).await?;
    let with_ticket = |event: ticket_event::Model| {
        let ticket = tickets.get(&event.ticket_id)?.clone();
        Some(Arc::new((event, ticket)))
    };
    Ok(events.into_iter().filter_map(with_ticket).collect())
}

/// The events of one ticket, or of all.
#[derive(Clone)]
pub struct TicketLog {
    pub reads: Arc<TicketReads>,
    pub ticket_id: Option<Uuid>,
    pub origin: Origin,
}

impl Log for TicketLog {
    type Entry = Arc<Change>;

    const WHICH: Which = Which::Tickets;

    fn ask(&self, viewer: &Viewer, place: Place, limit: u64) -> Question<Self::Entry> {
        let asks = Asks { principal: viewer.principal, ticket_id: self.ticket_id, place, limit };
        gather::of_log(&self.reads, asks, &self.origin)
    }

    async fn alone(&self, db: &Db, viewer: &Viewer, place: Place, limit: u64) -> Result<Ahead<Self::Entry>> {
        let alone = async {
            // The end of the log is read first: what commits after that is not passed over.
            let head = store::event::head(db.reader()).await?;
            if store::staff::unchanged(db.reader(), HashSet::from([viewer.principal])).await?.is_empty() {
                return Ok(Ahead { entries: Vec::new(), looked: place.looked, is_all: true });
            }
            let events = store::event::after(db.reader(), viewer, place.shown, self.ticket_id, limit).await?;
            let is_all = (events.len() as u64) < limit;
            let looked = if is_all { head.max(place.looked) } else { place.looked };
            Ok(Ahead { entries: with_tickets(db, events).await?, looked, is_all })
        };
        alone.instrument(gather::alone(WHAT, &self.origin)).await
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.0.seq
    }
}
