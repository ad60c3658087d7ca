//! Customers, what they own, their contracts, contacts and warranties.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        owners(manager).await?;
        ownerships(manager).await?;
        contracts(manager).await?;
        interactions(manager).await?;
        warranty_items(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["warranty_items", "interactions", "contracts", "ownerships", "owners"]).await
    }
}

async fn owners(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("owners")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text_null("phone_hash"))
        .col(blob_null("phone_sealed"))
        .col(text_null("phone_masked"))
        .col(text_null("identity_hash"))
        .col(blob_null("identity_sealed"))
        .col(text_null("identity_masked"))
        .col(text("stage"))
        .col(timestamp_with_time_zone("created_at"));
    create(manager, table).await?;
    unique(manager, "owners", &["phone_hash"]).await?;
    unique(manager, "owners", &["identity_hash"]).await?;
    index(manager, "owners", &["name", "id"]).await?;
    Ok(())
}

async fn ownerships(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ownerships")
        .col(uuid("id").primary_key())
        .col(uuid("unit_id"))
        .col(uuid("owner_id"))
        .col(integer("position"))
        .col(date("started_on"))
        .col(date_null("ended_on"))
        .foreign_key(&mut references("ownerships", "unit_id", "units"))
        .foreign_key(&mut references("ownerships", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "ownerships", &["unit_id", "owner_id", "started_on"]).await?;
    index(manager, "ownerships", &["owner_id", "ended_on", "unit_id"]).await?;
    index(manager, "ownerships", &["unit_id", "ended_on", "position"]).await?;
    Ok(())
}

async fn contracts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("contracts")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("unit_id"))
        .col(text("number"))
        .col(date_null("signed_on"))
        .col(date_null("handover_due_on"))
        .col(date_null("handed_over_on"))
        .col(text("status"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("contracts", "project_id", "projects"))
        .foreign_key(&mut references("contracts", "unit_id", "units"));
    create(manager, table).await?;
    unique(manager, "contracts", &["number"]).await?;
    index(manager, "contracts", &["unit_id", "status"]).await?;
    Ok(())
}

async fn interactions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("interactions")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(uuid_null("unit_id"))
        .col(uuid("project_id"))
        .col(uuid("staff_id"))
        .col(text("channel"))
        .col(text("direction"))
        .col(text("summary"))
        .col(timestamp_with_time_zone_null("next_follow_up_at"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("interactions", "owner_id", "owners"))
        .foreign_key(&mut references("interactions", "unit_id", "units"))
        .foreign_key(&mut references("interactions", "project_id", "projects"))
        .foreign_key(&mut references("interactions", "staff_id", "staff"));
    create(manager, table).await?;
    index(manager, "interactions", &["owner_id", "occurred_at"]).await?;
    index(manager, "interactions", &["staff_id", "next_follow_up_at"]).await?;
    Ok(())
}

async fn warranty_items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("warranty_items")
        .col(uuid("id").primary_key())
        .col(uuid("unit_id"))
        .col(uuid_null("contract_id"))
        .col(text("part"))
        .col(date("starts_on"))
        .col(date("expires_on"))
        .col(timestamp_with_time_zone_null("noticed_at"))
        .foreign_key(&mut references("warranty_items", "unit_id", "units"))
        .foreign_key(&mut references("warranty_items", "contract_id", "contracts"));
    create(manager, table).await?;
    unique(manager, "warranty_items", &["unit_id", "part", "starts_on"]).await?;
    index(manager, "warranty_items", &["expires_on", "noticed_at"]).await?;
    Ok(())
}
