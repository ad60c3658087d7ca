//! What the property company does every day: areas, duty, analysis of complaints, incidents, inspections.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, create, drop_all, drop_column, drop_index, index, references, unique, unique_where};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        area_duties(manager).await?;
        area_transfers(manager).await?;
        duty_shifts(manager).await?;
        complaint_analyses(manager).await?;
        incidents(manager).await?;
        inspection_plans(manager).await?;
        inspection_points(manager).await?;
        inspections(manager).await?;
        inspection_findings(manager).await?;
        index(manager, "tickets", &["kind", "project_id", "created_at"]).await?;
        index(manager, "trainings", &["valid_until", "id"]).await?;
        add_column(manager, "units", boolean("is_public_area").default(false).take()).await?;
        add_column(manager, "absences", uuid_null("substitute_id")).await?;
        add_column(manager, "absences", boolean("stands_in").default(false).take()).await?;
        index(manager, "absences", &["substitute_id", "stands_in"]).await?;
        index(manager, "tickets", &["status", "confirmed_at", "id"]).await?;
        index(manager, "tickets", &["urgency", "arrive_due_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "tickets", &["urgency", "arrive_due_at"]).await?;
        drop_index(manager, "tickets", &["status", "confirmed_at", "id"]).await?;
        drop_index(manager, "absences", &["substitute_id", "stands_in"]).await?;
        drop_column(manager, "absences", "stands_in").await?;
        drop_column(manager, "absences", "substitute_id").await?;
        drop_column(manager, "units", "is_public_area").await?;
        drop_index(manager, "trainings", &["valid_until", "id"]).await?;
        drop_index(manager, "tickets", &["kind", "project_id", "created_at"]).await?;
        drop_all(
            manager,
            &[
                "inspection_findings",
                "inspections",
                "inspection_points",
                "inspection_plans",
                "incidents",
                "complaint_analyses",
                "duty_shifts",
                "area_transfers",
                "area_duties",
            ],
        )
        .await
    }
}

async fn area_duties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("area_duties")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("building_id"))
        .col(uuid("staff_id"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut references("area_duties", "project_id", "projects"))
        .foreign_key(&mut references("area_duties", "building_id", "buildings"))
        .foreign_key(&mut references("area_duties", "staff_id", "staff"));
    create(manager, table).await?;
    unique_where(manager, "area_duties", &["building_id"], "ended_at IS NULL").await?;
    index(manager, "area_duties", &["project_id", "id"]).await?;
    index(manager, "area_duties", &["staff_id", "ended_at"]).await?;
    Ok(())
}

async fn area_transfers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("area_transfers")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("building_id"))
        .col(uuid("from_staff_id"))
        .col(uuid("to_staff_id"))
        .col(timestamp_with_time_zone("effective_at"))
        .col(text("reason"))
        .col(timestamp_with_time_zone_null("applied_at"))
        .col(integer_null("household_count"))
        .col(timestamp_with_time_zone_null("cancelled_at"))
        .col(text_null("failed_because"))
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("area_transfers", "project_id", "projects"))
        .foreign_key(&mut references("area_transfers", "building_id", "buildings"))
        .foreign_key(&mut references("area_transfers", "from_staff_id", "staff"))
        .foreign_key(&mut references("area_transfers", "to_staff_id", "staff"))
        .foreign_key(&mut references("area_transfers", "created_by", "staff"));
    create(manager, table).await?;
    index(manager, "area_transfers", &["applied_at", "effective_at"]).await?;
    index(manager, "area_transfers", &["project_id", "id"]).await?;
    Ok(())
}

async fn duty_shifts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("duty_shifts")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("staff_id"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("duty_shifts", "project_id", "projects"))
        .foreign_key(&mut references("duty_shifts", "staff_id", "staff"));
    create(manager, table).await?;
    unique(manager, "duty_shifts", &["project_id", "staff_id", "starts_at"]).await?;
    index(manager, "duty_shifts", &["project_id", "starts_at", "ends_at"]).await?;
    index(manager, "duty_shifts", &["staff_id", "starts_at"]).await?;
    Ok(())
}

