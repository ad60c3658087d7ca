//! Executes documents for any transport: checked and validated once, allowed by the table, then run in a context of
//! their own.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_graphql::{
    Request, Response, ScalarType, ServerError, ValidationMode, Variables, parser::types::OperationType,
};
use chrono::{DateTime, Utc};
use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use tokio::time::timeout;
use tracing::{Instrument, Span, field::Empty};

use super::{
    backend::{Backend, Denied, GraphqlRequest},
    context::RequestContext,
    direct::{self, Shortcut, Templates},
    document::{Checked, KnownDocuments, Limits, PersistedDocuments, TrustedDocuments, Validator, check},
    error::{code_of, coded},
    guard::Guard,
    live::{self, Pushed, Reads, Shape, Shapes},
    meter::Meter,
    scalar::Date,
    schema::{self, AnjuSchema, SchemaOptions},
};
use crate::{
    auth::{
        policy::{Verdict, may_call},
        viewer::Viewer,
    },
    error::{Error, Message},
    language::{DEFAULT, Language},
    service::{Services, session},
};

/// How many documents are known by their hash.
const PERSISTED: usize = 1000;

/// How many bytes of documents stay parsed and validated: all that a company's apps send, some hundreds of times over.
const KNOWN_BYTES: usize = 32 * 1024 * 1024;

/// What reading and checking a document is taken to cost, whatever it asks for.
const READING: u64 = 10;

/// How long a query may take on the replica; a replica that hangs must leave time for the primary.
const REPLICA_PATIENCE: Duration = Duration::from_secs(3);

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
    shapes: Shapes,
    reads: Reads,
    /// The statements of queries that are answered directly; none where the resolvers answer everything.
    templates: Option<Arc<Templates>>,
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
#[derive(Clone)]
pub struct Prepared {
    checked: Arc<Checked>,
    /// What it has in common with others, for a subscription.
    shape: Option<Arc<Shape>>,
    operation_name: Option<String>,
    variables: Variables,
    address: Option<IpAddr>,
    language: Language,
    is_viewer_fresh: bool,
}

/// A document that may run.
struct Examined {
    checked: Arc<Checked>,
    cost: u64,
    query: String,
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
        let reads = Reads::new(&services.db);
        Self(Arc::new(Inner {
            services,
            face,
            persisted,
            known,
            trusted: guard.documents,
            meter,
            shapes: Shapes::default(),
            reads,
            templates: guard.answers_directly.then(Arc::<Templates>::default),
        }))
    }

    pub fn services(&self) -> &Services {
        &self.0.services
    }

    /// What subscribers ask for, gathered.
    pub(super) fn reads(&self) -> &Reads {
        &self.0.reads
    }

    /// One turn of a subscription.
    pub(super) fn turn(
        &self,
        shape: &Shape,
        variables: Variables,
        context: RequestContext,
    ) -> BoxStream<'static, Response> {
        let request = request(shape.checked(), shape.operation_name(), variables, context);
        self.0.face.schema.execute_stream(request).boxed()
    }

    async fn run(&self, services: Services, viewer: &Viewer, prepared: Prepared) -> Response {
        let (templates, checked) = (self.0.templates.as_ref(), &prepared.checked);
        if let Some(templates) = templates
            && checked.operation_type == OperationType::Query
            && let Some(response) =
                direct::answer(templates, (&services, viewer, prepared.language), checked, &prepared.variables).await
        {
            return response;
        }
        let shortcut =
            templates.map(|templates| Shortcut { templates: Arc::clone(templates), checked: Arc::clone(checked) });
        let context = RequestContext::new(services, viewer.clone())
            .from(prepared.address)
            .speaking(prepared.language)
            .with_shortcut(shortcut);
        let name = prepared.operation_name.as_deref();
        self.0.face.schema.execute(request(&prepared.checked, name, prepared.variables, context)).await
    }

    /// Reads from the replica where that bears it. What fails there, or takes too long, is asked again of the primary.
    async fn query(&self, viewer: &Viewer, prepared: Prepared) -> Response {
        let services = self.services();
        if prepared.is_viewer_fresh
            && let Some(db) = services.db.for_query(viewer.last_write)
        {
            let there = self.run(Services { db, ..services.clone() }, viewer, prepared.clone());
            match timeout(REPLICA_PATIENCE, there).await {
                Ok(response) if !has_failed(&response) => return response,
                _ => tracing::warn!("a query failed on the replica and is asked again of the primary"),
            }
        }
        self.run(services.clone(), viewer, prepared).await
    }

    /// Writes, and remembers that its author has written.
    async fn mutate(&self, viewer: &Viewer, prepared: Prepared) -> Response {
        let response = self.run(self.services().clone(), viewer, prepared).await;
        if let Some(principal) = viewer.id() {
            self.services().db.has_written(principal).await;
        }
        response
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
    fn examine(&self, viewer: &Viewer, request: &mut GraphqlRequest) -> Result<Examined, Response> {
        let refuse = |error: ServerError| Response::from_errors(vec![error]);
        let query = self.document(request).map_err(refuse)?;
        let face = self.0.face;
        let name = request.operation_name.as_deref();
        let checked = self.0.known.find(&query, name, || face.review(&query, name, &request.variables))?;
        let cost = checked.price(&request.variables, &face.limits).map_err(|refused| refuse(refused.into()))?;
        face.validator.validate_variables(&checked, &request.variables).map_err(Response::from_errors)?;
        Self::allow(viewer, &checked).map_err(refuse)?;
        Ok(Examined { checked, cost, query })
    }

    /// Takes what a request costs from whoever sent it. One that is refused here costs nothing, so that whoever waits as
    /// long as they are told is let in.
    #[allow(clippy::result_large_err)]
    fn charge(&self, viewer: &Viewer, address: Option<IpAddr>, cost: u64) -> Result<(), Response> {
        let charged = self.0.meter.charge(viewer, address, cost, self.now());
        charged.map_err(|too_much| Response::from_errors(vec![too_much.into()]))
    }

    /// The table's word on every root field, also on those behind fragments and directives.
    fn allow(viewer: &Viewer, checked: &Checked) -> Result<(), ServerError> {
        for field in checked.root_fields.iter().filter(|field| !field.starts_with("__")) {
            let (code, message) = match may_call(viewer, field) {
                Verdict::Allowed => continue,
                Verdict::SignInFirst => ("UNAUTHENTICATED", Message::SignInToUse { field: field.clone() }),
                Verdict::Refused => ("FORBIDDEN", Message::NotForYou { field: field.clone() }),
            };
            return Err(coded(code, message));
        }
        Ok(())
    }
}

