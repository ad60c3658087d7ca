//! What people are told: one row a person and event, numbered in the order of commits.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("notifications")
            .col(big_integer("seq").primary_key().auto_increment())
            .col(uuid("id"))
            .col(text("recipient_kind"))
            .col(uuid("recipient_id"))
            .col(text("kind"))
            .col(text("message_key"))
            .col(uuid("project_id"))
            .col(uuid_null("ticket_id"))
            .col(uuid("subject_id"))
            .col(json_binary("arguments"))
            .col(boolean("is_emergency"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("read_at"))
            .foreign_key(&mut references("notifications", "project_id", "projects"))
            .foreign_key(&mut references("notifications", "ticket_id", "tickets"));
        create(manager, table).await?;
        unique(manager, "notifications", &["id"]).await?;
        unique(manager, "notifications", &["message_key"]).await?;
        index(manager, "notifications", &["recipient_id", "seq"]).await?;
        index(manager, "notifications", &["recipient_id", "read_at"]).await?;
        index(manager, "notifications", &["ticket_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["notifications"]).await
    }
}
