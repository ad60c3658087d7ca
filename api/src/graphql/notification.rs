//! The inbox: what one is told, and what of it one has read.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::notification;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Language, NotificationKind},
    id::Kind,
    loaders::{ProjectOf, TicketOf},
    ticket::Ticket,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::notification::{Arguments, Subject, subject},
    error::{Error, FaultCode, Message, Result},
    language::{Text, tell},
    page::Cursor,
    service::notification as service,
    store::{self, notification::NotificationFilter},
};

/// What a person is told.
pub struct Notification(pub notification::Model);

impl From<notification::Model> for Notification {
    fn from(row: notification::Model) -> Self {
        Self(row)
    }
}

/// That you were told of an event (通知). Only you see it; what was told of a ticket that you may see no more is gone with it.
#[Object]
impl Notification {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Notification.id(self.0.id)
    }

    /// The place in the stream of notifications. Keep the last one you saw: `notificationReceived` goes on after it.
    async fn cursor(&self) -> String {
        Cursor::Seq(self.0.seq).encode()
    }

    /// What it says.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// The headline, one line, to be shown as it is.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language to write it in; that of your settings, else the best of Accept-Language, when it is left out."
        )]
        language: Option<Language>,
    ) -> Result<String> {
        Ok(self.text(ctx, language).await?.title)
    }

    /// The text, to be shown as it is.
    async fn body(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language to write it in; that of your settings, else the best of Accept-Language, when it is left out."
        )]
        language: Option<Language>,
    ) -> Result<String> {
        Ok(self.text(ctx, language).await?.body)
    }

    /// Whether people or property are in danger: show it at once and above everything else.
    async fn is_emergency(&self) -> bool {
        self.0.is_emergency
    }

    /// When it was made, together with what it tells of.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When you read it; null before.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }

    /// The global id of what it is about: a ticket, a bulletin, a survey invitation or a handover. Ask `node` for it.
    async fn subject_id(&self) -> ID {
        let kind = match subject(self.0.kind) {
            Subject::Ticket => Kind::Ticket,
            Subject::Bulletin => Kind::Bulletin,
            Subject::Survey => Kind::SurveyInvitation,
            Subject::Handover => Kind::Handover,
        };
        kind.id(self.0.subject_id)
    }

    /// The ticket it is about; null when it is about something else.
    async fn ticket(&self, ctx: &Context<'_>) -> Option<Result<Ticket>> {
        ctx.look().find(TicketOf(self.0.ticket_id?), Ticket::from).await
    }

    /// The project in which it happened.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.look().find(ProjectOf(self.0.project_id), Project).await
    }
}

impl Notification {
    async fn text(&self, ctx: &Context<'_>, language: Option<Language>) -> Result<Text> {
        let language = match language {
            Some(language) => language.into(),
            None => ctx.look().language(),
        };
        let arguments: Arguments = serde_json::from_value(self.0.arguments.clone()).map_err(Error::internal)?;
        Ok(tell(self.0.kind, &arguments, self.0.is_emergency, language))
    }
}

/// Narrows a list of notifications. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "NotificationFilter")]
pub struct NotificationFilterInput {
    /// True: not read yet. False: read.
    unread: Option<bool>,
    /// One of these kinds; at most 30.
    kinds: Option<Vec<NotificationKind>>,
}

/// The most values in one list of a filter.
const MOST_VALUES: usize = 30;

impl NotificationFilterInput {
    fn read(self) -> Result<NotificationFilter> {
        let kinds = self.kinds.unwrap_or_default();
        if kinds.len() > MOST_VALUES {
            let message = Message::AtMostValues { most: MOST_VALUES.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "filter.kinds", message));
        }
        Ok(NotificationFilter { unread: self.unread, kinds: kinds.into_iter().map(Into::into).collect() })
    }
}

/// Notes what you have read: some notifications by their ids, or all up to a cursor. Give one of the two.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// These; at most 100. Ids that are not yours change nothing.
    notification_ids: Option<Vec<ID>>,
    /// Everything up to and with the notification of this `cursor`.
    through: Option<String>,
}

payloads! {
    /// What is left to read.
    MarkNotificationsReadPayload {
        /// How many of your notifications are unread now; null when the call was refused.
        unread_count: i64
    }
}

/// Reading the inbox.
#[derive(Default)]
pub struct NotificationQueries;

#[Object]
impl NotificationQueries {
    /// Your notifications, the newest first.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<NotificationFilterInput>,
    ) -> Result<Counted<Notification>> {
        let list = store::notification::list(&ctx.ask().viewer, &filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// How many of your notifications are unread.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let unread = store::notification::unread(ctx.ask().services.db.reader(), &ctx.ask().viewer).await?;
        Ok(i64::try_from(unread).unwrap_or(i64::MAX))
    }
}

/// Marking as read.
#[derive(Default)]
pub struct NotificationMutations;

#[Object]
impl NotificationMutations {
    /// Notes that you have read notifications. The first time counts; repeating it changes nothing.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: MarkNotificationsReadInput,
    ) -> Result<MarkNotificationsReadPayload> {
        let request = ctx.ask();
        let outcome = async {
            let read = |id: &ID| Kind::Notification.read("notificationIds", id);
            let ids = input.notification_ids.map(|ids| ids.iter().map(read).collect::<Result<Vec<_>>>()).transpose()?;
            let which = service::which(ids, input.through.as_deref())?;
            let unread = service::mark_read(&request.services, &request.viewer, which).await?;
            Ok(i64::try_from(unread).unwrap_or(i64::MAX))
        };
        MarkNotificationsReadPayload::of(outcome.await)
    }
}
