//! Keyset pages: what a connection's arguments mean, and the cursors that lead from one page to the next.
//! A cursor says a position in one order and nothing about rights, so a forged one can only miss, not see.

use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::error::{Error, FaultCode, Message, Result};

/// The largest page that may be asked for.
pub const MAX_PAGE: i32 = 100;

/// The page when nothing is said.
pub const DEFAULT_PAGE: i32 = 20;

/// A position in a list: an optional instant, then the id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cursor {
    /// In lists ordered by id, which is by creation.
    Id(Uuid),
    /// In lists ordered by an instant and then the id.
    Instant(DateTime<Utc>, Uuid),
    /// In the event log.
    Seq(i64),
    /// In the two logs that operators' systems are told from.
    Place(i64, i64),
}

impl Cursor {
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(25);
        match self {
            Self::Id(id) => {
                bytes.push(b'i');
                bytes.extend(id.as_bytes());
            }
            Self::Instant(at, id) => {
                bytes.push(b't');
                bytes.extend(at.timestamp_micros().to_be_bytes());
                bytes.extend(id.as_bytes());
            }
            Self::Seq(seq) => {
                bytes.push(b'e');
                bytes.extend(seq.to_be_bytes());
            }
            Self::Place(event, company) => {
                bytes.push(b'p');
                bytes.extend(event.to_be_bytes());
                bytes.extend(company.to_be_bytes());
            }
        }
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads a cursor; `None` for anything that we did not write.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > 40 {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (tag, rest) = bytes.split_first()?;
        match (tag, rest.len()) {
            (b'i', 16) => Some(Self::Id(Uuid::from_slice(rest).ok()?)),
            (b't', 24) => {
                let micros = i64::from_be_bytes(rest[..8].try_into().ok()?);
                Some(Self::Instant(DateTime::from_timestamp_micros(micros)?, Uuid::from_slice(&rest[8..]).ok()?))
            }
            (b'e', 8) => Some(Self::Seq(i64::from_be_bytes(rest.try_into().ok()?))),
            (b'p', 16) => {
                let number = |bytes: &[u8]| Some(i64::from_be_bytes(bytes.try_into().ok()?));
                Some(Self::Place(number(&rest[..8])?, number(&rest[8..])?))
            }
            _ => None,
        }
        .filter(Self::is_place)
    }

    fn is_place(&self) -> bool {
        match self {
            Self::Id(_) => true,
            Self::Instant(at, _) => is_storable(*at),
            // What came from another system lies before the beginning of the log.
            Self::Seq(_) => true,
            Self::Place(event, company) => *event >= 0 && *company >= 0,
        }
    }
}

/// One page of a list, as asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page {
    pub limit: i32,
    /// Towards the start: `last` and `before`.
    pub backward: bool,
    pub after: Option<Cursor>,
    pub before: Option<Cursor>,
}

impl Page {
    /// Reads a connection's four arguments.
    pub fn read(first: Option<i32>, after: Option<&str>, last: Option<i32>, before: Option<&str>) -> Result<Self> {
        if first.is_some() && last.is_some() {
            return Err(Error::fault(FaultCode::Invalid, "last", Message::FirstOrLast));
        }
        let backward = last.is_some();
        let (field, size) = if backward { ("last", last) } else { ("first", first) };
        let limit = size.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            let message = Message::PageSize { most: MAX_PAGE.into() };
            return Err(Error::fault(FaultCode::OutOfRange, field, message));
        }
        Ok(Self { limit, backward, after: read_cursor("after", after)?, before: read_cursor("before", before)? })
    }

    /// How many rows to fetch: one more than shown tells whether there is another page.
    pub fn fetch(&self) -> u64 {
        u64::try_from(self.limit).unwrap_or(1) + 1
    }

    /// Cuts what was fetched in reading direction to the page, in list order.
    pub fn cut<T>(&self, mut rows: Vec<T>) -> Slice<T> {
        let limit = usize::try_from(self.limit).unwrap_or(1);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if self.backward {
            rows.reverse();
            Slice { rows, has_previous: more, has_next: self.before.is_some() }
        } else {
            Slice { rows, has_previous: self.after.is_some(), has_next: more }
        }
    }
}

