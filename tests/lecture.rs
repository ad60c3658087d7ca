//! The schedule of decoration lectures: who sees which, in which order, and how a partner pages through it.

use anju::graphql::id::Kind;
use chrono::{DateTime, Utc};
use entity::{activity, activity_registration, vocab::RegistrationStatus};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp, activities,
        documents::Documents,
        world::{instant, put},
    },
};

/// Puts a published lecture of a partner into a project.
async fn lecture(app: &TestApp, partner: &str, project: &str, title: &str, starts_at: DateTime<Utc>) -> uuid::Uuid {
    let project_id = app.world.id(&format!("project:{project}"));
    let usual = activities::lecture(&app.services, project_id, app.world.partner(partner), starts_at);
    let id = usual.id;
    put::<activity::Entity>(&app.services, activity::Model { title: title.into(), ..usual }).await;
    id
}

async fn register(app: &TestApp, lecture_id: uuid::Uuid, owner: &str, status: RegistrationStatus) {
    let row = activities::registration(&app.services, lecture_id, app.world.owner(owner), status);
    put::<activity_registration::Entity>(&app.services, row).await;
}

async fn schedule(client: &Client, variables: Value) -> Value {
    client.run(&Documents::partner().operation("LectureSchedule"), variables).await["lectures"].clone()
}

fn titles(lectures: &Value) -> Vec<&str> {
    lectures["nodes"].as_array().unwrap().iter().map(|lecture| lecture["title"].as_str().unwrap()).collect()
}

both! {
    async fn a_partner_pages_through_the_schedule_in_the_order_of_time(app) {
        // Two at the same instant: the page boundary between them must lose neither.
        for (title, at) in [
            ("third", "2027-01-03T02:00:00Z"), ("first", "2027-01-01T02:00:00Z"), ("second a", "2027-01-02T02:00:00Z"),
            ("second b", "2027-01-02T02:00:00Z"),
        ] {
            lecture(&app, "partner-1", "YT", title, instant(at)).await;
        }
        let partner = app.partner("partner-1").await;
        let (mut found, mut after, mut pages) = (Vec::new(), Value::Null, 0);
        loop {
            let period = json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z", "first": 2, "after": after });
            let page = schedule(&partner, period).await;
            assert_eq!(page["totalCount"], 4, "the total is of all pages");
            found.extend(titles(&page).into_iter().map(str::to_owned));
            pages += 1;
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(pages, 2);
        assert_eq!(found, ["first", "second a", "second b", "third"]);
    }

    async fn a_period_takes_its_first_instant_and_leaves_out_its_last(app) {
        lecture(&app, "partner-1", "YT", "at the start", instant("2027-01-01T00:00:00Z")).await;
        lecture(&app, "partner-1", "YT", "just before the end", instant("2027-01-31T23:59:59.999999Z")).await;
        lecture(&app, "partner-1", "YT", "at the end", instant("2027-02-01T00:00:00Z")).await;
        lecture(&app, "partner-1", "YT", "before", instant("2026-12-31T23:59:59.999999Z")).await;
        let partner = app.partner("partner-1").await;
        let page = schedule(&partner, json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z" })).await;
        assert_eq!(titles(&page), ["at the start", "just before the end"]);
        assert_eq!(page["totalCount"], 2);
        let moved = schedule(&partner, json!({ "from": "2027-01-01T08:00:00+08:00", "to": "2027-02-01T08:00:00+08:00" })).await;
        assert_eq!(titles(&moved), titles(&page), "an instant is the same in every offset");
    }

    async fn a_period_that_makes_no_sense_is_refused(app) {
        let partner = app.partner("partner-1").await;
        let document = Documents::partner().operation("LectureSchedule");
        for variables in [
            json!({ "from": "2027-02-01T00:00:00Z", "to": "2027-01-01T00:00:00Z" }),
            json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z" }),
            json!({ "from": "2027-01-01T00:00:00Z", "to": "2029-02-01T00:00:00Z" }),
            json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z", "first": 101 }),
            json!({ "from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z", "after": "forged" }),
            json!({ "from": "yesterday", "to": "2027-02-01T00:00:00Z" }),
        ] {
            assert_eq!(partner.refused(&document, variables.clone()).await, "BAD_USER_INPUT", "{variables}");
        }
    }

    async fn a_partner_sees_every_published_lecture_and_counts_only_its_own_seats(app) {
        let own = lecture(&app, "partner-1", "YT", "own", instant("2027-01-01T02:00:00Z")).await;
        let other = lecture(&app, "partner-2", "HP", "other", instant("2027-01-02T02:00:00Z")).await;
        for lecture_id in [own, other] {
            register(&app, lecture_id, "zhang", RegistrationStatus::Registered).await;
            register(&app, lecture_id, "li", RegistrationStatus::Registered).await;
            register(&app, lecture_id, "wang", RegistrationStatus::Waitlisted).await;
            register(&app, lecture_id, "zhao", RegistrationStatus::Cancelled).await;
        }
        let period = json!({ "from": "2026-11-01T00:00:00Z", "to": "2027-02-01T00:00:00Z" });
        let page = schedule(&app.partner("partner-1").await, period).await;
        assert_eq!(titles(&page)[2..], ["own", "other"], "and one more of each partner's, but no draft");
        assert_eq!(page["totalCount"], 4);
        assert_eq!(page["nodes"][2]["registrationCount"], 2, "who waits or cancelled holds no seat");
        assert_eq!(page["nodes"][3]["registrationCount"], Value::Null);
        assert_eq!(page["nodes"][3]["partner"]["name"], "商家 partner-2");
        assert_eq!(page["nodes"][3]["project"]["name"], "安居·湖畔");
    }

    async fn owners_and_staff_see_the_schedule_of_their_projects(app) {
        let draft = Kind::Lecture.encode(app.world.id("draft:partner-1"));
        let foreign = Kind::Lecture.encode(app.world.id("lecture:partner-2"));
        let period = json!({ "from": "2026-11-01T00:00:00Z", "to": "2027-02-01T00:00:00Z" });
        let node = "query ($id: ID!) { node(id: $id) { __typename } }";

        let owner = app.owner("zhang").await;
        assert_eq!(schedule(&owner, period.clone()).await["totalCount"], 1);
        assert_eq!(owner.run(node, json!({ "id": draft })).await["node"], Value::Null);
        assert_eq!(owner.run(node, json!({ "id": foreign })).await["node"], Value::Null);

        let agent = app.staff("agent.a").await;
        assert_eq!(schedule(&agent, period.clone()).await["totalCount"], 2, "drafts too");
        assert_eq!(agent.run(node, json!({ "id": draft })).await["node"]["__typename"], "Lecture");
        assert_eq!(agent.run(node, json!({ "id": foreign })).await["node"], Value::Null);

        assert_eq!(schedule(&app.staff("supervisor").await, period).await["totalCount"], 4);
    }
}
