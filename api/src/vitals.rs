//! What is read at the moment somebody asks for the figures: the database's pools, the relay, subscribers, and the process.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, EncodeLabelSet, EncodeMetric},
    metrics::{
        counter::ConstCounter,
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::Registry,
};

use crate::{
    events::Hub,
    logging,
    metrics::Metrics,
    store::db::{Db, PoolUse},
};

/// The figures of one process, with what they are read from.
pub fn metrics(db: &Db, hub: &Hub) -> Metrics {
    let mut registry = Registry::with_prefix("anju");
    registry.register_collector(Box::new(Vitals { db: db.clone(), hub: hub.clone() }));
    Metrics::new(registry)
}

struct Vitals {
    db: Db,
    hub: Hub,
}

impl fmt::Debug for Vitals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vitals")
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

impl Collector for Vitals {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let page = &mut encoder;
        self.database(page)?;
        self.replica(page)?;
        let subscribers = i64::try_from(self.hub.subscribers()).unwrap_or(i64::MAX);
        gauge(page, "open_subscriptions", "Subscriptions that wait for news", subscribers)?;
        if let Some(lag) = self.hub.lag() {
            let help = "Time since the relay last stood at the end of the logs: how late news may be";
            gauge(page, "relay_lag_seconds", help, lag.as_secs_f64())?;
        }
        counter(page, "log_lines_dropped", "Lines of the log that nobody took in time", logging::dropped_lines())?;
        if let Some(bytes) = resident_bytes() {
            gauge(page, "process_resident_memory_bytes", "Memory of this process", bytes)?;
        }
        if let Some(files) = open_files() {
            gauge(page, "process_open_fds", "Files and sockets this process holds open", files)?;
        }
        Ok(())
    }
}

impl Vitals {
    fn replica(&self, page: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let Some(replica) = self.db.replica_state() else { return Ok(()) };
        let help = "Whether queries are read from the replica, or all from the primary";
        gauge(page, "replica_in_use", help, i64::from(replica.in_use))?;
        match replica.lag {
            Some(lag) => gauge(page, "replica_lag_seconds", "How far the replica is behind", lag.as_secs_f64()),
            None => Ok(()),
        }
    }

    fn database(&self, page: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let connections = Family::<Connections, Gauge>::default();
        for PoolUse { pool, in_use, idle, max } in self.db.pools() {
            for (state, count) in [("in_use", in_use), ("idle", idle), ("max", max)] {
                connections.get_or_create(&Connections { pool, state }).set(i64::from(count));
            }
        }
        let help = "Connections to the database by pool, and how many there may be";
        let encoder = page.encode_descriptor("database_connections", help, None, connections.metric_type())?;
        connections.encode(encoder)?;
        counter(page, "database_statements", "Statements sent to the database", self.db.statements())?;
        counter(page, "database_slow_statements", "Statements slower than --slow-query-ms", self.db.slow_statements())
    }
}

fn gauge<N: EncodeGaugeValue>(page: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: N) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(page.encode_descriptor(name, help, None, gauge.metric_type())?)
}

fn counter(page: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let counter = ConstCounter::new(value);
    counter.encode(page.encode_descriptor(name, help, None, counter.metric_type())?)
}

/// None where the system has no such file.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn open_files() -> Option<i64> {
    i64::try_from(std::fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}
