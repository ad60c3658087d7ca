//! Writes the answer: the database's values under the names that the client asked for, spelled as the resolvers spell
//! them.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    ask::{Arguments, Place, Shown},
    cell::Value,
    plan::{Connection, ConnectionPart, EdgePart, InfoPart, Object, Plan, Root, Wish},
    shapes::Spelling,
    unexpected,
};
use crate::{
    domain::ticket::SystemNote,
    error::{Error, Result},
    language::{Language, say},
    page::{Cursor, Slice},
    store::direct::MARK,
};

/// The answer as JSON: an object with a field for each root of the plan.
pub fn answer(plan: &Plan, (request, language): (&Arguments, Language), text: &str) -> Result<String> {
    let values: Value<'_> = serde_json::from_str(text).map_err(Error::internal)?;
    let mut values = array(&values)?.iter();
    let mut speller = Speller { request, language, out: String::with_capacity(text.len() * 2) };
    speller.out.push('{');
    for (at, (key, root)) in plan.roots.iter().enumerate() {
        speller.key(key);
        speller.root(at, root, values.next().ok_or_else(unexpected)?)?;
    }
    speller.out.push('}');
    Ok(speller.out)
}

/// What the one root of a plan leads to; none when there is nothing.
pub fn one(plan: &Plan, (request, language): (&Arguments, Language), text: &str) -> Result<Option<String>> {
    let values: Value<'_> = serde_json::from_str(text).map_err(Error::internal)?;
    let (Some((_, root)), [value]) = (plan.roots.first(), array(&values)?) else { return Err(unexpected()) };
    if *value == Value::Null {
        return Ok(None);
    }
    let mut speller = Speller { request, language, out: String::with_capacity(text.len() * 2) };
    speller.root(0, root, value)?;
    Ok(Some(speller.out))
}

fn array<'a, 'b>(value: &'b Value<'a>) -> Result<&'b [Value<'a>]> {
    match value {
        Value::Array(values) => Ok(values),
        _ => Err(unexpected()),
    }
}

struct Speller<'a> {
    request: &'a Arguments,
    language: Language,
    out: String,
}

