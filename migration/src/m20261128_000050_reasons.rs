//! What the house writes by itself, kept so that it can be said in each reader's language; and why an endpoint of an operator's
//! was not sent anything, where its certificate was the reason.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const WRITTEN: [&str; 5] =
    ["owner_stage_changes", "survey_campaigns", "improvement_tasks", "rectification_batches", "bulletins"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in WRITTEN {
            add_column(manager, table, json_binary_null("written")).await?;
        }
        add_column(manager, "webhook_deliveries", text_null("certificate_fault")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "webhook_deliveries", "certificate_fault").await?;
        for table in WRITTEN {
            drop_column(manager, table, "written").await?;
        }
        Ok(())
    }
}
