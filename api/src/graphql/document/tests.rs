//! The checker against documents that clients send, that attackers send, and that nobody wrote.

use async_graphql::Variables;
use proptest::prelude::*;
use serde_json::json;
use std::fmt::Write;
use std::time::{Duration, Instant};

use super::*;

fn checked(query: &str) -> Result<Checked, Refused> {
    check(query, None, &Variables::default(), &Limits::default())
}

fn code(query: &str) -> &'static str {
    match checked(query) {
        Ok(_) => "OK",
        Err(refused) => refused.code,
    }
}

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

fn nested(levels: usize) -> String {
    format!("{}a{}", "{a".repeat(levels - 1) + "{", "}".repeat(levels))
}

#[test]
fn each_limit_holds_on_both_sides() {
    let aliases = |n| format!("{{ v {{ {} }} }}", repeated(n, |i| format!("a{i}: __typename")));
    let fields = |n| format!("{{ v {{ {} }} }}", repeated(n, |i| format!("f{i}")));
    let roots = |n| format!("{{ {} }}", repeated(n, |i| format!("f{i}")));
    let directives = |n| format!("{{ v {} }}", repeated(n, |_| "@include(if: true)".to_owned()));
    let tokens = |n: usize| format!("{{ v(ids: [{}]) }}", "1 ".repeat(n - 9));
    let table = [
        (aliases(30), "OK"),
        (aliases(31), "TOO_MANY_ALIASES"),
        (fields(100), "OK"),
        (fields(101), "TOO_MANY_FIELDS"),
        (roots(10), "OK"),
        (roots(11), "TOO_MANY_ROOT_FIELDS"),
        (directives(30), "OK"),
        (directives(31), "TOO_MANY_DIRECTIVES"),
        (nested(12), "OK"),
        (nested(13), "TOO_DEEP"),
        (nested(60), "TOO_DEEP"),
        (tokens(2000), "OK"),
        (tokens(2001), "TOO_MANY_TOKENS"),
        (format!("{{ a }} #{}", "x".repeat(8185)), "OK"),
        (format!("{{ a }} #{}", "x".repeat(8186)), "DOCUMENT_TOO_LARGE"),
        (format!("{{ a(x: {}1{}) }}", "[".repeat(30), "]".repeat(30)), "OK"),
        (format!("{{ a(x: {}1{}) }}", "[".repeat(31), "]".repeat(31)), "TOO_DEEP"),
    ];
    for (query, expected) in table {
        assert_eq!(code(&query), expected, "{query:.200}");
    }
}

#[test]
fn strings_hide_no_brackets_and_no_tokens() {
    let table = [
        (format!("{{ a(x: [\"\"\"b\" {}", "[".repeat(4000)), "TOO_DEEP"),
        (format!("{{ a(x: [\"\"\"b\" {}{}]) }}", "[".repeat(2000), "]".repeat(2000)), "TOO_DEEP"),
        (format!("{{ a(x: [\"\"\"b\" {}]) }}", "1 ".repeat(2000)), "TOO_MANY_TOKENS"),
        (format!("{{ a(x: [{}]) }}", "0".repeat(2000)), "TOO_MANY_TOKENS"),
        (format!("{{ a(x: [{}]) }}", "b\u{feff}".repeat(1995)), "TOO_MANY_TOKENS"),
        (format!("{{ a(x: \"\"\"{}\"\"\") }}", "[".repeat(4000)), "OK"),
        (format!("{{ a(x: \"\\\"{}\") }}", "[".repeat(4000)), "OK"),
    ];
    for (query, expected) in table {
        assert_eq!(code(&query), expected, "{query:.200}");
    }
}

