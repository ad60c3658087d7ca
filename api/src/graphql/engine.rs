//! Executes documents for any transport: checked and validated once, allowed by the table, then run in a context of
//! their own.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Request, Response, ScalarType, ServerError, ValidationMode, Variables, parser::types::OperationType,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, StreamExt};
use tracing::Instrument;

use super::{
    backend::{Backend, Denied, GraphqlRequest},
    context::RequestContext,
    document::{Checked, KnownDocuments, Limits, PersistedDocuments, TrustedDocuments, Validator, check},
    meter::Meter,
    pace::bounded,
    scalar::Date,
    schema::{self, AnjuSchema, SchemaOptions},
};
use crate::{
    auth::{
        policy::{Verdict, may_call},
        viewer::Viewer,
    },
    domain::throttle::Rate,
    error::Error,
    service::{Services, session},
    store::db::PATIENCE,
};

/// How many documents are known by their hash.
const PERSISTED: usize = 1000;

/// How many bytes of documents stay parsed and validated: all that a company's apps send, some hundreds of times over.
const KNOWN_BYTES: usize = 32 * 1024 * 1024;

/// What reading and checking a document is taken to cost, whatever it asks for.
const READING: u64 = 10;

/// What is let through, beside the limits of each document.
#[derive(Clone, Debug)]
pub struct Guard {
    /// How many fields each principal may ask for, and each address of those who are not signed in; none for no bound.
    pub rate: Option<Rate>,
    /// The only documents that run; none for no such list.
    pub documents: Option<TrustedDocuments>,
}

/// As much at once as the apps ask for in hours, and each second as much as ten of the largest documents.
pub const BURST: NonZeroU32 = NonZeroU32::new(5_000_000).expect("it is not zero");
pub const PER_SECOND: NonZeroU32 = NonZeroU32::new(200_000).expect("it is not zero");

impl Default for Guard {
    fn default() -> Self {
        Self { rate: Some(Rate { burst: BURST, per_second: PER_SECOND }), documents: None }
    }
}

/// GraphQL behind the transports. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    services: Services,
    face: &'static Face,
    persisted: PersistedDocuments,
    known: KnownDocuments,
    trusted: Option<TrustedDocuments>,
    meter: Meter,
}

/// What documents are checked and run against. It holds no data, so one serves every engine of a process.
struct Face {
    schema: AnjuSchema,
    validator: Validator,
    limits: Limits,
}

impl Face {
    fn shared(options: SchemaOptions) -> &'static Self {
        static OPEN: OnceLock<Face> = OnceLock::new();
        static PRODUCTION: OnceLock<Face> = OnceLock::new();
        let face = if options.production { &PRODUCTION } else { &OPEN };
        face.get_or_init(|| Self::build(options))
    }

    fn build(options: SchemaOptions) -> Self {
        let validator = Validator::new(schema::builder(options))
            .expect("the schema's own SDL parses")
            .with_scalar("DateTime", |value| text(value).is_some_and(|text| text.parse::<DateTime<Utc>>().is_ok()))
            .with_scalar("Date", |value| Date::parse(value.clone()).is_ok());
        Self {
            schema: schema::builder(options).validation_mode(ValidationMode::Fast).finish(),
            validator: if options.production { validator.without_suggestions() } else { validator },
            limits: Limits { introspection: !options.production, ..Limits::default() },
        }
    }
}

impl Face {
    /// What holds for a document whoever sends it, with whatever variables.
    #[allow(clippy::result_large_err)]
    fn review(&self, query: &str, operation_name: Option<&str>, variables: &Variables) -> Result<Checked, Response> {
        let checked = check(query, operation_name, variables, &self.limits)
            .map_err(|refused| Response::from_errors(vec![refused.into()]))?;
        self.validator.validate(&checked).map_err(Response::from_errors)?;
        Ok(checked)
    }
}

/// An operation that was checked, validated and allowed.
pub struct Prepared {
    checked: Arc<Checked>,
    operation_name: Option<String>,
    variables: Variables,
    address: Option<IpAddr>,
}

impl Engine {
    pub fn new(services: Services, options: SchemaOptions) -> Self {
        Self::guarded(services, options, Guard::default())
    }

    pub fn guarded(services: Services, options: SchemaOptions, guard: Guard) -> Self {
        let face = Face::shared(options);
        let persisted = PersistedDocuments::new(PERSISTED, face.limits.bytes);
        let known = KnownDocuments::new(KNOWN_BYTES);
        let meter = Meter::new(guard.rate);
        Self(Arc::new(Inner { services, face, persisted, known, trusted: guard.documents, meter }))
    }

    pub fn services(&self) -> &Services {
        &self.0.services
    }

    fn request(&self, prepared: Prepared, context: RequestContext) -> Request {
        let mut request = Request::new("").variables(prepared.variables).data(context);
        request.operation_name = prepared.operation_name;
        request.set_parsed_query(prepared.checked.executable());
        request
    }

