//! Why an endpoint of an operator's was not sent anything, where its certificate was the reason.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "webhook_deliveries", text_null("certificate_fault")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "webhook_deliveries", "certificate_fault").await
    }
}
