//! Signing in and out, and the device one signed in on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::device;

use super::{
    context::Ask,
    enums::{DevicePlatform, PushService},
    id::Kind,
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::{
        device::{self as devices, NewDevice, Subscription},
        session::{self, Tokens},
        sign_in,
        sign_in_count::counted,
    },
};

/// What a client holds while it is signed in.
#[derive(SimpleObject)]
pub struct Session {
    /// Send it as `Authorization: Bearer …`. Good for 15 minutes.
    access_token: String,
    /// When the access token ends. Refresh shortly before.
    access_token_expires_at: DateTime<Utc>,
    /// Works once: each refresh returns the next one. Using an old one again ends the session. Store it where only your app can read it.
    refresh_token: String,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            access_token_expires_at: tokens.access_token_expires_at,
            refresh_token: tokens.refresh_token,
        }
    }
}

/// A registered device.
pub struct Device(pub device::Model);

impl From<device::Model> for Device {
    fn from(row: device::Model) -> Self {
        Self(row)
    }
}

/// A phone or browser that its user registered.
#[Object]
impl Device {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Device.id(self.0.id)
    }

    /// The kind of device.
    async fn platform(&self) -> DevicePlatform {
        self.0.platform.into()
    }

    /// Who brings messages to it, where that was said; null for the platform's own service, or none.
    async fn push_service(&self) -> Option<PushService> {
        self.0.push_service.map(Into::into)
    }

    /// The name that the user sees.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

/// Asks for a one-time code.
#[derive(InputObject)]
pub struct RequestSignInCodeInput {
    /// A mainland mobile number; spaces, hyphens and +86 do not matter.
    phone: String,
}

/// Signs an owner in.
#[derive(InputObject)]
pub struct SignInWithCodeInput {
    /// The number that the code was sent to.
    phone: String,
    /// The six digits.
    code: String,
    /// What to call this session in a list of sessions, such as the phone's model.
    device_name: Option<String>,
}

/// Signs a member of staff in.
#[derive(InputObject)]
pub struct SignInWithPasswordInput {
    /// The login.
    login: String,
    /// The password.
    password: String,
    /// What to call this session in a list of sessions.
    device_name: Option<String>,
}

/// Carries a session on.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The newest refresh token of the session.
    refresh_token: String,
}

/// Registers the device the viewer uses.
#[derive(InputObject)]
pub struct RegisterDeviceInput {
    /// The kind of device.
    platform: DevicePlatform,
    /// The token that the platform's push service gave, at most 2048 characters; null for a device without one.
    push_token: Option<String>,
    /// Whose token that is: APNS for iOS and FCM for Android when left out. HMS has to be said.
    push_service: Option<PushService>,
    /// For browsers, in place of a token: what `pushManager.subscribe` gave.
    subscription: Option<WebPushSubscriptionInput>,
    /// A name that the user recognises.
    name: Option<String>,
}

/// Unregisters a device of the viewer's.
#[derive(InputObject)]
pub struct UnregisterDeviceInput {
    /// The device, as `registerDevice` answered it.
    device_id: ID,
}

/// A browser's subscription, as the `toJSON()` of its `PushSubscription` says it. Subscribe with `NotificationSettings.webPushKey`.
#[derive(InputObject)]
pub struct WebPushSubscriptionInput {
    /// The address at the browser's push service; https, at most 2048 characters.
    endpoint: String,
    /// `keys.p256dh`: the browser's public key, in base64url.
    p256dh: String,
    /// `keys.auth`: 16 bytes in base64url.
    auth: String,
}

