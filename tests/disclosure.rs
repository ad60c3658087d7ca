//! What a sales site has on show: the required set, what is missing from it, and where show homes deviate.

use anju::graphql::id::Kind;
use entity::disclosure;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

const SITE: &str = "query($id: ID!) { node(id: $id) { ... on Project { disclosures {
    isComplete missing published { id kind title documentNumber }
    deviations { id place } deviationsWithoutNotice { id place } } } } }";

/// The required set: the qualification, the five permits, and what customers must know.
const REQUIRED: [&str; 11] = [
    "COMPANY_QUALIFICATION",
    "LAND_USE_PERMIT",
    "LAND_PLANNING_PERMIT",
    "CONSTRUCTION_PLANNING_PERMIT",
    "CONSTRUCTION_PERMIT",
    "PRESALE_PERMIT",
    "DUTY_SALES_STAFF",
    "UNIT_PRICES",
    "CONTRACT_SAMPLE",
    "RISK_NOTICE",
    "COMPLAINT_CHANNEL",
];

fn project(app: &TestApp, code: &str) -> String {
    Kind::Project.encode(app.world.id(&format!("project:{code}")))
}

async fn site(app: &TestApp, client: &Client) -> Value {
    client.run(SITE, json!({ "id": project(app, "YT") })).await["node"]["disclosures"].clone()
}

fn input(app: &TestApp, kind: &str) -> Value {
    json!({ "projectId": project(app, "YT"), "kind": kind, "title": kind, "body": "公示内容", "documentNumber": "锡房预字 2026-1" })
}

/// Puts something on show; its id.
async fn show(app: &TestApp, client: &Client, kind: &str) -> String {
    let payload = client.carry_out("publishDisclosure", "disclosure { id }", input(app, kind)).await;
    payload["disclosure"]["id"].as_str().unwrap().to_owned()
}

fn deviation(app: &TestApp) -> Value {
    json!({
        "projectId": project(app, "YT"), "place": "A 户型客厅", "drawingSays": "毛坯交付", "showHomeShows": "石材地面",
    })
}

