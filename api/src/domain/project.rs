//! What a project is called, and by which clock its days are counted.

use chrono_tz::Tz;

use super::{
    invalid::{Invalid, Message, Problem},
    ledger::place,
    text,
};

const SHORTEST_CODE: usize = 2;
const LONGEST_CODE: usize = 8;
const LONGEST_NAME: usize = 60;

/// A code as ticket numbers begin with it: short, and of capitals and digits, of which one at least is a letter.
pub fn code(typed: &str) -> Result<String, Invalid> {
    let code = text::required_line("code", typed, LONGEST_NAME)?.to_ascii_uppercase();
    let is_plain = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let has_letter = code.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_plain && has_letter && (SHORTEST_CODE..=LONGEST_CODE).contains(&code.len()) {
        return Ok(code);
    }
    let message = Message::MustBeACode { least: SHORTEST_CODE.into(), most: LONGEST_CODE.into() };
    Err(Invalid::new("code", Problem::Invalid, message))
}

/// A name in the spelling by which ledgers find it again.
pub fn name(typed: &str) -> Result<String, Invalid> {
    Ok(place::project(&text::required_line("name", typed, LONGEST_NAME)?))
}

/// Whether two names are one to whoever reads a ledger.
pub fn is_same_name(one: &str, other: &str) -> bool {
    place::project(one) == place::project(other)
}

/// A time zone that is known here.
pub fn time_zone(typed: &str) -> Result<Tz, Invalid> {
    typed.trim().parse().map_err(|_| Invalid::new("timeZone", Problem::Invalid, Message::MustBeATimeZone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_short_and_plain() {
        for (typed, code_of_it) in [("YT", "YT"), (" hp2 ", "HP2"), ("ABCDEFGH", "ABCDEFGH"), ("8A", "8A")] {
            assert_eq!(code(typed).as_deref(), Ok(code_of_it), "{typed}");
        }
        for typed in ["Y", "ABCDEFGHI", "88", "Y-T", "云庭", "Y T", "Ｙ1"] {
            assert_eq!(code(typed).unwrap_err().problem, Problem::Invalid, "{typed}");
        }
        assert_eq!(code(" ").unwrap_err().problem, Problem::Required);
    }

    #[test]
    fn a_name_is_kept_as_ledgers_spell_it() {
        assert_eq!(name(" 安居·云庭\u{3000} 二期 ").as_deref(), Ok("安居·云庭 二期"));
        assert!(name("\u{3000}").is_err());
    }

    #[test]
    fn only_clocks_that_exist_are_gone_by() {
        assert_eq!(time_zone("Asia/Urumqi"), Ok(Tz::Asia__Urumqi));
        for typed in ["", "+08:00", "Asia/Nowhere", "CST8"] {
            assert_eq!(time_zone(typed).unwrap_err().field, "timeZone", "{typed}");
        }
    }
}
