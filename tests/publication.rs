//! What a project publishes: two departments approve a version before it goes out, and whoever changes it begins anew.

use anju::graphql::id::Kind;
use entity::{
    publication,
    vocab::{Department, PublicationStatus, Role},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

/// A brochure of the first project, by its sales agent, with one reviewer of each department.
struct Brochure {
    id: String,
    author: Client,
    manager: Client,
    planner: Client,
    lawyer: Client,
}

const FIELDS: &str = "publication { id status contentVersion publishedVersion publishedAt missingApprovals
    reviews { department verdict comment contentVersion reviewer { name } } }";

impl Brochure {
    async fn of(app: &mut TestApp) -> Self {
        let services = app.services.clone();
        let engaged = [("pm.a", Department::ProjectManagement), ("legal.a", Department::Legal)];
        for (login, department) in engaged {
            app.world.engage(&services, login, Role::Manager, department, "YT").await;
        }
        let author = app.staff("sales.a").await;
        let input = json!({
            "projectId": project(app, "YT"), "kind": "BROCHURE", "title": "楼书", "body": "容积率 2.0", "idempotencyKey": "one",
        });
        let made = author.carry_out("createPublication", FIELDS, input.clone()).await["publication"].clone();
        assert_eq!(made["status"], "DRAFT");
        let again = author.carry_out("createPublication", FIELDS, input).await["publication"].clone();
        assert_eq!(again["id"], made["id"], "the same key makes it once");
        Self {
            id: made["id"].as_str().unwrap().to_owned(),
            author,
            manager: app.staff("manager.a").await,
            planner: app.staff("pm.a").await,
            lawyer: app.staff("legal.a").await,
        }
    }

    fn review(&self, version: i32, verdict: &str) -> Value {
        json!({ "publicationId": self.id, "contentVersion": version, "verdict": verdict, "comment": "已核对" })
    }

    async fn say(&self, who: &Client, version: i32, verdict: &str) -> Value {
        who.carry_out("reviewPublication", FIELDS, self.review(version, verdict)).await["publication"].clone()
    }

    /// The messages with which publishing is refused; none when it is on show now.
    async fn publish(&self) -> Vec<String> {
        let payload = self.manager.mutate("publishPublication", FIELDS, json!({ "publicationId": self.id })).await;
        let errors = payload["userErrors"].as_array().unwrap();
        assert!(errors.iter().all(|error| error["code"] == "INCOMPLETE" && error["field"] == "publicationId"));
        errors.iter().map(|error| error["message"].as_str().unwrap().to_owned()).collect()
    }

    async fn look(&self) -> Value {
        let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on Publication {{ {} }} }} }}", inner(FIELDS));
        self.author.run(&document, json!({ "id": self.id })).await["node"].clone()
    }
}

fn inner(selection: &str) -> &str {
    selection.trim_start_matches("publication {").trim_end_matches('}')
}

fn project(app: &TestApp, code: &str) -> String {
    Kind::Project.encode(app.world.id(&format!("project:{code}")))
}

async fn stored(app: &TestApp) -> publication::Model {
    publication::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap()
}

