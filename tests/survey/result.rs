//! Results: what is shown when a survey has closed, what is hidden of few people, and what a bad result makes happen.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{improvement_task as task, survey_cell, vocab::SurveyKind};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{at, home, opening, rate};
use crate::{
    both,
    harness::{Client, TestApp, world::instant},
};

const STATISTICS: &str = "query ($filter: SurveyStatisticsFilter, $groupBy: SurveyGrouping) {
    surveyStatistics(filter: $filter, groupBy: $groupBy) {
        total { ...R }
        groups { project { code } department ambassador { id } month result { ...R } }
    } }
    fragment R on SurveyResult { invitationCount responseCount responseRate isHidden coveredCount meanRating
        satisfactionIndex netPromoterScore dimensions { dimension answerCount satisfactionIndex }
        questions { question { position } answerCount mean distribution { value answerCount } } }";

const TASKS: &str = "{ improvementTasks { totalCount nodes {
    id title department dimension measuredPercentage targetPercentage dueOn status survey { kind } } } }";

const COMPLETE: &str = "mutation ($input: CompleteImprovementTaskInput!) { completeImprovementTask(input: $input) {
    task { status measure completedBy { id } completedAt } userErrors { code field } } }";

/// The morning on which the surveys of November have closed.
fn closing() -> chrono::DateTime<chrono::Utc> {
    opening() + TimeDelta::days(14)
}

/// Buyers in a project whose homes an ambassador looks after, each with the rating that they will give; 0 for none.
async fn buyers(app: &mut TestApp, place: (&str, &str), signed_on: &str, ratings: &[i32]) -> Vec<(String, i32)> {
    let mut buyers = Vec::new();
    for (number, rating) in ratings.iter().enumerate() {
        let room = format!("{}-{signed_on}-{number}", place.1);
        home(app, &room, place, signed_on, None).await;
        buyers.push((room, *rating));
    }
    buyers
}

async fn hand_in(app: &TestApp, buyers: &[(String, i32)]) {
    for (owner, rating) in buyers.iter().filter(|(_, rating)| *rating > 0) {
        rate(app, owner, SurveyKind::Sales, *rating).await;
    }
}

async fn statistics(client: &Client, filter: Value, group_by: Value) -> Value {
    client.run(STATISTICS, json!({ "filter": filter, "groupBy": group_by })).await["surveyStatistics"].clone()
}

async fn tasks(app: &TestApp) -> Vec<task::Model> {
    task::Entity::find().all(app.services.db.reader()).await.unwrap()
}

