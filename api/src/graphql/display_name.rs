//! What the values of enums are called, so that an app needs no list of its own that would be out of date tomorrow.

use async_graphql::{Context, Object, SimpleObject};

use super::{context::Ask, enums::Language};
use crate::{
    error::{Error, FaultCode, Message, Result},
    language::names::{List, lists},
};

/// More enums than there are.
const MOST_NAMES: usize = 200;

/// What the values of an enum are called (枚举值的显示名称). The same for everybody: keep it on the phone.
#[derive(SimpleObject)]
pub struct EnumDisplayNames {
    /// The enum, such as `TicketStatus`.
    name: String,
    /// Its values, in their order in the schema.
    values: Vec<EnumValueDisplayName>,
}

/// What a value of an enum is called.
#[derive(SimpleObject)]
pub struct EnumValueDisplayName {
    /// The value as answers hold it, such as `IN_PROGRESS`.
    value: String,
    /// What to show to people.
    display_name: String,
}

impl From<&List> for EnumDisplayNames {
    fn from(list: &List) -> Self {
        let value = |(value, display_name): &(String, String)| EnumValueDisplayName {
            value: value.clone(),
            display_name: display_name.clone(),
        };
        Self { name: list.name.clone(), values: list.values.iter().map(value).collect() }
    }
}

/// Reading what values are called.
#[derive(Default)]
pub struct DisplayNameQueries;

#[Object]
impl DisplayNameQueries {
    /// What the values of enums are called, also before anybody has signed in. It changes with the server's version only.
    async fn enum_display_names(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The enums, at most 200; all when left out. What is no enum is left out of the answer.")]
        names: Option<Vec<String>>,
        #[graphql(desc = "The language; that of your settings, else the best of Accept-Language, when left out.")]
        language: Option<Language>,
    ) -> Result<Vec<EnumDisplayNames>> {
        if names.as_ref().is_some_and(|names| names.len() > MOST_NAMES) {
            return Err(Error::fault(
                FaultCode::OutOfRange,
                "names",
                Message::AtMostValues { most: MOST_NAMES.into() },
            ));
        }
        let language = language.map_or_else(|| ctx.ask().language, Into::into);
        let is_asked_for = |list: &&List| names.as_ref().is_none_or(|names| names.contains(&list.name));
        Ok(lists(language).iter().filter(is_asked_for).map(EnumDisplayNames::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };

    use super::*;
    use crate::graphql::schema::sdl;

    /// The enums of the schema, each with its values.
    fn enums() -> Vec<(String, Vec<String>)> {
        let definitions = parse_schema(sdl()).expect("the schema is one").definitions.into_iter();
        let mut enums: Vec<_> = definitions
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(it) => match it.node.kind {
                    TypeKind::Enum(list) => {
                        let values = list.values.into_iter().map(|value| value.node.value.node.to_string());
                        Some((it.node.name.node.to_string(), values.collect()))
                    }
                    _ => None,
                },
                _ => None,
            })
            .collect();
        enums.sort();
        enums
    }

    #[test]
    fn every_value_of_every_enum_has_a_name_in_each_language() {
        for language in [crate::language::Language::Zh, crate::language::Language::En] {
            let named = lists(language).iter().map(|list| {
                assert!(list.values.iter().all(|(_, name)| !name.trim().is_empty()), "{list:?}");
                (list.name.clone(), list.values.iter().map(|(value, _)| value.clone()).collect())
            });
            let named: Vec<(String, Vec<String>)> = named.collect();
            assert_eq!(named, enums());
        }
    }

    #[test]
    fn there_are_fewer_enums_than_may_be_named() {
        assert!((50..MOST_NAMES).contains(&enums().len()));
    }
}
