//! Who in this process waits for what. Holds what each does when it is woken, and nothing else: no event, no queue, nothing
//! that grows with traffic.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use entity::vocab::Role;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Notify, broadcast, watch},
    time::Instant,
};
use uuid::Uuid;

use super::{
    bell::{Act, Bell},
    log::Which,
};
use crate::auth::viewer::{Principal, Viewer};

/// Whom an event may concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Owner(Uuid),
    Staff(Uuid),
    /// Those who see every project.
    Everything,
}

/// The waking place of this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    /// Wakes the relay.
    commits: Notify,
    /// What the other servers should know; nobody listens where there is no bus.
    told: broadcast::Sender<Wake>,
}

impl Default for Inner {
    fn default() -> Self {
        Self { state: Mutex::default(), commits: Notify::new(), told: broadcast::Sender::new(UNTOLD) }
    }
}

/// How many wakes may wait for the bus. The oldest are lost over that; everything they wake for is also looked for.
const UNTOLD: usize = 1024;

/// What one server tells the others. It only wakes: what happened is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wake {
    /// A log has grown.
    Committed,
    SessionEnded(Uuid),
    PrincipalEnded(Uuid),
}

#[derive(Default)]
struct State {
    waiting: HashMap<Which, HashMap<Topic, Vec<Arc<Bell>>>>,
    sessions: HashMap<Uuid, Session>,
    /// When the relay last stood at the end of the logs.
    caught_up: Option<Instant>,
}

/// A session that something in this process depends on.
struct Session {
    principal: Uuid,
    ended: watch::Sender<bool>,
    watchers: usize,
}

impl Hub {
    /// Tells the relay, and the other servers', that a log has grown.
    pub fn committed(&self) {
        self.tell(Wake::Committed);
    }

    /// Waits until somebody committed.
    pub async fn commit(&self) {
        self.0.commits.notified().await;
    }

    /// Registers a subscriber of a log; it is woken from this moment on, so read the log after this.
    pub fn subscribe(&self, which: Which, viewer: &Viewer) -> Subscription {
        let bell = Arc::<Bell>::default();
        let topic = topic(viewer);
        if let Some(topic) = topic {
            let bell = Arc::clone(&bell);
            self.state(|state| state.waiting.entry(which).or_default().entry(topic).or_default().push(bell));
        }
        Subscription { hub: self.clone(), which, topic, bell }
    }

    /// Wakes every subscriber of a log whom these topics concern.
    pub fn wake(&self, which: Which, topics: impl IntoIterator<Item = Topic>) {
        let woken: Vec<Arc<Bell>> = self.state(|state| {
            let Some(followers) = state.waiting.get(&which) else { return Vec::new() };
            topics.into_iter().filter_map(|topic| followers.get(&topic)).flatten().cloned().collect()
        });
        woken.iter().for_each(|bell| bell.ring());
    }

    /// Whether nobody follows any of these logs; the relay saves its work then.
    pub fn is_idle(&self, logs: &[Which]) -> bool {
        self.state(|state| logs.iter().all(|log| state.waiting.get(log).is_none_or(HashMap::is_empty)))
    }

    /// Resolves when the viewer's session is ended. Never, for a viewer without one.
    pub async fn ended(&self, viewer: &Viewer) {
        let (Some(session), Some(principal)) = (viewer.session_id, viewer.id()) else {
            return std::future::pending().await;
        };
        let mut watch = SessionWatch::new(self.clone(), session, principal);
        // The sender lives in the hub while this watch does, so an error can't come before an end.
        let _ = watch.ended.wait_for(|ended| *ended).await;
    }

    /// Ends a session's subscriptions, here and on the other servers.
    pub fn end_session(&self, session: Uuid) {
        self.tell(Wake::SessionEnded(session));
    }

    /// Ends all subscriptions of a principal, here and on the other servers.
    pub fn end_principal(&self, principal: Uuid) {
        self.tell(Wake::PrincipalEnded(principal));
    }

