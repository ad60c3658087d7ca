//! Floor areas as people type them, in hundredths of a square metre.

use super::cell::{Cell, compact};

const UNITS: [&str; 6] = ["平方米", "平米", "㎡", "M²", "M2", "平"];

/// No home is a tenth of a square kilometre; such a number is a price or a phone in the wrong column.
const LARGEST_CENTI: i64 = 100_000 * 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaError {
    NotPositive,
    NotAnArea,
}

/// The area of a cell that is not blank, to the nearest hundredth.
pub fn parse(cell: &Cell) -> Result<i64, AreaError> {
    let centi = match cell {
        Cell::Number(number) => from_number(*number),
        Cell::Text(text) => from_text(text),
        Cell::Empty | Cell::Day(_) | Cell::Moment(_) | Cell::Error(_) => None,
    };
    match centi.ok_or(AreaError::NotAnArea)? {
        i64::MIN..=0 => Err(AreaError::NotPositive),
        1..=LARGEST_CENTI => centi.ok_or(AreaError::NotAnArea),
        _ => Err(AreaError::NotAnArea),
    }
}

fn from_number(number: f64) -> Option<i64> {
    let centi = (number * 100.0).round();
    // Within the range that a float holds exactly, the cast loses nothing.
    (centi.abs() < 1e15).then_some(centi as i64)
}

fn from_text(text: &str) -> Option<i64> {
    let typed = compact(text).to_uppercase();
    let bare = UNITS.iter().find_map(|unit| typed.strip_suffix(unit)).unwrap_or(&typed);
    match bare.strip_prefix('-') {
        Some(positive) => from_decimal(positive).map(|centi| -centi),
        None => from_decimal(bare),
    }
}

fn from_decimal(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_thousands(whole)?;
    if whole.len() > 9 || !all_digits(&whole) || whole.is_empty() || !all_digits(fraction) {
        return None;
    }
    let place = |index: usize| {
        let digit = fraction.as_bytes().get(index).map_or(0, |byte| byte - b'0');
        i64::from(digit)
    };
    let rounding = i64::from(place(2) >= 5);
    Some(whole.parse::<i64>().ok()? * 100 + place(0) * 10 + place(1) + rounding)
}

/// `1,234` means a thousand and more; a comma in any other place may be a decimal one, and is not guessed at.
fn without_thousands(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    let well_formed = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
    well_formed.then(|| format!("{first}{}", rest.concat()))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(text: &str) -> Result<i64, AreaError> {
        parse(&Cell::from_text(text))
    }

    #[test]
    fn every_style_is_understood() {
        for text in ["89.5", "89.5㎡", "89.50 ㎡", "８９．５", "89.5平方米", "89.5m2", "89.5M²", "89.5平", "89.499999"]
        {
            assert_eq!(typed(text), Ok(8950), "{text}");
        }
        assert_eq!(typed("1,234.56"), Ok(123_456));
        assert_eq!(typed("112"), Ok(11_200));
        assert_eq!(parse(&Cell::Number(119.01)), Ok(11_901));
        assert_eq!(parse(&Cell::Number(89.504_999)), Ok(8950));
    }

    #[test]
    fn nothing_or_less_is_no_area() {
        for text in ["-111.56", "－111.56㎡", "0", "0.00㎡", "-0.01"] {
            assert_eq!(typed(text), Err(AreaError::NotPositive), "{text}");
        }
        assert_eq!(parse(&Cell::Number(-111.56)), Err(AreaError::NotPositive));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["约90", "89,5", "1.2.3", ".", "㎡", "九十", "19100000001", "89.5-90", "--5", "1e3", ".5", "1,23,456"]
        {
            assert_eq!(typed(text), Err(AreaError::NotAnArea), "{text}");
        }
        assert_eq!(parse(&Cell::Number(f64::NAN)), Err(AreaError::NotAnArea));
        assert_eq!(parse(&Cell::Number(f64::INFINITY)), Err(AreaError::NotAnArea));
    }

    proptest! {
        #[test]
        fn a_printed_area_reads_back(centi in 1i64..=LARGEST_CENTI, unit in 0usize..6) {
            let printed = format!("{}.{:02}{}", centi / 100, centi % 100, UNITS[unit]);
            prop_assert_eq!(typed(&printed), Ok(centi));
            prop_assert_eq!(parse(&Cell::Number(centi as f64 / 100.0)), Ok(centi));
        }

        #[test]
        fn any_text_is_answered_without_a_panic(text in "\\PC*") {
            let _ = typed(&text);
        }
    }
}
