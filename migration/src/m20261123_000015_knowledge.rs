//! Standard answers, customers' files, what was erased, and an audit log that can only grow.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{DbBackend, prelude::Uuid},
};

use crate::table::{create, drop_all, drop_index, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        knowledge_articles(manager).await?;
        required_documents(manager).await?;
        owner_documents(manager).await?;
        erasures(manager).await?;
        usual_documents(manager).await?;
        index(manager, "audit_entries", &["action", "occurred_at"]).await?;
        close_audit_log(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        open_audit_log(manager).await?;
        drop_index(manager, "audit_entries", &["action", "occurred_at"]).await?;
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

/// What files hold as long as nobody has said otherwise: the whole list of each stage.
const USUAL: [(&str, &[&str]); 4] = [
    ("SIGNED", &["IDENTITY_DOCUMENT", "PURCHASE_CONTRACT", "PAYMENT_RECEIPT"]),
    ("HANDED_OVER", OF_A_HOME),
    (
        "RENOVATING",
        &[
            "IDENTITY_DOCUMENT",
            "PURCHASE_CONTRACT",
            "PAYMENT_RECEIPT",
            "HANDOVER_FORM",
            "PROPERTY_SERVICE_AGREEMENT",
            "RENOVATION_PERMIT",
        ],
    ),
    ("RESIDENT", OF_A_HOME),
];

const OF_A_HOME: &[&str] =
    &["IDENTITY_DOCUMENT", "PURCHASE_CONTRACT", "PAYMENT_RECEIPT", "HANDOVER_FORM", "PROPERTY_SERVICE_AGREEMENT"];

async fn usual_documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let rows = USUAL.iter().flat_map(|(stage, kinds)| kinds.iter().map(|kind| (*stage, *kind)));
    let mut insert = Query::insert();
    insert.into_table("required_documents").columns(["id", "stage", "kind"]);
    for (number, (stage, kind)) in (1_u128..).zip(rows) {
        insert.values_panic([Uuid::from_u128(number).into(), stage.into(), kind.into()]);
    }
    manager.execute(insert).await
}

/// From now on the database itself refuses to change or remove an entry of the audit log.
async fn close_audit_log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = match manager.get_database_backend() {
        DbBackend::Sqlite => &[
            "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
             BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END",
            "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
             BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END",
        ],
        _ => &[
            "CREATE FUNCTION audit_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'the audit log can only grow'; END $$",
            "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
             FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_only_grow()",
        ],
    };
    execute(manager, statements).await
}

async fn open_audit_log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = match manager.get_database_backend() {
        DbBackend::Sqlite => &["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
        _ => &["DROP TRIGGER audit_entries_no_change ON audit_entries", "DROP FUNCTION audit_entries_only_grow()"],
    };
    execute(manager, statements).await
}

async fn execute(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
