//! How people want to be told, and the ways that notifications take out of the house.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, create, drop_all, drop_column, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Few notifications wait for their channels at any time, and they are looked for all the time.
const UNPLANNED: &str = "CREATE INDEX ix_notifications_unplanned ON notifications (seq) WHERE planned_at IS NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "notifications", timestamp_with_time_zone_null("planned_at")).await?;
        manager.get_connection().execute_unprepared(UNPLANNED).await?;
        settings(manager).await?;
        preferences(manager).await?;
        deliveries(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["notification_deliveries", "notification_preferences", "notification_settings"]).await?;
        manager.get_connection().execute_unprepared("DROP INDEX ix_notifications_unplanned").await?;
        drop_column(manager, "notifications", "planned_at").await
    }
}

async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("notification_settings")
        .col(uuid("principal_id").primary_key())
        .col(text("principal_kind"))
        .col(text("language"))
        .col(integer_null("quiet_from"))
        .col(integer_null("quiet_until"))
        .col(binary_null("email_sealed"))
        .col(text_null("email_masked"))
        .col(timestamp_with_time_zone("updated_at"));
    create(manager, table).await
}

async fn preferences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("notification_preferences")
        .col(uuid("id").primary_key())
        .col(uuid("principal_id"))
        .col(text("principal_kind"))
        .col(text("kind"))
        .col(text("channel"))
        .col(boolean("is_on"));
    create(manager, table).await?;
    unique(manager, "notification_preferences", &["principal_id", "kind", "channel"]).await
}

async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("notification_deliveries")
        .col(uuid("id").primary_key())
        .col(uuid("notification_id"))
        .col(text("kind"))
        .col(text("channel"))
        .col(text("status"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone("next_at"))
        .col(timestamp_with_time_zone_null("sent_at"))
        .col(text_null("failure"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("notification_deliveries", "notification_id", "notifications"));
    create(manager, table).await?;
    unique(manager, "notification_deliveries", &["notification_id", "channel"]).await?;
    index(manager, "notification_deliveries", &["status", "next_at"]).await
}
