//! A short code for a project that a ledger names for the first time: the initials of its name in pinyin, as people
//! would choose them (安居·云庭 → `YT`). Whether a code is taken is the caller's question.

use encoding_rs::GBK;

const LONGEST: usize = 6;

/// The first character of each initial. GB 2312 orders its 3,755 common characters by their pinyin, so the place of a
/// character tells how it is pronounced. Rarer characters are ordered by their shape and are passed over.
const INITIALS: [(u16, char); 23] = [
    (0xB0A1, 'A'),
    (0xB0C5, 'B'),
    (0xB2C1, 'C'),
    (0xB4EE, 'D'),
    (0xB6EA, 'E'),
    (0xB7A2, 'F'),
    (0xB8C1, 'G'),
    (0xB9FE, 'H'),
    (0xBBF7, 'J'),
    (0xBFA6, 'K'),
    (0xC0AC, 'L'),
    (0xC2E8, 'M'),
    (0xC4C3, 'N'),
    (0xC5B6, 'O'),
    (0xC5BE, 'P'),
    (0xC6DA, 'Q'),
    (0xC8BB, 'R'),
    (0xC8F6, 'S'),
    (0xCBFA, 'T'),
    (0xCDDA, 'W'),
    (0xCEF4, 'X'),
    (0xD1B9, 'Y'),
    (0xD4D1, 'Z'),
];
const LAST_COMMON: u16 = 0xD7F9;

/// Codes for a project, the best first and without end: the initials, then the initials with a number.
pub fn candidates(name: &str) -> impl Iterator<Item = String> {
    let initials = initials(name);
    let first = (initials.len() >= 2).then(|| initials.clone());
    let stem = if initials.is_empty() { "P".to_owned() } else { initials };
    let from = if first.is_some() { 2 } else { 1 };
    // Seven characters at most: up to 99 projects of the same initials keep within eight.
    first.into_iter().chain((from..).map(move |number: u32| format!("{stem}{number}")))
}

/// The initials of what follows the developer's own name (安居·云庭, 安居-云庭), which all its projects share. A part of
/// digits alone is no name.
fn initials(name: &str) -> String {
    let of_part = |part: &str| part.chars().filter_map(initial).take(LONGEST).collect::<String>();
    let own = name
        .rsplit(['·', '•', '-', '—', ' '])
        .map(of_part)
        .find(|code| code.bytes().any(|byte| byte.is_ascii_uppercase()));
    own.unwrap_or_default()
}

fn initial(character: char) -> Option<char> {
    if character.is_ascii_alphanumeric() {
        return Some(character.to_ascii_uppercase());
    }
    let mut buffer = [0; 4];
    let (bytes, _, unknown) = GBK.encode(character.encode_utf8(&mut buffer));
    let &[high, low] = bytes.as_ref() else { return None };
    let place = u16::from_be_bytes([high, low]);
    if unknown || low < 0xA1 || place > LAST_COMMON {
        return None;
    }
    INITIALS.iter().rev().find(|(first, _)| *first <= place).map(|(_, initial)| *initial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(name: &str) -> Vec<String> {
        candidates(name).take(2).collect()
    }

    #[test]
    fn a_code_is_the_initials_of_the_projects_own_name() {
        for (name, code) in [
            ("安居·云庭", "YT"),
            ("安居·湖畔", "HP"),
            ("湖畔花园二期", "HPHYEQ"),
            ("安居 Park 88", "PARK"),
            ("安居·A区", "AQ"),
            ("翡翠城", "CC"),
        ] {
            assert_eq!(codes(name)[0], code, "{name}");
        }
    }

    #[test]
    fn a_taken_or_empty_code_gets_a_number() {
        assert_eq!(codes("安居·云庭"), ["YT", "YT2"]);
        assert_eq!(codes("云"), ["Y1", "Y2"]);
        assert_eq!(codes("🏠"), ["P1", "P2"]);
    }

    proptest! {
        #[test]
        fn codes_are_short_capitals_and_digits(name in "\\PC{1,40}|[一-龥·]{1,8}") {
            for code in candidates(&name).take(98) {
                prop_assert!((2..=8).contains(&code.len()), "{code}");
                prop_assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()), "{code}");
            }
        }
    }
}
