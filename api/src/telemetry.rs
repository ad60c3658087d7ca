//! Traces for an OpenTelemetry collector: what a request, an operation, a job and their statements took, sent in batches
//! over OTLP/HTTP by a thread of its own. What does not fit into its queue is dropped, so that a collector that is slow or gone costs warnings
//! and nothing else. The usual variables (`OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`) are heeded.
//!
//! A span for the collector is one of ours at the level TRACE, which no usual log shows: without a collector it is never
//! made. Lines of the log are not sent: a span says of a client what its route, method and operation are called, and
//! nothing that the client put into them.

use std::time::Duration;

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use crate::{config::Command, start::StartError, trace};

/// How long the collector may take for a batch.
const EXPORT_TIME: Duration = Duration::from_secs(3);

/// How long the last batch may take when the server stops.
const FLUSH_TIME: Duration = Duration::from_secs(4);

/// Where OTLP over HTTP takes traces, below the collector's address.
const PATH: &str = "/v1/traces";

/// The way to the collector.
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Of a command that was told where to send traces.
    pub fn of(command: &Command) -> Result<Option<Self>, StartError> {
        match command {
            Command::Serve(args) => args.otlp_endpoint.as_deref().map(Self::start).transpose(),
            _ => Ok(None),
        }
    }

    fn start(endpoint: &str) -> Result<Self, StartError> {
        if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
            return Err(StartError::new("--otlp-endpoint takes the address of a collector: http://host:4318"));
        }
        let url = format!("{}{PATH}", endpoint.trim_end_matches('/').trim_end_matches(PATH));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(EXPORT_TIME)
            .build()
            .map_err(|error| StartError::because("--otlp-endpoint can't be used")(&error))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("anju").with_attribute(version).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        trace::begin(provider.tracer("anju"));
        Ok(Self(provider))
    }

    /// Takes the spans for the collector, and no line of the log.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("anju"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_for_collector))
    }

    /// Sends what is left.
    pub fn stop(self) {
        if let Err(error) = self.0.shutdown_with_timeout(FLUSH_TIME) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

fn is_for_collector(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && *metadata.level() == Level::TRACE && metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
}
