//! Handing over homes.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique, unique_where};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        handover_slots(manager).await?;
        handovers(manager).await?;
        handover_steps(manager).await?;
        handover_defects(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["handover_defects", "handover_steps", "handovers", "handover_slots"]).await
    }
}

async fn handover_slots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("handover_slots")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("building_id"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(integer("capacity"))
        .col(integer("booked_count"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("handover_slots", "project_id", "projects"))
        .foreign_key(&mut references("handover_slots", "building_id", "buildings"));
    create(manager, table).await?;
    index(manager, "handover_slots", &["project_id", "starts_at", "id"]).await?;
    Ok(())
}

async fn handovers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("handovers")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("unit_id"))
        .col(uuid("contract_id"))
        .col(uuid("owner_id"))
        .col(uuid_null("slot_id"))
        .col(uuid_null("accompanied_by"))
        .col(text("status"))
        .col(integer("version"))
        .col(timestamp_with_time_zone_null("started_at"))
        .col(timestamp_with_time_zone_null("completed_at"))
        .col(date_null("completed_on"))
        .col(timestamp_with_time_zone_null("cancelled_at"))
        .col(text_null("cancel_reason"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("handovers", "project_id", "projects"))
        .foreign_key(&mut references("handovers", "unit_id", "units"))
        .foreign_key(&mut references("handovers", "contract_id", "contracts"))
        .foreign_key(&mut references("handovers", "owner_id", "owners"))
        .foreign_key(&mut references("handovers", "slot_id", "handover_slots"))
        .foreign_key(&mut references("handovers", "accompanied_by", "staff"));
    create(manager, table).await?;
    index(manager, "handovers", &["project_id", "status", "id"]).await?;
    index(manager, "handovers", &["unit_id", "id"]).await?;
    unique_where(manager, "handovers", &["unit_id"], "status IN ('BOOKED', 'IN_PROGRESS')").await?;
    index(manager, "handovers", &["owner_id", "id"]).await?;
    index(manager, "handovers", &["project_id", "completed_on"]).await?;
    index(manager, "handovers", &["slot_id"]).await?;
    index(manager, "handovers", &["accompanied_by", "status"]).await?;
    Ok(())
}

async fn handover_steps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("handover_steps")
        .col(uuid("id").primary_key())
        .col(uuid("handover_id"))
        .col(text("kind"))
        .col(boolean("is_mandatory"))
        .col(text_null("note"))
        .col(uuid_null("ticked_by"))
        .col(timestamp_with_time_zone_null("ticked_at"))
        .foreign_key(&mut references("handover_steps", "handover_id", "handovers"))
        .foreign_key(&mut references("handover_steps", "ticked_by", "staff"));
    create(manager, table).await?;
    unique(manager, "handover_steps", &["handover_id", "kind"]).await?;
    Ok(())
}

async fn handover_defects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("handover_defects")
        .col(uuid("id").primary_key())
        .col(uuid("handover_id"))
        .col(uuid("ticket_id"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("handover_defects", "handover_id", "handovers"))
        .foreign_key(&mut references("handover_defects", "ticket_id", "tickets"));
    create(manager, table).await?;
    unique(manager, "handover_defects", &["ticket_id"]).await?;
    index(manager, "handover_defects", &["handover_id"]).await?;
    Ok(())
}
