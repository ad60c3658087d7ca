//! Devices that follow the stream through everything: on an error they go to the other server and resume by cursor.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};

use super::Site;
use crate::harness::{Client, device::start_of_log, socket::EventStream};

/// What a device asks for when only the order matters.
const FOLLOW: &str =
    "subscription($after: String) { ticketStatusChanged(after: $after) { cursor event { id action } } }";

/// Follows from the beginning of the log until it has seen the event at the goal; the events that it saw, in their order.
pub async fn follow(site: Site, client: Client, turn: usize, mut goal: watch::Receiver<Option<String>>) -> Vec<String> {
    let (mut seen, mut cursor, mut turn) = (Vec::new(), start_of_log(), turn);
    loop {
        turn += 1;
        let client = client.at(&site.url(turn));
        if let Some(mut stream) = EventStream::attempt(&client, FOLLOW, json!({ "after": cursor })).await {
            while let Some(change) = next(&mut stream, &mut goal, &cursor).await {
                cursor = change["cursor"].as_str().unwrap().to_owned();
                seen.push(change["event"]["id"].as_str().unwrap().to_owned());
            }
        }
        if goal.borrow().as_ref() == Some(&cursor) {
            return seen;
        }
        // As a client that was told to come again does.
        sleep(Duration::from_millis(50)).await;
    }
}

/// The next change; none when the stream has ended, failed, or led to the goal. Whoever has caught up may have nothing to
/// hear for as long as the others take.
async fn next(stream: &mut EventStream, goal: &mut watch::Receiver<Option<String>>, cursor: &str) -> Option<Value> {
    let is_there = |goal: &Option<String>| goal.as_deref() == Some(cursor);
    tokio::select! {
        event = stream.event_at_last() => {
            let data = event.filter(|event| event.name == "next")?.data;
            let is_whole = data.get("errors").is_none();
            is_whole.then(|| data["data"]["ticketStatusChanged"].clone())
        }
        _ = goal.wait_for(is_there) => None,
    }
}
