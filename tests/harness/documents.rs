//! The documents that the three apps send, taken apart into what one request carries: an operation and its fragments.

use std::{collections::HashMap, sync::LazyLock};

static OWNER: LazyLock<Documents> = LazyLock::new(|| Documents::read(include_str!("../clients/owner.graphql")));
static BUTLER: LazyLock<Documents> = LazyLock::new(|| Documents::read(include_str!("../clients/butler.graphql")));
static PARTNER: LazyLock<Documents> = LazyLock::new(|| Documents::read(include_str!("../clients/partner.graphql")));

/// The definitions of one app's file, by name.
pub struct Documents {
    fragments: HashMap<String, String>,
    operations: HashMap<String, String>,
}

impl Documents {
    pub fn owner() -> &'static Self {
        &OWNER
    }

    pub fn butler() -> &'static Self {
        &BUTLER
    }

    pub fn partner() -> &'static Self {
        &PARTNER
    }

    fn read(text: &str) -> Self {
        let mut documents = Self { fragments: HashMap::new(), operations: HashMap::new() };
        for definition in definitions(text) {
            let mut words = definition.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let (kind, name) = (words.next().unwrap(), words.next().unwrap().to_owned());
            let kept = if kind == "fragment" { &mut documents.fragments } else { &mut documents.operations };
            kept.insert(name, definition);
        }
        documents
    }

    /// The names of all operations.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.operations.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// What a request for this operation carries.
    pub fn operation(&self, name: &str) -> String {
        let mut text = self.operations.get(name).unwrap_or_else(|| panic!("no operation {name}")).clone();
        let mut added: Vec<&str> = Vec::new();
        while let Some((name, fragment)) = self
            .fragments
            .iter()
            .find(|(name, _)| !added.contains(&name.as_str()) && text.contains(&format!("...{name}")))
        {
            added.push(name);
            text.push('\n');
            text.push_str(fragment);
        }
        text
    }
}

/// Cuts a document at the braces of its top level, without comments.
fn definitions(text: &str) -> Vec<String> {
    let text: String = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => {
                depth -= 1;
                if depth == 0 && letter == '}' {
                    found.push(text[start..=at].trim().to_owned());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    found
}
