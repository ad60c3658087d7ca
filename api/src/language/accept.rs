//! Which of our languages a reader wants, as Accept-Language says it: ranges of languages, each with a weight.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

use super::Language;

/// Nobody speaks more languages than that.
const MOST_RANGES: usize = 20;

/// The language that is liked best of ours, the first of two that are liked the same; none when neither is wanted.
pub fn accepted(header: &str) -> Option<Language> {
    let ranges: Vec<Range> = header.split(',').take(MOST_RANGES).filter_map(Range::read).collect();
    let mut best: Option<(u16, usize, Language)> = None;
    for language in [super::DEFAULT, other(super::DEFAULT)] {
        let Some((weight, place)) = weight(&ranges, language).filter(|(weight, _)| *weight > 0) else { continue };
        if best.is_none_or(|(most, first, _)| weight > most || (weight == most && place < first)) {
            best = Some((weight, place, language));
        }
    }
    best.map(|(_, _, language)| language)
}

fn other(language: Language) -> Language {
    match language {
        Language::Zh => Language::En,
        Language::En => Language::Zh,
    }
}

/// The greatest weight of the ranges that name a language, and the place of the first that gives it. `*` stands for the
/// languages that no range names.
fn weight(ranges: &[Range], language: Language) -> Option<(u16, usize)> {
    let places = || ranges.iter().enumerate();
    let named = places().filter(|(_, range)| range.language == Some(language));
    let greatest =
        named.map(|(place, range)| (range.weight, place)).reduce(|most, it| if it.0 > most.0 { it } else { most });
    greatest.or_else(|| places().find(|(_, range)| range.is_any).map(|(place, range)| (range.weight, place)))
}

/// A range of languages, which of ours is in it, and how much it is wanted in thousandths.
struct Range {
    language: Option<Language>,
    is_any: bool,
    weight: u16,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (tag, rest) = text.split_once(';').unwrap_or((text, ""));
        let weight = match rest.trim().split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => weight_of(value.trim())?,
            Some(_) => return None,
            None if rest.trim().is_empty() => 1000,
            None => return None,
        };
        let is_any = tag.trim() == "*";
        let language = if is_any { None } else { ours(tag.trim()) };
        Some(Self { language, is_any, weight })
    }
}

/// Thousandths; none of what is no weight.
fn weight_of(text: &str) -> Option<u16> {
    let number: f32 = text.parse().ok()?;
    (0.0..=1.0).contains(&number).then(|| (number * 1000.0).round() as u16)
}

/// Which of our languages a reader of this one understands. Whoever reads Chinese anywhere is written to in the Chinese
/// that we have.
fn ours(tag: &str) -> Option<Language> {
    let wanted: LanguageIdentifier = tag.parse().ok()?;
    let available: [LanguageIdentifier; 2] = ["zh".parse().ok()?, "en".parse().ok()?];
    let found = negotiate_languages(&[wanted], &available, None, NegotiationStrategy::Lookup);
    match found.first()?.language.as_str() {
        "zh" => Some(Language::Zh),
        _ => Some(Language::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Zh};

    #[test]
    fn the_language_that_is_liked_best_is_spoken() {
        for (header, expected) in [
            ("zh-CN", Some(Zh)),
            ("en", Some(En)),
            ("en-GB,en;q=0.9", Some(En)),
            ("EN-us", Some(En)),
            ("zh-TW,zh;q=0.9,en;q=0.8", Some(Zh)),
            ("zh-Hant-HK", Some(Zh)),
            ("en;q=0.8, zh;q=0.9", Some(Zh)),
            ("zh;q=0.8, en;q=0.9", Some(En)),
            ("zh;q=0.799, en;q=0.8", Some(En)),
            ("fr, de;q=0.9, en;q=0.1", Some(En)),
            ("en, zh", Some(En)),
            ("zh, en", Some(Zh)),
            ("*", Some(Zh)),
            ("zh;q=0, *", Some(En)),
            ("zh;q=0, en;q=0", None),
            ("en;q=0, *;q=0.1", Some(Zh)),
            ("en;q=0", None),
            ("*;q=0.5, en;q=0.4", Some(Zh)),
            ("fr", None),
            ("english", None),
            ("", None),
            ("en;q=2", None),
            ("en;q=nonsense, zh;q=0.1", Some(Zh)),
            ("en ; Q=0.5 , zh ; q=0.4", Some(En)),
            ("en;level=1", None),
            ("\u{4e2d}\u{6587}", None),
        ] {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn what_nobody_speaks_is_not_read_to_its_end() {
        let many = format!("{}en", "fr,".repeat(MOST_RANGES));
        assert_eq!(accepted(&many), None);
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_read(header in ".{0,80}") {
            let _ = accepted(&header);
        }
    }
}
