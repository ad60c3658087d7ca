//! Who may be sent, what happens to the tickets of someone who is away or has left, and who may say that it is good.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    staff, training,
    vocab::{PrincipalKind, TicketAction, TicketStatus},
};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::Answer,
        world::{day, put},
    },
};

async fn assign(app: &TestApp, ticket: &Value, login: &str) -> Answer {
    let assignee = Kind::Staff.encode(app.world.staff(login));
    app.act_with("agent.a", "assignTicket", ticket, json!({ "assigneeId": assignee })).await
}

/// Puts training certificates of a colleague's in the place of the old ones.
async fn train_only(app: &TestApp, login: &str, periods: &[(&str, &str)]) {
    let staff_id = app.world.staff(login);
    let old = training::Entity::delete_many().filter(training::Column::StaffId.eq(staff_id));
    old.exec(app.services.db.writer()).await.unwrap();
    for (passed_on, valid_until) in periods {
        let now = app.services.now();
        let id = app.services.new_id(now);
        let (passed_on, valid_until) = (day(passed_on), day(valid_until));
        let row = training::Model { id, staff_id, topic: "安全".into(), passed_on, valid_until, created_at: now };
        put::<training::Entity>(&app.services, row).await;
    }
}

/// Runs a mutation about staff that must be carried out.
async fn about_staff(app: &TestApp, who: &str, operation: &str, input: Value) -> Answer {
    let (first, rest) = operation.split_at(1);
    let document = format!(
        "mutation Call($input: {}{rest}Input!) {{ {operation}(input: $input) {{ staff {{ id isActive }} \
         userErrors {{ code field message }} }} }}",
        first.to_uppercase()
    );
    let (_, answer) = app.as_whom(who).await.post(&document, json!({ "input": input })).await;
    Answer::read(&answer)
}

async fn away(app: &TestApp, login: &str, from_hours: i64, to_hours: i64) {
    let now = app.services.now();
    let input = json!({
        "staffId": Kind::Staff.encode(app.world.staff(login)), "reason": "年假",
        "startsAt": now + TimeDelta::hours(from_hours), "endsAt": now + TimeDelta::hours(to_hours),
    });
    assert_eq!(about_staff(app, "manager.a", "recordAbsence", input).await.word(), "done");
}

