//! The measures of a document taken the slow way: each fragment is written out wherever it is spread, and then everything
//! that stands there is counted, one measure at a time.

use std::collections::BTreeSet;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};

use super::Limits;

/// Deeper and larger than anything that is accepted: what goes beyond it has no end or might as well not have one.
const DEEPEST: usize = 64;
const MOST: usize = 10_000;

const MEASURED: [&str; 5] =
    ["TOO_MANY_ALIASES", "TOO_MANY_DIRECTIVES", "TOO_MANY_ROOT_FIELDS", "TOO_MANY_FIELDS", "TOO_COMPLEX"];

/// A selection with all fragments below it written out.
enum Item<'a> {
    Field(&'a Field, Vec<Item<'a>>),
    /// An inline fragment, or a spread with the fragment's own directives.
    Wrapped(u64, Vec<Item<'a>>),
}

pub(super) struct Recount {
    /// The codes of the limits that are not kept.
    pub(super) over: BTreeSet<&'static str>,
    pub(super) complexity: u64,
    /// In the order of the document, each once.
    pub(super) root_fields: Vec<String>,
    /// Fragments that no operation may spread are checked too, but not counted here.
    has_fragments: bool,
}

impl Recount {
    /// Nothing when the document with its fragments written out is endless.
    pub(super) fn of(
        document: &ExecutableDocument,
        selected: &OperationDefinition,
        variables: &Variables,
        limits: &Limits,
    ) -> Option<Self> {
        let (mut over, mut total, mut left) = (BTreeSet::new(), 0, MOST);
        let mut write_out = |set| written_out(document, set, DEEPEST, &mut left);
        for (_, operation) in document.operations.iter() {
            let items = write_out(&operation.node.selection_set.node)?;
            let on_variables: usize =
                operation.node.variable_definitions.iter().map(|given| given.node.directives.len()).sum();
            let own = (operation.node.directives.len() + on_variables) as u64;
            total += selections(&items);
            note(&mut over, &items, own, limits);
        }
        let items = write_out(&selected.selection_set.node)?;
        let sizes = Sizes { operation: selected, variables, default_page: limits.default_page };
        let complexity = price(&items, &sizes);
        let mut root_fields = Vec::new();
        for (field, _) in level(&items) {
            if !root_fields.contains(&field.name.node.to_string()) {
                root_fields.push(field.name.node.to_string());
            }
        }
        if total > limits.selections || complexity > limits.complexity {
            over.insert("TOO_COMPLEX");
        }
        Some(Self { over, complexity, root_fields, has_fragments: !document.fragments.is_empty() })
    }

    /// Whether a refusal with this code can only come from what is counted here.
    pub(super) fn is_measured(&self, code: &str) -> bool {
        MEASURED.contains(&code) && !(self.has_fragments && matches!(code, "TOO_MANY_FIELDS" | "TOO_COMPLEX"))
    }
}

fn note(over: &mut BTreeSet<&'static str>, items: &[Item<'_>], own_directives: u64, limits: &Limits) {
    let mut introspected = Vec::new();
    introspection(items, &mut introspected);
    let most = |of: fn(&(&Field, &[Item<'_>])) -> u64| introspected.iter().map(of).max().unwrap_or(0);
    for (count, limit, code) in [
        (level(items).len() as u64, limits.root_fields, "TOO_MANY_ROOT_FIELDS"),
        (widest(items), limits.fields, "TOO_MANY_FIELDS"),
        (depth(items), limits.depth, "TOO_DEEP"),
        (nesting(items), limits.nesting as u64, "TOO_DEEP"),
        (aliases(items), limits.aliases, "TOO_MANY_ALIASES"),
        (directives(items) + own_directives, limits.directives, "TOO_MANY_DIRECTIVES"),
        (most(|(_, below)| 1 + depth(below)), limits.introspection_depth, "TOO_DEEP"),
        (most(|(_, below)| lists(below)), limits.introspection_lists, "TOO_DEEP"),
        (most(|(_, below)| 1 + described(below)), limits.introspection_cost, "TOO_COMPLEX"),
    ] {
        if count > limit {
            over.insert(code);
        }
    }
}

fn written_out<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    deep: usize,
    left: &mut usize,
) -> Option<Vec<Item<'a>>> {
    let mut items = Vec::new();
    for item in &set.items {
        *left = left.checked_sub(1)?;
        let mut below = |set| written_out(document, set, deep.checked_sub(1)?, left);
        items.push(match &item.node {
            Selection::Field(field) => Item::Field(&field.node, below(&field.node.selection_set.node)?),
            Selection::InlineFragment(inline) => {
                Item::Wrapped(inline.node.directives.len() as u64, below(&inline.node.selection_set.node)?)
            }
            Selection::FragmentSpread(spread) => {
                let here = spread.node.directives.len();
                match document.fragments.get(&spread.node.fragment_name.node) {
                    None => Item::Wrapped(here as u64, Vec::new()),
                    Some(fragment) => {
                        let own = fragment.node.directives.len();
                        Item::Wrapped((here + own) as u64, below(&fragment.node.selection_set.node)?)
                    }
                }
            }
        });
    }
    Some(items)
}

fn below<'i, 'a>(item: &'i Item<'a>) -> &'i [Item<'a>] {
    match item {
        Item::Field(_, below) | Item::Wrapped(_, below) => below,
    }
}

