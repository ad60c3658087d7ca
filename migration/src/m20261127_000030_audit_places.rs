//! A place in one order for each entry of the audit log, so that whoever ships it elsewhere can go on where they were.
//!
//! An entry's id says when its request began, and two requests may end the other way round. The database gives the place
//! itself, when the entry is written: no writer can forget it.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::table::{create, drop_all, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("audit_places")
            .col(big_integer("seq").primary_key().auto_increment())
            .col(uuid("entry_id"))
            .foreign_key(&mut references("audit_places", "entry_id", "audit_entries"));
        create(manager, table).await?;
        unique(manager, "audit_places", &["entry_id"]).await?;
        execute(
            manager,
            &["INSERT INTO audit_places (entry_id) SELECT id FROM audit_entries ORDER BY occurred_at, id"],
        )
        .await?;
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        execute(manager, if sqlite { ON_SQLITE } else { ON_POSTGRES }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let giver: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &["DROP TRIGGER audit_entries_place"],
            _ => &["DROP TRIGGER audit_entries_place ON audit_entries", "DROP FUNCTION audit_entries_give_place()"],
        };
        execute(manager, giver).await?;
        drop_all(manager, &["audit_places"]).await
    }
}

/// The places can only grow, as the log itself.
const ON_SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_entries_place AFTER INSERT ON audit_entries
     BEGIN INSERT INTO audit_places (entry_id) VALUES (NEW.id); END",
    "CREATE TRIGGER audit_places_no_update BEFORE UPDATE ON audit_places
     BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END",
    "CREATE TRIGGER audit_places_no_delete BEFORE DELETE ON audit_places
     BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END",
];

const ON_POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_entries_give_place() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO audit_places (entry_id) VALUES (NEW.id); RETURN NULL; END $$",
    "CREATE TRIGGER audit_entries_place AFTER INSERT ON audit_entries
     FOR EACH ROW EXECUTE FUNCTION audit_entries_give_place()",
    "CREATE TRIGGER audit_places_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_places
     FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_only_grow()",
];

async fn execute(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
