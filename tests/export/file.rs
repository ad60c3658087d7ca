//! Reading what was downloaded, by rules of its own: RFC 4180 for text, another crate for workbooks.

use std::io::{Read, Seek};

use calamine::{DataRef, Reader, Xlsx};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

/// The records of a text that begins with the mark of UTF-8.
pub fn csv(bytes: &[u8]) -> impl Iterator<Item = Vec<String>> + use<'_> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{FEFF}').expect("Excel is told that it is UTF-8");
    assert!(text.ends_with("\r\n"), "the last line has no end");
    let mut letters = text.chars().peekable();
    std::iter::from_fn(move || {
        letters.peek()?;
        let mut fields = vec![String::new()];
        loop {
            let field = fields.last_mut().unwrap();
            match letters.next() {
                Some(',') => fields.push(String::new()),
                Some('\r') => {
                    assert_eq!(letters.next(), Some('\n'));
                    return Some(fields);
                }
                Some('"') => {
                    assert_eq!(field, "", "a quotation mark amid a field");
                    quoted(&mut letters, field);
                }
                Some('\n') | None => panic!("a line that does not end as lines do: {fields:?}"),
                Some(letter) => field.push(letter),
            }
        }
    })
}

fn quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, field: &mut String) {
    loop {
        match letters.next().expect("a quotation mark that is closed") {
            '"' if letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => return,
            letter => field.push(letter),
        }
    }
}

/// A cell of a workbook.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Empty,
    Text(String),
    Number(f64),
    Moment(NaiveDateTime),
}

/// Hands every row of every sheet to `look`, without the headings. Returns how many rows each sheet had.
pub fn xlsx(source: impl Read + Seek, columns: usize, mut look: impl FnMut(Vec<Found>)) -> Vec<usize> {
    let mut workbook: Xlsx<_> = Xlsx::new(std::io::BufReader::new(source)).unwrap();
    let mut counts = Vec::new();
    for name in workbook.sheet_names() {
        let mut cells = workbook.worksheet_cells_reader(&name).unwrap();
        let (mut current, mut row, mut count) = (0, vec![Found::Empty; columns], 0);
        while let Some(cell) = cells.next_cell().unwrap() {
            let (at, column) = cell.get_position();
            if at != current {
                if current > 0 {
                    look(std::mem::replace(&mut row, vec![Found::Empty; columns]));
                    count += 1;
                }
                assert_eq!(at, current + 1, "a row is left out");
                current = at;
            }
            if at > 0 {
                row[column as usize] = found(cell.get_value());
            }
        }
        if current > 0 {
            look(row);
            count += 1;
        }
        counts.push(count);
    }
    counts
}

fn found(value: &DataRef<'_>) -> Found {
    match value {
        DataRef::Empty => Found::Empty,
        DataRef::String(text) => Found::Text(text.clone()),
        DataRef::SharedString(text) => Found::Text((*text).to_owned()),
        DataRef::Float(number) => Found::Number(*number),
        DataRef::DateTime(moment) => {
            let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
            let seconds = (moment.as_f64() * 86_400.0).round() as i64;
            Found::Moment(first + TimeDelta::seconds(seconds))
        }
        other => panic!("no cell of ours: {other:?}"),
    }
}
