//! A contract from its draft to the signature: each buyer acknowledges each key clause, or nothing is signed.

use anju::graphql::id::Kind;
use entity::{contract, ownership, vocab::ContractStatus};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, world::day},
};

const CONTRACT: &str = "contract { id number status signedOn handoverDueOn unit { code } buyers { name stage }
    clauses { id position title acknowledgements { buyer { name } recordedBy { id } } } }";

/// Two people who are about to buy a home together.
struct Sale {
    agent: Client,
    manager: Client,
    unit_id: String,
    sun: String,
    qian: String,
    draft: Value,
}

impl Sale {
    async fn of(app: &mut TestApp) -> Self {
        let services = app.services.clone();
        let unit_id = Kind::Unit.encode(app.world.empty_home(&services, "YT-103", "YT").await);
        let agent = app.staff("sales.a").await;
        let sun = buyer(app, &agent, "sun", "19100000031").await;
        let qian = buyer(app, &agent, "qian", "19100000032").await;
        let mut sale = Self { agent, manager: app.staff("manager.a").await, unit_id, sun, qian, draft: Value::Null };
        sale.draft = sale.agent.carry_out("draftContract", CONTRACT, sale.input("2026-103")).await["contract"].clone();
        sale
    }

    fn input(&self, number: &str) -> Value {
        json!({
            "unitId": self.unit_id, "number": number, "buyerIds": [self.sun, self.qian], "handoverDueOn": "2027-12-31",
            "clauses": [{ "title": "交付标准", "body": "毛坯交付" }, { "title": "违约责任", "body": "逾期按日计" }],
        })
    }

    fn clause(&self, at: usize) -> &Value {
        &self.draft["clauses"][at]["id"]
    }

    fn id(&self) -> Value {
        json!({ "contractId": self.draft["id"] })
    }

    /// What a buyer has said, written down by the agent.
    async fn acknowledge(&self, clause: usize, buyer: &str) {
        let input = json!({ "clauseId": self.clause(clause), "ownerId": buyer });
        self.agent.carry_out("acknowledgeClause", "clause { id }", input).await;
    }

    async fn acknowledge_all(&self) {
        for clause in [0, 1] {
            for buyer in [&self.sun, &self.qian] {
                self.acknowledge(clause, buyer).await;
            }
        }
    }
}

async fn buyer(app: &TestApp, agent: &Client, name: &str, phone: &str) -> String {
    let project_id = Kind::Project.encode(app.world.id("project:YT"));
    let input = json!({ "projectId": project_id, "name": name, "phone": phone, "source": "WALK_IN" });
    let payload = agent.carry_out("registerProspect", "prospect { owner { id } }", input).await;
    payload["prospect"]["owner"]["id"].as_str().unwrap().to_owned()
}

fn raw(id: &str) -> uuid::Uuid {
    crate::harness::tickets::raw_id(&json!(id))
}

async fn stored(app: &TestApp, id: &Value) -> contract::Model {
    let id = raw(id.as_str().unwrap());
    contract::Entity::find_by_id(id).one(app.services.db.reader()).await.unwrap().unwrap()
}

async fn ownerships(app: &TestApp, unit: &str) -> Vec<ownership::Model> {
    let of_unit = ownership::Entity::find().filter(ownership::Column::UnitId.eq(raw(unit)));
    of_unit.all(app.services.db.reader()).await.unwrap()
}

