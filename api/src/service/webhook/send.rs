//! Telling operators' systems what has happened: in the order of the logs, each event until the endpoint has taken it. Whoever
//! sends may die at any moment: what was not noted as taken is sent by the next, with the same id.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    vocab::{WebhookEnd, WebhookFailure, WebhookStatus},
    webhook_delivery as delivery, webhook_endpoint as endpoint,
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    events::{body_of, deliveries, message_id},
    signer,
};
use crate::{
    auth::viewer::Viewer,
    channel::{
        endpoint::{Answered, Posting, post},
        outbound::Unanswered,
    },
    clock::random_bytes,
    domain::webhook::{next_attempt, retry_after},
    error::{Error, Result},
    service::{Services, record},
    store::{
        self,
        webhook::{delivery::Ended, log},
    },
};

/// How many endpoints are sent to at a time: one that is slow holds up nobody but itself.
const AT_ONCE: usize = 32;

/// How many messages are put on their way together, and how much of the logs is looked through for them.
const AHEAD: u64 = 50;
const LOOKED_THROUGH: u64 = 500;

/// How long a turn with an endpoint lasts, but for the call that is under way: much shorter than a claim.
const TURN: TimeDelta = TimeDelta::seconds(30);

/// While some endpoints are slow, it is looked this often whether there is something for others; and for so long, until what is
/// under way is waited for and the job is done.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(1);
const ROUND: TimeDelta = TimeDelta::seconds(60);

/// The answer by which an endpoint says that it is gone for ever.
const GONE: u16 = 410;

/// Sends what is due. Returns how many messages were taken.
///
/// Each turn is a task of its own: one that has the database's connection in hand must go on while the next ones are claimed.
pub async fn send(services: &Services) -> Result<usize> {
    let until = services.now() + ROUND;
    let mut turns: JoinSet<Result<usize>> = JoinSet::new();
    let (mut taken, mut failure) = (0, None);
    loop {
        let free = AT_ONCE - turns.len();
        if free > 0 && failure.is_none() && services.now() < until {
            let most = u64::try_from(free).unwrap_or(1);
            match store::webhook::claim(services.db.writer(), services.now(), most).await {
                Ok(claimed) => {
                    for endpoint in claimed {
                        let services = services.clone();
                        turns.spawn(async move { turn(&services, endpoint).await });
                    }
                }
                Err(error) => failure = Some(error),
            }
        }
        if turns.is_empty() {
            return failure.map_or(Ok(taken), Err);
        }
        // Each turn is seen through before one that failed is told of.
        tokio::select! {
            Some(ended) = turns.join_next() => match ended.unwrap_or_else(|panic| Err(Error::internal(panic))) {
                Ok(some) => taken += some,
                Err(error) => failure = failure.or(Some(error)),
            },
            () = services.clock.sleep(LOOK_EVERY), if failure.is_none() && services.now() < until => {}
        }
    }
}

/// A turn with one endpoint: some messages, one after the other. Returns how many it took.
async fn turn(services: &Services, endpoint: endpoint::Model) -> Result<usize> {
    let (conn, began) = (services.db.writer(), services.now());
    let mut next = store::webhook::delivery::next(conn, endpoint.id, AHEAD).await?;
    if u64::try_from(next.len()).unwrap_or(AHEAD) < AHEAD {
        look_through(services, &endpoint).await?;
        next = store::webhook::delivery::next(conn, endpoint.id, AHEAD).await?;
    }
    let mut taken = 0;
    for row in next {
        let now = services.now();
        if now - began > TURN {
            break;
        }
        let Some(attempt) = store::webhook::delivery::begin(conn, &endpoint, row.id, now).await? else {
            return Ok(taken);
        };
        let outcome = attempt_once(services, &endpoint, &attempt).await?;
        let now = services.now();
        store::webhook::delivery::settle(conn, &attempt, outcome.ended, now).await?;
        services.metrics.webhook(if outcome.ended.failure.is_none() { "delivered" } else { "failed" });
        if outcome.ended.failure.is_none() {
            taken += 1;
            continue;
        }
        match outcome.again_at {
            Ok(at) => store::webhook::release(conn, &endpoint, at, attempt.first_attempt_at).await?,
            Err(reason) => give_up(services, &endpoint, reason, outcome.ended).await?,
        }
        return Ok(taken);
    }
    store::webhook::release(conn, &endpoint, services.now(), None).await?;
    Ok(taken)
}

