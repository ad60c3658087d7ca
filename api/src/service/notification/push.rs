//! One message to each device of a person: what a device has got it does not get again, and a device that is gone is
//! forgotten.

use std::{collections::HashMap, time::Duration};

use entity::{
    device::Model as Device,
    notification_delivery as delivery, push_receipt,
    vocab::{DevicePlatform, NotificationChannel, PushService},
};
use futures_util::{StreamExt, stream};
use uuid::Uuid;

use crate::{
    channel::{Message, Undelivered, push::Subscription},
    domain::notification::retry::MOST_ATTEMPTS,
    error::{Error, Result},
    service::Services,
    store::{self, notification::receipt},
};

/// To how many devices of one person a message goes: the ones that were registered last.
const MOST_DEVICES: usize = 10;

/// To how many of them at a time.
const AT_ONCE: usize = 5;

/// Who brings messages to a device.
fn service_of(device: &Device) -> Option<PushService> {
    device.push_service.or(match device.platform {
        DevicePlatform::Ios => Some(PushService::Apns),
        DevicePlatform::Android => Some(PushService::Fcm),
        // A browser has keys. Huawei's service has to be named: not everything that runs HarmonyOS has it.
        DevicePlatform::Web | DevicePlatform::Harmony => None,
    })
}

/// The devices of people that this server can push to.
pub(super) async fn devices_of(
    services: &Services,
    conn: &impl store::Conn,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Device>>> {
    let mut devices: HashMap<Uuid, Vec<Device>> = HashMap::new();
    if !services.channels.kinds().any(|kind| kind == NotificationChannel::Push) {
        return Ok(devices);
    }
    for device in store::device::to_push(conn, people, services.now()).await? {
        let is_reached = service_of(&device).is_some_and(|service| services.channels.push(service).is_some());
        let own = devices.entry(device.principal_id).or_default();
        if is_reached && own.len() < MOST_DEVICES {
            own.push(device);
        }
    }
    devices.retain(|_, own| !own.is_empty());
    Ok(devices)
}

/// What a push service knows a device by.
fn address(device: &Device) -> Result<String> {
    let token = device.push_token.clone().unwrap_or_default();
    match (&device.p256dh, &device.auth_secret) {
        (Some(p256dh), Some(auth)) => {
            let subscription = Subscription { endpoint: token, p256dh: p256dh.clone(), auth: auth.clone() };
            serde_json::to_string(&subscription).map_err(Error::internal)
        }
        _ => Ok(token),
    }
}

/// How it went with the devices of one person.
#[derive(Default)]
struct Count {
    taken: usize,
    refused: usize,
    /// How long to wait before it is tried where it was not possible, if any.
    wait: Option<Duration>,
}

/// Sends a message to each device that has neither got nor refused it before. `Ok` when it need not be tried again and at
/// least one has got it.
pub(super) async fn to_devices(
    services: &Services,
    attempt: &delivery::Model,
    devices: &[Device],
    message: &Message,
) -> Result<std::result::Result<(), Undelivered>> {
    let receipts = receipt::of(services.db.writer(), attempt.id).await?;
    let taken = receipts.iter().filter(|row| row.is_taken).count();
    let mut count = Count { taken, refused: receipts.len() - taken, wait: None };
    let is_open = |device: &&Device| !receipts.iter().any(|row| row.device_id == device.id);
    let left: Vec<Device> = devices.iter().filter(is_open).cloned().collect();
    let sent = stream::iter(left).map(|device| to_device(services, attempt, device, message)).buffer_unordered(AT_ONCE);
    // Each is seen through before one that failed is told of.
    for outcome in sent.collect::<Vec<_>>().await {
        match outcome? {
            Ok(()) => count.taken += 1,
            Err(Undelivered::Refused) => count.refused += 1,
            Err(Undelivered::Gone) => {}
            Err(Undelivered::Unavailable) => count.wait = count.wait.max(Some(Duration::ZERO)),
            Err(Undelivered::Later(wait)) => count.wait = count.wait.max(Some(wait)),
        }
    }
    Ok(judge(&count, attempt.attempts))
}

fn judge(count: &Count, attempts: i32) -> std::result::Result<(), Undelivered> {
    match count.wait {
        // Whoever has it on another device was reached.
        Some(_) if attempts >= MOST_ATTEMPTS && count.taken > 0 => Ok(()),
        Some(wait) => Err(Undelivered::Later(wait)),
        None if count.taken > 0 => Ok(()),
        None if count.refused > 0 => Err(Undelivered::Refused),
        None => Err(Undelivered::Gone),
    }
}

/// One message to one device. How it ended there is written down at once: whoever dies leaves as little open as can be.
async fn to_device(
    services: &Services,
    attempt: &delivery::Model,
    device: Device,
    message: &Message,
) -> Result<std::result::Result<(), Undelivered>> {
    let way = service_of(&device).and_then(|service| services.channels.push(service));
    let Some(way) = way else { return Ok(Err(Undelivered::Gone)) };
    let sent = way.send(&Message { to: address(&device)?, ..message.clone() }).await;
    let conn = services.db.writer();
    match sent {
        Ok(()) | Err(Undelivered::Refused) => {
            let now = services.now();
            let row = push_receipt::Model {
                id: services.new_id(now),
                delivery_id: attempt.id,
                device_id: device.id,
                is_taken: sent.is_ok(),
                created_at: now,
            };
            receipt::note(conn, row).await?;
        }
        Err(Undelivered::Gone) => {
            tracing::info!(device = %device.id, "a device is gone and was forgotten");
            store::device::forget(conn, &device).await?;
        }
        Err(Undelivered::Unavailable | Undelivered::Later(_)) => {}
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_reached_by_one_device_and_tried_as_long_as_another_may_be() {
        let count = |taken, refused, wait: Option<u64>| Count { taken, refused, wait: wait.map(Duration::from_secs) };
        let later = |seconds| Err(Undelivered::Later(Duration::from_secs(seconds)));
        for (count, attempts, expected) in [
            (count(1, 1, None), 1, Ok(())),
            (count(0, 1, None), 1, Err(Undelivered::Refused)),
            (count(0, 0, None), 1, Err(Undelivered::Gone)),
            (count(1, 0, Some(7)), 1, later(7)),
            (count(1, 0, Some(7)), MOST_ATTEMPTS, Ok(())),
            (count(0, 0, Some(0)), MOST_ATTEMPTS, later(0)),
        ] {
            assert_eq!(judge(&count, attempts), expected);
        }
    }
}
