//! Connections to PostgreSQL that are at hand for the small statements that every request sends. The pool asks each
//! connection that is given back whether it still lives: both processes are woken for that, which costs as much again as a
//! small statement. So a few are kept from it for a moment, and go back to be asked when that is over.

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::Duration,
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, SqlxError, Statement,
    sea_query::Values,
    sqlx::{self, AssertSqlSafe, PgPool, Postgres, pool::PoolConnection},
};
use sea_query_sqlx::SqlxValues;
use tokio::time::{Instant, sleep};

use super::watch::Watch;

/// How long a connection stays away from the pool. It is the longest that somebody waits for one that nobody uses.
const AWAY: Duration = Duration::from_millis(250);

/// The connections at hand over a pool.
pub(super) struct Near {
    pool: PgPool,
    watch: Arc<Watch>,
    most: usize,
    kept: Mutex<Vec<Kept>>,
    /// Whether somebody waits to give back those whose time is over.
    is_watched: AtomicBool,
}

/// A connection that has answered all that it was asked.
struct Kept {
    connection: PoolConnection<Postgres>,
    until: Instant,
}

impl Near {
    pub(super) fn new(pool: PgPool, watch: Arc<Watch>) -> Self {
        // Half of them always go by the pool.
        let most = pool.options().get_max_connections() as usize / 2;
        Self { pool, watch, most, kept: Mutex::default(), is_watched: AtomicBool::new(false) }
    }

    /// How many wait to be used.
    pub(super) fn idle(&self) -> u32 {
        u32::try_from(self.with(|kept| kept.len())).unwrap_or(u32::MAX)
    }

    /// Gives all of them back. The pool is closed next, which waits for them.
    pub(super) fn clear(&self) {
        drop(self.with(std::mem::take));
    }

    async fn query_one(self: &Arc<Self>, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let cause = |error: SqlxError| RuntimeErr::SqlxError(Arc::new(error));
        let mut near = match self.take() {
            Some(near) => near,
            None => {
                let connection = self.pool.acquire().await.map_err(|error| DbErr::Conn(cause(error)))?;
                Kept { connection, until: Instant::now() + AWAY }
            }
        };
        let start = Instant::now();
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let query = sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values));
        let answer = query.fetch_optional(&mut *near.connection).await;
        self.watch.statement(&statement.sql, start.elapsed(), answer.is_err());
        // What failed, or was given up half way, the pool looks after.
        let row = answer.map_err(|error| DbErr::Query(cause(error)))?;
        self.keep(near);
        Ok(row.map(QueryResult::from))
    }

    fn take(&self) -> Option<Kept> {
        self.with(Vec::pop).filter(|near| Instant::now() < near.until)
    }

    /// Keeps it, unless somebody may be waiting for it at the pool.
    fn keep(self: &Arc<Self>, near: Kept) {
        let has_more = self.pool.num_idle() > 0 || self.pool.size() < self.pool.options().get_max_connections();
        if !has_more || self.pool.is_closed() || Instant::now() >= near.until {
            return;
        }
        let too_many = self.with(|kept| {
            if kept.len() < self.most {
                kept.push(near);
                None
            } else {
                Some(near)
            }
        });
        drop(too_many);
        if !self.is_watched.swap(true, Ordering::AcqRel) {
            tokio::spawn(Arc::clone(self).watch());
        }
    }

    /// Gives back those whose time is over, until there are none.
    async fn watch(self: Arc<Self>) {
        loop {
            sleep(AWAY).await;
            let now = Instant::now();
            let over: Vec<Kept> = self.with(|kept| kept.extract_if(.., |near| near.until <= now).collect());
            drop(over);
            if self.idle() > 0 {
                continue;
            }
            self.is_watched.store(false, Ordering::Release);
            // One may have been kept just before that.
            if self.idle() == 0 || self.is_watched.swap(true, Ordering::AcqRel) {
                return;
            }
        }
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Vec<Kept>) -> T) -> T {
        // Nothing here panics half way.
        use_it(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads single rows by the connections at hand, where there are some, and everything else by the pool.
pub struct AtHand<'a> {
    pub(super) near: Option<&'a Arc<Near>>,
    pub(super) pool: &'a DatabaseConnection,
}

#[async_trait]
impl ConnectionTrait for AtHand<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.near {
            Some(near) => near.query_one(statement).await,
            None => self.pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.pool.query_all_raw(statement).await
    }
}
