//! Looks at what is sent to a database: it is counted, said when it was slow, and told to a collector of traces.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{DatabaseConnection, DbBackend, DbErr};

use super::summary::Summary;
use crate::trace;

/// What this process has sent so far.
#[derive(Default)]
pub(super) struct Counts {
    statements: AtomicU64,
    slow: AtomicU64,
}

impl Counts {
    pub(super) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub(super) fn slow(&self) -> u64 {
        self.slow.load(Ordering::Relaxed)
    }
}

/// Whoever looks at what is sent by a pool.
pub(super) struct Watch {
    counts: Arc<Counts>,
    system: &'static str,
    slow: Duration,
}

impl Watch {
    /// Watches the statements of a pool.
    pub(super) fn over(connection: &mut DatabaseConnection, counts: &Arc<Counts>, slow: Duration) -> Arc<Self> {
        let system = if connection.get_database_backend() == DbBackend::Sqlite { "sqlite" } else { "postgresql" };
        let watch = Arc::new(Self { counts: Arc::clone(counts), system, slow });
        let told = Arc::clone(&watch);
        connection.set_metric_callback(move |info| told.statement(&info.statement.sql, info.elapsed, info.failed));
        watch
    }

    /// A statement was answered.
    pub(super) fn statement(&self, sql: &str, elapsed: Duration, has_failed: bool) {
        self.counts.statements.fetch_add(1, Ordering::Relaxed);
        self.look(sql, elapsed, has_failed);
    }

    /// The same for what holds statements together, and is not counted as one.
    pub(super) async fn frame<T>(&self, sql: &str, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let start = Instant::now();
        let done = work.await;
        self.look(sql, start.elapsed(), done.is_err());
        done
    }

    fn look(&self, sql: &str, elapsed: Duration, has_failed: bool) {
        if elapsed > self.slow {
            self.counts.slow.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(elapsed_ms = elapsed.as_millis(), sql, "slow statement");
        }
        trace::statement(|| {
            let Summary { operation, table } = Summary::of(sql);
            trace::Statement { system: self.system, operation, table, elapsed, has_failed }
        });
    }
}
