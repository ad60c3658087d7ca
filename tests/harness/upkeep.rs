//! Calls about what the property company learns and looks after, as whoever a test names.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use super::{
    Client, TestApp,
    tickets::{Answer, merged},
};

const PLAN: &str =
    "plan { id name subject everyDays department startsOn nextDueOn isActive points { id name position } }";
const ROUND: &str = "inspection { id checkedCount soundCount performedAt performedOn note plan { nextDueOn } \
    performedBy { id } findings { id description point { name } ticket { id number kind category urgency status title \
    description unit { id code isPublicArea building { id name } } } } }";
const INCIDENT: &str = "incident { id kind severity isLiable summary occurredAt project { id } recordedBy { id } }";
const COMPLAINT: &str = "ticket { id status version analysis { id rootCause responsibleDepartment improvementMeasure \
    analysedAt analysedBy { id } } }";

impl Client {
    /// Runs a mutation of this area.
    pub async fn upkeep(&self, operation: &str, input: Value) -> Answer {
        let object = match operation {
            "createInspectionPlan" | "updateInspectionPlan" => PLAN,
            "recordInspection" => ROUND,
            "recordIncident" | "judgeIncident" => INCIDENT,
            "analyseComplaint" => COMPLAINT,
            other => panic!("{other} is not of this area"),
        };
        let (first, rest) = operation.split_at(1);
        let document = format!(
            "mutation Call($input: {}{rest}Input!) {{ {operation}(input: $input) {{ {object} userErrors {{ code field \
             message }} }} }}",
            first.to_uppercase()
        );
        let (_, answer) = self.post(&document, json!({ "input": input })).await;
        Answer::read(&answer)
    }
}

impl Answer {
    /// One object of the payload of a call that must have been carried out.
    #[track_caller]
    pub fn named(self, name: &str) -> Value {
        match self {
            Self::Done(payload) => payload[name].clone(),
            refused => panic!("not carried out: {refused:?}"),
        }
    }
}

impl TestApp {
    /// The global id of a project by its code.
    pub fn project(&self, code: &str) -> String {
        Kind::Project.encode(self.world.id(&format!("project:{code}")))
    }

    /// A weekly plan over building 1 of the first project, made by its manager, or as `fields` say.
    pub async fn inspection_plan(&self, fields: Value) -> Value {
        let usual = json!({
            "projectId": self.project("YT"), "buildingId": Kind::Building.encode(self.world.id("building:YT")),
            "subject": "EQUIPMENT", "name": "设备周巡", "everyDays": 7, "department": "PROPERTY_COMPANY",
            "startsOn": "2026-11-23", "points": ["水泵", "电梯", "消防栓"],
        });
        self.staff("manager.a").await.upkeep("createInspectionPlan", merged(usual, &fields)).await.named("plan")
    }

    /// A round of a plan in which all is sound, except the points that `findings` name.
    pub fn round(&self, plan: &Value, findings: &[(&str, Value)]) -> Value {
        let result = |point: &Value| {
            let found = findings.iter().find(|(name, _)| point["name"] == *name);
            let sound = json!({ "pointId": point["id"], "isSound": found.is_none() });
            found.map_or(sound.clone(), |(_, more)| merged(sound, more))
        };
        let points: Vec<Value> = plan["points"].as_array().unwrap().iter().map(result).collect();
        json!({ "planId": plan["id"], "points": points })
    }
}
