//! Activities and registrations as rows, and the calls that tests make about them.

use anju::{graphql::id::Kind, service::Services};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    activity, activity_registration,
    vocab::{ActivityKind, ActivityStatus, RegistrationStatus},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Client, TestApp, tickets::Answer};

/// An instant as answers write it.
pub fn written(at: DateTime<Utc>) -> Value {
    json!(at.to_rfc3339())
}

/// A published lecture with ten seats, to be put into the database as it is.
pub fn lecture(services: &Services, project_id: Uuid, partner_id: Uuid, starts_at: DateTime<Utc>) -> activity::Model {
    let now = services.now();
    activity::Model {
        id: services.new_id(now),
        project_id,
        partner_id: Some(partner_id),
        kind: ActivityKind::Lecture,
        title: "新房装修怎么省钱".into(),
        description: "水电、防水与验收".into(),
        starts_at,
        ends_at: starts_at + TimeDelta::hours(2),
        venue: "会所".into(),
        capacity: 10,
        status: ActivityStatus::Published,
        priority_until: None,
        last_place: 0,
        cancel_reason: None,
        evaluation: None,
        evaluated_by: None,
        evaluated_at: None,
        created_by: None,
        created_at: now,
        updated_at: now,
    }
}

/// A registration, to be put into the database as it is.
pub fn registration(
    services: &Services,
    activity_id: Uuid,
    owner_id: Uuid,
    status: RegistrationStatus,
) -> activity_registration::Model {
    let now = services.now();
    activity_registration::Model {
        id: services.new_id(now),
        activity_id,
        owner_id,
        status,
        place: 1,
        attended_at: None,
        promoted_at: None,
        reminded_at: None,
        created_at: now,
        updated_at: now,
    }
}

/// What tests read of an activity.
pub const ACTIVITY: &str = "id kind status title description startsAt endsAt venue capacity seatsLeft \
    registrationCount openToAllAt clubName cancelReason evaluation evaluatedAt evaluatedBy { id } invitedAt \
    project { name } partner { name } myRegistration { id status waitlistPosition }";

/// What tests read of a registration.
pub const REGISTRATION: &str =
    "id status waitlistPosition registeredAt promotedAt remindedAt attendedAt activity { id } owner { id }";

/// What tests read of an opinion.
pub const OPINION: &str = "id body responsibleDepartment answer answeredAt answeredBy { id } recordedBy { id } \
    activity { id } owner { id }";

/// What tests read of a standard answer.
pub const ARTICLE: &str = "id title body category audience status version project { name } author { id }";

impl Client {
    /// Runs a mutation whose payload holds one object.
    pub async fn change(&self, operation: &str, object: &str, fields: &str, input: Value) -> Answer {
        let (first, rest) = operation.split_at(1);
        let input_type = format!("{}{rest}Input", first.to_uppercase());
        let document = format!(
            "mutation Call($input: {input_type}!) {{ {operation}(input: $input) {{ {object} {{ {fields} }} \
             userErrors {{ code field message }} }} }}"
        );
        let (_, answer) = self.post(&document, json!({ "input": input })).await;
        Answer::read(&answer)
    }

    /// Runs a mutation about an activity.
    pub async fn activity(&self, operation: &str, input: Value) -> Answer {
        self.change(operation, "activity", ACTIVITY, input).await
    }

    /// Registers for an activity.
    pub async fn register(&self, activity: &Value) -> Answer {
        self.registration("registerForActivity", json!({ "activityId": activity["id"] })).await
    }

    /// Runs a mutation about a registration.
    pub async fn registration(&self, operation: &str, input: Value) -> Answer {
        self.change(operation, "registration", REGISTRATION, input).await
    }

    /// Runs a mutation about an opinion.
    pub async fn opinion(&self, operation: &str, input: Value) -> Answer {
        self.change(operation, "opinion", OPINION, input).await
    }

    /// Runs a mutation about a standard answer.
    pub async fn article(&self, operation: &str, input: Value) -> Answer {
        self.change(operation, "article", ARTICLE, input).await
    }

    /// The nodes of a list.
    pub async fn nodes(&self, list: &str, arguments: &str, fields: &str) -> Vec<Value> {
        let document = format!("{{ {list}{arguments} {{ nodes {{ {fields} }} }} }}");
        self.run(&document, json!({})).await[list]["nodes"].as_array().unwrap().clone()
    }

    /// An activity by its id; null when it does not exist for the client.
    pub async fn look_at(&self, activity: &Value) -> Value {
        let document = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Activity {{ {ACTIVITY} }} }} }}");
        self.run(&document, json!({ "id": activity["id"] })).await["node"].clone()
    }
}

impl Answer {
    /// The object of a call that must have been carried out.
    #[track_caller]
    pub fn object(self) -> Value {
        match self {
            Self::Done(payload) => {
                let (_, object) = payload.as_object().unwrap().iter().find(|(name, _)| *name != "userErrors").unwrap();
                object.clone()
            }
            refused => panic!("not carried out: {refused:?}"),
        }
    }
}

impl TestApp {
    /// What it takes to plan an activity in the first project, a week ahead.
    pub fn plan(&self, kind: &str, capacity: usize) -> Value {
        let starts_at = self.services.now() + TimeDelta::days(7);
        json!({
            "projectId": Kind::Project.encode(self.world.id("project:YT")), "kind": kind, "title": "秋日亲子嘉年华",
            "description": "烧烤、手工与抽奖", "startsAt": starts_at, "endsAt": starts_at + TimeDelta::hours(3),
            "venue": "中央草坪", "capacity": capacity,
        })
    }

    /// An activity that the first project's agent has planned and published.
    pub async fn published(&self, kind: &str, capacity: usize) -> Value {
        let agent = self.staff("agent.a").await;
        let planned = agent.activity("createActivity", self.plan(kind, capacity)).await.object();
        agent.activity("publishActivity", json!({ "activityId": planned["id"] })).await.object()
    }
}
