//! The check of a document before anything runs: how large it is, how deep, how often it repeats itself and what it would
//! cost. Pure: no schema, no clock, no database. What the schema thinks of a document is `rules`; who may ask is not here.

mod known;
mod measure;
mod pages;
mod persisted;
mod rules;
mod scan;
mod trusted;
mod variables;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
};
use async_graphql::parser::{self, parse_query};
use async_graphql::{ErrorExtensionValues, Pos, Positioned, ServerError, Variables};

use super::{direct::Plans, error::AboutDocument};
use measure::{Measured, Measurer};
use pages::{Pages, Sizes};

pub use known::KnownDocuments;
pub use persisted::PersistedDocuments;
pub use rules::Validator;
pub use trusted::TrustedDocuments;
pub use variables::InputTypes;

/// What a document may contain. Counts are taken with fragments spread out, as execution sees them.
#[derive(Clone, Debug)]
pub struct Limits {
    pub bytes: usize,
    pub tokens: usize,
    /// Brackets of any kind inside each other, checked before the recursive parser runs.
    pub nesting: usize,
    pub depth: u64,
    pub aliases: u64,
    pub root_fields: u64,
    pub fields: u64,
    pub directives: u64,
    /// Selections of all operations together, fragments spread out.
    pub selections: u64,
    pub complexity: u64,
    /// What a connection without `first` and `last` is taken to return.
    pub default_page: u64,
    pub introspection: bool,
    pub introspection_depth: u64,
    /// Lists of the schema's own lists inside each other (`fields { type { fields`).
    pub introspection_lists: u64,
    pub introspection_cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 8 * 1024,
            tokens: 2_000,
            nesting: 32,
            depth: 12,
            aliases: 30,
            root_fields: 10,
            fields: 100,
            directives: 30,
            selections: 5_000,
            complexity: 20_000,
            default_page: 20,
            introspection: true,
            introspection_depth: 16,
            introspection_lists: 2,
            introspection_cost: 400_000,
        }
    }
}

/// What a token takes once it is parsed and planned, at most: most of all as a field without anything else.
const BYTES_OF_TOKEN: usize = 600;

/// A document that keeps within the limits, parsed once.
#[derive(Debug)]
pub struct Checked {
    pub document: ExecutableDocument,
    pub operation_type: OperationType,
    /// The names of all fields at the root, also those behind fragments and directives, each once.
    pub root_fields: Vec<String>,
    pub complexity: u64,
    /// With which page sizes it costs that.
    sizes: Sizes,
    operation_name: Option<String>,
    /// About how many bytes it takes in memory.
    bytes: usize,
    /// How it can be answered directly, once that was looked at.
    pub(super) plans: Plans,
}

/// Why a document is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: &'static str,
    pub message: String,
    pub locations: Vec<Pos>,
}

impl Refused {
    fn new(code: &'static str, message: impl Into<String>, pos: Option<Pos>) -> Self {
        Self { code, message: message.into(), locations: pos.into_iter().collect() }
    }

    fn over(code: &'static str, what: &str, limit: u64, pos: Option<Pos>) -> Self {
        Self::new(code, format!("{what} (at most {limit})."), pos)
    }

    fn invalid(message: impl Into<String>, pos: Pos) -> Self {
        Self::new("GRAPHQL_VALIDATION_FAILED", message, Some(pos))
    }
}

impl From<Refused> for ServerError {
    fn from(refused: Refused) -> Self {
        let mut error = ServerError::new(refused.message, None);
        error.locations = refused.locations;
        error.source = Some(Arc::new(AboutDocument));
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", refused.code);
        error
    }
}

impl Checked {
    /// The operation that will run.
    pub fn operation(&self) -> &Positioned<OperationDefinition> {
        select(&self.document, self.operation_name.as_deref()).expect("check() found this operation in this document")
    }

