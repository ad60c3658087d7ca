//! Every operation that the apps send and this version serves runs for its role without an error, with pages of a
//! hundred too; the others are refused as unknown to the schema.

use anju::graphql::id::Kind;
use futures_util::StreamExt;

use super::*;
use crate::{
    both,
    harness::{documents::Documents, until, world::PASSWORD},
};

/// Runs operations of one app and notes which.
struct Desk {
    documents: &'static Documents,
    ran: Vec<String>,
}

impl Desk {
    async fn query(&mut self, client: &Client, operation: &str, variables: Value) -> Value {
        self.ran.push(operation.to_owned());
        client.run(&self.documents.operation(operation), variables).await
    }

    async fn call(&mut self, client: &Client, operation: &str, input: Value) -> Value {
        self.ran.push(operation.to_owned());
        client.done(self.documents, operation, input).await
    }

    /// The first answer on the stream of a subscription.
    async fn follow(&mut self, client: &Client, operation: &str, variables: Value) -> Value {
        self.ran.push(operation.to_owned());
        let body = json!({ "query": self.documents.operation(operation), "variables": variables });
        let request = client.request(Method::POST, "/graphql").header(header::ACCEPT, "text/event-stream");
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let (mut parts, mut read) = (response.bytes_stream(), String::new());
        loop {
            if let Some(data) = read.lines().find_map(|line| line.strip_prefix("data: {")) {
                let answer: Value = serde_json::from_str(&format!("{{{data}")).unwrap();
                assert!(answer.get("errors").is_none(), "{answer:#}");
                return answer["data"].clone();
            }
            read.push_str(std::str::from_utf8(&parts.next().await.unwrap().unwrap()).unwrap());
        }
    }

