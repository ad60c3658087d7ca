//! Operators' systems that are told what happens, and what they were sent.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{webhook_delivery, webhook_endpoint};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{
        CertificateFault, WebhookDeliveryStatus, WebhookDisabledReason, WebhookEventKind, WebhookFailure, WebhookStatus,
    },
    id::Kind,
    loaders::ProjectOf,
    unit::Project,
};
use crate::{
    domain::overlap::still_good,
    error::Result,
    page::Cursor,
    service::webhook::events::{cursor_of, kinds_of, message_id},
    store,
};

/// An address of an operator's system.
pub struct WebhookEndpoint(pub webhook_endpoint::Model);

impl From<webhook_endpoint::Model> for WebhookEndpoint {
    fn from(row: webhook_endpoint::Model) -> Self {
        Self(row)
    }
}

/// An address of an operator's system that is told what happens, by signed webhooks (Standard Webhooks). Administrators see it.
#[Object]
impl WebhookEndpoint {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::WebhookEndpoint.id(self.0.id)
    }

    /// What you call it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where messages are posted.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Of what it is told.
    async fn kinds(&self) -> Result<Vec<WebhookEventKind>> {
        Ok(kinds_of(&self.0)?.into_iter().map(Into::into).collect())
    }

    /// The project it is told of; null when it is told of all.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id?), Project).await
    }

    /// Whether it is sent anything.
    async fn status(&self) -> WebhookStatus {
        self.0.status.into()
    }

    /// Why it was given up; null when it was not.
    async fn disabled_reason(&self) -> Option<WebhookDisabledReason> {
        self.0.disabled_reason.map(Into::into)
    }

    /// When it was given up; null when it was not.
    async fn disabled_at(&self) -> Option<DateTime<Utc>> {
        self.0.disabled_at
    }

    /// When the message that is next failed first; null when the last one was taken. Three days later the endpoint is given up.
    async fn first_failed_at(&self) -> Option<DateTime<Utc>> {
        self.0.failing_since
    }

    /// When the message that fails is tried again; null when none does.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.0.failing_since.map(|_| self.0.next_at)
    }

    /// When the secret before this one ends, which signs too until then; null when there is none.
    async fn old_secret_ends_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        still_good(self.0.old_secret_until, self.0.old_secret_until, ctx.ask().now())
    }

    /// Up to where what happened was put on its way. What lies between two cursors can be sent once more.
    async fn cursor(&self) -> String {
        Cursor::Place(self.0.cursor_event, self.0.cursor_company).encode()
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// An event on its way to an endpoint.
pub struct WebhookDelivery(pub webhook_delivery::Model);

impl From<webhook_delivery::Model> for WebhookDelivery {
    fn from(row: webhook_delivery::Model) -> Self {
        Self(row)
    }
}

/// An event on its way to an endpoint. What was taken is forgotten after 30 days; it can be sent once more all the same. What the endpoint answered beside its status is not kept.
#[Object]
impl WebhookDelivery {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::WebhookDelivery.id(self.0.id)
    }

    /// The `webhook-id` of the message: the same for this event and endpoint, however often it is sent.
    async fn message_id(&self) -> String {
        message_id(&self.0)
    }

    /// Where the event stands among all that happened. The message says it too; `replayWebhookDeliveries` goes on after it.
    async fn cursor(&self) -> String {
        cursor_of(&self.0)
    }

    /// What happened.
    async fn kind(&self) -> WebhookEventKind {
        self.0.kind.into()
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Where the message stands.
    async fn status(&self) -> WebhookDeliveryStatus {
        self.0.status.into()
    }

    /// How often it was begun to send it, since it was last put on its way.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// When it was last begun; null before the first attempt.
    async fn last_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_attempt_at
    }

    /// The HTTP status of the last answer; null when there was none.
    async fn last_http_status(&self) -> Option<i32> {
        self.0.last_http_status
    }

    /// Why the last attempt failed; null when it did not.
    async fn failure(&self) -> Option<WebhookFailure> {
        self.0.failure.map(Into::into)
    }

    /// What was wrong with the endpoint's certificate at the last attempt, so that nothing was sent to it; null when it was not that.
    async fn certificate_fault(&self) -> Option<CertificateFault> {
        self.0.failure.and(self.0.certificate_fault).map(Into::into)
    }

    /// When the endpoint last took it; null when it never did.
    async fn delivered_at(&self) -> Option<DateTime<Utc>> {
        self.0.delivered_at
    }
}

/// Reading endpoints and what they were sent.
#[derive(Default)]
pub struct WebhookQueries;

#[Object]
impl WebhookQueries {
    /// For administrators: the addresses of operators' systems that are told what happens, in the order in which they were entered.
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<WebhookEndpoint>> {
        listed(ctx, store::webhook::list(&ctx.ask().viewer), page(first, after, last, before)?).await
    }

    /// For administrators: what an endpoint was sent, is to be sent next, and what was given up; the newest event first.
    #[allow(clippy::too_many_arguments)]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint.")] webhook_endpoint_id: ID,
        #[graphql(desc = "Only what stands so; DEAD for what was given up.")] status: Option<WebhookDeliveryStatus>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<WebhookDelivery>> {
        let id = Kind::WebhookEndpoint.read("webhookEndpointId", &webhook_endpoint_id)?;
        let list = store::webhook::delivery::list(&ctx.ask().viewer, id, status.map(Into::into));
        listed(ctx, list, page(first, after, last, before)?).await
    }
}
