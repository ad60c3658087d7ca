//! What the import of another system's tickets and staff reads and writes. It sees the whole company, as the system does.

use std::collections::HashSet;

use entity::{imported_ticket, staff, staff_project, ticket_event};
use sea_orm::{ActiveValue, ColumnTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{db::Tx, ledger::Source};
use crate::error::Result;

const KEYS_A_STATEMENT: usize = 5_000;

/// Makes imports go one after the other. Everybody may work on tickets meanwhile. On SQLite the transaction itself does so.
pub async fn lock(tx: &Tx) -> Result<()> {
    use sea_orm::ConnectionTrait;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE imported_tickets IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Lowest {
    lowest: Option<i64>,
}

/// The place before which history that comes in is put: below the beginning of the log, and below all that came before.
pub async fn lowest_place(conn: &impl Source) -> Result<i64> {
    let lowest = ticket_event::Entity::find().select_only().column_as(ticket_event::Column::Seq.min(), "lowest");
    let lowest = lowest.into_model::<Lowest>().one(conn).await?;
    Ok(lowest.and_then(|row| row.lowest).unwrap_or(1).min(1))
}

/// Which of these numbers of another system a project knows already.
pub async fn known(conn: &impl Source, project_id: Uuid, references: &[String]) -> Result<HashSet<String>> {
    use imported_ticket::{Column, Entity};
    let mut known = HashSet::new();
    for chunk in references.chunks(KEYS_A_STATEMENT) {
        let rows = Entity::find()
            .select_only()
            .column(Column::Reference)
            .filter(Column::ProjectId.eq(project_id))
            .filter(Column::Reference.is_in(chunk.iter().cloned()))
            .into_tuple::<String>()
            .all(conn)
            .await?;
        known.extend(rows);
    }
    Ok(known)
}

/// Writes down what a roster says anew about somebody.
pub async fn update_staff(conn: &impl Source, row: &staff::Model) -> Result<()> {
    let changed = staff::ActiveModel {
        name: ActiveValue::Set(row.name.clone()),
        department: ActiveValue::Set(row.department),
        work_phone: ActiveValue::Set(row.work_phone.clone()),
        ..Default::default()
    };
    staff::Entity::update_many().set(changed).filter(staff::Column::Id.eq(row.id)).exec(conn).await?;
    Ok(())
}

pub async fn add_staff(conn: &impl Source, row: staff::Model) -> Result<()> {
    super::insert(staff::Entity, conn, row).await
}

pub async fn add_to_project(conn: &impl Source, staff_id: Uuid, project_id: Uuid) -> Result<()> {
    let row = staff_project::Model { staff_id, project_id };
    super::insert(staff_project::Entity, conn, row).await
}
