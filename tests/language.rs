//! What people read is in the language of their settings, else the best of Accept-Language, else Chinese; over every
//! transport. What people wrote is left as they wrote it.

mod written;

use anju::service::session;
use entity::{
    notification_setting,
    vocab::{Language, PrincipalKind, TicketStatus},
};
use reqwest::Method;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client,
        mutation::change,
        socket::{EventStream, Socket},
        until,
    },
};

const BUSINESS: &str =
    "mutation ($id: ID!) { cancelTicket(input: { ticketId: $id, reason: \" \" }) { userErrors { code message } } }";
const CHINESE: &str = "必须填写（reason）。";
const ENGLISH: &str = "reason must be given.";

async fn refused(client: &Client, ticket: &Value) -> Value {
    let data = client.run(BUSINESS, json!({ "id": ticket["id"] })).await;
    let error = &data["cancelTicket"]["userErrors"][0];
    assert_eq!(error["code"], "REQUIRED", "the code is the same in every language");
    error["message"].clone()
}

async fn choose(client: &Client, language: &str) {
    let answer =
        change(client, "updateNotificationSettings", "settings { language }", json!({ "language": language })).await;
    crate::harness::mutation::done(answer);
}

both! {
    async fn the_setting_goes_before_the_header_and_the_header_before_chinese(app) {
        let ticket = app.report(json!({})).await;
        let zhang = app.owner("zhang").await;
        for (wish, expected) in [
            (None, CHINESE),
            (Some("*"), CHINESE),
            (Some("fr"), CHINESE),
            (Some("en"), ENGLISH),
            (Some("zh-TW, en;q=0.8"), CHINESE),
            (Some("zh;q=0.3, en-GB;q=0.7"), ENGLISH),
        ] {
            assert_eq!(refused(&zhang.reading(wish), &ticket).await, expected, "{wish:?}");
        }
        let elsewhere = app.owner("zhang").await.reading(None);
        // Who only sets quiet hours has not chosen a language.
        let quiet = json!({ "quietHours": { "from": "22:00", "until": "07:00" } });
        change(&zhang, "updateNotificationSettings", "settings { language }", quiet).await;
        assert_eq!(refused(&zhang, &ticket).await, ENGLISH);
        choose(&zhang, "EN").await;
        for client in [&zhang.reading(None), &zhang.reading(Some("zh")), &elsewhere, &app.owner("zhang").await.reading(None)] {
            assert_eq!(refused(client, &ticket).await, ENGLISH, "in every session, also in those that begin later");
        }
        choose(&zhang, "ZH").await;
        assert_eq!(refused(&zhang, &ticket).await, CHINESE);
        assert_eq!(refused(&app.owner("li").await, &ticket).await, ENGLISH, "another's setting is another's");
    }

    async fn what_does_not_run_is_refused_in_the_language_too(app) {
        let anonymous = app.anonymous();
        let zhang = app.owner("zhang").await;
        let mut stranger = app.anonymous();
        stranger.token = Some("nonsense".to_owned());
        let viewer = "{ viewer { __typename } }";
        let page = "{ tickets(first: 101) { totalCount } }";
        for (client, query, chinese, english) in [
            (&anonymous, viewer, "请先登录再使用“viewer”。", "Sign in to use \"viewer\"."),
            (&zhang, "{ auditEntries { totalCount } }", "您无权使用“auditEntries”。", "\"auditEntries\" is not for you."),
            (&zhang, page, "每页为 1 至 100 条。", "A page has 1 to 100 entries."),
            (
                &stranger,
                viewer,
                "访问令牌无效或已失效，请刷新令牌或重新登录。",
                "The access token is not valid, or not any more. Refresh it or sign in again.",
            ),
        ] {
            for (wish, expected) in [(None, chinese), (Some("en"), english)] {
                let (_, answer) = client.reading(wish).post(query, json!({})).await;
                assert_eq!(answer["errors"][0]["message"], expected, "{query}");
            }
        }
        let (_, answer) = zhang.reading(None).post("{ tickets(", json!({})).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().is_ascii(), "a document's faults are its developer's");
    }

    async fn sockets_and_streams_speak_it_too(app) {
        let zhang = app.owner("zhang").await.reading(None);
        let query = "subscription { ticketStatusChanged(after: \"nonsense\") { cursor } }";
        let (chinese, english) =
            ("此游标不属于该列表，请去掉游标重新开始。", "This cursor does not belong to this list. Start again without it.");
        for (wish, expected) in [(None, chinese), (Some("en-US,en;q=0.9"), english)] {
            let mut socket = Socket::open(&zhang, None).await;
            let token = format!("Bearer {}", zhang.token.as_deref().unwrap());
            let payload = json!({ "authorization": token, "acceptLanguage": wish });
            socket.send(json!({ "type": "connection_init", "payload": payload })).await;
            assert_eq!(socket.message().await["type"], "connection_ack");
            socket.subscribe(query, json!({})).await;
            assert_eq!(socket.refusal().await["message"], expected);
            let mut stream = EventStream::open(&zhang.reading(wish), query, json!({})).await.unwrap();
            assert_eq!(stream.event().await.unwrap().data["errors"][0]["message"], expected);
        }
        choose(&zhang, "EN").await;
        let mut socket = Socket::connect(&zhang).await;
        socket.subscribe(query, json!({})).await;
        assert_eq!(socket.refusal().await["message"], english, "the setting says so");
    }

    async fn pictures_are_refused_in_the_language(app) {
        let zhang = app.owner("zhang").await;
        for (wish, expected) in [(None, "文件不是 JPEG、PNG 或 WebP 图片。"), (Some("en"), "the file is not a JPEG, PNG or WebP picture.")] {
            let request = zhang.reading(wish).request(Method::POST, "/attachments").body("no picture");
            let answer: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["errors"][0]["message"], expected);
        }
    }

    async fn what_the_system_noted_is_read_in_each_readers_language_and_what_people_wrote_is_not(app) {
        let written = "处理人请假";
        let held = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        app.act_with("technician.a", "holdTicket", &held, json!({ "reason": written })).await.ticket();
        let ticket = app.ticket_in(TicketStatus::Assigned, json!({})).await;
        let zhang = app.owner("zhang").await;
        let live = "subscription { ticketStatusChanged { event { action note } } }";
        let mut streams = Vec::new();
        for wish in [None, Some("en")] {
            streams.push(EventStream::open(&zhang.reading(wish), live, json!({})).await.unwrap());
        }
        until("both listen", async || (app.services.hub.subscribers() == streams.len()).then_some(())).await;
        app.away("technician.a", (0, 24), json!({})).await;
        app.run_jobs().await;
        let notes = "query ($id: ID!) { node(id: $id) { ... on Ticket { events(last: 1) { nodes { action note } } } } }";
        let resolved = "{ ticketEvents(last: 100) { edges { node { action note ticket { id } isBySystem } } } }";
        for (wish, expected) in [(None, written), (Some("en"), "The assignee is away")] {
            let reader = zhang.reading(wish);
            let data = reader.run(notes, json!({ "id": ticket["id"] })).await;
            assert_eq!(data["node"]["events"]["nodes"], json!([{ "action": "RETURN_TO_QUEUE", "note": expected }]));
            let data = reader.run(resolved, json!({})).await;
            let edges = data["ticketEvents"]["edges"].as_array().unwrap();
            let note = |id: &Value, action: &str| {
                let of = |edge: &&Value| edge["node"]["ticket"]["id"] == *id && edge["node"]["action"] == action;
                edges.iter().find(of).unwrap()["node"]["note"].clone()
            };
            assert_eq!(note(&ticket["id"], "RETURN_TO_QUEUE"), expected);
            assert_eq!(note(&held["id"], "HOLD"), written, "a person wrote it");
            let data = reader.run(&notes.replace("last: 1", "first: 100"), json!({ "id": held["id"] })).await;
            let events = data["node"]["events"]["nodes"].as_array().unwrap();
            let hold = events.iter().find(|event| event["action"] == "HOLD").unwrap();
            assert_eq!(hold["note"], written, "a person wrote it");
        }
        for (stream, expected) in streams.iter_mut().zip([written, "The assignee is away"]) {
            loop {
                let event = stream.next().await["ticketStatusChanged"]["event"].clone();
                if event["action"] == "RETURN_TO_QUEUE" {
                    assert_eq!(event["note"], expected);
                    break;
                }
            }
        }
    }

    async fn enums_say_what_their_values_are_called_to_anybody(app) {
        let anonymous = app.anonymous();
        let names = "query ($names: [String!], $language: Language) {
            enumDisplayNames(names: $names, language: $language) { name values { value displayName } } }";
        let asked = json!({ "names": ["Triage", "NoSuchEnum"] });
        for (wish, valid) in [(None, "有效"), (Some("en"), "Valid")] {
            let data = anonymous.reading(wish).run(names, asked.clone()).await;
            assert_eq!(data["enumDisplayNames"].as_array().unwrap().len(), 1);
            assert_eq!(data["enumDisplayNames"][0]["values"][0], json!({ "value": "VALID", "displayName": valid }));
        }
        let all = anonymous.run(names, json!({ "language": "ZH" })).await;
        let status = all["enumDisplayNames"].as_array().unwrap().iter().find(|list| list["name"] == "TicketStatus").unwrap();
        assert_eq!(status["values"][3], json!({ "value": "IN_PROGRESS", "displayName": "处理中" }));
        let many = json!({ "names": vec!["Triage"; 201] });
        assert_eq!(anonymous.refused(names, many).await, "BAD_USER_INPUT");
    }

    async fn a_session_that_goes_on_takes_up_what_an_older_server_wrote(app) {
        let ticket = app.report(json!({})).await;
        let (db, id) = (app.services.db.writer(), app.world.owner("zhang"));
        let opened = session::open(&app.services, db, PrincipalKind::Owner, id, None).await.unwrap();
        let client = |token| Client::new(&app.anonymous().url, Some(token)).reading(None);
        // An older server knows nothing of sessions' languages.
        let row = notification_setting::Model {
            principal_id: id,
            principal_kind: PrincipalKind::Owner,
            language: Language::En,
            is_language_chosen: None,
            quiet_from: None,
            quiet_until: None,
            email_sealed: None,
            email_masked: None,
            updated_at: app.services.now(),
            push_is_discreet: false,
        };
        notification_setting::Entity::insert(row.into_active_model()).exec_without_returning(db).await.unwrap();
        assert_eq!(refused(&client(opened.access_token), &ticket).await, CHINESE);
        let next = session::refresh(&app.services, &opened.refresh_token).await.unwrap();
        assert_eq!(refused(&client(next.access_token), &ticket).await, ENGLISH);
    }
}
