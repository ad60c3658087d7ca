//! Who registers whom, and who sees who takes part.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use super::{of, standing};
use crate::both;

both! {
    async fn t1_4_staff_register_the_customers_they_serve(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        let input = |owner: &str| of(&activity, json!({ "ownerId": Kind::Owner.encode(app.world.owner(owner)) }));
        let register = async |who: &str, owner: &str| {
            let answer = app.as_whom(who).await.registration("registerForActivity", input(owner)).await;
            answer.word().to_owned()
        };
        assert_eq!(register("ambassador.a", "zhang").await, "done");
        assert_eq!(standing(&app.owner("zhang").await, &activity).await, "REGISTERED");
        assert_eq!(register("ambassador.a2", "li").await, "NOT_FOUND ownerId", "another's household");
        assert_eq!(register("agent.a", "zhao").await, "NOT_FOUND ownerId");
        assert_eq!(register("agent.b", "zhao").await, "NOT_FOUND activityId");
        assert_eq!(register("zhang", "li").await, "NOT_FOUND ownerId", "nobody speaks for a co-owner");
        assert_eq!(register("sales.a", "li").await, "done");
        let nobody = app.staff("agent.a").await.registration("registerForActivity", of(&activity, json!({}))).await;
        assert_eq!(nobody.word(), "REQUIRED ownerId");
        for who in ["technician.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(register(who, "wang").await, "error FORBIDDEN", "{who}");
        }
        assert_eq!(standing(&app.owner("wang").await, &activity).await, "nothing");
    }

    async fn t1_4_who_takes_part_is_seen_by_those_who_serve_them(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        for owner in ["zhang", "wang"] {
            app.owner(owner).await.register(&activity).await.object();
        }
        let arguments = format!("(filter: {{ activityId: {}, status: REGISTERED }})", activity["id"]);
        let names = async |who: &str| -> Vec<Value> {
            let client = app.as_whom(who).await;
            let nodes = client.nodes("activityRegistrations", &arguments, "id owner { name }").await;
            nodes.into_iter().map(|node| node["owner"]["name"].clone()).collect()
        };
        for (who, seen) in [
            ("zhang", vec!["zhang"]), ("wang", vec!["wang"]), ("li", vec![]), ("zhao", vec![]),
            ("ambassador.a", vec!["zhang"]), ("ambassador.a2", vec!["wang"]), ("ambassador.b", vec![]),
            ("agent.a", vec!["zhang", "wang"]), ("sales.a", vec!["zhang", "wang"]), ("agent.b", vec![]),
            ("supervisor", vec!["zhang", "wang"]), ("auditor", vec!["zhang", "wang"]),
        ] {
            assert_eq!(names(who).await, seen, "{who}");
        }
        let seat = app.owner("zhang").await.look_at(&activity).await["myRegistration"]["id"].clone();
        let cancel = json!({ "registrationId": seat });
        for who in ["wang", "li", "ambassador.a2", "agent.b"] {
            let answer = app.as_whom(who).await.registration("cancelRegistration", cancel.clone()).await;
            assert_eq!(answer.word(), "NOT_FOUND registrationId", "{who}");
        }
        assert_eq!(app.staff("ambassador.a").await.registration("cancelRegistration", cancel).await.word(), "done");
    }

    async fn t5_2_a_partner_reads_the_schedule_and_nothing_else(app) {
        let partner = app.partner("partner-1").await;
        let lecture = Kind::Lecture.encode(app.world.id("lecture:partner-1"));
        let as_activity = Kind::Activity.encode(app.world.id("lecture:partner-1"));
        let node = "query ($id: ID!) { node(id: $id) { __typename } }";
        assert_eq!(partner.run(node, json!({ "id": lecture })).await["node"]["__typename"], "Lecture");
        assert_eq!(partner.run(node, json!({ "id": as_activity })).await["node"], Value::Null);
        let owner = app.owner("zhang").await;
        assert_eq!(owner.run(node, json!({ "id": as_activity })).await["node"]["__typename"], "Activity");
        for list in ["activities", "activityRegistrations", "activityOpinions", "partners", "articles"] {
            let document = format!("{{ {list} {{ totalCount }} }}");
            assert_eq!(partner.refused(&document, json!({})).await, "FORBIDDEN", "{list}");
        }
    }
}
