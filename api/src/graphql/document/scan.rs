//! A look at the bytes before the parser sees them: size, number of tokens, brackets inside brackets. It knows just enough
//! of the grammar to skip strings and comments; what is wrong with a text is the parser's to say.

use super::{Limits, Refused};

/// How many tokens there are.
pub(super) fn scan(source: &str, limits: &Limits) -> Result<usize, Refused> {
    if source.len() > limits.bytes {
        return Err(Refused::over("DOCUMENT_TOO_LARGE", "The document has too many bytes", limits.bytes as u64, None));
    }
    let mut scanner = Scanner { rest: source.as_bytes(), tokens: 0, open: 0 };
    while scanner.token() {
        if scanner.tokens > limits.tokens {
            return Err(Refused::over(
                "TOO_MANY_TOKENS",
                "The document has too many tokens",
                limits.tokens as u64,
                None,
            ));
        }
        if scanner.open > limits.nesting {
            return Err(Refused::over("TOO_DEEP", "The document nests too many brackets", limits.nesting as u64, None));
        }
    }
    Ok(scanner.tokens)
}

/// Separates tokens wherever it stands, as the parser has it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

struct Scanner<'a> {
    rest: &'a [u8],
    tokens: usize,
    open: usize,
}

impl Scanner<'_> {
    /// Steps over one token or over what separates tokens; false at the end.
    fn token(&mut self) -> bool {
        let Some(&first) = self.rest.first() else {
            return false;
        };
        match first {
            _ if self.rest.starts_with(BYTE_ORDER_MARK) => self.skip(BYTE_ORDER_MARK.len()),
            b' ' | b'\t' | b'\r' | b'\n' | b',' => self.skip(1),
            b'#' => self.skip(line_length(self.rest)),
            b'"' => self.count(string_length(self.rest)),
            b'.' => self.count(run_length(self.rest, |byte| byte == b'.').min(3)),
            b'{' | b'(' | b'[' => {
                self.open += 1;
                self.count(1);
            }
            b'}' | b')' | b']' => {
                self.open = self.open.saturating_sub(1);
                self.count(1);
            }
            // The parser takes `00` for two numbers.
            b'0' => self.count(1),
            byte if is_word(byte) => self.count(run_length(self.rest, is_word)),
            _ => self.count(1),
        }
        true
    }

    fn skip(&mut self, length: usize) {
        self.rest = &self.rest[length.min(self.rest.len())..];
    }

    fn count(&mut self, length: usize) {
        self.tokens += 1;
        self.skip(length);
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn run_length(text: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| holds(**byte)).count()
}

fn line_length(text: &[u8]) -> usize {
    run_length(text, |byte| byte != b'\n' && byte != b'\r')
}

/// The length of a string or block string with its quotes; of the whole rest when it is not closed.
fn string_length(text: &[u8]) -> usize {
    if text.starts_with(b"\"\"\"") {
        return block_string_length(text);
    }
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// What opens a block string that is never closed is an empty string to the parser, which then goes on behind it.
fn block_string_length(text: &[u8]) -> usize {
    let mut at = 3;
    while at < text.len() {
        if text[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if text[at..].starts_with(b"\"\"\"") {
            return at + 3;
        } else {
            at += 1;
        }
    }
    2
}
