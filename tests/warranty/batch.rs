//! What owners report before a warranty ends becomes the contractor's batch; and batches that are made by hand.

use anju::{graphql::id::Kind, jobs};
use chrono::TimeDelta;
use entity::{
    batch_ticket, rectification_batch,
    vocab::{TicketStatus, WarrantyPart},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{item, notified};
use crate::{
    both,
    harness::{
        Client, TestApp,
        mutation::{change, done},
        tickets::{at, merged},
        world::instant,
    },
};

const CONTRACTOR: &str = "contractor { id name parts isActive }";
const BATCH: &str =
    "batch { id kind title status deadlineAt isOverdue ticketCount doneCount completedOn contractor { name } }";
const BATCHES: &str =
    "query ($filter: RectificationBatchFilter) { rectificationBatches(filter: $filter) { totalCount nodes {
    id kind title status deadlineAt isOverdue ticketCount doneCount completedOn contractor { name } } } }";

/// A contractor of the first project who answers for parts.
async fn contractor(app: &TestApp, name: &str, parts: Value) -> Value {
    let project = Kind::Project.encode(app.world.id("project:YT"));
    let input = json!({ "projectId": project, "name": name, "parts": parts });
    done(change(&app.staff("manager.a").await, "createContractor", CONTRACTOR, input).await)["contractor"].clone()
}

async fn batches(client: &Client, filter: Value) -> Vec<Value> {
    let list = client.run(BATCHES, json!({ "filter": filter })).await["rectificationBatches"].clone();
    assert_eq!(list["totalCount"], list["nodes"].as_array().unwrap().len());
    list["nodes"].as_array().unwrap().clone()
}

async fn collect(app: &TestApp) -> usize {
    jobs::collect_rectifications(&app.services).await.unwrap()
}

async fn leak(app: &TestApp, owner: &str, room: &str, more: Value) -> Value {
    let usual = json!({ "unitId": Kind::Unit.encode(app.world.unit(room)), "kind": "REPAIR", "category": "PLUMBING", "title": "水管渗水" });
    app.report_as(owner, merged(usual, &more)).await.ticket()
}

/// The plumbing of YT-101 and YT-102 ends on 31 December; the owners of YT-101 were told.
async fn noticed(app: &TestApp) {
    contractor(app, "中建安装", json!(["PLUMBING"])).await;
    item(app, "YT-101", WarrantyPart::Plumbing, "2026-12-31").await;
    assert_eq!(notified(app).await, 1);
    app.clock.advance(TimeDelta::seconds(1));
}

