//! What stands in one cell, and the folding that every text goes through before a rule looks at it.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::text::half_width;

/// The value of a cell, free of the file format it came from.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A cell that the spreadsheet itself knows to be a date.
    Day(NaiveDate),
    /// The same with a time of day.
    Moment(NaiveDateTime),
    /// The result of a formula that failed, such as `#N/A`.
    Error(String),
}

const FORMULA_ERRORS: [&str; 7] = ["#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"];

/// What people type to say that there is nothing to say.
const PLACEHOLDERS: [&str; 8] = ["-", "--", "---", "/", "无", "暂无", "N/A", "n/a"];

impl Cell {
    /// A cell of a text file, or a text of a spreadsheet. Exports that must keep `0101` a text write `="0101"` or
    /// `'0101`; that wrapping is no part of the value.
    pub fn from_text(raw: &str) -> Cell {
        let trimmed = raw.trim();
        let unwrapped = trimmed
            .strip_prefix("=\"")
            .and_then(|rest| rest.strip_suffix('"'))
            .or_else(|| trimmed.strip_prefix('\''))
            .unwrap_or(raw);
        if FORMULA_ERRORS.contains(&unwrapped) {
            return Cell::Error(unwrapped.to_owned());
        }
        if fold(unwrapped).is_empty() {
            return Cell::Empty;
        }
        Cell::Text(unwrapped.to_owned())
    }

    /// The value as folded text; empty when there is none. A whole number has no decimal point.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => fold(text),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(moment) => moment.date().to_string(),
            Cell::Error(error) => error.clone(),
        }
    }

    /// Nothing, only spaces, or one of the marks that stand for nothing.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => {
                let text = fold(text);
                text.is_empty() || PLACEHOLDERS.contains(&text.as_str())
            }
            Cell::Number(_) | Cell::Day(_) | Cell::Moment(_) | Cell::Error(_) => false,
        }
    }
}

/// Full-width forms become ASCII, every dash a hyphen, every space one space; what can't be seen is dropped. A line
/// break inside a cell stays, because it separates co-owners.
pub fn fold(text: &str) -> String {
    let folded: String = text
        .chars()
        .filter_map(|c| match half_width(c) {
            '\n' => Some('\n'),
            c if c.is_whitespace() => Some(' '),
            c if is_invisible(c) => None,
            '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
            c => Some(c),
        })
        .collect();
    folded.trim().to_owned()
}

/// The folded text without any space or line break.
pub fn compact(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// What was found, for a message to a person: short, on one line, and with too few digits left to be anybody's phone
/// or identity number, which may well stand in the wrong column.
pub fn quote(text: &str) -> String {
    const SHOWN: usize = 40;
    const HARMLESS_DIGITS: usize = 10;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let mut seen = 0;
    let mut shown: String = text
        .chars()
        .map(|c| {
            seen += usize::from(c.is_ascii_digit());
            match c {
                c if c.is_control() => ' ',
                c if c.is_ascii_digit() && digits > HARMLESS_DIGITS && seen > 4 => '*',
                c => c,
            }
        })
        .take(SHOWN)
        .collect();
    if text.chars().count() > SHOWN {
        shown.push('…');
    }
    format!("“{shown}”")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_text_is_folded() {
        for (typed, folded) in [
            ("  １０１　", "101"),
            ("2024–03—05", "2024-03-05"),
            ("张\u{200b}三\u{feff}", "张三"),
            ("张三\r\n李四", "张三 \n李四"),
            ("a\u{a0}b", "a b"),
        ] {
            assert_eq!(fold(typed), folded, "{typed:?}");
        }
        assert_eq!(compact(" 1 号\n楼 "), "1号楼");
    }

    #[test]
    fn the_wrapping_of_exports_is_removed() {
        assert_eq!(Cell::from_text("=\"0101\""), Cell::Text("0101".to_owned()));
        assert_eq!(Cell::from_text("'0101"), Cell::Text("0101".to_owned()));
        assert_eq!(Cell::from_text("#REF!"), Cell::Error("#REF!".to_owned()));
        assert_eq!(Cell::from_text(" \u{3000} "), Cell::Empty);
    }

    #[test]
    fn numbers_are_written_without_a_fraction_they_do_not_have() {
        assert_eq!(Cell::Number(101.0).text(), "101");
        assert_eq!(Cell::Number(19_100_000_001.0).text(), "19100000001");
        assert_eq!(Cell::Number(119.01).text(), "119.01");
    }

    #[test]
    fn marks_for_nothing_are_blank() {
        for blank in ["", "  ", "-", "—", "／", "无", "N/A"] {
            assert!(Cell::from_text(blank).is_blank(), "{blank:?}");
        }
        for filled in ["待定", "0", "张三"] {
            assert!(!Cell::from_text(filled).is_blank(), "{filled:?}");
        }
    }

    #[test]
    fn what_is_quoted_never_holds_a_whole_number() {
        assert_eq!(quote("待定"), "“待定”");
        assert_eq!(quote("2024年2月30日"), "“2024年2月30日”");
        assert_eq!(quote("138-1234-5678"), "“138-1***-****”");
        assert_eq!(quote("a\nb"), "“a b”");
        assert!(quote(&"长".repeat(1000)).chars().count() < 50);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC*") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn a_phone_in_any_text_is_not_shown(before in "[^0-9]{0,8}", phone in "1[3-9][0-9]{9}") {
            let text = format!("{before}{phone}");
            prop_assert!(!quote(&text).contains(&phone[4..]), "{}", quote(&text));
        }
    }
}
