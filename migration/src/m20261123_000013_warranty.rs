//! Warranty terms and notices, contractors and their rectification batches.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::prelude::Uuid};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        warranty_terms(manager).await?;
        national_terms(manager).await?;
        warranty_notices(manager).await?;
        contractors(manager).await?;
        contractor_parts(manager).await?;
        rectification_batches(manager).await?;
        batch_tickets(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "batch_tickets",
                "rectification_batches",
                "contractor_parts",
                "contractors",
                "warranty_notices",
                "warranty_terms",
            ],
        )
        .await
    }
}

async fn warranty_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("warranty_terms")
        .col(uuid("id").primary_key())
        .col(text("scope_key"))
        .col(uuid_null("project_id"))
        .col(uuid_null("contract_id"))
        .col(text("part"))
        .col(integer_null("years"))
        .col(integer_null("seasons"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("warranty_terms", "project_id", "projects"))
        .foreign_key(&mut references("warranty_terms", "contract_id", "contracts"));
    create(manager, table).await?;
    unique(manager, "warranty_terms", &["scope_key", "part"]).await?;
    Ok(())
}

/// The law's terms, which hold until a project or a contract has better ones: part, years, seasons.
const NATIONAL: [(&str, Option<i32>, Option<i32>); 6] = [
    ("WATERPROOFING", Some(5), None),
    ("HEATING_AND_COOLING", None, Some(2)),
    ("WIRING", Some(2), None),
    ("PLUMBING", Some(2), None),
    ("FITTINGS", Some(2), None),
    ("STRUCTURE", Some(50), None),
];

async fn national_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut insert = Query::insert();
    insert.into_table("warranty_terms").columns(["id", "scope_key", "part", "years", "seasons", "updated_at"]);
    for (number, (part, years, seasons)) in (1_u128..).zip(NATIONAL) {
        insert.values_panic([
            Uuid::from_u128(number).into(),
            "all".into(),
            part.into(),
            years.into(),
            seasons.into(),
            Expr::current_timestamp(),
        ]);
    }
    manager.execute(insert).await
}

async fn warranty_notices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("warranty_notices")
        .col(uuid("id").primary_key())
        .col(uuid("item_id"))
        .col(uuid("project_id"))
        .col(uuid("unit_id"))
        .col(uuid("bulletin_id"))
        .col(date("due_on"))
        .col(timestamp_with_time_zone("noticed_at"))
        .foreign_key(&mut references("warranty_notices", "item_id", "warranty_items"))
        .foreign_key(&mut references("warranty_notices", "project_id", "projects"))
        .foreign_key(&mut references("warranty_notices", "unit_id", "units"))
        .foreign_key(&mut references("warranty_notices", "bulletin_id", "bulletins"));
    create(manager, table).await?;
    unique(manager, "warranty_notices", &["item_id"]).await?;
    index(manager, "warranty_notices", &["project_id", "due_on"]).await?;
    index(manager, "warranty_notices", &["unit_id"]).await?;
    Ok(())
}

async fn contractors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("contractors")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("name"))
        .col(text_null("contact_name"))
        .col(text_null("contact_phone"))
        .col(boolean("is_active"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("contractors", "project_id", "projects"));
    create(manager, table).await?;
    unique(manager, "contractors", &["project_id", "name"]).await?;
    Ok(())
}

async fn contractor_parts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("contractor_parts")
        .col(uuid("id").primary_key())
        .col(uuid("contractor_id"))
        .col(uuid("project_id"))
        .col(text("part"))
        .foreign_key(&mut references("contractor_parts", "contractor_id", "contractors"))
        .foreign_key(&mut references("contractor_parts", "project_id", "projects"));
    create(manager, table).await?;
    unique(manager, "contractor_parts", &["project_id", "part"]).await?;
    index(manager, "contractor_parts", &["contractor_id"]).await?;
    Ok(())
}

async fn rectification_batches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("rectification_batches")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("contractor_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("status"))
        .col(text_null("collects_key"))
        .col(timestamp_with_time_zone("deadline_at"))
        .col(timestamp_with_time_zone_null("completed_at"))
        .col(date_null("completed_on"))
        .col(uuid_null("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("rectification_batches", "project_id", "projects"))
        .foreign_key(&mut references("rectification_batches", "contractor_id", "contractors"))
        .foreign_key(&mut references("rectification_batches", "created_by", "staff"));
    create(manager, table).await?;
    unique(manager, "rectification_batches", &["collects_key"]).await?;
    index(manager, "rectification_batches", &["project_id", "status", "id"]).await?;
    index(manager, "rectification_batches", &["status", "deadline_at"]).await?;
    index(manager, "rectification_batches", &["project_id", "deadline_at", "id"]).await?;
    index(manager, "rectification_batches", &["contractor_id"]).await?;
    index(manager, "rectification_batches", &["project_id", "completed_on"]).await?;
    Ok(())
}

async fn batch_tickets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("batch_tickets")
        .col(uuid("id").primary_key())
        .col(uuid("batch_id"))
        .col(uuid("ticket_id"))
        .col(timestamp_with_time_zone("added_at"))
        .foreign_key(&mut references("batch_tickets", "batch_id", "rectification_batches"))
        .foreign_key(&mut references("batch_tickets", "ticket_id", "tickets"));
    create(manager, table).await?;
    unique(manager, "batch_tickets", &["ticket_id"]).await?;
    index(manager, "batch_tickets", &["batch_id"]).await?;
    Ok(())
}
