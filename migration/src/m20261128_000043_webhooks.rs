//! Operators' systems that are told what happens, and the log of what happens beside tickets.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        company_events(manager).await?;
        endpoints(manager).await?;
        deliveries(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["webhook_deliveries", "webhook_endpoints", "company_events"]).await
    }
}

async fn company_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("company_events")
        .col(big_integer("seq").primary_key().auto_increment())
        .col(uuid("id"))
        .col(big_integer("after_event"))
        .col(text("kind"))
        .col(uuid("project_id"))
        .col(uuid("subject_id"))
        .col(json_binary("details"))
        .col(timestamp_with_time_zone("occurred_at"))
        .foreign_key(&mut references("company_events", "project_id", "projects"));
    create(manager, table).await?;
    unique(manager, "company_events", &["id"]).await
}

async fn endpoints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("webhook_endpoints")
        .col(uuid("id").primary_key())
        .col(uuid_null("project_id"))
        .col(text("name"))
        .col(text("url"))
        .col(json_binary("kinds"))
        .col(text("status"))
        .col(text_null("disabled_reason"))
        .col(timestamp_with_time_zone_null("disabled_at"))
        .col(binary("secret_sealed"))
        .col(binary_null("old_secret_sealed"))
        .col(timestamp_with_time_zone_null("old_secret_until"))
        .col(big_integer("cursor_event"))
        .col(big_integer("cursor_company"))
        .col(timestamp_with_time_zone("next_at"))
        .col(timestamp_with_time_zone_null("claimed_until"))
        .col(big_integer("claim"))
        .col(timestamp_with_time_zone_null("failing_since"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("webhook_endpoints", "project_id", "projects"));
    create(manager, table).await
}

async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("webhook_deliveries")
        .col(uuid("id").primary_key())
        .col(uuid("endpoint_id"))
        .col(text("kind"))
        .col(big_integer("place_event"))
        .col(big_integer("place_company"))
        .col(json_binary("data"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(text("status"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone_null("first_attempt_at"))
        .col(timestamp_with_time_zone_null("last_attempt_at"))
        .col(timestamp_with_time_zone_null("delivered_at"))
        .col(text_null("failure"))
        .col(integer_null("last_http_status"))
        .foreign_key(&mut references("webhook_deliveries", "endpoint_id", "webhook_endpoints"));
    create(manager, table).await?;
    unique(manager, "webhook_deliveries", &["endpoint_id", "place_event", "place_company"]).await?;
    index(manager, "webhook_deliveries", &["endpoint_id", "status", "place_event", "place_company"]).await?;
    index(manager, "webhook_deliveries", &["status", "delivered_at"]).await
}
