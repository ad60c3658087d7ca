//! What is known of things done while a device was offline: when its clock says they were done; in which version each call
//! left its ticket, so that the next one in the queue can build on it also when the answer to the first was lost; and why
//! one was refused, so that its repetition is told the same.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "ticket_events", timestamp_with_time_zone_null("made_at")).await?;
        add_column(manager, "idempotency_keys", integer_null("result_version")).await?;
        add_column(manager, "idempotency_keys", json_binary_null("refusal")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "idempotency_keys", "refusal").await?;
        drop_column(manager, "idempotency_keys", "result_version").await?;
        drop_column(manager, "ticket_events", "made_at").await
    }
}
