//! Keeping operators' endpoints: entering, changing, stopping, secrets, tests, and sending once more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    context::Ask,
    enums::{CertificateFault, WebhookEventKind, WebhookFailure},
    id::Kind,
    user_error::{UserError, payloads, settle},
    webhook::WebhookEndpoint,
};
use crate::{
    error::Result,
    service::webhook::{self as service, EndpointChange, NewEndpoint, Secret, read_replay},
    store::webhook::delivery::Ended,
};

/// Enters an endpoint. It is told what happens from then on.
#[derive(InputObject)]
pub struct CreateWebhookEndpointInput {
    /// What you call it: at most 120 characters.
    name: String,
    /// Where messages are posted: an https URL without name and password, at most 2000 characters.
    url: String,
    /// Of what it is told; at least one kind.
    kinds: Vec<WebhookEventKind>,
    /// The project it is told of; left out for all.
    project_id: Option<ID>,
}

/// Changes an endpoint. What is left out stays.
#[derive(InputObject)]
pub struct UpdateWebhookEndpointInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// What you call it: at most 120 characters.
    name: Option<String>,
    /// Where messages are posted: an https URL without name and password, at most 2000 characters.
    url: Option<String>,
    /// Of what it is told; at least one kind. What already waits is sent all the same.
    kinds: Option<Vec<WebhookEventKind>>,
}

/// Stops sending to an endpoint.
#[derive(InputObject)]
pub struct PauseWebhookEndpointInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
}

/// Goes on sending to an endpoint.
#[derive(InputObject)]
pub struct ResumeWebhookEndpointInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// Whether what was given up with it goes first; otherwise it stays in the list of what is dead.
    #[graphql(default = true)]
    with_dead: bool,
}

/// Deletes an endpoint.
#[derive(InputObject)]
pub struct DeleteWebhookEndpointInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
}

/// Gives an endpoint a new secret.
#[derive(InputObject)]
pub struct RotateWebhookSecretInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// For how many hours the old secret signs beside the new one: 0 to 168; 24 when it is left out.
    overlap_hours: Option<i32>,
}

/// Sends an endpoint a test.
#[derive(InputObject)]
pub struct TestWebhookEndpointInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
}

/// Sends an endpoint messages once more. Give one of `dead`, `after` and `since`.
#[derive(InputObject)]
pub struct ReplayWebhookDeliveriesInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// What was given up.
    #[graphql(default)]
    dead: bool,
    /// Everything after the `cursor` of a message.
    after: Option<String>,
    /// Everything since this instant, and perhaps a few seconds more.
    since: Option<DateTime<Utc>>,
}

payloads! {
    /// The endpoint that was changed.
    UpdateWebhookEndpointPayload {
        /// The endpoint; null when the call was refused.
        webhook_endpoint: WebhookEndpoint
    }
    /// The endpoint that was stopped.
    PauseWebhookEndpointPayload {
        /// The endpoint; null when the call was refused.
        webhook_endpoint: WebhookEndpoint
    }
    /// The endpoint that goes on.
    ResumeWebhookEndpointPayload {
        /// The endpoint; null when the call was refused.
        webhook_endpoint: WebhookEndpoint
    }
    /// The endpoint that is sent messages once more.
    ReplayWebhookDeliveriesPayload {
        /// The endpoint; null when the call was refused.
        webhook_endpoint: WebhookEndpoint
    }
    /// The endpoint that was deleted.
    DeleteWebhookEndpointPayload {
        /// The global id that it had; null when the call was refused.
        deleted_webhook_endpoint_id: ID
    }
    /// How a test ended.
    TestWebhookEndpointPayload {
        /// What came of it; null when the call was refused.
        test: WebhookTest
    }
}

