//! The catalogue of touchpoints with the service standard's own, and how owners moved from stage to stage.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::prelude::{Json, Uuid},
};

use crate::{
    table::{create, drop_all, index, references, unique},
    touchpoints::{TOUCHPOINTS, Touchpoint, TouchpointDue},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        touchpoints(manager).await?;
        manager.execute(seed()).await?;
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

/// The ids of the service standard's touchpoints follow this one, in its order.
const BEFORE_FIRST: u128 = 0x0000_0000_7000_7000_8000_0000_0000_0000;

/// The service standard's touchpoints; their ids are in its order.
fn seed() -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table("touchpoints").columns([
        "id",
        "code",
        "position",
        "stage",
        "name_zh",
        "name_en",
        "goal_zh",
        "goal_en",
        "lead_department",
        "participating_departments",
        "service_points",
        "due_from",
        "due_after_days",
        "is_active",
        "updated_at",
    ]);
    for (position, touchpoint) in (1..).zip(TOUCHPOINTS) {
        insert.values_panic(values(position, touchpoint));
    }
    insert
}

fn values(position: i32, touchpoint: &Touchpoint) -> [Expr; 15] {
    let (due_from, due_after_days) = match touchpoint.due {
        TouchpointDue::Never => (None, None),
        TouchpointDue::After(anchor, days) => (Some(anchor), Some(days)),
    };
    [
        Uuid::from_u128(BEFORE_FIRST + u128::from(position.unsigned_abs())).into(),
        touchpoint.code.into(),
        position.into(),
        touchpoint.stage.into(),
        touchpoint.name[0].into(),
        touchpoint.name[1].into(),
        touchpoint.goal[0].into(),
        touchpoint.goal[1].into(),
        touchpoint.lead.into(),
        list(touchpoint.participants).into(),
        list(touchpoint.service_points).into(),
        due_from.into(),
        due_after_days.into(),
        true.into(),
        Expr::current_timestamp(),
    ]
}

fn list(texts: &[&str]) -> Json {
    Json::from(texts.to_vec())
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
