//! A statement that is written once and sent by many: whoever is of the same kind, with the same arguments, sends the same
//! words with other values. It is written for placeholders, whose places the values take.

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DbBackend, Statement, Value,
    sea_query::{ExprTrait, Query},
};
use uuid::Uuid;

use super::{Cell, write::Writer};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
};

/// A statement whose answer is the text of a JSON array.
#[derive(Debug)]
pub struct Template(Statement);

/// The first placeholder; its last byte says which it is.
const FIRST: u128 = 0xa17e_0000_0000_8000_8000_0000_0000_0000;

/// An id in whose place another is put. No table holds it.
pub fn placeholder(number: u8) -> Uuid {
    Uuid::from_u128(FIRST | u128::from(number))
}

/// Whether an id is one of these.
pub fn is_placeholder(id: &Uuid) -> bool {
    id.as_u128() & !u128::from(u8::MAX) == FIRST
}

impl Template {
    /// Writes the statement that reads these cells.
    pub fn write(is_postgres: bool, viewer: &Viewer, cells: &[Cell]) -> Result<Self> {
        let backend = if is_postgres { DbBackend::Postgres } else { DbBackend::Sqlite };
        let array = Writer { backend, viewer }.array(cells)?;
        let text = match backend {
            DbBackend::Postgres => array.cast_as("text"),
            _ => array,
        };
        Ok(Self(backend.build(Query::select().expr(text))))
    }

    /// Sends it with these ids, and this moment, in the places of those that it was written for.
    pub async fn read(
        &self,
        conn: &impl ConnectionTrait,
        ids: &[(Uuid, Uuid)],
        (then, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<String> {
        let mut statement = self.0.clone();
        for value in statement.values.iter_mut().flat_map(|values| &mut values.0) {
            match value {
                Value::Uuid(Some(id)) => {
                    if let Some((_, other)) = ids.iter().find(|(place, _)| place == id) {
                        *id = *other;
                    }
                }
                Value::ChronoDateTimeUtc(Some(at)) if *at == then => *at = now,
                _ => {}
            }
        }
        let row = conn.query_one_raw(statement).await?;
        Ok(row.ok_or_else(|| Error::internal("a statement answered no row"))?.try_get_by_index(0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_known_and_no_other_id_is() {
        assert!((0..=u8::MAX).all(|number| is_placeholder(&placeholder(number))));
        assert!([FIRST - 1, FIRST + 256, 0, u128::MAX].iter().all(|id| !is_placeholder(&Uuid::from_u128(*id))));
    }
}
