//! The checker against documents that nobody wrote: those of the apps, nested, repeated, aliased, cut and mixed up by the
//! thousand. What it accepts is counted again in the slowest way there is.

mod lexer;
mod mutation;
mod recount;

use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Variables};
use proptest::prelude::*;
use serde_json::json;

use super::{Checked, Limits, Refused, check};
use recount::Recount;

/// Far more than a walk over eight kilobytes takes, far less than one that grows with powers of two.
const LONG: Duration = Duration::from_secs(2);

const FROM_THE_SCAN: [&str; 3] = ["DOCUMENT_TOO_LARGE", "TOO_MANY_TOKENS", "TOO_DEEP"];

/// So low that the parser's and the scan's notion of a token need not differ often to be told apart.
fn tight() -> Limits {
    Limits { tokens: 24, nesting: 6, ..Limits::default() }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn timed(
    query: &str,
    name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
) -> Result<Result<Checked, Refused>, TestCaseError> {
    let started = Instant::now();
    let outcome = check(query, name, variables, limits);
    prop_assert!(started.elapsed() < LONG, "{query}");
    Ok(outcome)
}

/// What both ways of counting must agree on.
fn judge(query: &str, name: Option<&str>, variables: &Variables, limits: &Limits) -> Result<(), TestCaseError> {
    let outcome = timed(query, name, variables, limits)?;
    let Ok(document) = parse_query(query) else {
        prop_assert!(outcome.is_err(), "the parser refuses {query}");
        return Ok(());
    };
    let name = name.filter(|name| !name.is_empty());
    let mut operations = document.operations.iter();
    let selected = match name {
        None => operations.next(),
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known.as_str() == name)),
    };
    let Some((_, selected)) = selected else {
        prop_assert!(outcome.is_err(), "{query}");
        return Ok(());
    };
    let recount = Recount::of(&document, &selected.node, variables, limits);
    match (outcome, recount) {
        (Ok(checked), Some(recount)) => {
            prop_assert!(recount.over.is_empty(), "{:?} in {}", recount.over, query);
            prop_assert_eq!(checked.complexity, recount.complexity, "{}", query);
            prop_assert!(checked.root_fields.iter().cloned().eq(recount.root_fields), "{query}");
            lifted(checked, query)?;
        }
        (Ok(_), None) => prop_assert!(false, "it has no end and was accepted: {query}"),
        (Err(refused), Some(recount)) if recount.is_measured(refused.code) => {
            prop_assert!(recount.over.contains(refused.code), "{} is not so: {}", refused.code, query);
        }
        (Err(_), _) => {}
    }
    Ok(())
}

/// A subscription's document starts with the one field that the executor looks for.
fn lifted(checked: Checked, query: &str) -> Result<(), TestCaseError> {
    let is_subscription = checked.operation_type == OperationType::Subscription;
    let name = checked.operation_name.clone().map(Name::new);
    let sets = checked.document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let mut sets = sets.chain(checked.document.fragments.values().map(|fragment| &fragment.node.selection_set));
    let has_unknown = sets.any(|set| spreads_unknown(&checked.document, &set.node));
    let document = checked.executable();
    // What spreads a fragment that is not there is refused by the schema's validation before it is lifted.
    if is_subscription && !has_unknown {
        let find = |(known, _): &(Option<&Name>, _)| name.is_none() || *known == name.as_ref();
        let (_, operation) = document.operations.iter().find(find).expect("it was selected");
        let items = &operation.node.selection_set.node.items;
        prop_assert!(matches!(&items[..], [one] if matches!(one.node, Selection::Field(_))), "{query}");
    }
    Ok(())
}

fn spreads_unknown(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => spreads_unknown(document, &field.node.selection_set.node),
        Selection::InlineFragment(inline) => spreads_unknown(document, &inline.node.selection_set.node),
        Selection::FragmentSpread(spread) => !document.fragments.contains_key(&spread.node.fragment_name.node),
    })
}

proptest! {
    #![proptest_config(config(800))]

    #[test]
    fn what_is_accepted_keeps_every_limit_when_fragments_are_written_out(
        (query, name) in mutation::document(),
        size in prop::sample::select(vec![json!({}), json!({"first": 3}), json!({"first": 100, "n": -1, "ids": ["a", "b"]})]),
    ) {
        judge(&query, name.as_deref(), &Variables::from_json(size), &Limits::default())?;
    }

    #[test]
    fn small_fragments_that_spread_each_other_are_counted_alike(query in mutation::fragments()) {
        let limits = Limits { depth: 5, aliases: 6, root_fields: 5, fields: 8, directives: 5, selections: 60,
            complexity: 400, introspection_depth: 4, introspection_cost: 900, ..Limits::default() };
        judge(&query, None, &Variables::default(), &limits)?;
    }

    /// The scan protects the recursive parser, so it must see each bracket and token that the parser sees.
    #[test]
    fn nothing_is_hidden_from_the_scan(query in mutation::quotes()) {
        let (tokens, deepest) = lexer::seen(&query);
        let limits = tight();
        let outcome = timed(&query, None, &Variables::default(), &limits)?;
        if tokens > limits.tokens || deepest > limits.nesting {
            let code = outcome.map(|_| "OK").unwrap_or_else(|refused| refused.code);
            prop_assert!(FROM_THE_SCAN.contains(&code), "{code}, {tokens} tokens, {deepest} deep: {query}");
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let outcome = timed(&text, None, &Variables::default(), &Limits::default())?;
        prop_assert!(outcome.is_err() || parse_query(&text).is_ok());
    }
}
