//! The figures an operator watches, held in a struct so that two servers in one process never share them. What is measured is
//! said by the callers; how it is printed is said here.

mod backlog;

use std::fmt;
use std::sync::Arc;

pub use backlog::{Backlog, Shown};
use entity::vocab::NotificationChannel;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Labels are words of this program's own, never of a client's: their number stays small.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refusal {
    code: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Bound {
    bound: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Transport {
    transport: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Job {
    job: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Changes {
    job: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Attempt {
    channel: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SignIn {
    way: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Webhook {
    outcome: &'static str,
}

pub struct Metrics {
    registry: Registry,
    jobs: Family<Job, Counter>,
    changes: Family<Changes, Counter>,
    messages: Family<Attempt, Counter>,
    sign_ins: Family<SignIn, Counter>,
    webhooks: Family<Webhook, Counter>,
    requests: Family<Request, Counter>,
    refusals: Family<Refusal, Counter>,
    shed: Family<Bound, Counter>,
    in_flight: Gauge,
    connections: Family<Transport, Gauge>,
    streams: Gauge,
    exports: Gauge,
    duration: Family<Request, Histogram, fn() -> Histogram>,
    board: backlog::Board,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(Registry::with_prefix("anju"))
    }
}

impl Metrics {
    /// `registry` may already hold figures of other parts.
    pub fn new(mut registry: Registry) -> Self {
        let metrics = Self {
            jobs: Family::default(),
            changes: Family::default(),
            messages: Family::default(),
            sign_ins: Family::default(),
            webhooks: Family::default(),
            requests: Family::default(),
            refusals: Family::default(),
            shed: Family::default(),
            in_flight: Gauge::default(),
            connections: Family::default(),
            streams: Gauge::default(),
            exports: Gauge::default(),
            duration: Family::new_with_constructor(histogram),
            board: backlog::Board::default(),
            registry: Registry::default(),
        };
        registry.register("graphql_requests", "GraphQL operations by type and outcome", metrics.requests.clone());
        registry.register("graphql_refusals", "Errors sent to clients by code", metrics.refusals.clone());
        registry.register("shed", "Requests and sockets refused because a bound was reached", metrics.shed.clone());
        registry.register("requests_in_flight", "Requests in work", metrics.in_flight.clone());
        registry.register("open_connections", "Long-lived connections by transport", metrics.connections.clone());
        registry.register("open_streams", "Operations running on long-lived connections", metrics.streams.clone());
        registry.register("open_exports", "Tables that are being downloaded", metrics.exports.clone());
        registry.register("graphql_request_seconds", "Time from the request to its answer", metrics.duration.clone());
        registry.register("jobs", "Runs of jobs by job and outcome", metrics.jobs.clone());
        registry.register("job_changes", "Things that jobs have changed", metrics.changes.clone());
        registry.register(
            "messages",
            "Attempts to send notifications by channel and outcome",
            metrics.messages.clone(),
        );
        registry.register("sign_ins", "Attempts to sign in by way and outcome", metrics.sign_ins.clone());
        registry.register("webhooks", "Calls of operators' systems by outcome", metrics.webhooks.clone());
        // An alert that asks whether the number rises must have seen it before.
        for outcome in ["delivered", "failed", "given_up"] {
            drop(metrics.webhooks.get_or_create(&Webhook { outcome }));
        }
        for channel in NotificationChannel::ALL {
            let channel = format!("{channel:?}").to_lowercase();
            drop(metrics.messages.get_or_create(&Attempt { channel, outcome: "dead" }));
        }
        registry.register_collector(Box::new(metrics.board.clone()));
        Self { registry, ..metrics }
    }

    pub fn request(&self, operation: &'static str, outcome: &'static str, seconds: f64) {
        let labels = Request { operation, outcome };
        self.requests.get_or_create(&labels).inc();
        self.duration.get_or_create(&labels).observe(seconds);
    }

    /// `code` is a value of `extensions.code`, so one of a closed list.
    pub fn refused(&self, code: &str) {
        let code = code.to_owned();
        self.refusals.get_or_create(&Refusal { code }).inc();
    }

    /// `job` is a word of the closed list of jobs; `changed` is none when it failed.
    pub fn job(&self, job: &str, changed: Option<usize>) {
        let (job, outcome) = (job.to_lowercase(), if changed.is_some() { "done" } else { "failed" });
        self.jobs.get_or_create(&Job { job: job.clone(), outcome }).inc();
        let changed = u64::try_from(changed.unwrap_or(0)).unwrap_or(u64::MAX);
        self.changes.get_or_create(&Changes { job }).inc_by(changed);
    }

    /// `channel` is a word of the closed list of channels.
    pub fn message(&self, channel: &str, outcome: &'static str) {
        self.messages.get_or_create(&Attempt { channel: channel.to_lowercase(), outcome }).inc();
    }

    pub fn sign_in(&self, way: &'static str, outcome: &'static str) {
        self.sign_ins.get_or_create(&SignIn { way, outcome }).inc();
    }

    /// Counts a call of an operator's system, or that one was given up.
    pub fn webhook(&self, outcome: &'static str) {
        self.webhooks.get_or_create(&Webhook { outcome }).inc();
    }

    /// Shows what waits to leave the house until the guard is dropped.
    pub fn backlog(&self) -> Shown {
        self.board.shown()
    }

    /// Counts what was refused because `bound` was reached.
    pub fn shed(&self, bound: &'static str) {
        self.shed.get_or_create(&Bound { bound }).inc();
    }

    /// Counts a request as in work until the guard is dropped.
    pub fn in_flight(&self) -> Open {
        Open::new(self.in_flight.clone())
    }

    /// Counts a connection as open until the guard is dropped.
    pub fn connection(self: &Arc<Self>, transport: &'static str) -> Open {
        Open::new(self.connections.get_or_create_owned(&Transport { transport }))
    }

    /// Counts a stream as open until the guard is dropped.
    pub fn stream(&self) -> Open {
        Open::new(self.streams.clone())
    }

    /// Counts an export as in work until the guard is dropped.
    pub fn export(&self) -> Open {
        Open::new(self.exports.clone())
    }

    pub fn open_streams(&self) -> i64 {
        self.streams.get()
    }

    /// The text a Prometheus server reads.
    pub fn render(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 15))
}

/// One of the things a gauge counts.
pub struct Open(Gauge);

impl Open {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_what_was_counted_and_forgets_what_was_closed() {
        let metrics = Arc::new(Metrics::default());
        metrics.request("query", "ok", 0.01);
        metrics.refused("TOO_DEEP");
        metrics.shed("sockets");
        let stream = metrics.stream();
        let page = metrics.render().unwrap();
        let counted = "anju_graphql_requests_total{operation=\"query\",outcome=\"ok\"} 1";
        assert!(page.contains(counted), "{page}");
        assert!(page.contains("anju_graphql_refusals_total{code=\"TOO_DEEP\"} 1"));
        assert!(page.contains("anju_shed_total{bound=\"sockets\"} 1"));
        assert!(page.contains("anju_open_streams 1"));
        drop(stream);
        assert!(metrics.render().unwrap().contains("anju_open_streams 0"));
    }
}
