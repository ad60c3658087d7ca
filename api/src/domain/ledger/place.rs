//! Where a home is: project, building (楼栋), section (单元) and room, each in one spelling, so that 1#, 1栋 and 1号楼
//! are one building and 0101 and 101 one room.

use super::cell::{compact, fold};

const BUILDING_SUFFIXES: [&str; 6] = ["楼", "号", "#", "栋", "幢", "座"];
const SECTION_SUFFIXES: [&str; 4] = ["单元", "门", "#", "号"];
const ROOM_SUFFIXES: [&str; 4] = ["室", "号", "房", "户"];

/// The name of a project, with single spaces.
pub fn project(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1号楼` for numbers, `A栋` for letters, with the phase in front (`2期3号楼`); a building with a name of its own
/// (会所, 商业楼) keeps it.
pub fn building(text: &str) -> String {
    let typed = compact(text).to_ascii_uppercase();
    let phase = typed
        .split_once('期')
        .and_then(|(phase, rest)| Some((numeral(phase.trim_start_matches('第'))?, rest)))
        .filter(|(_, rest)| !rest.is_empty());
    match phase {
        Some((phase, rest)) => format!("{phase}期{}", tower(rest)),
        None => tower(&typed),
    }
}

fn tower(typed: &str) -> String {
    let core = without_suffixes(typed.trim_start_matches('第'), &BUILDING_SUFFIXES);
    match numeral(core) {
        Some(number) => format!("{number}号楼"),
        None if is_letter_code(core) => format!("{core}栋"),
        None => typed.to_owned(),
    }
}

/// `1` for 1单元, 一单元 and 1门; letters in capitals.
pub fn section(text: &str) -> String {
    let typed = compact(text).to_ascii_uppercase();
    let core = without_suffixes(typed.trim_start_matches('第'), &SECTION_SUFFIXES);
    match numeral(core) {
        Some(number) => number.to_string(),
        None if core.is_empty() => typed,
        None => core.to_owned(),
    }
}

/// `101` for 0101 and 101室.
pub fn room(text: &str) -> String {
    let typed = compact(text).to_ascii_uppercase();
    let core = match without_suffixes(&typed, &ROOM_SUFFIXES) {
        "" => typed.as_str(),
        core => core,
    };
    let significant = core.trim_start_matches('0');
    if significant.len() < core.len() && !significant.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("0{significant}");
    }
    significant.to_owned()
}

fn without_suffixes<'a>(text: &'a str, suffixes: &[&str]) -> &'a str {
    let mut core = text;
    while let Some(shorter) = suffixes.iter().find_map(|suffix| core.strip_suffix(suffix)) {
        core = shorter;
    }
    core
}

/// `A`, `B2`, `12A`, `S1`: how shops, garages and towers are numbered beside the numbered buildings.
fn is_letter_code(core: &str) -> bool {
    (1..=4).contains(&core.len())
        && core.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && core.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A number of up to four digits, or a Chinese numeral below a hundred.
fn numeral(text: &str) -> Option<u32> {
    if (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (tens, ones) = match text.split_once('十') {
        None => return digit(text),
        Some((tens, ones)) => (tens, ones),
    };
    let tens = if tens.is_empty() { 1 } else { digit(tens)? };
    let ones = if ones.is_empty() { 0 } else { digit(ones)? };
    Some(tens * 10 + ones)
}

fn digit(text: &str) -> Option<u32> {
    let place = ["一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().position(|numeral| *numeral == text)?;
    u32::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_building_has_one_spelling() {
        for typed in [
            "1号楼",
            "1#",
            "1栋",
            "１幢",
            "1＃",
            "1#楼",
            "1号",
            "01栋",
            "1",
            " 1 号 楼 ",
            "1座",
            "一号楼",
            "第1栋",
            "第一幢",
            "1楼",
            "1#栋",
        ] {
            assert_eq!(building(typed), "1号楼", "{typed}");
        }
        for (typed, expected) in [
            ("十二栋", "12号楼"),
            ("二十号楼", "20号楼"),
            ("a座", "A栋"),
            ("S1#", "S1栋"),
            ("2期3#", "2期3号楼"),
            ("第二期03栋", "2期3号楼"),
            ("会所", "会所"),
            ("商业楼", "商业楼"),
            ("10号楼", "10号楼"),
        ] {
            assert_eq!(building(typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_section_has_one_spelling() {
        for typed in ["1", "1单元", "１单元", "01", "一单元", "第1单元", "1门", "1 单元"] {
            assert_eq!(section(typed), "1", "{typed}");
        }
        assert_eq!(section("甲单元"), "甲");
        assert_eq!(section("b单元"), "B");
        assert_eq!(section(""), "");
    }

    #[test]
    fn a_room_has_one_spelling() {
        for typed in ["0101", "101", "１０１", "101室", "0101号", "101 户", "00101"] {
            assert_eq!(room(typed), "101", "{typed}");
        }
        assert_eq!(room("1001"), "1001");
        assert_eq!(room("0101a"), "101A");
        assert_eq!(room("-101"), "-101");
        assert_eq!(room("000"), "0");
        assert_ne!(room("1010"), room("101"));
    }

    proptest! {
        #[test]
        fn canonical_spellings_stay_themselves(text in prop_oneof![
            "\\PC*",
            "[第一二十期0-9A-Za-z号楼#栋幢座单元门室房户 -]{0,8}",
        ]) {
            prop_assert_eq!(building(&building(&text)), building(&text));
            prop_assert_eq!(section(&section(&text)), section(&text));
            prop_assert_eq!(room(&room(&text)), room(&text));
            prop_assert_eq!(project(&project(&text)), project(&text));
        }

        #[test]
        fn every_style_of_a_number_is_one_building(number in 1u32..10_000, style in 0usize..5) {
            let suffix = ["号楼", "#", "栋", "幢", ""][style];
            prop_assert_eq!(building(&format!("{number}{suffix}")), format!("{number}号楼"));
        }
    }
}
