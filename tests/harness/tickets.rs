//! Moves tickets as whoever a test names, and says in one word how each call was answered.

use anju::graphql::id::Kind;
use chrono::{DateTime, Utc};
use entity::{ticket, ticket_event, vocab::TicketStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Client, TestApp};

/// What a test reads of a ticket.
const FIELDS: &str = "id number kind category urgency status title description version channel responsibleDepartment \
    respondDueAt arriveDueAt resolveDueAt isOverdue heldSeconds escalationLevel reworkCount triage triageReason cause \
    explanation resolution costCents satisfied rating confirmedChannel assignee { id } appointment { startsAt endsAt }";

/// How a mutation was answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Carried out: the payload.
    Done(Value),
    /// A user error: code and field, such as `NOT_FOUND ticketId`.
    Fault(String),
    /// A top-level error, such as `error FORBIDDEN`.
    Refused(String),
}

impl Answer {
    /// The ticket of a call that must have been carried out.
    #[track_caller]
    pub fn ticket(self) -> Value {
        match self {
            Self::Done(payload) => payload["ticket"].clone(),
            refused => panic!("not carried out: {refused:?}"),
        }
    }

    /// The answer in a word or two: `done`, `NOT_FOUND ticketId`, `ILLEGAL_TRANSITION`, `error FORBIDDEN`.
    pub fn word(&self) -> &str {
        match self {
            Self::Done(_) => "done",
            Self::Fault(text) | Self::Refused(text) => text,
        }
    }

    /// Reads the answer to a document with one mutation.
    pub fn read(answer: &Value) -> Self {
        if let Some(error) = answer["errors"].get(0) {
            let code = error["extensions"]["code"].as_str().unwrap_or("without a code");
            let field = error["extensions"]["field"].as_str().map(|field| format!(" {field}")).unwrap_or_default();
            return Self::Refused(format!("error {code}{field}"));
        }
        let (_, payload) = answer["data"].as_object().unwrap().iter().next().unwrap();
        match payload["userErrors"].get(0) {
            None => Self::Done(payload.clone()),
            Some(error) => {
                let code = error["code"].as_str().unwrap();
                Self::Fault(error["field"].as_str().map_or_else(|| code.to_owned(), |field| format!("{code} {field}")))
            }
        }
    }
}

/// The document of a mutation that answers a ticket, such as `acceptTicket`.
pub fn document(operation: &str) -> String {
    let (first, rest) = operation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    let similar = if operation == "createTicket" { "similarTicket { id }" } else { "" };
    format!(
        "mutation Call($input: {input}!) {{ {operation}(input: $input) {{ ticket {{ {FIELDS} }} {similar} \
         userErrors {{ code field message }} }} }}"
    )
}

/// One object over another: what a test says goes before the usual.
pub fn merged(usual: Value, said: &Value) -> Value {
    let mut all = usual;
    for (name, value) in said.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

/// A global id as uuid.
pub fn raw_id(id: &Value) -> Uuid {
    anju::graphql::id::decode(&async_graphql::ID(id.as_str().unwrap().to_owned())).unwrap().1
}

/// An instant of an answer.
#[track_caller]
pub fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no instant: {value}")).parse().unwrap()
}

impl Client {
    /// Runs a mutation that answers a ticket.
    pub async fn call(&self, operation: &str, input: Value) -> Answer {
        let (_, answer) = self.post(&document(operation), json!({ "input": input })).await;
        Answer::read(&answer)
    }
}

/// What an action carries when a test does not care.
pub fn usual_content(app: &TestApp, operation: &str) -> Value {
    match operation {
        "acceptTicket" => {
            json!({ "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY" })
        }
        "assignTicket" => json!({ "assigneeId": Kind::Staff.encode(app.world.staff("technician.a")) }),
        "resolveTicket" => json!({ "resolution": "更换水管" }),
        "confirmTicket" => json!({ "satisfied": true, "rating": 5 }),
        "recordFollowUp" => json!({ "outcome": "业主满意" }),
        "triageTicket" => json!({ "verdict": "VALID", "reason": "情况属实" }),
        "rescheduleTicket" => {
            let starts_at = app.services.now() + chrono::TimeDelta::hours(30);
            let ends_at = starts_at + chrono::TimeDelta::hours(2);
            json!({ "appointment": { "startsAt": starts_at, "endsAt": ends_at }, "reason": "改期" })
        }
        "startTicket" | "resumeTicket" => json!({}),
        _ => json!({ "reason": "原因" }),
    }
}