both! {
    async fn t5_5_warranty_reports_between_notice_and_end_are_the_contractors_batch(app) {
        let before = leak(&app, "zhang", "YT-101", json!({ "title": "通知之前" })).await;
        app.clock.advance(TimeDelta::seconds(1));
        noticed(&app).await;
        let mine = leak(&app, "zhang", "YT-101", json!({})).await;
        let urgent = leak(&app, "zhang", "YT-101", json!({ "urgency": "URGENT" })).await;
        let wiring = leak(&app, "li", "YT-101", json!({ "category": "ELECTRICAL" })).await;
        let neighbour = leak(&app, "wang", "YT-102", json!({})).await;
        let unclassified = leak(&app, "li", "YT-101", json!({ "category": null })).await;
        assert_eq!(collect(&app).await, 1);
        assert_eq!(collect(&app).await, 0, "a second run collects nothing");
        let found = batches(&app.staff("manager.a").await, json!({})).await;
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0]["kind"], &found[0]["status"], &found[0]["ticketCount"]), (&json!("WARRANTY"), &json!("COLLECTING"), &json!(1)));
        assert_eq!(found[0]["title"], "Rectification before warranties end in December 2026");
        assert_eq!(found[0]["contractor"]["name"], "中建安装");
        assert_eq!(at(&found[0]["deadlineAt"]), instant("2027-01-30T16:00:00Z"), "thirty days after the month, at the end of the day");
        let ticket = app.look(&mine).await;
        assert_eq!((&ticket["kind"], &ticket["arriveDueAt"]), (&json!("RECTIFICATION"), &Value::Null));
        assert_eq!(ticket["resolveDueAt"], found[0]["deadlineAt"]);
        assert_eq!(app.story(&mine).await, ["CREATE", "COLLECT"]);
        for other in [&before, &urgent, &wiring, &neighbour, &unclassified] {
            assert_eq!(app.look(other).await["kind"], "REPAIR", "{other}");
        }
        // An agent says what it is about: then it is collected too.
        app.act("agent.a", "acceptTicket", &unclassified).await.ticket();
        assert_eq!(collect(&app).await, 1);
        let listed = json!({ "filter": { "batchId": found[0]["id"] } });
        let listed = app.staff("manager.a").await.run("query ($filter: TicketFilter) { tickets(filter: $filter) { totalCount } }", listed).await;
        assert_eq!(listed["tickets"]["totalCount"], 2);
    }

    async fn t5_5_warranty_batch_is_sent_when_its_month_is_over_and_late_after_its_deadline(app) {
        noticed(&app).await;
        app.clock.set(instant("2026-12-31T15:59:59Z"));
        let last = leak(&app, "zhang", "YT-101", json!({})).await;
        assert_eq!(collect(&app).await, 1, "the last day counts");
        app.clock.advance(TimeDelta::seconds(1));
        leak(&app, "zhang", "YT-101", json!({ "title": "到期之后" })).await;
        assert_eq!(collect(&app).await, 1, "the batch is sent, and nothing is collected after the end");
        let manager = app.staff("manager.a").await;
        let found = batches(&manager, json!({ "status": "SENT" })).await;
        assert_eq!((found.len(), &found[0]["ticketCount"], &found[0]["isOverdue"]), (1, &json!(1), &json!(false)));
        assert!(batches(&manager, json!({ "overdue": true })).await.is_empty());
        app.clock.set(instant("2027-01-30T16:00:00Z"));
        let manager = app.staff("manager.a").await;
        let late = batches(&manager, json!({ "overdue": true })).await;
        assert_eq!((&late[0]["id"], &late[0]["isOverdue"]), (&found[0]["id"], &json!(true)));
        let complete = json!({ "batchId": found[0]["id"] });
        let early = change(&manager, "completeRectificationBatch", BATCH, complete.clone()).await;
        assert_eq!(early.word(), "NOT_AVAILABLE batchId", "its ticket is not resolved");
        app.bring(app.look(&last).await, TicketStatus::Resolved).await;
        let completed = done(change(&manager, "completeRectificationBatch", BATCH, complete.clone()).await)["batch"].clone();
        assert_eq!((&completed["status"], &completed["completedOn"], &completed["doneCount"]), (&json!("COMPLETED"), &json!("2027-01-31"), &json!(1)));
        assert!(batches(&manager, json!({ "overdue": true })).await.is_empty());
        assert_eq!(change(&manager, "completeRectificationBatch", BATCH, complete).await.word(), "ILLEGAL_TRANSITION batchId");
    }

    async fn t5_5_warranty_reports_collected_on_two_servers_at_once_are_in_one_batch_once(app) {
        noticed(&app).await;
        for _ in 0..6 {
            leak(&app, "zhang", "YT-101", json!({})).await;
        }
        let other = app.another().await;
        let runs = [&app.services, &other.services, &app.services, &other.services];
        let collected: usize = join_all(runs.map(jobs::collect_rectifications)).await.into_iter().map(Result::unwrap).sum();
        let rest = collect(&app).await;
        assert_eq!(collected + rest, 6);
        let conn = app.services.db.reader();
        assert_eq!(rectification_batch::Entity::find().all(conn).await.unwrap().len(), 1);
        assert_eq!(batch_ticket::Entity::find().all(conn).await.unwrap().len(), 6);
    }

    async fn t5_6_a_batch_by_hand_goes_from_collecting_to_completed(app) {
        let contractor = contractor(&app, "宏业装饰", json!([])).await;
        let agent = app.staff("agent.a").await;
        let defect = leak(&app, "wang", "YT-102", json!({ "title": "墙面空鼓" })).await;
        let more = leak(&app, "wang", "YT-102", json!({ "title": "地砖开裂" })).await;
        let input = json!({
            "projectId": Kind::Project.encode(app.world.id("project:YT")), "contractorId": contractor["id"],
            "title": "首批交付集中整改", "deadlineOn": "2026-12-23", "ticketIds": [defect["id"]],
        });
        let batch = done(change(&agent, "createRectificationBatch", BATCH, input.clone()).await)["batch"].clone();
        assert_eq!((&batch["kind"], &batch["status"], &batch["ticketCount"]), (&json!("CENTRALISED"), &json!("COLLECTING"), &json!(1)));
        assert_eq!(at(&batch["deadlineAt"]), instant("2026-12-23T16:00:00Z"));
        let of = |more: Value| merged(json!({ "batchId": batch["id"] }), &more);
        let added = change(&agent, "addTicketToBatch", BATCH, of(json!({ "ticketId": more["id"] }))).await;
        assert_eq!(done(added)["batch"]["ticketCount"], 2);
        let twice = change(&agent, "addTicketToBatch", BATCH, of(json!({ "ticketId": more["id"] }))).await;
        assert_eq!(twice.word(), "CONFLICT ticketId");
        assert_eq!(change(&agent, "createRectificationBatch", BATCH, input).await.word(), "CONFLICT ticketIds");
        assert_eq!(change(&agent, "completeRectificationBatch", BATCH, of(json!({}))).await.word(), "ILLEGAL_TRANSITION batchId");
        done(change(&agent, "sendRectificationBatch", BATCH, of(json!({}))).await);
        assert_eq!(change(&agent, "sendRectificationBatch", BATCH, of(json!({}))).await.word(), "ILLEGAL_TRANSITION batchId");
        let third = leak(&app, "wang", "YT-102", json!({})).await;
        let closed = change(&agent, "addTicketToBatch", BATCH, of(json!({ "ticketId": third["id"] }))).await;
        assert_eq!(closed.word(), "ILLEGAL_TRANSITION batchId");
        app.bring(app.look(&defect).await, TicketStatus::Resolved).await;
        assert_eq!(change(&agent, "completeRectificationBatch", BATCH, of(json!({}))).await.word(), "NOT_AVAILABLE batchId");
        app.act("agent.a", "cancelTicket", &more).await.ticket();
        let completed = done(change(&agent, "completeRectificationBatch", BATCH, of(json!({}))).await)["batch"].clone();
        assert_eq!((&completed["status"], &completed["ticketCount"], &completed["doneCount"]), (&json!("COMPLETED"), &json!(2), &json!(2)));
    }

    async fn t5_6_a_batch_takes_what_can_wait_and_is_its_projects_own(app) {
        let contractor = contractor(&app, "宏业装饰", json!([])).await;
        let (urgent, complaint) = (
            leak(&app, "wang", "YT-102", json!({ "urgency": "URGENT" })).await,
            leak(&app, "wang", "YT-102", json!({ "kind": "COMPLAINT", "category": null })).await,
        );
        let elsewhere = leak(&app, "zhao", "HP-101", json!({})).await;
        let usual = json!({
            "projectId": Kind::Project.encode(app.world.id("project:YT")), "contractorId": contractor["id"],
            "title": "集中整改", "deadlineOn": "2026-12-23",
        });
        let there = Kind::Project.encode(app.world.id("project:HP"));
        for (who, more, expected) in [
            ("agent.a", json!({ "ticketIds": [urgent["id"]] }), "INVALID ticketIds"),
            ("agent.a", json!({ "ticketIds": [complaint["id"]] }), "INVALID ticketIds"),
            ("agent.a", json!({ "ticketIds": [elsewhere["id"]] }), "NOT_FOUND ticketIds"),
            ("agent.a", json!({ "deadlineOn": "2026-11-22" }), "OUT_OF_RANGE deadlineOn"),
            ("agent.a", json!({ "deadlineOn": "2027-11-24" }), "OUT_OF_RANGE deadlineOn"),
            ("agent.a", json!({ "title": "" }), "REQUIRED title"),
            ("agent.b", json!({}), "NOT_FOUND projectId"),
            ("agent.b", json!({ "projectId": there }), "NOT_FOUND contractorId"),
            ("ambassador.a", json!({}), "error FORBIDDEN"),
            ("sales.a", json!({}), "error FORBIDDEN"),
            ("zhang", json!({}), "error FORBIDDEN"),
            ("supervisor", json!({}), "error FORBIDDEN"),
        ] {
            let answer = change(&app.as_whom(who).await, "createRectificationBatch", BATCH, merged(usual.clone(), &more)).await;
            assert_eq!(answer.word(), expected, "{who} {more}");
        }
        assert!(batches(&app.staff("auditor").await, json!({})).await.is_empty(), "a refusal changes nothing");
        let empty = done(change(&app.staff("agent.a").await, "createRectificationBatch", BATCH, usual).await)["batch"].clone();
        let send = json!({ "batchId": empty["id"] });
        assert_eq!(change(&app.staff("agent.a").await, "sendRectificationBatch", BATCH, send.clone()).await.word(), "NOT_AVAILABLE batchId");
        assert_eq!(change(&app.staff("agent.b").await, "sendRectificationBatch", BATCH, send).await.word(), "NOT_FOUND batchId");
        assert_eq!(batches(&app.staff("agent.b").await, json!({})).await.len(), 0);
        for who in ["zhang", "ambassador.a", "sales.a", "technician.a", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(BATCHES, json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn t5_5_warranty_contractors_answer_for_one_part_each(app) {
        let manager = app.staff("manager.a").await;
        let first = contractor(&app, "中建安装", json!(["PLUMBING", "WIRING"])).await;
        let second = contractor(&app, "江南水电", json!(["WIRING"])).await;
        let list = "{ contractors { totalCount nodes { name parts isActive } } }";
        assert_eq!(manager.run(list, json!({})).await["contractors"]["nodes"], json!([
            { "name": "中建安装", "parts": ["PLUMBING"], "isActive": true },
            { "name": "江南水电", "parts": ["WIRING"], "isActive": true },
        ]));
        let parts = json!({ "contractorId": second["id"], "parts": ["PLUMBING"] });
        assert_eq!(done(change(&manager, "assignContractorParts", CONTRACTOR, parts).await)["contractor"]["parts"], json!(["PLUMBING"]));
        let node = manager.run("query ($id: ID!) { node(id: $id) { ... on Contractor { parts } } }", json!({ "id": first["id"] })).await;
        assert_eq!(node["node"]["parts"], json!([]));
        let taken = json!({ "contractorId": second["id"], "name": "中建安装" });
        assert_eq!(change(&manager, "updateContractor", CONTRACTOR, taken).await.word(), "CONFLICT name");
        let same = json!({ "projectId": Kind::Project.encode(app.world.id("project:YT")), "name": "中建安装" });
        assert_eq!(change(&manager, "createContractor", CONTRACTOR, same.clone()).await.word(), "CONFLICT name");
        assert_eq!(change(&app.staff("agent.a").await, "createContractor", CONTRACTOR, same).await.word(), "error FORBIDDEN");
        let ended = json!({ "contractorId": second["id"], "isActive": false, "contactPhone": "0510-1234" });
        assert_eq!(done(change(&manager, "updateContractor", CONTRACTOR, ended).await)["contractor"]["isActive"], false);
        item(&app, "YT-102", WarrantyPart::Plumbing, "2026-12-31").await;
        notified(&app).await;
        app.clock.advance(TimeDelta::seconds(1));
        leak(&app, "wang", "YT-102", json!({})).await;
        assert_eq!(collect(&app).await, 0, "nothing is collected for one that no longer works here");
        assert_eq!(app.staff("agent.b").await.run(list, json!({})).await["contractors"]["totalCount"], 0);
        assert_eq!(app.staff("admin").await.run(list, json!({})).await["contractors"]["totalCount"], 2);
    }
}
