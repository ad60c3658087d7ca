//! What visitors of an open day say becomes a record with a responsible department and an answer.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::of;
use crate::{
    both,
    harness::{TestApp, activities::written},
};

/// An open day that has begun, with Zhang as a visitor.
async fn open_day(app: &TestApp) -> Value {
    let activity = app.published("OPEN_DAY", 20).await;
    app.owner("zhang").await.register(&activity).await.object();
    app.clock.advance(TimeDelta::days(7));
    activity
}

both! {
    async fn t3_3_a_visitors_opinion_gets_a_department_and_an_answer(app) {
        let day = open_day(&app).await;
        let zhang = app.owner("zhang").await;
        let said = zhang.opinion("recordOpinion", of(&day, json!({ "body": "外墙有裂缝，请检查" }))).await.object();
        assert_eq!(said["responsibleDepartment"], "PROJECT_MANAGEMENT", "of itself, at an open day");
        assert_eq!((&said["answer"], &said["recordedBy"]), (&Value::Null, &Value::Null));
        let manager = app.staff("manager.a").await;
        let list = "(filter: { answered: false, responsibleDepartment: PROJECT_MANAGEMENT })";
        assert_eq!(manager.nodes("activityOpinions", list, "body").await, [json!({ "body": "外墙有裂缝，请检查" })]);
        let answer = json!({ "opinionId": said["id"], "answer": "已安排修补，周五完成" });
        let answered = manager.opinion("answerOpinion", answer.clone()).await.object();
        assert_eq!(answered["answeredBy"]["id"], Kind::Staff.encode(app.world.staff("manager.a")));
        assert_eq!(answered["answeredAt"], written(app.services.now()));
        assert!(manager.nodes("activityOpinions", list, "id").await.is_empty(), "the work list is done");
        let read = zhang.nodes("activityOpinions", "", "answer").await;
        assert_eq!(read, [json!({ "answer": "已安排修补，周五完成" })]);
        assert_eq!(manager.opinion("answerOpinion", answer).await.word(), "CONFLICT opinionId", "one answer");
    }

    async fn t3_3_staff_write_down_what_they_hear_and_name_who_must_answer(app) {
        let day = open_day(&app).await;
        let agent = app.staff("agent.a").await;
        let heard = json!({ "body": "样板间价格不清楚", "responsibleDepartment": "SALES" });
        let said = agent.opinion("recordOpinion", of(&day, heard)).await.object();
        assert_eq!((&said["owner"], &said["responsibleDepartment"]), (&Value::Null, &json!("SALES")));
        let named = json!({ "body": "电梯太慢", "ownerId": Kind::Owner.encode(app.world.owner("zhang")) });
        assert!(app.staff("ambassador.a").await.opinion("recordOpinion", of(&day, named.clone())).await.object()["owner"].is_object());
        assert_eq!(app.staff("ambassador.a2").await.opinion("recordOpinion", of(&day, named)).await.word(), "NOT_FOUND ownerId");

        let answer = json!({ "opinionId": said["id"], "answer": "请看公示牌" });
        assert_eq!(agent.opinion("answerOpinion", answer.clone()).await.word(), "error FORBIDDEN", "another department's");
        let assign = |department: &str| json!({ "opinionId": said["id"], "responsibleDepartment": department });
        assert_eq!(agent.opinion("assignOpinion", assign("CUSTOMER_SERVICE")).await.word(), "error FORBIDDEN");
        let sales = app.staff("sales.a").await;
        sales.opinion("assignOpinion", assign("CUSTOMER_SERVICE")).await.object();
        assert_eq!(sales.opinion("answerOpinion", answer.clone()).await.word(), "error FORBIDDEN", "given away");
        assert_eq!(agent.opinion("answerOpinion", answer).await.word(), "done");
        assert_eq!(agent.opinion("assignOpinion", assign("SALES")).await.word(), "CONFLICT opinionId");
    }

    async fn t3_3_only_visitors_speak_and_not_before_it_begins(app) {
        let activity = app.published("OPEN_DAY", 20).await;
        let early = app.owner("zhang").await;
        early.register(&activity).await.object();
        let word = || of(&activity, json!({ "body": "很好" }));
        assert_eq!(early.opinion("recordOpinion", word()).await.word(), "TOO_EARLY activityId");
        app.clock.advance(TimeDelta::days(7));
        let zhang = app.owner("zhang").await;
        assert_eq!(zhang.opinion("recordOpinion", of(&activity, json!({ "body": " " }))).await.word(), "REQUIRED body");
        assert_eq!(app.owner("wang").await.opinion("recordOpinion", word()).await.word(), "NOT_AVAILABLE activityId");
        assert_eq!(app.owner("zhao").await.opinion("recordOpinion", word()).await.word(), "NOT_FOUND activityId");
        let for_li = json!({ "body": "很好", "ownerId": Kind::Owner.encode(app.world.owner("li")) });
        assert_eq!(zhang.opinion("recordOpinion", of(&activity, for_li)).await.word(), "NOT_FOUND ownerId");
        for who in ["technician.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.opinion("recordOpinion", word()).await.word(), "error FORBIDDEN", "{who}");
        }
    }

    async fn t3_3_opinions_are_seen_by_the_visitor_and_those_who_answer(app) {
        let day = open_day(&app).await;
        let said = app.owner("zhang").await.opinion("recordOpinion", of(&day, json!({ "body": "很好" }))).await.object();
        for (who, sees) in [
            ("zhang", 1), ("li", 0), ("wang", 0), ("zhao", 0), ("ambassador.a", 1), ("ambassador.a2", 0),
            ("agent.a", 1), ("agent.b", 0), ("manager.a", 1), ("supervisor", 1), ("auditor", 1),
        ] {
            assert_eq!(app.as_whom(who).await.nodes("activityOpinions", "", "id").await.len(), sees, "{who}");
        }
        let answer = json!({ "opinionId": said["id"], "answer": "谢谢" });
        assert_eq!(app.staff("agent.b").await.opinion("answerOpinion", answer.clone()).await.word(), "NOT_FOUND opinionId");
        let other = app.another().await;
        let (one, two) = (app.staff("manager.a").await, other.staff("manager.a").await);
        let (first, second) = tokio::join!(one.opinion("answerOpinion", answer.clone()), two.opinion("answerOpinion", answer));
        let mut words = [first.word(), second.word()];
        words.sort_unstable();
        assert_eq!(words, ["CONFLICT opinionId", "done"], "of two at once, one answers");
    }
}
