//! A GraphQL of a few fields behind the transports, with a clock the tests turn by hand.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Context, Object, Request, Response, Result, Schema, ServerError, Subscription, Variables};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Message};
use crate::graphql::document::{Limits, PersistedDocuments, Validator, check};
use crate::graphql::error::coded;
use crate::http::{Backend, Denied, GraphqlRequest, Pushed};
use crate::language::Language;

pub(super) struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.as_deref().unwrap_or("您好"))
    }

    async fn who(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(ctx.data::<Viewer>()?.name.clone().unwrap_or_default())
    }

    async fn fail(&self) -> Result<i32> {
        Err("SELECT secret FROM owners".into())
    }

    async fn refuse(&self) -> Option<Result<i32>> {
        Some(Err(Error::NotFound(Message::Unknown).into()))
    }

    async fn many(&self) -> Vec<Many> {
        (0..500).map(|_| Many).collect()
    }

    async fn panic(&self) -> i32 {
        let numbers: Vec<i32> = Vec::new();
        numbers[0]
    }

    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_secs(600)).await;
        1
    }

    async fn pause(&self, ms: u64) -> u64 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        ms
    }
}

pub(super) struct Many;

#[Object]
impl Many {
    async fn fails(&self) -> Option<Result<i32>> {
        Some(Err("one of many".into()))
    }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn double(&self, number: i32) -> i32 {
        number * 2
    }
}

pub(super) struct Feed;

#[Subscription]
impl Feed {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    /// Goes on for a while; then what it stands on is gone.
    async fn falters(&self) -> impl Stream<Item = Result<i32>> {
        stream::iter([Ok(1), Err(Error::Busy.into()), Ok(3)])
    }

    /// Nothing ever comes.
    async fn silence(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    /// As much as the client takes, in pieces of 8 KiB.
    async fn flood(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = String>> {
        let made = ctx.data::<Arc<AtomicUsize>>()?.clone();
        Ok(stream::repeat_with(move || {
            made.fetch_add(1, Ordering::SeqCst);
            "x".repeat(8 * 1024)
        }))
    }

    async fn broken(&self) -> Result<impl Stream<Item = i32>> {
        Err::<stream::Empty<i32>, _>(Error::NotFound(Message::Unknown).into())
    }
}

#[derive(Clone)]
pub(super) struct Viewer {
    name: Option<String>,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Clone)]
pub(super) struct StandIn {
    schema: Schema<Query, Mutation, Feed>,
    validator: Validator,
    limits: Limits,
    persisted: Arc<PersistedDocuments>,
    now: Arc<Mutex<DateTime<Utc>>>,
    pub(super) signed_out: CancellationToken,
    /// How many pieces `flood` has made.
    pub(super) made: Arc<AtomicUsize>,
}

pub(super) struct Prepared {
    document: ExecutableDocument,
    operation_type: OperationType,
    operation_name: Option<String>,
    variables: Variables,
}

impl StandIn {
    pub(super) fn new() -> Self {
        let validator = Validator::new(Schema::build(Query, Mutation, Feed)).unwrap();
        Self {
            schema: Schema::build(Query, Mutation, Feed).validation_mode(async_graphql::ValidationMode::Fast).finish(),
            validator: validator.without_suggestions(),
            limits: Limits::default(),
            persisted: Arc::new(PersistedDocuments::new(10, 8192)),
            now: Arc::new(Mutex::new(DateTime::UNIX_EPOCH)),
            signed_out: CancellationToken::new(),
            made: Arc::default(),
        }
    }

    /// Tokens last a quarter of an hour.
    pub(super) fn turn_clock(&self, minutes: i64) {
        *self.now.lock().unwrap() += TimeDelta::minutes(minutes);
    }

    fn request(&self, viewer: &Viewer, prepared: Prepared) -> Request {
        let mut request = Request::new("").variables(prepared.variables);
        request.operation_name = prepared.operation_name;
        request.set_parsed_query(prepared.document);
        request.data(viewer.clone()).data(self.made.clone())
    }
}

impl Backend for StandIn {
    type Viewer = Viewer;
    type Prepared = Prepared;

    async fn authenticate(&self, bearer: Option<&str>) -> Result<Viewer, Denied> {
        match bearer {
            None => Ok(Viewer { name: None, expires_at: None }),
            // Ends in a moment.
            Some("brief") => {
                let expires_at = Some(self.now() + TimeDelta::milliseconds(300));
                Ok(Viewer { name: Some("brief".to_owned()), expires_at })
            }
            Some("good") => {
                Ok(Viewer { name: Some("good".to_owned()), expires_at: Some(self.now() + TimeDelta::minutes(15)) })
            }
            Some(_) => Err(Denied::new("UNAUTHENTICATED", Message::TokenNotValid)),
        }
    }

    fn language(&self, _viewer: &Viewer) -> Option<Language> {
        None
    }

    fn expires_at(&self, viewer: &Viewer) -> Option<DateTime<Utc>> {
        viewer.expires_at
    }

    fn prepare(&self, viewer: &Viewer, request: GraphqlRequest) -> Result<Prepared, Response> {
        let refuse = |errors: Vec<ServerError>| Response::from_errors(errors);
        let resolved = self.persisted.resolve(request.query, &request.extensions);
        let query = resolved.map_err(|refused| refuse(vec![refused.into()]))?;
        let name = request.operation_name.as_deref();
        let checked =
            check(&query, name, &request.variables, &self.limits).map_err(|refused| refuse(vec![refused.into()]))?;
        self.validator.validate(&checked).map_err(refuse)?;
        self.validator.validate_variables(&checked, &request.variables).map_err(refuse)?;
        if viewer.name.is_none() && checked.root_fields.iter().any(|field| field == "who") {
            return Err(refuse(vec![coded("UNAUTHENTICATED", Message::SignInFirst)]));
        }
        Ok(Prepared {
            operation_type: checked.operation_type,
            document: checked.executable(),
            operation_name: request.operation_name,
            variables: request.variables,
        })
    }

    fn operation_type(&self, prepared: &Prepared) -> OperationType {
        prepared.operation_type
    }

    async fn execute(&self, viewer: &Viewer, prepared: Prepared, _request_id: &str) -> Response {
        self.schema.execute(self.request(viewer, prepared)).await
    }

    fn subscribe(&self, viewer: &Viewer, prepared: Prepared) -> impl Stream<Item = Pushed> + Send + 'static {
        self.schema.execute_stream(self.request(viewer, prepared)).map(Box::new).map(Pushed::Response).boxed()
    }

    async fn ended(&self, _viewer: &Viewer) {
        self.signed_out.cancelled().await;
    }

    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }
}
