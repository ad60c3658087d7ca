//! Standard answers: found in Chinese and in English, the same on both databases; written, published and taken back.

use std::collections::BTreeMap;

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, tickets::merged},
};

/// What is known: titles and bodies.
const ANSWERS: &[(&str, &str)] = &[
    ("厨房水管漏水怎么报修", "先关闭厨房水槽下的角阀，再在 App 里选择“报修”。紧急情况 30 分钟内上门。"),
    ("卫生间防水保修几年", "防水工程保修五年，自交付之日起算。漏水请尽快报修。"),
    ("How to reset the Wi-Fi router", "Hold the reset button for 10 seconds. Wi-Fi密码印在底部。"),
    ("供暖什么时候开始", "每年 11 月 15 日至次年 3 月 15 日。Heating starts on 15 November."),
    ("停车费如何缴纳", "App 首页—生活缴费，支持微信支付。"),
];

async fn write(app: &TestApp) -> BTreeMap<String, Value> {
    let admin = app.staff("admin").await;
    let mut written = BTreeMap::new();
    for (title, body) in ANSWERS {
        let new = json!({ "title": title, "body": body, "audience": "EVERYONE" });
        let made = admin.article("createArticle", new).await.object();
        admin.article("publishArticle", json!({ "articleId": made["id"] })).await.object();
        written.insert((*title).to_owned(), made);
    }
    written
}

