//! The measures of a document, each fragment measured once: thirty fragments that each spread the next twice cost thirty
//! steps here and 2³⁰ in an executor, so they are refused here.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};

use super::pages::{Pages, Sizes};
use super::{Limits, Refused};

/// What a selection set holds, with fragments spread out. Counts saturate: a refusal needs no exact figure.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Fields side by side at this level.
    fields: u64,
    /// Fields, spreads and inline fragments at all levels.
    selections: u64,
    /// Levels of fields.
    depth: u64,
    /// Levels of fields, spreads and inline fragments.
    nesting: u64,
    aliases: u64,
    directives: u64,
    complexity: u64,
    /// Whether the fields at this level are those of a connection.
    is_connection: bool,
    /// Levels of the schema's lists, should this be introspection.
    lists: u64,
    /// A guess at the size of the answer, should this be introspection.
    description: u64,
}

impl Measure {
    fn beside(&mut self, other: Measure) {
        self.fields = self.fields.saturating_add(other.fields);
        self.selections = self.selections.saturating_add(other.selections);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.complexity = self.complexity.saturating_add(other.complexity);
        self.description = self.description.saturating_add(other.description);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
        self.lists = self.lists.max(other.lists);
        self.is_connection |= other.is_connection;
    }

    /// The same content one spread or inline fragment further down.
    fn wrapped(mut self, directives: &[Positioned<Directive>]) -> Self {
        self.selections = self.selections.saturating_add(1);
        self.nesting = self.nesting.saturating_add(1);
        self.directives = self.directives.saturating_add(directives.len() as u64);
        self
    }
}

enum Fragment {
    Open,
    Measured(Measure),
}

/// What `check` wants to know of the operation that will run.
pub(super) struct Measured {
    pub(super) root_fields: Vec<String>,
    pub(super) root_selections: u64,
    pub(super) complexity: u64,
    pub(super) sizes: Sizes,
}

pub(super) struct Measurer<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    pages: Pages<'a>,
    fragments: HashMap<&'a str, Fragment>,
}

