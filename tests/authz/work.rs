//! Areas, duty and absences in the sweeps: calls of their root fields, one of each object, and who sees which.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use anju::auth::policy;

use super::COLUMNS;
use crate::{
    both,
    harness::{TestApp, tickets::merged, work::change},
};

/// A call of every root field about the division of work.
pub fn calls() -> Vec<(&'static str, String, Value)> {
    let id = Kind::Ticket.encode(Uuid::nil());
    let project = Kind::Project.encode(Uuid::nil());
    let list = |name: &'static str| (name, format!("{{ {name} {{ nodes {{ id }} }} }}"), json!({}));
    let sum = |name: &'static str| {
        let period = "from: \"2026-11-01T00:00:00Z\", to: \"2026-12-01T00:00:00Z\"";
        (name, format!("{{ {name}(projectId: \"{project}\", {period}) {{ rate }} }}"), json!({}))
    };
    let change = |name: &'static str, input: Value| {
        let (first, rest) = name.split_at(1);
        let input_type = format!("{}{rest}Input", first.to_uppercase());
        let document =
            format!("mutation Call($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        (name, document, json!({ "input": input }))
    };
    let shift = json!({ "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-01T08:00:00Z" });
    vec![
        list("areaDuties"),
        list("areaTransfers"),
        list("absences"),
        list("dutyShifts"),
        list("followUpsDue"),
        list("escalations"),
        sum("followUpRate"),
        sum("urgentReaction"),
        change("transferArea", json!({ "projectId": id, "fromStaffId": id, "toStaffId": id, "reason": "x" })),
        change("cancelAreaTransfer", json!({ "areaTransferId": id })),
        change("assignArea", json!({ "buildingId": id, "staffId": id })),
        change("assignHouseholds", json!({ "staffId": id, "unitIds": [id] })),
        change("endAbsence", json!({ "absenceId": id })),
        change("planDutyShift", merged(json!({ "projectId": id, "staffId": id }), &shift)),
        change("cancelDutyShift", json!({ "dutyShiftId": id })),
    ]
}

/// One of each, in YT and for later, so that nothing else changes: name and global id.
pub async fn objects(app: &TestApp) -> Vec<(String, String)> {
    let manager = app.staff("manager.a").await;
    let later = |hours| app.services.now() + TimeDelta::hours(hours);
    let duty = json!({ "buildingId": app.building_id("YT"), "staffId": app.staff_id("technician.a") });
    let duty = change(&manager, "assignArea", duty, "areaDuty { id }").await["areaDuty"].clone();
    let transfer = json!({
        "projectId": app.project_id("YT"), "fromStaffId": app.staff_id("ambassador.a"),
        "toStaffId": app.staff_id("ambassador.a2"), "reason": "片区调整", "effectiveAt": later(100),
    });
    let transfer = change(&manager, "transferArea", transfer, "areaTransfer { id }").await["areaTransfer"].clone();
    let shift = app.on_call("technician.a2", (50, 60)).await["dutyShift"].clone();
    app.away("technician.a2", (70, 80), json!({})).await;
    let absence = manager.run("{ absences { nodes { id } } }", json!({})).await["absences"]["nodes"][0].clone();
    [("duty:YT", duty), ("transfer:YT", transfer), ("shift:YT", shift), ("absence:YT", absence)]
        .map(|(name, object)| (name.to_owned(), object["id"].as_str().unwrap().to_owned()))
        .to_vec()
}

/// The kinds that administrators see with the rest of the company's settings.
pub const OF_THE_COMPANY: [&str; 4] = ["duty:", "transfer:", "shift:", "absence:"];

/// What of these exists for somebody who works for YT.
pub fn visible(who: &str) -> &'static str {
    match who {
        "ambassador.a" | "ambassador.a2" => "duty:YT transfer:YT shift:YT",
        "technician.a" => "shift:YT",
        "technician.a2" => "shift:YT absence:YT",
        "agent.a" | "sales.a" | "manager.a" => "duty:YT transfer:YT shift:YT absence:YT",
        _ => "",
    }
}

both! {
    async fn the_division_of_work_is_open_to_whom_the_matrix_says(app) {
        let matrix = policy::root_matrix();
        for (column, who) in COLUMNS.iter().enumerate() {
            let client = app.as_whom(who).await;
            for (field, document, variables) in calls() {
                let row = matrix.lines().find(|line| line.split_whitespace().next() == Some(field)).unwrap();
                let is_allowed = row.split_whitespace().nth(column + 1) == Some("yes");
                let (_, answer) = client.post(&document, variables).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
                let refusal = if *who == "anonymous" { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                assert_eq!(code, if is_allowed { "none" } else { refusal }, "{field} by {who}: {answer}");
            }
        }
    }
}
