//! Comma-separated values by RFC 4180, as Excel opens them without asking: UTF-8 with its mark, lines that end in CR LF.
//!
//! A program that opens such a file takes a text that begins with one of a few signs for a formula, and what a customer typed
//! would be run on the desk of whoever opens it. Such a text gets an apostrophe in front, which spreadsheets read as "this is
//! text". Our own import takes it off again.

use std::fmt::Write;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use crate::domain::export::{Cell, Heading, Language, Row};

const MARK: &str = "\u{FEFF}";

/// The signs by which spreadsheets know a formula, also in the full width that Chinese keyboards write.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A whole table, part by part.
pub fn parts<E>(
    headings: &[Heading],
    language: Language,
    rows: impl Stream<Item = Result<Vec<Row>, E>> + Unpin,
) -> impl Stream<Item = Result<Bytes, E>> + Unpin {
    let head = stream::iter([Ok(head(headings, language))]);
    head.chain(rows.map(|rows| rows.map(|rows| lines(&rows))))
}

/// The first line.
fn head(headings: &[Heading], language: Language) -> Bytes {
    let mut text = MARK.to_owned();
    line(&mut text, headings, |text, heading| field(text, heading.name(language)));
    text.into()
}

/// Some lines.
fn lines(rows: &[Row]) -> Bytes {
    let mut text = String::with_capacity(rows.len() * 256);
    for row in rows {
        line(&mut text, row, cell);
    }
    text.into()
}

fn line<T>(text: &mut String, cells: &[T], write: impl Fn(&mut String, &T)) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write(text, cell);
    }
    text.push_str("\r\n");
}

fn cell(text: &mut String, cell: &Cell) {
    // A string takes whatever is written into it.
    let _ = match cell {
        Cell::Empty => Ok(()),
        Cell::Text(words) => {
            field(text, words);
            Ok(())
        }
        Cell::Count(number) => write!(text, "{number}"),
        Cell::Hundredths(number) => {
            let sign = if *number < 0 { "-" } else { "" };
            write!(text, "{sign}{}.{:02}", number.unsigned_abs() / 100, number.unsigned_abs() % 100)
        }
        Cell::Day(day) => write!(text, "{day}"),
        Cell::Moment(moment) => write!(text, "{}", moment.format("%Y-%m-%d %H:%M:%S")),
    };
}

fn field(text: &mut String, words: &str) {
    let is_formula = words.starts_with(FORMULA);
    let is_plain = !words.contains([',', '"', '\r', '\n']) && words.trim() == words;
    if is_plain && !is_formula {
        text.push_str(words);
        return;
    }
    text.push('"');
    if is_formula {
        text.push('\'');
    }
    for letter in words.chars() {
        if letter == '"' {
            text.push('"');
        }
        text.push(letter);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn written(cells: &[Cell]) -> String {
        String::from_utf8(lines(&[cells.to_vec()]).to_vec()).unwrap()
    }

    #[test]
    fn cells_are_written_as_spreadsheets_read_them() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        let cells = [
            Cell::Empty,
            Cell::text("厨房漏水"),
            Cell::Count(-3),
            Cell::Hundredths(-5),
            Cell::Hundredths(12_345),
            Cell::Day(day),
            Cell::Moment(day.and_hms_opt(7, 8, 9).unwrap()),
        ];
        assert_eq!(written(&cells), ",厨房漏水,-3,-0.05,123.45,2026-03-05,2026-03-05 07:08:09\r\n");
        let texts = [Cell::text("a,b"), Cell::text("5\" 管"), Cell::text("一\n二"), Cell::text(" 空 ")];
        assert_eq!(written(&texts), "\"a,b\",\"5\"\" 管\",\"一\n二\",\" 空 \"\r\n");
    }

    #[test]
    fn no_text_is_run_as_a_formula() {
        for text in ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1", "＋1", "－1", "＠x"] {
            let expected = format!("\"'{}\"\r\n", text.replace('"', "\"\""));
            assert_eq!(written(&[Cell::text(text)]), expected, "{text:?}");
        }
        assert_eq!(written(&[Cell::text("a=b")]), "a=b\r\n");
    }

    #[test]
    fn the_first_line_has_the_mark_and_the_headings() {
        let headings = [Heading::new("编号", "number", 10), Heading::new("标题", "title", 10)];
        assert_eq!(head(&headings, Language::Chinese), "\u{FEFF}编号,标题\r\n");
        assert_eq!(head(&headings, Language::English), "\u{FEFF}number,title\r\n");
    }

    proptest! {
        #[test]
        fn a_line_stays_one_record_whatever_was_typed(texts in proptest::collection::vec("[a,\"\r\n= 楼'\t-]{1,8}", 1..5)) {
            let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
            let line = written(&cells);
            let mut quoted = false;
            let mut commas = 0;
            let body = line.strip_suffix("\r\n").unwrap();
            for letter in body.chars() {
                match letter {
                    '"' => quoted = !quoted,
                    ',' if !quoted => commas += 1,
                    '\r' | '\n' => prop_assert!(quoted, "{line:?}"),
                    _ => {}
                }
            }
            prop_assert!(!quoted);
            prop_assert_eq!(commas, texts.len() - 1);
        }
    }
}
