//! The people around one home, signed in, and the steps of a repair as their apps send them.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use super::{Client, TestApp, documents::Documents};

/// Who takes part in a repair.
pub struct Crew {
    pub owner: Client,
    pub ambassador: Client,
    pub technician: Client,
    pub unit_id: String,
    pub technician_id: String,
}

impl Crew {
    /// The people around room 101 of the first project.
    pub async fn of_101(app: &TestApp) -> Self {
        Self::new(app, "YT-101", ["zhang", "ambassador.a", "technician.a"]).await
    }

    /// The neighbours, in room 102.
    pub async fn of_102(app: &TestApp) -> Self {
        Self::new(app, "YT-102", ["wang", "ambassador.a2", "technician.a2"]).await
    }

    /// The people of the other project.
    pub async fn elsewhere(app: &TestApp) -> Self {
        Self::new(app, "HP-101", ["zhao", "ambassador.b", "technician.b"]).await
    }

    /// Any people of the world, by room, owner, ambassador's and technician's login.
    pub async fn new(app: &TestApp, room: &str, [owner, ambassador, technician]: [&str; 3]) -> Self {
        Self {
            owner: app.owner(owner).await,
            ambassador: app.staff(ambassador).await,
            technician: app.staff(technician).await,
            unit_id: Kind::Unit.encode(app.world.unit(room)),
            technician_id: Kind::Staff.encode(app.world.staff(technician)),
        }
    }

    /// The owner reports something; the ticket's id.
    pub async fn report(&self, title: &str) -> String {
        let input = json!({ "unitId": self.unit_id, "kind": "REPAIR", "title": title });
        let ticket = self.owner.done(Documents::owner(), "CreateTicket", input).await;
        ticket["id"].as_str().unwrap().to_owned()
    }

    pub async fn accept(&self, ticket: &str) {
        self.accept_for(ticket, "PROPERTY_COMPANY").await;
    }

    /// Accepts it and names the department that answers for it.
    pub async fn accept_for(&self, ticket: &str, department: &str) {
        let more = json!({ "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": department, "note": "马上来" });
        step(&self.ambassador, Documents::butler(), "AcceptTicket", ticket, more).await;
    }

    pub async fn assign(&self, ticket: &str) {
        self.assign_to(ticket, &self.technician_id).await;
    }

    pub async fn assign_to(&self, ticket: &str, staff_id: &str) {
        step(&self.ambassador, Documents::butler(), "AssignTicket", ticket, json!({ "assigneeId": staff_id })).await;
    }

    pub async fn start(&self, ticket: &str) {
        step(&self.technician, Documents::butler(), "StartTicket", ticket, json!({})).await;
    }

    pub async fn hold(&self, ticket: &str) {
        step(&self.technician, Documents::butler(), "HoldTicket", ticket, json!({ "reason": "等配件" })).await;
    }

    pub async fn resume(&self, ticket: &str) {
        step(&self.technician, Documents::butler(), "ResumeTicket", ticket, json!({})).await;
    }

    pub async fn resolve(&self, ticket: &str) {
        let more = json!({ "resolution": "换了阀门", "costCents": 12_800 });
        step(&self.technician, Documents::butler(), "ResolveTicket", ticket, more).await;
    }

    pub async fn reject(&self, ticket: &str) {
        step(&self.owner, Documents::owner(), "RejectResolution", ticket, json!({ "reason": "还在漏" })).await;
    }

    pub async fn confirm(&self, ticket: &str) {
        let more = json!({ "satisfied": true, "rating": 5 });
        step(&self.owner, Documents::owner(), "ConfirmTicket", ticket, more).await;
    }

    pub async fn follow_up(&self, ticket: &str) {
        let more = json!({ "outcome": "业主满意" });
        step(&self.ambassador, Documents::butler(), "RecordFollowUp", ticket, more).await;
    }

    /// A ticket on which work has begun: four events.
    pub async fn begun(&self, title: &str) -> String {
        let ticket = self.report(title).await;
        self.accept(&ticket).await;
        self.assign(&ticket).await;
        self.start(&ticket).await;
        ticket
    }

    /// Makes events of a ticket on which work has begun: it waits, it goes on, and so forth.
    pub async fn toil(&self, ticket: &str, events: usize) {
        for number in 0..events {
            if number % 2 == 0 { self.hold(ticket).await } else { self.resume(ticket).await }
        }
    }
}

async fn step(client: &Client, documents: &Documents, operation: &str, ticket: &str, more: Value) {
    let mut input = more;
    input["ticketId"] = json!(ticket);
    client.done(documents, operation, input).await;
}
