//! How far the log of PostgreSQL had grown when a principal last wrote: what a replica must have replayed before it is
//! read from for them. A session that begins is marked by the database; SQLite has no replicas and leaves it empty.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "sessions", big_integer_null("last_write")).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Apart from the column, so that the table is not written anew.
            let default = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
            let sql = format!("ALTER TABLE sessions ALTER COLUMN last_write SET DEFAULT {default}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "sessions", "last_write").await
    }
}
