//! Finding texts by what people type, in Chinese and in languages with spaces. A text becomes terms: words in small letters,
//! and of writing without spaces each letter and each pair of neighbours. The same terms serve both databases, and what is
//! found is ranked here, so that both find the same in the same order.

use std::collections::BTreeSet;

use super::text::half_width;

/// What people say around what they look for.
const FILLERS: &[&str] = &[
    "为什么",
    "怎么办",
    "怎么样",
    "有没有",
    "是不是",
    "请问",
    "怎么",
    "如何",
    "什么",
    "多少",
    "哪里",
    "是否",
    "可以",
    "一下",
    "的",
    "了",
    "吗",
    "呢",
    "吧",
];

/// What a hit in the title is worth, one in the body being worth 1.
const TITLE: u32 = 5;

/// How much of a word counts, in octets.
const LONGEST_WORD: usize = 120;

/// A piece of text that is not cut by space or punctuation.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Of a writing with spaces.
    Word(String),
    /// Of a writing without.
    Run(Vec<char>),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for letter in text.chars().map(half_width).flat_map(char::to_lowercase) {
        if !letter.is_alphanumeric() {
            pieces.push(None);
        } else if has_no_spaces(letter) {
            match pieces.last_mut() {
                Some(Some(Piece::Run(run))) => run.push(letter),
                _ => pieces.push(Some(Piece::Run(vec![letter]))),
            }
        } else {
            match pieces.last_mut() {
                Some(Some(Piece::Word(word))) if word.len() < LONGEST_WORD => word.push(letter),
                // Nobody types more of it, and an index may not take more.
                Some(Some(Piece::Word(_))) => {}
                _ => pieces.push(Some(Piece::Word(letter.to_string()))),
            }
        }
    }
    pieces.into_iter().flatten().collect()
}

/// Chinese, Japanese and Korean letters.
fn has_no_spaces(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// The terms that a text is found by.
pub fn terms(text: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => drop(terms.insert(word)),
            Piece::Run(run) => {
                terms.extend(run.iter().map(char::to_string));
                terms.extend(pairs(&run));
            }
        }
    }
    terms
}

/// What somebody looks for: each part must be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// A word, or the beginning of one.
    Prefix(String),
    /// A third of these terms, at least.
    Some(Vec<String>),
}

impl Query {
    /// Reads what was typed; `None` when there is nothing in it to look for.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for piece in pieces(text) {
            match piece {
                Piece::Word(word) => parts.push(Part::Prefix(word)),
                Piece::Run(run) => parts.push(Part::Some(looked_for(&run))),
            }
        }
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// As SQLite's full-text index takes it. Every text that it can score is among those it finds.
    pub fn fts5(&self) -> String {
        self.written(|prefix| format!("\"{prefix}\"*"), |term| format!("\"{term}\""), (" OR ", " AND "))
    }

    /// As PostgreSQL's full-text index takes it.
    pub fn tsquery(&self) -> String {
        self.written(|prefix| format!("'{prefix}':*"), |term| format!("'{term}'"), (" | ", " & "))
    }

    fn written(
        &self,
        prefix: impl Fn(&str) -> String,
        term: impl Fn(&str) -> String,
        (or, and): (&str, &str),
    ) -> String {
        let part = |part: &Part| match part {
            Part::Prefix(word) => format!("({})", prefix(word)),
            Part::Some(terms) => {
                format!("({})", terms.iter().map(|text| term(text)).collect::<Vec<_>>().join(or))
            }
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(and)
    }

    /// How well a text fits; `None` when it does not.
    pub fn score(&self, title: &str, body: &str) -> Option<u32> {
        let (title, body) = (terms(title), terms(body));
        self.parts.iter().map(|part| part.score(&title, &body)).sum()
    }
}

