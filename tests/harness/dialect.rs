//! SQL for either database that fills a table with copies of a few real rows: many enough for a planner to care, and in
//! seconds.

use std::ops::RangeInclusive;

use sea_orm::{EntityTrait, IdenStatic, Iterable};
use uuid::Uuid;

use super::Engine;

/// Ids count up, as those that the clock makes do.
const PREFIX: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0000;

/// The id of one of many of a kind, which the tests number as they like.
pub fn id(kind: u32, number: u32) -> Uuid {
    Uuid::from_u128(PREFIX | u128::from(kind) << 32 | u128::from(number))
}

/// Writes SQL for one of the databases.
#[derive(Clone, Copy)]
pub struct Dialect(pub Engine);

impl Dialect {
    /// The id of a kind whose number is an expression.
    pub fn id(self, kind: u32, number: &str) -> String {
        match self.0 {
            Engine::Postgres => {
                format!("('01900000-0000-7000-8000-{kind:04x}' || lpad(to_hex({number}), 8, '0'))::uuid")
            }
            Engine::Sqlite => format!("unhex('01900000000070008000{kind:04x}' || printf('%08x', {number}))"),
        }
    }

    pub fn uuid(self, id: Uuid) -> String {
        match self.0 {
            Engine::Postgres => format!("'{id}'::uuid"),
            Engine::Sqlite => format!("x'{}'", id.simple()),
        }
    }

    pub fn series(self, numbers: RangeInclusive<u32>) -> String {
        let (first, last) = numbers.into_inner();
        match self.0 {
            Engine::Postgres => format!("generate_series({first}, {last}) AS s(n)"),
            Engine::Sqlite => format!(
                "(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c) s"
            ),
        }
    }

    /// So many minutes after the start of the test, as it is stored.
    pub fn minutes(self, number: &str) -> String {
        match self.0 {
            Engine::Postgres => format!("timestamptz '2026-11-23T01:00:00Z' + {number} * interval '1 minute'"),
            Engine::Sqlite => {
                format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-11-23T01:00:00', ({number}) || ' minutes')")
            }
        }
    }

    pub fn end_of_time(self) -> &'static str {
        match self.0 {
            Engine::Postgres => "timestamptz '9999-12-31T00:00:00Z'",
            Engine::Sqlite => "'9999-12-31T00:00:00+00:00'",
        }
    }

    /// Copies the rows that `template` describes once for each number, with other values in some columns; `n` is the number.
    pub fn copy<E: EntityTrait>(
        self,
        entity: E,
        template: &str,
        numbers: RangeInclusive<u32>,
        other: &[(&str, String)],
    ) -> String {
        let columns: Vec<&str> = E::Column::iter().map(|column| column.as_str()).collect();
        let value = |column: &&str| match other.iter().find(|(name, _)| name == column) {
            Some((_, expression)) => expression.clone(),
            None => format!("t.{column}"),
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let table = entity.table_name();
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM (SELECT * FROM {table} WHERE {template}) t, {}",
            columns.join(", "),
            values.join(", "),
            self.series(numbers)
        )
    }
}
