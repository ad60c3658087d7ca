//! Which server does what only one at a time is to do.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("leases")
            .col(text("name"))
            .col(uuid("holder"))
            .col(timestamp_with_time_zone("expires_at"))
            .primary_key(Index::create().col("name"));
        create(manager, table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["leases"]).await
    }
}
