//! Days as people type them. A guess is never made: two-digit years, months without a day and 待定 are no dates.

use chrono::{Datelike, Days, NaiveDate};

use super::cell::{Cell, fold};

/// Homes are sold and handed over in these years; anything else is a slip of the finger.
const YEARS: std::ops::Range<i32> = 1950..2101;

/// The day in a cell that is not blank; `None` when it is no day of the calendar.
pub fn parse(cell: &Cell) -> Option<NaiveDate> {
    let day = match cell {
        Cell::Day(day) => Some(*day),
        Cell::Moment(moment) => Some(moment.date()),
        Cell::Text(text) => from_text(text),
        Cell::Number(number) => from_number(*number),
        Cell::Empty | Cell::Error(_) => None,
    };
    day.filter(|day| YEARS.contains(&day.year()))
}

/// `2024年3月5日`, `2024.03.05`, `2024-3-5`, `2024/3/5`, `20240305`, each with a time of day after it or without.
fn from_text(text: &str) -> Option<NaiveDate> {
    let folded = fold(text).to_ascii_uppercase();
    let typed: String = without_time(&folded).chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() == 8 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return ymd(&typed[..4], &typed[4..6], &typed[6..]);
    }
    let (date, separators): (&str, &[char]) = match typed.contains('年') {
        true => (typed.trim_end_matches(['日', '号']), &['年', '月']),
        false => (&typed, &['-', '.', '/']),
    };
    let parts: Vec<&str> = date.split(separators).collect();
    match parts.as_slice() {
        [year, month, day] => ymd(year, month, day),
        _ => None,
    }
}

/// Exports write a time of day after the date: `2024-03-05 00:00:00`, `2024/3/5 0:00`, `2024-03-05T00:00:00`.
fn without_time(text: &str) -> &str {
    match text.rsplit_once(['T', ' ']) {
        Some((date, time)) if is_time(time) => date,
        _ => text,
    }
}

fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_part = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    (2..=3).contains(&parts.len()) && parts.iter().all(is_part)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let plain = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?)
}

/// A date whose cell lost its format is the count of days since 30 December 1899; one typed as 20240305 is itself.
fn from_number(number: f64) -> Option<NaiveDate> {
    const DAYS: std::ops::Range<f64> = 18_264.0..73_416.0;
    if (19_500_101.0..21_010_000.0).contains(&number) && number.fract() == 0.0 {
        return from_text(&number.to_string());
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    DAYS.contains(&number).then(|| epoch.checked_add_days(Days::new(number as u64))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(text: &str) -> Option<NaiveDate> {
        parse(&Cell::from_text(text))
    }

    fn fifth_of_march() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 3, 5).unwrap()
    }

    #[test]
    fn every_style_is_understood() {
        for text in [
            "2024年3月5日",
            "2024年03月05日",
            "2024年3月5号",
            "2024年3月5",
            "2024.03.05",
            "2024.3.5",
            "2024-03-05",
            "2024-3-5",
            "2024/3/5",
            "2024/03/05",
            "20240305",
            "２０２４年３月５日",
            "２０２４－０３－０５",
            "2024 年 3 月 5 日",
            " 2024. 3. 5 ",
            "2024-03-05 00:00:00",
            "2024/3/5 0:00",
            "2024-03-05T00:00:00",
            "2024-03-05T00:00:00.000",
            "2024 - 3 - 5 12:30",
        ] {
            assert_eq!(typed(text), Some(fifth_of_march()), "{text}");
        }
        assert_eq!(parse(&Cell::Day(fifth_of_march())), Some(fifth_of_march()));
        assert_eq!(parse(&Cell::Number(45_356.0)), Some(fifth_of_march()));
        assert_eq!(parse(&Cell::Number(45_356.75)), Some(fifth_of_march()));
        assert_eq!(parse(&Cell::Number(20_240_305.0)), Some(fifth_of_march()));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2024年2月30日",
            "2023-02-29",
            "20240230",
            "2024-13-01",
            "2024-00-10",
            "待定",
            "24年",
            "24.3.5",
            "2024",
            "2024年",
            "2024年3月",
            "2024-3",
            "3/5/2024",
            "2024-3-5-6",
            "2024年3月5日左右",
            "45356",
            "1024-03-05",
            "3024-03-05",
            "202403",
            "2024--3-5",
            "2024-+3-5",
            "2024-3-5 上午",
            "12:30",
            "年月日",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
        for number in [101.0, 24.0, 2024.0, 20_240_230.0, -1.0, f64::NAN, 1e300] {
            assert_eq!(parse(&Cell::Number(number)), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn a_day_printed_in_any_style_reads_back(days in 0u64..55_000, style in 0usize..8) {
            let day = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + Days::new(days);
            let format = [
                "%Y年%-m月%-d日", "%Y年%m月%d日", "%Y.%m.%d", "%Y-%m-%d", "%Y/%-m/%-d", "%Y%m%d", "%Y-%-m-%-d",
                "%Y/%m/%d 00:00:00",
            ][style];
            let printed = day.format(format).to_string();
            prop_assert_eq!(typed(&printed), Some(day));
            let wide: String = printed
                .chars()
                .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0xFF10 + d).unwrap()))
                .collect();
            prop_assert_eq!(typed(&wide), Some(day));
        }

        #[test]
        fn any_text_or_number_is_answered_without_a_panic(text in "\\PC*", number in any::<f64>()) {
            let _ = typed(&text);
            let _ = parse(&Cell::Number(number));
        }
    }
}
