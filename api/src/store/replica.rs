//! A read replica of PostgreSQL: queries are read there, and whoever has just written reads what they wrote.
//!
//! - **What a principal wrote leaves a mark**: how far the primary's log had grown when a mutation of theirs was over. It
//!   stands in the rows of all their living sessions; a session that begins is marked by the database itself. Every request
//!   reads its session's row on the primary, where it finds the mark, whichever server was written to. So a mark costs one
//!   statement after a mutation, and nothing at a query. It does not wait for the disk: a primary that crashes within the
//!   same second may forget it, and takes longer to come back than the replica to catch up.
//! - **A query may be read from the replica** that has replayed the mark of whoever asks. How far it has replayed each
//!   server looks a few times a second, so whoever wrote is for about as long answered by the primary.
//! - **How far the replica is behind** is told without comparing clocks: by when this server last saw the primary where
//!   the replica is now. One that is too far behind, does not answer, or replays another database's log is left out,
//!   until a later look finds it well.
//! - **What fails on the replica is asked again of the primary** by the engine, which also lets it wait only so long.
//! - Mutations, subscriptions, sessions, jobs and the relay know the primary only. Requests on sockets too, whose session
//!   was read when the socket was opened.
//!
//! What is not promised: whoever hears of somebody else's change by a subscription, which is told by the primary, and asks
//! again at once may be answered from the moment before it. What has changed is in the event itself.
//!
//! All servers over one database must know the replica or none: one that does not leaves no marks.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::db::Db;

/// How often it is looked how far the replica is.
const EVERY: Duration = Duration::from_millis(200);

/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many looks are remembered.
const LOOKS: usize = 512;

/// A place in the primary's log, in bytes from its beginning, and the database that it is of.
struct Position {
    bytes: Option<i64>,
    database: String,
}

/// How far the primary has written.
const WRITTEN: &str = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS bytes,
    current_database() || '@' || (SELECT system_identifier FROM pg_control_system()) AS database";

/// How far a replica has replayed. One that has become a primary of its own is none any more.
const REPLAYED: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN
        pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END AS bytes,
    current_database() || '@' || (SELECT system_identifier FROM pg_control_system()) AS database";

async fn position(conn: &DatabaseConnection, sql: &str) -> Result<Position, DbErr> {
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("a position".to_owned()))?;
    Ok(Position { bytes: row.try_get("", "bytes")?, database: row.try_get("", "database")? })
}

/// Why the replica is not read from, or a mark not left.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the database can't be asked: {0}")]
    Unreachable(#[from] DbErr),
    #[error("the database does not answer")]
    Silent,
    #[error("it is no replica of the database that is written to")]
    Foreign,
    #[error("it is too far behind")]
    Behind,
}

/// What a look has found.
#[derive(Clone, Copy, Debug)]
struct Standing {
    replayed: i64,
    /// When the primary was last seen where the replica is now.
    as_of: Instant,
}

/// A replica, and how far it is.
pub struct Replica {
    pool: DatabaseConnection,
    most_lag: Duration,
    /// None when the last look found nothing that can be compared.
    standing: Mutex<Option<Standing>>,
}

/// What an operator is told.
#[derive(Clone, Copy, Debug)]
pub struct ReplicaState {
    pub in_use: bool,
    pub lag: Option<Duration>,
}

impl Replica {
    pub(super) fn new(pool: DatabaseConnection, most_lag: Duration) -> Self {
        Self { pool, most_lag, standing: Mutex::new(None) }
    }

