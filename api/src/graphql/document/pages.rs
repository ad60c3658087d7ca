//! How many objects a field may return, read from its arguments: the multiplier of everything selected below it.

use std::collections::HashMap;

use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql::{Name, Value, Variables};

/// The values of an operation's variables, as far as the cost of a page needs them.
pub(super) struct Pages<'a> {
    given: &'a Variables,
    defaults: HashMap<&'a str, &'a Value>,
    default_page: u64,
    read: Sizes,
}

/// The variables that were read to know how large pages are, and the number that each was given. None when one was given
/// something else, which may be as large as a request.
#[derive(Debug)]
pub(super) struct Sizes(Option<Vec<(Name, Option<Value>)>>);

impl Sizes {
    /// Whether all pages are as large with these variables.
    pub(super) fn hold(&self, variables: &Variables) -> bool {
        let same =
            |read: &Vec<(Name, Option<Value>)>| read.iter().all(|(name, value)| variables.get(name) == value.as_ref());
        self.0.as_ref().is_some_and(same)
    }
}

impl<'a> Pages<'a> {
    pub(super) fn new(operation: &'a OperationDefinition, given: &'a Variables, default_page: u64) -> Self {
        let defaults = operation
            .variable_definitions
            .iter()
            .filter_map(|definition| {
                let default = definition.node.default_value.as_ref()?;
                Some((definition.node.name.node.as_str(), &default.node))
            })
            .collect();
        Self { given, defaults, default_page, read: Sizes(Some(Vec::new())) }
    }

    /// What was read until now.
    pub(super) fn sizes(self) -> Sizes {
        self.read
    }

    /// The number of objects below a field: `first` or `last`, else the number of `ids` or of an input's `actions`, else a
    /// usual page when the field looks like a connection, else one. A page the resolver will refuse counts as it stands.
    pub(super) fn size(&mut self, field: &Field, is_connection: bool) -> u64 {
        let first = self.argument(field, "first").and_then(number);
        let last = self.argument(field, "last").and_then(number);
        let ids = self.argument(field, "ids").and_then(length);
        let actions = self.argument(field, "input").and_then(actions);
        match first.max(last).max(ids).max(actions) {
            Some(size) => size.max(1),
            None if is_connection => self.default_page,
            None => 1,
        }
    }

    fn argument(&mut self, field: &Field, name: &str) -> Option<Value> {
        let literal = field.get_argument(name)?.node.clone();
        let value = literal.into_const_with(|name| self.variable(name).ok_or(()));
        value.ok()
    }

    fn variable(&mut self, name: Name) -> Option<Value> {
        let given = self.given.get(&name);
        let value = given.or(self.defaults.get(name.as_str()).copied()).cloned();
        match given {
            None | Some(Value::Null | Value::Number(_)) => {
                if let Some(read) = &mut self.read.0 {
                    read.push((name, given.cloned()));
                }
            }
            Some(_) => self.read = Sizes(None),
        }
        value
    }
}

fn number(value: Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

/// Each action of a queue answers for itself.
fn actions(input: Value) -> Option<u64> {
    match input {
        Value::Object(mut fields) => fields.swap_remove("actions").and_then(length),
        _ => None,
    }
}

fn length(value: Value) -> Option<u64> {
    match value {
        Value::List(items) => Some(items.len() as u64),
        _ => None,
    }
}
