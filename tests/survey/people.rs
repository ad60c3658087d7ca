//! A customer who is taken out of all surveys: nobody's name stays, and no result changes.

use anju::service::survey::forget_owner;
use chrono::TimeDelta;
use entity::{
    erasure, survey_answer as answer, survey_invitation as invitation, survey_question as question,
    vocab::{InvitationStatus, QuestionKind, SurveyKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{at, home, invitations, invited, opening, questions, rate};
use crate::{
    both,
    harness::{TestApp, world::put},
};

const RESULT: &str = "{ surveyStatistics { total {
    invitationCount responseCount coveredCount satisfactionIndex meanRating questions { answerCount mean }
} } }";

async fn forget(app: &TestApp, owner: Uuid) -> u64 {
    let tx = app.services.db.begin().await.unwrap();
    let surveys = forget_owner(&tx, owner).await.unwrap();
    tx.commit().await.unwrap();
    surveys
}

async fn answers_of(app: &TestApp, sent: Uuid) -> Vec<answer::Model> {
    let own = answer::Entity::find().filter(answer::Column::InvitationId.eq(sent));
    own.all(app.services.db.reader()).await.unwrap()
}

both! {
    async fn s11_erasing_a_customer_keeps_the_statistics_and_no_trace_of_the_person(app) {
        let mut app = app;
        for number in 0..5 {
            home(&mut app, &format!("buyer {number}"), ("YT", "ambassador.a"), "2026-11-10", None).await;
        }
        at(&app, opening()).await;
        for number in 0..5 {
            rate(&app, &format!("buyer {number}"), SurveyKind::Sales, number % 5 + 1).await;
        }
        let owner_id = app.world.owner("buyer 0");
        let own = invitation::Column::OwnerId.eq(owner_id);
        let conn = app.services.db.reader();
        let sent = invitation::Entity::find().filter(own.clone()).one(conn).await.unwrap().unwrap();
        let words = question::Entity::find().filter(question::Column::Kind.eq(QuestionKind::Text));
        let words = words.one(conn).await.unwrap().unwrap();
        let now = app.services.now();
        let row = answer::Model {
            id: app.services.new_id(now),
            invitation_id: sent.id,
            question_id: words.id,
            value: "我住三楼,电话19300000000".into(),
            number: None,
            answered_at: now,
        };
        put::<answer::Entity>(&app.services, row).await;
        at(&app, opening() + TimeDelta::days(14)).await;
        let before = app.staff("supervisor").await.run(RESULT, json!({})).await;
        assert_eq!(before["surveyStatistics"]["total"]["coveredCount"], 5);
        let numbers = answers_of(&app, sent.id).await.len();

        assert_eq!(forget(&app, owner_id).await, 1);
        assert_eq!(app.staff("supervisor").await.run(RESULT, json!({})).await, before);
        let left = invitation::Entity::find_by_id(sent.id).one(conn).await.unwrap().unwrap();
        assert_eq!((left.owner_id, left.unit_id, left.subject_id), (None, None, None));
        assert_eq!(left.status, InvitationStatus::Submitted);
        let answers = answers_of(&app, sent.id).await;
        assert_eq!(answers.len(), numbers);
        assert!(answers.iter().all(|row| !row.value.contains("三楼")), "the words are gone");
        assert_eq!(invitation::Entity::find().filter(own).one(conn).await.unwrap(), None);
    }

    async fn s11_what_an_erased_customer_only_began_is_gone_and_no_survey_comes_again(app) {
        let mut app = app;
        home(&mut app, "buyer", ("YT", "ambassador.a"), "2026-11-10", None).await;
        at(&app, opening()).await;
        let sent = invitations(&app, SurveyKind::Sales).await.remove(0);
        let question = questions(&app, sent.campaign_id).await.remove(0);
        let input = json!({
            "invitationId": anju::graphql::id::Kind::SurveyInvitation.encode(sent.id),
            "answers": [{ "questionId": anju::graphql::id::Kind::SurveyQuestion.encode(question.id), "value": "1" }],
        });
        let documents = crate::harness::documents::Documents::owner();
        app.owner("buyer").await.done(documents, "SaveSurveyAnswers", input).await;
        let owner_id = app.world.owner("buyer");
        let erased_at = app.services.now();
        let id = app.services.new_id(erased_at);
        let row = erasure::Model { id, owner_id, reason: "本人要求".into(), requested_by: None, erased_at };
        put::<erasure::Entity>(&app.services, row).await;
        assert_eq!(forget(&app, owner_id).await, 1);
        assert_eq!(answers_of(&app, sent.id).await, []);
        at(&app, opening() + TimeDelta::days(1)).await;
        let left = invitations(&app, SurveyKind::Sales).await;
        assert_eq!((left.len(), left[0].status), (1, InvitationStatus::Expired));
        assert_eq!(invited(&app, SurveyKind::Handover).await, Vec::<String>::new());
    }
}