fn read_cursor(field: &str, text: Option<&str>) -> Result<Option<Cursor>> {
    text.map(|text| Cursor::decode(text).ok_or_else(|| bad_cursor(field))).transpose()
}

/// Whether both databases can hold an instant: the years that are written with four digits.
pub fn is_storable(at: DateTime<Utc>) -> bool {
    (1..=9999).contains(&at.year())
}

/// The answer to a cursor that is not one of this list's.
pub fn bad_cursor(field: &str) -> Error {
    Error::fault(FaultCode::Invalid, field, Message::CursorOfAnotherList)
}

/// The rows of a page and what lies around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice<T> {
    pub rows: Vec<T>,
    pub has_previous: bool,
    pub has_next: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts that are nearly cursors: of their kinds and lengths, then one character off, cut or padded.
    fn near_cursor() -> impl Strategy<Value = String> {
        let tag = proptest::sample::select(b"itepIx\0".to_vec());
        let bytes = |length: usize| proptest::collection::vec(any::<u8>(), length);
        let small = |length: usize| proptest::collection::vec(prop_oneof![4 => Just(0u8), 1 => any::<u8>()], length);
        let rest = prop_oneof![
            bytes(8),
            bytes(16),
            bytes(24),
            small(8),
            small(24),
            proptest::collection::vec(any::<u8>(), 0..30)
        ];
        let flaw = (any::<proptest::sample::Index>(), "[A-Za-z0-9_+/= \u{e9}-]", 0usize..5);
        (tag, rest, flaw).prop_map(|(tag, rest, (at, letter, kind))| {
            let mut text = BASE64URL_NOPAD.encode(&[&[tag], &rest[..]].concat());
            let at = at.index(text.len());
            match kind {
                0 => text.replace_range(at..=at, &letter),
                1 => text.truncate(at),
                2 => text += &letter,
                _ => {}
            }
            text
        })
    }

    proptest! {
        #[test]
        fn what_is_nearly_a_cursor_is_one_in_its_only_spelling_or_none(text in near_cursor()) {
            if let Some(cursor) = Cursor::decode(&text) {
                prop_assert!(cursor.is_place(), "{cursor:?}");
                prop_assert_eq!(cursor.encode(), text);
            }
        }

        #[test]
        fn a_cursor_reads_back(seq: i64, micros in -62_135_596_800_000_000_i64..253_402_300_800_000_000, id: u128) {
            let id = Uuid::from_u128(id);
            let at = DateTime::from_timestamp_micros(micros).expect("in range");
            for cursor in [Cursor::Seq(seq), Cursor::Place(seq & i64::MAX, seq & i64::MAX), Cursor::Id(id), Cursor::Instant(at, id)] {
                prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }

        #[test]
        fn any_text_is_a_cursor_or_nothing(text in ".{0,60}") {
            if let Some(cursor) = Cursor::decode(&text) {
                prop_assert_eq!(cursor.encode(), text);
            }
        }
    }

    #[test]
    fn pages_have_bounds() {
        for (first, last) in [(Some(0), None), (Some(101), None), (None, Some(-1)), (Some(1), Some(1))] {
            assert!(Page::read(first, None, last, None).is_err(), "{first:?} {last:?}");
        }
        assert!(Page::read(Some(100), None, None, None).is_ok());
        assert!(Page::read(None, Some("forged"), None, None).is_err());
    }

    #[test]
    fn a_page_knows_what_lies_around_it() {
        let forward = Page { limit: 2, backward: false, after: None, before: None };
        assert_eq!(forward.cut(vec![1, 2, 3]), Slice { rows: vec![1, 2], has_previous: false, has_next: true });
        let backward = Page { limit: 2, backward: true, after: None, before: None };
        assert_eq!(backward.cut(vec![9, 8, 7]), Slice { rows: vec![8, 9], has_previous: true, has_next: false });
    }
}
