//! The number by which an owner is identified. Most owners have a citizen identity number; homes and shops also belong
//! to companies, and to people from elsewhere with a passport or a travel permit.

use super::cell::compact;
use crate::domain::identity_number;

/// The characters of a unified social credit code (GB 32100), each worth its place.
const CREDIT_CODE_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The number in its one spelling, or `None` when it is of no known kind or its checksum is wrong. A number of digits
/// alone is a citizen's and must have 18 of them: a slip in it must never pass for something else.
pub fn normalize(input: &str) -> Option<String> {
    let typed: String = compact(input).chars().filter(|c| *c != '-').collect();
    let typed = typed.to_ascii_uppercase();
    let citizen = || identity_number::normalize(&typed);
    citizen().or_else(|| (is_credit_code(&typed) || is_travel_document(&typed)).then_some(typed))
}

/// A letter and six to ten digits, with at most one more letter in front: passports, and the permits of people from
/// Hong Kong, Macao and Taiwan.
fn is_travel_document(typed: &str) -> bool {
    let digits = typed.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = typed.len() - digits.len();
    (1..=2).contains(&letters) && (6..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Without a letter before its end it could be a mistyped citizen's number, so such a code is not accepted.
fn is_credit_code(typed: &str) -> bool {
    let worth = |byte: u8| CREDIT_CODE_ALPHABET.iter().position(|c| *c == byte);
    let values: Vec<usize> = typed.bytes().map_while(worth).collect();
    if typed.len() != 18 || values.len() != 18 || values[..17].iter().all(|value| *value < 10) {
        return false;
    }
    let (sum, _) = values[..17].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    values[17] == (31 - sum % 31) % 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_has_one_spelling() {
        for (typed, normal) in [
            ("11010519491231002x", "11010519491231002X"),
            ("110105 19491231 002X", "11010519491231002X"),
            ("e12345678", "E12345678"),
            ("EA1234567", "EA1234567"),
            ("Ｈ1234567890", "H1234567890"),
            ("91350100M000100Y43", "91350100M000100Y43"),
        ] {
            assert_eq!(normalize(typed).as_deref(), Some(normal), "{typed}");
        }
    }

    #[test]
    fn a_slip_is_noticed() {
        for wrong in [
            "110105194912310020",
            "1101051949123100",
            "110105491231002",
            "91350100M000100Y44",
            "12345678",
            "A12345",
            "ABC1234567",
            "护照",
            "",
        ] {
            assert_eq!(normalize(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_normal_number_stays_itself_and_nothing_panics(text in prop_oneof!["\\PC*", "[A-Z]{0,2}[0-9]{5,18}X?"]) {
            if let Some(normal) = normalize(&text) {
                prop_assert_eq!(normalize(&normal), Some(normal.clone()));
            }
        }

        #[test]
        fn digits_alone_are_only_ever_a_citizens_number(digits in "[1-9][0-9]{17}") {
            prop_assert_eq!(normalize(&digits), identity_number::normalize(&digits));
        }
    }
}
