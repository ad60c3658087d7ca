//! What is true of every text that people type, whatever field it stands in. No rule of a single noun lives here.

/// Full-width forms (０–９, Ａ–Ｚ, ＋, －, the ideographic space) as their ASCII twins; everything else unchanged.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_become_ascii() {
        let folded: String = "＋８６　１３ａＺ－中".chars().map(half_width).collect();
        assert_eq!(folded, "+86 13aZ-中");
    }
}
