//! What administrators set of deadlines, and the calendars by which working time is counted.

use anju::graphql::id::Kind;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        mutation::{change, done},
        tickets::{at, merged},
    },
};

const SHOWN: &str =
    "policy { kind urgency project { code } respondMinutes arriveMinutes resolveMinutes countsFromWindowEnd
    calendar { timeZone periods { weekday from to } holidays makeUpDays publicHolidays publicHolidaysLastKnownOn } }";
const POLICIES: &str = "query ($projectId: ID) { deadlinePolicies(projectId: $projectId) {
    kind urgency respondMinutes project { code } calendar { timeZone } } }";

/// Weekdays from nine to six with an hour of lunch, and China's public holidays.
fn office() -> Value {
    let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"];
    let periods: Vec<Value> = days
        .iter()
        .flat_map(|day| {
            let period = |from: &str, to: &str| json!({ "weekday": day, "from": from, "to": to });
            [period("09:00", "12:00"), period("13:00", "18:00")]
        })
        .collect();
    json!({ "timeZone": "Asia/Shanghai", "periods": periods, "publicHolidays": "CHINA" })
}

fn repairs(more: Value) -> Value {
    let usual = json!({
        "kind": "REPAIR", "urgency": "NORMAL", "respondMinutes": 60, "arriveMinutes": 240, "resolveMinutes": 960,
    });
    merged(usual, &more)
}

async fn set(app: &TestApp, input: Value) -> Value {
    done(change(&app.staff("admin").await, "setDeadlinePolicy", SHOWN, input).await)["policy"].clone()
}

async fn refusal(app: &TestApp, input: Value) -> String {
    let answer = change(&app.staff("admin").await, "setDeadlinePolicy", SHOWN, input).await;
    answer.word().to_owned()
}

async fn shown(app: &TestApp, variables: Value) -> Vec<Value> {
    let data = app.staff("admin").await.run(POLICIES, variables).await;
    data["deadlinePolicies"].as_array().unwrap().clone()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

both! {
    async fn working_time_leaves_out_public_holidays_and_counts_the_days_worked_for_them(app) {
        let project = app.project_id("YT");
        let policy = set(&app, repairs(json!({ "projectId": project, "calendar": office() }))).await;
        assert_eq!((&policy["project"]["code"], &policy["countsFromWindowEnd"]), (&json!("YT"), &json!(false)));
        assert_eq!(policy["calendar"]["periods"].as_array().unwrap().len(), 10);
        assert_eq!(policy["calendar"]["publicHolidaysLastKnownOn"], "2026-12-31");
        // Wednesday, 30 September 2026, 17:00: the National Day holidays last from Thursday to the next Wednesday.
        app.clock.set(instant("2026-09-30T09:00:00Z"));
        let ticket = app.report(json!({})).await;
        assert_eq!(at(&ticket["respondDueAt"]), instant("2026-09-30T10:00:00Z"));
        let ticket = app.act_with("agent.a", "acceptTicket", &ticket, json!({ "urgency": "NORMAL" })).await.ticket();
        assert_eq!(at(&ticket["arriveDueAt"]), instant("2026-10-08T04:00:00Z"), "an hour on Wednesday, three on Thursday week");
        // Two days of eight hours: Wednesday's last hour, Thursday, and seven hours of Friday; without them Saturday, 10 October.
        assert_eq!(at(&ticket["resolveDueAt"]), instant("2026-10-09T09:00:00Z"));
        app.clock.set(instant("2026-10-09T09:00:00Z"));
        let later = app.report(json!({ "title": "门锁坏了" })).await;
        let later = app.act_with("agent.a", "acceptTicket", &later, json!({ "urgency": "NORMAL" })).await.ticket();
        assert_eq!(at(&later["arriveDueAt"]), instant("2026-10-10T04:00:00Z"), "this Saturday is worked");
    }

    async fn a_projects_own_deadlines_go_before_the_companys(app) {
        let project = json!({ "projectId": app.project_id("YT") });
        let all = shown(&app, json!({})).await;
        assert_eq!(all.len(), 15);
        assert!(all.iter().all(|policy| policy["project"].is_null() && policy["calendar"].is_null()));
        set(&app, repairs(project.clone())).await;
        set(&app, repairs(merged(json!({ "respondMinutes": 45 }), &project))).await;
        set(&app, repairs(json!({ "respondMinutes": 20 }))).await;
        let respond = |list: Vec<Value>| {
            assert_eq!(list.len(), 15);
            let found = list.into_iter().find(|policy| policy["kind"] == "REPAIR" && policy["urgency"] == "NORMAL");
            found.unwrap()["respondMinutes"].clone()
        };
        assert_eq!(respond(shown(&app, project).await), 45);
        assert_eq!(respond(shown(&app, json!({})).await), 20);
        let other = json!({ "projectId": app.project_id("HP") });
        assert_eq!(respond(shown(&app, other).await), 20);
    }

    async fn what_can_hold_nobody_to_anything_is_refused(app) {
        let calendar = |more: Value| json!({ "calendar": merged(office(), &more) });
        let period = |from: &str, to: &str| json!([{ "weekday": "MONDAY", "from": from, "to": to }]);
        for (more, expected) in [
            (json!({ "respondMinutes": 0 }), "OUT_OF_RANGE respondMinutes"),
            (json!({ "resolveMinutes": 9_999_999 }), "OUT_OF_RANGE resolveMinutes"),
            (calendar(json!({ "timeZone": "Mars/Olympus" })), "INVALID calendar.timeZone"),
            (calendar(json!({ "periods": [] })), "REQUIRED calendar.periods"),
            (calendar(json!({ "periods": period("9:00", "12:00") })), "INVALID calendar.periods"),
            (calendar(json!({ "periods": period("12:00", "09:00") })), "INVALID calendar.periods"),
            (
                calendar(json!({ "holidays": ["2026-12-25"], "makeUpDays": ["2026-12-25"] })),
                "INVALID calendar.makeUpDays",
            ),
        ] {
            assert_eq!(refusal(&app, repairs(more)).await, expected);
        }
        let unseen = Kind::Project.encode(app.services.new_id(app.services.now()));
        assert_eq!(refusal(&app, repairs(json!({ "projectId": unseen }))).await, "NOT_FOUND projectId");
        assert_eq!(shown(&app, json!({})).await.len(), 15);
    }
}