fn is_introspection(field: &Field) -> bool {
    matches!(field.name.node.as_str(), "__schema" | "__type")
}

/// The fields that stand side by side, also those inside wrappings.
fn level<'i, 'a>(items: &'i [Item<'a>]) -> Vec<(&'a Field, &'i [Item<'a>])> {
    let of = |item: &'i Item<'a>| match item {
        Item::Field(field, below) => vec![(*field, &below[..])],
        Item::Wrapped(_, below) => level(below),
    };
    items.iter().flat_map(of).collect()
}

fn selections(items: &[Item<'_>]) -> u64 {
    items.iter().map(|item| 1 + selections(below(item))).sum()
}

fn nesting(items: &[Item<'_>]) -> u64 {
    items.iter().map(|item| 1 + nesting(below(item))).max().unwrap_or(0)
}

fn widest(items: &[Item<'_>]) -> u64 {
    let fields = level(items);
    fields.iter().map(|(_, below)| widest(below)).max().unwrap_or(0).max(fields.len() as u64)
}

fn depth(items: &[Item<'_>]) -> u64 {
    let of = |(field, below): &(&Field, &[Item<'_>])| if is_introspection(field) { 1 } else { 1 + depth(below) };
    level(items).iter().map(of).max().unwrap_or(0)
}

fn aliases(items: &[Item<'_>]) -> u64 {
    level(items).iter().map(|(field, below)| u64::from(field.alias.is_some()) + aliases(below)).sum()
}

fn directives(items: &[Item<'_>]) -> u64 {
    let own = |item: &Item<'_>| match item {
        Item::Field(field, _) => field.directives.len() as u64,
        Item::Wrapped(count, _) => *count,
    };
    items.iter().map(|item| own(item) + directives(below(item))).sum()
}

fn introspection<'i, 'a>(items: &'i [Item<'a>], found: &mut Vec<(&'a Field, &'i [Item<'a>])>) {
    for (field, below) in level(items) {
        if is_introspection(field) {
            found.push((field, below));
        }
        introspection(below, found);
    }
}

fn lists(items: &[Item<'_>]) -> u64 {
    let is_list = |name: &str| matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes");
    let of = |(field, below): &(&Field, &[Item<'_>])| u64::from(is_list(&field.name.node)) + lists(below);
    level(items).iter().map(of).max().unwrap_or(0)
}

fn described(items: &[Item<'_>]) -> u64 {
    let entries = |name: &str| match name {
        "types" => 100,
        "args" | "directives" | "enumValues" | "fields" | "inputFields" | "interfaces" | "possibleTypes" => 8,
        _ => 1,
    };
    level(items).iter().map(|(field, below)| 1 + entries(&field.name.node) * described(below)).sum()
}

struct Sizes<'a> {
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    default_page: u64,
}

fn price(items: &[Item<'_>], sizes: &Sizes<'_>) -> u64 {
    let of = |(field, below): &(&Field, &[Item<'_>])| match is_introspection(field) {
        true => 1,
        false => sizes.of(field, below).saturating_mul(price(below, sizes)).saturating_add(1),
    };
    level(items).iter().map(of).fold(0, u64::saturating_add)
}

impl Sizes<'_> {
    fn of(&self, field: &Field, below: &[Item<'_>]) -> u64 {
        let number = |name| match self.argument(field, name)? {
            Value::Number(number) => number.as_u64(),
            _ => None,
        };
        let ids = match self.argument(field, "ids") {
            Some(Value::List(items)) => Some(items.len() as u64),
            _ => None,
        };
        let is_connection = level(below).iter().any(|(field, _)| matches!(field.name.node.as_str(), "nodes" | "edges"));
        let asked = [number("first"), number("last"), ids].into_iter().flatten().max();
        asked.map_or(if is_connection { self.default_page } else { 1 }, |size| size.max(1))
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let given = &field.arguments.iter().find(|(known, _)| known.node == name)?.1.node;
        given.clone().into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let defined = |known: &&Positioned<VariableDefinition>| known.node.name.node == *name;
        let default = || self.operation.variable_definitions.iter().find(defined)?.node.default_value.as_ref();
        self.variables.get(name).cloned().or_else(|| default().map(|value| value.node.clone()))
    }
}