impl<'a> Measurer<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, limits: &'a Limits, pages: Pages<'a>) -> Self {
        Self { document, limits, pages, fragments: HashMap::new() }
    }

    /// Measures every operation, because validation walks them all, and prices the selected one.
    pub(super) fn document(mut self, selected: &'a Positioned<OperationDefinition>) -> Result<Measured, Refused> {
        let document = self.document;
        let mut names: Vec<&str> = document.fragments.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        for name in names {
            self.fragment(name)?;
        }
        let mut selections = 0u64;
        for (_, operation) in document.operations.iter() {
            let measure = self.operation(operation)?;
            selections = selections.saturating_add(measure.selections);
        }
        refuse_over(
            selections,
            self.limits.selections,
            "TOO_COMPLEX",
            "The document selects too much with its fragments spread out",
            selected,
        )?;
        let measure = self.operation(selected)?;
        refuse_over(
            measure.complexity,
            self.limits.complexity,
            "TOO_COMPLEX",
            "The operation may return too many fields: ask for smaller pages or fewer fields",
            selected,
        )?;
        let mut root_fields = Vec::new();
        self.root_fields(&selected.node.selection_set.node, &mut root_fields);
        let (root_selections, complexity) = (measure.fields, measure.complexity);
        Ok(Measured { root_fields, root_selections, complexity, sizes: self.pages.sizes() })
    }

    fn operation(&mut self, operation: &'a Positioned<OperationDefinition>) -> Result<Measure, Refused> {
        let mut measure = self.set(&operation.node.selection_set)?;
        let definitions = &operation.node.variable_definitions;
        let on_variables: usize = definitions.iter().map(|d| d.node.directives.len()).sum();
        let own = (operation.node.directives.len() + on_variables) as u64;
        measure.directives = measure.directives.saturating_add(own);
        let limits = self.limits;
        for (count, limit, code, what) in [
            (measure.fields, limits.root_fields, "TOO_MANY_ROOT_FIELDS", "The operation has too many root fields"),
            (measure.depth, limits.depth, "TOO_DEEP", "The operation has too many levels of fields"),
            (measure.nesting, limits.nesting as u64, "TOO_DEEP", "The operation has too many levels of fragments"),
            (measure.aliases, limits.aliases, "TOO_MANY_ALIASES", "The operation has too many aliases"),
            (measure.directives, limits.directives, "TOO_MANY_DIRECTIVES", "The operation has too many directives"),
        ] {
            refuse_over(count, limit, code, what, operation)?;
        }
        Ok(measure)
    }

    fn set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Measure, Refused> {
        let mut measure = Measure::default();
        for item in &set.node.items {
            measure.beside(self.selection(&item.node)?);
        }
        refuse_over(measure.fields, self.limits.fields, "TOO_MANY_FIELDS", "A selection set has too many fields", set)?;
        Ok(measure)
    }

    fn selection(&mut self, selection: &'a Selection) -> Result<Measure, Refused> {
        match selection {
            Selection::Field(field) => self.field(field),
            Selection::InlineFragment(inline) => {
                let measure = self.set(&inline.node.selection_set)?;
                Ok(measure.wrapped(&inline.node.directives))
            }
            Selection::FragmentSpread(spread) => {
                let measure = self.fragment(&spread.node.fragment_name.node)?;
                Ok(measure.wrapped(&spread.node.directives))
            }
        }
    }

    fn field(&mut self, field: &'a Positioned<Field>) -> Result<Measure, Refused> {
        let node = &field.node;
        let name = node.name.node.as_str();
        let below = self.set(&node.selection_set)?;
        let size = self.pages.size(node, below.is_connection);
        let mut measure = Measure {
            fields: 1,
            selections: below.selections.saturating_add(1),
            depth: below.depth.saturating_add(1),
            nesting: below.nesting.saturating_add(1),
            aliases: below.aliases.saturating_add(u64::from(node.alias.is_some())),
            directives: below.directives.saturating_add(node.directives.len() as u64),
            complexity: below.complexity.saturating_mul(size).saturating_add(1),
            is_connection: matches!(name, "nodes" | "edges"),
            lists: below.lists.saturating_add(u64::from(is_schema_list(name))),
            description: below.description.saturating_mul(schema_list_size(name)).saturating_add(1),
        };
        match name {
            "__typename" => check_typename(field)?,
            "__schema" | "__type" => {
                self.introspection(field, &measure)?;
                // The schema describes itself deeper than any data goes, so it has bounds of its own.
                measure.depth = 1;
                measure.complexity = 1;
            }
            _ => {}
        }
        Ok(measure)
    }

    fn introspection(&self, field: &Positioned<Field>, measure: &Measure) -> Result<(), Refused> {
        let limits = self.limits;
        if !limits.introspection {
            return Err(Refused::new(
                "INTROSPECTION_DISABLED",
                "Introspection is switched off: the schema is published as a file.",
                Some(field.pos),
            ));
        }
        for (count, limit, code, what) in [
            (measure.depth, limits.introspection_depth, "TOO_DEEP", "Introspection has too many levels"),
            (measure.lists, limits.introspection_lists, "TOO_DEEP", "Introspection lists types within types too often"),
            (measure.description, limits.introspection_cost, "TOO_COMPLEX", "Introspection asks for too much"),
        ] {
            refuse_over(count, limit, code, what, field)?;
        }
        Ok(())
    }

    fn fragment(&mut self, name: &str) -> Result<Measure, Refused> {
        // An unknown fragment is the schema's validation to report, with its place.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Measure::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Fragment::Measured(measure)) => return Ok(*measure),
            Some(Fragment::Open) => {
                let message = format!("Cannot spread fragment \"{name}\" within itself.");
                return Err(Refused::invalid(message, fragment.pos));
            }
            None => self.fragments.insert(name.as_str(), Fragment::Open),
        };
        let mut measure = self.set(&fragment.node.selection_set)?;
        let own = fragment.node.directives.len() as u64;
        measure.directives = measure.directives.saturating_add(own);
        self.fragments.insert(name.as_str(), Fragment::Measured(measure));
        Ok(measure)
    }

    /// Runs after the measures are known to be small, so the spread-out walk is short.
    fn root_fields(&self, set: &SelectionSet, names: &mut Vec<String>) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    if !names.iter().any(|known| known == name) {
                        names.push(name.to_owned());
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.root_fields(&inline.node.selection_set.node, names);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.root_fields(&fragment.node.selection_set.node, names);
                    }
                }
            }
        }
    }
}

fn refuse_over<T>(count: u64, limit: u64, code: &'static str, what: &str, at: &Positioned<T>) -> Result<(), Refused> {
    if count > limit {
        return Err(Refused::over(code, what, limit, Some(at.pos)));
    }
    Ok(())
}

/// The schema's validation never looks at `__typename`, so what may stand on it is checked here.
fn check_typename(field: &Positioned<Field>) -> Result<(), Refused> {
    let node = &field.node;
    if !node.arguments.is_empty() || !node.selection_set.node.items.is_empty() {
        let message = "Field \"__typename\" takes no arguments and has no fields.";
        return Err(Refused::invalid(message, field.pos));
    }
    for (index, directive) in node.directives.iter().enumerate() {
        let name = &directive.node.name.node;
        if name != "skip" && name != "include" {
            let message = "On \"__typename\" only @skip and @include may stand.";
            return Err(Refused::invalid(message, directive.pos));
        }
        let earlier = &node.directives[..index];
        if earlier.iter().any(|other| other.node.name.node == *name) {
            let message = format!("Duplicate directive \"{name}\"");
            return Err(Refused::invalid(message, directive.pos));
        }
        let arguments = &directive.node.arguments;
        if arguments.len() != 1 || arguments[0].0.node != "if" {
            let message = format!("Directive \"@{name}\" takes one argument, \"if\".");
            return Err(Refused::invalid(message, directive.pos));
        }
    }
    Ok(())
}

/// The lists that lead from a type to further types.
fn is_schema_list(name: &str) -> bool {
    matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes")
}

/// A rough number of entries for each list of the introspection system.
fn schema_list_size(name: &str) -> u64 {
    match name {
        "types" => 100,
        "args" | "directives" | "enumValues" => 8,
        _ if is_schema_list(name) => 8,
        _ => 1,
    }
}
