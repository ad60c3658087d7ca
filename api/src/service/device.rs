//! The devices that people sign in on, and by which service each is pushed to.

use entity::{
    device,
    vocab::{DevicePlatform, PushService},
};
use uuid::Uuid;

pub use crate::channel::push::Subscription;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    channel::{
        outbound::BadAddress,
        push::{BadKeys, LONGEST_ENDPOINT},
    },
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store,
};

/// The longest token, in characters: longer ones can't be looked up.
const LONGEST_PUSH_TOKEN: usize = 2048;

/// How many devices of one person are remembered.
const MOST_DEVICES: u64 = 20;

/// A device to register.
#[derive(Clone, Debug)]
pub struct NewDevice {
    pub platform: DevicePlatform,
    pub push_token: Option<String>,
    pub push_service: Option<PushService>,
    pub subscription: Option<Subscription>,
    pub name: Option<String>,
}

/// Registers the device that the viewer signed in on.
pub async fn register(services: &Services, viewer: &Viewer, new: NewDevice) -> Result<device::Model> {
    let principal_id = viewer.id().ok_or(Error::Unauthenticated(Message::SignInFirst))?;
    let name = text::optional_line("name", new.name.as_deref(), 80)?;
    let pushed = pushed_to(services, &new)?;
    let now = services.now();
    let device = device::Model {
        id: services.new_id(now),
        principal_kind: viewer.kind(),
        principal_id,
        platform: new.platform,
        push_token: pushed.token,
        name,
        created_at: now,
        updated_at: now,
        push_service: pushed.service,
        p256dh: pushed.keys.as_ref().map(|(public, _)| public.clone()),
        auth_secret: pushed.keys.map(|(_, secret)| secret),
        session_id: viewer.session_id,
    };
    let tx = services.db.begin().await?;
    let device = store::device::upsert(&tx, device).await?;
    store::device::keep_newest(&tx, principal_id, MOST_DEVICES).await?;
    tx.commit().await?;
    Ok(device)
}

/// Forgets a device of the viewer's own. One that is somebody else's, or that nobody has registered, is left as it is: to the
/// viewer it is gone.
pub async fn unregister(services: &Services, viewer: &Viewer, id: Uuid) -> Result<Uuid> {
    let principal_id = viewer.id().ok_or(Error::Unauthenticated(Message::SignInFirst))?;
    store::device::forget_own(services.db.writer(), (viewer.kind(), principal_id), id).await?;
    Ok(id)
}

/// How a device is pushed to.
#[derive(Default)]
struct Pushed {
    service: Option<PushService>,
    token: Option<String>,
    keys: Option<(String, String)>,
}

fn pushed_to(services: &Services, new: &NewDevice) -> Result<Pushed> {
    let token = text::optional_line("pushToken", new.push_token.as_deref(), LONGEST_PUSH_TOKEN)?;
    let Some(subscription) = &new.subscription else {
        if new.push_service == Some(PushService::WebPush) {
            return Err(Error::fault(FaultCode::Required, "subscription", Message::WebPushNeedsSubscription));
        }
        return Ok(Pushed { service: new.push_service, token, keys: None });
    };
    if new.platform != DevicePlatform::Web || new.push_service.is_some_and(|service| service != PushService::WebPush) {
        return Err(Error::fault(FaultCode::Invalid, "subscription", Message::OnlyBrowsersSubscribe));
    }
    if token.is_some() {
        return Err(Error::fault(FaultCode::Invalid, "pushToken", Message::TokenOrSubscription));
    }
    let endpoint = text::required_line("subscription.endpoint", &subscription.endpoint, LONGEST_ENDPOINT)?;
    let wrong = |field: &str, message: Message| Error::fault(FaultCode::Invalid, field, message);
    services.outbound.check(&endpoint).map_err(|error| wrong("subscription.endpoint", bad_address(error)))?;
    let keys = Subscription::checked_keys(&subscription.p256dh, &subscription.auth).map_err(|bad| match bad {
        BadKeys::PublicKey => wrong("subscription.p256dh", Message::NoPublicKey),
        BadKeys::SharedSecret => wrong("subscription.auth", Message::NoSharedSecret),
    })?;
    Ok(Pushed { service: Some(PushService::WebPush), token: Some(endpoint), keys: Some(keys) })
}

pub(super) fn bad_address(error: BadAddress) -> Message {
    match error {
        BadAddress::Url => Message::AddressIsNoHttps,
        BadAddress::Credentials => Message::AddressHoldsCredentials,
        BadAddress::Closed => Message::AddressIsClosed,
    }
}