both! {
    async fn t1_2_disclosures_list_what_is_published_and_what_is_missing(app) {
        let agent = app.staff("sales.a").await;
        let empty = site(&app, &agent).await;
        assert_eq!(empty["missing"], json!(REQUIRED));
        assert_eq!((&empty["published"], &empty["isComplete"]), (&json!([]), &json!(false)));
        for (done, kind) in REQUIRED.iter().enumerate() {
            show(&app, &agent, kind).await;
            let now = site(&app, &agent).await;
            assert_eq!(now["missing"], json!(REQUIRED[done + 1..]));
            assert_eq!(now["published"].as_array().unwrap().len(), done + 1);
        }
        let whole = site(&app, &app.owner("zhang").await).await;
        assert_eq!((&whole["missing"], &whole["isComplete"]), (&json!([]), &json!(true)), "customers see it too");
        let permit = whole["published"][5]["id"].clone();
        let withdraw = json!({ "disclosureId": permit, "reason": "证件到期" });
        agent.carry_out("withdrawDisclosure", "disclosure { withdrawnAt }", withdraw.clone()).await;
        assert_eq!(site(&app, &agent).await["missing"], json!(["PRESALE_PERMIT"]));
        assert_eq!(agent.faulty("withdrawDisclosure", withdraw).await, "ILLEGAL_TRANSITION disclosureId");
    }

    async fn t1_2_each_deviation_of_a_show_home_has_its_notice(app) {
        let agent = app.staff("sales.a").await;
        for kind in REQUIRED {
            show(&app, &agent, kind).await;
        }
        let payload = agent.carry_out("recordShowHomeDeviation", "deviation { id notice { id } }", deviation(&app)).await;
        let id = payload["deviation"]["id"].clone();
        let untold = site(&app, &agent).await;
        assert_eq!(untold["deviationsWithoutNotice"], json!([{ "id": id, "place": "A 户型客厅" }]));
        assert_eq!(untold["isComplete"], false);
        let customer = app.owner("zhang").await;
        assert_eq!(site(&app, &customer).await["deviations"], json!([]), "nobody has told customers yet");

        let notice = show(&app, &agent, "SHOW_HOME_DEVIATION").await;
        let attach = json!({ "deviationId": id, "noticeId": notice });
        agent.carry_out("attachDeviationNotice", "deviation { notice { id } }", attach).await;
        assert_eq!(site(&app, &agent).await["isComplete"], true);
        assert_eq!(site(&app, &customer).await["deviations"][0]["place"], "A 户型客厅");
        let withdraw = json!({ "disclosureId": notice, "reason": "更换" });
        agent.carry_out("withdrawDisclosure", "disclosure { id }", withdraw).await;
        assert_eq!(site(&app, &agent).await["deviationsWithoutNotice"].as_array().unwrap().len(), 1, "told no more");
    }

    async fn a_notice_of_another_kind_or_project_tells_nothing(app) {
        let agent = app.staff("sales.a").await;
        let risk = show(&app, &agent, "RISK_NOTICE").await;
        let mut input = deviation(&app);
        input["noticeId"] = json!(risk);
        assert_eq!(agent.faulty("recordShowHomeDeviation", input.clone()).await, "INVALID noticeId");
        let gone = show(&app, &agent, "SHOW_HOME_DEVIATION").await;
        agent.carry_out("withdrawDisclosure", "disclosure { id }", json!({ "disclosureId": gone, "reason": "x" })).await;
        input["noticeId"] = json!(gone);
        assert_eq!(agent.faulty("recordShowHomeDeviation", input.clone()).await, "INVALID noticeId");
        input["noticeId"] = json!(Kind::Disclosure.encode(uuid::Uuid::nil()));
        assert_eq!(agent.faulty("recordShowHomeDeviation", input).await, "NOT_FOUND noticeId");
    }

    async fn certificates_have_numbers_and_everything_a_project_of_ones_own(app) {
        let agent = app.staff("sales.a").await;
        for (kind, answer) in [("PRESALE_PERMIT", "REQUIRED documentNumber"), ("COMPANY_QUALIFICATION", "REQUIRED documentNumber")] {
            let mut input = input(&app, kind);
            input["documentNumber"] = Value::Null;
            assert_eq!(agent.faulty("publishDisclosure", input).await, answer);
        }
        let mut elsewhere = input(&app, "RISK_NOTICE");
        elsewhere["projectId"] = json!(project(&app, "HP"));
        assert_eq!(agent.faulty("publishDisclosure", elsewhere).await, "NOT_FOUND projectId");
        let document = "mutation($input: PublishDisclosureInput!) { publishDisclosure(input: $input) { userErrors { code } } }";
        for who in ["zhang", "partner-1", "agent.a", "auditor", "supervisor", "admin"] {
            let code = app.as_whom(who).await.refused(document, json!({ "input": input(&app, "RISK_NOTICE") })).await;
            assert_eq!(code, "FORBIDDEN", "{who}");
        }
    }

    async fn the_latest_takes_the_place_of_the_one_before_except_for_permits(app) {
        let agent = app.staff("sales.a").await;
        for kind in ["UNIT_PRICES", "UNIT_PRICES", "PRESALE_PERMIT", "PRESALE_PERMIT"] {
            show(&app, &agent, kind).await;
        }
        let shown = site(&app, &agent).await["published"].clone();
        let kinds: Vec<_> = shown.as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["UNIT_PRICES", "PRESALE_PERMIT", "PRESALE_PERMIT"]);
    }

    async fn twenty_at_once_leave_one_list_of_homes_on_show(app) {
        let other = app.another().await;
        let agent = app.staff("sales.a").await;
        let calls = (0..20).map(|turn| {
            let client = if turn % 2 == 0 { agent.clone() } else { agent.at(&other.url) };
            let input = input(&app, "UNIT_PRICES");
            async move { client.mutate("publishDisclosure", "", input).await }
        });
        for payload in join_all(calls).await {
            let error = &payload["userErrors"][0]["code"];
            assert!(error.is_null() || error == "CONFLICT", "{payload}");
        }
        let up = disclosure::Entity::find().filter(disclosure::Column::WithdrawnAt.is_null());
        assert_eq!(up.all(app.services.db.reader()).await.unwrap().len(), 1);
    }

    async fn strangers_see_no_site_and_partners_nothing_of_it(app) {
        let agent = app.staff("sales.a").await;
        let id = show(&app, &agent, "RISK_NOTICE").await;
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for stranger in [app.owner("zhao").await, app.staff("agent.b").await, app.partner("partner-1").await] {
            assert_eq!(stranger.run(node, json!({ "id": id })).await["node"], Value::Null);
        }
        assert_eq!(app.partner("partner-1").await.run(SITE, json!({ "id": project(&app, "YT") })).await["node"]["disclosures"], Value::Null);
        assert_eq!(app.owner("zhao").await.run(SITE, json!({ "id": project(&app, "YT") })).await["node"], Value::Null);
    }
}