async fn complaint_analyses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("complaint_analyses")
        .col(uuid("id").primary_key())
        .col(uuid("ticket_id"))
        .col(uuid("project_id"))
        .col(text("responsible_department"))
        .col(text("root_cause"))
        .col(text("improvement_measure"))
        .col(uuid("analysed_by"))
        .col(timestamp_with_time_zone("analysed_at"))
        .foreign_key(&mut references("complaint_analyses", "ticket_id", "tickets"))
        .foreign_key(&mut references("complaint_analyses", "project_id", "projects"))
        .foreign_key(&mut references("complaint_analyses", "analysed_by", "staff"));
    create(manager, table).await?;
    unique(manager, "complaint_analyses", &["ticket_id"]).await?;
    index(manager, "complaint_analyses", &["project_id", "id"]).await?;
    Ok(())
}

async fn incidents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("incidents")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(text("severity"))
        .col(boolean("is_liable"))
        .col(text("summary"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(uuid("recorded_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("incidents", "project_id", "projects"))
        .foreign_key(&mut references("incidents", "recorded_by", "staff"));
    create(manager, table).await?;
    index(manager, "incidents", &["project_id", "occurred_at", "id"]).await?;
    index(manager, "incidents", &["occurred_at", "id"]).await?;
    Ok(())
}

async fn inspection_plans(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("inspection_plans")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid_null("building_id"))
        .col(text("subject"))
        .col(text("name"))
        .col(integer("every_days"))
        .col(text("department"))
        .col(date("starts_on"))
        .col(date("next_due_on"))
        .col(boolean("is_active"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("inspection_plans", "project_id", "projects"))
        .foreign_key(&mut references("inspection_plans", "building_id", "buildings"));
    create(manager, table).await?;
    index(manager, "inspection_plans", &["project_id", "is_active", "next_due_on", "id"]).await?;
    Ok(())
}

async fn inspection_points(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("inspection_points")
        .col(uuid("id").primary_key())
        .col(uuid("plan_id"))
        .col(integer("position"))
        .col(text("name"))
        .col(timestamp_with_time_zone_null("retired_at"))
        .foreign_key(&mut references("inspection_points", "plan_id", "inspection_plans"));
    create(manager, table).await?;
    unique(manager, "inspection_points", &["plan_id", "position"]).await?;
    Ok(())
}

async fn inspections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("inspections")
        .col(uuid("id").primary_key())
        .col(uuid("plan_id"))
        .col(uuid("project_id"))
        .col(text("subject"))
        .col(uuid("performed_by"))
        .col(timestamp_with_time_zone("performed_at"))
        .col(date("performed_on"))
        .col(integer("checked_count"))
        .col(integer("sound_count"))
        .col(text_null("note"))
        .foreign_key(&mut references("inspections", "plan_id", "inspection_plans"))
        .foreign_key(&mut references("inspections", "project_id", "projects"))
        .foreign_key(&mut references("inspections", "performed_by", "staff"));
    create(manager, table).await?;
    index(manager, "inspections", &["plan_id", "performed_at", "id"]).await?;
    index(manager, "inspections", &["project_id", "subject", "performed_on"]).await?;
    index(manager, "inspections", &["project_id", "performed_at", "id"]).await?;
    Ok(())
}

async fn inspection_findings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("inspection_findings")
        .col(uuid("id").primary_key())
        .col(uuid("inspection_id"))
        .col(uuid("point_id"))
        .col(text("description"))
        .col(uuid_null("ticket_id"))
        .foreign_key(&mut references("inspection_findings", "inspection_id", "inspections"))
        .foreign_key(&mut references("inspection_findings", "point_id", "inspection_points"))
        .foreign_key(&mut references("inspection_findings", "ticket_id", "tickets"));
    create(manager, table).await?;
    unique(manager, "inspection_findings", &["inspection_id", "point_id"]).await?;
    index(manager, "inspection_findings", &["ticket_id"]).await?;
    Ok(())
}
