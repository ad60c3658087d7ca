//! From plan to close: what organisers do, what is refused, and what customers see meanwhile.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{activity, activity_invitation, contract_party, prospect, vocab::Channel};
use serde_json::{Value, json};

use super::{let_it_take_place, neighbours, of, standing};
use crate::{
    both,
    harness::{activities::written, tickets::merged, world::put},
};

both! {
    async fn t1_4_an_activity_runs_under_the_clubs_name_from_plan_to_close(app) {
        let (agent, zhang) = (app.staff("agent.a").await, app.owner("zhang").await);
        let planned = agent.activity("createActivity", app.plan("CLUB_EVENT", 20)).await.object();
        assert_eq!((&planned["status"], &planned["clubName"]), (&json!("DRAFT"), &json!("安居会")));
        assert_eq!(zhang.look_at(&planned).await, Value::Null, "a draft is the staff's own");
        assert_eq!(zhang.register(&planned).await.word(), "NOT_FOUND activityId");

        let manager = app.staff("manager.a").await;
        let project = json!({ "projectId": Kind::Project.encode(app.world.id("project:YT")), "name": "云庭会" });
        manager.change("nameCustomerClub", "project", "clubName", project).await.object();
        agent.activity("publishActivity", of(&planned, json!({}))).await.object();
        let seen = zhang.look_at(&planned).await;
        assert_eq!((&seen["clubName"], &seen["seatsLeft"]), (&json!("云庭会"), &json!(20)));
        let seat = zhang.register(&planned).await.object();
        assert_eq!(agent.look_at(&planned).await["registrationCount"], 1);

        let_it_take_place(&app).await;
        let agent = app.staff("agent.a").await;
        let attended = agent.registration("recordAttendance", json!({ "registrationId": seat["id"] })).await.object();
        assert_eq!(attended["attendedAt"], written(app.services.now()));
        let waiting = agent.nodes("activities", "(filter: { toBeEvaluated: true })", "id").await;
        assert_eq!(waiting.iter().filter(|node| node["id"] == planned["id"]).count(), 1);
        let word = of(&planned, json!({ "evaluation": "到场率高，下次增加签到台" }));
        let evaluated = agent.activity("evaluateActivity", word).await.object();
        assert_eq!(evaluated["evaluatedBy"]["id"], Kind::Staff.encode(app.world.staff("agent.a")));
        let closed = agent.activity("closeActivity", of(&planned, json!({}))).await.object();
        assert_eq!(closed["status"], "CLOSED");
        assert!(!agent.nodes("activities", "(filter: { toBeEvaluated: true })", "id").await.contains(&json!({ "id": planned["id"] })));
        let seen = app.owner("zhang").await.look_at(&planned).await;
        assert_eq!((&seen["status"], &seen["evaluation"]), (&json!("CLOSED"), &Value::Null), "how it went is the staff's own");
    }

    async fn t1_4_closing_without_an_evaluation_is_refused(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        let agent = app.staff("agent.a").await;
        for operation in ["closeActivity", "evaluateActivity"] {
            let more = if operation == "closeActivity" { json!({}) } else { json!({ "evaluation": "很好" }) };
            assert_eq!(agent.activity(operation, of(&activity, more)).await.word(), "TOO_EARLY activityId");
        }
        let_it_take_place(&app).await;
        let agent = app.staff("agent.a").await;
        assert_eq!(agent.activity("closeActivity", of(&activity, json!({}))).await.word(), "REQUIRED evaluation");
        assert_eq!(agent.activity("evaluateActivity", of(&activity, json!({ "evaluation": "  " }))).await.word(), "REQUIRED evaluation");
        assert_eq!(agent.look_at(&activity).await["status"], "PUBLISHED", "nothing changed");
        agent.activity("evaluateActivity", of(&activity, json!({ "evaluation": "很好" }))).await.object();
        agent.activity("closeActivity", of(&activity, json!({}))).await.object();
        for (operation, more) in [
            ("closeActivity", json!({})), ("evaluateActivity", json!({ "evaluation": "更好" })),
            ("cancelActivity", json!({ "reason": "x" })), ("publishActivity", json!({})), ("updateActivity", json!({})),
        ] {
            let answer = agent.activity(operation, of(&activity, more)).await;
            assert_eq!(answer.word(), "ILLEGAL_TRANSITION activityId", "{operation}");
        }
    }

    async fn t1_4_a_plan_that_makes_no_sense_is_refused(app) {
        let manager = app.staff("manager.a").await;
        let soon = app.services.now() + TimeDelta::days(7);
        let partner = |name: &str| Kind::Partner.encode(app.world.partner(name));
        for (said, word) in [
            (json!({ "startsAt": app.services.now() }), "IN_THE_PAST startsAt"),
            (json!({ "endsAt": soon }), "OUT_OF_RANGE endsAt"),
            (json!({ "endsAt": soon + TimeDelta::days(32) }), "OUT_OF_RANGE endsAt"),
            (json!({ "capacity": 0 }), "OUT_OF_RANGE capacity"),
            (json!({ "capacity": 10_001 }), "OUT_OF_RANGE capacity"),
            (json!({ "title": " " }), "REQUIRED title"),
            (json!({ "venue": "" }), "REQUIRED venue"),
            (json!({ "title": "长".repeat(101) }), "TOO_LONG title"),
            (json!({ "partnerId": partner("partner-1") }), "INVALID partnerId"),
            (json!({ "openToAllAt": soon }), "INVALID openToAllAt"),
            (json!({ "kind": "LECTURE", "openToAllAt": soon }), "OUT_OF_RANGE openToAllAt"),
            (json!({ "projectId": Kind::Project.encode(app.world.id("project:HP")) }), "NOT_FOUND projectId"),
        ] {
            let answer = manager.activity("createActivity", merged(app.plan("CLUB_EVENT", 20), &said)).await;
            assert_eq!(answer.word(), word, "{said}");
        }
        let lecture = merged(app.plan("LECTURE", 20), &json!({ "partnerId": partner("partner-2") }));
        let made = manager.activity("createActivity", lecture.clone()).await.object();
        assert_eq!(made["partner"]["name"], "商家 partner-2", "whoever plans lectures chooses among all partners");
        app.database.execute("UPDATE partners SET is_active = false WHERE client_id = 'partner-2'").await;
        assert_eq!(manager.activity("createActivity", lecture).await.word(), "NOT_FOUND partnerId");
    }

    async fn t1_4_activities_are_the_organisers_of_their_own_projects(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        let id = || of(&activity, json!({}));
        for who in ["zhang", "technician.a", "ambassador.a", "supervisor", "auditor", "admin", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.activity("createActivity", app.plan("OPEN_DAY", 5)).await.word(), "error FORBIDDEN", "{who}");
            assert_eq!(client.activity("publishActivity", id()).await.word(), "error FORBIDDEN", "{who}");
        }
        let stranger = app.staff("agent.b").await;
        for (operation, more) in [
            ("updateActivity", json!({ "title": "别的" })), ("publishActivity", json!({})), ("cancelActivity", json!({ "reason": "x" })),
            ("evaluateActivity", json!({ "evaluation": "x" })), ("closeActivity", json!({})),
            ("inviteToActivity", json!({ "ownerIds": [Kind::Owner.encode(app.world.owner("zhao"))] })),
        ] {
            let answer = stranger.activity(operation, of(&activity, more)).await;
            assert_eq!(answer.word(), "NOT_FOUND activityId", "{operation}");
        }
        assert_eq!(stranger.look_at(&activity).await, Value::Null);
        assert_eq!(app.owner("zhao").await.look_at(&activity).await, Value::Null);
        assert_eq!(app.partner("partner-1").await.look_at(&activity).await, Value::Null);
        for who in ["zhang", "wang", "ambassador.a", "technician.a", "supervisor", "auditor", "admin"] {
            assert_eq!(app.as_whom(who).await.look_at(&activity).await["id"], activity["id"], "{who}");
        }
    }

    async fn t1_4_who_is_invited_sees_it_from_wherever(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        let agent = app.staff("agent.a").await;
        let owners = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| Kind::Owner.encode(app.world.owner(name))).collect()
        };
        let invite = |names: &[&str]| of(&activity, json!({ "ownerIds": owners(names) }));
        for _ in 0..2 {
            agent.activity("inviteToActivity", invite(&["zhang", "wang", "zhang"])).await.object();
        }
        let arguments = format!("(activityId: {})", activity["id"]);
        let invited = |nodes: Vec<Value>| -> Vec<String> {
            nodes.iter().map(|node| node["owner"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let mut all = invited(agent.nodes("activityInvitations", &arguments, "invitedAt owner { name }").await);
        all.sort();
        assert_eq!(all, ["wang", "zhang"], "each once");
        let own = app.staff("ambassador.a").await.nodes("activityInvitations", &arguments, "owner { name }").await;
        assert_eq!(invited(own), ["zhang"], "the ambassador's own household");
        assert_eq!(app.owner("zhang").await.look_at(&activity).await["invitedAt"], written(app.services.now()));
        assert_eq!(app.owner("li").await.look_at(&activity).await["invitedAt"], Value::Null);

        assert_eq!(agent.activity("inviteToActivity", invite(&["zhao"])).await.word(), "NOT_FOUND ownerIds");
        assert_eq!(agent.activity("inviteToActivity", of(&activity, json!({ "ownerIds": [] }))).await.word(), "OUT_OF_RANGE ownerIds");
        let row = activity_invitation::Model {
            id: app.services.new_id(app.services.now()),
            activity_id: crate::harness::tickets::raw_id(&activity["id"]),
            owner_id: app.world.owner("zhao"),
            invited_at: app.services.now(),
        };
        put::<activity_invitation::Entity>(&app.services, row).await;
        let zhao = app.owner("zhao").await;
        assert_eq!(zhao.look_at(&activity).await["id"], activity["id"], "an invitation opens the door");
        assert_eq!(zhao.register(&activity).await.object()["status"], "REGISTERED");
    }

    async fn t1_4_who_is_only_interested_or_about_to_buy_takes_part_too(app) {
        let club = app.published("CLUB_EVENT", 20).await;
        let (now, id) = (app.services.now(), || app.services.new_id(app.services.now()));
        let hp = app.world.id("project:HP");
        let at_hp = crate::harness::activities::lecture(&app.services, hp, app.world.partner("partner-2"), now + TimeDelta::days(9));
        let at_hp_id = json!({ "id": Kind::Activity.encode(at_hp.id) });
        put::<activity::Entity>(&app.services, at_hp).await;
        let wang = app.world.owner("wang");
        assert_eq!(app.owner("wang").await.look_at(&at_hp_id).await, Value::Null);
        let interest = prospect::Model { id: id(), owner_id: wang, project_id: hp, sales_agent_id: None, source: Channel::WalkIn, created_at: now };
        put::<prospect::Entity>(&app.services, interest).await;
        assert_eq!(app.owner("wang").await.look_at(&at_hp_id).await["id"], at_hp_id["id"]);

        let zhao = app.world.owner("zhao");
        assert_eq!(app.owner("zhao").await.look_at(&club).await, Value::Null);
        let party = contract_party::Model { id: id(), contract_id: app.world.id("contract:YT-102"), owner_id: zhao, position: 1 };
        put::<contract_party::Entity>(&app.services, party).await;
        assert_eq!(app.owner("zhao").await.register(&club).await.object()["status"], "REGISTERED");
    }

    async fn t1_4_what_is_called_off_is_gone_but_for_those_who_meant_to_come(app) {
        let activity = app.published("CLUB_EVENT", 20).await;
        let (agent, zhang, wang) = (app.staff("agent.a").await, app.owner("zhang").await, app.owner("wang").await);
        zhang.register(&activity).await.object();
        assert_eq!(agent.activity("cancelActivity", of(&activity, json!({ "reason": "" }))).await.word(), "REQUIRED reason");
        agent.activity("cancelActivity", of(&activity, json!({ "reason": "台风预警" }))).await.object();
        let seen = zhang.look_at(&activity).await;
        assert_eq!((&seen["status"], &seen["cancelReason"]), (&json!("CANCELLED"), &json!("台风预警")));
        assert_eq!(wang.look_at(&activity).await, Value::Null);
        assert_eq!(wang.register(&activity).await.word(), "NOT_FOUND activityId");
        assert_eq!(zhang.register(&activity).await.word(), "NOT_AVAILABLE activityId");
        assert_eq!(agent.activity("publishActivity", of(&activity, json!({}))).await.word(), "ILLEGAL_TRANSITION activityId");
    }

    async fn t1_4_more_seats_go_to_those_who_wait_and_none_is_taken_away(app) {
        let activity = app.published("CLUB_EVENT", 1).await;
        let agent = app.staff("agent.a").await;
        let guests = neighbours(&app, 4, entity::vocab::OwnerStage::Resident).await;
        for guest in &guests {
            guest.register(&activity).await.object();
        }
        agent.activity("updateActivity", of(&activity, json!({ "capacity": 3, "title": "加座" }))).await.object();
        let mut standings = Vec::new();
        for guest in &guests {
            standings.push(standing(guest, &activity).await);
        }
        assert_eq!(standings, ["REGISTERED", "REGISTERED", "REGISTERED", "WAITLISTED 1"]);
        assert_eq!(agent.activity("updateActivity", of(&activity, json!({ "capacity": 2 }))).await.word(), "OUT_OF_RANGE capacity");
        let seen = agent.look_at(&activity).await;
        assert_eq!((&seen["capacity"], &seen["title"], &seen["seatsLeft"]), (&json!(3), &json!("加座"), &json!(0)));
        let_it_take_place(&app).await;
        let late = app.staff("agent.a").await.activity("updateActivity", of(&activity, json!({ "capacity": 9 }))).await;
        assert_eq!(late.word(), "TOO_LATE activityId");
    }
}
