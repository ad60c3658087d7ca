//! The catalogue of touchpoints, and how owners moved from stage to stage.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        touchpoints(manager).await?;
        owner_stage_changes(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["owner_stage_changes", "touchpoints"]).await
    }
}

async fn touchpoints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("touchpoints")
        .col(uuid("id").primary_key())
        .col(text("code"))
        .col(integer("position"))
        .col(text("stage"))
        .col(text("name_zh"))
        .col(text("name_en"))
        .col(text("goal_zh"))
        .col(text("goal_en"))
        .col(text("lead_department"))
        .col(json_binary("participating_departments"))
        .col(json_binary("service_points"))
        .col(text_null("due_from"))
        .col(integer_null("due_after_days"))
        .col(boolean("is_active"))
        .col(timestamp_with_time_zone("updated_at"));
    create(manager, table).await?;
    unique(manager, "touchpoints", &["code"]).await?;
    index(manager, "touchpoints", &["stage", "position"]).await?;
    Ok(())
}

async fn owner_stage_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("owner_stage_changes")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(text_null("from_stage"))
        .col(text("to_stage"))
        .col(text("reason"))
        .col(text("actor_kind"))
        .col(uuid_null("actor_id"))
        .col(timestamp_with_time_zone("occurred_at"))
        .foreign_key(&mut references("owner_stage_changes", "owner_id", "owners"));
    create(manager, table).await?;
    index(manager, "owner_stage_changes", &["owner_id", "id"]).await?;
    Ok(())
}
