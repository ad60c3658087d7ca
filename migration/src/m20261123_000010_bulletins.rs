//! Construction milestones, bulletins, and who received them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        bulletins(manager).await?;
        bulletin_deliveries(manager).await?;
        milestones(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["milestones", "bulletin_deliveries", "bulletins"]).await
    }
}

async fn bulletins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("bulletins")
        .col(big_integer("seq").primary_key().auto_increment())
        .col(uuid("id"))
        .col(uuid("project_id"))
        .col(uuid_null("building_id"))
        .col(uuid_null("unit_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("body"))
        .col(boolean("is_emergency"))
        .col(uuid_null("published_by"))
        .col(timestamp_with_time_zone("published_at"))
        .foreign_key(&mut references("bulletins", "project_id", "projects"))
        .foreign_key(&mut references("bulletins", "building_id", "buildings"))
        .foreign_key(&mut references("bulletins", "unit_id", "units"))
        .foreign_key(&mut references("bulletins", "published_by", "staff"));
    create(manager, table).await?;
    unique(manager, "bulletins", &["id"]).await?;
    index(manager, "bulletins", &["project_id", "seq"]).await?;
    index(manager, "bulletins", &["building_id", "seq"]).await?;
    index(manager, "bulletins", &["unit_id", "seq"]).await?;
    index(manager, "bulletins", &["published_at"]).await?;
    Ok(())
}

async fn bulletin_deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("bulletin_deliveries")
        .col(uuid("id").primary_key())
        .col(uuid("bulletin_id"))
        .col(uuid("owner_id"))
        .col(timestamp_with_time_zone("delivered_at"))
        .col(timestamp_with_time_zone_null("read_at"))
        .foreign_key(&mut references("bulletin_deliveries", "bulletin_id", "bulletins"))
        .foreign_key(&mut references("bulletin_deliveries", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "bulletin_deliveries", &["bulletin_id", "owner_id"]).await?;
    index(manager, "bulletin_deliveries", &["owner_id", "read_at"]).await?;
    Ok(())
}

async fn milestones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("milestones")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("building_id"))
        .col(uuid("scope_id"))
        .col(text("kind"))
        .col(date_null("planned_on"))
        .col(date_null("reached_on"))
        .col(text_null("note"))
        .col(uuid_null("bulletin_id"))
        .col(uuid("recorded_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("milestones", "project_id", "projects"))
        .foreign_key(&mut references("milestones", "building_id", "buildings"))
        .foreign_key(&mut references("milestones", "bulletin_id", "bulletins"))
        .foreign_key(&mut references("milestones", "recorded_by", "staff"));
    create(manager, table).await?;
    unique(manager, "milestones", &["scope_id", "kind"]).await?;
    index(manager, "milestones", &["project_id", "id"]).await?;
    index(manager, "milestones", &["project_id", "reached_on"]).await?;
    Ok(())
}