    /// The variables that stand as arguments of a subscription's own field.
    pub fn root_variables(&self) -> Vec<String> {
        let arguments = root_field(self).into_iter().flat_map(|field| &field.node.arguments);
        arguments.filter_map(|(_, value)| value.node.to_string().strip_prefix('$').map(str::to_owned)).collect()
    }

    /// The document in the form the executor serves, which takes it apart: it starts no stream for a subscription's field
    /// behind a fragment, so that field is lifted to the root.
    pub fn executable(&self) -> ExecutableDocument {
        let mut document = self.document.clone();
        if self.operation_type == OperationType::Subscription
            && let Some(field) = root_field(self).cloned()
            && let Some(operation) = select_mut(&mut document, self.operation_name.as_deref())
        {
            let pos = field.pos;
            let selection = Positioned::new(Selection::Field(field), pos);
            operation.node.selection_set.node.items = vec![selection];
        }
        document
    }

    /// What the operation costs with these variables, which say how large its pages are. A walk over what was parsed, where
    /// they say something else than they did when it was checked, within the same limits.
    pub fn price(&self, variables: &Variables, limits: &Limits) -> Result<u64, Refused> {
        if self.sizes.hold(variables) {
            return Ok(self.complexity);
        }
        Ok(measured(&self.document, self.operation(), variables, limits)?.complexity)
    }
}

fn measured(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
    limits: &Limits,
) -> Result<Measured, Refused> {
    let pages = Pages::new(&operation.node, variables, limits.default_page);
    Measurer::new(document, limits, pages).document(operation)
}

/// Checks a document and finds the operation to run. Costs no more than a walk over the text, whatever the text says.
pub fn check(
    query: &str,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
) -> Result<Checked, Refused> {
    let tokens = scan::scan(query, limits)?;
    let document = parse_query(query).map_err(syntax_error)?;
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let operation = select(&document, operation_name)?;
    let measured = measured(&document, operation, variables, limits)?;
    let operation_type = operation.node.ty;
    if operation_type == OperationType::Subscription && measured.root_selections != 1 {
        return Err(Refused::invalid("A subscription selects exactly one root field.", operation.pos));
    }
    Ok(Checked {
        operation_type,
        root_fields: measured.root_fields,
        complexity: measured.complexity,
        sizes: measured.sizes,
        operation_name: operation_name.map(str::to_owned),
        bytes: query.len() + tokens * BYTES_OF_TOKEN,
        plans: Plans::default(),
        document,
    })
}

fn select<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, Refused> {
    let not_found = |message: String| Refused::new("OPERATION_NOT_FOUND", message, None);
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().ok_or_else(|| not_found("The document holds no operation.".to_owned()))
        }
        (DocumentOperations::Multiple(operations), Some(name)) if operations.contains_key(name) => {
            Ok(&operations[name])
        }
        (_, Some(_)) => Err(not_found("The document holds no operation of the name in operationName.".to_owned())),
        (_, None) => Err(not_found("The document holds several operations: name one in operationName.".to_owned())),
    }
}

fn select_mut<'a>(
    document: &'a mut ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a mut Positioned<OperationDefinition>> {
    match (&mut document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name),
        (DocumentOperations::Multiple(operations), None) => operations.values_mut().next(),
    }
}

/// The one root field of a subscription, wherever fragments hide it.
fn root_field(checked: &Checked) -> Option<&Positioned<Field>> {
    let mut set = &checked.operation().node.selection_set;
    loop {
        match &set.node.items.first()?.node {
            Selection::Field(field) => return Some(field),
            Selection::InlineFragment(inline) => set = &inline.node.selection_set,
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                set = &checked.document.fragments.get(name)?.node.selection_set;
            }
        }
    }
}

/// The parser's message is a picture of the source with an arrow; its last line says what was expected.
fn syntax_error(error: parser::Error) -> Refused {
    let text = error.to_string();
    let expected = text.rsplit("= ").next().unwrap_or_default().trim();
    Refused {
        code: "GRAPHQL_PARSE_FAILED",
        message: format!("Syntax error: {expected}."),
        locations: error.positions().collect(),
    }
}