both! {
    async fn t1_1_publishing_without_both_approvals_is_refused_and_says_which(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        assert_eq!(
            brochure.publish().await,
            ["PROJECT_MANAGEMENT has not reviewed version 1.", "LEGAL has not reviewed version 1."]
        );
        assert_eq!(brochure.look().await["status"], "DRAFT", "nothing was changed");
        let reviewed = brochure.say(&brochure.planner, 1, "APPROVED").await;
        assert_eq!(reviewed["missingApprovals"], json!(["LEGAL"]));
        brochure.say(&brochure.lawyer, 1, "REJECTED").await;
        assert_eq!(brochure.publish().await, ["LEGAL rejected version 1."]);
        let reviewed = brochure.say(&brochure.lawyer, 1, "APPROVED").await;
        assert_eq!(reviewed["reviews"].as_array().unwrap().len(), 2, "a later verdict takes the place of the earlier");
        assert_eq!(brochure.publish().await, Vec::<String>::new());
        let shown = brochure.look().await;
        assert_eq!((&shown["status"], &shown["publishedVersion"]), (&json!("PUBLISHED"), &json!(1)));
        assert_eq!(stored(&app).await.published_at, Some(app.services.now()));
    }

    async fn t1_1_an_edit_voids_the_approvals_and_takes_it_off_show(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        for reviewer in [&brochure.planner, &brochure.lawyer] {
            brochure.say(reviewer, 1, "APPROVED").await;
        }
        assert!(brochure.publish().await.is_empty());
        let edit = json!({ "publicationId": brochure.id, "body": "容积率 1.8", "expectedVersion": 1 });
        let edited = brochure.author.carry_out("updatePublication", FIELDS, edit.clone()).await["publication"].clone();
        assert_eq!((&edited["status"], &edited["contentVersion"]), (&json!("DRAFT"), &json!(2)));
        assert_eq!(edited["missingApprovals"], json!(["PROJECT_MANAGEMENT", "LEGAL"]));
        assert_eq!(edited["reviews"], json!([]), "what was said of another text");
        assert_eq!(brochure.author.faulty("updatePublication", edit).await, "CONFLICT expectedVersion");
        assert_eq!(brochure.publish().await.len(), 2);
        let same = json!({ "publicationId": brochure.id, "body": "容积率 1.8" });
        let same = brochure.author.carry_out("updatePublication", FIELDS, same).await["publication"].clone();
        assert_eq!(same["contentVersion"], 2, "the same text is no new version");
    }

    async fn t1_1_two_departments_review_and_nobody_their_own_text(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        let document = "mutation($input: ReviewPublicationInput!) { reviewPublication(input: $input) { userErrors { code } } }";
        let input = json!({ "input": brochure.review(1, "APPROVED") });
        for other in [&brochure.author, &brochure.manager] {
            assert_eq!(other.refused(document, input.clone()).await, "FORBIDDEN");
        }
        let wordless = json!({ "publicationId": brochure.id, "contentVersion": 1, "verdict": "REJECTED" });
        assert_eq!(brochure.lawyer.faulty("reviewPublication", wordless).await, "REQUIRED comment");
        let old = brochure.review(7, "APPROVED");
        assert_eq!(brochure.lawyer.faulty("reviewPublication", old).await, "CONFLICT contentVersion");
        let edit = json!({ "publicationId": brochure.id, "title": "楼书（修订）" });
        brochure.planner.carry_out("updatePublication", FIELDS, edit).await;
        let own = brochure.review(2, "APPROVED");
        assert_eq!(brochure.planner.faulty("reviewPublication", own).await, "NOT_AVAILABLE publicationId");
    }

    async fn what_is_on_show_is_withdrawn_before_it_is_reviewed_again(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        let withdraw = json!({ "publicationId": brochure.id, "reason": "规划调整" });
        assert_eq!(brochure.manager.faulty("withdrawPublication", withdraw.clone()).await, "ILLEGAL_TRANSITION publicationId");
        for reviewer in [&brochure.planner, &brochure.lawyer] {
            brochure.say(reviewer, 1, "APPROVED").await;
        }
        assert!(brochure.publish().await.is_empty());
        let late = brochure.review(1, "REJECTED");
        assert_eq!(brochure.lawyer.faulty("reviewPublication", late).await, "ILLEGAL_TRANSITION publicationId");
        let again = json!({ "publicationId": brochure.id });
        assert_eq!(brochure.manager.faulty("publishPublication", again).await, "ILLEGAL_TRANSITION publicationId");
        let gone = brochure.manager.carry_out("withdrawPublication", FIELDS, withdraw).await;
        assert_eq!(gone["publication"]["status"], "WITHDRAWN");
        assert!(brochure.publish().await.is_empty(), "its approvals stand");
    }

    async fn customers_see_what_is_on_show_in_their_project_and_nothing_else(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        let list = "{ publications { totalCount nodes { id body reviews { department } missingApprovals } } }";
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let id = json!({ "id": brochure.id });
        let customer = app.owner("zhang").await;
        assert_eq!(customer.run(list, json!({})).await["publications"]["totalCount"], 0, "a draft");
        for reviewer in [&brochure.planner, &brochure.lawyer] {
            brochure.say(reviewer, 1, "APPROVED").await;
        }
        assert!(brochure.publish().await.is_empty());
        let shown = customer.run(list, json!({})).await["publications"].clone();
        assert_eq!(shown["totalCount"], 1);
        assert_eq!(shown["nodes"][0]["reviews"], json!([]), "what the departments said stays inside");
        assert_eq!(shown["nodes"][0]["missingApprovals"], json!([]));
        for stranger in [app.owner("zhao").await, app.staff("agent.b").await] {
            assert_eq!(stranger.run(list, json!({})).await["publications"]["totalCount"], 0);
            assert_eq!(stranger.run(node, id.clone()).await["node"], Value::Null);
        }
        let partner = app.partner("partner-1").await;
        assert_eq!(partner.refused(list, json!({})).await, "FORBIDDEN");
        assert_eq!(partner.run(node, id).await["node"], Value::Null);
    }

    async fn a_publication_that_makes_no_sense_is_refused(app) {
        let author = app.staff("sales.a").await;
        let good = json!({ "projectId": project(&app, "YT"), "kind": "BROCHURE", "title": "楼书", "body": "一期" });
        for (field, value, answer) in [
            ("projectId", json!(project(&app, "HP")), "NOT_FOUND projectId"),
            ("title", json!(" "), "REQUIRED title"),
            ("title", json!("长".repeat(201)), "TOO_LONG title"),
            ("body", json!(""), "REQUIRED body"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            assert_eq!(author.faulty("createPublication", input).await, answer);
        }
    }

    async fn a_rejection_and_the_publication_at_once_leave_one_of_both(app) {
        let mut app = app;
        let other = app.another().await;
        let brochure = Brochure::of(&mut app).await;
        brochure.say(&brochure.planner, 1, "APPROVED").await;
        for _ in 0..10 {
            brochure.say(&brochure.lawyer, 1, "APPROVED").await;
            let rejection = brochure.lawyer.at(&other.url);
            let (published, rejected) = tokio::join!(
                brochure.manager.mutate("publishPublication", "", json!({ "publicationId": brochure.id })),
                rejection.mutate("reviewPublication", "", brochure.review(1, "REJECTED")),
            );
            let done = [&published, &rejected].map(|payload| payload["userErrors"] == json!([]));
            assert_ne!(done[0], done[1], "{published} {rejected}");
            let is_shown = stored(&app).await.status == PublicationStatus::Published;
            assert_eq!(is_shown, done[0]);
            if is_shown {
                let withdraw = json!({ "publicationId": brochure.id, "reason": "再来" });
                brochure.manager.carry_out("withdrawPublication", "", withdraw).await;
            }
        }
    }

    async fn ten_edits_at_once_make_ten_versions_or_conflicts(app) {
        let mut app = app;
        let brochure = Brochure::of(&mut app).await;
        let edits = (0..10).map(|number| {
            let edit = json!({ "publicationId": brochure.id, "body": format!("第 {number} 稿"), "expectedVersion": 1 });
            brochure.author.mutate("updatePublication", "", edit)
        });
        let answers = join_all(edits).await;
        assert_eq!(answers.iter().filter(|payload| payload["userErrors"] == json!([])).count(), 1);
        assert_eq!(stored(&app).await.content_version, 2);
    }
}
