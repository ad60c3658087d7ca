//! Before and at the signing: publications, disclosures, prospects, contracts' clauses, visits.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, create, drop_all, drop_column, drop_index, index, references, unique, unique_where};

/// A project shows one of each of these at a time; permits are many, and so are notices of deviations.
const SHOWN_ONCE: &str = "withdrawn_at IS NULL AND kind IN ('COMPANY_QUALIFICATION', 'DUTY_SALES_STAFF', 'UNIT_PRICES', \
     'CONTRACT_SAMPLE', 'RISK_NOTICE', 'COMPLAINT_CHANNEL')";
const ONE_DRAFT: &str = "status = 'DRAFT'";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        publications(manager).await?;
        publication_reviews(manager).await?;
        disclosures(manager).await?;
        show_home_deviations(manager).await?;
        prospects(manager).await?;
        contract_parties(manager).await?;
        contract_clauses(manager).await?;
        clause_acknowledgements(manager).await?;
        appointments(manager).await?;
        unique_where(manager, "contracts", &["unit_id"], ONE_DRAFT).await?;
        index(manager, "contracts", &["project_id", "id"]).await?;
        let followed_up_at = timestamp_with_time_zone_null("followed_up_at");
        add_column(manager, "interactions", followed_up_at).await?;
        index(manager, "interactions", &["staff_id", "followed_up_at", "next_follow_up_at"]).await?;
        index(manager, "interactions", &["project_id", "followed_up_at", "next_follow_up_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "interactions", &["project_id", "followed_up_at", "next_follow_up_at"]).await?;
        drop_index(manager, "interactions", &["staff_id", "followed_up_at", "next_follow_up_at"]).await?;
        drop_column(manager, "interactions", "followed_up_at").await?;
        drop_index(manager, "contracts", &["project_id", "id"]).await?;
        manager.drop_index(Index::drop().name("uq_contracts_unit_id_where").table("contracts").to_owned()).await?;
        drop_all(
            manager,
            &[
                "appointments",
                "clause_acknowledgements",
                "contract_clauses",
                "contract_parties",
                "prospects",
                "show_home_deviations",
                "disclosures",
                "publication_reviews",
                "publications",
            ],
        )
        .await
    }
}

async fn publications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("publications")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("body"))
        .col(integer("content_version"))
        .col(text("status"))
        .col(integer_null("published_version"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(uuid("created_by"))
        .col(uuid("edited_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("publications", "project_id", "projects"))
        .foreign_key(&mut references("publications", "created_by", "staff"))
        .foreign_key(&mut references("publications", "edited_by", "staff"));
    create(manager, table).await?;
    index(manager, "publications", &["project_id", "id"]).await?;
    Ok(())
}

async fn publication_reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("publication_reviews")
        .col(uuid("id").primary_key())
        .col(uuid("publication_id"))
        .col(integer("content_version"))
        .col(text("department"))
        .col(text("verdict"))
        .col(text_null("comment"))
        .col(uuid("reviewer_id"))
        .col(timestamp_with_time_zone("reviewed_at"))
        .foreign_key(&mut references("publication_reviews", "publication_id", "publications"))
        .foreign_key(&mut references("publication_reviews", "reviewer_id", "staff"));
    create(manager, table).await?;
    unique(manager, "publication_reviews", &["publication_id", "content_version", "department"]).await?;
    Ok(())
}

async fn disclosures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("disclosures")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("body"))
        .col(text_null("document_number"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("disclosures", "project_id", "projects"))
        .foreign_key(&mut references("disclosures", "created_by", "staff"));
    create(manager, table).await?;
    index(manager, "disclosures", &["project_id", "kind", "id"]).await?;
    unique_where(manager, "disclosures", &["project_id", "kind"], SHOWN_ONCE).await?;
    Ok(())
}

async fn show_home_deviations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("show_home_deviations")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("place"))
        .col(text("drawing_says"))
        .col(text("show_home_shows"))
        .col(uuid_null("notice_id"))
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("show_home_deviations", "project_id", "projects"))
        .foreign_key(&mut references("show_home_deviations", "notice_id", "disclosures"))
        .foreign_key(&mut references("show_home_deviations", "created_by", "staff"));
    create(manager, table).await?;
    index(manager, "show_home_deviations", &["project_id", "id"]).await?;
    Ok(())
}

async fn prospects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("prospects")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(uuid("project_id"))
        .col(uuid_null("sales_agent_id"))
        .col(text("source"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("prospects", "owner_id", "owners"))
        .foreign_key(&mut references("prospects", "project_id", "projects"))
        .foreign_key(&mut references("prospects", "sales_agent_id", "staff"));
    create(manager, table).await?;
    unique(manager, "prospects", &["owner_id", "project_id"]).await?;
    index(manager, "prospects", &["project_id", "id"]).await?;
    index(manager, "prospects", &["sales_agent_id"]).await?;
    Ok(())
}

async fn contract_parties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("contract_parties")
        .col(uuid("id").primary_key())
        .col(uuid("contract_id"))
        .col(uuid("owner_id"))
        .col(integer("position"))
        .foreign_key(&mut references("contract_parties", "contract_id", "contracts"))
        .foreign_key(&mut references("contract_parties", "owner_id", "owners"));
    create(manager, table).await?;
    unique(manager, "contract_parties", &["contract_id", "owner_id"]).await?;
    index(manager, "contract_parties", &["owner_id"]).await?;
    Ok(())
}

async fn contract_clauses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("contract_clauses")
        .col(uuid("id").primary_key())
        .col(uuid("contract_id"))
        .col(integer("position"))
        .col(text("title"))
        .col(text("body"))
        .foreign_key(&mut references("contract_clauses", "contract_id", "contracts"));
    create(manager, table).await?;
    unique(manager, "contract_clauses", &["contract_id", "position"]).await?;
    Ok(())
}

async fn clause_acknowledgements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("clause_acknowledgements")
        .col(uuid("id").primary_key())
        .col(uuid("clause_id"))
        .col(uuid("owner_id"))
        .col(uuid_null("recorded_by"))
        .col(timestamp_with_time_zone("acknowledged_at"))
        .foreign_key(&mut references("clause_acknowledgements", "clause_id", "contract_clauses"))
        .foreign_key(&mut references("clause_acknowledgements", "owner_id", "owners"))
        .foreign_key(&mut references("clause_acknowledgements", "recorded_by", "staff"));
    create(manager, table).await?;
    unique(manager, "clause_acknowledgements", &["clause_id", "owner_id"]).await?;
    index(manager, "clause_acknowledgements", &["owner_id"]).await?;
    Ok(())
}

async fn appointments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("appointments")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(uuid("owner_id"))
        .col(uuid_null("contract_id"))
        .col(text("kind"))
        .col(text("status"))
        .col(uuid_null("staff_id"))
        .col(timestamp_with_time_zone("scheduled_at"))
        .col(timestamp_with_time_zone_null("checked_in_at"))
        .col(timestamp_with_time_zone_null("started_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("appointments", "project_id", "projects"))
        .foreign_key(&mut references("appointments", "owner_id", "owners"))
        .foreign_key(&mut references("appointments", "contract_id", "contracts"))
        .foreign_key(&mut references("appointments", "staff_id", "staff"));
    create(manager, table).await?;
    index(manager, "appointments", &["project_id", "scheduled_at", "id"]).await?;
    index(manager, "appointments", &["owner_id", "scheduled_at", "id"]).await?;
    index(manager, "appointments", &["project_id", "checked_in_at"]).await?;
    Ok(())
}