/// The titles that a search finds, the best first.
async fn found(client: &Client, text: &str) -> Vec<String> {
    let document = "query ($search: String) { articles(search: $search) { totalCount nodes { title } } }";
    let list = client.run(document, json!({ "search": text })).await["articles"].clone();
    let titles: Vec<String> =
        list["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list["totalCount"], titles.len());
    titles
}

both! {
    async fn s10_answers_are_found_in_chinese_and_english(app) {
        write(&app).await;
        let zhang = app.owner("zhang").await;
        let [pipe, bathroom, router, heating, parking] = [0, 1, 2, 3, 4].map(|index| ANSWERS[index].0);
        for (text, titles) in [
            ("漏水", vec![pipe, bathroom]),
            ("厨房漏水怎么办", vec![pipe, bathroom]),
            ("漏", vec![pipe, bathroom]),
            ("防水 保修", vec![bathroom]),
            ("请问停车费怎么交？", vec![parking]),
            ("WIFI", vec![]),
            ("wi-fi", vec![router]),
            ("wi fi密码", vec![router]),
            ("rout", vec![router]),
            ("HEAT", vec![heating]),
            ("heating november", vec![heating]),
            ("供暖", vec![heating]),
            ("app 报修", vec![pipe]),
            ("ａｐｐ", vec![parking, pipe]),
            ("电梯", vec![]),
            ("heating 电梯", vec![]),
            ("！？\"'*()", vec![]),
            ("漏水' OR 1=1 --", vec![]),
            ("NEAR(漏水 保修)", vec![]),
        ] {
            assert_eq!(found(&zhang, text).await, titles, "{text}");
        }
        assert_eq!(zhang.refused("query ($s: String) { articles(search: $s) { nodes { id } } }", json!({ "s": "漏".repeat(61) })).await, "BAD_USER_INPUT");
    }

    async fn s10_what_is_found_comes_in_pages(app) {
        let admin = app.staff("admin").await;
        for number in 0..7 {
            let made = admin.article("createArticle", json!({ "title": format!("漏水{number}"), "body": "防水", "audience": "EVERYONE" })).await.object();
            admin.article("publishArticle", json!({ "articleId": made["id"] })).await.object();
        }
        let zhang = app.owner("zhang").await;
        let document = "query ($after: String) { articles(search: \"漏水\", first: 3, after: $after) {
            totalCount nodes { title } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
        let (mut all, mut after, mut sizes) = (Vec::new(), Value::Null, Vec::new());
        loop {
            let page = zhang.run(document, json!({ "after": after })).await["articles"].clone();
            assert_eq!(page["totalCount"], 7);
            let titles: Vec<String> = page["nodes"].as_array().unwrap().iter().map(|node| node["title"].to_string()).collect();
            sizes.push(titles.len());
            all.extend(titles);
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(sizes, [3, 3, 1]);
        let expected: Vec<String> = (0..7).rev().map(|number| format!("\"漏水{number}\"")).collect();
        assert_eq!(all, expected, "the newest first among equals");
        let last = zhang.run("{ articles(search: \"漏水\", last: 2) { nodes { title } pageInfo { hasPreviousPage } } }", json!({})).await;
        assert_eq!(last["articles"], json!({ "nodes": [{ "title": "漏水1" }, { "title": "漏水0" }], "pageInfo": { "hasPreviousPage": true } }));
    }

    async fn s10_an_answer_is_found_by_what_it_says_now(app) {
        let written = write(&app).await;
        let (admin, zhang) = (app.staff("admin").await, app.owner("zhang").await);
        let heating = &written["供暖什么时候开始"];
        let change = json!({ "articleId": heating["id"], "title": "集中供冷时间", "body": "六月至九月", "expectedVersion": 2 });
        let changed = admin.article("updateArticle", change.clone()).await.object();
        assert_eq!((&changed["version"], &changed["status"]), (&json!(3), &json!("PUBLISHED")));
        assert_eq!(found(&zhang, "供暖").await, Vec::<String>::new());
        assert_eq!(found(&zhang, "供冷").await, ["集中供冷时间"]);
        assert_eq!(admin.article("updateArticle", change).await.word(), "CONFLICT expectedVersion");
        admin.article("retireArticle", json!({ "articleId": heating["id"] })).await.object();
        assert_eq!(found(&zhang, "供冷").await, Vec::<String>::new());
        assert_eq!(found(&admin, "供冷").await, ["集中供冷时间"], "those who write answers find it still");
        assert_eq!(admin.article("retireArticle", json!({ "articleId": heating["id"] })).await.word(), "ILLEGAL_TRANSITION articleId");
        admin.article("publishArticle", json!({ "articleId": heating["id"] })).await.object();
        assert_eq!(found(&zhang, "供冷").await, ["集中供冷时间"]);
    }

    async fn s10_each_reads_what_is_meant_for_them(app) {
        let at = |code: &str| Kind::Project.encode(app.world.id(&format!("project:{code}")));
        let manager = app.staff("manager.a").await;
        let draft = async |more: Value| {
            let new = merged(json!({ "projectId": at("YT"), "title": "投诉怎么回", "body": "先致歉" }), &more);
            manager.article("createArticle", new).await.object()
        };
        let publish = async |article: &Value| manager.article("publishArticle", json!({ "articleId": article["id"] })).await.object();
        draft(json!({ "title": "草稿" })).await;
        let internal = draft(json!({ "title": "内部" })).await;
        assert_eq!(internal["audience"], "STAFF", "unless it is said otherwise");
        let open = draft(json!({ "title": "公开", "audience": "EVERYONE" })).await;
        publish(&internal).await;
        publish(&open).await;
        let titles = async |who: &str| -> Vec<String> {
            let nodes = app.as_whom(who).await.nodes("articles", "", "title").await;
            nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
        };
        for (who, seen) in [
            ("zhang", vec!["公开"]), ("wang", vec!["公开"]), ("zhao", vec![]),
            ("technician.a", vec!["公开", "内部"]), ("ambassador.a", vec!["公开", "内部"]), ("sales.a", vec!["公开", "内部"]),
            ("agent.a", vec!["公开", "内部", "草稿"]), ("manager.a", vec!["公开", "内部", "草稿"]),
            ("agent.b", vec![]), ("technician.b", vec![]), ("ambassador.b", vec![]),
            ("supervisor", vec!["公开", "内部", "草稿"]), ("auditor", vec!["公开", "内部", "草稿"]), ("admin", vec!["公开", "内部", "草稿"]),
        ] {
            assert_eq!(titles(who).await, seen, "{who}");
            let searched = found(&app.as_whom(who).await, "致歉").await;
            assert_eq!(searched.len(), seen.len(), "{who} finds what {who} may read");
        }
    }

    async fn s10_answers_are_written_by_those_who_may(app) {
        let at = |code: &str| Kind::Project.encode(app.world.id(&format!("project:{code}")));
        let new = json!({ "projectId": at("YT"), "title": "停水怎么办", "body": "看公告" });
        for who in ["zhang", "ambassador.a", "technician.a", "sales.a", "supervisor", "auditor", "partner-1"] {
            assert_eq!(app.as_whom(who).await.article("createArticle", new.clone()).await.word(), "error FORBIDDEN", "{who}");
        }
        let (agent, manager, admin) = (app.staff("agent.a").await, app.staff("manager.a").await, app.staff("admin").await);
        for (said, word) in [
            (json!({ "projectId": at("HP") }), "NOT_FOUND projectId"),
            (json!({ "projectId": null }), "REQUIRED projectId"),
            (json!({ "title": "" }), "REQUIRED title"),
            (json!({ "body": " " }), "REQUIRED body"),
            (json!({ "body": "长".repeat(10_001) }), "TOO_LONG body"),
        ] {
            assert_eq!(agent.article("createArticle", merged(new.clone(), &said)).await.word(), word, "{said}");
        }
        let made = agent.article("createArticle", new.clone()).await.object();
        let id = || json!({ "articleId": made["id"] });
        let with = |body: &str| json!({ "articleId": made["id"], "body": body });
        assert_eq!(agent.article("publishArticle", id()).await.word(), "error FORBIDDEN");
        agent.article("updateArticle", with("请看公告栏")).await.object();
        manager.article("publishArticle", id()).await.object();
        assert_eq!(agent.article("updateArticle", with("不知道")).await.word(), "error FORBIDDEN", "published ones are the manager's");
        assert_eq!(manager.article("updateArticle", with("请看公告与短信")).await.object()["version"], 4);
        let stranger = app.staff("agent.b").await;
        assert_eq!(stranger.article("updateArticle", with("x")).await.word(), "NOT_FOUND articleId");

        let everywhere = admin.article("createArticle", json!({ "title": "客服电话", "body": "400" })).await.object();
        admin.article("publishArticle", json!({ "articleId": everywhere["id"] })).await.object();
        let change = json!({ "articleId": everywhere["id"], "body": "401" });
        assert_eq!(manager.article("updateArticle", change).await.word(), "error FORBIDDEN", "the administrator's");
        assert_eq!(manager.nodes("articles", "(search: \"客服电话\")", "body").await, [json!({ "body": "400" })]);
    }
}
