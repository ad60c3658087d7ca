//! Activities of every kind, with one way to register. Lectures become activities of their kind.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{
    m20261123_000005_lecture as before,
    table::{create, drop_all, index, references, unique},
};

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
        customer_clubs(manager).await?;
        manager.get_connection().execute_unprepared(LECTURES_TO_ACTIVITIES).await?;
        manager.get_connection().execute_unprepared(SEATS_TO_REGISTRATIONS).await?;
        drop_all(manager, &["lecture_registrations", "lectures"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        before::lectures(manager).await?;
        before::lecture_registrations(manager).await?;
        manager.get_connection().execute_unprepared(ACTIVITIES_TO_LECTURES).await?;
        manager.get_connection().execute_unprepared(REGISTRATIONS_TO_SEATS).await?;
        let tables = [
            "customer_clubs",
            "calendar_feeds",
            "activity_opinions",
            "activity_registrations",
            "activity_invitations",
            "activities",
        ];
        drop_all(manager, &tables).await
    }
}

/// The last place given out is that of the last who registered.
const LECTURES_TO_ACTIVITIES: &str = "
    INSERT INTO activities (id, project_id, partner_id, kind, title, description, starts_at, ends_at, venue, capacity,
        status, last_place, created_at, updated_at)
    SELECT id, project_id, partner_id, 'LECTURE', title, description, starts_at, ends_at, venue, capacity, status,
        (SELECT COUNT(*) FROM lecture_registrations r WHERE r.lecture_id = lectures.id), created_at, created_at
    FROM lectures";

const SEATS_TO_REGISTRATIONS: &str = "
    INSERT INTO activity_registrations (id, activity_id, owner_id, status, place, created_at, updated_at)
    SELECT id, lecture_id, owner_id, status, ROW_NUMBER() OVER (PARTITION BY lecture_id ORDER BY created_at, id),
        created_at, updated_at
    FROM lecture_registrations";

/// What a lecture has become since that the old table has no word for, it was already when it was published.
const ACTIVITIES_TO_LECTURES: &str = "
    INSERT INTO lectures (id, project_id, partner_id, title, description, starts_at, ends_at, venue, capacity, status,
        created_at)
    SELECT id, project_id, partner_id, title, description, starts_at, ends_at, venue, capacity,
        CASE status WHEN 'CLOSED' THEN 'PUBLISHED' ELSE status END, created_at
    FROM activities WHERE kind = 'LECTURE'";

const REGISTRATIONS_TO_SEATS: &str = "
    INSERT INTO lecture_registrations (id, lecture_id, owner_id, status, created_at, updated_at)
    SELECT r.id, r.activity_id, r.owner_id, r.status, r.created_at, r.updated_at
    FROM activity_registrations r JOIN activities a ON a.id = r.activity_id WHERE a.kind = 'LECTURE'";

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
        .col(big_integer("last_place"))
        .col(text_null("cancel_reason"))
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
    index(manager, "activity_registrations", &["status", "reminded_at", "activity_id"]).await?;
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
        .col(text_null("name"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("revoked_at"));
    create(manager, table).await?;
    unique(manager, "calendar_feeds", &["token_hash"]).await?;
    index(manager, "calendar_feeds", &["principal_id"]).await?;
    Ok(())
}

async fn customer_clubs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("customer_clubs")
        .col(uuid("project_id").primary_key())
        .col(text("name"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("customer_clubs", "project_id", "projects"));
    create(manager, table).await
}
