//! Sessions, codes, devices, keys and the audit log.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sessions(manager).await?;
        refresh_tokens(manager).await?;
        sign_in_codes(manager).await?;
        throttles(manager).await?;
        devices(manager).await?;
        secret_keys(manager).await?;
        audit_entries(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["audit_entries", "secret_keys", "devices", "throttles", "sign_in_codes", "refresh_tokens", "sessions"],
        )
        .await
    }
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("sessions")
        .col(uuid("id").primary_key())
        .col(text("principal_kind"))
        .col(uuid("principal_id"))
        .col(text_null("device_name"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("refreshed_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(text_null("end_reason"));
    create(manager, table).await?;
    index(manager, "sessions", &["principal_id", "ended_at"]).await?;
    index(manager, "sessions", &["ended_at"]).await?;
    index(manager, "sessions", &["expires_at"]).await?;
    Ok(())
}

async fn refresh_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("refresh_tokens")
        .col(text("hash"))
        .col(uuid("session_id"))
        .col(timestamp_with_time_zone("issued_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(&mut references("refresh_tokens", "session_id", "sessions"));
    create(manager, table).await?;
    index(manager, "refresh_tokens", &["session_id"]).await?;
    Ok(())
}

async fn sign_in_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("sign_in_codes")
        .col(uuid("id").primary_key())
        .col(text("phone_hash"))
        .col(text("code_hash"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone_null("consumed_at"))
        .col(timestamp_with_time_zone("created_at"));
    create(manager, table).await?;
    index(manager, "sign_in_codes", &["phone_hash", "created_at"]).await?;
    Ok(())
}

async fn throttles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("throttles")
        .col(text("key"))
        .col(integer("count"))
        .col(timestamp_with_time_zone("window_ends_at"))
        .primary_key(Index::create().col("key"));
    create(manager, table).await?;
    index(manager, "throttles", &["window_ends_at"]).await?;
    Ok(())
}

async fn devices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("devices")
        .col(uuid("id").primary_key())
        .col(text("principal_kind"))
        .col(uuid("principal_id"))
        .col(text("platform"))
        .col(text_null("push_token"))
        .col(text_null("name"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"));
    create(manager, table).await?;
    unique(manager, "devices", &["platform", "push_token"]).await?;
    index(manager, "devices", &["principal_id"]).await?;
    Ok(())
}

async fn secret_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("secret_keys")
        .col(uuid("id").primary_key())
        .col(text("purpose"))
        .col(blob("material"))
        .col(boolean("is_wrapped"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("retired_at"));
    create(manager, table).await?;
    index(manager, "secret_keys", &["purpose", "created_at"]).await?;
    Ok(())
}

async fn audit_entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("audit_entries")
        .col(uuid("id").primary_key())
        .col(timestamp_with_time_zone("occurred_at"))
        .col(text("actor_kind"))
        .col(uuid_null("actor_id"))
        .col(text("action"))
        .col(text("object_type"))
        .col(uuid_null("object_id"))
        .col(json_binary_null("details"))
        .col(text_null("request_id"));
    create(manager, table).await?;
    index(manager, "audit_entries", &["object_id", "occurred_at"]).await?;
    index(manager, "audit_entries", &["actor_id", "occurred_at"]).await?;
    index(manager, "audit_entries", &["occurred_at"]).await?;
    Ok(())
}