    fn tell(&self, wake: Wake) {
        self.hear(wake);
        // Without a bus nobody listens.
        let _ = self.0.told.send(wake);
    }

    /// Does in this process what a wake asks for.
    pub(super) fn hear(&self, wake: Wake) {
        match wake {
            Wake::Committed => self.0.commits.notify_one(),
            Wake::SessionEnded(session) => self.end_where(|id, _| *id == session),
            Wake::PrincipalEnded(principal) => self.end_where(|_, session| session.principal == principal),
        }
    }

    /// What this process tells from now on.
    pub(super) fn told(&self) -> broadcast::Receiver<Wake> {
        self.0.told.subscribe()
    }

    fn end_where(&self, which: impl Fn(&Uuid, &Session) -> bool) {
        self.state(|state| {
            for (_, session) in state.sessions.iter().filter(|(id, session)| which(id, session)) {
                session.ended.send_replace(true);
            }
        });
    }

    /// The sessions that something in this process depends on.
    pub fn sessions(&self) -> Vec<Uuid> {
        self.state(|state| state.sessions.keys().copied().collect())
    }

    /// How many subscribers wait.
    pub fn subscribers(&self) -> usize {
        self.state(|state| state.waiting.values().flat_map(HashMap::values).map(Vec::len).sum())
    }

    /// The relay has woken everybody for what was in the logs.
    pub fn caught_up(&self) {
        self.state(|state| state.caught_up = Some(Instant::now()));
    }

    /// How long ago the relay last stood at the end of the logs: how late news may be at this moment. None before it runs.
    pub fn lag(&self) -> Option<Duration> {
        self.state(|state| state.caught_up).map(|instant| instant.elapsed())
    }

    fn state<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        // A panic while the lock was held can't leave wakers half changed.
        use_it(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn topic(viewer: &Viewer) -> Option<Topic> {
    match viewer.principal {
        Principal::Owner(id) => Some(Topic::Owner(id)),
        Principal::Staff { role: Role::GroupSupervisor | Role::Auditor, .. } | Principal::System => {
            Some(Topic::Everything)
        }
        Principal::Staff { id, .. } => Some(Topic::Staff(id)),
        Principal::Anonymous | Principal::Partner(_) => None,
    }
}

/// A subscriber's place in the hub, given back when dropped.
pub struct Subscription {
    hub: Hub,
    which: Which,
    topic: Option<Topic>,
    bell: Arc<Bell>,
}

impl Subscription {
    /// Has this done at the next wake, by whoever wakes; at once, if one came since the last time.
    pub fn when_woken(&self, act: Act) {
        self.bell.wait(act);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let Some(topic) = self.topic else { return };
        self.hub.state(|state| {
            let Some(followers) = state.waiting.get_mut(&self.which) else { return };
            if let Some(waiting) = followers.get_mut(&topic) {
                waiting.retain(|other| !Arc::ptr_eq(other, &self.bell));
                if waiting.is_empty() {
                    followers.remove(&topic);
                }
            }
        });
    }
}

struct SessionWatch {
    hub: Hub,
    session: Uuid,
    ended: watch::Receiver<bool>,
}

impl SessionWatch {
    fn new(hub: Hub, session: Uuid, principal: Uuid) -> Self {
        let ended = hub.state(|state| {
            let entry = state.sessions.entry(session).or_insert_with(|| Session {
                principal,
                ended: watch::Sender::new(false),
                watchers: 0,
            });
            entry.watchers += 1;
            entry.ended.subscribe()
        });
        Self { hub, session, ended }
    }
}

impl Drop for SessionWatch {
    fn drop(&mut self) {
        self.hub.state(|state| {
            if let Some(entry) = state.sessions.get_mut(&self.session) {
                entry.watchers -= 1;
                if entry.watchers == 0 {
                    state.sessions.remove(&self.session);
                }
            }
        });
    }
}
