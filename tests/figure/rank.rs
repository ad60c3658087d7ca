//! Rankings by a figure of a month: technicians by their work, ambassadors by their households, departments.

use anju::graphql::id::Kind;
use entity::vocab::TicketStatus;
use serde_json::{Value, json};

use crate::{both, harness::TestApp};

const STAFF: &str = "query($key: FigureKey!, $role: Role!, $project: ID, $month: Month) {
    staffRanking(key: $key, role: $role, projectId: $project, month: $month) {
        rank staff { id } figure { value target isMet numerator denominator staff { id } } } }";

const DEPARTMENTS: &str = "query($key: FigureKey!) { departmentRanking(key: $key) {
    rank department figure { value numerator denominator } } }";

async fn ranking(app: &TestApp, key: &str, role: &str) -> Vec<Value> {
    let project = Kind::Project.encode(app.world.id("project:YT"));
    let variables = json!({ "key": key, "role": role, "project": project });
    app.staff("manager.a").await.run(STAFF, variables).await["staffRanking"].as_array().unwrap().clone()
}

/// Ranks, people and values.
fn places(app: &TestApp, ranking: &[Value]) -> Vec<(Value, String, Value)> {
    let name = |id: &Value| {
        let of = |login: &&str| Kind::Staff.encode(app.world.staff(login)) == id.as_str().unwrap();
        ["technician.a", "technician.a2", "ambassador.a", "ambassador.a2"].iter().find(|it| of(it)).unwrap().to_string()
    };
    ranking.iter().map(|it| (it["rank"].clone(), name(&it["staff"]["id"]), it["figure"]["value"].clone())).collect()
}

/// A confirmed repair of a home, by a technician, rejected once or not.
async fn repair(app: &TestApp, (owner, room): (&str, &str), technician: &str, is_rejected: bool) {
    let unit = json!({ "unitId": Kind::Unit.encode(app.world.unit(room)) });
    let ticket = app.report_as(owner, unit).await.ticket();
    app.act("agent.a", "acceptTicket", &ticket).await.ticket();
    let assignee = json!({ "assigneeId": Kind::Staff.encode(app.world.staff(technician)) });
    app.act_with("agent.a", "assignTicket", &ticket, assignee).await.ticket();
    app.act(technician, "startTicket", &ticket).await.ticket();
    app.act(technician, "resolveTicket", &ticket).await.ticket();
    if is_rejected {
        app.act(owner, "rejectResolution", &ticket).await.ticket();
        app.act(technician, "resolveTicket", &ticket).await.ticket();
    }
    app.act(owner, "confirmTicket", &ticket).await.ticket();
}

both! {
    async fn s13_technicians_and_ambassadors_are_ranked_with_their_target(app) {
        repair(&app, ("zhang", "YT-101"), "technician.a", true).await;
        repair(&app, ("zhang", "YT-101"), "technician.a2", false).await;
        repair(&app, ("wang", "YT-102"), "technician.a2", false).await;
        let technicians = ranking(&app, "REPAIR_QUALITY", "TECHNICIAN").await;
        assert_eq!(places(&app, &technicians), [
            (json!(1), "technician.a2".to_owned(), json!(100.0)), (json!(2), "technician.a".to_owned(), json!(0.0)),
        ]);
        assert_eq!((&technicians[0]["figure"]["target"], &technicians[0]["figure"]["isMet"]), (&json!(95), &json!(true)));
        assert_eq!(technicians[0]["figure"]["staff"]["id"], technicians[0]["staff"]["id"]);
        let ambassadors = ranking(&app, "REPAIR_QUALITY", "AMBASSADOR").await;
        assert_eq!(places(&app, &ambassadors), [
            (json!(1), "ambassador.a2".to_owned(), json!(100.0)), (json!(2), "ambassador.a".to_owned(), json!(50.0)),
        ]);
        let departments = app.staff("manager.a").await.run(DEPARTMENTS, json!({ "key": "REPAIR_QUALITY" })).await;
        assert_eq!(departments["departmentRanking"], json!([
            { "rank": 1, "department": "PROPERTY_COMPANY", "figure": { "value": 66.66, "numerator": 2, "denominator": 3 } },
        ]));
    }

    async fn s13_the_same_figure_shares_a_rank(app) {
        for (home, technician) in [(("zhang", "YT-101"), "technician.a"), (("wang", "YT-102"), "technician.a2")] {
            repair(&app, home, technician, false).await;
        }
        let ranks: Vec<Value> = ranking(&app, "REPAIR_QUALITY", "TECHNICIAN").await.iter().map(|it| it["rank"].clone()).collect();
        assert_eq!(ranks, [1, 1]);
        let trained = ranking(&app, "TRAINING_RATE", "AMBASSADOR").await;
        assert_eq!(trained.len(), 2, "each by the own training");
    }

    async fn s13_a_ranking_is_of_ones_own_project_and_of_what_people_answer_for(app) {
        let elsewhere = json!({ "unitId": Kind::Unit.encode(app.world.unit("HP-101")) });
        let ticket = app.report_as("zhao", elsewhere).await.ticket();
        app.act("agent.b", "acceptTicket", &ticket).await.ticket();
        let assignee = json!({ "assigneeId": Kind::Staff.encode(app.world.staff("technician.b")) });
        app.act_with("agent.b", "assignTicket", &ticket, assignee).await.ticket();
        for (who, operation) in [("technician.b", "startTicket"), ("technician.b", "resolveTicket"), ("zhao", "confirmTicket")] {
            app.act(who, operation, &ticket).await.ticket();
        }
        assert_eq!(app.row(&ticket).await.status, TicketStatus::Confirmed);
        let variables = json!({ "key": "REPAIR_QUALITY", "role": "TECHNICIAN" });
        let own = app.staff("manager.a").await.run(STAFF, variables.clone()).await;
        assert_eq!(own["staffRanking"], json!([]));
        let all = app.staff("supervisor").await.run(STAFF, variables).await;
        assert_eq!(all["staffRanking"].as_array().unwrap().len(), 1);
        let fires = json!({ "key": "FIRE_INCIDENTS", "role": "TECHNICIAN" });
        assert_eq!(app.staff("supervisor").await.refused(STAFF, fires).await, "BAD_USER_INPUT");
        let files = json!({ "key": "FILING_RATE" });
        assert_eq!(app.staff("supervisor").await.refused(DEPARTMENTS, files).await, "BAD_USER_INPUT");
        for who in ["agent.a", "technician.a", "zhang", "partner-1", "admin"] {
            let variables = json!({ "key": "REPAIR_QUALITY", "role": "TECHNICIAN" });
            assert_eq!(app.as_whom(who).await.refused(STAFF, variables).await, "FORBIDDEN", "{who}");
        }
    }
}
