//! What waits to leave the house, as whoever does the jobs counted it last. A server that does not do them says nothing of
//! it, so that nobody reads what is long over.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, EncodeLabelSet, EncodeMetric},
    metrics::{
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
};

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backlog {
    /// Messages to operators' systems that are sent to.
    pub webhooks: u64,
    /// For how many seconds the oldest of them could have been there.
    pub oldest_webhook: f64,
    /// Notifications that were given up and not sent anew, by channel.
    pub given_up: BTreeMap<String, u64>,
}

/// Where it is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Board(Arc<Mutex<Option<Backlog>>>);

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Channel {
    channel: String,
}

impl Board {
    pub(super) fn shown(&self) -> Shown {
        Shown(self.clone())
    }

    fn set(&self, backlog: Option<Backlog>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = backlog;
    }
}

/// Shows what was counted until it is dropped.
pub struct Shown(Board);

impl Shown {
    /// None when it can't be said.
    pub fn tell(&self, backlog: Option<Backlog>) {
        self.0.set(backlog);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl Collector for Board {
    fn encode(&self, mut page: DescriptorEncoder<'_>) -> fmt::Result {
        let backlog = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Backlog { webhooks, oldest_webhook, given_up }) = backlog else { return Ok(()) };
        let waiting = i64::try_from(webhooks).unwrap_or(i64::MAX);
        gauge(&mut page, "webhooks_waiting", "Messages that operators' systems have not taken yet", waiting)?;
        let help = "Age of the oldest event that an operator's system has not taken yet";
        gauge(&mut page, "webhooks_oldest_waiting_seconds", help, oldest_webhook)?;
        let channels = Family::<Channel, Gauge>::default();
        for (channel, count) in given_up {
            channels.get_or_create(&Channel { channel }).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        let help = "Notifications that were given up and not sent anew";
        channels.encode(page.encode_descriptor("messages_given_up", help, None, channels.metric_type())?)
    }
}

fn gauge<N: EncodeGaugeValue>(page: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: N) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(page.encode_descriptor(name, help, None, gauge.metric_type())?)
}