#[test]
fn fragments_hide_nothing() {
    let chain = |n: usize, last: &str| {
        let links = repeated(n, |i| format!("fragment f{i} on T {{ a {{ ...f{} }} }}", i + 1));
        format!("{{ ...f0 }} {links} fragment f{n} on T {{ {last} }}")
    };
    let ten = repeated(10, |i| format!("a{i}: b"));
    let table = [
        (chain(11, "x"), "OK"),
        (chain(12, "x"), "TOO_DEEP"),
        (format!("{{ a {{ ...f }} b {{ ...f }} c {{ ...f }} }} fragment f on T {{ {ten} }}"), "OK"),
        (
            format!("{{ a {{ ...f }} b {{ ...f }} c {{ ...f }} d {{ ...f }} }} fragment f on T {{ {ten} }}"),
            "TOO_MANY_ALIASES",
        ),
        ("{ ...f } fragment f on T { a { ...f } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ a } fragment f on T { ...g } fragment g on T { ...f }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
    ];
    for (query, expected) in table {
        assert_eq!(code(&query), expected, "{query}");
    }
    let roots = checked("{ ...f a ... on Q { b x: a } } fragment f on Q { c @skip(if: true) }").unwrap();
    assert_eq!(roots.root_fields, ["c", "a", "b"]);
}

#[test]
fn exponential_fragments_are_refused_at_once() {
    for leaf in ["__typename", "a", "... @include(if: true) { a }"] {
        let mut query = "{ ...f0 }".to_owned();
        for i in 0..30 {
            write!(query, " fragment f{i} on Q {{ ...f{n} ...f{n} }}", n = i + 1).unwrap();
        }
        write!(query, " fragment f30 on Q {{ {leaf} }}").unwrap();
        let started = Instant::now();
        assert_eq!(code(&query), "TOO_MANY_FIELDS");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn a_page_multiplies_what_is_below_it() {
    let price = |query: &str, variables: serde_json::Value| {
        let limits = Limits { complexity: u64::MAX, ..Limits::default() };
        check(query, None, &Variables::from_json(variables), &limits).unwrap().complexity
    };
    let none = json!({});
    assert_eq!(price("{ a { b c } }", none.clone()), 3);
    assert_eq!(price("{ a(first: 50) { b c } }", none.clone()), 101);
    assert_eq!(price("{ a(last: 5) { b } }", none.clone()), 6);
    assert_eq!(price("{ a { nodes { b } } }", none.clone()), 41);
    assert_eq!(price("{ a { ... { nodes { b } } } }", none.clone()), 41);
    assert_eq!(price("{ a { ...f } } fragment f on T { x: edges { b } }", none.clone()), 41);
    assert_eq!(price("{ a(ids: [1, 2, 3]) { b } }", none.clone()), 4);
    assert_eq!(price("{ a(input: {actions: [{b: 1}, {b: 2}]}) { c { d } } }", none.clone()), 5);
    let query = "query($n: Int = 7) { a(first: $n) { b } }";
    assert_eq!(price(query, none.clone()), 8);
    assert_eq!(price(query, json!({"n": 1000})), 1001);
    assert_eq!(price("query($i: [ID!]!) { nodes(ids: $i) { b } }", json!({"i": ["a", "b"]})), 3);
    assert_eq!(code("{ a(first: 100) { nodes { b(first: 100) { nodes { c d } } } } }"), "TOO_COMPLEX");
    assert_eq!(code("{ a(first: 4000000000) { b(first: 4000000000) { c(first: 4000000000) { d } } } }"), "TOO_COMPLEX");
}

#[test]
fn a_price_is_that_of_the_variables_given_whatever_it_was_before() {
    let limits = Limits { complexity: 100_000, ..Limits::default() };
    let first = "query($n: Int = 7) { a(first: $n) { b } }";
    let nested = "query($n: Int, $m: Int) { a(first: $n) { b(last: $m) { c } } }";
    let ids = "query($i: [ID!]!) { nodes(ids: $i) { b } }";
    let within = "query($i: ID!, $n: Int) { nodes(ids: [$i, $i]) { a(first: $n) { b } } }";
    let table = [
        (first, vec![json!({}), json!({"n": 1}), json!({"n": 1000}), json!({"n": null}), json!({"other": 1})]),
        (nested, vec![json!({}), json!({"n": 2}), json!({"m": 3}), json!({"n": 3, "m": 2})]),
        (ids, vec![json!({"i": []}), json!({"i": ["a"]}), json!({"i": ["a", "b", "c"]})]),
        (within, vec![json!({"i": "a"}), json!({"i": "b", "n": 4}), json!({"n": 5})]),
    ];
    for (query, given) in table {
        let given: Vec<_> = given.into_iter().map(Variables::from_json).collect();
        for before in &given {
            let checked = check(query, None, before, &limits).unwrap();
            for now in &given {
                let anew = check(query, None, now, &limits).unwrap().complexity;
                assert_eq!(checked.price(now, &limits).unwrap(), anew, "{query} {now:?} after {before:?}");
            }
        }
        let many = Variables::from_json(json!({"n": 200_000, "m": 1, "i": "a"}));
        let checked = check(query, None, &given[0], &limits).unwrap();
        assert_eq!(checked.price(&many, &limits).is_err(), query != ids, "{query}");
    }
}

/// The documents the apps send, cut to their operations: the most expensive shapes among them.
const APP_DOCUMENTS: &str = r"
fragment Card on Ticket {
  id number kind category urgency status title version
  createdAt respondDueAt arriveDueAt resolveDueAt isOverdue escalationLevel
  unit { id code building { id name project { id name } } } assignee { id name }
}
fragment Event on TicketEvent {
  id cursor action fromStatus toStatus note occurredAt
  actor { __typename ... on Owner { id name } ... on Staff { id name role } }
}
query MyTickets($first: Int = 20) {
  tickets(first: $first) { totalCount
    edges { cursor node { ...Card events(last: 3) { nodes { ...Event } } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}
query MissedTicketEvents($first: Int = 100) {
  ticketEvents(first: $first) { edges { cursor node { ...Event ticket { ...Card } } } pageInfo { hasNextPage endCursor } }
}
query TicketById($id: ID!) {
  node(id: $id) { __typename id ... on Ticket { ...Card description channel
    attachments { id url thumbnailUrl contentType byteSize }
    events(first: 50) { nodes { ...Event } pageInfo { hasNextPage endCursor } } } }
}
query Households($first: Int = 50) {
  viewer { ... on Staff { id households(first: $first) { totalCount
    nodes { id code handedOverOn building { id name } owners { id name phone stage } openTicketCount
      warrantyItems { id part expiresOn } } pageInfo { hasNextPage endCursor } } } }
}";

#[test]
fn what_the_apps_send_passes_at_their_page_and_at_a_hundred() {
    for name in ["MyTickets", "MissedTicketEvents", "TicketById", "Households"] {
        for variables in [json!({}), json!({"first": 100})] {
            let variables = Variables::from_json(variables);
            let outcome = check(APP_DOCUMENTS, Some(name), &variables, &Limits::default());
            assert!(outcome.is_ok(), "{name}: {outcome:?}");
        }
    }
}

#[test]
fn the_operation_is_found_by_name() {
    let find = |query: &str, name: Option<&str>| {
        check(query, name, &Variables::default(), &Limits::default())
            .map(|checked| checked.operation_type)
            .map_err(|refused| refused.code)
    };
    let two = "query A { a } mutation B { b }";
    assert_eq!(find(two, Some("A")), Ok(OperationType::Query));
    assert_eq!(find(two, Some("B")), Ok(OperationType::Mutation));
    assert_eq!(find(two, Some("C")), Err("OPERATION_NOT_FOUND"));
    assert_eq!(find(two, None), Err("OPERATION_NOT_FOUND"));
    assert_eq!(find("{ a }", Some("A")), Err("OPERATION_NOT_FOUND"));
    assert_eq!(find("query A { a }", Some("")), Ok(OperationType::Query));
}

#[test]
fn a_subscription_has_one_root_field_wherever_it_stands() {
    assert_eq!(code("subscription { a b }"), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(code("subscription { ...f } fragment f on S { a b }"), "GRAPHQL_VALIDATION_FAILED");
    let hidden = checked("subscription { ... on S { ...f } } fragment f on S { a { b } }").unwrap();
    assert_eq!(hidden.root_fields, ["a"]);
    let document = hidden.executable();
    let operation = document.operations.iter().next().unwrap().1;
    let items = &operation.node.selection_set.node.items;
    assert!(matches!(&items[0].node, Selection::Field(field) if field.node.name.node == "a"));
}

#[test]
fn typename_takes_nothing_that_the_schema_would_not_see() {
    for bad in [
        "{ __typename(x: 1) }",
        "{ __typename { a } }",
        "{ __typename @nosuch }",
        "{ __typename @skip(if: true) @skip(if: true) }",
        "{ __typename @skip }",
        "{ __typename @skip(unless: true) }",
    ] {
        assert_eq!(code(bad), "GRAPHQL_VALIDATION_FAILED", "{bad}");
    }
    assert_eq!(code("{ __typename @skip(if: true) @include(if: false) }"), "OK");
}

#[test]
fn a_syntax_error_says_where_and_what_without_a_picture() {
    let refused = checked("{ a ").unwrap_err();
    assert_eq!(refused.code, "GRAPHQL_PARSE_FAILED");
    assert!(!refused.message.contains('\n'), "{}", refused.message);
    assert_eq!(refused.locations.len(), 1);
}

const INTROSPECTION: &str = r"
query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
  types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[test]
fn introspection_passes_as_tools_ask_and_is_bounded_otherwise() {
    assert_eq!(code(INTROSPECTION), "OK");
    let circular = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }";
    assert_eq!(code(circular), "TOO_DEEP");
    let list = "types { fields { name type { fields { name args { name } } } } inputFields { name } }";
    let many = format!("{{ __schema {{ {} }} }}", repeated(25, |i| format!("a{i}: {list}")));
    assert_eq!(code(&many), "TOO_COMPLEX");
    let limits = Limits { introspection: false, ..Limits::default() };
    for query in
        [INTROSPECTION, "{ __type(name: \"A\") { name } }", "{ ...f } fragment f on Q { __schema { description } }"]
    {
        let refused = check(query, None, &Variables::default(), &limits).unwrap_err();
        assert_eq!(refused.code, "INTROSPECTION_DISABLED");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Nothing a client can write makes the checker panic or dawdle.
    #[test]
    fn arbitrary_text_is_answered(text in "[ \\n{}()\\[\\]:!$@\"\\\\#.,&|=a-z0-9_\u{e9}\u{1F600}-]{0,400}") {
        let _ = checked(&text);
    }

    #[test]
    fn arbitrary_tokens_are_answered(words in prop::collection::vec(prop::sample::select(vec![
        "query", "mutation", "subscription", "fragment", "on", "f", "g", "T", "{", "}", "(", ")", "[", "]", ":", "!",
        "$v", "=", "...", "...f", "...g", "@skip(if: true)", "@d", "1", "-1.5e3", "\"s\\u00e9\"", "\"\"\"b\n  c\"\"\"", "\"\\uD83D\"",
        "null", "true", "a", "b", "__typename", "__schema", "first: 3", ",", "#x\n",
    ]), 0..60)) {
        let text = words.join(" ");
        if let Ok(checked) = checked(&text) {
            prop_assert!(checked.complexity <= Limits::default().complexity);
            prop_assert!(checked.root_fields.len() <= 10);
            let _ = checked.executable();
        }
    }
}
