//! The schema's opinion of a document, apart from running it: the same rules the executor applies, so a request that does
//! not validate is known for one before any resolver starts.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{
    ErrorExtensionValues, ObjectType, Request, Response, SchemaBuilder, ServerError, SubscriptionType, Variables,
    async_trait, parser,
};
use futures_util::FutureExt;

use super::{Checked, InputTypes, Refused};

/// More errors than this help nobody.
const MAX_ERRORS: usize = 100;

type Rules = dyn Fn(Request) -> Response + Send + Sync;

/// A schema that validates and never executes. Keep the schema that executes in `ValidationMode::Fast`: this one has
/// already applied every rule, and the extension that stops it would slow each field of the other.
#[derive(Clone)]
pub struct Validator {
    rules: Arc<Rules>,
    inputs: InputTypes,
    suggestions: bool,
}

impl Validator {
    /// `builder` builds the same types as the schema that executes; its data and resolvers are never used.
    pub fn new<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> Result<Self, parser::Error>
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let schema = builder.extension(ValidateOnly).finish();
        let inputs = InputTypes::from_sdl(&schema.sdl())?;
        let rules = move |request: Request| {
            let answer = schema.execute(request).now_or_never();
            answer.expect("validation waits for nothing")
        };
        Ok(Self { rules: Arc::new(rules), inputs, suggestions: true })
    }

    /// Errors name no fields or arguments the sender did not. The builder's own switch misses arguments.
    #[must_use]
    pub fn without_suggestions(mut self) -> Self {
        self.suggestions = false;
        self
    }

    /// See [`InputTypes::with_scalar`].
    #[must_use]
    pub fn with_scalar(mut self, name: &str, check: fn(&async_graphql::Value) -> bool) -> Self {
        self.inputs = self.inputs.with_scalar(name, check);
        self
    }

    /// Every error comes with its code. The rules are applied without the variables, so the outcome holds for the
    /// document, whoever sends it.
    pub fn validate(&self, checked: &Checked) -> Result<(), Vec<ServerError>> {
        let mut request = Request::new("");
        request.operation_name = checked.operation_name.clone();
        request.set_parsed_query(checked.document.clone());
        let mut errors = (self.rules)(request).errors;
        errors.truncate(MAX_ERRORS);
        for error in &mut errors {
            if !self.suggestions
                && let Some(end) = error.message.find(" Did you mean")
            {
                error.message.truncate(end);
            }
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", "GRAPHQL_VALIDATION_FAILED");
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Checks the variables against the types that the operation of a valid document gives them.
    pub fn validate_variables(&self, checked: &Checked, variables: &Variables) -> Result<(), Vec<ServerError>> {
        let problems: Vec<Refused> = self.inputs.check(&checked.operation().node, variables);
        if problems.is_empty() { Ok(()) } else { Err(problems.into_iter().map(ServerError::from).collect()) }
    }
}

struct ValidateOnly;

impl ExtensionFactory for ValidateOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(ValidateOnly)
    }
}

#[async_trait::async_trait]
impl Extension for ValidateOnly {
    async fn execute(
        &self,
        _context: &ExtensionContext<'_>,
        _operation_name: Option<&str>,
        _next: NextExecute<'_>,
    ) -> Response {
        Response::default()
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, InputObject, Object, Schema, Subscription, Value};
    use futures_util::{Stream, stream};
    use serde_json::json;

    use super::super::{Limits, check};
    use super::*;

    struct Query;

    #[derive(InputObject)]
    struct Filter {
        text: String,
        size: Option<i32>,
    }

    #[Object]
    impl Query {
        async fn find(&self, filter: Filter, ids: Option<Vec<i32>>) -> i32 {
            filter.size.unwrap_or_default() + filter.text.len() as i32 + ids.map_or(0, |ids| ids.len() as i32)
        }
    }

    struct Feed;

    #[Subscription]
    impl Feed {
        async fn numbers(&self) -> impl Stream<Item = i32> {
            stream::iter([1])
        }
    }

    fn validate(query: &str, variables: serde_json::Value) -> Vec<ServerError> {
        let validator = Validator::new(Schema::build(Query, EmptyMutation, Feed)).unwrap();
        let variables = Variables::from_json(variables);
        let checked = check(query, None, &variables, &Limits::default()).unwrap();
        let validator = validator.without_suggestions();
        let outcome = validator.validate(&checked).and_then(|()| validator.validate_variables(&checked, &variables));
        outcome.err().unwrap_or_default()
    }

    fn codes(errors: &[ServerError]) -> Vec<String> {
        let code = |error: &ServerError| match error.extensions.as_ref()?.get("code")? {
            Value::String(code) => Some(code.clone()),
            _ => None,
        };
        errors.iter().map(|error| code(error).unwrap_or_default()).collect()
    }

    #[test]
    fn the_schema_is_asked_without_running_anything() {
        assert!(validate("{ find(filter: {text: \"a\"}) }", json!({})).is_empty());
        assert!(validate("subscription { numbers }", json!({})).is_empty());
        for bad in [
            "{ fnd }",
            "{ find }",
            "{ find(filtr: {}) }",
            "{ find(filter: {text: 1}) }",
            "{ ...nowhere }",
            "mutation { a }",
        ] {
            let errors = validate(bad, json!({}));
            assert!(!errors.is_empty(), "{bad}");
            assert!(codes(&errors).iter().all(|code| code == "GRAPHQL_VALIDATION_FAILED"), "{bad}");
            assert!(errors.iter().all(|error| !error.message.contains("Did you mean")), "{errors:?}");
        }
    }

    #[test]
    fn variables_are_checked_against_their_declared_types() {
        let query = "query($f: Filter!, $i: [Int!]) { find(filter: $f, ids: $i) }";
        for good in [
            json!({"f": {"text": "a"}}),
            json!({"f": {"text": "a", "size": null}, "i": 3, "unused": {}}),
            json!({"f": {"text": "a", "size": 1}, "i": [1, 2]}),
        ] {
            assert!(validate(query, good.clone()).is_empty(), "{good}");
        }
        for bad in [
            json!({}),
            json!({"f": null}),
            json!({"f": "text"}),
            json!({"f": {}}),
            json!({"f": {"text": 1}}),
            json!({"f": {"text": "a", "other": 1}}),
            json!({"f": {"text": "a", "size": 1.5}}),
            json!({"f": {"text": "a", "size": 3_000_000_000u64}}),
            json!({"f": {"text": "a"}, "i": [null]}),
            json!({"f": {"text": "a"}, "i": "1"}),
        ] {
            let errors = validate(query, bad.clone());
            assert_eq!(codes(&errors), ["BAD_USER_INPUT"], "{bad}");
        }
        let secret = validate(query, json!({"f": {"text": ["13800138000"]}}));
        assert!(!secret[0].message.contains("13800138000"));
    }
}
