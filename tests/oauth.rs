//! Partners' integrations: tokens by client credentials (RFC 6749, section 4.4), and what such a token opens.

use anju::{auth::policy::root_fields, graphql::id::Kind, service::oauth::LECTURES_READ};
use chrono::TimeDelta;
use reqwest::{Method, RequestBuilder, Response, header};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, documents::Documents, world::SECRET},
};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

fn endpoint(app: &TestApp) -> RequestBuilder {
    app.anonymous().request(Method::POST, "/oauth/token")
}

/// The status and error code of a refusal, which must have the standard's form.
async fn refusal(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    assert_never_stored(&response);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    if status == 401 {
        assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic "));
    }
    let body: Value = response.json().await.unwrap();
    assert!(body["error_description"].is_string(), "{body}");
    (status, body["error"].as_str().unwrap().to_owned())
}

fn assert_never_stored(response: &Response) {
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[header::PRAGMA], "no-cache");
}

fn refused(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}

/// The schedule of the week in which every test plays.
fn this_week() -> Value {
    json!({ "from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z", "first": 100 })
}

fn schedule() -> String {
    Documents::partner().operation("LectureSchedule")
}

both! {
    async fn id_and_secret_give_a_token_that_reads_the_schedule(app) {
        let in_form = [GRANT, ("client_id", "partner-1"), ("client_secret", SECRET)];
        let requests = [
            endpoint(&app).basic_auth("partner-1", Some(SECRET)).form(&[GRANT]),
            endpoint(&app).basic_auth("partner-1", Some(SECRET)).form(&[GRANT, ("scope", LECTURES_READ)]),
            endpoint(&app).basic_auth("partner-1", Some(SECRET)).form(&[GRANT, ("scope", "")]),
            endpoint(&app).form(&in_form),
        ];
        for request in requests {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert_never_stored(&response);
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["token_type"], "Bearer");
            assert_eq!((&body["expires_in"], &body["scope"]), (&json!(900), &json!("lectures:read")));
            assert!(body.get("refresh_token").is_none());
            let partner = Client::new(&app.url, Some(body["access_token"].as_str().unwrap().to_owned()));
            assert_eq!(partner.run(&schedule(), this_week()).await["lectures"]["totalCount"], 2);
        }
    }

    async fn what_the_standard_refuses_is_refused_in_its_words(app) {
        let basic = || endpoint(&app).basic_auth("partner-1", Some(SECRET));
        let id = ("client_id", "partner-1");
        let secret = ("client_secret", SECRET);
        assert_eq!(refusal(basic().form(&[("a", "b")])).await, refused(400, "invalid_request"));
        assert_eq!(refusal(basic().form(&[GRANT, GRANT])).await, refused(400, "invalid_request"));
        assert_eq!(refusal(endpoint(&app).form(&[GRANT, id, id, secret])).await, refused(400, "invalid_request"));
        assert_eq!(refusal(basic().form(&[GRANT, id, secret])).await, refused(400, "invalid_request"));
        assert_eq!(refusal(basic().json(&json!({ "grant_type": "client_credentials" }))).await, refused(400, "invalid_request"));
        assert_eq!(refusal(basic()).await, refused(400, "invalid_request"));
        let large = "x".repeat(9000);
        assert_eq!(refusal(basic().form(&[GRANT, ("a", large.as_str())])).await, refused(413, "invalid_request"));
        for grant in ["password", "authorization_code", "refresh_token"] {
            let form = [("grant_type", grant), ("username", "a"), ("password", "b")];
            assert_eq!(refusal(basic().form(&form)).await, refused(400, "unsupported_grant_type"));
        }
        for scope in ["tickets:read", "lectures:read tickets:read", "LECTURES:READ"] {
            assert_eq!(refusal(basic().form(&[GRANT, ("scope", scope)])).await, refused(400, "invalid_scope"));
        }
    }

    async fn whoever_is_not_a_partner_is_told_no_more_than_that(app) {
        app.database.execute("UPDATE partners SET is_active = false WHERE client_id = 'partner-2'").await;
        let invalid = refused(401, "invalid_client");
        for (id, secret) in [("partner-1", "wrong"), ("partner-1", ""), ("nobody", SECRET), ("partner-2", SECRET), ("", "")] {
            assert_eq!(refusal(endpoint(&app).basic_auth(id, Some(secret)).form(&[GRANT])).await, invalid, "{id}");
            let form = [GRANT, ("client_id", id), ("client_secret", secret)];
            assert_eq!(refusal(endpoint(&app).form(&form)).await, invalid, "{id}");
        }
        assert_eq!(refusal(endpoint(&app).form(&[GRANT])).await, invalid);
        assert_eq!(refusal(endpoint(&app).form(&[GRANT, ("client_id", "partner-1")])).await, invalid);
        for value in ["Basic", "Basic %%%", "Basic cGFydG5lci0x", "Bearer x"] {
            let request = endpoint(&app).header(header::AUTHORIZATION, value).form(&[GRANT]);
            assert_eq!(refusal(request).await, invalid, "{value}");
        }
    }

    async fn only_a_post_gives_tokens(app) {
        let query = "/oauth/token?grant_type=client_credentials";
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = app.anonymous().request(method, query).basic_auth("partner-1", Some(SECRET));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 405);
            assert_eq!(response.headers()[header::ALLOW], "POST");
        }
        assert_eq!(refusal(app.anonymous().request(Method::POST, query).basic_auth("partner-1", Some(SECRET))).await.0, 400);
    }

    async fn guessing_a_secret_is_stopped_for_a_quarter_of_an_hour(app) {
        let guess = || endpoint(&app).basic_auth("partner-1", Some("guess")).form(&[GRANT]);
        for _ in 0..30 {
            assert_eq!(refusal(guess()).await, refused(401, "invalid_client"));
        }
        assert_eq!(refusal(guess()).await, refused(429, "slow_down"));
        let right = || endpoint(&app).basic_auth("partner-1", Some(SECRET)).form(&[GRANT]);
        assert_eq!(refusal(right()).await, refused(429, "slow_down"));
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(right().send().await.unwrap().status(), 200);
    }

    async fn a_partner_sees_published_lectures_and_counts_its_own_seats_only(app) {
        let data = app.partner("partner-1").await.run(&schedule(), this_week()).await;
        let nodes = data["lectures"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        for node in nodes {
            let own = node["partner"]["name"] == "商家 partner-1";
            assert_eq!(node["registrationCount"], if own { json!(0) } else { json!(null) });
            assert_eq!(node["title"], "新房装修怎么省钱");
        }
        let own = nodes.iter().filter(|node| !node["registrationCount"].is_null()).count();
        assert_eq!(own, 1);
    }

    async fn a_partner_reaches_nothing_but_lectures_by_id(app) {
        let partner = app.partner("partner-1").await;
        let kinds = [
            (Kind::Lecture, "lecture:partner-2", true),
            (Kind::Lecture, "draft:partner-1", false),
            (Kind::Lecture, "draft:partner-2", false),
            (Kind::Unit, "unit:YT-101", false),
            (Kind::Owner, "owner:zhang", false),
            (Kind::Staff, "staff:agent.a", false),
            (Kind::Contract, "contract:YT-101", false),
            (Kind::WarrantyItem, "warranty:YT-101", false),
        ];
        for (kind, name, visible) in kinds {
            let id = kind.encode(app.world.id(name));
            let data = partner.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(!data["node"].is_null(), visible, "{name}");
        }
    }

    async fn every_other_root_field_is_forbidden_to_a_partner(app) {
        let partner = app.partner("partner-1").await;
        let open = ["calendarFeeds", "createCalendarFeed", "revokeCalendarFeed", "lectures", "enumDisplayNames", "node", "nodes", "signOut", "requestSignInCode", "signInWithCode", "signInWithPassword", "refreshSession"];
        let documents = RootDocuments::read(&app).await;
        let mut refused = 0;
        for field in root_fields().filter(|field| !open.contains(field)) {
            let (status, answer) = partner.post(&documents.smallest(field), json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{field}: {answer:#}");
            assert_eq!(status, 403, "{field}");
            refused += 1;
        }
        assert!(refused > 20, "only {refused} fields were tried");
    }

    async fn a_partner_that_is_put_out_is_refused_at_once(app) {
        let partner = app.partner("partner-1").await;
        partner.run(&schedule(), this_week()).await;
        app.database.execute("UPDATE partners SET is_active = false WHERE client_id = 'partner-1'").await;
        assert_eq!(partner.refused(&schedule(), this_week()).await, "UNAUTHENTICATED");
    }

    async fn a_partners_token_ends_after_fifteen_minutes(app) {
        let partner = app.partner("partner-1").await;
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(partner.refused(&schedule(), this_week()).await, "UNAUTHENTICATED");
    }
}

/// The schema as the server describes it, to write the smallest valid call of each root field.
struct RootDocuments(Value);

impl RootDocuments {
    async fn read(app: &TestApp) -> Self {
        let of_type = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let args = format!("name defaultValue type {{ {of_type} }}");
        let types = format!(
            "{{ __schema {{ types {{ kind name enumValues {{ name }} inputFields {{ {args} }} \
             fields {{ name args {{ {args} }} type {{ {of_type} }} }} }} }} }}"
        );
        Self(app.anonymous().run(&types, json!({})).await["__schema"]["types"].take())
    }

    fn named(&self, name: &str) -> &Value {
        self.0.as_array().unwrap().iter().find(|kind| kind["name"] == name).unwrap()
    }

    fn smallest(&self, field: &str) -> String {
        for (operation, root) in [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")] {
            let fields = self.named(root)["fields"].as_array().unwrap();
            if let Some(found) = fields.iter().find(|candidate| candidate["name"] == field) {
                let args = self.required(&found["args"]);
                let args = if args.is_empty() { args } else { format!("({args})") };
                // A number has nothing to select from.
                let below = if field.ends_with("Count") { "" } else { " { __typename }" };
                return format!("{operation} {{ {field}{args}{below} }}");
            }
        }
        panic!("the schema has no root field {field}")
    }

    /// Values for what has to be given.
    fn required(&self, inputs: &Value) -> String {
        let required = inputs.as_array().unwrap().iter();
        let required = required.filter(|input| input["type"]["kind"] == "NON_NULL" && input["defaultValue"].is_null());
        required
            .map(|input| format!("{}: {}", input["name"].as_str().unwrap(), self.value(&input["type"])))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn value(&self, kind: &Value) -> String {
        match (kind["kind"].as_str().unwrap(), kind["name"].as_str()) {
            ("NON_NULL", _) => self.value(&kind["ofType"]),
            ("LIST", _) => "[]".into(),
            ("ENUM", Some(name)) => self.named(name)["enumValues"][0]["name"].as_str().unwrap().into(),
            ("INPUT_OBJECT", Some(name)) => format!("{{ {} }}", self.required(&self.named(name)["inputFields"])),
            (_, Some("Boolean")) => "true".into(),
            (_, Some("Int")) => "1".into(),
            (_, Some("DateTime")) => "\"2026-11-23T00:00:00Z\"".into(),
            (_, Some("Date")) => "\"2026-11-23\"".into(),
            _ => "\"x\"".into(),
        }
    }
}
