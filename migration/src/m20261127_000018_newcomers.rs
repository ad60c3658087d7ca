//! Finding who came into a home lately, for the bulletins that are still news to them.

use sea_orm_migration::prelude::*;

use crate::table::{drop_index, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "ownerships", &["started_on"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "ownerships", &["started_on"]).await
    }
}
