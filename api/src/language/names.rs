//! What the values of the API's closed lists are called, as they stand in the files of texts: for apps that show them.

use std::sync::LazyLock;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Pattern, PatternElement};

use super::{
    Language,
    bundle::{CHINESE_NAMES, ENGLISH_NAMES},
};

/// A closed list.
#[derive(Debug, PartialEq, Eq)]
pub struct List {
    /// As the API calls it.
    pub name: String,
    /// Each value as the API writes it, and what it is called, in the order of the list.
    pub values: Vec<(String, String)>,
}

/// Every list, in the order of their names.
pub fn lists(language: Language) -> &'static [List] {
    static CHINESE: LazyLock<Vec<List>> = LazyLock::new(|| read(CHINESE_NAMES));
    static ENGLISH: LazyLock<Vec<List>> = LazyLock::new(|| read(ENGLISH_NAMES));
    match language {
        Language::Zh => &CHINESE,
        Language::En => &ENGLISH,
    }
}

fn read(file: &str) -> Vec<List> {
    let resource = FluentResource::try_new(file.to_owned());
    let resource = resource.unwrap_or_else(|(_, errors)| panic!("the names of values: {errors:?}"));
    let lists = resource.entries().filter_map(|entry| {
        let Entry::Message(message) = entry else { return None };
        let values = message.attributes.iter().map(|value| (value.id.name.to_owned(), plain(&value.value)));
        Some(List { name: message.id.name.to_owned(), values: values.collect() })
    });
    lists.collect()
}

/// A name has nothing filled in.
fn plain(pattern: &Pattern<&str>) -> String {
    let text = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => *value,
        PatternElement::Placeable { .. } => "",
    });
    text.collect()
}
