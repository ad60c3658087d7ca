//! How far the logs reach that are followed, all of them in one look: the relay asks after each commit.

use sea_orm::{ConnectionTrait, Statement};

use crate::error::{Error, Result};

/// The last number in each log; 0 when it is empty.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub tickets: i64,
    pub bulletins: i64,
    pub notifications: i64,
}

/// Each is the end of an index.
const HEADS: &str = r#"SELECT (SELECT coalesce(max(seq), 0) FROM "ticket_events"),
    (SELECT coalesce(max(seq), 0) FROM "bulletins"), (SELECT coalesce(max(seq), 0) FROM "notifications")"#;

/// At one moment.
pub async fn read(conn: &impl ConnectionTrait) -> Result<Heads> {
    let heads = Statement::from_string(conn.get_database_backend(), HEADS);
    let row = conn.query_one_raw(heads).await?.ok_or_else(|| Error::internal("a statement answered no row"))?;
    Ok(Heads {
        tickets: row.try_get_by_index(0)?,
        bulletins: row.try_get_by_index(1)?,
        notifications: row.try_get_by_index(2)?,
    })
}