fn request(checked: &Checked, operation_name: Option<&str>, variables: Variables, context: RequestContext) -> Request {
    let mut request = Request::new("").variables(variables).data(context);
    request.operation_name = operation_name.map(str::to_owned);
    request.set_parsed_query(checked.executable());
    request
}

/// The operation as a collector of traces sees it: its type, its name, and nothing that it asks for.
fn traced(prepared: &Prepared) -> Span {
    let (kind, name) = (prepared.checked.operation_type, prepared.operation_name.as_deref());
    tracing::trace_span!(
        "operation",
        otel.name = %format_args!("{kind} {}", name.unwrap_or("without a name")),
        otel.status_code = Empty,
        graphql.operation.type = %kind,
        graphql.operation.name = name,
    )
}

/// Whether something in it failed that is not the client's doing.
pub(super) fn has_failed(response: &Response) -> bool {
    let mut codes = response.errors.iter().filter_map(code_of);
    codes.any(|code| matches!(code, "BUSY" | "INTERNAL"))
}

fn text(value: &async_graphql::Value) -> Option<&str> {
    match value {
        async_graphql::Value::String(text) => Some(text),
        _ => None,
    }
}

impl Backend for Engine {
    type Viewer = Viewer;
    type Prepared = Prepared;

    async fn authenticate(&self, bearer: Option<&str>) -> Result<Viewer, Denied> {
        let Some(token) = bearer else { return Ok(Viewer::anonymous()) };
        session::authenticate(self.services(), token).await.map_err(|error| match error {
            Error::Busy => Denied::new("BUSY", Message::Busy),
            Error::Unauthenticated(message) => Denied::new("UNAUTHENTICATED", message),
            error => {
                tracing::error!(?error, "a token could not be checked");
                Denied::new("INTERNAL", Message::WentWrong)
            }
        })
    }

    fn language(&self, viewer: &Viewer) -> Option<Language> {
        viewer.language
    }

    fn expires_at(&self, viewer: &Viewer) -> Option<DateTime<Utc>> {
        viewer.expires_at()
    }

    fn prepare(&self, viewer: &Viewer, mut request: GraphqlRequest) -> Result<Prepared, Response> {
        let examined = self.examine(viewer, &mut request);
        let asked_for = examined.as_ref().map_or(0, |examined| examined.cost);
        self.charge(viewer, request.address, READING + asked_for)?;
        let Examined { checked, query, .. } = examined?;
        let is_live = checked.operation_type == OperationType::Subscription;
        let name = request.operation_name.clone();
        let language = request.language.unwrap_or(DEFAULT);
        let (shapes, document) = (&self.0.shapes, Arc::clone(&checked));
        let shape = is_live.then(|| shapes.of((query, name), &request.variables, language, document));
        Ok(Prepared {
            checked,
            shape,
            operation_name: request.operation_name,
            variables: request.variables,
            address: request.address,
            language,
            is_viewer_fresh: request.is_viewer_fresh,
        })
    }

    fn operation_type(&self, prepared: &Prepared) -> OperationType {
        prepared.checked.operation_type
    }

    async fn execute(&self, viewer: &Viewer, prepared: Prepared, request_id: &str) -> Response {
        let span = tracing::info_span!("graphql", request_id, operation = prepared.operation_name.as_deref());
        // Within the log's span, or lines written in it would not name their request.
        let traced = span.in_scope(|| traced(&prepared));
        let answering = async {
            match prepared.checked.operation_type {
                OperationType::Query => self.query(viewer, prepared).await,
                _ => self.mutate(viewer, prepared).await,
            }
        };
        let response = answering.instrument(traced.clone()).instrument(span).await;
        if has_failed(&response) {
            traced.record("otel.status_code", "ERROR");
        }
        response
    }

    fn subscribe(&self, viewer: &Viewer, prepared: Prepared) -> impl Stream<Item = Pushed> + Send + 'static {
        let traced = traced(&prepared);
        match prepared.shape {
            Some(shape) => {
                let (reader, opening) = ((viewer.clone(), prepared.language), traced);
                live::subscribe(self.clone(), reader, (shape, prepared.variables), opening)
            }
            None => stream::empty().boxed(),
        }
    }

    async fn ended(&self, viewer: &Viewer) {
        self.services().hub.ended(viewer).await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.services().now()
    }
}
