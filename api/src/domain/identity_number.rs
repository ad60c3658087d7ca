//! The 18-digit citizen identity number of GB 11643: one spelling, its checksum and birth date, and the masked form.
//! Hashing and encryption of the number belong to whoever stores it.

use chrono::{Datelike, NaiveDate};

use super::text::half_width;

/// Weight of each of the first 17 digits, and the check character for each remainder of their sum modulo 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// The number as 17 digits and a digit or capital X, from full-width or spaced input; `None` when the length, the
/// region, the birth date or the checksum is wrong.
pub fn normalize(input: &str) -> Option<String> {
    let typed: String = input
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    is_identity_number(&typed).then_some(typed)
}

/// The number as it is shown to those who don't need it: `110***********1234`. A text of another length is hidden whole.
pub fn mask(number: &str) -> String {
    match (number.get(..3), number.get(14..)) {
        (Some(head), Some(tail)) if number.len() == 18 && number.is_ascii() => {
            format!("{head}***********{tail}")
        }
        _ => "*".repeat(number.chars().count()),
    }
}

fn is_identity_number(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        // Regions are numbered from 11 (Beijing) to 83 (Taiwan), and 91 marks residence permits for foreigners.
        && (b'1'..=b'9').contains(&bytes[0])
        && has_birth_date(number)
        && bytes[17] == check_character(bytes)
}

fn has_birth_date(number: &str) -> bool {
    let date = number.get(6..14).and_then(|digits| {
        let day = digits.get(6..8)?.parse().ok()?;
        NaiveDate::from_ymd_opt(digits.get(..4)?.parse().ok()?, digits.get(4..6)?.parse().ok()?, day)
    });
    date.is_some_and(|date| (1900..2100).contains(&date.year()))
}

fn check_character(bytes: &[u8]) -> u8 {
    let sum: u32 = WEIGHTS.iter().zip(bytes).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of GB 11643 itself.
    const STANDARD: &str = "11010519491231002X";

    #[test]
    fn every_usual_spelling_is_one_number() {
        for spelling in [
            STANDARD,
            "11010519491231002x",
            " 110105 19491231 002X ",
            "110105-19491231-002x",
            "１１０１０５１９４９１２３１００２Ｘ",
        ] {
            assert_eq!(normalize(spelling).as_deref(), Some(STANDARD), "{spelling}");
        }
        assert_eq!(normalize("440524188001010014"), None, "born in 1880");
        assert!(normalize("440524198001010013").is_some());
    }

    #[test]
    fn what_is_no_identity_number_is_refused() {
        for wrong in [
            "",
            "110105194912310021",
            "11010519491231002",
            "11010519491231002XX",
            "110105491231002",
            "01010519491231002X",
            "X1010519491231002X",
            "一一010519491231",
        ] {
            assert_eq!(normalize(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused_though_the_checksum_holds() {
        let body = "11010519490230002";
        let number = format!("{body}{}", check_character(body.as_bytes()) as char);
        assert_eq!(normalize(&number), None);
    }

    #[test]
    fn only_the_ends_are_shown() {
        assert_eq!(mask("110105194912311234"), "110***********1234");
        assert_eq!(mask("110105"), "******");
        assert_eq!(mask("张三李四王五赵六"), "********");
    }

    proptest! {
        #[test]
        fn any_one_wrong_digit_is_noticed(position in 0usize..17, other in 0u8..10) {
            let mut bytes = STANDARD.as_bytes().to_vec();
            prop_assume!(bytes[position] != b'0' + other);
            bytes[position] = b'0' + other;
            prop_assert_eq!(normalize(std::str::from_utf8(&bytes).unwrap()), None);
        }

        #[test]
        fn however_a_number_is_typed_it_is_the_same(
            days in 0u32..73_000,
            region in 110_000u32..999_999,
            order in 0u32..1000,
            gaps in prop::collection::vec(prop::sample::select(vec!["", "", "", " ", "-", "　"]), 18),
            is_wide in any::<bool>(),
        ) {
            let born = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(days.into());
            let body = format!("{region}{}{order:03}", born.format("%Y%m%d"));
            let number = format!("{body}{}", check_character(body.as_bytes()) as char);
            let wide = |c: char| if is_wide { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c };
            let typed: String = number.to_ascii_lowercase().chars().zip(gaps).map(|(c, gap)| format!("{}{gap}", wide(c))).collect();
            prop_assert_eq!(normalize(&typed), Some(number.clone()), "{}", typed);
            prop_assert_eq!(normalize(&number), Some(number));
        }

        #[test]
        fn two_neighbours_in_the_wrong_order_are_noticed(at in 0usize..16) {
            let mut bytes = STANDARD.as_bytes().to_vec();
            prop_assume!(bytes[at] != bytes[at + 1]);
            bytes.swap(at, at + 1);
            prop_assert_eq!(normalize(std::str::from_utf8(&bytes).unwrap()), None);
        }

        /// The first three and the last four of eighteen characters are shown, and nothing of anything else.
        #[test]
        fn a_mask_shows_no_more_than_it_says(text in "\\PC*|[0-9]{0,20}|[0-9]{17}[0-9X]|[0-9]{17}é") {
            let masked: Vec<char> = mask(&text).chars().collect();
            prop_assert_eq!(masked.len(), text.chars().count());
            let is_shown = text.len() == 18 && text.is_ascii();
            for (at, (shown, own)) in masked.into_iter().zip(text.chars()).enumerate() {
                let may_show = is_shown && !(3..14).contains(&at);
                prop_assert!(shown == if may_show { own } else { '*' }, "{text}");
            }
        }

        #[test]
        fn any_text_is_a_number_that_stays_itself_or_none(text in "\\PC*|[1-9][0-9X -]{17,20}") {
            if let Some(number) = normalize(&text) {
                prop_assert!(is_identity_number(&number));
                prop_assert_eq!(normalize(&number), Some(number.clone()));
            }
        }
    }
}
