//! Standard answers, customers' files, and what was erased.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        knowledge_articles(manager).await?;
        required_documents(manager).await?;
        owner_documents(manager).await?;
        erasures(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["erasures", "owner_documents", "required_documents", "knowledge_articles"]).await
    }
}

async fn knowledge_articles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("knowledge_articles")
        .col(uuid("id").primary_key())
        .col(uuid_null("project_id"))
        .col(text("title"))
        .col(text("body"))
        .col(text_null("category"))
        .col(text("audience"))
        .col(text("status"))
        .col(integer("version"))
        .col(uuid("author_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut references("knowledge_articles", "project_id", "projects"))
        .foreign_key(&mut references("knowledge_articles", "author_id", "staff"));
    create(manager, table).await?;
    index(manager, "knowledge_articles", &["status", "id"]).await?;
    index(manager, "knowledge_articles", &["project_id", "id"]).await?;
    Ok(())
}

async fn required_documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("required_documents").col(uuid("id").primary_key()).col(text("stage")).col(text("kind"));
    create(manager, table).await?;
    unique(manager, "required_documents", &["stage", "kind"]).await?;
    Ok(())
}

async fn owner_documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("owner_documents")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(uuid_null("unit_id"))
        .col(text("kind"))
        .col(text("reference"))
        .col(uuid_null("filed_by"))
        .col(date("filed_on"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("removed_at"))
        .foreign_key(&mut references("owner_documents", "owner_id", "owners"))
        .foreign_key(&mut references("owner_documents", "unit_id", "units"))
        .foreign_key(&mut references("owner_documents", "filed_by", "staff"));
    create(manager, table).await?;
    index(manager, "owner_documents", &["owner_id", "kind"]).await?;
    index(manager, "owner_documents", &["owner_id", "id"]).await?;
    Ok(())
}

async fn erasures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("erasures")
        .col(uuid("id").primary_key())
        .col(uuid("owner_id"))
        .col(text("reason"))
        .col(uuid_null("requested_by"))
        .col(timestamp_with_time_zone("erased_at"))
        .foreign_key(&mut references("erasures", "owner_id", "owners"))
        .foreign_key(&mut references("erasures", "requested_by", "staff"));
    create(manager, table).await?;
    unique(manager, "erasures", &["owner_id"]).await?;
    Ok(())
}