impl Speller<'_> {
    fn root(&mut self, at: usize, root: &Root, value: &Value<'_>) -> Result<()> {
        match root {
            Root::Tickets(connection) => self.list(connection, value),
            Root::Node(_, kinds) => {
                let kind = self.request.kinds.get(at).copied().flatten().and_then(|kind| kinds.get(kind));
                self.object_or_null(&kind.ok_or_else(unexpected)?.2, value)
            }
            Root::Row(_, object) => self.object_or_null(object, value),
        }
    }

    /// The name of the next field. Names hold nothing that would have to be escaped.
    fn key(&mut self, key: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn name(&mut self, parts: &[&str]) {
        self.out.push('"');
        for part in parts {
            self.out.push_str(part);
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) -> Result<()> {
        // What needs no escape is most of it.
        if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.name(&[text]);
        } else {
            self.out.push_str(&serde_json::to_string(text).map_err(Error::internal)?);
        }
        Ok(())
    }

    fn truth(&mut self, truth: bool) {
        self.out.push_str(if truth { "true" } else { "false" });
    }

    fn number(&mut self, number: impl std::fmt::Display) -> Result<()> {
        write!(self.out, "{number}").map_err(Error::internal)
    }

    fn object_or_null(&mut self, object: &Object, value: &Value<'_>) -> Result<()> {
        match value {
            Value::Null => self.out.push_str("null"),
            _ => self.object(object, array(value)?)?,
        }
        Ok(())
    }

    fn object(&mut self, object: &Object, values: &[Value<'_>]) -> Result<()> {
        let mut values = values.iter();
        self.out.push('{');
        for (key, wish) in &object.wishes {
            self.key(key);
            if let Wish::TypeName = wish {
                self.name(&[object.name]);
                continue;
            }
            let value = values.next().ok_or_else(unexpected)?;
            match wish {
                Wish::Either([(_, first), (_, second)]) => {
                    let other = values.next().ok_or_else(unexpected)?;
                    match value {
                        Value::Null => self.object_or_null(second, other)?,
                        _ => self.object_or_null(first, value)?,
                    }
                }
                _ => self.wish(wish, value)?,
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn wish(&mut self, wish: &Wish, value: &Value<'_>) -> Result<()> {
        match wish {
            Wish::Leaf(_, spelling) => self.leaf(*spelling, value),
            Wish::IsPast(_) => self.leaf(Spelling::Truth, value),
            Wish::Here(object) | Wish::One(_, object) => self.object_or_null(object, value),
            Wish::HereIf(_, object) => match array(value)?.split_first() {
                Some((Value::Null, _)) => self.leaf(Spelling::Plain, &Value::Null),
                Some((_, rest)) => self.object(object, rest),
                None => Err(unexpected()),
            },
            Wish::Many(_, object) => self.objects(array(value)?.iter().map(|row| Ok((object, array(row)?)))),
            Wish::Page(_, _, connection) => {
                let rows = array(value)?.iter().map(array).collect::<Result<_>>()?;
                self.connection(connection, rows, None)
            }
            Wish::Last(_, _, object) => match array(value)?.first() {
                Some(row) => self.object(object, array(row)?),
                None => self.leaf(Spelling::Plain, &Value::Null),
            },
            Wish::Count(_) => self.leaf(Spelling::Plain, value),
            Wish::Households(connection) => self.list(connection, value),
            Wish::TypeName | Wish::Either(_) => Err(unexpected()),
        }
    }

    fn objects<'b, 'v: 'b>(&mut self, rows: impl Iterator<Item = Result<(&'b Object, &'b [Value<'v>])>>) -> Result<()> {
        self.out.push('[');
        for (at, row) in rows.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            let (object, values) = row?;
            self.object(object, values)?;
        }
        self.out.push(']');
        Ok(())
    }

    /// A list: its rows, and how many there are in all where that was asked for.
    fn list(&mut self, connection: &Connection, value: &Value<'_>) -> Result<()> {
        let (rows, total) = array(value)?.split_first().ok_or_else(unexpected)?;
        let rows = array(rows)?.iter().map(array).collect::<Result<_>>()?;
        self.connection(connection, rows, total.first())
    }

    fn connection(
        &mut self,
        connection: &Connection,
        rows: Vec<&[Value<'_>]>,
        total: Option<&Value<'_>>,
    ) -> Result<()> {
        let shown = self.request.shown.get(connection.number).ok_or_else(unexpected)?;
        let slice = shown.page.cut(rows);
        self.out.push('{');
        for (key, part) in &connection.parts {
            self.key(key);
            match part {
                ConnectionPart::TypeName => self.name(&[connection.of, "Connection"]),
                ConnectionPart::TotalCount => self.leaf(Spelling::Plain, total.ok_or_else(unexpected)?)?,
                ConnectionPart::Nodes(number) => {
                    let rows = slice.rows.iter().map(|row| nth(connection, *number, shown, row));
                    self.objects(rows)?;
                }
                ConnectionPart::Edges(parts) => self.edges(connection, parts, shown, &slice)?,
                ConnectionPart::PageInfo(parts) => self.page_info(parts, shown, &slice)?,
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn edges(
        &mut self,
        connection: &Connection,
        parts: &[(String, EdgePart)],
        shown: &Shown,
        slice: &Slice<&[Value<'_>]>,
    ) -> Result<()> {
        self.out.push('[');
        for (at, row) in slice.rows.iter().enumerate() {
            self.out.push_str(if at > 0 { ",{" } else { "{" });
            for (key, part) in parts {
                self.key(key);
                match part {
                    EdgePart::TypeName => self.name(&[connection.of, "Edge"]),
                    EdgePart::Cursor => self.name(&[&cursor(shown.place(), row)?]),
                    EdgePart::Node(number) => {
                        let (object, values) = nth(connection, *number, shown, row)?;
                        self.object(object, values)?;
                    }
                }
            }
            self.out.push('}');
        }
        self.out.push(']');
        Ok(())
    }

    fn page_info(&mut self, parts: &[(String, InfoPart)], shown: &Shown, slice: &Slice<&[Value<'_>]>) -> Result<()> {
        self.out.push('{');
        for (key, part) in parts {
            self.key(key);
            match part {
                InfoPart::TypeName => self.name(&["PageInfo"]),
                InfoPart::HasNextPage => self.truth(slice.has_next),
                InfoPart::HasPreviousPage => self.truth(slice.has_previous),
                InfoPart::StartCursor => self.place(shown.place(), slice.rows.first())?,
                InfoPart::EndCursor => self.place(shown.place(), slice.rows.last())?,
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn place(&mut self, place: Place, row: Option<&&[Value<'_>]>) -> Result<()> {
        match row {
            Some(row) => self.name(&[&cursor(place, row)?]),
            None => self.out.push_str("null"),
        }
        Ok(())
    }

    fn leaf(&mut self, spelling: Spelling, value: &Value<'_>) -> Result<()> {
        match (spelling, value) {
            (_, Value::Null) => self.out.push_str("null"),
            (Spelling::Plain, Value::Text(text)) => self.text(text)?,
            (Spelling::Note, Value::Text(text)) => self.note(text)?,
            (Spelling::Plain, Value::Number(number)) => self.number(number)?,
            (Spelling::Truth, Value::Truth(truth)) => self.truth(*truth),
            // SQLite has no truth values.
            (Spelling::Truth, Value::Number(number)) => self.truth(*number != 0),
            (Spelling::Instant, Value::Text(text)) => self.instant(text)?,
            (Spelling::Id(kind), Value::Text(text)) => self.name(&[&kind.encode(uuid(text)?)]),
            (Spelling::Path(before, kind, after), Value::Text(text)) => {
                self.name(&[before, &kind.encode(uuid(text)?), after]);
            }
            (Spelling::Seq, Value::Number(seq)) => self.name(&[&Cursor::Seq(*seq).encode()]),
            // Hundredths of anything we have are far below what a double can hold exactly.
            #[allow(clippy::cast_precision_loss)]
            (Spelling::Hundredths, Value::Number(hundredths)) => {
                let number = serde_json::to_string(&(*hundredths as f64 / 100.0)).map_err(Error::internal)?;
                self.out.push_str(&number);
            }
            _ => return Err(unexpected()),
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<()> {
        let Some(by_system) = text.strip_prefix(MARK) else { return self.text(text) };
        match SystemNote::read(by_system) {
            Some(known) => self.text(&say(&known.message(), self.language)),
            None => self.text(by_system),
        }
    }

    /// PostgreSQL leaves out the zeros at the end of a fraction; the resolvers write three digits, or six.
    fn instant(&mut self, text: &str) -> Result<()> {
        let Some(stem) = text.strip_suffix("+00:00") else {
            let instant: DateTime<Utc> = text.parse().map_err(Error::internal)?;
            self.name(&[&instant.to_rfc3339()]);
            return Ok(());
        };
        let digits = stem.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let missing = digits.next_multiple_of(3) - digits;
        self.name(&[stem, &"00"[..missing], "+00:00"]);
        Ok(())
    }
}

/// What was asked for of a row for one of a connection's objects.
fn nth<'b, 'v>(
    connection: &'b Connection,
    number: usize,
    shown: &Shown,
    row: &'b [Value<'v>],
) -> Result<(&'b Object, &'b [Value<'v>])> {
    let object = connection.objects.get(number).ok_or_else(unexpected)?;
    let values = row.get(shown.place().values() + number).ok_or_else(unexpected)?;
    Ok((object, array(values)?))
}

fn uuid(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(Error::internal)
}

fn cursor(place: Place, row: &[Value<'_>]) -> Result<String> {
    let cursor = match (place, row) {
        (Place::Id, [Value::Text(id), ..]) => Cursor::Id(uuid(id)?),
        (Place::Deadline, [Value::Text(at), Value::Text(id), ..]) => {
            Cursor::Instant(at.parse().map_err(Error::internal)?, uuid(id)?)
        }
        (Place::Seq, [Value::Number(seq), ..]) => Cursor::Seq(*seq),
        _ => return Err(unexpected()),
    };
    Ok(cursor.encode())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelled(spelling: Spelling, value: &Value<'_>) -> Result<String> {
        let request = Arguments { shown: Vec::new(), kinds: Vec::new() };
        let mut speller = Speller { request: &request, language: Language::En, out: String::new() };
        speller.leaf(spelling, value)?;
        Ok(speller.out)
    }

    proptest! {
        #[test]
        fn an_instant_is_written_as_the_resolvers_write_it(micros in 0_i64..4_000_000_000_000_000, zeros in 0_u32..7) {
            let coarse = 10_i64.pow(zeros);
            let at = DateTime::from_timestamp_micros(micros / coarse * coarse).unwrap();
            // As PostgreSQL says it: without zeros at the end, and without a point before nothing.
            let text = at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string();
            let text = format!("{}+00:00", text.trim_end_matches('0').trim_end_matches('.'));
            let text = if at.timestamp_subsec_micros() == 0 { at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string() } else { text };
            prop_assert_eq!(spelled(Spelling::Instant, &Value::Text(text.into())).unwrap(), format!("\"{}\"", at.to_rfc3339()));
        }

        #[test]
        fn a_text_is_written_as_json(text in any::<String>()) {
            let written = spelled(Spelling::Plain, &Value::Text(text.as_str().into())).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }

        #[test]
        fn hundredths_are_written_as_the_resolvers_write_them(hundredths in -1_000_000_i64..1_000_000) {
            #[allow(clippy::cast_precision_loss)]
            let number = hundredths as f64 / 100.0;
            let written = spelled(Spelling::Hundredths, &Value::Number(hundredths)).unwrap();
            prop_assert_eq!(written, serde_json::to_string(&number).unwrap());
        }
    }

    #[test]
    fn a_value_of_another_kind_is_an_error_and_no_answer() {
        for spelling in [Spelling::Instant, Spelling::Truth, Spelling::Seq, Spelling::Hundredths] {
            assert!(spelled(spelling, &Value::Array(Vec::new())).is_err(), "{spelling:?}");
        }
        assert!(spelled(Spelling::Instant, &Value::Text("yesterday".into())).is_err());
    }
}
