//! What is true of every text that people type, whatever field it stands in. No rule of a single noun lives here.

use super::invalid::{Invalid, Message, Problem};

/// A text of any number of lines that must be there: trimmed, at most `max` characters.
pub fn required(field: &'static str, text: &str, max: usize) -> Result<String, Invalid> {
    optional(field, Some(text), max)?.ok_or_else(|| Invalid::required(field))
}

/// A text of any number of lines that may be left out: trimmed, blank counts as absent, at most `max` characters.
pub fn optional(field: &'static str, text: Option<&str>, max: usize) -> Result<Option<String>, Invalid> {
    checked(field, text, max, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// A text of one line that must be there, such as a title or a name.
pub fn required_line(field: &'static str, text: &str, max: usize) -> Result<String, Invalid> {
    optional_line(field, Some(text), max)?.ok_or_else(|| Invalid::required(field))
}

/// A text of one line that may be left out.
pub fn optional_line(field: &'static str, text: Option<&str>, max: usize) -> Result<Option<String>, Invalid> {
    checked(field, text, max, |c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Full-width forms (０–９, Ａ–Ｚ, ＋, －, the ideographic space) as their ASCII twins; everything else unchanged.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

fn checked(
    field: &'static str,
    text: Option<&str>,
    max: usize,
    is_forbidden: fn(char) -> bool,
) -> Result<Option<String>, Invalid> {
    let Some(text) = text.map(|text| text.trim_matches(is_invisible)).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().any(is_forbidden) {
        return Err(Invalid::new(field, Problem::Invalid, Message::MustNotHoldControl));
    }
    if text.chars().count() > max {
        return Err(Invalid::new(field, Problem::TooLong, Message::MustBeShorter { most: max.into() }));
    }
    Ok(Some(text.to_owned()))
}

/// White space, and the zero-width characters that would let a blank text pass for a filled one.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_its_inside_kept() {
        assert_eq!(required("reason", " \u{3000}漏水\n很久了\u{200B} ", 20), Ok("漏水\n很久了".to_owned()));
        assert_eq!(optional("note", Some("a\tb"), 3), Ok(Some("a\tb".to_owned())));
    }

    #[test]
    fn blank_is_absent() {
        for blank in ["", "  ", "\u{3000}\n", "\u{200B}\u{FEFF}"] {
            assert_eq!(required("reason", blank, 20), Err(Invalid::required("reason")), "{blank:?}");
            assert_eq!(optional("note", Some(blank), 20), Ok(None), "{blank:?}");
        }
        assert_eq!(optional("note", None, 20), Ok(None));
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        assert!(required("reason", "  漏水了  ", 3).is_ok());
        assert_eq!(required("reason", "漏水了!", 3).unwrap_err().problem, Problem::TooLong);
        assert_eq!(optional("note", Some("abcd"), 3).unwrap_err().problem, Problem::TooLong);
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(required("reason", "a\0b", 9).unwrap_err().problem, Problem::Invalid);
        assert_eq!(required("reason", "a\u{1b}[31mb", 9).unwrap_err().problem, Problem::Invalid);
        assert_eq!(required_line("title", "a\nb", 9).unwrap_err().problem, Problem::Invalid);
        assert_eq!(optional_line("title", Some("a\u{2028}b"), 9).unwrap_err().field, "title");
    }

    #[test]
    fn full_width_forms_become_ascii() {
        let folded: String = "＋８６　１３ａＺ－中".chars().map(half_width).collect();
        assert_eq!(folded, "+86 13aZ-中");
    }
}
