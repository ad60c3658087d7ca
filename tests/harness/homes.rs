//! Homes under contract that wait to be handed over, and calls whose answers are read whole.

use anju::graphql::id::Kind;
use chrono::{DateTime, Utc};
use entity::{
    contract, owner, unit,
    vocab::{ContractStatus, OwnerStage},
    warranty_item,
};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Client, TestApp, tickets::Answer};

/// An owner of whom the company has neither number nor identity.
pub fn owner_by_name(id: Uuid, name: impl Into<String>, stage: OwnerStage, created_at: DateTime<Utc>) -> owner::Model {
    owner::Model {
        id,
        name: name.into(),
        phone_hash: None,
        phone_sealed: None,
        phone_masked: None,
        identity_hash: None,
        identity_sealed: None,
        identity_masked: None,
        stage,
        created_at,
    }
}

/// Adds a home of project YT that is signed for and not handed over, answered for by `ambassador.a`.
pub async fn under_contract(app: &mut TestApp, room: &str, owners: &[(&str, &str)]) -> Uuid {
    app.world.home(&app.services, room, "YT", owners, "ambassador.a").await;
    let (db, unit_id) = (app.services.db.writer(), app.world.unit(room));
    let home = unit::ActiveModel { handed_over_on: ActiveValue::Set(None), ..Default::default() };
    unit::Entity::update_many().set(home).filter(unit::Column::Id.eq(unit_id)).exec(db).await.unwrap();
    let paper = contract::ActiveModel {
        status: ActiveValue::Set(ContractStatus::Signed),
        handed_over_on: ActiveValue::Set(None),
        ..Default::default()
    };
    contract::Entity::update_many().set(paper).filter(contract::Column::UnitId.eq(unit_id)).exec(db).await.unwrap();
    warranty_item::Entity::delete_many().filter(warranty_item::Column::UnitId.eq(unit_id)).exec(db).await.unwrap();
    let ids: Vec<Uuid> = owners.iter().map(|(name, _)| app.world.owner(name)).collect();
    let signed = owner::ActiveModel { stage: ActiveValue::Set(OwnerStage::Signed), ..Default::default() };
    owner::Entity::update_many().set(signed).filter(owner::Column::Id.is_in(ids)).exec(db).await.unwrap();
    unit_id
}

/// Calls a mutation and asks for `fields` of its payload.
pub async fn call(client: &Client, operation: &str, fields: &str, input: Value) -> Answer {
    let (first, rest) = operation.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let document = format!(
        "mutation Call($input: {input_type}!) {{ {operation}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
    );
    let (_, answer) = client.post(&document, json!({ "input": input })).await;
    Answer::read(&answer)
}

/// The payload of a call that must have been carried out.
#[track_caller]
pub fn done(answer: Answer) -> Value {
    match answer {
        Answer::Done(payload) => payload,
        refused => panic!("not carried out: {refused:?}"),
    }
}

/// What tests read of a handover.
pub const HANDOVER: &str = "handover { id status version completedOn cancelReason unit { id handedOverOn contract { status } }
    owner { id stage } slot { id freePlaces } accompaniedBy { id } steps { kind isMandatory note tickedAt } defects { id kind } }";

/// Offers a time of project YT that begins in so many hours; its global id.
pub async fn offer(app: &TestApp, hours: i64, capacity: i32) -> String {
    let starts_at = app.services.now() + chrono::TimeDelta::hours(hours);
    let slot =
        json!({ "startsAt": starts_at, "endsAt": starts_at + chrono::TimeDelta::hours(1), "capacity": capacity });
    let input = json!({ "projectId": Kind::Project.encode(app.world.id("project:YT")), "slots": [slot] });
    let answer = call(&app.staff("agent.a").await, "createHandoverSlots", "slots { id }", input).await;
    done(answer)["slots"][0]["id"].as_str().unwrap().to_owned()
}

/// Books a home for a time as whoever; the answer.
pub async fn book(client: &Client, unit_id: Uuid, slot: &str) -> Answer {
    let input = json!({ "unitId": Kind::Unit.encode(unit_id), "slotId": slot });
    call(client, "bookHandover", HANDOVER, input).await
}

/// Takes a step with a handover.
pub async fn step(client: &Client, operation: &str, handover: &Value, more: Value) -> Answer {
    let mut input = more;
    input["handoverId"] = handover["id"].clone();
    call(client, operation, HANDOVER, input).await
}

/// A handover of the home on which the visit has begun, accompanied by `agent.a`.
pub async fn begun(app: &TestApp, unit_id: Uuid) -> Value {
    let agent = app.staff("agent.a").await;
    let handover = done(book(&agent, unit_id, &offer(app, 24, 1).await).await)["handover"].clone();
    let companion = json!({ "staffId": Kind::Staff.encode(app.world.staff("agent.a")) });
    done(step(&agent, "assignHandoverStaff", &handover, companion).await);
    done(step(&agent, "startHandover", &handover, json!({})).await)["handover"].clone()
}

/// Ticks every step of a checklist that must be ticked.
pub async fn tick_all(client: &Client, handover: &Value) {
    for mandatory in handover["steps"].as_array().unwrap().iter().filter(|step| step["isMandatory"] == true) {
        let more = json!({ "kind": mandatory["kind"], "note": "电 12.5 水 3" });
        done(step(client, "tickHandoverStep", handover, more).await);
    }
}