impl Part {
    fn score(&self, title: &BTreeSet<String>, body: &BTreeSet<String>) -> Option<u32> {
        match self {
            Self::Prefix(word) => {
                let hit = |terms: &BTreeSet<String>| {
                    let begins = terms.range(word.clone()..).next().is_some_and(|term| term.starts_with(word));
                    u32::from(begins) + u32::from(terms.contains(word))
                };
                let score = TITLE * hit(title) + hit(body);
                (score > 0).then_some(score)
            }
            Self::Some(wanted) => {
                let found = wanted.iter().filter(|term| title.contains(*term) || body.contains(*term)).count();
                let hits = |terms: &BTreeSet<String>| {
                    u32::try_from(wanted.iter().filter(|term| terms.contains(*term)).count()).unwrap_or(u32::MAX)
                };
                (found > 0 && found * 3 >= wanted.len()).then(|| TITLE * hits(title) + hits(body))
            }
        }
    }
}

/// The pairs of a run without what people say around it.
fn looked_for(run: &[char]) -> Vec<String> {
    let mut text: String = run.iter().collect();
    for filler in FILLERS {
        text = text.replace(filler, " ");
    }
    let parts: Vec<Vec<char>> = text.split_whitespace().map(|part| part.chars().collect()).collect();
    let mut wanted: Vec<String> = parts.iter().flat_map(|part| pairs(part)).collect();
    // A letter by itself says little: it counts when there is nothing else.
    if wanted.is_empty() {
        let letters = if parts.is_empty() { run.to_vec() } else { parts.concat() };
        wanted = letters.iter().map(char::to_string).collect();
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(query: &str, title: &str, body: &str) -> bool {
        Query::read(query).expect("something to look for").score(title, body).is_some()
    }

    #[test]
    fn chinese_is_found_without_spaces() {
        let (title, body) = ("厨房水管漏水怎么报修", "请在 App 里选择“报修”，我们会在 30 分钟内联系您。");
        for query in ["漏水", "水管", "漏", "报修", "厨房漏水怎么办", "怎么报修", "漏水 报修", "APP报修", "ａｐｐ"]
        {
            assert!(fits(query, title, body), "{query}");
        }
        for query in ["电梯", "水漏", "漏水 电梯", "供暖什么时候开始", "xapp"] {
            assert!(!fits(query, title, body), "{query}");
        }
    }

    #[test]
    fn words_are_found_by_their_beginnings_whatever_their_case() {
        let (title, body) = ("How to reset the Wi-Fi router", "Hold the button for 10 seconds.");
        for query in ["router", "ROUT", "wi fi", "reset router", "10", "Wi-Fi"] {
            assert!(fits(query, title, body), "{query}");
        }
        for query in ["outer", "reset boiler", "11"] {
            assert!(!fits(query, title, body), "{query}");
        }
    }

    #[test]
    fn the_title_counts_more_and_nothing_is_no_query() {
        let query = Query::read("漏水").expect("a query");
        assert!(query.score("漏水", "") > query.score("其他", "漏水"));
        assert!(query.score("漏水", "漏水") > query.score("漏水", ""));
        for empty in ["", "  ", "，。！", "***", "・", "\"'"] {
            assert_eq!(Query::read(empty), None, "{empty:?}");
        }
        assert!(Query::read("的").is_some(), "a filler alone is looked for");
    }

    #[test]
    fn the_indexes_are_asked_in_their_own_words() {
        let query = Query::read("wifi 密码").expect("a query");
        assert_eq!(query.fts5(), "(\"wifi\"*) AND (\"密码\")");
        assert_eq!(query.tsquery(), "('wifi':*) & ('密码')");
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_title_is_found_by_it(title in "[a-z]{1,8} [\u{4E00}-\u{9FFF}]{1,8}", from in 0..6_usize) {
            let piece: String = title.chars().skip(from).collect();
            let words: Vec<&str> = piece.split_whitespace().collect();
            let beginning = words.last().copied().unwrap_or_default();
            if let Some(query) = Query::read(beginning) {
                let is_run = beginning.chars().all(has_no_spaces);
                prop_assert!(!is_run || query.score(&title, "").is_some(), "{} in {}", beginning, title);
            }
        }

        #[test]
        fn a_query_holds_nothing_but_terms(text in "\\PC{0,60}") {
            if let Some(query) = Query::read(&text) {
                let marks = |written: String, allowed: &str| {
                    written.chars().all(|letter| letter.is_alphanumeric() || allowed.contains(letter))
                };
                prop_assert!(marks(query.fts5(), " ()\"*"));
                prop_assert!(marks(query.tsquery(), " ()':*|&"));
            }
        }
    }
}
