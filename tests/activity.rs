//! Events for customers: planned and announced, registered for, attended, evaluated and closed; what visitors say, and who
//! answers it.

mod opinion;
mod people;
mod plan;
mod reminder;
mod seats;

use entity::{owner, ownership, vocab::OwnerStage};
use serde_json::{Value, json};

use crate::harness::{
    Client, TestApp,
    homes::owner_by_name,
    world::{day, put},
};

/// More owners of room 101, signed in.
pub async fn neighbours(app: &TestApp, count: usize, stage: OwnerStage) -> Vec<Client> {
    let mut clients = Vec::new();
    for number in 0..count {
        let (id, now) = (app.services.new_id(app.services.now()), app.services.now());
        let row = owner_by_name(id, format!("邻居{number}"), stage, now);
        put::<owner::Entity>(&app.services, row).await;
        let row = ownership::Model {
            id: app.services.new_id(now),
            unit_id: app.world.unit("YT-101"),
            owner_id: id,
            position: 10 + i32::try_from(number).unwrap(),
            started_on: day("2024-05-01"),
            ended_on: None,
        };
        put::<ownership::Entity>(&app.services, row).await;
        clients.push(app.owner_by_id(id).await);
    }
    clients
}

/// What an owner has at an activity: status and position, such as `REGISTERED` or `WAITLISTED 3`.
async fn standing(client: &Client, activity: &Value) -> String {
    let own = client.look_at(activity).await["myRegistration"].clone();
    let status = own["status"].as_str().unwrap_or("nothing").to_owned();
    own["waitlistPosition"].as_i64().map_or(status.clone(), |position| format!("{status} {position}"))
}

/// Walks an activity to after its end.
async fn let_it_take_place(app: &TestApp) {
    app.pass(chrono::TimeDelta::days(8)).await;
}

fn of(activity: &Value, more: Value) -> Value {
    crate::harness::tickets::merged(json!({ "activityId": activity["id"] }), &more)
}
