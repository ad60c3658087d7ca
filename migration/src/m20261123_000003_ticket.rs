//! Tickets, their log, deadlines, pictures and the keys of repeated calls.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        deadline_policies(manager).await?;
        ticket_numbers(manager).await?;
        tickets(manager).await?;
        ticket_events(manager).await?;
        attachments(manager).await?;
        idempotency_keys(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["idempotency_keys", "attachments", "ticket_events", "tickets", "ticket_numbers", "deadline_policies"],
        )
        .await
    }
}

async fn deadline_policies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("deadline_policies")
        .col(uuid("id").primary_key())
        .col(uuid_null("project_id"))
        .col(text("kind"))
        .col(text("urgency"))
        .col(integer("respond_minutes"))
        .col(integer_null("arrive_minutes"))
        .col(integer("resolve_minutes"))
        .col(boolean("from_window_end"))
        .col(json_binary_null("calendar"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("deadline_policies", "project_id", "projects"));
    create(manager, table).await?;
    manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX uq_deadline_policies_project ON deadline_policies (project_id, kind, urgency) WHERE project_id IS NOT NULL").await?;
    manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX uq_deadline_policies_default ON deadline_policies (kind, urgency) WHERE project_id IS NULL").await?;
    Ok(())
}

async fn ticket_numbers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ticket_numbers")
        .col(uuid("project_id"))
        .col(date("day"))
        .col(integer("last_number"))
        .primary_key(Index::create().col("project_id").col("day"))
        .foreign_key(&mut references("ticket_numbers", "project_id", "projects"));
    create(manager, table).await?;
    Ok(())
}

async fn tickets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("tickets")
        .col(uuid("id").primary_key())
        .col(text("number"))
        .col(uuid("project_id"))
        .col(uuid("unit_id"))
        .col(text("kind"))
        .col(text_null("category"))
        .col(text("urgency"))
        .col(text("status"))
        .col(text("title"))
        .col(text("description"))
        .col(text("channel"))
        .col(text_null("responsible_department"))
        .col(uuid_null("reporter_owner_id"))
        .col(uuid_null("reporter_staff_id"))
        .col(uuid_null("assignee_id"))
        .col(integer("version"))
        .col(boolean("is_open"))
        .col(timestamp_with_time_zone_null("appointment_starts_at"))
        .col(timestamp_with_time_zone_null("appointment_ends_at"))
        .col(timestamp_with_time_zone("respond_due_at"))
        .col(timestamp_with_time_zone_null("arrive_due_at"))
        .col(timestamp_with_time_zone("resolve_due_at"))
        .col(timestamp_with_time_zone_null("accepted_at"))
        .col(timestamp_with_time_zone_null("started_at"))
        .col(timestamp_with_time_zone_null("resolved_at"))
        .col(timestamp_with_time_zone_null("confirmed_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone_null("cancelled_at"))
        .col(timestamp_with_time_zone_null("held_since"))
        .col(big_integer("held_seconds"))
        .col(timestamp_with_time_zone_null("respond_breached_at"))
        .col(timestamp_with_time_zone_null("arrive_breached_at"))
        .col(timestamp_with_time_zone_null("resolve_breached_at"))
        .col(timestamp_with_time_zone("queue_deadline_at"))
        .col(timestamp_with_time_zone_null("next_check_at"))
        .col(integer("rework_count"))
        .col(integer("escalation_level"))
        .col(text_null("triage"))
        .col(text_null("triage_reason"))
        .col(text_null("cause"))
        .col(text_null("explanation"))
        .col(text_null("resolution"))
        .col(big_integer_null("cost_cents"))
        .col(boolean_null("satisfied"))
        .col(integer_null("rating"))
        .col(text_null("confirmed_channel"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("tickets", "project_id", "projects"))
        .foreign_key(&mut references("tickets", "unit_id", "units"))
        .foreign_key(&mut references("tickets", "reporter_owner_id", "owners"))
        .foreign_key(&mut references("tickets", "reporter_staff_id", "staff"))
        .foreign_key(&mut references("tickets", "assignee_id", "staff"));
    create(manager, table).await?;
    unique(manager, "tickets", &["number"]).await?;
    index(manager, "tickets", &["unit_id", "id"]).await?;
    index(manager, "tickets", &["project_id", "is_open", "queue_deadline_at", "id"]).await?;
    index(manager, "tickets", &["project_id", "id"]).await?;
    index(manager, "tickets", &["assignee_id", "is_open", "queue_deadline_at", "id"]).await?;
    index(manager, "tickets", &["reporter_owner_id", "id"]).await?;
    index(manager, "tickets", &["next_check_at"]).await?;
    index(manager, "tickets", &["queue_deadline_at", "id"]).await?;
    index(manager, "tickets", &["responsible_department", "project_id", "queue_deadline_at"]).await?;
    Ok(())
}

async fn ticket_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ticket_events")
        .col(big_integer("seq").primary_key().auto_increment())
        .col(uuid("id"))
        .col(uuid("ticket_id"))
        .col(uuid("project_id"))
        .col(uuid("unit_id"))
        .col(text("action"))
        .col(text_null("from_status"))
        .col(text("to_status"))
        .col(text_null("note"))
        .col(text("actor_kind"))
        .col(uuid_null("actor_owner_id"))
        .col(uuid_null("actor_staff_id"))
        .col(json_binary_null("details"))
        .col(timestamp_with_time_zone("occurred_at"))
        .foreign_key(&mut references("ticket_events", "ticket_id", "tickets"))
        .foreign_key(&mut references("ticket_events", "project_id", "projects"))
        .foreign_key(&mut references("ticket_events", "unit_id", "units"))
        .foreign_key(&mut references("ticket_events", "actor_owner_id", "owners"))
        .foreign_key(&mut references("ticket_events", "actor_staff_id", "staff"));
    create(manager, table).await?;
    unique(manager, "ticket_events", &["id"]).await?;
    index(manager, "ticket_events", &["ticket_id", "seq"]).await?;
    index(manager, "ticket_events", &["unit_id", "seq"]).await?;
    index(manager, "ticket_events", &["project_id", "seq"]).await?;
    Ok(())
}

async fn attachments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("attachments")
        .col(uuid("id").primary_key())
        .col(uuid_null("ticket_id"))
        .col(text("uploader_kind"))
        .col(uuid("uploader_id"))
        .col(text("content_type"))
        .col(big_integer("byte_size"))
        .col(integer("width"))
        .col(integer("height"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("attachments", "ticket_id", "tickets"));
    create(manager, table).await?;
    index(manager, "attachments", &["ticket_id", "created_at"]).await?;
    index(manager, "attachments", &["uploader_id", "created_at"]).await?;
    Ok(())
}

async fn idempotency_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("idempotency_keys")
        .col(uuid("principal_id"))
        .col(text("key"))
        .col(text("operation"))
        .col(text("request_hash"))
        .col(uuid_null("result_id"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("principal_id").col("key"));
    create(manager, table).await?;
    index(manager, "idempotency_keys", &["created_at"]).await?;
    Ok(())
}
