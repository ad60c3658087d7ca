//! What operators' systems are told of an event: that it happened, to what, and when. Ids and words of closed lists, and nothing
//! about a person: whoever needs more asks the API, with rights of their own.

use chrono::SecondsFormat;
use entity::{
    company_event, handover, survey_invitation as invitation, ticket_event, vocab::EventKind,
    webhook_delivery as delivery, webhook_endpoint as endpoint,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    auth::secret::token_hash,
    domain::webhook::type_of,
    error::{Error, Result},
    page::Cursor,
    service::Services,
    store::{
        self,
        db::Tx,
        webhook::log::{Happening, Place},
    },
};

/// The version of the messages: what is said by a version is never taken away from it.
const VERSION: i32 = 1;

/// What an id in a message is of. How ids look outside is the API's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Ticket,
    TicketEvent,
    Project,
    Unit,
    Contract,
    Survey,
    SurveyInvitation,
    Handover,
}

/// Notes that a customer handed a survey in, as the last thing that the transaction does.
pub async fn survey_submitted(services: &Services, tx: &Tx, survey: &invitation::Model) -> Result<()> {
    let details = json!({ "survey": survey.campaign_id, "kind": survey.kind });
    let what = (EventKind::SurveySubmitted, survey.project_id, survey.id);
    append(services, tx, what, details).await
}

/// Notes that a home was handed over, as the last thing that the transaction does.
pub async fn handover_completed(services: &Services, tx: &Tx, handover: &handover::Model) -> Result<()> {
    let details = json!({
        "unit": handover.unit_id, "contract": handover.contract_id, "on": handover.completed_on,
    });
    append(services, tx, (EventKind::HandoverCompleted, handover.project_id, handover.id), details).await
}

async fn append(
    services: &Services,
    tx: &Tx,
    (kind, project_id, subject_id): (EventKind, Uuid, Uuid),
    details: Value,
) -> Result<()> {
    let now = services.now();
    let id = services.new_id(now);
    let event =
        company_event::Model { seq: 0, id, after_event: 0, kind, project_id, subject_id, details, occurred_at: now };
    store::company_event::append(tx, event).await
}

/// What goes to an endpoint of these events.
pub(super) fn deliveries(
    services: &Services,
    endpoint: &endpoint::Model,
    happened: &[(Place, Happening)],
) -> Result<Vec<delivery::Model>> {
    let kinds = kinds_of(endpoint)?;
    let mut rows = Vec::new();
    for (place, happening) in happened {
        let (id, kind, project_id) = match happening {
            Happening::Ticket(event) => (event.id, EventKind::TicketEvent, event.project_id),
            Happening::Company(event) => (event.id, event.kind, event.project_id),
        };
        if !kinds.contains(&kind) || endpoint.project_id.is_some_and(|own| own != project_id) {
            continue;
        }
        let (data, occurred_at) = match happening {
            Happening::Ticket(event) => (of_ticket(services, event), event.occurred_at),
            Happening::Company(event) => (of_company(services, event)?, event.occurred_at),
        };
        rows.push(delivery::Model {
            id: delivery_id(endpoint.id, id)?,
            endpoint_id: endpoint.id,
            kind,
            place_event: place.0,
            place_company: place.1,
            data,
            occurred_at,
            status: entity::vocab::WebhookDeliveryStatus::Waiting,
            attempts: 0,
            first_attempt_at: None,
            last_attempt_at: None,
            delivered_at: None,
            failure: None,
            last_http_status: None,
            certificate_fault: None,
        });
    }
    Ok(rows)
}

/// Of what an endpoint is told.
pub fn kinds_of(endpoint: &endpoint::Model) -> Result<Vec<EventKind>> {
    serde_json::from_value(endpoint.kinds.clone()).map_err(Error::internal)
}

/// The same for the same event and endpoint, whenever it is asked for.
fn delivery_id(endpoint_id: Uuid, event_id: Uuid) -> Result<Uuid> {
    let hash = token_hash(&format!("{endpoint_id} {event_id}"));
    Uuid::try_parse(&hash[..32]).map_err(Error::internal)
}

/// By which the other side knows a message.
pub fn message_id(delivery: &delivery::Model) -> String {
    format!("msg_{}", delivery.id.simple())
}

/// The place in the logs that a message says.
pub fn cursor_of(delivery: &delivery::Model) -> String {
    Cursor::Place(delivery.place_event, delivery.place_company).encode()
}

/// The message.
pub(super) fn body_of(delivery: &delivery::Model) -> String {
    let body = json!({
        "type": type_of(delivery.kind),
        "version": VERSION,
        "timestamp": delivery.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "cursor": cursor_of(delivery),
        "data": delivery.data,
    });
    body.to_string()
}

fn of_ticket(services: &Services, event: &ticket_event::Model) -> Value {
    let id = services.global_id;
    json!({
        "eventId": id(Subject::TicketEvent, event.id),
        "ticketId": id(Subject::Ticket, event.ticket_id),
        "projectId": id(Subject::Project, event.project_id),
        "unitId": id(Subject::Unit, event.unit_id),
        "action": event.action,
        "fromStatus": event.from_status,
        "toStatus": event.to_status,
    })
}

fn of_company(services: &Services, event: &company_event::Model) -> Result<Value> {
    let id = services.global_id;
    let named = |name: &str, subject| {
        let raw = serde_json::from_value::<Uuid>(event.details[name].clone()).map_err(Error::internal)?;
        Ok::<_, Error>(id(subject, raw))
    };
    let project = id(Subject::Project, event.project_id);
    Ok(match event.kind {
        EventKind::SurveySubmitted => json!({
            "invitationId": id(Subject::SurveyInvitation, event.subject_id),
            "surveyId": named("survey", Subject::Survey)?,
            "surveyKind": event.details["kind"],
            "projectId": project,
        }),
        EventKind::HandoverCompleted => json!({
            "handoverId": id(Subject::Handover, event.subject_id),
            "unitId": named("unit", Subject::Unit)?,
            "contractId": named("contract", Subject::Contract)?,
            "projectId": project,
            "completedOn": event.details["on"],
        }),
        EventKind::TicketEvent => return Err(Error::internal("a ticket's event in the company's log")),
    })
}