/// Who takes a ticket into each status, and how.
const WAY: &[(TicketStatus, &str, &str)] = &[
    (TicketStatus::Accepted, "agent.a", "acceptTicket"),
    (TicketStatus::Assigned, "agent.a", "assignTicket"),
    (TicketStatus::InProgress, "technician.a", "startTicket"),
    (TicketStatus::OnHold, "technician.a", "holdTicket"),
    (TicketStatus::Resolved, "technician.a", "resolveTicket"),
    (TicketStatus::Confirmed, "zhang", "confirmTicket"),
    (TicketStatus::Closed, "agent.a", "recordFollowUp"),
];

impl TestApp {
    /// A client of anybody by name: an owner, a login, `partner-1`, `anonymous`.
    pub async fn as_whom(&self, who: &str) -> Client {
        match who {
            "anonymous" => self.anonymous(),
            _ if who.starts_with("partner-") => self.partner(who).await,
            _ if self.world.all().any(|(name, _)| name == format!("staff:{who}")) => self.staff(who).await,
            _ => self.owner(who).await,
        }
    }

    /// Reports something for YT-101 as Zhang, or as `fields` say.
    pub async fn report(&self, fields: Value) -> Value {
        self.report_as("zhang", fields).await.ticket()
    }

    /// Reports something for YT-101 as anybody.
    pub async fn report_as(&self, who: &str, fields: Value) -> Answer {
        let unit = Kind::Unit.encode(self.world.unit("YT-101"));
        let usual = json!({ "unitId": unit, "kind": "REPAIR", "title": "厨房水管漏水" });
        self.as_whom(who).await.call("createTicket", merged(usual, &fields)).await
    }

    /// Does something with a ticket as anybody, with the usual content.
    pub async fn act(&self, who: &str, operation: &str, ticket: &Value) -> Answer {
        self.act_with(who, operation, ticket, json!({})).await
    }

    /// Does something with a ticket as anybody.
    pub async fn act_with(&self, who: &str, operation: &str, ticket: &Value, fields: Value) -> Answer {
        let client = self.as_whom(who).await;
        self.act_at(&client, operation, ticket, fields).await
    }

    /// Does something with a ticket through a client that a test already has.
    pub async fn act_at(&self, client: &Client, operation: &str, ticket: &Value, fields: Value) -> Answer {
        let content = merged(usual_content(self, operation), &fields);
        client.call(operation, merged(json!({ "ticketId": ticket["id"] }), &content)).await
    }

    /// A ticket of Zhang's for YT-101 in a status, worked on by technician.a.
    pub async fn ticket_in(&self, status: TicketStatus, fields: Value) -> Value {
        let ticket = self.report(fields).await;
        self.bring(ticket, status).await
    }

    /// Takes a fresh ticket on to a status.
    pub async fn bring(&self, ticket: Value, status: TicketStatus) -> Value {
        let mut ticket = ticket;
        if status == TicketStatus::Cancelled {
            return self.act("zhang", "cancelTicket", &ticket).await.ticket();
        }
        for (reached, who, operation) in WAY.iter().filter(|(reached, ..)| *reached <= status) {
            let on_the_way = *reached != TicketStatus::OnHold || status == TicketStatus::OnHold;
            if !on_the_way {
                continue;
            }
            let mut content = json!({});
            if *operation == "acceptTicket" {
                content = json!({ "urgency": ticket["urgency"] });
            }
            if *operation == "resolveTicket" && ticket["kind"] == "COMPLAINT" && ticket["triage"].is_null() {
                self.act_with("agent.a", "triageTicket", &ticket, json!({ "verdict": "INVALID" })).await.ticket();
            }
            ticket = self.act_with(who, operation, &ticket, content).await.ticket();
        }
        ticket
    }

    /// A ticket as it is now, as the auditor reads it.
    pub async fn look(&self, ticket: &Value) -> Value {
        let document = format!("query Look($id: ID!) {{ node(id: $id) {{ ... on Ticket {{ {FIELDS} }} }} }}");
        self.staff("auditor").await.run(&document, json!({ "id": ticket["id"] })).await["node"].clone()
    }

    /// A ticket's row.
    pub async fn row(&self, ticket: &Value) -> ticket::Model {
        let found = ticket::Entity::find_by_id(raw_id(&ticket["id"])).one(self.services.db.reader()).await;
        found.unwrap().unwrap()
    }

    /// A ticket's log, the oldest first.
    pub async fn log(&self, ticket: &Value) -> Vec<ticket_event::Model> {
        ticket_event::Entity::find()
            .filter(ticket_event::Column::TicketId.eq(raw_id(&ticket["id"])))
            .order_by_asc(ticket_event::Column::Seq)
            .all(self.services.db.reader())
            .await
            .unwrap()
    }

    /// What happened to a ticket, as the API's words: `CREATE`, `ACCEPT` …
    pub async fn story(&self, ticket: &Value) -> Vec<String> {
        let log = self.log(ticket).await;
        log.iter().map(|event| serde_json::to_value(event.action).unwrap().as_str().unwrap().to_owned()).collect()
    }
}
