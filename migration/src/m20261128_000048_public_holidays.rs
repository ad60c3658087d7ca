//! Which public holidays a deadline's calendar heeds; none of those that were set before.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "deadline_policies", text_null("public_holidays")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "deadline_policies", "public_holidays").await
    }
}
