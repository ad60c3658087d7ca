//! Activities of every kind, lectures among them, with one way to register.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        activities(manager).await?;
        activity_invitations(manager).await?;
        activity_registrations(manager).await?;
        activity_opinions(manager).await?;
        calendar_feeds(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["calendar_feeds", "activity_opinions", "activity_registrations", "activity_invitations", "activities"],
        )
        .await
    }
}

async fn activities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("activities")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("partner_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("description"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(text("venue"))
        .col(integer("capacity"))
        .col(text("status"))
        .col(timestamp_with_time_zone_null("priority_until"))
        .col(integer("registration_count"))
        .col(big_integer("last_place"))
        .col(text_null("evaluation"))
        .col(uuid_null("evaluated_by"))
        .col(timestamp_with_time_zone_null("evaluated_at"))
        .col(uuid_null("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("activities", "project_id", "projects"))
        .foreign_key(&mut references("activities", "partner_id", "partners"))
        .foreign_key(&mut references("activities", "evaluated_by", "staff"))
        .foreign_key(&mut references("activities", "created_by", "staff"));
    create(manager, table).await?;
    index(manager, "activities", &["project_id", "starts_at", "id"]).await?;
    index(manager, "activities", &["kind", "status", "starts_at", "id"]).await?;
    index(manager, "activities", &["status", "starts_at", "id"]).await?;
    Ok(())
}

async fn activity_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("activity_invitations")
        .col(uuid("id").primary_key())
        .col(uuid("activity_id"))
        .col(uuid("owner_id"))
        .col(timestamp_with_time_zone("invited_at"))
        .foreign_key(&mut references("activity_invitations", "activity_id", "activities"))
        .foreign_key(&mut references("activity_invitations", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "activity_invitations", &["activity_id", "owner_id"]).await?;
    index(manager, "activity_invitations", &["owner_id"]).await?;
    Ok(())
}

async fn activity_registrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("activity_registrations")
        .col(uuid("id").primary_key())
        .col(uuid("activity_id"))
        .col(uuid("owner_id"))
        .col(text("status"))
        .col(big_integer("place"))
        .col(timestamp_with_time_zone_null("attended_at"))
        .col(timestamp_with_time_zone_null("promoted_at"))
        .col(timestamp_with_time_zone_null("reminded_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("activity_registrations", "activity_id", "activities"))
        .foreign_key(&mut references("activity_registrations", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "activity_registrations", &["activity_id", "owner_id"]).await?;
    index(manager, "activity_registrations", &["activity_id", "status", "place"]).await?;
    index(manager, "activity_registrations", &["owner_id", "id"]).await?;
    Ok(())
}

async fn activity_opinions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("activity_opinions")
        .col(uuid("id").primary_key())
        .col(uuid("activity_id"))
        .col(uuid("project_id"))
        .col(uuid_null("owner_id"))
        .col(text("body"))
        .col(text("responsible_department"))
        .col(text_null("answer"))
        .col(uuid_null("answered_by"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(uuid_null("recorded_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("activity_opinions", "activity_id", "activities"))
        .foreign_key(&mut references("activity_opinions", "project_id", "projects"))
        .foreign_key(&mut references("activity_opinions", "owner_id", "owners"))
        .foreign_key(&mut references("activity_opinions", "answered_by", "staff"))
        .foreign_key(&mut references("activity_opinions", "recorded_by", "staff"));
    create(manager, table).await?;
    index(manager, "activity_opinions", &["activity_id", "id"]).await?;
    index(manager, "activity_opinions", &["project_id", "responsible_department", "id"]).await?;
    Ok(())
}

async fn calendar_feeds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("calendar_feeds")
        .col(uuid("id").primary_key())
        .col(text("principal_kind"))
        .col(uuid("principal_id"))
        .col(text("token_hash"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("revoked_at"));
    create(manager, table).await?;
    unique(manager, "calendar_feeds", &["token_hash"]).await?;
    index(manager, "calendar_feeds", &["principal_id"]).await?;
    Ok(())
}
