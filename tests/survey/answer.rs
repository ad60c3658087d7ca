//! Answering: kept in parts, handed in once, for customers by staff who are not concerned themselves, until the time is over.

use std::collections::BTreeSet;

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    prospect, survey_answer, survey_invitation as invitation, survey_question as question,
    vocab::{Channel, InvitationStatus, QuestionKind, SurveyKind},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{answers, as_input, at, home, invitations, opening, questions};
use crate::{
    both,
    harness::{TestApp, documents::Documents, world::put},
};

/// A buyer with an open survey about the signing: the invitation, and the questions.
async fn asked(app: &mut TestApp) -> (invitation::Model, Vec<question::Model>) {
    home(app, "buyer", ("YT", "ambassador.a"), "2026-11-20", None).await;
    let row = prospect::Model {
        id: app.services.new_id(app.services.now()),
        owner_id: app.world.owner("buyer"),
        project_id: app.world.id("project:YT"),
        sales_agent_id: Some(app.world.staff("sales.a")),
        source: Channel::WalkIn,
        created_at: app.services.now(),
    };
    put::<prospect::Entity>(&app.services, row).await;
    at(app, opening()).await;
    let sent = invitations(app, SurveyKind::Sales).await.remove(0);
    let list = questions(app, sent.campaign_id).await;
    (sent, list)
}

fn input(sent: &invitation::Model, answers: Value) -> Value {
    json!({ "invitationId": Kind::SurveyInvitation.encode(sent.id), "answers": answers })
}

fn with(mut input: Value, field: &str, value: Value) -> Value {
    input[field] = value;
    input
}

fn one(row: &question::Model, value: Value) -> Value {
    json!({ "questionId": Kind::SurveyQuestion.encode(row.id), "value": value })
}

async fn reload(app: &TestApp, sent: &invitation::Model) -> invitation::Model {
    invitation::Entity::find_by_id(sent.id).one(app.services.db.reader()).await.unwrap().unwrap()
}

async fn kept(app: &TestApp, sent: &invitation::Model) -> u64 {
    let own = survey_answer::Entity::find().filter(survey_answer::Column::InvitationId.eq(sent.id));
    own.count(app.services.db.reader()).await.unwrap()
}