both! {
    async fn s13_results_show_when_the_survey_has_closed_and_by_ambassador_and_department(app) {
        let mut app = app;
        let mut all = buyers(&mut app, ("YT", "ambassador.a"), "2026-11-10", &[5, 5, 5, 4, 2, 0]).await;
        all.extend(buyers(&mut app, ("YT", "ambassador.a2"), "2026-11-11", &[3, 3, 3, 3, 3]).await);
        at(&app, opening()).await;
        hand_in(&app, &all).await;
        let open = statistics(&app.staff("supervisor").await, json!({}), Value::Null).await;
        assert_eq!(open["total"]["coveredCount"], 0, "nobody watches answers come in one by one");
        at(&app, closing()).await;
        let supervisor = app.staff("supervisor").await;
        let total = statistics(&supervisor, json!({ "kind": "SALES" }), Value::Null).await["total"].clone();
        assert_eq!((&total["invitationCount"], &total["responseCount"], &total["coveredCount"]), (&json!(11), &json!(10), &json!(10)));
        assert_eq!(total["responseRate"].as_f64().unwrap().round(), 91.0);
        assert_eq!(total["satisfactionIndex"], 40.0, "4 of 10 people rated 4 or 5");
        assert_eq!(total["meanRating"], 3.6);
        assert_eq!(total["netPromoterScore"], -30.0, "3 of 10 give 10, 6 of 10 give 6 or less");
        let first = &total["questions"][0];
        assert_eq!((&first["answerCount"], &first["mean"]), (&json!(10), &json!(3.6)));
        let counts: Vec<_> = first["distribution"].as_array().unwrap().iter().map(|it| it["answerCount"].clone()).collect();
        assert_eq!(counts, [0, 1, 5, 1, 3]);

        let by_ambassador = statistics(&supervisor, json!({}), json!("AMBASSADOR")).await["groups"].clone();
        let of = |login: &str| {
            let id = Kind::Staff.encode(app.world.staff(login));
            by_ambassador.as_array().unwrap().iter().find(|group| group["ambassador"]["id"] == id).unwrap()["result"].clone()
        };
        assert_eq!(of("ambassador.a")["satisfactionIndex"], 80.0);
        assert_eq!(of("ambassador.a2")["satisfactionIndex"], 0.0);

        let by_department = statistics(&supervisor, json!({}), json!("DEPARTMENT")).await["groups"].clone();
        let departments: Vec<_> = by_department.as_array().unwrap().iter().map(|group| group["department"].clone()).collect();
        assert!(departments.contains(&json!("SALES")), "{departments:?}");
        let by_month = statistics(&supervisor, json!({}), json!("MONTH")).await["groups"].clone();
        assert_eq!((by_month.as_array().unwrap().len(), &by_month[0]["month"]), (1, &json!("2026-11")));
        let by_project = statistics(&supervisor, json!({}), json!("PROJECT")).await["groups"].clone();
        assert_eq!(by_project[0]["project"]["code"], "YT");
    }

    async fn s13_few_answers_are_hidden_and_can_not_be_found_by_comparing(app) {
        let mut app = app;
        let mut all = buyers(&mut app, ("YT", "ambassador.a"), "2026-11-10", &[5, 5, 5, 5, 5, 5]).await;
        all.extend(buyers(&mut app, ("YT", "ambassador.a2"), "2026-11-11", &[1, 1, 1]).await);
        all.extend(buyers(&mut app, ("HP", "ambassador.b"), "2026-11-12", &[2, 2, 2, 2]).await);
        at(&app, opening()).await;
        hand_in(&app, &all).await;
        at(&app, closing()).await;
        let supervisor = app.staff("supervisor").await;
        let by_ambassador = statistics(&supervisor, json!({}), json!("AMBASSADOR")).await;
        for group in by_ambassador["groups"].as_array().unwrap() {
            let result = &group["result"];
            assert_eq!((&result["isHidden"], &result["satisfactionIndex"]), (&json!(true), &Value::Null), "{group}");
            assert_eq!((&result["responseCount"], &result["questions"]), (&Value::Null, &json!([])), "{group}");
        }
        // Alone, the total less the one with enough would tell of the three; so none of both is shown.
        assert_eq!(by_ambassador["total"]["coveredCount"], 9, "the four of the other project wait for more");
        let one = json!({ "ambassadorId": Kind::Staff.encode(app.world.staff("ambassador.a")) });
        assert_eq!(statistics(&supervisor, one, Value::Null).await["total"]["coveredCount"], 0);
        let elsewhere = json!({ "projectId": Kind::Project.encode(app.world.id("project:HP")) });
        let hidden = statistics(&supervisor, elsewhere.clone(), Value::Null).await["total"].clone();
        assert_eq!((&hidden["isHidden"], &hidden["meanRating"]), (&json!(true), &Value::Null));
        // With the next month's answers there are enough to show both months together, and neither alone.
        let more = buyers(&mut app, ("HP", "ambassador.b"), "2026-12-12", &[4]).await;
        at(&app, instant("2027-01-01T01:00:00Z")).await;
        hand_in(&app, &more).await;
        at(&app, instant("2027-01-15T01:00:00Z")).await;
        let supervisor = app.staff("supervisor").await;
        let shown = statistics(&supervisor, elsewhere.clone(), json!("MONTH")).await;
        assert_eq!((&shown["total"]["coveredCount"], &shown["total"]["meanRating"]), (&json!(5), &json!(2.4)));
        assert!(shown["groups"].as_array().unwrap().iter().all(|group| group["result"]["isHidden"] == true), "{shown}");
        let december = json!({ "projectId": elsewhere["projectId"], "fromMonth": "2026-12", "toMonth": "2026-12" });
        assert_eq!(statistics(&supervisor, december, Value::Null).await["total"]["coveredCount"], 0);
    }

    async fn s13_managers_see_results_of_their_projects_and_others_none(app) {
        let mut app = app;
        let mut all = buyers(&mut app, ("YT", "ambassador.a"), "2026-11-10", &[5; 5]).await;
        all.extend(buyers(&mut app, ("HP", "ambassador.b"), "2026-11-10", &[1; 5]).await);
        at(&app, opening()).await;
        hand_in(&app, &all).await;
        at(&app, closing()).await;
        for (who, people) in [("manager.a", 5), ("supervisor", 10), ("auditor", 10)] {
            let seen = statistics(&app.staff(who).await, json!({}), json!("PROJECT")).await;
            assert_eq!(seen["total"]["coveredCount"], people, "{who}");
        }
        let elsewhere = json!({ "projectId": Kind::Project.encode(app.world.id("project:HP")) });
        let seen = statistics(&app.staff("manager.a").await, elsewhere, json!("AMBASSADOR")).await;
        assert_eq!((&seen["total"]["invitationCount"], &seen["groups"]), (&json!(0), &json!([])));
        for who in ["agent.a", "sales.a", "ambassador.a", "zhang", "partner-1", "admin"] {
            assert_eq!(app.as_whom(who).await.refused(STATISTICS, json!({})).await, "FORBIDDEN", "{who}");
        }
        let manager = app.staff("manager.a").await;
        for filter in [
            json!({ "fromMonth": "2026-13" }),
            json!({ "fromMonth": "2026-12", "toMonth": "2026-11" }),
            json!({ "fromMonth": "2020-01", "toMonth": "2026-11" }),
        ] {
            assert_eq!(manager.refused(STATISTICS, json!({ "filter": filter })).await, "BAD_USER_INPUT", "{filter}");
        }
    }

    async fn s13_a_result_under_its_target_opens_a_task_for_the_department_once(app) {
        let mut app = app;
        let all = buyers(&mut app, ("YT", "ambassador.a"), "2026-11-10", &[5, 5, 5, 5, 2]).await;
        at(&app, opening()).await;
        hand_in(&app, &all).await;
        let other = app.another().await;
        app.clock.set(closing());
        let runs = (0..6).map(|turn| anju::jobs::run_surveys(if turn % 2 == 0 { &app.services } else { &other.services }));
        for outcome in join_all(runs).await {
            outcome.unwrap();
        }
        let opened = tasks(&app).await;
        assert_eq!(opened.len(), 4, "one for each side that was rated: {opened:?}");
        assert_eq!(survey_cell::Entity::find().all(app.services.db.reader()).await.unwrap().len(), 1);
        let seen = app.staff("manager.a").await.run(TASKS, json!({})).await["improvementTasks"].clone();
        assert_eq!(seen["totalCount"], 4);
        let attitude = seen["nodes"].as_array().unwrap().iter().find(|task| task["dimension"] == "ATTITUDE").unwrap();
        let id = attitude["id"].clone();
        assert_eq!(*attitude, json!({
            "id": id, "title": "November 2026: satisfaction with sales service: Attitude below target", "department": "SALES", "dimension": "ATTITUDE",
            "measuredPercentage": 80.0, "targetPercentage": 85.0, "dueOn": "2027-01-14", "status": "OPEN",
            "survey": { "kind": "SALES" },
        }));
        let sales = app.staff("sales.a").await;
        assert_eq!(sales.run(TASKS, json!({})).await["improvementTasks"]["totalCount"], 4);
        assert_eq!(app.staff("agent.b").await.run(TASKS, json!({})).await["improvementTasks"]["totalCount"], 0);
        let input = |measure: &str| json!({ "input": { "taskId": id, "measure": measure } });
        assert_eq!(sales.refused(COMPLETE, input("培训")).await, "FORBIDDEN");
        let manager = app.staff("manager.a").await;
        let blank = manager.run(COMPLETE, input(" ")).await["completeImprovementTask"].clone();
        assert_eq!(blank["userErrors"], json!([{ "code": "REQUIRED", "field": "measure" }]));
        let done = manager.run(COMPLETE, input("礼仪培训两次")).await["completeImprovementTask"]["task"].clone();
        assert_eq!((&done["status"], &done["measure"]), (&json!("DONE"), &json!("礼仪培训两次")));
        let again = manager.run(COMPLETE, input("再来一次")).await["completeImprovementTask"].clone();
        assert_eq!(again["userErrors"], json!([{ "code": "ILLEGAL_TRANSITION", "field": "taskId" }]));
    }

    async fn s13_a_good_result_and_a_result_of_few_open_no_task(app) {
        let mut app = app;
        let mut all = buyers(&mut app, ("YT", "ambassador.a"), "2026-11-10", &[5; 6]).await;
        all.extend(buyers(&mut app, ("HP", "ambassador.b"), "2026-11-10", &[1; 4]).await);
        at(&app, opening()).await;
        hand_in(&app, &all).await;
        at(&app, closing()).await;
        assert_eq!(tasks(&app).await, []);
    }
}
