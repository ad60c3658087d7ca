//! The tokens of a text as the parser's grammar cuts them, up to the first place where it can't go on.

/// How many tokens the parser may come to see, and how many brackets inside each other.
pub(super) fn seen(text: &str) -> (usize, usize) {
    let (mut rest, mut tokens, mut open, mut deepest) = (text, 0, Vec::new(), 0);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' | ',' | '\t' | '\r' | '\n' | '\u{feff}' => {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            '#' => {
                rest = &rest[rest.find(['\r', '\n']).unwrap_or(rest.len())..];
                continue;
            }
            '(' | '[' | '{' => {
                open.push(first);
                deepest = deepest.max(open.len());
                Some(1)
            }
            ')' | ']' | '}' => open.pop().filter(|opened| "()[]{}".contains(&format!("{opened}{first}"))).map(|_| 1),
            '"' => block(rest).or_else(|| string(rest)),
            '.' => rest.starts_with("...").then_some(3),
            '$' | '@' | ':' | '!' | '=' => Some(1),
            '-' | '0'..='9' => number(rest),
            letter if is_name(letter) => Some(run(rest, is_name)),
            _ => None,
        };
        let Some(length) = length else { break };
        tokens += 1;
        rest = &rest[length..];
    }
    (tokens, deepest)
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter: char| !holds(letter)).unwrap_or(text.len())
}

/// A block string, or nothing when it is never closed: then the grammar reads an empty string there.
fn block(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("\"\"\"")?;
    let marks = inside.match_indices("\"\"\"").map(|(at, _)| at);
    marks.filter(|at| !inside[..*at].ends_with('\\')).map(|at| at + 6).next()
}

fn string(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some(at + 1),
            '\r' | '\n' => return None,
            '\\' => match letters.next()?.1 {
                'u' => {
                    let is_digit =
                        |next: Option<(usize, char)>| next.is_some_and(|(_, digit)| digit.is_ascii_hexdigit());
                    if !(0..4).all(|_| is_digit(letters.next())) {
                        return None;
                    }
                }
                escaped if "\"\\/bfnrt".contains(escaped) => {}
                _ => return None,
            },
            _ => {}
        }
    }
    None
}

fn number(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = text.len() - digits.len();
    let whole = if digits.starts_with('0') { 1 } else { run(digits, |digit| digit.is_ascii_digit()) };
    let mut length = sign + whole;
    let fraction = text[length..].strip_prefix('.').map_or(0, |rest| run(rest, |digit| digit.is_ascii_digit()));
    if fraction > 0 {
        length += 1 + fraction;
    }
    if let Some(rest) = text[length..].strip_prefix(['e', 'E']) {
        let signed = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let exponent = run(signed, |digit| digit.is_ascii_digit());
        length += if exponent > 0 { 1 + rest.len() - signed.len() + exponent } else { 0 };
    }
    let goes_on = text[length..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '_');
    (whole > 0 && !goes_on).then_some(length)
}
