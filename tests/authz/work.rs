//! Areas, duty and absences in the sweeps: calls of their root fields, one of each object, and who sees which.

use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{TestApp, work::change};

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
    let input = json!({ "name": "客服中台", "url": "https://hooks.example.com/anju", "kinds": ["TICKET_EVENT"] });
    let made = change(&app.staff("admin").await, "createWebhookEndpoint", input, "webhookEndpoint { id }").await;
    let endpoint = made["webhookEndpoint"].clone();
    [
        ("duty:YT", duty),
        ("transfer:YT", transfer),
        ("shift:YT", shift),
        ("absence:YT", absence),
        ("endpoint:all", endpoint),
    ]
    .map(|(name, object)| (name.to_owned(), object["id"].as_str().unwrap().to_owned()))
    .to_vec()
}

/// The kinds that administrators see with the rest of the company's settings.
pub const OF_THE_COMPANY: [&str; 5] = ["duty:", "transfer:", "shift:", "absence:", "endpoint:"];

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
