//! A write transaction. Its beginning, its locks and its end are looked at as its statements are: whoever begins may wait for
//! a connection, a lock is waited for by design, and a commit waits for the disk.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::watch::Watch;

/// An open write transaction; dropping it without `commit` undoes it.
pub struct Tx {
    open: DatabaseTransaction,
    watch: Arc<Watch>,
}

impl Tx {
    /// On SQLite it takes the write lock at once, so it can't fail half way.
    pub(super) async fn begin(writer: &DatabaseConnection, watch: &Arc<Watch>) -> Result<Self, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let open = watch.frame("BEGIN", writer.begin_with_options(options)).await?;
        Ok(Self { open, watch: Arc::clone(watch) })
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.watch.frame("COMMIT", self.open.commit()).await
    }

    /// Undoes it, and waits until that is done.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.watch.frame("ROLLBACK", self.open.rollback()).await
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.open.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.open.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.watch.frame(sql, self.open.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.open.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.open.query_all_raw(statement).await
    }
}
