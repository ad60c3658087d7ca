//! Documents to check: what the apps send with its structure changed, small fragments that spread each other, and texts in
//! which it is hard to say where a string ends.

use proptest::prelude::*;
use proptest::sample::{Index, select};

const APPS: [&str; 3] = [
    include_str!("../../../../../tests/clients/owner.graphql"),
    include_str!("../../../../../tests/clients/butler.graphql"),
    include_str!("../../../../../tests/clients/partner.graphql"),
];

const INTROSPECTION: &str = "query Introspection { __schema { types { name fields { args { ...I } type { ...T } } } } }
fragment I on __InputValue { name type { ...T } } fragment T on __Type { kind name ofType { kind name } }";

const WORDS: [&str; 24] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$first",
    "...",
    "on",
    "Ticket",
    "id",
    "nodes",
    "edges",
    "query",
    "first",
    "\"s\"",
    "\"\"\"b\"\"\"",
    "\"",
    "1",
    "null",
    "@skip(if: true)",
    "__typename",
];

/// A change of the structure; the places are taken among all that fit.
#[derive(Clone, Debug)]
enum Change {
    /// A level more around a selection set.
    Nest(Index, &'static str),
    Repeat(Index, usize),
    Alias(Index),
    Spread(Index, Index),
    Direct(Index, usize),
    Page(Index, &'static str),
    Cut(Index, usize),
    Swap(Index, Index),
    Insert(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let place = || any::<Index>();
    let around = select(vec!["{ v {", "{ nodes {", "{ ... {", "{ ... on Ticket @include(if: true) {", "{ a: b {"]);
    let page =
        select(vec!["(first: 7)", "(last: $first)", "(first: $n)", "(ids: $ids)", "(ids: [1 2])", "(first: 900)"]);
    prop_oneof![
        3 => (place(), around).prop_map(|(at, around)| Change::Nest(at, around)),
        2 => (place(), 2usize..5).prop_map(|(at, times)| Change::Repeat(at, times)),
        2 => place().prop_map(Change::Alias),
        3 => (place(), place()).prop_map(|(at, which)| Change::Spread(at, which)),
        2 => (place(), 1usize..9).prop_map(|(at, times)| Change::Direct(at, times)),
        2 => (place(), page).prop_map(|(at, page)| Change::Page(at, page)),
        1 => (place(), 1usize..4).prop_map(|(at, length)| Change::Cut(at, length)),
        1 => (place(), place()).prop_map(|(one, other)| Change::Swap(one, other)),
        1 => (place(), select(&WORDS[..])).prop_map(|(at, word)| Change::Insert(at, word)),
    ]
}

/// A document of an app or a part of one, changed, and the name of the operation to run.
pub(super) fn document() -> impl Strategy<Value = (String, Option<String>)> {
    let source = select(vec![APPS[0], APPS[1], APPS[2], INTROSPECTION]);
    let kept = proptest::collection::vec(any::<Index>(), 0..3);
    let changes = proptest::collection::vec(change(), 0..12);
    (source, kept, changes, any::<Index>(), 0..8).prop_map(|(source, kept, changes, which, unnamed)| {
        let mut words = part(tokens(source), &kept);
        for change in changes {
            apply(&mut words, change);
        }
        let names = names_after(&words, &["query", "mutation", "subscription"]);
        let name = (unnamed > 0 && !names.is_empty()).then(|| names[which.index(names.len())].clone());
        (words.join(" "), name)
    })
}

/// All fragments and some of the operations; the whole when none is chosen.
fn part(words: Vec<String>, kept: &[Index]) -> Vec<String> {
    let starts: Vec<usize> = (0..words.len()).filter(|at| is_top(&words, *at)).chain([words.len()]).collect();
    let definitions: Vec<&[String]> = starts.windows(2).map(|two| &words[two[0]..two[1]]).collect();
    let operations: Vec<_> = definitions.iter().filter(|words| words[0] != "fragment").collect();
    if kept.is_empty() {
        return words;
    }
    let chosen = kept.iter().map(|which| **which.get(&operations));
    let fragments = definitions.iter().filter(|words| words[0] == "fragment").copied();
    chosen.chain(fragments).flatten().cloned().collect()
}

/// Whether a definition begins here.
fn is_top(words: &[String], at: usize) -> bool {
    let is_keyword = matches!(words[at].as_str(), "query" | "mutation" | "subscription" | "fragment");
    is_keyword && (at == 0 || words[at - 1] == "}")
}

fn tokens(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let spaced = lines.collect::<Vec<_>>().join(" ").replace("...", " ... ");
    let apart = spaced.chars().fold(String::new(), |text, letter| match letter {
        '{' | '}' | '(' | ')' | '[' | ']' | ':' | '!' | '=' => format!("{text} {letter} "),
        ',' => text + " ",
        letter => format!("{text}{letter}"),
    });
    apart.split_whitespace().map(str::to_owned).collect()
}

fn names_after(words: &[String], keywords: &[&str]) -> Vec<String> {
    let named = words.windows(2).filter(|two| keywords.contains(&two[0].as_str()));
    named.map(|two| two[1].clone()).filter(|name| name.starts_with(char::is_alphabetic)).collect()
}

/// The places of the opening brackets of selection sets.
fn sets(words: &[String]) -> Vec<usize> {
    (0..words.len()).filter(|at| words[*at] == "{" && *at > 0 && words[at - 1] != ":").collect()
}

fn end_of(words: &[String], open: usize) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth -= 1,
            _ => {}
        }
    }
    words.len() - 1
}