    pub(super) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    fn standing(&self) -> Option<Standing> {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_fit(&self, standing: &Standing) -> bool {
        standing.as_of.elapsed() <= self.most_lag
    }

    /// Whether whoever has left this mark reads there what they wrote.
    pub(super) fn has_replayed(&self, mark: Option<i64>) -> bool {
        let standing = self.standing().filter(|standing| self.is_fit(standing));
        standing.is_some_and(|standing| mark.is_none_or(|mark| mark <= standing.replayed))
    }

    pub(super) fn state(&self) -> ReplicaState {
        let standing = self.standing();
        ReplicaState {
            in_use: standing.is_some_and(|standing| self.is_fit(&standing)),
            lag: standing.map(|standing| standing.as_of.elapsed()),
        }
    }

    async fn look(&self, primary: &DatabaseConnection, looks: &mut Looks) -> Result<Standing, Unfit> {
        let now = Instant::now();
        let written = position(primary, WRITTEN).await?;
        let replayed = position(&self.pool, REPLAYED).await?;
        let (Some(there), Some(here)) = (written.bytes, replayed.bytes) else { return Err(Unfit::Foreign) };
        if written.database != replayed.database {
            return Err(Unfit::Foreign);
        }
        looks.add(now, there);
        let as_of = looks.last_at_most(here).ok_or(Unfit::Behind)?;
        Ok(Standing { replayed: here, as_of })
    }

    /// Keeps what was found, and says why the replica can't be read from.
    fn keep(&self, found: Result<Standing, Unfit>) -> Result<(), Unfit> {
        let (standing, outcome) = match found {
            Ok(standing) if self.is_fit(&standing) => (Some(standing), Ok(())),
            Ok(standing) => (Some(standing), Err(Unfit::Behind)),
            Err(unfit) => (None, Err(unfit)),
        };
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        outcome
    }
}

/// When the primary was seen where, the oldest first.
#[derive(Default)]
struct Looks(VecDeque<(Instant, i64)>);

impl Looks {
    fn add(&mut self, at: Instant, written: i64) {
        if self.0.back().is_some_and(|(_, last)| *last > written) {
            // Another machine has become the primary, and its log is a shorter one.
            self.0.clear();
        }
        if self.0.len() == LOOKS {
            // The longer ago, the fewer are needed. The first, which the replica has come to, stays.
            let mut stays = false;
            self.0.retain(|_| {
                stays = !stays;
                stays
            });
        }
        self.0.push_back((at, written));
    }

    /// The last time at which no more was written than this.
    fn last_at_most(&mut self, replayed: i64) -> Option<Instant> {
        while self.0.get(1).is_some_and(|(_, written)| *written <= replayed) {
            self.0.pop_front();
        }
        self.0.front().filter(|(_, written)| *written <= replayed).map(|(at, _)| *at)
    }
}

/// Looks after the replica for ever.
pub async fn watch(db: Db) {
    let Some(replica) = db.replica() else { return };
    let (mut looks, mut was_fit) = (Looks::default(), None);
    loop {
        let found = timeout(PATIENCE, replica.look(db.writer(), &mut looks)).await;
        let kept = replica.keep(found.unwrap_or(Err(Unfit::Silent)));
        if was_fit.replace(kept.is_ok()) != Some(kept.is_ok()) {
            match kept {
                Ok(()) => tracing::info!("queries are read from the replica"),
                Err(why) => tracing::warn!(%why, "the replica is left out, and queries are read from the primary"),
            }
        }
        sleep(EVERY).await;
    }
}

/// Leaves the mark of a principal who has just written. Without it what was written may not be read for a moment, which is
/// no reason to say that it was not.
pub(super) async fn mark(primary: &DatabaseConnection, principal: Uuid) {
    // Sent at once, the two are one transaction.
    let sql = format!(
        "SET LOCAL synchronous_commit TO off;
         UPDATE sessions SET last_write = pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint
         WHERE principal_id = '{principal}' AND ended_at IS NULL"
    );
    let marked = timeout(PATIENCE, primary.execute_unprepared(&sql)).await;
    if let Err(why) = marked.map_err(|_| Unfit::Silent).and_then(|marked| Ok(marked?)) {
        tracing::warn!(%why, "a principal may not read at once what they wrote");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_is_as_old_as_the_last_look_at_which_no_more_was_written() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut looks = Looks::default();
        looks.add(at(0), 100);
        assert_eq!(looks.last_at_most(99), None, "how far it is behind is not known yet");
        looks.add(at(1), 200);
        looks.add(at(2), 200);
        looks.add(at(3), 300);
        assert_eq!(looks.last_at_most(150), Some(at(0)));
        assert_eq!(looks.last_at_most(200), Some(at(2)));
        assert_eq!(looks.last_at_most(299), Some(at(2)));
        assert_eq!(looks.last_at_most(301), Some(at(3)));
        // A primary with a shorter log has taken over.
        looks.add(at(4), 50);
        assert_eq!(looks.last_at_most(40), None);
        assert_eq!(looks.last_at_most(50), Some(at(4)));
    }

    #[test]
    fn the_looks_of_a_replica_that_stands_still_are_bounded() {
        let (start, mut looks) = (Instant::now(), Looks::default());
        for number in 0..100_000 {
            looks.add(start + EVERY * number, i64::from(number));
            assert!(looks.0.len() <= LOOKS);
            assert_eq!(looks.last_at_most(0), Some(start));
        }
        // What was seen long ago is forgotten: then it counts as older than it is, and never as newer.
        assert!(looks.last_at_most(50_000).is_some_and(|at| at <= start + EVERY * 50_000));
        assert_eq!(looks.last_at_most(99_999), Some(start + EVERY * 99_999));
    }
}