both! {
    async fn only_who_works_on_site_for_the_project_can_be_sent(app) {
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        for login in ["technician.b", "agent.b", "ambassador.b", "supervisor", "auditor", "admin"] {
            assert_eq!(assign(&app, &ticket, login).await.word(), "NOT_FOUND assigneeId", "{login}");
        }
        assert_eq!(assign(&app, &ticket, "sales.a").await.word(), "NOT_AVAILABLE assigneeId");
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT"]);
        for login in ["technician.a2", "ambassador.a2", "agent.a", "manager.a"] {
            assert_eq!(assign(&app, &ticket, login).await.word(), "done", "{login}");
        }
    }

    async fn only_who_is_trained_that_day_can_be_sent(app) {
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        train_only(&app, "technician.a", &[]).await;
        assert_eq!(assign(&app, &ticket, "technician.a").await.word(), "NOT_AVAILABLE assigneeId");
        train_only(&app, "technician.a", &[("2025-01-01", "2026-11-22"), ("2026-11-24", "2027-01-01")]).await;
        assert_eq!(assign(&app, &ticket, "technician.a").await.word(), "NOT_AVAILABLE assigneeId");
        let input = json!({
            "staffId": Kind::Staff.encode(app.world.staff("technician.a")), "topic": "水电",
            "passedOn": "2026-11-23", "expiresOn": "2026-11-23",
        });
        assert_eq!(about_staff(&app, "manager.a", "recordTraining", input).await.word(), "done");
        assert_eq!(assign(&app, &ticket, "technician.a").await.word(), "done");
    }

    async fn a_training_ends_at_midnight_in_shanghai(app) {
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        train_only(&app, "technician.a", &[("2026-01-01", "2026-11-23")]).await;
        app.clock.set("2026-11-23T16:00:00Z".parse().unwrap());
        assert_eq!(assign(&app, &ticket, "technician.a").await.word(), "NOT_AVAILABLE assigneeId");
    }

    async fn nobody_who_is_away_can_be_sent(app) {
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        away(&app, "technician.a2", 0, 5).await;
        assert_eq!(assign(&app, &ticket, "technician.a2").await.word(), "NOT_AVAILABLE assigneeId");
        app.clock.advance(TimeDelta::hours(5));
        assert_eq!(assign(&app, &ticket, "technician.a2").await.word(), "done");
    }

    async fn tickets_of_someone_who_goes_away_return_to_the_queue_when_the_time_comes(app) {
        let (assigned, started, held, done) = (
            app.ticket_in(TicketStatus::Assigned, json!({})).await,
            app.ticket_in(TicketStatus::InProgress, json!({})).await,
            app.ticket_in(TicketStatus::OnHold, json!({})).await,
            app.ticket_in(TicketStatus::Resolved, json!({})).await,
        );
        away(&app, "technician.a", 2, 10).await;
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(app.look(&assigned).await["status"], "ASSIGNED");
        app.pass(TimeDelta::hours(1)).await;
        app.run_jobs().await;
        for ticket in [&assigned, &started, &held] {
            let now = app.look(ticket).await;
            assert_eq!((&now["status"], &now["assignee"]), (&json!("ACCEPTED"), &Value::Null));
            let returns: Vec<_> = app.log(ticket).await.into_iter().filter(|e| e.action == TicketAction::ReturnToQueue).collect();
            assert_eq!(returns.len(), 1);
            assert_eq!(returns[0].actor_kind, PrincipalKind::System);
            assert!(returns[0].note.as_deref().is_some_and(|note| note.contains("请假")));
        }
        assert_eq!(app.look(&done).await["status"], "RESOLVED");
    }

    async fn an_absence_that_has_begun_returns_tickets_at_once(app) {
        let ticket = app.ticket_in(TicketStatus::Assigned, json!({})).await;
        away(&app, "technician.a", -1, 10).await;
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT", "ASSIGN", "RETURN_TO_QUEUE"]);
    }

    async fn tickets_of_someone_who_left_return_to_the_queue(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let technician = app.staff("technician.a").await;
        let input = json!({ "staffId": Kind::Staff.encode(app.world.staff("technician.a")) });
        assert_eq!(about_staff(&app, "manager.a", "disableStaff", input.clone()).await.word(), "error FORBIDDEN");
        assert_eq!(about_staff(&app, "admin", "disableStaff", input).await.word(), "done");
        let now = app.look(&ticket).await;
        assert_eq!((&now["status"], &now["assignee"]), (&json!("ACCEPTED"), &Value::Null));
        assert_eq!(app.story(&ticket).await.last().unwrap(), "RETURN_TO_QUEUE");
        assert_eq!(technician.call("startTicket", json!({ "ticketId": ticket["id"] })).await.word(), "error UNAUTHENTICATED");
        assert_eq!(assign(&app, &ticket, "technician.a").await.word(), "NOT_AVAILABLE assigneeId");
    }

    async fn a_server_that_died_between_disabling_and_returning_forgets_no_ticket(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let row = staff::Entity::find_by_id(app.world.staff("technician.a")).one(app.services.db.reader()).await;
        let mut row = row.unwrap().unwrap().into_active_model();
        row.is_active = ActiveValue::Set(false);
        row.update(app.services.db.writer()).await.unwrap();
        app.run_jobs().await;
        assert_eq!(app.story(&ticket).await.last().unwrap(), "RETURN_TO_QUEUE");
    }

    async fn nobody_rates_a_ticket_they_worked_on(app) {
        let by_phone = json!({ "channel": "PHONE", "satisfied": true, "rating": 5 });
        let worker = async |ticket: Value| {
            assign(&app, &ticket, "agent.a").await.ticket();
            app.act("agent.a", "startTicket", &ticket).await.ticket()
        };
        let own = worker(app.ticket_in(TicketStatus::Accepted, json!({})).await).await;
        app.act("agent.a", "resolveTicket", &own).await.ticket();
        assert_eq!(app.act_with("agent.a", "confirmTicket", &own, by_phone.clone()).await.word(), "error FORBIDDEN");
        // Handing it on does not wash the hands that began it.
        let handed_on = worker(app.ticket_in(TicketStatus::Accepted, json!({})).await).await;
        assign(&app, &handed_on, "technician.a").await.ticket();
        app.act("technician.a", "startTicket", &handed_on).await.ticket();
        app.act("technician.a", "resolveTicket", &handed_on).await.ticket();
        assert_eq!(app.act_with("agent.a", "confirmTicket", &handed_on, by_phone.clone()).await.word(), "error FORBIDDEN");
        assert_eq!(app.look(&handed_on).await["rating"], Value::Null);
        let of_others = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        let confirmed = app.act_with("agent.a", "confirmTicket", &of_others, by_phone).await.ticket();
        assert_eq!((&confirmed["confirmedChannel"], &confirmed["rating"]), (&json!("PHONE"), &json!(5)));
    }

    async fn an_agent_who_speaks_for_the_owner_says_how_the_owner_was_asked(app) {
        let ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        assert_eq!(app.act("agent.a", "confirmTicket", &ticket).await.word(), "REQUIRED channel");
        assert_eq!(app.look(&ticket).await["status"], "RESOLVED");
        let confirmed = app.act("zhang", "confirmTicket", &ticket).await.ticket();
        assert_eq!(confirmed["confirmedChannel"], Value::Null);
    }
}