both! {
    async fn answers_are_kept_in_parts_changed_taken_back_and_handed_in(app) {
        let mut app = app;
        let (sent, list) = asked(&mut app).await;
        let (buyer, documents) = (app.owner("buyer").await, Documents::owner());
        let part = json!([one(&list[0], json!("2")), one(&list[1], json!("3"))]);
        let saved = buyer.done(documents, "SaveSurveyAnswers", input(&sent, part)).await;
        assert_eq!((saved["status"].clone(), saved["answers"].as_array().unwrap().len()), (json!("OPEN"), 2));
        let change = json!([one(&list[0], json!("5")), one(&list[1], Value::Null)]);
        let saved = buyer.done(documents, "SaveSurveyAnswers", input(&sent, change)).await;
        let question_id = Kind::SurveyQuestion.encode(list[0].id);
        assert_eq!(saved["answers"], json!([{ "questionId": question_id, "value": "5" }]));
        // What was kept is there on another device, and counts when the rest is handed in.
        let mine = app.owner("buyer").await.owner_app("MySurveys", json!({})).await;
        assert_eq!(mine["surveyInvitations"]["nodes"][0]["answers"], saved["answers"]);
        let rest: Vec<_> = answers(&app, sent.campaign_id, 4).await.into_iter().filter(|(id, _)| *id != list[0].id).collect();
        let done = buyer.done(documents, "SubmitSurvey", input(&sent, as_input(&rest))).await;
        assert_eq!((&done["status"], &done["submittedAt"]), (&json!("SUBMITTED"), &json!("2026-12-01T01:00:00+00:00")));
        let row = reload(&app, &sent).await;
        assert_eq!((row.channel, row.interviewer_id), (Some(Channel::App), None));
        let mine = app.owner("buyer").await.owner_app("MySurveys", json!({})).await;
        assert_eq!(mine["surveyInvitations"]["nodes"], json!([]));
    }

    async fn wrong_answers_are_refused_and_nothing_is_kept(app) {
        let mut app = app;
        let (sent, list) = asked(&mut app).await;
        let (buyer, documents) = (app.owner("buyer").await, Documents::owner());
        let choice = list.iter().find(|row| row.kind == QuestionKind::SingleChoice).unwrap();
        let foreign = question::Entity::find()
            .filter(question::Column::TemplateId.ne(list[0].template_id))
            .one(app.services.db.reader())
            .await
            .unwrap()
            .unwrap();
        for (answer, code) in [
            (one(&list[0], json!("6")), "INVALID"),
            (one(&list[0], json!("4.5")), "INVALID"),
            (one(&list[0], json!("好")), "INVALID"),
            (one(choice, json!("maybe")), "INVALID"),
            (one(&foreign, json!("5")), "NOT_FOUND"),
        ] {
            let both = json!([one(&list[1], json!("3")), answer.clone()]);
            let fault = buyer.fault(documents, "SaveSurveyAnswers", input(&sent, both)).await;
            assert_eq!(fault, (code.into(), Some("answers".into())), "{answer}");
        }
        assert_eq!(kept(&app, &sent).await, 0);
        let all = answers(&app, sent.campaign_id, 4).await;
        let fault = buyer.fault(documents, "SubmitSurvey", input(&sent, as_input(&all[1..]))).await;
        assert_eq!(fault, ("REQUIRED".into(), Some("answers".into())));
        assert_eq!((reload(&app, &sent).await.status, kept(&app, &sent).await), (InvitationStatus::Open, 0));
    }

    async fn what_does_not_show_is_neither_missed_nor_kept(app) {
        let mut app = app;
        let (sent, list) = asked(&mut app).await;
        let (buyer, documents) = (app.owner("buyer").await, Documents::owner());
        let choice = list.iter().find(|row| row.kind == QuestionKind::SingleChoice).unwrap();
        let words = list.iter().find(|row| row.show_if_question_id == Some(choice.id)).unwrap();
        let first = json!([one(choice, json!("yes")), one(words, json!("签约等了两个小时"))]);
        buyer.done(documents, "SaveSurveyAnswers", input(&sent, first)).await;
        let all = answers(&app, sent.campaign_id, 5).await;
        buyer.done(documents, "SubmitSurvey", input(&sent, as_input(&all))).await;
        assert_eq!(kept(&app, &sent).await, u64::try_from(all.len()).unwrap(), "the words went with the trouble");
    }

    async fn a_survey_is_handed_in_once_however_many_try(app) {
        let mut app = app;
        let (sent, _) = asked(&mut app).await;
        let other = app.another().await;
        let buyer = app.owner("buyer").await;
        let (low, high) = (answers(&app, sent.campaign_id, 1).await, answers(&app, sent.campaign_id, 5).await);
        let calls = (0..10).map(|turn| {
            let client = if turn % 2 == 0 { buyer.clone() } else { buyer.at(&other.url) };
            let input = input(&sent, as_input(if turn % 2 == 0 { &low } else { &high }));
            async move { client.owner_app("SubmitSurvey", json!({ "input": input })).await["submitSurvey"].clone() }
        });
        let payloads = join_all(calls).await;
        let errors: Vec<&Value> = payloads.iter().map(|payload| &payload["userErrors"][0]["code"]).collect();
        assert_eq!(errors.iter().filter(|code| code.is_null()).count(), 1);
        assert_eq!(errors.iter().filter(|code| **code == "ILLEGAL_TRANSITION").count(), 9);
        let rows = survey_answer::Entity::find().all(app.services.db.reader()).await.unwrap();
        let numbers: BTreeSet<i32> = rows.iter().filter_map(|row| row.number).collect();
        // Ratings, and twice as much for whether one would recommend.
        assert!([[1, 2].into(), [5, 10].into()].contains(&numbers), "all answers are of one call: {numbers:?}");
    }

    async fn a_repeated_call_with_its_key_answers_the_same(app) {
        let mut app = app;
        let (sent, _) = asked(&mut app).await;
        let (buyer, documents) = (app.owner("buyer").await, Documents::owner());
        let all = as_input(&answers(&app, sent.campaign_id, 4).await);
        let call = with(input(&sent, all.clone()), "idempotencyKey", json!("in the lift"));
        let first = buyer.done(documents, "SubmitSurvey", call.clone()).await;
        assert_eq!(buyer.done(documents, "SubmitSurvey", call).await, first);
        let other = with(input(&sent, json!([])), "idempotencyKey", json!("in the lift"));
        assert_eq!(buyer.fault(documents, "SubmitSurvey", other).await.0, "KEY_REUSED");
        assert_eq!(buyer.fault(documents, "SubmitSurvey", input(&sent, all)).await.0, "ILLEGAL_TRANSITION");
    }

    async fn the_time_for_a_survey_ends_and_before_that_the_customer_is_reminded_once(app) {
        let mut app = app;
        let (sent, list) = asked(&mut app).await;
        at(&app, opening() + TimeDelta::days(10) - TimeDelta::seconds(1)).await;
        assert_eq!(reload(&app, &sent).await.reminded_at, None);
        let reminded = opening() + TimeDelta::days(10);
        at(&app, reminded).await;
        at(&app, reminded + TimeDelta::days(1)).await;
        assert_eq!(reload(&app, &sent).await.reminded_at, Some(reminded));
        // The clock decides, whether or not the job was there already.
        app.clock.set(sent.expires_at);
        let (buyer, documents) = (app.owner("buyer").await, Documents::owner());
        let answer = input(&sent, json!([one(&list[0], json!("5"))]));
        for operation in ["SaveSurveyAnswers", "SubmitSurvey"] {
            let fault = buyer.fault(documents, operation, answer.clone()).await;
            assert_eq!(fault, ("TOO_LATE".into(), Some("invitationId".into())));
        }
        let status = "query ($id: ID!) { node(id: $id) { ... on SurveyInvitation { status } } }";
        let id = json!({ "id": Kind::SurveyInvitation.encode(sent.id) });
        assert_eq!(buyer.run(status, id.clone()).await["node"]["status"], "EXPIRED");
        let count = buyer.run("{ viewer { ... on Owner { openSurveyCount } } }", json!({})).await;
        assert_eq!(count["viewer"]["openSurveyCount"], 0);
        at(&app, sent.expires_at).await;
        assert_eq!(reload(&app, &sent).await.status, InvitationStatus::Expired);
        assert_eq!(buyer.run(status, id).await["node"]["status"], "EXPIRED");
    }

    async fn t3_1_staff_ask_by_phone_and_are_recorded(app) {
        let mut app = app;
        let (sent, _) = asked(&mut app).await;
        let documents = Documents::owner();
        let all = input(&sent, as_input(&answers(&app, sent.campaign_id, 4).await));
        let supervisor = app.staff("supervisor").await;
        let fault = supervisor.fault(documents, "SubmitSurvey", all.clone()).await;
        assert_eq!(fault, ("REQUIRED".into(), Some("channel".into())));
        let in_the_app = with(all.clone(), "channel", json!("APP"));
        let fault = supervisor.fault(documents, "SubmitSurvey", in_the_app).await;
        assert_eq!(fault, ("INVALID".into(), Some("channel".into())));
        let by_phone = with(all.clone(), "channel", json!("PHONE"));
        let fault = app.owner("buyer").await.fault(documents, "SubmitSurvey", by_phone.clone()).await;
        assert_eq!(fault, ("INVALID".into(), Some("channel".into())));
        supervisor.done(documents, "SubmitSurvey", by_phone).await;
        let read = "query ($id: ID!) { node(id: $id) { ... on SurveyInvitation {
            status channel interviewer { id } owner { name } answers { value } } } }";
        let id = json!({ "id": Kind::SurveyInvitation.encode(sent.id) });
        let seen = app.staff("supervisor").await.run(read, id).await["node"].clone();
        assert_eq!(seen["channel"], "PHONE");
        assert_eq!(seen["interviewer"]["id"], Kind::Staff.encode(app.world.staff("supervisor")));
        assert_eq!(seen["owner"]["name"], "buyer");
        assert!(!seen["answers"].as_array().unwrap().is_empty());
    }

    async fn t3_1_nobody_asks_about_their_own_work(app) {
        let mut app = app;
        let (sent, _) = asked(&mut app).await;
        let documents = Documents::owner();
        let all = input(&sent, as_input(&answers(&app, sent.campaign_id, 5).await));
        let by_phone = with(all, "channel", json!("PHONE"));
        let fault = app.staff("sales.a").await.fault(documents, "SubmitSurvey", by_phone.clone()).await;
        assert_eq!(fault, ("NOT_AVAILABLE".into(), Some("invitationId".into())), "sales.a sold the home");
        let ambassador = app.staff("ambassador.a").await;
        let document = documents.operation("SubmitSurvey");
        assert_eq!(ambassador.refused(&document, json!({ "input": by_phone })).await, "FORBIDDEN");
        assert_eq!(reload(&app, &sent).await.status, InvitationStatus::Open);
        app.staff("agent.a").await.done(documents, "SubmitSurvey", by_phone).await;
        assert_eq!(reload(&app, &sent).await.interviewer_id, Some(app.world.staff("agent.a")));
    }
}