/// The endpoint that was entered, and its secret.
#[derive(SimpleObject)]
pub struct CreateWebhookEndpointPayload {
    /// The endpoint; null when the call was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// What its messages are signed with (`whsec_…`). It is shown this once; null when the call was refused.
    secret: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// The endpoint, and its new secret.
#[derive(SimpleObject)]
pub struct RotateWebhookSecretPayload {
    /// The endpoint; null when the call was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// What its messages are signed with from now on (`whsec_…`). It is shown this once; null when the call was refused.
    secret: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// What came of a test.
#[derive(SimpleObject)]
pub struct WebhookTest {
    /// Whether the endpoint took it: it answered 2xx.
    is_delivered: bool,
    /// The HTTP status of the answer; null when there was none.
    http_status: Option<i32>,
    /// Why it failed; null when it did not.
    failure: Option<WebhookFailure>,
    /// What was wrong with the endpoint's certificate, so that nothing was sent to it; null when it was not that.
    certificate_fault: Option<CertificateFault>,
}

impl From<Ended> for WebhookTest {
    fn from(ended: Ended) -> Self {
        Self {
            is_delivered: ended.failure.is_none(),
            http_status: ended.http_status.map(i32::from),
            failure: ended.failure.map(Into::into),
            certificate_fault: ended.certificate_fault.map(Into::into),
        }
    }
}

/// Keeping endpoints.
#[derive(Default)]
pub struct WebhookMutations;

#[Object]
impl WebhookMutations {
    /// Enters an address of an operator's system that is told what happens. The secret in the answer is shown this once.
    async fn create_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateWebhookEndpointInput,
    ) -> Result<CreateWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewEndpoint {
                project_id: Kind::Project.read_optional("projectId", input.project_id.as_ref())?,
                name: input.name,
                url: input.url,
                kinds: input.kinds.into_iter().map(Into::into).collect(),
            };
            service::create(&request.services, &request.viewer, new).await
        };
        let (made, user_errors) = settle(outcome.await)?;
        let (webhook_endpoint, secret) = apart(made);
        Ok(CreateWebhookEndpointPayload { webhook_endpoint, secret, user_errors })
    }

    /// Changes an endpoint's name, address, or of what it is told. A message that failed is tried again at once.
    async fn update_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateWebhookEndpointInput,
    ) -> Result<UpdateWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            let kinds = input.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
            let change = EndpointChange { name: input.name, url: input.url, kinds };
            service::update(&request.services, &request.viewer, id, change).await
        };
        UpdateWebhookEndpointPayload::of(outcome.await)
    }

    /// Stops sending to an endpoint. What happens meanwhile is sent when it goes on.
    async fn pause_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PauseWebhookEndpointInput,
    ) -> Result<PauseWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            service::pause(&request.services, &request.viewer, id).await
        };
        PauseWebhookEndpointPayload::of(outcome.await)
    }

    /// Goes on sending to an endpoint that was paused or given up, from where it stopped, with three days of patience anew.
    async fn resume_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ResumeWebhookEndpointInput,
    ) -> Result<ResumeWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            service::resume(&request.services, &request.viewer, id, input.with_dead).await
        };
        ResumeWebhookEndpointPayload::of(outcome.await)
    }

    /// Deletes an endpoint with everything that was on its way to it, for ever.
    async fn delete_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: DeleteWebhookEndpointInput,
    ) -> Result<DeleteWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            service::delete(&request.services, &request.viewer, id).await.map(|id| Kind::WebhookEndpoint.id(id))
        };
        DeleteWebhookEndpointPayload::of(outcome.await)
    }

    /// Gives an endpoint a new secret, which is shown this once. For a while messages carry signatures by the new and the old one.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RotateWebhookSecretInput,
    ) -> Result<RotateWebhookSecretPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            service::rotate(&request.services, &request.viewer, id, input.overlap_hours).await
        };
        let (made, user_errors) = settle(outcome.await)?;
        let (webhook_endpoint, secret) = apart(made);
        Ok(RotateWebhookSecretPayload { webhook_endpoint, secret, user_errors })
    }

    /// Sends an endpoint a message of type `webhook.test`, once and now, whether it is switched on or not, and says what came of it.
    async fn test_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TestWebhookEndpointInput,
    ) -> Result<TestWebhookEndpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            service::test(&request.services, &request.viewer, id).await
        };
        TestWebhookEndpointPayload::of(outcome.await)
    }

    /// Sends an endpoint once more what happened before, in order and with the same ids. One that is paused or given up gets it when it goes on.
    async fn replay_webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ReplayWebhookDeliveriesInput,
    ) -> Result<ReplayWebhookDeliveriesPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::WebhookEndpoint.read("webhookEndpointId", &input.webhook_endpoint_id)?;
            let what = read_replay(input.dead, input.after.as_deref(), input.since)?;
            service::replay(&request.services, &request.viewer, id, what).await
        };
        ReplayWebhookDeliveriesPayload::of(outcome.await)
    }
}

fn apart(made: Option<Secret>) -> (Option<WebhookEndpoint>, Option<String>) {
    made.map(|made| (made.endpoint.into(), made.secret)).unzip()
}
