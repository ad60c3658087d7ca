//! The bus: NATS carries wakes from each server to the others. No event travels on it, so that nothing is lost with a
//! message: a server that hears nothing finds everything at its next look, and may do without the bus altogether.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, ServerAddr, Subscriber, connection::State};
use futures_util::StreamExt;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{sleep, timeout},
};

use super::hub::{Hub, Wake};

/// Where wakes are told. Companies that share a NATS cluster keep apart by accounts.
const SUBJECT: &str = "anju.wakes";

/// How long telling may take before a wake is given up: the bus must not hold up what comes after.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long to wait before a subscription that ended is made anew.
const AFTER_END: Duration = Duration::from_secs(1);

/// Why there can be no bus.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    #[error("{0} is no address of a NATS server, such as nats://host:4222")]
    Address(String, #[source] std::io::Error),
    #[error("NATS refused the connection")]
    Connection(#[source] async_nats::ConnectError),
}

/// A connection to the bus. It comes back by itself when NATS does.
pub struct Bus(Client);

impl Bus {
    /// Connects to one of these servers. None of them need be there yet.
    pub async fn connect(urls: &[String]) -> Result<Self, BusError> {
        let address = |url: &String| url.parse::<ServerAddr>().map_err(|error| BusError::Address(url.clone(), error));
        let addresses = urls.iter().map(address).collect::<Result<Vec<_>, _>>()?;
        let options = ConnectOptions::new()
            .name("anju")
            // What this server tells it knows already.
            .no_echo()
            .retry_on_initial_connect()
            .event_callback(|event| async move { tracing::info!(%event, "bus") });
        options.connect(addresses).await.map(Self).map_err(BusError::Connection)
    }

    /// Tells the others what happens here, and does here what they tell, for ever. Drop the future to leave the bus.
    pub async fn run(self, hub: Hub) {
        let mut told = hub.told();
        loop {
            match self.0.subscribe(SUBJECT).await {
                Ok(heard) => self.carry(&hub, &mut told, heard).await,
                Err(error) => tracing::warn!(%error, "the bus can't be listened to and is tried again"),
            }
            sleep(AFTER_END).await;
        }
    }

    async fn carry(&self, hub: &Hub, told: &mut tokio::sync::broadcast::Receiver<Wake>, mut heard: Subscriber) {
        loop {
            tokio::select! {
                wake = told.recv() => match wake {
                    Ok(wake) => self.tell(wake).await,
                    // Those that were lost are looked for; one wake makes the others look at once.
                    Err(RecvError::Lagged(_)) => self.tell(Wake::Committed).await,
                    Err(RecvError::Closed) => return,
                },
                message = heard.next() => match message {
                    Some(message) => hear(hub, &message.payload),
                    None => return,
                },
            }
        }
    }

    async fn tell(&self, wake: Wake) {
        // The client would keep it for later, when it is worth nothing.
        if self.0.connection_state() != State::Connected {
            return;
        }
        let message = serde_json::to_vec(&wake).expect("a wake is plain data");
        match timeout(PATIENCE, self.0.publish(SUBJECT, message.into())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a wake was not told"),
            Err(_) => tracing::debug!("a wake was not told in time"),
        }
    }
}

fn hear(hub: &Hub, message: &[u8]) {
    match serde_json::from_slice(message) {
        Ok(wake) => hub.hear(wake),
        Err(error) => tracing::debug!(%error, "something on the bus is no wake"),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn what_is_heard_is_done_here_and_not_told_again() {
        let hub = Hub::default();
        let mut told = hub.told();
        hear(&hub, &serde_json::to_vec(&Wake::Committed).unwrap());
        assert!(hub.commit().now_or_never().is_some(), "the relay is woken");
        assert!(told.try_recv().is_err(), "an echo would never end");
        hub.end_session(Uuid::nil());
        assert_eq!(told.try_recv().unwrap(), Wake::SessionEnded(Uuid::nil()));
        hear(&hub, b"{\"drop\": \"tables\"}");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_named() {
        let refused = Bus::connect(&["http://nowhere:4222".to_owned()]).await.err().unwrap();
        assert!(refused.to_string().starts_with("http://nowhere:4222 is no address"), "{refused}");
    }
}
