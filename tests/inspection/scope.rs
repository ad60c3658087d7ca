//! Who sees plans and rounds, and who may make them: the own project, outside customer service the own department.

use entity::{
    project, staff, staff_project,
    vocab::{Department, Role},
};
use sea_orm::{ActiveModelTrait, ActiveValue, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{broken, due};
use crate::{
    both,
    harness::{TestApp, tickets::merged, world::put},
};

/// Adds a manager of the first project in a department.
async fn manager_of(app: &mut TestApp, login: &str, department: Department) {
    let now = app.services.now();
    let id = app.services.new_id(now);
    let row = staff::Model {
        id,
        number: login.into(),
        login: login.into(),
        password_hash: None,
        name: login.into(),
        role: Role::Manager,
        department,
        work_phone: None,
        is_active: true,
        disabled_at: None,
        created_at: now,
    };
    put::<staff::Entity>(&app.services, row).await;
    let project_id = app.world.id("project:YT");
    put::<staff_project::Entity>(&app.services, staff_project::Model { staff_id: id, project_id }).await;
    app.world.know(&format!("staff:{login}"), id);
}

/// What someone sees of these ids.
async fn seen(app: &TestApp, who: &str, ids: &[&Value]) -> Vec<bool> {
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let data = app.as_whom(who).await.run(document, json!({ "ids": ids })).await;
    data["nodes"].as_array().unwrap().iter().map(|node| !node.is_null()).collect()
}

both! {
    async fn s8_rounds_exist_for_the_own_project_and_for_those_who_supervise(app) {
        let plan = app.inspection_plan(json!({})).await;
        let input = app.round(&plan, &[("水泵", broken("漏水"))]);
        let round = app.staff("agent.a").await.upkeep("recordInspection", input).await.named("inspection");
        let (point, finding) = (&plan["points"][0]["id"], &round["findings"][0]["id"]);
        let ids = [&plan["id"], point, &round["id"], finding];
        for who in ["agent.a", "manager.a", "supervisor", "auditor"] {
            assert_eq!(seen(&app, who, &ids).await, [true; 4], "{who}");
        }
        assert_eq!(seen(&app, "admin", &ids).await, [true, true, false, false], "a plan is a setting, a round is not");
        for who in ["zhang", "wang", "ambassador.a", "technician.a", "sales.a", "agent.b", "partner-1"] {
            assert_eq!(seen(&app, who, &ids).await, [false; 4], "{who}");
        }
        let lists = "{ inspectionPlans { totalCount } inspections { totalCount } inspectionsDue { totalCount } }";
        let elsewhere = app.staff("agent.b").await.run(lists, json!({})).await;
        let empty = json!({ "totalCount": 0 });
        assert_eq!(elsewhere, json!({ "inspectionPlans": empty, "inspections": empty, "inspectionsDue": empty }));
        for who in ["zhang", "ambassador.a", "technician.a", "sales.a", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(lists, json!({})).await, "FORBIDDEN", "{who}");
        }
        // The other project's agent can't write a round down either, nor can the supervisor.
        let answer = app.staff("agent.b").await.upkeep("recordInspection", app.round(&plan, &[])).await;
        assert_eq!(answer.word(), "NOT_FOUND planId");
        let answer = app.staff("supervisor").await.upkeep("recordInspection", app.round(&plan, &[])).await;
        assert_eq!(answer.word(), "error FORBIDDEN");
    }

    async fn s8_outside_customer_service_a_manager_plans_for_the_own_department(app) {
        let mut app = app;
        manager_of(&mut app, "builder.a", Department::ProjectManagement).await;
        let theirs = app.inspection_plan(json!({})).await;
        let builder = app.staff("builder.a").await;
        let input = json!({
            "projectId": app.project("YT"), "subject": "BUILDING", "name": "外墙", "everyDays": 90,
            "department": "PROJECT_MANAGEMENT", "startsOn": "2026-11-23", "points": ["东立面"],
        });
        let foreign = merged(input.clone(), &json!({ "department": "PROPERTY_COMPANY" }));
        assert_eq!(builder.upkeep("createInspectionPlan", foreign).await.word(), "NOT_AVAILABLE department");
        let own = builder.upkeep("createInspectionPlan", input).await.named("plan");
        assert_eq!(due(&builder).await, ["外墙"]);
        assert_eq!(due(&app.staff("manager.a").await).await, ["设备周巡", "外墙"], "customer service sees all");
        let change = json!({ "planId": theirs["id"], "name": "我的" });
        assert_eq!(builder.upkeep("updateInspectionPlan", change).await.word(), "NOT_FOUND planId");
        let away = json!({ "planId": own["id"], "department": "COST" });
        assert_eq!(builder.upkeep("updateInspectionPlan", away).await.word(), "NOT_AVAILABLE department");
        let round = app.round(&own, &[("东立面", broken("空鼓"))]);
        assert_eq!(builder.upkeep("recordInspection", round).await.word(), "done");
    }

    async fn s8_what_is_due_today_is_each_projects_own_today(app) {
        let id = app.world.id("project:HP");
        let row = project::Entity::find_by_id(id).one(app.services.db.reader()).await.unwrap().unwrap();
        let moved = project::ActiveModel { time_zone: ActiveValue::Set("America/New_York".into()), ..row.into_active_model() };
        moved.update(app.services.db.writer()).await.unwrap();
        app.inspection_plan(json!({})).await;
        let there = json!({
            "projectId": app.project("HP"), "subject": "SECURITY_POST", "name": "门岗", "everyDays": 1,
            "department": "PROPERTY_COMPANY", "startsOn": "2026-11-23", "points": ["东门"],
        });
        app.staff("admin").await.upkeep("createInspectionPlan", there).await.named("plan");
        let auditor = app.staff("auditor").await;
        assert_eq!(due(&auditor).await, ["设备周巡"], "it is still Sunday evening in New York");
        app.clock.advance(chrono::TimeDelta::hours(4));
        assert_eq!(due(&app.staff("auditor").await).await, ["设备周巡", "门岗"]);
    }
}