/// Puts on their way what the endpoint is to be told, and notes up to where that is, in one transaction.
async fn look_through(services: &Services, endpoint: &endpoint::Model) -> Result<()> {
    let tx = services.db.begin().await?;
    let Some(held) = store::webhook::hold_claimed(&tx, endpoint).await? else { return Ok(()) };
    let place = (held.cursor_event, held.cursor_company);
    let happened = log::after(&tx, place, LOOKED_THROUGH).await?;
    let Some((last, _)) = happened.last() else { return Ok(()) };
    let last = *last;
    store::webhook::delivery::plan(&tx, deliveries(services, &held, &happened)?).await?;
    store::webhook::reach(&tx, held.id, last).await?;
    tx.commit().await?;
    Ok(())
}

/// How an attempt ended and, when it failed, when the next one is due, or why there is none.
struct Outcome {
    ended: Ended,
    again_at: Result<DateTime<Utc>, WebhookEnd>,
}

async fn attempt_once(services: &Services, endpoint: &endpoint::Model, attempt: &delivery::Model) -> Result<Outcome> {
    let signer = signer(services, endpoint)?;
    let posting = Posting { url: &endpoint.url, id: &message_id(attempt), body: body_of(attempt) };
    let answered = post(&services.outbound, &signer, posting, services.now()).await;
    let ended = ended(&answered);
    if ended.http_status == Some(GONE) {
        return Ok(Outcome { ended, again_at: Err(WebhookEnd::Gone) });
    }
    let now = services.now();
    let asked = answered.ok().and_then(|answered| retry_after(answered.retry_after.as_deref()?, now));
    let first_at = attempt.first_attempt_at.unwrap_or(now);
    let chance = u16::from_be_bytes(random_bytes());
    let again_at = next_attempt((first_at, attempt.attempts), now, asked, chance).ok_or(WebhookEnd::Failing);
    Ok(Outcome { ended, again_at })
}

/// What is noted of an answer, or of none.
pub(super) fn ended(answered: &Result<Answered, Unanswered>) -> Ended {
    match answered {
        Ok(answered) => {
            let is_taken = (200..300).contains(&answered.status);
            let failure = (!is_taken).then_some(WebhookFailure::Answered);
            Ended { http_status: Some(answered.status), failure, certificate_fault: None }
        }
        Err(error) => {
            let failure = match error {
                Unanswered::Bad(_) => WebhookFailure::AddressRefused,
                Unanswered::Unreachable | Unanswered::Unbelieved(_) | Unanswered::NoClient => {
                    WebhookFailure::Unreachable
                }
                Unanswered::TooSlow => WebhookFailure::TooSlow,
            };
            let certificate_fault = match error {
                Unanswered::Unbelieved(fault) => Some(*fault),
                _ => None,
            };
            Ended { http_status: None, failure: Some(failure), certificate_fault }
        }
    }
}

/// Gives an endpoint up, with everything that waits for it.
async fn give_up(services: &Services, endpoint: &endpoint::Model, reason: WebhookEnd, ended: Ended) -> Result<()> {
    let tx = services.db.begin().await?;
    let Some(held) = store::webhook::hold_claimed(&tx, endpoint).await? else { return Ok(()) };
    let dead = store::webhook::delivery::give_up(&tx, held.id).await?;
    let row = endpoint::Model {
        status: WebhookStatus::Disabled,
        disabled_reason: Some(reason),
        disabled_at: Some(services.now()),
        claimed_until: None,
        ..held
    };
    let details = json!({ "reason": reason, "lastHttpStatus": ended.http_status, "dead": dead });
    store::webhook::update(&tx, row).await?;
    let what = ("DISABLE_WEBHOOK_ENDPOINT", "WebhookEndpoint", endpoint.id);
    record(services, &tx, &Viewer::system(), what, details).await?;
    tx.commit().await?;
    services.metrics.webhook("given_up");
    tracing::warn!(endpoint = %endpoint.id, ?reason, dead, "a webhook endpoint was given up");
    Ok(())
}