fn apply(words: &mut Vec<String>, change: Change) {
    let sets = sets(words);
    if sets.is_empty() {
        return;
    }
    let set = |at: Index| sets[at.index(sets.len())];
    let insert = |words: &mut Vec<String>, at: usize, text: &str| drop(words.splice(at..at, tokens(text)));
    match change {
        Change::Nest(at, around) => {
            let (open, end) = (set(at), end_of(words, set(at)));
            insert(words, end, "}");
            let outer = around.strip_suffix('{').unwrap_or(around);
            insert(words, open, outer);
        }
        Change::Repeat(at, times) => {
            let (open, end) = (set(at), end_of(words, set(at)));
            let inside: Vec<String> = words[(open + 1).min(end)..end].to_vec();
            if inside.len() < 300 {
                let copies: Vec<String> = (1..times).flat_map(|_| inside.clone()).collect();
                words.splice(end..end, copies);
            }
        }
        Change::Alias(at) => insert(words, set(at) + 1, "x: y z:"),
        Change::Spread(at, which) => {
            let mut names = names_after(words, &["fragment"]);
            names.push("Nowhere".to_owned());
            insert(words, set(at) + 1, &format!("... {}", which.get(&names)));
        }
        Change::Direct(at, times) => insert(words, set(at), &"@include(if: $yes) ".repeat(times)),
        Change::Page(at, page) => insert(words, set(at), page),
        Change::Cut(at, length) => {
            let from = at.index(words.len());
            words.drain(from..(from + length).min(words.len()));
        }
        Change::Swap(one, other) => {
            let (one, other) = (one.index(words.len()), other.index(words.len()));
            words.swap(one, other);
        }
        Change::Insert(at, word) => words.insert(at.index(words.len()), word.to_owned()),
    }
}

/// One operation and four fragments, in each of which anything may stand, also a spread of itself.
pub(super) fn fragments() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "a",
        "b: a",
        "nodes { a }",
        "edges { node { a } }",
        "a @skip(if: true)",
        "__typename",
        "a(first: 3) { b c }",
        "a(last: 2, ids: [1 2 3]) { ... { nodes { b } } }",
        "...F0",
        "...F1",
        "...F2 @d",
        "...F3",
        "a { ...F1 }",
        "a { ...F2 }",
        "... on A { b }",
        "... @d { nodes { c } }",
        "... { ...F3 }",
        "__schema { types { fields { name } } }",
        "__type { fields { type { fields { type { fields { name } } } } } }",
        "...F9",
    ]);
    let set = || proptest::collection::vec(leaf.clone(), 1..5).prop_map(|leaves| format!("{{ {} }}", leaves.join(" ")));
    // Mostly each fragment spreads later ones only, or nearly every document would turn in circles.
    let forward = |own: usize, set: String| {
        (0..=own).fold(set, |set, earlier| set.replace(&format!("...F{earlier}"), &format!("...F{}", own + 1)))
    };
    let operation = select(vec!["", "query", "query Q @d", "subscription", "query($a: Int @d = 4)"]);
    (operation, proptest::array::uniform5(set()), 0..6).prop_map(move |(operation, sets, circles)| {
        let [root, fragments @ ..] = sets;
        let written = fragments.into_iter().enumerate().map(|(own, set)| {
            let set = if circles == 0 { set } else { forward(own, set) };
            format!("fragment F{own} on A {set}")
        });
        format!("{operation} {root} {}", written.collect::<Vec<_>>().join(" "))
    })
}

/// Quotation marks, escapes and brackets side by side, inside a list so that the parser has a chance to go on.
pub(super) fn quotes() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "\"",
        "\"\"",
        "\"\"\"",
        "\"x\"",
        "\\",
        "\\\"",
        "\\\"\"\"",
        "\\n",
        "\\u0041",
        "\n",
        "#",
        "[",
        "[[[",
        "]",
        "{",
        "}",
        "(",
        "a",
        "a:",
        "0",
        "00000",
        "7",
        "1.50",
        "-2e3",
        "\u{feff}",
        "a\u{feff}a",
        ",",
        " ",
        "é",
        "$v",
        "...",
    ]);
    (proptest::collection::vec((piece, 1usize..9), 0..12), any::<bool>()).prop_map(|(pieces, is_closed)| {
        let inside: String = pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect();
        let end = if is_closed { "]) }" } else { "" };
        format!("{{ a(x: [{inside}{end}")
    })
}
