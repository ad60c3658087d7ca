//! Projects, buildings, units, staff, and who answers for which household.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        projects(manager).await?;
        buildings(manager).await?;
        units(manager).await?;
        staff(manager).await?;
        staff_projects(manager).await?;
        trainings(manager).await?;
        absences(manager).await?;
        ambassador_assignments(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "ambassador_assignments",
                "absences",
                "trainings",
                "staff_projects",
                "staff",
                "units",
                "buildings",
                "projects",
            ],
        )
        .await
    }
}

async fn projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("projects")
        .col(uuid("id").primary_key())
        .col(text("code"))
        .col(text("name"))
        .col(text("time_zone"))
        .col(timestamp_with_time_zone("created_at"));
    create(manager, table).await?;
    unique(manager, "projects", &["code"]).await?;
    unique(manager, "projects", &["name"]).await?;
    Ok(())
}

async fn buildings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("buildings")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("name"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("buildings", "project_id", "projects"));
    create(manager, table).await?;
    unique(manager, "buildings", &["project_id", "name"]).await?;
    Ok(())
}

async fn units(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("units")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("building_id"))
        .col(text("section"))
        .col(text("room"))
        .col(text("code"))
        .col(big_integer_null("floor_area_centi"))
        .col(date_null("handed_over_on"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("units", "project_id", "projects"))
        .foreign_key(&mut references("units", "building_id", "buildings"));
    create(manager, table).await?;
    unique(manager, "units", &["building_id", "section", "room"]).await?;
    index(manager, "units", &["project_id", "code", "id"]).await?;
    Ok(())
}

async fn staff(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("staff")
        .col(uuid("id").primary_key())
        .col(text("number"))
        .col(text("login"))
        .col(text_null("password_hash"))
        .col(text("name"))
        .col(text("role"))
        .col(text("department"))
        .col(text_null("work_phone"))
        .col(boolean("is_active"))
        .col(timestamp_with_time_zone_null("disabled_at"))
        .col(timestamp_with_time_zone("created_at"));
    create(manager, table).await?;
    unique(manager, "staff", &["number"]).await?;
    unique(manager, "staff", &["login"]).await?;
    index(manager, "staff", &["role", "is_active"]).await?;
    Ok(())
}

async fn staff_projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("staff_projects")
        .col(uuid("staff_id"))
        .col(uuid("project_id"))
        .primary_key(Index::create().col("staff_id").col("project_id"))
        .foreign_key(&mut references("staff_projects", "staff_id", "staff"))
        .foreign_key(&mut references("staff_projects", "project_id", "projects"));
    create(manager, table).await?;
    index(manager, "staff_projects", &["project_id", "staff_id"]).await?;
    Ok(())
}

async fn trainings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("trainings")
        .col(uuid("id").primary_key())
        .col(uuid("staff_id"))
        .col(text("topic"))
        .col(date("passed_on"))
        .col(date("valid_until"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("trainings", "staff_id", "staff"));
    create(manager, table).await?;
    index(manager, "trainings", &["staff_id", "valid_until"]).await?;
    Ok(())
}

async fn absences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("absences")
        .col(uuid("id").primary_key())
        .col(uuid("staff_id"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(text("reason"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("absences", "staff_id", "staff"));
    create(manager, table).await?;
    index(manager, "absences", &["staff_id", "ends_at"]).await?;
    Ok(())
}

async fn ambassador_assignments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ambassador_assignments")
        .col(uuid("id").primary_key())
        .col(uuid("unit_id"))
        .col(uuid("staff_id"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut references("ambassador_assignments", "unit_id", "units"))
        .foreign_key(&mut references("ambassador_assignments", "staff_id", "staff"));
    create(manager, table).await?;
    index(manager, "ambassador_assignments", &["staff_id", "ended_at", "unit_id"]).await?;
    index(manager, "ambassador_assignments", &["unit_id", "started_at"]).await?;
    manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX uq_ambassador_assignments_current ON ambassador_assignments (unit_id) WHERE ended_at IS NULL").await?;
    Ok(())
}
