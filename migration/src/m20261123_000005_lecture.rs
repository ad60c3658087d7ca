//! Decoration partners and their lectures.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        partners(manager).await?;
        lectures(manager).await?;
        lecture_registrations(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["lecture_registrations", "lectures", "partners"]).await
    }
}

async fn partners(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("partners")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text("client_id"))
        .col(text_null("secret_hash"))
        .col(boolean("is_active"))
        .col(timestamp_with_time_zone("created_at"));
    create(manager, table).await?;
    unique(manager, "partners", &["client_id"]).await?;
    Ok(())
}

pub(crate) async fn lectures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("lectures")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("partner_id"))
        .col(text("title"))
        .col(text("description"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(text("venue"))
        .col(integer("capacity"))
        .col(text("status"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("lectures", "project_id", "projects"))
        .foreign_key(&mut references("lectures", "partner_id", "partners"));
    create(manager, table).await?;
    index(manager, "lectures", &["status", "starts_at", "id"]).await?;
    index(manager, "lectures", &["project_id", "starts_at", "id"]).await?;
    Ok(())
}

pub(crate) async fn lecture_registrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("lecture_registrations")
        .col(uuid("id").primary_key())
        .col(uuid("lecture_id"))
        .col(uuid("owner_id"))
        .col(text("status"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("lecture_registrations", "lecture_id", "lectures"))
        .foreign_key(&mut references("lecture_registrations", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "lecture_registrations", &["lecture_id", "owner_id"]).await?;
    index(manager, "lecture_registrations", &["lecture_id", "status", "created_at"]).await?;
    index(manager, "lecture_registrations", &["owner_id"]).await?;
    Ok(())
}