/// Says until when the code is good.
#[derive(SimpleObject)]
pub struct RequestSignInCodePayload {
    /// When the code ends. Given for unknown numbers too, to which nothing is sent.
    expires_at: Option<DateTime<Utc>>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// The session is over.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

payloads! {
    /// The owner's new session.
    SignInWithCodePayload {
        /// The new session; null when the sign-in was refused.
        session: Session
    }
    /// The member of staff's new session.
    SignInWithPasswordPayload {
        /// The new session; null when the sign-in was refused.
        session: Session
    }
    /// The session with its next tokens.
    RefreshSessionPayload {
        /// The session's new tokens; null when it is over.
        session: Session
    }
    /// The registered device.
    RegisterDevicePayload {
        /// The device; null when the call was refused.
        device: Device
    }
    /// The device that is registered no more.
    UnregisterDevicePayload {
        /// The global id that it had; null when the call was refused.
        unregistered_device_id: ID
    }
}

/// Signing in and out.
#[derive(Default)]
pub struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Sends a one-time code of six digits to an owner's phone. It is good for five minutes and five tries. The answer does not tell whether the number belongs to an owner.
    async fn request_sign_in_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RequestSignInCodeInput,
    ) -> Result<RequestSignInCodePayload> {
        let ask = ctx.ask();
        let asked = sign_in::request_code(&ask.services, &input.phone, ask.address).await;
        let (expires_at, user_errors) = settle(asked)?;
        Ok(RequestSignInCodePayload { expires_at, user_errors })
    }

    /// Signs an owner in with the code that was sent.
    async fn sign_in_with_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SignInWithCodeInput,
    ) -> Result<SignInWithCodePayload> {
        let SignInWithCodeInput { phone, code, device_name } = input;
        let ask = ctx.ask();
        let tokens = sign_in::with_code(&ask.services, (&phone, &code), device_name.as_deref(), ask.address).await;
        SignInWithCodePayload::of(counted(&ask.services, "code", tokens))
    }

    /// Signs a member of staff in with login and password.
    async fn sign_in_with_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SignInWithPasswordInput,
    ) -> Result<SignInWithPasswordPayload> {
        let SignInWithPasswordInput { login, password, device_name } = input;
        let ask = ctx.ask();
        let given = (login.as_str(), password.as_str());
        let tokens = sign_in::with_password(&ask.services, given, device_name.as_deref(), ask.address).await;
        SignInWithPasswordPayload::of(counted(&ask.services, "password", tokens))
    }

    /// Exchanges a refresh token for the session's next tokens.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RefreshSessionInput,
    ) -> Result<RefreshSessionPayload> {
        RefreshSessionPayload::of(session::refresh(&ctx.ask().services, &input.refresh_token).await)
    }

    /// Ends the session of the access token, and with it every open subscription.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let (_, user_errors) = settle(session::sign_out(&ctx.ask().services, &ctx.ask().viewer).await)?;
        Ok(SignOutPayload { user_errors })
    }

    /// Registers the device the viewer uses, so that it can be reached by push until the viewer signs out. Do it after each sign-in and whenever the token changes: a token that is known moves to whoever registers it. The 20 devices that were registered last are kept.
    async fn register_device(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RegisterDeviceInput,
    ) -> Result<RegisterDevicePayload> {
        let RegisterDeviceInput { platform, push_token, push_service, subscription, name } = input;
        let subscription = subscription.map(|WebPushSubscriptionInput { endpoint, p256dh, auth }| Subscription {
            endpoint,
            p256dh,
            auth,
        });
        let (platform, push_service) = (platform.into(), push_service.map(Into::into));
        let new = NewDevice { platform, push_token, push_service, subscription, name };
        RegisterDevicePayload::of(devices::register(&ctx.ask().services, &ctx.ask().viewer, new).await)
    }

    /// Forgets a device of yours: nothing is pushed to it from then on, nor what is on its way already. For a phone that others use too, or when its user wants no pushes there; signing out stops them by itself. A device that is not registered is none of yours, and stays unregistered: calling again does no harm.
    async fn unregister_device(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UnregisterDeviceInput,
    ) -> Result<UnregisterDevicePayload> {
        let outcome = async {
            let id = Kind::Device.read("deviceId", &input.device_id)?;
            devices::unregister(&ctx.ask().services, &ctx.ask().viewer, id).await
        };
        UnregisterDevicePayload::of(outcome.await.map(|id| Kind::Device.id(id)))
    }
}