both! {
    async fn t2_1_signing_with_an_unacknowledged_clause_is_refused_and_names_the_clause(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let refused = sale.agent.mutate("signContract", CONTRACT, sale.id()).await;
        let messages: Vec<_> = refused["userErrors"].as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap()).collect();
        assert_eq!(messages, [
            "sun has not acknowledged the clause \"交付标准\".", "qian has not acknowledged the clause \"交付标准\".",
            "sun has not acknowledged the clause \"违约责任\".", "qian has not acknowledged the clause \"违约责任\".",
        ]);
        assert!(refused["userErrors"].as_array().unwrap().iter().all(|it| it["code"] == "INCOMPLETE"));
        sale.acknowledge(0, &sale.sun).await;
        sale.acknowledge(0, &sale.qian).await;
        // One buyer says so in the app, and twice.
        let sun = app.newcomer(&sale.sun).await;
        for _ in 0..2 {
            sun.carry_out("acknowledgeClause", "clause { id }", json!({ "clauseId": sale.clause(1) })).await;
        }
        let refused = sale.agent.mutate("signContract", CONTRACT, sale.id()).await;
        assert_eq!(refused["userErrors"].as_array().unwrap().len(), 1);
        assert_eq!(refused["userErrors"][0]["message"], "qian has not acknowledged the clause \"违约责任\".");
        assert_eq!(stored(&app, &sale.draft["id"]).await.status, ContractStatus::Draft, "nothing was changed");
        assert!(ownerships(&app, &sale.unit_id).await.is_empty());
        sale.acknowledge(1, &sale.qian).await;
        let signed = sale.agent.carry_out("signContract", CONTRACT, sale.id()).await["contract"].clone();
        assert_eq!((&signed["status"], &signed["signedOn"]), (&json!("SIGNED"), &json!("2026-11-23")));
        let said = signed["clauses"][1]["acknowledgements"].clone();
        assert_eq!(said[0], json!({ "buyer": { "name": "sun" }, "recordedBy": null }));
        assert_eq!(said[1]["recordedBy"]["id"], Kind::Staff.encode(app.world.staff("sales.a")));
    }

    async fn t2_1_signing_makes_the_buyers_owners_and_moves_their_stage(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        sale.acknowledge_all().await;
        let input = json!({ "contractId": sale.draft["id"], "signedOn": "2026-11-20" });
        let signed = sale.agent.carry_out("signContract", CONTRACT, input).await["contract"].clone();
        assert_eq!(signed["buyers"], json!([{ "name": "sun", "stage": "SIGNED" }, { "name": "qian", "stage": "SIGNED" }]));
        let made = ownerships(&app, &sale.unit_id).await;
        assert_eq!(made.len(), 2);
        assert!(made.iter().all(|row| row.started_on == day("2026-11-20") && row.ended_on.is_none()));
        let home = "{ viewer { ... on Owner { stage units { nodes { code contract { number signedOn } } }
            stageHistory { nodes { fromStage toStage reason } } } } }";
        let viewer = app.newcomer(&sale.qian).await.run(home, json!({})).await["viewer"].clone();
        assert_eq!(viewer["units"]["nodes"][0]["contract"], json!({ "number": "2026-103", "signedOn": "2026-11-20" }));
        assert_eq!(viewer["stageHistory"]["nodes"][1], json!({ "fromStage": "PROSPECT", "toStage": "SIGNED", "reason": "Contract 2026-103 was signed" }));
        assert_eq!(sale.agent.faulty("signContract", sale.id()).await, "ILLEGAL_TRANSITION contractId");
        let late = json!({ "clauseId": sale.clause(0), "ownerId": sale.sun });
        assert_eq!(sale.agent.faulty("acknowledgeClause", late).await, "ILLEGAL_TRANSITION clauseId");
        assert_eq!(sale.agent.faulty("draftContract", sale.input("2026-104")).await, "NOT_AVAILABLE unitId");
    }

    async fn t2_1_a_buyer_reads_the_draft_and_nobody_elses_does(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let list = "{ contracts { totalCount nodes { number unit { code building { project { name } } } buyers { name } clauses { title body } } }
            viewer { ... on Owner { contracts { totalCount } units { totalCount } } } }";
        let seen = app.newcomer(&sale.sun).await.run(list, json!({})).await;
        assert_eq!(seen["contracts"]["totalCount"], 1);
        assert_eq!(seen["viewer"], json!({ "contracts": { "totalCount": 1 }, "units": { "totalCount": 0 } }));
        let draft = &seen["contracts"]["nodes"][0];
        assert_eq!(draft["unit"]["code"], "1号楼-1-YT-103", "the home, before owning it");
        assert_eq!(draft["clauses"][1], json!({ "title": "违约责任", "body": "逾期按日计" }));
        assert_eq!(draft["buyers"], json!([{ "name": "sun" }]), "oneself, as everywhere");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for id in [&sale.draft["id"], sale.clause(0)] {
            for who in ["zhang", "zhao", "agent.b", "ambassador.a", "technician.a", "partner-1", "admin"] {
                assert_eq!(app.as_whom(who).await.run(node, json!({ "id": id })).await["node"], Value::Null, "{who}");
            }
            for who in ["agent.a", "manager.a", "supervisor", "auditor"] {
                assert_eq!(app.as_whom(who).await.run(node, json!({ "id": id })).await["node"]["id"], *id, "{who}");
            }
        }
        let foreign = json!({ "clauseId": sale.clause(0) });
        assert_eq!(app.owner("zhang").await.faulty("acknowledgeClause", foreign).await, "NOT_FOUND clauseId");
        let for_another = json!({ "clauseId": sale.clause(0), "ownerId": sale.qian });
        assert_eq!(app.newcomer(&sale.sun).await.faulty("acknowledgeClause", for_another).await, "NOT_FOUND ownerId");
        let nobody = json!({ "clauseId": sale.clause(0), "ownerId": Kind::Owner.encode(app.world.owner("zhang")) });
        assert_eq!(sale.agent.faulty("acknowledgeClause", nobody).await, "NOT_FOUND ownerId");
        assert_eq!(sale.agent.faulty("acknowledgeClause", json!({ "clauseId": sale.clause(0) })).await, "REQUIRED ownerId");
    }

    async fn a_draft_that_makes_no_sense_is_refused(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let services = app.services.clone();
        let spare = Kind::Unit.encode(app.world.empty_home(&services, "YT-104", "YT").await);
        let elsewhere = Kind::Unit.encode(app.world.empty_home(&services, "HP-104", "HP").await);
        let mut good = sale.input("2026-104");
        good["unitId"] = json!(spare);
        for (field, value, answer) in [
            ("unitId", json!(sale.unit_id), "CONFLICT unitId"),
            ("unitId", json!(elsewhere), "NOT_FOUND unitId"),
            ("unitId", json!(Kind::Unit.encode(app.world.unit("YT-101"))), "NOT_AVAILABLE unitId"),
            ("number", json!("2026-103"), "CONFLICT number"),
            ("number", json!("  "), "REQUIRED number"),
            ("buyerIds", json!([]), "OUT_OF_RANGE buyerIds"),
            ("buyerIds", json!([sale.sun, sale.sun]), "OUT_OF_RANGE buyerIds"),
            ("buyerIds", json!([Kind::Owner.encode(app.world.owner("zhao"))]), "NOT_FOUND buyerIds"),
            ("clauses", json!([]), "OUT_OF_RANGE clauses"),
            ("clauses", json!([{ "title": "", "body": "x" }]), "REQUIRED clauses.title"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            assert_eq!(sale.agent.faulty("draftContract", input).await, answer);
        }
        sale.agent.carry_out("draftContract", CONTRACT, good).await;
        sale.acknowledge_all().await;
        let future = json!({ "contractId": sale.draft["id"], "signedOn": "2026-11-24" });
        assert_eq!(sale.agent.faulty("signContract", future).await, "OUT_OF_RANGE signedOn");
    }

    async fn a_contract_ends_by_a_draft_given_up_or_by_the_manager(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let end = |id: &Value| json!({ "contractId": id, "reason": "贷款未批" });
        let ended = sale.agent.carry_out("terminateContract", CONTRACT, end(&sale.draft["id"])).await;
        assert_eq!(ended["contract"]["status"], "TERMINATED");
        assert_eq!(sale.agent.faulty("terminateContract", end(&sale.draft["id"])).await, "ILLEGAL_TRANSITION contractId");
        let second = sale.agent.carry_out("draftContract", CONTRACT, sale.input("2026-103b")).await["contract"].clone();
        let sale = Sale { draft: second, ..sale };
        sale.acknowledge_all().await;
        sale.agent.carry_out("signContract", CONTRACT, sale.id()).await;
        let document = "mutation($input: TerminateContractInput!) { terminateContract(input: $input) { userErrors { code } } }";
        assert_eq!(sale.agent.refused(document, json!({ "input": end(&sale.draft["id"]) })).await, "FORBIDDEN");
        let ended = sale.manager.carry_out("terminateContract", CONTRACT, end(&sale.draft["id"])).await;
        assert_eq!(ended["contract"]["signedOn"], "2026-11-23", "what was, was");
        assert!(ownerships(&app, &sale.unit_id).await.iter().all(|row| row.ended_on == Some(day("2026-11-23"))));
        assert_eq!(ended["contract"]["buyers"][0]["stage"], "FORMER");
        let old = Kind::Contract.encode(app.world.id("contract:YT-101"));
        assert_eq!(sale.manager.faulty("terminateContract", end(&json!(old))).await, "ILLEGAL_TRANSITION contractId");
        // The same people come back on the same day.
        let third = sale.agent.carry_out("draftContract", CONTRACT, sale.input("2026-103c")).await["contract"].clone();
        let sale = Sale { draft: third, ..sale };
        sale.acknowledge_all().await;
        let signed = sale.agent.carry_out("signContract", CONTRACT, sale.id()).await;
        assert_eq!(signed["contract"]["buyers"][0]["stage"], "SIGNED");
        let now: Vec<_> = ownerships(&app, &sale.unit_id).await.into_iter().filter(|row| row.ended_on.is_none()).collect();
        assert_eq!(now.len(), 2);
    }

    async fn whoever_lives_in_one_home_and_buys_another_stays_a_resident(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let services = app.services.clone();
        let unit_id = Kind::Unit.encode(app.world.empty_home(&services, "YT-105", "YT").await);
        let zhang = Kind::Owner.encode(app.world.owner("zhang"));
        let input = json!({
            "unitId": unit_id, "number": "2026-105", "buyerIds": [zhang], "clauses": [{ "title": "付款", "body": "一次性" }],
        });
        let draft = sale.agent.carry_out("draftContract", CONTRACT, input).await["contract"].clone();
        let acknowledge = json!({ "clauseId": draft["clauses"][0]["id"] });
        app.owner("zhang").await.carry_out("acknowledgeClause", "clause { id }", acknowledge).await;
        let signed = sale.agent.carry_out("signContract", CONTRACT, json!({ "contractId": draft["id"] })).await;
        assert_eq!(signed["contract"]["buyers"], json!([{ "name": "zhang", "stage": "RESIDENT" }]));
    }

    async fn twenty_signatures_and_an_end_at_once_leave_one_of_them(app) {
        let mut app = app;
        let other = app.another().await;
        let sale = Sale::of(&mut app).await;
        sale.acknowledge_all().await;
        let calls = (0..20).map(|turn| {
            let client = if turn % 2 == 0 { sale.agent.clone() } else { sale.manager.at(&other.url) };
            let (operation, input) = match turn {
                7 => ("terminateContract", json!({ "contractId": sale.draft["id"], "reason": "放弃" })),
                _ => ("signContract", sale.id()),
            };
            async move { client.mutate(operation, "contract { status }", input).await }
        });
        let answers = join_all(calls).await;
        let done: Vec<_> = answers.iter().filter(|it| it["userErrors"] == json!([])).collect();
        // The manager may end what was just signed; it is never signed twice, nor after its end.
        let signed = done.iter().filter(|it| it["contract"]["status"] == "SIGNED").count();
        assert!(signed <= 1 && !done.is_empty() && done.len() <= 2, "{answers:#?}");
        let status = stored(&app, &sale.draft["id"]).await.status;
        let owned = ownerships(&app, &sale.unit_id).await.iter().filter(|row| row.ended_on.is_none()).count();
        assert_eq!(owned, if status == ContractStatus::Signed { 2 } else { 0 });
    }

    async fn ten_drafts_at_once_leave_one_over_a_home(app) {
        let mut app = app;
        let sale = Sale::of(&mut app).await;
        let end = json!({ "contractId": sale.draft["id"], "reason": "重签" });
        sale.agent.carry_out("terminateContract", CONTRACT, end).await;
        let calls = (0..10).map(|turn| sale.agent.mutate("draftContract", "", sale.input(&format!("2026-{turn}"))));
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|it| it["userErrors"] == json!([])).count(), 1, "{answers:#?}");
    }
}
