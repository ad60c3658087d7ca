//! Chinese mobile numbers: one spelling for look-up and the masked form for display. Hashing and encryption of the
//! number belong to whoever stores it.

use super::text::half_width;

/// The eleven digits of a mobile number, from any of the ways people type one: full-width digits, spaces, hyphens,
/// brackets, and the country code as `+86`, `0086` or `86`. `None` for anything that is not a mobile number.
pub fn normalize(input: &str) -> Option<String> {
    let typed: String = input.chars().map(half_width).filter(|c| !is_separator(*c)).collect();
    let digits = without_country_code(&typed);
    is_mobile(digits).then(|| digits.to_owned())
}

/// The number as it is shown to those who don't need it: `138****5678`. A text that is not eleven ASCII digits is
/// hidden whole, because it can't be known which part of it is harmless.
pub fn mask(phone: &str) -> String {
    match (phone.get(..3), phone.get(7..)) {
        (Some(head), Some(tail)) if is_mobile(phone) => format!("{head}****{tail}"),
        _ => "*".repeat(phone.chars().count()),
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '(' | ')')
}

/// No mobile number begins with 8 or 0, so nothing is lost when the bare `86` is taken for the country code too.
fn without_country_code(typed: &str) -> &str {
    ["+86", "0086", "86"].iter().find_map(|prefix| typed.strip_prefix(prefix)).unwrap_or(typed)
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_spelling_is_one_number() {
        for spelling in [
            "13812345678",
            " 138 1234 5678 ",
            "138-1234-5678",
            "138\u{2013}1234\u{2014}5678",
            "+8613812345678",
            "+86 138-1234-5678",
            "(+86)13812345678",
            "0086 13812345678",
            "8613812345678",
            "１３８１２３４５６７８",
            "＋８６　１３８－１２３４－５６７８",
            "138\u{a0}1234\u{a0}5678",
        ] {
            assert_eq!(normalize(spelling).as_deref(), Some("13812345678"), "{spelling}");
        }
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for wrong in [
            "",
            "   ",
            "1381234567",
            "138123456789",
            "12812345678",
            "02812345678",
            "+1 13812345678",
            "86138123456",
            "+86+8613812345678",
            "138123456七8",
            "13812345678.0",
            "13812345678/13912345678",
            "028-85551234",
            "١٣٨١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(normalize(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_middle_is_masked() {
        assert_eq!(mask("13812345678"), "138****5678");
    }

    #[test]
    fn what_is_no_number_is_masked_whole() {
        assert_eq!(mask("1381234"), "*******");
        assert_eq!(mask("张三丰的电话号码是多"), "**********");
        assert_eq!(mask(""), "");
    }

    proptest! {
        #[test]
        fn a_normal_number_stays_itself(phone in "1[3-9][0-9]{9}") {
            prop_assert_eq!(normalize(&phone), Some(phone.clone()));
            prop_assert_eq!(mask(&phone).len(), 11);
        }

        #[test]
        fn however_a_number_is_typed_it_is_the_same(
            phone in "1[3-9][0-9]{9}",
            code in prop::sample::select(vec!["", "+86", "0086", "86", "(+86)", "＋８６", "+ 8-6"]),
            between in prop::collection::vec(prop::sample::select(vec!["", "", " ", "-", "\u{2014}", "\u{a0}", "　", "（", ")"]), 12),
            is_wide in any::<bool>(),
        ) {
            let wide = |digit: char| if is_wide { char::from_u32(digit as u32 + 0xFEE0).unwrap() } else { digit };
            let digits: String = phone.chars().zip(&between).map(|(digit, gap)| format!("{gap}{}", wide(digit))).collect();
            let typed = format!("{code}{digits}{}", between[11]);
            prop_assert_eq!(normalize(&typed), Some(phone), "{}", typed);
        }

        #[test]
        fn a_digit_too_many_or_too_few_is_refused(phone in "1[3-9][0-9]{8}|1[3-9][0-9]{10,12}") {
            prop_assert_eq!(normalize(&phone), None);
        }

        /// The first three and the last four of a mobile number are shown, and nothing of anything else.
        #[test]
        fn a_mask_shows_no_more_than_it_says(text in "\\PC*|\\+?[0-9]{0,20}|1[3-9][0-9]{9}") {
            let masked: Vec<char> = mask(&text).chars().collect();
            prop_assert_eq!(masked.len(), text.chars().count());
            for (at, (shown, own)) in masked.into_iter().zip(text.chars()).enumerate() {
                let may_show = is_mobile(&text) && !(3..7).contains(&at);
                prop_assert!(shown == if may_show { own } else { '*' }, "{text}");
            }
        }

        #[test]
        fn what_comes_of_any_text_is_a_mobile_number_that_stays_itself(text in "\\PC*|[+0-9() -]{9,18}") {
            if let Some(phone) = normalize(&text) {
                prop_assert!(is_mobile(&phone));
                prop_assert_eq!(normalize(&phone), Some(phone.clone()));
            }
        }
    }
}
