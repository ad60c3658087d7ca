//! The texts of one language, read once.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

use super::Language;

/// Every file of texts, in each language under the same name.
macro_rules! files {
    ($folder:literal) => {
        [
            include_str!(concat!("texts/", $folder, "/messages.ftl")),
            include_str!(concat!("texts/", $folder, "/names.ftl")),
            include_str!(concat!("texts/", $folder, "/notifications.ftl")),
            include_str!(concat!("texts/", $folder, "/written.ftl")),
            include_str!(concat!("texts/", $folder, "/imports.ftl")),
        ]
    };
}

pub(super) const CHINESE: [&str; 5] = files!("zh-CN");
pub(super) const ENGLISH: [&str; 5] = files!("en");
pub(super) const CHINESE_NAMES: &str = CHINESE[1];
pub(super) const ENGLISH_NAMES: &str = ENGLISH[1];

/// What is filled into a text.
pub(super) enum Filled {
    Number(i64),
    Text(String),
}

/// The texts of a language.
pub(super) struct Bundle(FluentBundle<FluentResource>);

/// The texts of this language.
pub(super) fn bundle(language: Language) -> &'static Bundle {
    static OF_CHINESE: LazyLock<Bundle> = LazyLock::new(|| Bundle::read("zh-CN", &CHINESE));
    static OF_ENGLISH: LazyLock<Bundle> = LazyLock::new(|| Bundle::read("en", &ENGLISH));
    match language {
        Language::Zh => &OF_CHINESE,
        Language::En => &OF_ENGLISH,
    }
}

impl Bundle {
    fn read(tag: &str, files: &[&str]) -> Self {
        let mut texts = FluentBundle::new_concurrent(vec![tag.parse().expect("the tag of a language")]);
        // The marks around what is filled in would be shown as they are by much that shows a message.
        texts.set_use_isolating(false);
        for file in files {
            let resource = FluentResource::try_new((*file).to_owned());
            let resource = resource.unwrap_or_else(|(_, errors)| panic!("a file of texts in {tag}: {errors:?}"));
            texts.add_resource(resource).unwrap_or_else(|errors| panic!("a text in {tag} is there twice: {errors:?}"));
        }
        Self(texts)
    }

    /// A text, or one of the texts that belong to it, filled in; none when there is none.
    pub(super) fn write(&self, key: &str, part: Option<&str>, filled: Vec<(&'static str, Filled)>) -> Option<String> {
        let message = self.0.get_message(key)?;
        let pattern = match part {
            Some(part) => message.get_attribute(part)?.value(),
            None => message.value()?,
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in filled {
            match value {
                Filled::Number(number) => arguments.set(name, number),
                Filled::Text(text) => arguments.set(name, text),
            }
        }
        let mut errors = Vec::new();
        let text = self.0.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text could not be filled in");
        }
        Some(text)
    }
}
