//! Subscriptions: one light stream for each subscriber, and one execution for all who see the same.
//!
//! The schema runs a subscription's field for one of two turns. To *open* it checks the arguments and says what is followed
//! from which place; for each entry that follows it *shows* that one entry. In between there is nothing of the executor's:
//! a subscriber that waits is a place in a log, a waker and a share in the document.
//!
//! Who may see an entry is asked for each subscriber, by the scope of the store, gathered for those who ask at about the
//! same time, and again when it has waited for more than a second. What an entry looks like is made once for
//! all who sent the same document, when no resolver asked for anything but the entry itself: who did not learn who the
//! viewer is can't tell one from another.
//!
//! Most documents name somebody or something around the entry, a home or an assignee, which not everybody sees. A resolver
//! that only looks for rows by their ids (`Ask::look`) learns of the viewer which of them exist for them, and nothing else:
//! whoever sees the same of them would be shown the same. So it is noted what was looked for and what was found while an
//! entry is executed for the first one. Of everybody else it is asked, by the same scopes and when they are shown it, what
//! they see of that (`sights`). Who sees as much is sent what was written for the first. Of those who see more or less the
//! first one has it executed for all who see as much as they; but what that execution looked for may again be something
//! else, and whoever does not see the same of that has it executed for themselves. Nobody is sent anything that was executed
//! for somebody else without having been asked about every row that was looked for there.
//!
//! Everything else, where a resolver asked for the viewer, a count, a list or anything that is not said here, is made for
//! each person, once for all their devices.
//!
//! A collector of traces sees how a subscription is opened, what is loaded for it and what is shown, each for itself and
//! pointing back to the first. It sees no span that is as long as a subscription: nobody would hear of it before its end.

mod bulletins;
mod gather;
mod home;
mod notifications;
mod shape;
mod sights;
mod tickets;

use std::{
    future::Future,
    sync::{Arc, OnceLock},
};

use async_graphql::{Pos, Response, Variables};
use entity::{bulletin, notification};
use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, BoxStream},
};
use serde_json::value::{RawValue, to_raw_value};
use tracing::{Instrument, Span, field::Empty};
use uuid::Uuid;

use super::{
    context::{LookedUp, RequestContext},
    engine::{Engine, has_failed},
};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    events,
    language::Language,
    store::{
        db::{Db, in_time},
        sight::Sight,
    },
    trace::Origin,
};

use bulletins::{BulletinLog, BulletinReads};
use notifications::{NotificationLog, NotificationReads};
use shape::{Made, Making, Seen, Whom};
pub use shape::{Shape, Shapes};
use sights::SightReads;
pub use tickets::Change;
use tickets::{TicketLog, TicketReads};

/// What a subscription sends.
#[derive(Debug)]
pub enum Pushed {
    Response(Box<Response>),
    /// The JSON of a response without errors, written once for several subscribers.
    Written(Arc<RawValue>),
}

impl Pushed {
    /// The JSON that the subscriber is sent.
    pub fn to_json(&self) -> String {
        match self {
            Self::Response(response) => serde_json::to_string(response).expect("an answer holds only strings as keys"),
            Self::Written(written) => written.get().to_owned(),
        }
    }
}

/// What a subscription's field is run for.
pub enum Turn {
    /// To check the arguments and to say what is followed.
    Open(Arc<OnceLock<Followed>>),
    /// To show this.
    Show(Entry),
}

/// Which log a subscription follows, and after which place.
#[derive(Clone, Copy, Debug)]
pub enum Followed {
    Tickets { ticket_id: Option<Uuid>, place: i64 },
    Bulletins { place: i64 },
    Notifications { place: i64 },
}

/// An entry of a log, with what is sent along.
#[derive(Clone)]
pub enum Entry {
    Ticket(Arc<Change>),
    Bulletin(Arc<bulletin::Model>),
    Notification(Arc<notification::Model>),
}

impl Entry {
    fn seq(&self) -> i64 {
        match self {
            Self::Ticket(change) => change.0.seq,
            Self::Bulletin(bulletin) => bulletin.seq,
            Self::Notification(row) => row.seq,
        }
    }
}

