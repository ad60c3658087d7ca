//! How one wants to be told, and for administrators what could not be told.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::notification_delivery;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{DeliveryFailure, Language, NotificationChannel, NotificationKind},
    id::Kind,
    user_error::payloads,
};
use crate::{
    domain::notification::quiet::written,
    error::Result,
    service::{
        Services,
        notification::{
            resend,
            setting::{self as service, Change, Choice, Settings},
        },
    },
    store,
};

/// Whether you are told of one kind of event by one channel. Emergencies come by every channel, whatever you chose.
#[derive(SimpleObject)]
pub struct NotificationChoice {
    /// The kind of event.
    kind: NotificationKind,
    /// The channel.
    channel: NotificationChannel,
    /// Whether you are told.
    is_wanted: bool,
}

/// Hours in which nothing but emergencies goes out to you, by the clock of the place where the project stands.
#[derive(SimpleObject)]
pub struct QuietHours {
    /// When they begin, as `HH:MM`.
    from: String,
    /// When they end, as `HH:MM`; before `from` when that is on the next day.
    until: String,
}

/// How you are told. In the inbox is everything, whatever you chose.
#[derive(SimpleObject)]
pub struct NotificationSettings {
    /// The language of messages.
    language: Language,
    /// Your quiet hours; null when there are none.
    quiet_hours: Option<QuietHours>,
    /// Your email address, masked; null when you gave none.
    masked_email: Option<String>,
    /// Whether pushes show what they are about, also on a locked screen. False: they say only that there is something new.
    shows_text_in_push: bool,
    /// What a browser subscribes with (`applicationServerKey`), in base64url; null where this server does not push to browsers.
    web_push_key: Option<String>,
    /// Every kind of event by every channel.
    choices: Vec<NotificationChoice>,
}

impl NotificationSettings {
    fn of(settings: Settings, services: &Services) -> Self {
        let hours = |minute: u32| written(i32::try_from(minute).unwrap_or_default());
        let choice = |choice: Choice| NotificationChoice {
            kind: choice.kind.into(),
            channel: choice.channel.into(),
            is_wanted: choice.is_on,
        };
        Self {
            language: settings.language.into(),
            quiet_hours: settings.quiet.map(|quiet| QuietHours { from: hours(quiet.from), until: hours(quiet.until) }),
            masked_email: settings.email_masked,
            shows_text_in_push: !settings.push_is_discreet,
            web_push_key: services.channels.web_push_key().map(str::to_owned),
            choices: settings.choices.into_iter().map(choice).collect(),
        }
    }
}

/// A message that was given up.
pub struct NotificationDelivery(pub notification_delivery::Model);

impl From<notification_delivery::Model> for NotificationDelivery {
    fn from(row: notification_delivery::Model) -> Self {
        Self(row)
    }
}

/// A message that did not go out by one channel, and was given up. It does not say whose it is or what it says; the person has it in the inbox.
#[Object]
impl NotificationDelivery {
    /// Global id; receivers of webhooks and mail know the message by it too.
    pub(super) async fn id(&self) -> ID {
        Kind::NotificationDelivery.id(self.0.id)
    }

    /// The kind of event.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// The channel.
    async fn channel(&self) -> NotificationChannel {
        self.0.channel.into()
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// Why the last attempt failed.
    async fn failure(&self) -> Option<DeliveryFailure> {
        self.0.failure.map(Into::into)
    }

    /// When it was to be sent first.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// One kind of event by one channel.
#[derive(InputObject)]
pub struct NotificationChoiceInput {
    /// The kind of event.
    kind: NotificationKind,
    /// The channel.
    channel: NotificationChannel,
    /// Whether you want to be told.
    is_wanted: bool,
}

/// Hours in which nothing but emergencies goes out to you.
#[derive(InputObject)]
pub struct QuietHoursInput {
    /// When they begin, as `HH:MM`.
    from: String,
    /// When they end, as `HH:MM`. The same as `from` for no quiet hours.
    until: String,
}

/// Changes how you are told. What is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateNotificationSettingsInput {
    /// The language of messages.
    language: Option<Language>,
    /// Your quiet hours.
    quiet_hours: Option<QuietHoursInput>,
    /// An email address; blank for none.
    email: Option<String>,
    /// Whether pushes show what they are about; false for your eyes only.
    shows_text_in_push: Option<bool>,
    /// What you want by which channel; at most 100. What is not named stays as it is.
    choices: Option<Vec<NotificationChoiceInput>>,
}

impl UpdateNotificationSettingsInput {
    fn read(self) -> Change {
        let choice = |input: NotificationChoiceInput| Choice {
            kind: input.kind.into(),
            channel: input.channel.into(),
            is_on: input.is_wanted,
        };
        Change {
            language: self.language.map(Into::into),
            quiet: self.quiet_hours.map(|hours| (hours.from, hours.until)),
            email: self.email,
            push_is_discreet: self.shows_text_in_push.map(|shows| !shows),
            choices: self.choices.unwrap_or_default().into_iter().map(choice).collect(),
        }
    }
}

/// Sends anew what was given up: some messages by their ids, or all of a channel. Give one of the two.
#[derive(InputObject)]
pub struct ResendNotificationsInput {
    /// These; at most 100. Ids of messages that were not given up change nothing.
    delivery_ids: Option<Vec<ID>>,
    /// Everything that was given up by this channel.
    channel: Option<NotificationChannel>,
}

payloads! {
    /// What goes out again.
    ResendNotificationsPayload {
        /// How many messages; null when the call was refused.
        resent_count: i64
    }
    /// How you are told from now on.
    UpdateNotificationSettingsPayload {
        /// The settings; null when the call was refused.
        settings: NotificationSettings
    }
}

/// Reading settings, and what was given up.
#[derive(Default)]
pub struct NotificationSettingQueries;

#[Object]
impl NotificationSettingQueries {
    /// How you are told.
    async fn notification_settings(&self, ctx: &Context<'_>) -> Result<NotificationSettings> {
        let request = ctx.ask();
        let settings = service::of(request.services.db.reader(), &request.viewer).await?;
        Ok(NotificationSettings::of(settings, &request.services))
    }

    /// For administrators: messages that did not go out by a channel and were given up, the newest first.
    async fn undelivered_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<NotificationDelivery>> {
        let list = store::notification::outbox::dead(&ctx.ask().viewer);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Changing settings.
#[derive(Default)]
pub struct NotificationSettingMutations;

#[Object]
impl NotificationSettingMutations {
    /// Changes how you are told.
    async fn update_notification_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateNotificationSettingsInput,
    ) -> Result<UpdateNotificationSettingsPayload> {
        let request = ctx.ask();
        let outcome = service::update(&request.services, &request.viewer, input.read()).await;
        let shown = |settings| NotificationSettings::of(settings, &request.services);
        UpdateNotificationSettingsPayload::of(outcome.map(shown))
    }

    /// For administrators: lets messages that were given up go out again, once what kept them has been mended. They keep their ids; what was read meanwhile is not sent.
    async fn resend_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ResendNotificationsInput,
    ) -> Result<ResendNotificationsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let read = |id: &ID| Kind::NotificationDelivery.read("deliveryIds", id);
            let ids = input.delivery_ids.map(|ids| ids.iter().map(read).collect::<Result<Vec<_>>>()).transpose()?;
            let which = resend::which(ids, input.channel.map(Into::into))?;
            let resent = resend::resend(&request.services, &request.viewer, which).await?;
            Ok(i64::try_from(resent).unwrap_or(i64::MAX))
        };
        ResendNotificationsPayload::of(outcome.await)
    }
}
