//! Tables of separated values (RFC 4180 with `,`, `;` or a tab). The `csv` crate skips blank lines without counting
//! them, and people look for a row by the number that the spreadsheet shows, so the few rules are written out here.

use std::io::{BufRead, Read};

use super::{Line, MOST_COLUMNS, ReadError};
use crate::domain::ledger::Cell;

pub(super) const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// A quotation mark that is never closed would otherwise swallow the whole file into memory.
const LONGEST_RECORD: usize = 256 * 1024;

/// The records of a text, one at a time.
pub(super) struct Records<R> {
    source: R,
    file: String,
    delimiter: char,
    number: u32,
    ended: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(source: R, file: &str, delimiter: char) -> Self {
        Records { source, file: file.to_owned(), delimiter, number: 0, ended: false }
    }

    fn read_record(&mut self) -> Result<Option<Line>, ReadError> {
        let (file, row) = (self.file.clone(), self.number + 1);
        let (mut text, mut fields, mut length) = (String::new(), Fields::default(), 0);
        loop {
            text.clear();
            let room = LONGEST_RECORD - length;
            let taken = self.source.by_ref().take(room as u64).read_line(&mut text);
            let read = taken.map_err(|source| ReadError::Io { file: file.clone(), row: self.number, source })?;
            length += read;
            if read == 0 && length == 0 {
                return Ok(None);
            }
            fields.feed(&text, self.delimiter);
            if length >= LONGEST_RECORD {
                return Err(match fields.in_quotes() {
                    true => ReadError::OpenQuote { file, row },
                    false => ReadError::LongRow { file, row, limit: LONGEST_RECORD },
                });
            }
            if !fields.in_quotes() {
                self.number = row;
                return Ok(Some(Line { number: row, cells: fields.finish() }));
            }
            if read == 0 {
                return Err(ReadError::OpenQuote { file, row });
            }
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Line, ReadError>;

    /// Ends after the first error, since nothing behind it can be placed.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.read_record().transpose();
        self.ended = !matches!(record, Some(Ok(_)));
        record
    }
}

#[derive(Default)]
struct Fields {
    cells: Vec<Cell>,
    field: String,
    state: State,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark inside a quoted field: its end, or the first half of a doubled mark.
    Closed,
}

impl Fields {
    fn feed(&mut self, text: &str, delimiter: char) {
        for c in text.chars() {
            self.state = match (self.state, c) {
                (State::Start, '"') => State::Quoted,
                (State::Quoted, '"') => State::Closed,
                (State::Quoted, c) => self.push(c, State::Quoted),
                (State::Closed, '"') => self.push('"', State::Quoted),
                (state, '\r' | '\n') => state,
                (_, c) if c == delimiter => self.end_field(),
                (_, c) => self.push(c, State::Plain),
            };
        }
    }

    fn push(&mut self, c: char, next: State) -> State {
        self.field.push(c);
        next
    }

    fn end_field(&mut self) -> State {
        if self.cells.len() < MOST_COLUMNS {
            self.cells.push(Cell::from_text(&self.field));
        }
        self.field.clear();
        State::Start
    }

    fn in_quotes(&self) -> bool {
        self.state == State::Quoted
    }

    fn finish(mut self) -> Vec<Cell> {
        self.end_field();
        self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn records(text: &str, delimiter: char) -> Vec<(u32, Vec<String>)> {
        let texts = |line: Line| (line.number, line.cells.iter().map(Cell::text).collect());
        Records::new(text.as_bytes(), "a.csv", delimiter).map(|record| texts(record.unwrap())).collect()
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn fields_are_cut_at_the_delimiter() {
        assert_eq!(records("a,b,\n", ','), [row(1, &["a", "b", ""])]);
        assert_eq!(records("a;b,c\r\nd;e", ';'), [row(1, &["a", "b,c"]), row(2, &["d", "e"])]);
        assert_eq!(records("a\tb", '\t'), [row(1, &["a", "b"])]);
    }

    #[test]
    fn quoted_fields_hold_delimiters_marks_and_line_breaks() {
        assert_eq!(records("\"张三,李四\",\"5\"\"\"\n", ','), [row(1, &["张三,李四", "5\""])]);
        assert_eq!(records("\"a\nb\",c\nd,e\n", ','), [row(1, &["a\nb", "c"]), row(2, &["d", "e"])]);
        assert_eq!(records("5\" pipe,b\n", ','), [row(1, &["5\" pipe", "b"])]);
    }

    #[test]
    fn blank_lines_are_counted() {
        assert_eq!(records("a\n\n\r\nb\n", ','), [row(1, &["a"]), row(2, &[""]), row(3, &[""]), row(4, &["b"])]);
        assert_eq!(records("", ','), []);
    }

    #[test]
    fn a_mark_that_is_never_closed_is_told_with_its_row() {
        for rest in ["b\n".to_owned(), "b\n".repeat(LONGEST_RECORD)] {
            let text = format!("a,b\n\"c,{rest}");
            let mut records = Records::new(text.as_bytes(), "a.csv", ',');
            assert!(records.next().unwrap().is_ok());
            assert!(matches!(records.next(), Some(Err(ReadError::OpenQuote { row: 2, .. }))));
            assert!(records.next().is_none());
        }
    }

    #[test]
    fn an_endless_row_is_refused() {
        let text = "a".repeat(LONGEST_RECORD + 1);
        let mut records = Records::new(text.as_bytes(), "a.csv", ',');
        assert!(matches!(records.next(), Some(Err(ReadError::LongRow { row: 1, .. }))));
    }

    proptest! {
        #[test]
        fn written_fields_read_back(fields in proptest::collection::vec("[a-z楼,;\"\n]{1,8}x", 1..6), which in 0usize..3) {
            let delimiter = DELIMITERS[which];
            let quoted: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            let line = format!("{}\r\nend", quoted.join(&delimiter.to_string()));
            let expected: Vec<String> = fields.iter().map(|field| Cell::from_text(field).text()).collect();
            let read = records(&line, delimiter);
            prop_assert_eq!(&read[0], &(1, expected));
            prop_assert_eq!(&read[1], &row(2, &["end"]));
        }

        #[test]
        fn any_text_is_answered_without_a_panic(text in "\\PC*|[\",;\n\r\ta]{0,40}") {
            let _ = Records::new(text.as_bytes(), "a.csv", ',').count();
        }
    }
}
