//! Handovers, customers' files and the audit log: one of each, and a call of each of their root fields.

use anju::graphql::id::Kind;
use entity::{
    audit_entry, handover, handover_slot, owner_document,
    vocab::{DocumentKind, HandoverStatus, PrincipalKind},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::objects::Objects;
use crate::harness::{TestApp, world::put};

/// Calls with the id of something that exists, but not for this caller: who, what, the field, the thing, and the rest.
pub fn probes() -> Vec<(&'static str, &'static str, &'static str, &'static str, Value)> {
    let reason = || json!({ "reason": "x" });
    let paper = json!({ "kind": "PURCHASE_CONTRACT", "reference": "x" });
    let number = json!({ "identityNumber": "11010519491231002X" });
    let slots =
        json!({ "slots": [{ "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-01T01:00:00Z", "capacity": 1 }] });
    vec![
        ("agent.a", "createHandoverSlots", "projectId", "project:HP", slots),
        ("wang", "cancelHandover", "handoverId", "handover:YT-101", reason()),
        ("ambassador.a2", "startHandover", "handoverId", "handover:YT-101", json!({})),
        ("agent.b", "tickHandoverStep", "handoverId", "handover:YT-101", json!({ "kind": "FLOW_SHOWN" })),
        ("agent.b", "recordHandoverDefect", "handoverId", "handover:YT-101", json!({ "title": "x" })),
        ("sales.a", "completeHandover", "handoverId", "handover:HP-101", json!({})),
        ("ambassador.a2", "fileOwnerDocument", "ownerId", "owner:zhang", paper),
        ("agent.b", "removeOwnerDocument", "documentId", "document:zhang", reason()),
        ("agent.a", "revealIdentityNumber", "ownerId", "owner:zhao", reason()),
        ("agent.a", "recordIdentityNumber", "ownerId", "owner:zhao", number),
        ("zhang", "exportPersonalData", "ownerId", "owner:li", json!({})),
        ("manager.a", "eraseOwner", "ownerId", "owner:zhao", reason()),
    ]
}

/// Whose home was handed over, by whom, in each project.
const HANDED_OVER: [(&str, &str, &str, &str); 2] =
    [("YT", "YT-101", "zhang", "agent.a"), ("HP", "HP-101", "zhao", "agent.b")];

impl Objects {
    /// The handover of a home in each project, a document in its owner's file, and what the audit log says.
    pub(super) async fn papers(&mut self, app: &TestApp) {
        for (project, room, owner, agent) in HANDED_OVER {
            let slot_id = self.slot(app, project).await;
            self.handover(app, (project, room), (owner, agent), slot_id).await;
            self.document(app, room, owner, agent).await;
        }
        self.entry(app, "customer", ("Owner", "owner:zhang")).await;
        self.entry(app, "company", ("Staff", "staff:agent.a")).await;
    }

    async fn slot(&mut self, app: &TestApp, project: &str) -> Uuid {
        let now = app.services.now();
        let row = handover_slot::Model {
            id: app.services.new_id(now),
            project_id: app.world.id(&format!("project:{project}")),
            building_id: None,
            starts_at: now,
            ends_at: now,
            capacity: 1,
            booked_count: 1,
            created_at: now,
        };
        let id = row.id;
        self.add(format!("slot:{project}"), Kind::HandoverSlot.encode(id));
        put::<handover_slot::Entity>(&app.services, row).await;
        id
    }

    async fn handover(
        &mut self,
        app: &TestApp,
        (project, room): (&str, &str),
        (owner, agent): (&str, &str),
        slot: Uuid,
    ) {
        let now = app.services.now();
        let row = handover::Model {
            id: app.services.new_id(now),
            project_id: app.world.id(&format!("project:{project}")),
            unit_id: app.world.unit(room),
            contract_id: app.world.id(&format!("contract:{room}")),
            owner_id: app.world.owner(owner),
            slot_id: Some(slot),
            accompanied_by: Some(app.world.staff(agent)),
            status: HandoverStatus::Completed,
            version: 1,
            started_at: Some(now),
            completed_at: Some(now),
            completed_on: Some(now.date_naive()),
            cancelled_at: None,
            cancel_reason: None,
            created_at: now,
        };
        self.add(format!("handover:{room}"), Kind::Handover.encode(row.id));
        put::<handover::Entity>(&app.services, row).await;
    }

    async fn document(&mut self, app: &TestApp, room: &str, owner: &str, agent: &str) {
        let now = app.services.now();
        let row = owner_document::Model {
            id: app.services.new_id(now),
            owner_id: app.world.owner(owner),
            unit_id: Some(app.world.unit(room)),
            kind: DocumentKind::PurchaseContract,
            reference: "A-3".into(),
            filed_by: Some(app.world.staff(agent)),
            filed_on: now.date_naive(),
            created_at: now,
            removed_at: None,
        };
        self.add(format!("document:{owner}"), Kind::OwnerDocument.encode(row.id));
        put::<owner_document::Entity>(&app.services, row).await;
    }

    async fn entry(&mut self, app: &TestApp, name: &str, (object_type, object): (&str, &str)) {
        let now = app.services.now();
        let row = audit_entry::Model {
            id: app.services.new_id(now),
            occurred_at: now,
            actor_kind: PrincipalKind::Staff,
            actor_id: Some(app.world.staff("manager.a")),
            action: "LOOK".into(),
            object_type: object_type.into(),
            object_id: Some(app.world.id(object)),
            details: None,
            request_id: None,
        };
        self.add(format!("audit:{name}"), Kind::AuditEntry.encode(row.id));
        put::<audit_entry::Entity>(&app.services, row).await;
    }
}
