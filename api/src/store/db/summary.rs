//! What a statement does, in two words: SELECT, INSERT, COMMIT and the like, and the table that it is about. Of what stands in
//! it nothing else is read, least of all a value.

/// What a statement does, and the table it is about where it names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    pub operation: &'static str,
    pub table: Option<&'a str>,
}

/// What a statement may do.
const OPERATIONS: [&str; 8] = ["SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "ROLLBACK", "LOCK"];

/// After these words stands the name of a table, or what stands for one.
const LEADING: [&str; 3] = ["FROM", "INTO", "UPDATE"];

/// A word of a statement, or a name in it.
enum Piece<'a> {
    Word(&'a str),
    Name(&'a str),
    Other,
}

impl<'a> Summary<'a> {
    /// Of a statement whose names stand in quotes, as sea-query writes them.
    ///
    /// The table is the one that stands least deep: of what is selected by one statement and its parts, the whole.
    pub fn of(sql: &'a str) -> Self {
        // Each with how deep it stands.
        let mut operation: Option<(usize, &'static str)> = None;
        let mut table: Option<(usize, &'a str)> = None;
        let (mut depth, mut leads, mut rest) = (0_usize, false, sql);
        while let Some(first) = rest.chars().next() {
            let (piece, length) = next(first, rest);
            match piece {
                Piece::Word(word) => {
                    leads = among(&LEADING, word).is_some();
                    if let Some(found) = among(&OPERATIONS, word)
                        && operation.is_none_or(|(least, _)| depth < least)
                    {
                        operation = Some((depth, found));
                    }
                }
                Piece::Name(name) => {
                    if leads && table.is_none_or(|(least, _)| depth < least) && !is_made_here(sql, name) {
                        table = Some((depth, name));
                    }
                    leads = false;
                }
                Piece::Other => {
                    depth = match first {
                        '(' => depth + 1,
                        ')' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    leads = leads && first.is_whitespace();
                }
            }
            rest = &rest[length..];
        }
        Self { operation: operation.map_or("OTHER", |(_, found)| found), table: table.map(|(_, found)| found) }
    }
}

/// The first piece of what is left, and how long it is.
fn next(first: char, rest: &str) -> (Piece<'_>, usize) {
    let end_of = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
    match first {
        // A quote that is doubled ends one text and begins the next.
        '\'' => (Piece::Other, end_of('\'')),
        '"' => {
            let length = end_of('"');
            (Piece::Name(rest[..length].trim_matches('"')), length)
        }
        _ if first.is_ascii_alphabetic() => {
            let is_over = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
            let length = rest.find(is_over).unwrap_or(rest.len());
            (Piece::Word(&rest[..length]), length)
        }
        _ => (Piece::Other, first.len_utf8()),
    }
}

fn among(words: &[&'static str], word: &str) -> Option<&'static str> {
    words.iter().copied().find(|it| it.eq_ignore_ascii_case(word))
}

/// Whether a name was given by the statement itself: `WITH "name" AS (`.
fn is_made_here(sql: &str, name: &str) -> bool {
    let given = |(at, _): (usize, &str)| sql[at + name.len()..].starts_with("\" AS (") && sql[..at].ends_with('"');
    sql.match_indices(name).any(given)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_statement_is_called_by_what_it_does_and_to_which_table() {
        let table = [
            (r#"SELECT "tickets"."id" FROM "tickets" WHERE "tickets"."title" = $1"#, "SELECT", Some("tickets")),
            (r#"INSERT INTO "ticket_events" ("id") VALUES ($1) RETURNING "id""#, "INSERT", Some("ticket_events")),
            (r#"UPDATE "units" SET "code" = ? WHERE "id" IN (SELECT "a" FROM "owners")"#, "UPDATE", Some("units")),
            (r#"DELETE FROM "leases" WHERE "name" = ?"#, "DELETE", Some("leases")),
            (r#"select count(*) from "units""#, "SELECT", Some("units")),
            // The parts of a whole stand before it.
            (r#"SELECT (SELECT "name" FROM "staff") FROM "tickets""#, "SELECT", Some("tickets")),
            (r#"SELECT json_array((SELECT (SELECT 1 FROM "staff") FROM "units"))"#, "SELECT", Some("units")),
            (r#"SELECT "x" FROM (SELECT "id" FROM "tickets") AS "page""#, "SELECT", Some("tickets")),
            (r#"WITH "whole" AS (SELECT "id" FROM "units") SELECT "id" FROM "whole""#, "SELECT", Some("units")),
            (r#"WITH "due" AS (SELECT 1) DELETE FROM "leases""#, "DELETE", Some("leases")),
            // What stands in a text is nobody's table.
            (r#"SELECT ' FROM "secret" '' DELETE ' FROM "units""#, "SELECT", Some("units")),
            ("SELECT pg_advisory_xact_lock(7)", "SELECT", None),
            ("BEGIN", "BEGIN", None),
            ("LOCK TABLE partners IN SHARE ROW EXCLUSIVE MODE", "LOCK", None),
            (r#"SELECT "id" FROM "tickets" FOR UPDATE SKIP LOCKED"#, "SELECT", Some("tickets")),
            ("PRAGMA optimize", "OTHER", None),
            ("", "OTHER", None),
        ];
        for (sql, operation, table) in table {
            assert_eq!(Summary::of(sql), Summary { operation, table }, "{sql}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_called_something(sql in r#"([a-zA-Z ]{0,4}|["'()\\]|select |from |with |中){0,24}"#) {
            let summary = Summary::of(&sql);
            prop_assert!(summary.table.is_none_or(|table| sql.contains(table)));
        }
    }
}