    /// All operations of the file were run.
    fn assert_complete(&self) {
        let missing: Vec<&str> =
            self.documents.names().into_iter().filter(|name| !self.ran.contains(&(*name).to_owned())).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}

async fn sign_in_and_out(app: &TestApp, desk: &mut Desk) {
    let nobody = app.anonymous();
    desk.query(&nobody, "RequestSignInCode", json!({ "phone": "19100000002" })).await;
    let (code, _) = until("the code", async || app.delivery.last("19100000002")).await;
    let variables = json!({ "phone": "19100000002", "code": code, "deviceName": "iPhone" });
    let session = desk.query(&nobody, "SignInWithCode", variables).await["signInWithCode"]["session"].clone();
    let variables = json!({ "refreshToken": session["refreshToken"] });
    let session = desk.query(&nobody, "RefreshSession", variables).await["refreshSession"]["session"].clone();
    let li = Client::new(&app.url, Some(session["accessToken"].as_str().unwrap().to_owned()));
    let device = desk.call(&li, "RegisterDevice", json!({ "platform": "HARMONY", "pushToken": "token-1" })).await;
    assert_eq!(device["platform"], "HARMONY");
    desk.query(&li, "SignOut", json!({})).await;
}

async fn owner_reads(app: &TestApp, desk: &mut Desk, ticket: &Value) {
    let zhang = app.owner("zhang").await;
    desk.query(&zhang, "TicketById", json!({ "id": ticket["id"] })).await;
    let home = desk.query(&zhang, "OwnerHome", json!({})).await;
    assert_eq!((&home["viewer"]["unreadBulletinCount"], &home["viewer"]["openSurveyCount"]), (&json!(0), &json!(0)));
    let mine = desk.query(&zhang, "MyTickets", json!({ "first": 100, "filter": { "open": true } })).await;
    assert_eq!(mine["tickets"]["totalCount"], 1);
    let missed = desk.query(&zhang, "MissedTicketEvents", json!({ "first": 100 })).await;
    let edges = missed["ticketEvents"]["edges"].as_array().unwrap();
    assert!(edges.len() > 5);
    let variables = json!({ "ticketId": ticket["id"], "after": edges[0]["cursor"] });
    let journey = desk.query(&zhang, "MyJourney", json!({})).await;
    assert_eq!(journey["viewer"]["journey"].as_array().unwrap().len(), 16);
    let change = desk.follow(&zhang, "TicketStatusChanged", variables).await;
    assert_eq!(change["ticketStatusChanged"]["cursor"], edges[1]["cursor"]);
}

async fn owner_takes_part(app: &TestApp, desk: &mut Desk) {
    let zhang = app.owner("zhang").await;
    let filter = json!({ "kinds": ["LECTURE"], "from": "2026-11-23T00:00:00Z" });
    let coming = desk.query(&zhang, "UpcomingActivities", json!({ "first": 100, "filter": filter })).await;
    let lecture = &coming["activities"]["nodes"][0];
    assert_eq!((&lecture["kind"], &lecture["seatsLeft"]), (&json!("LECTURE"), &json!(10)));
    assert_eq!(lecture["myRegistration"], json!(null));
    let registration = desk.call(&zhang, "RegisterForActivity", json!({ "activityId": lecture["id"] })).await;
    assert_eq!((&registration["status"], &registration["waitlistPosition"]), (&json!("REGISTERED"), &json!(null)));
    let cancelled = desk.call(&zhang, "CancelRegistration", json!({ "registrationId": registration["id"] })).await;
    assert_eq!(cancelled["status"], "CANCELLED");
}

async fn owner_answers(app: &TestApp, desk: &mut Desk) {
    let open =
        "mutation ($input: OpenSurveyInput!) { openSurvey(input: $input) { survey { id } userErrors { code } } }";
    let project = Kind::Project.encode(app.world.id("project:YT"));
    let input = json!({ "input": { "projectId": project, "kind": "PROPERTY_SERVICE" } });
    app.staff("supervisor").await.run(open, input).await;
    let zhang = app.owner("zhang").await;
    let mine = desk.query(&zhang, "MySurveys", json!({})).await["surveyInvitations"]["nodes"][0].clone();
    let questions =
        mine["survey"]["questions"].as_array().unwrap().iter().filter(|question| question["isRequired"] == true);
    let answer = |question: &Value| json!({ "questionId": question["id"], "value": "5" });
    let answers: Vec<Value> = questions.map(answer).collect();
    let input = json!({ "invitationId": mine["id"], "answers": answers });
    let saved = desk.call(&zhang, "SaveSurveyAnswers", input).await;
    assert_eq!(saved["answers"].as_array().unwrap().len(), answers.len());
    let done = desk.call(&zhang, "SubmitSurvey", json!({ "invitationId": mine["id"] })).await;
    assert_eq!(done["status"], "SUBMITTED");
}

async fn owner_reads_bulletins(app: &TestApp, desk: &mut Desk) {
    let first = crate::bulletin::publish(app, "YT", json!({})).await;
    let zhang = app.owner("zhang").await;
    let list = desk.query(&zhang, "Bulletins", json!({ "first": 100 })).await;
    assert_eq!(list["bulletins"]["nodes"][0]["id"], first["id"]);
    let read = desk.call(&zhang, "MarkBulletinRead", json!({ "bulletinId": first["id"] })).await;
    assert!(read["readAt"].is_string());
    // Who followed something before may not have gone yet.
    until("nobody listens", async || (app.services.hub.subscribers() == 0).then_some(())).await;
    let publishing = async {
        until("it listens", async || (app.services.hub.subscribers() > 0).then_some(())).await;
        crate::bulletin::publish(app, "YT", json!({ "title": "复水通知" })).await
    };
    let (heard, _) = futures_util::join!(desk.follow(&zhang, "BulletinPublished", json!({})), publishing);
    assert_eq!(heard["bulletinPublished"]["title"], "复水通知");
}

async fn butler_reads(app: &TestApp, desk: &mut Desk) {
    let variables = json!({ "login": "ambassador.a", "password": PASSWORD, "deviceName": "desk" });
    desk.query(&app.anonymous(), "SignInWithPassword", variables).await;
    let butler = app.staff("ambassador.a").await;
    desk.query(&butler, "ButlerHome", json!({})).await;
    let queue = desk.query(&butler, "ButlerQueue", json!({ "first": 100 })).await;
    assert_eq!(queue["tickets"]["totalCount"], 1);
    let households = desk.query(&butler, "Households", json!({ "first": 100, "search": "101" })).await;
    assert_eq!(households["viewer"]["households"]["totalCount"], 1);
    let owner = Kind::Owner.encode(app.world.owner("zhang"));
    let shown = desk.query(&butler, "RevealPhone", json!({ "input": { "ownerId": owner, "reason": "回访" } })).await;
    assert_eq!(shown["revealPhone"]["phone"], "19100000001");
    let contact = json!({ "ownerId": owner, "channel": "PHONE", "summary": "约好周三上门" });
    desk.call(&butler, "RecordInteraction", contact).await;
    let first = butler.run("{ ticketEvents(first: 1) { edges { cursor } } }", json!({})).await;
    let after = json!({ "after": first["ticketEvents"]["edges"][0]["cursor"] });
    desk.follow(&butler, "QueueChanged", after).await;
}

both! {
    async fn what_the_apps_send_runs_for_its_role(app) {
        let mut owner_app = Desk { documents: Documents::owner(), ran: Vec::new() };
        let mut butler_app = Desk { documents: Documents::butler(), ran: Vec::new() };
        let (zhang, butler, technician) =
            (app.owner("zhang").await, app.staff("ambassador.a").await, app.staff("technician.a").await);
        sign_in_and_out(&app, &mut owner_app).await;
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        let report = json!({ "unitId": unit, "kind": "REPAIR", "title": "厨房水管漏水", "description": "水槽下面" });
        let ticket = owner_app.call(&zhang, "CreateTicket", report.clone()).await;
        let with = |more: Value| {
            let mut input = more;
            input["ticketId"] = ticket["id"].clone();
            input
        };
        owner_app.call(&zhang, "EscalateTicket", with(json!({ "reason": "很急" }))).await;
        let classified = json!({ "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY" });
        butler_app.call(&butler, "AcceptTicket", with(classified)).await;
        let assignee = Kind::Staff.encode(app.world.staff("technician.a"));
        butler_app.call(&butler, "AssignTicket", with(json!({ "assigneeId": assignee }))).await;
        butler_app.call(&technician, "StartTicket", with(json!({}))).await;
        butler_app.call(&technician, "HoldTicket", with(json!({ "reason": "等配件" }))).await;
        butler_app.call(&technician, "ResumeTicket", with(json!({}))).await;
        butler_app.call(&technician, "ResolveTicket", with(json!({ "resolution": "换了密封圈" }))).await;
        owner_app.call(&zhang, "RejectResolution", with(json!({ "reason": "还在漏" }))).await;
        butler_app.call(&technician, "ResolveTicket", with(json!({ "resolution": "换了水管" }))).await;
        owner_app.call(&zhang, "ConfirmTicket", with(json!({ "satisfied": true, "rating": 5 }))).await;
        let closed = butler_app.call(&butler, "RecordFollowUp", with(json!({ "outcome": "满意" }))).await;
        assert_eq!(closed["status"], "CLOSED");
        owner_app.call(&zhang, "ReopenTicket", with(json!({ "reason": "又漏了" }))).await;
        owner_reads(&app, &mut owner_app, &ticket).await;
        owner_answers(&app, &mut owner_app).await;
        owner_reads_bulletins(&app, &mut owner_app).await;
        butler_reads(&app, &mut butler_app).await;
        owner_app.call(&zhang, "CancelTicket", with(json!({ "reason": "自己修好了" }))).await;
        owner_takes_part(&app, &mut owner_app).await;
        owner_app.assert_complete();
        butler_app.assert_complete();
        let week = json!({ "from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z", "first": 100 });
        app.partner("partner-1").await.run(&Documents::partner().operation("LectureSchedule"), week).await;
        assert_eq!(Documents::partner().names(), ["LectureSchedule"]);
    }
}