    /// Only documents that were known beforehand, or any; each may be sent whole or by its hash.
    fn document(&self, request: &mut GraphqlRequest) -> Result<String, ServerError> {
        let query = std::mem::take(&mut request.query);
        let resolved = match &self.0.trusted {
            Some(trusted) => trusted.resolve(&query, &request.extensions),
            None => self.0.persisted.resolve(query, &request.extensions),
        };
        Ok(resolved?)
    }

    /// Whether a document may run at all, whoever has asked for how much; and what it costs with these variables.
    #[allow(clippy::result_large_err)]
    fn examine(&self, viewer: &Viewer, request: &mut GraphqlRequest) -> Result<(Arc<Checked>, u64), Response> {
        let refuse = |error: ServerError| Response::from_errors(vec![error]);
        let query = self.document(request).map_err(refuse)?;
        let face = self.0.face;
        let name = request.operation_name.as_deref();
        let checked = self.0.known.find(&query, name, || face.review(&query, name, &request.variables))?;
        let cost = checked.price(&request.variables, &face.limits).map_err(|refused| refuse(refused.into()))?;
        face.validator.validate_variables(&checked, &request.variables).map_err(Response::from_errors)?;
        Self::allow(viewer, &checked).map_err(refuse)?;
        Ok((checked, cost))
    }

    /// Takes what a request costs from whoever sent it. One that is refused here costs nothing, so that whoever waits as
    /// long as they are told is let in.
    #[allow(clippy::result_large_err)]
    fn charge(&self, viewer: &Viewer, address: Option<IpAddr>, cost: u64) -> Result<(), Response> {
        let charged = self.0.meter.charge(viewer, address, cost, self.now());
        charged.map_err(|wait| Response::from_errors(vec![rate_limited(wait)]))
    }

    /// The table's word on every root field, also on those behind fragments and directives.
    fn allow(viewer: &Viewer, checked: &Checked) -> Result<(), ServerError> {
        for field in checked.root_fields.iter().filter(|field| !field.starts_with("__")) {
            let (code, message) = match may_call(viewer, field) {
                Verdict::Allowed => continue,
                Verdict::SignInFirst => ("UNAUTHENTICATED", format!("Sign in to use \"{field}\".")),
                Verdict::Refused => ("FORBIDDEN", format!("\"{field}\" is not for you.")),
            };
            return Err(coded(code, message));
        }
        Ok(())
    }
}

fn text(value: &async_graphql::Value) -> Option<&str> {
    match value {
        async_graphql::Value::String(text) => Some(text),
        _ => None,
    }
}

fn rate_limited(wait: TimeDelta) -> ServerError {
    let seconds = wait.num_seconds() + 1;
    let message = format!("Too much was asked for in a short time. Try again in {seconds} seconds.");
    let mut error = coded("RATE_LIMITED", message);
    error.extensions.get_or_insert_default().set("retryAfter", seconds);
    error
}

fn coded(code: &str, message: String) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    error
}

impl Backend for Engine {
    type Viewer = Viewer;
    type Prepared = Prepared;

    async fn authenticate(&self, bearer: Option<&str>) -> Result<Viewer, Denied> {
        let Some(token) = bearer else { return Ok(Viewer::anonymous()) };
        session::authenticate(self.services(), token).await.map_err(|error| match error {
            Error::Busy => Denied::new("BUSY", "The service is busy. Try again in a moment."),
            Error::Unauthenticated(message) => Denied::new("UNAUTHENTICATED", message),
            error => {
                tracing::error!(?error, "a token could not be checked");
                Denied::new("INTERNAL", "Something went wrong on our side.")
            }
        })
    }

    fn expires_at(&self, viewer: &Viewer) -> Option<DateTime<Utc>> {
        viewer.expires_at()
    }

    fn prepare(&self, viewer: &Viewer, mut request: GraphqlRequest) -> Result<Prepared, Response> {
        let examined = self.examine(viewer, &mut request);
        let asked_for = examined.as_ref().map_or(0, |(_, cost)| *cost);
        self.charge(viewer, request.address, READING + asked_for)?;
        let (checked, _) = examined?;
        Ok(Prepared {
            checked,
            operation_name: request.operation_name,
            variables: request.variables,
            address: request.address,
        })
    }

    fn operation_type(&self, prepared: &Prepared) -> OperationType {
        prepared.checked.operation_type
    }

    async fn execute(&self, viewer: &Viewer, prepared: Prepared, request_id: &str) -> Response {
        let span = tracing::info_span!("graphql", request_id, operation = prepared.operation_name.as_deref());
        let context = RequestContext::new(self.services().clone(), viewer.clone()).from(prepared.address);
        self.0.face.schema.execute(self.request(prepared, context)).instrument(span).await
    }

    fn subscribe(&self, viewer: &Viewer, prepared: Prepared) -> impl Stream<Item = Response> + Send + 'static {
        let context = RequestContext::live(self.services().clone(), viewer.clone()).from(prepared.address);
        let pace = context.pace.clone();
        pace.works();
        bounded(self.0.face.schema.execute_stream(self.request(prepared, context)).boxed(), pace, PATIENCE)
    }

    async fn ended(&self, viewer: &Viewer) {
        self.services().hub.ended(viewer).await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.services().now()
    }
}
