//! What floors say to a collector of traces that a span of theirs can't: a statement, which is known when it is over, and
//! what began long ago and is not open any more. Without a collector each of these is one look at what is not there.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use opentelemetry::{
    Context, KeyValue,
    trace::{Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, Tracer},
};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// A process has one collector.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// From now on there is a collector.
pub fn begin(tracer: SdkTracer) {
    TRACER.get_or_init(|| tracer);
}

/// Whether anybody collects traces.
pub fn is_on() -> bool {
    TRACER.get().is_some()
}

/// A statement that a database has answered, by the names that OpenTelemetry gives to these things.
pub struct Statement<'a> {
    /// `db.system.name`
    pub system: &'static str,
    /// `db.operation.name`
    pub operation: &'static str,
    /// `db.collection.name`
    pub table: Option<&'a str>,
    pub elapsed: Duration,
    pub has_failed: bool,
}

/// Tells of a statement as a part of what it was sent for. What was sent for nothing that has a span is not told of: the
/// relay looks at the log twice a second, and its looks would be most of all traces.
///
/// `read` takes the statement apart, which is worth its time only where somebody is told of it.
pub fn statement<'a>(read: impl FnOnce() -> Statement<'a>) {
    let Some(tracer) = TRACER.get() else { return };
    let around = Context::current();
    if !around.span().span_context().is_sampled() {
        return;
    }
    let statement = read();
    // By the clock that all other spans are measured by.
    let ended_at = opentelemetry::time::now();
    let (operation, table) = (statement.operation, statement.table);
    let name = table.map_or_else(|| operation.to_owned(), |table| format!("{operation} {table}"));
    let mut attributes =
        vec![KeyValue::new("db.system.name", statement.system), KeyValue::new("db.operation.name", operation)];
    attributes.extend(table.map(|table| KeyValue::new("db.collection.name", table.to_owned())));
    let builder = SpanBuilder::from_name(name)
        .with_kind(SpanKind::Client)
        .with_start_time(ended_at.checked_sub(statement.elapsed).unwrap_or(ended_at))
        .with_attributes(attributes);
    let mut span = tracer.build_with_context(builder, &around);
    if statement.has_failed {
        // What the database said may hold what somebody wrote.
        span.set_status(Status::error(""));
    }
    span.end_with_timestamp(ended_at);
}

/// Where something began that goes on for hours, such as a subscription. The span of its beginning has ended long before;
/// what is done for it later points back to it.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<Arc<SpanContext>>);

impl Origin {
    pub fn of(span: &Span) -> Self {
        if !is_on() {
            return Self::default();
        }
        let told = span.context().span().span_context().clone();
        Self(told.is_sampled().then(|| Arc::new(told)))
    }

    /// Points back from this span.
    pub fn lies_behind(&self, span: &Span) {
        if let Some(told) = &self.0 {
            span.add_link(SpanContext::clone(told));
        }
    }
}
