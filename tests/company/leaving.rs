//! Who leaves the company, a project or a role holds nothing there any more and sees nothing of it, from that moment on: what was
//! theirs goes back in the same transaction.

use anju::graphql::id::Kind;
use entity::vocab::{Department, Role, TicketStatus};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{acts, carried_out};
use crate::{
    both,
    harness::{
        Client, TestApp,
        crew::Crew,
        device::{Device, butler_document},
        homes::{begun, book, done, offer, step, tick_all, under_contract},
        work::{change, word},
    },
};

async fn send_to(app: &TestApp, login: &str, codes: &[&str]) {
    let projects: Vec<String> = codes.iter().map(|code| app.project_id(code)).collect();
    let input = json!({ "staffId": app.staff_id(login), "projectIds": projects });
    carried_out(app, "setStaffProjects", input, "staff { id }").await;
}

async fn make(app: &TestApp, login: &str, role: &str) {
    let input = json!({ "staffId": app.staff_id(login), "role": role });
    carried_out(app, "updateStaff", input, "staff { id role }").await;
}

async fn disable(app: &TestApp, login: &str) {
    carried_out(app, "disableStaff", json!({ "staffId": app.staff_id(login) }), "staff { id }").await;
}

/// The global ids of the tickets that somebody lists.
async fn listed(client: &Client) -> Vec<Value> {
    let found = client.run("{ tickets(first: 50) { nodes { id } } }", json!({})).await;
    found["tickets"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

async fn is_visible(client: &Client, id: &Value) -> bool {
    let found = client.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    !found["node"].is_null()
}

/// Whether a ticket lies in the queue again, and what its log says last.
async fn is_back(app: &TestApp, ticket: &Value, note: &str) -> bool {
    let row = app.row(ticket).await;
    let last = app.log(ticket).await.pop().unwrap();
    (row.status, row.assignee_id) == (TicketStatus::Accepted, None)
        && last.note.as_deref() == Some(note)
        && app.story(ticket).await.last().is_some_and(|action| action == "RETURN_TO_QUEUE")
}

/// What went back with the last act on somebody's account.
async fn handed_back(app: &TestApp, login: &str) -> Value {
    let act = acts(app, &app.staff_id(login)).await.remove(0);
    let details: Value = serde_json::from_str(act["details"].as_str().unwrap()).unwrap();
    details["handedBack"].clone()
}

const MOVED: &str = "处理人已调离";
const LEFT: &str = "处理人已离职";

both! {
    async fn tickets_of_a_project_that_was_left_go_back_and_are_seen_no_more(app) {
        let mut held = Vec::new();
        for status in [TicketStatus::Assigned, TicketStatus::InProgress, TicketStatus::OnHold] {
            held.push(app.ticket_in(status, json!({})).await);
        }
        let done = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        let technician = app.staff("technician.a").await;
        send_to(&app, "technician.a", &["YT", "HP"]).await;
        assert_eq!(listed(&technician).await.len(), 4, "nothing was left");
        send_to(&app, "technician.a", &["HP"]).await;
        for ticket in &held {
            assert!(is_back(&app, ticket, MOVED).await, "{:?}", app.story(ticket).await);
        }
        assert_eq!(app.row(&done).await.assignee_id, Some(app.world.staff("technician.a")), "who did it stays on record");
        assert_eq!((listed(&technician).await, is_visible(&technician, &done["id"]).await), (vec![], false));
        assert!(!is_visible(&technician, &json!(Kind::Owner.encode(app.world.owner("zhang")))).await);
        assert_eq!(app.act("technician.a", "startTicket", &held[0]).await.word(), "NOT_FOUND ticketId");
        assert_eq!(handed_back(&app, "technician.a").await["tickets"], 3);
        let assigned = json!({ "assigneeId": app.staff_id("technician.a2") });
        assert_eq!(app.act_with("agent.a", "assignTicket", &held[0], assigned).await.word(), "done", "the queue goes on");
    }

    async fn who_does_other_work_keeps_what_that_work_allows(app) {
        let held = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        make(&app, "technician.a", "SERVICE_AGENT").await;
        assert_eq!(app.row(&held).await.assignee_id, Some(app.world.staff("technician.a")));
        make(&app, "technician.a", "SALES_AGENT").await;
        assert!(is_back(&app, &held, MOVED).await);
        make(&app, "ambassador.a", "TECHNICIAN").await;
        assert_eq!(app.ambassadors("YT-101").await, Vec::<String>::new());
        assert_eq!(app.ambassadors("YT-102").await, ["ambassador.a2"]);
        assert_eq!(handed_back(&app, "ambassador.a").await["households"], 1);
    }

    async fn a_demoted_managers_subscription_ends_and_their_queries_see_no_more(app) {
        let other = app.another().await;
        let ticket = app.report(json!({})).await;
        let manager = app.staff("manager.a").await;
        assert!(is_visible(&manager, &ticket["id"]).await);
        let mut near = Device::new(&manager, butler_document());
        near.listen(&app).await;
        let mut far = Device::new(&manager.at(&other.url), butler_document());
        far.listen(&other).await;
        make(&app, "manager.a", "TECHNICIAN").await;
        app.report(json!({})).await;
        assert_eq!((near.hear().await, far.hear().await), (Err(Some(4403)), Err(Some(4403))), "on every server");
        assert_eq!(manager.refused("{ tickets(first: 1) { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        let technician = app.staff("manager.a").await;
        assert_eq!((listed(&technician).await, is_visible(&technician, &ticket["id"]).await), (vec![], false));
        assert_eq!(technician.refused("{ escalations(first: 1) { totalCount } }", json!({})).await, "FORBIDDEN");
    }

    async fn an_open_subscription_sees_nothing_of_a_project_from_the_moment_it_is_left(app) {
        let other = app.another().await;
        let (here, there) = (Crew::of_101(&app).await, Crew::elsewhere(&app).await);
        let manager = app.staff("manager.a").await;
        let mut devices = [Device::new(&manager, butler_document()), Device::new(&manager.at(&other.url), butler_document())];
        devices[0].listen(&app).await;
        devices[1].listen(&other).await;
        let before = here.report("调离之前").await;
        for device in &mut devices {
            assert_eq!(device.see().await["ticket"]["id"], before);
        }
        send_to(&app, "manager.a", &["HP"]).await;
        here.report("调离之后").await;
        let elsewhere = there.report("新的项目").await;
        for device in &mut devices {
            assert_eq!(device.see().await["ticket"]["id"], elsewhere, "and not what came between");
        }
        assert_eq!(listed(&manager).await, [json!(elsewhere)]);
    }

    async fn what_somebody_held_who_has_left_goes_back_in_one_transaction(app) {
        let held = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        disable(&app, "technician.a").await;
        assert!(is_back(&app, &held, LEFT).await);
        disable(&app, "ambassador.a").await;
        assert_eq!(app.ambassadors("YT-101").await, Vec::<String>::new());
        let home = "{ viewer { ... on Owner { units { nodes { ambassador { id } } } } } }";
        let seen = app.owner("zhang").await.run(home, json!({})).await["viewer"]["units"]["nodes"].clone();
        assert_eq!(seen, json!([{ "ambassador": null }]));
        if app.services.db.is_postgres() {
            let written = "SELECT count(DISTINCT xmin::text) AS count FROM (
                SELECT s.xmin FROM staff s WHERE login = 'technician.a'
                UNION ALL SELECT t.xmin FROM tickets t
                UNION ALL SELECT e.xmin FROM ticket_events e WHERE action = 'RETURN_TO_QUEUE'
                UNION ALL SELECT a.xmin FROM audit_entries a WHERE a.object_id = (SELECT id FROM staff WHERE login = 'technician.a')
            ) AS rows";
            let statement = Statement::from_string(sea_orm::DbBackend::Postgres, written);
            let found = app.services.db.reader().query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(found.try_get::<i64>("", "count").unwrap(), 1);
        }
    }

    async fn an_urgent_ticket_goes_on_to_whoever_is_on_call(app) {
        assert_eq!(word(&app.on_call("technician.a", (0, 8)).await), "done");
        let urgent = json!({ "category": "PLUMBING", "urgency": "URGENT", "responsibleDepartment": "PROPERTY_COMPANY" });
        let ticket = app.report(json!({})).await;
        let ticket = app.act_with("agent.a", "acceptTicket", &ticket, urgent).await.ticket();
        assert_eq!(ticket["assignee"]["id"], app.staff_id("technician.a"));
        assert_eq!(word(&app.on_call("technician.a2", (0, 8)).await), "done");
        send_to(&app, "technician.a", &["HP"]).await;
        assert_eq!(app.row(&ticket).await.assignee_id, Some(app.world.staff("technician.a2")));
        let back = handed_back(&app, "technician.a").await;
        assert_eq!((&back["tickets"], &back["shifts"]), (&json!(1), &json!(1)));
    }

    async fn nobody_stands_in_who_could_not_do_the_others_work(app) {
        let households = async || {
            let list = app.staff("ambassador.a2").await.butler_app("Households", json!({})).await;
            list["viewer"]["households"]["totalCount"].clone()
        };
        let by = json!({ "substituteId": app.staff_id("ambassador.a2") });
        assert_eq!(word(&app.away("ambassador.a", (0, 50), by).await), "done");
        assert_eq!(households().await, 2);
        send_to(&app, "ambassador.a2", &["HP"]).await;
        assert_eq!(households().await, 0);
        let back = handed_back(&app, "ambassador.a2").await;
        assert_eq!((&back["substitutions"], &back["households"]), (&json!(1), &json!(1)));
        app.run_jobs().await;
        assert_eq!(households().await, 0, "the clock does not bring it back");
    }

    async fn buildings_visits_handovers_and_customers_wait_for_somebody_else(app) {
        let mut app = app;
        let unit = under_contract(&mut app, "YT-301", &[("sun", "19100000031")]).await;
        let (manager, agent) = (app.staff("manager.a").await, app.staff("agent.a").await);
        let area = json!({ "buildingId": app.building_id("YT"), "staffId": app.staff_id("agent.a") });
        assert_eq!(word(&change(&manager, "assignArea", area, "areaDuty { id }").await), "done");
        let handover = done(book(&agent, unit, &offer(&app, 24, 1).await).await)["handover"].clone();
        let companion = json!({ "staffId": app.staff_id("agent.a") });
        done(step(&agent, "assignHandoverStaff", &handover, companion).await);
        let visit = json!({
            "projectId": app.project_id("YT"), "ownerId": Kind::Owner.encode(app.world.owner("zhang")),
            "kind": "CONSULTATION", "scheduledAt": app.services.now() + chrono::TimeDelta::hours(3), "staffId": app.staff_id("agent.a"),
        });
        assert_eq!(word(&change(&manager, "bookAppointment", visit, "appointment { id }").await), "done");
        send_to(&app, "agent.a", &["HP"]).await;
        let back = handed_back(&app, "agent.a").await;
        assert_eq!((&back["buildings"], &back["visits"], &back["handovers"]), (&json!(1), &json!(1), &json!(1)));
        let seen = step(&manager, "startHandover", &handover, json!({})).await;
        assert_eq!(seen.word(), "NOT_AVAILABLE handoverId", "nobody accompanies it");

        let buyer = json!({ "projectId": app.project_id("YT"), "name": "孙", "phone": "19100000077", "source": "WALK_IN" });
        let mine = change(&app.staff("sales.a").await, "registerProspect", buyer, "prospect { id salesAgent { id } }").await;
        assert_eq!(mine["prospect"]["salesAgent"]["id"], app.staff_id("sales.a"));
        disable(&app, "sales.a").await;
        assert_eq!(handed_back(&app, "sales.a").await["customers"], 1);
        let services = app.services.clone();
        app.world.engage(&services, "sales.a2", Role::SalesAgent, Department::Sales, "YT").await;
        assert!(is_visible(&app.staff("sales.a2").await, &mine["prospect"]["id"]).await, "whoever takes it on");
    }

    async fn a_visit_that_has_begun_waits_for_another_companion(app) {
        let mut app = app;
        let over = under_contract(&mut app, "YT-301", &[("sun", "19100000031")]).await;
        let open = under_contract(&mut app, "YT-302", &[("ma", "19100000032")]).await;
        let agent = app.staff("agent.a").await;
        let (over, open) = (begun(&app, over).await, begun(&app, open).await);
        for handover in [&over, &open] {
            tick_all(&agent, handover).await;
        }
        done(step(&agent, "completeHandover", &over, json!({})).await);
        let before = done(step(&agent, "tickHandoverStep", &open, json!({ "kind": "HOME_INSPECTED" })).await);
        send_to(&app, "agent.a", &["HP"]).await;
        assert_eq!(handed_back(&app, "agent.a").await["handovers"], 1);

        let document = "query($accompanied: Boolean) { handovers(first: 10, filter: { isAccompanied: $accompanied }) {
            nodes { id accompaniedBy { id } } } }";
        let manager = app.staff("manager.a").await;
        for client in [&manager, &app.staff("ambassador.a").await] {
            let lacking = client.run(document, json!({ "accompanied": false })).await["handovers"]["nodes"].clone();
            assert_eq!(lacking, json!([{ "id": open["id"], "accompaniedBy": null }]));
            let others = client.run(document, json!({ "accompanied": true })).await["handovers"]["nodes"].clone();
            let ids: Vec<_> = others.as_array().unwrap().iter().map(|node| &node["id"]).collect();
            assert_eq!(ids, [&over["id"]], "what is over stays on record");
        }
        let seen = json!({ "expectedVersion": before["handover"]["version"] });
        assert_eq!(step(&manager, "completeHandover", &open, seen).await.word(), "CONFLICT expectedVersion");
        let alone = step(&manager, "completeHandover", &open, json!({})).await;
        assert_eq!(alone.word(), "NOT_AVAILABLE handoverId");
        done(step(&manager, "assignHandoverStaff", &open, json!({ "staffId": app.staff_id("manager.a") })).await);
        let completed = done(step(&manager, "completeHandover", &open, json!({})).await)["handover"].clone();
        assert_eq!((&completed["status"], &completed["accompaniedBy"]["id"]), (&json!("COMPLETED"), &json!(app.staff_id("manager.a"))));
    }

    async fn nothing_is_given_to_somebody_at_the_moment_they_leave(app) {
        let other = app.another().await;
        let (admin, agent) = (app.staff("admin").await, app.staff("agent.a").await);
        let staff = app.staff_id("technician.a2");
        for round in 0..4 {
            let mut tickets = Vec::new();
            for _ in 0..3 {
                tickets.push(app.ticket_in(TicketStatus::Accepted, json!({})).await);
            }
            let given = join_all(tickets.iter().map(|ticket| {
                let client = agent.at(&other.url);
                let staff = &staff;
                async move { client.call("assignTicket", json!({ "ticketId": ticket["id"], "assigneeId": staff })).await }
            }));
            let left = match round % 2 {
                0 => change(&admin, "setStaffProjects", json!({ "staffId": staff, "projectIds": [app.project_id("HP")] }), "staff { id }"),
                _ => change(&admin, "setStaffProjects", json!({ "staffId": staff, "projectIds": [] }), "staff { id }"),
            };
            let (given, left) = tokio::join!(given, left);
            assert_eq!(word(&left), "done", "{given:?}");
            for ticket in &tickets {
                assert_eq!(app.row(ticket).await.assignee_id, None, "{:?} {:?}", app.story(ticket).await, given);
            }
            send_to(&app, "technician.a2", &["YT"]).await;
        }
    }
}