/// What the subscribers of a server ask for, gathered.
pub struct Reads {
    bulletins: Arc<BulletinReads>,
    notifications: Arc<NotificationReads>,
    sights: Arc<SightReads>,
    tickets: Arc<TicketReads>,
}

impl Reads {
    pub fn new(db: &Db) -> Self {
        Self {
            bulletins: Arc::new(BulletinReads::new(db.clone())),
            notifications: Arc::new(NotificationReads::new(db.clone())),
            sights: Arc::new(SightReads::new(db.clone())),
            tickets: Arc::new(TicketReads::new(db.clone())),
        }
    }
}

/// One open subscription.
struct Subscriber {
    engine: Engine,
    viewer: Viewer,
    language: Language,
    shape: Arc<Shape>,
    origin: Origin,
}

/// Opens a subscription, within a span for its opening. Dropping the stream ends it; it ends by itself after an error.
pub fn subscribe(
    engine: Engine,
    (viewer, language): (Viewer, Language),
    (shape, variables): (Arc<Shape>, Variables),
    opening: Span,
) -> BoxStream<'static, Pushed> {
    let origin = Origin::of(&opening);
    let subscriber = Arc::new(Subscriber { engine, viewer, language, shape, origin });
    let opened = Arc::clone(&subscriber);
    stream::once(async move { opened.open(variables).instrument(opening).await })
        .flat_map(move |opened| match opened {
            Ok(Some(followed)) => follow(Arc::clone(&subscriber), followed),
            Ok(None) => stream::empty().boxed(),
            Err(refused) => stream::once(std::future::ready(Pushed::Response(Box::new(refused)))).boxed(),
        })
        .boxed()
}

fn follow(subscriber: Arc<Subscriber>, followed: Followed) -> BoxStream<'static, Pushed> {
    let services = subscriber.engine.services();
    let (db, hub, viewer) = (services.db.clone(), services.hub.clone(), subscriber.viewer.clone());
    let origin = subscriber.origin.clone();
    match followed {
        Followed::Tickets { ticket_id, place } => {
            let log = TicketLog { reads: Arc::clone(&subscriber.engine.reads().tickets), ticket_id, origin };
            let changes = events::follow(db, &hub, viewer, log, place);
            each(changes, move |change| Arc::clone(&subscriber).show(Entry::Ticket(change)).boxed())
        }
        Followed::Bulletins { place } => {
            let log = BulletinLog(Arc::clone(&subscriber.engine.reads().bulletins), origin);
            let bulletins = events::follow(db, &hub, viewer, log, place);
            each(bulletins, move |bulletin| Arc::clone(&subscriber).show(Entry::Bulletin(bulletin)).boxed())
        }
        Followed::Notifications { place } => {
            let log = NotificationLog(Arc::clone(&subscriber.engine.reads().notifications), origin);
            let notifications = events::follow(db, &hub, viewer, log, place);
            each(notifications, move |row| Arc::clone(&subscriber).show(Entry::Notification(row)).boxed())
        }
    }
}

/// Shows each entry of a log, one at a time. An answer that hangs half way, at a database that fell silent, would make the
/// subscription silent for ever: it is waited for in bounded time.
fn each<E, F>(
    entries: impl Stream<Item = Result<E>> + Send + 'static,
    show: impl Fn(E) -> F + Send + Sync + 'static,
) -> BoxStream<'static, Pushed>
where
    E: Send + 'static,
    F: Future<Output = Pushed> + Send + 'static,
{
    let shown = entries.then(move |entry| {
        let showing = entry.map(&show);
        async move {
            let shown = in_time(async { Ok(showing?.await) }).await;
            shown.unwrap_or_else(|error| Pushed::Response(Box::new(refusal(error))))
        }
    });
    shown.boxed()
}

impl Subscriber {
    /// Runs the field for its arguments.
    async fn open(&self, variables: Variables) -> std::result::Result<Option<Followed>, Response> {
        let followed = Arc::new(OnceLock::new());
        let context = self.context(Turn::Open(Arc::clone(&followed)));
        let mut responses = self.engine.turn(&self.shape, variables, context);
        match in_time(async { Ok(responses.next().await) }).await {
            Err(error) => Err(noted(refusal(error))),
            Ok(Some(refused)) => Err(noted(refused)),
            // A field that was left out by a directive follows nothing.
            Ok(None) => Ok(followed.get().copied()),
        }
    }

