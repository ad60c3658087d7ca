//! Calls about areas, duty and absences, as managers send them.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::ambassador_assignment;
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::{Client, TestApp, tickets::merged};

/// Runs a mutation and reads these fields of its payload, beside what is wrong with the call.
pub async fn change(client: &Client, name: &str, input: Value, fields: &str) -> Value {
    let (first, rest) = name.split_at(1);
    let document = format!(
        "mutation Call($input: {}{rest}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ code field }} }} }}",
        first.to_uppercase()
    );
    client.run(&document, json!({ "input": input })).await[name].clone()
}

/// The answer in a word or two: `done`, `NOT_FOUND staffId`.
pub fn word(payload: &Value) -> String {
    match payload["userErrors"].get(0) {
        None => "done".to_owned(),
        Some(error) => format!("{} {}", error["code"].as_str().unwrap(), error["field"].as_str().unwrap_or_default()),
    }
}

impl TestApp {
    /// The global id of a member of staff.
    pub fn staff_id(&self, login: &str) -> String {
        Kind::Staff.encode(self.world.staff(login))
    }

    pub fn unit_id(&self, room: &str) -> String {
        Kind::Unit.encode(self.world.unit(room))
    }

    pub fn project_id(&self, code: &str) -> String {
        Kind::Project.encode(self.world.id(&format!("project:{code}")))
    }

    pub fn building_id(&self, code: &str) -> String {
        Kind::Building.encode(self.world.id(&format!("building:{code}")))
    }

    /// Somebody is away from so many hours from now to so many, as the manager writes it down.
    pub async fn away(&self, login: &str, hours: (i64, i64), more: Value) -> Value {
        let now = self.services.now();
        let usual = json!({
            "staffId": self.staff_id(login), "reason": "年假",
            "startsAt": now + TimeDelta::hours(hours.0), "endsAt": now + TimeDelta::hours(hours.1),
        });
        change(&self.staff("manager.a").await, "recordAbsence", merged(usual, &more), "staff { id }").await
    }

    /// Somebody is on call in YT from so many hours from now to so many.
    pub async fn on_call(&self, login: &str, hours: (i64, i64)) -> Value {
        let now = self.services.now();
        let input = json!({
            "projectId": self.project_id("YT"), "staffId": self.staff_id(login),
            "startsAt": now + TimeDelta::hours(hours.0), "endsAt": now + TimeDelta::hours(hours.1),
        });
        change(&self.staff("manager.a").await, "planDutyShift", input, "dutyShift { id staff { id } }").await
    }

    /// A home for which nobody answers any more.
    pub async fn without_ambassador(&self, room: &str) {
        let rows = ambassador_assignment::Entity::find()
            .filter(ambassador_assignment::Column::UnitId.eq(self.world.unit(room)))
            .filter(ambassador_assignment::Column::EndedAt.is_null());
        for row in rows.all(self.services.db.reader()).await.unwrap() {
            let mut row = row.into_active_model();
            row.ended_at = ActiveValue::Set(Some(self.services.now()));
            row.update(self.services.db.writer()).await.unwrap();
        }
    }

    /// The logins of those who answer for a home at present, which is at most one.
    pub async fn ambassadors(&self, room: &str) -> Vec<String> {
        let rows = ambassador_assignment::Entity::find()
            .filter(ambassador_assignment::Column::UnitId.eq(self.world.unit(room)))
            .filter(ambassador_assignment::Column::EndedAt.is_null());
        let rows = rows.all(self.services.db.reader()).await.unwrap();
        let name =
            |id| self.world.all().find(|(_, known)| *known == id).unwrap().0.trim_start_matches("staff:").to_owned();
        rows.into_iter().map(|row| name(row.staff_id)).collect()
    }
}