    async fn show(self: Arc<Self>, entry: Entry) -> Pushed {
        let (own, mut whom) = (self.viewer.principal, Whom::Anybody);
        loop {
            whom = match self.made(&entry, &whom).await {
                Made::Common(written) => return Pushed::Written(written),
                Made::Personal(of, Some(written)) if of == own => return Pushed::Written(written),
                // An error is told to whoever met it.
                Made::Personal(of, None) if of == own => {
                    return Pushed::Response(Box::new(Box::pin(self.execute(entry)).await.0));
                }
                Made::Personal(..) => Whom::One(own),
                Made::Seen(seen) if seen.by == own => return Pushed::Written(Arc::clone(&seen.written)),
                // Seldom needed where a whole town is told of something: then it takes place when it is.
                Made::Seen(seen) => match Box::pin(self.sees(&seen)).await {
                    Some(sight) if *sight == seen.sight => return Pushed::Written(Arc::clone(&seen.written)),
                    Some(sight) if whom == Whom::Anybody => Whom::Seeing(sight),
                    _ => Whom::One(own),
                },
            }
        }
    }

    /// What the subscriber sees of what was looked for when something was made for somebody else; none when nobody can say.
    async fn sees(&self, seen: &Seen) -> Option<Arc<Sight>> {
        let sights = &self.engine.reads().sights;
        sights.of(self.viewer.principal, &seen.sought, &self.origin).await.ok()
    }

    fn made(self: &Arc<Self>, entry: &Entry, whom: &Whom) -> Making {
        self.shape.made(entry.seq(), whom, || {
            let own = self.viewer.principal;
            // A task of its own ends what it began, whoever goes away.
            let task = tokio::spawn(Arc::clone(self).make(entry.clone()));
            task.map(move |made| made.unwrap_or(Made::Personal(own, None))).boxed()
        })
    }

    async fn make(self: Arc<Self>, entry: Entry) -> Made {
        let by = self.viewer.principal;
        let (response, looked_up) = self.execute(entry).await;
        let written = if response.errors.is_empty() { to_raw_value(&response).ok().map(Arc::from) } else { None };
        match (written, looked_up) {
            (Some(written), Some(looked_up)) if looked_up.sought.is_empty() => Made::Common(written),
            (Some(written), Some(LookedUp { sought, sight })) => {
                Made::Seen(Arc::new(Seen { by, written, sought: Arc::new(sought), sight }))
            }
            (written, _) => Made::Personal(by, written),
        }
    }

    /// The answer, and what was looked up for it beside the entry; none when a resolver was told anything else.
    async fn execute(&self, entry: Entry) -> (Response, Option<LookedUp>) {
        let mut context = self.context(Turn::Show(entry));
        let told = context.watch();
        let variables = self.shape.variables().clone();
        let showing = async {
            let response = self.engine.turn(&self.shape, variables, context).next().await;
            noted(response.unwrap_or_else(|| refusal(Error::internal("a subscription showed nothing"))))
        };
        let response = showing.instrument(self.showing()).await;
        (response, told.take())
    }

    /// The span of what is shown of one entry.
    fn showing(&self) -> Span {
        let name = self.shape.operation_name().unwrap_or("without a name");
        let name = format_args!("show {name}");
        let span = tracing::trace_span!("show", otel.name = %name, otel.status_code = Empty);
        self.origin.lies_behind(&span);
        span
    }

    fn context(&self, turn: Turn) -> RequestContext {
        RequestContext::live(self.engine.services().clone(), self.viewer.clone(), turn).speaking(self.language)
    }
}

/// Notes in the span around it when something failed that is not the client's doing.
fn noted(response: Response) -> Response {
    if has_failed(&response) {
        Span::current().record("otel.status_code", "ERROR");
    }
    response
}

fn refusal(error: Error) -> Response {
    Response::from_errors(vec![async_graphql::Error::from(error).into_server_error(Pos::default())])
}
