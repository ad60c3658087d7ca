//! What is refused about handovers, with the field, and changes nothing.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{absence, handover, handover_slot};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        homes::{begun, book, call, done, offer, step, under_contract},
        world::put,
    },
};

async fn create(app: &TestApp, who: &str, project: &str, slot: Value) -> String {
    let input = json!({ "projectId": Kind::Project.encode(app.world.id(project)), "slots": [slot] });
    call(&app.staff(who).await, "createHandoverSlots", "slots { id }", input).await.word().to_owned()
}

both! {
    async fn t4_1_handover_times_that_make_no_sense_are_refused(app) {
        let slot = |from: &str, to: &str, capacity: i32| json!({ "startsAt": from, "endsAt": to, "capacity": capacity });
        let good = slot("2026-12-01T01:00:00Z", "2026-12-01T02:00:00Z", 5);
        for (slot, word) in [
            (slot("2026-11-01T01:00:00Z", "2026-12-01T02:00:00Z", 5), "IN_THE_PAST slots.0.startsAt"),
            (slot("2026-12-01T02:00:00Z", "2026-12-01T01:00:00Z", 5), "OUT_OF_RANGE slots.0.endsAt"),
            (slot("2026-12-01T01:00:00Z", "2026-12-01T02:00:00Z", 0), "OUT_OF_RANGE slots.0.capacity"),
        ] {
            assert_eq!(create(&app, "agent.a", "project:YT", slot).await, word);
        }
        assert_eq!(create(&app, "agent.a", "project:HP", good.clone()).await, "NOT_FOUND projectId", "not one's own project");
        assert_eq!(create(&app, "ambassador.a", "project:YT", good.clone()).await, "error FORBIDDEN");
        assert_eq!(create(&app, "auditor", "project:YT", good).await, "error FORBIDDEN");
        assert_eq!(handover_slot::Entity::find().count(app.services.db.reader()).await.unwrap(), 0);
    }

    async fn t4_1_handover_bookings_of_what_is_not_ones_own_are_refused(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let slot = offer(&app, 24, 5).await;
        for who in ["zhang", "zhao", "ambassador.a2", "agent.b"] {
            assert_eq!(book(&app.as_whom(who).await, home, &slot).await.word(), "NOT_FOUND unitId", "{who}");
        }
        for who in ["technician.a", "sales.a", "supervisor", "auditor", "admin"] {
            assert_eq!(book(&app.staff(who).await, home, &slot).await.word(), "error FORBIDDEN", "{who}");
        }
        // A home that was handed over long ago; a time that has begun.
        let zhang = app.owner("zhang").await;
        assert_eq!(book(&zhang, app.world.unit("YT-101"), &slot).await.word(), "NOT_AVAILABLE unitId");
        app.clock.advance(TimeDelta::hours(24));
        assert_eq!(book(&app.owner("chen").await, home, &slot).await.word(), "IN_THE_PAST slotId");
        assert_eq!(handover::Entity::find().count(app.services.db.reader()).await.unwrap(), 0);
    }

    async fn t4_1_handover_is_accompanied_by_somebody_who_serves_the_household(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let manager = app.staff("manager.a").await;
        let handover = done(book(&app.owner("chen").await, home, &offer(&app, 24, 1).await).await)["handover"].clone();
        assert_eq!(step(&manager, "startHandover", &handover, json!({})).await.word(), "NOT_AVAILABLE handoverId");
        let staff = |login: &str| json!({ "staffId": Kind::Staff.encode(app.world.staff(login)) });
        let now = app.services.now();
        let away = absence::Model {
            id: app.services.new_id(now), staff_id: app.world.staff("sales.a"), starts_at: now + TimeDelta::hours(20),
            ends_at: now + TimeDelta::hours(30), reason: "休假".into(), created_at: now, substitute_id: None, stands_in: false,
        };
        put::<absence::Entity>(&app.services, away).await;
        for (login, word) in [
            ("technician.a", "NOT_AVAILABLE staffId"), ("ambassador.a2", "NOT_AVAILABLE staffId"),
            ("sales.a", "NOT_AVAILABLE staffId"), ("agent.b", "NOT_FOUND staffId"),
        ] {
            assert_eq!(step(&manager, "assignHandoverStaff", &handover, staff(login)).await.word(), word, "{login}");
        }
        let named = done(step(&manager, "assignHandoverStaff", &handover, staff("ambassador.a")).await);
        assert_eq!(named["handover"]["accompaniedBy"]["id"], staff("ambassador.a")["staffId"]);
        let seen = app.owner("chen").await.run(
            "query($id: ID!) { node(id: $id) { ... on Handover { accompaniedBy { name } } } }", json!({ "id": handover["id"] }),
        ).await;
        assert!(seen["node"]["accompaniedBy"]["name"].is_string(), "the owner knows who comes along: {seen}");
        // Sales agents lead a visit only when they accompany it.
        assert_eq!(step(&app.staff("sales.a").await, "startHandover", &handover, json!({})).await.word(), "error FORBIDDEN");
        done(step(&app.staff("ambassador.a").await, "startHandover", &handover, json!({})).await);
    }

    async fn t4_1_handover_steps_are_ticked_during_the_visit_by_those_who_lead_it(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let handover = begun(&app, home).await;
        let flow = json!({ "kind": "FLOW_SHOWN" });
        for (who, word) in [
            ("chen", "error FORBIDDEN"), ("technician.a", "error FORBIDDEN"), ("auditor", "error FORBIDDEN"),
            ("supervisor", "error FORBIDDEN"), ("ambassador.a2", "NOT_FOUND handoverId"), ("agent.b", "NOT_FOUND handoverId"),
            ("sales.a", "error FORBIDDEN"),
        ] {
            assert_eq!(step(&app.as_whom(who).await, "tickHandoverStep", &handover, flow.clone()).await.word(), word, "{who}");
        }
        let agent = app.staff("agent.a").await;
        let meters = json!({ "kind": "METERS_READ", "note": "  " });
        assert_eq!(step(&agent, "tickHandoverStep", &handover, meters).await.word(), "REQUIRED note");
        assert_eq!(step(&agent, "cancelHandover", &handover, json!({ "reason": "x" })).await.word(), "ILLEGAL_TRANSITION handoverId");
        assert_eq!(step(&app.owner("chen").await, "cancelHandover", &handover, json!({ "reason": " " })).await.word(), "REQUIRED reason");
        let other = offer(&app, 30, 1).await;
        let moved = step(&agent, "rescheduleHandover", &handover, json!({ "slotId": other })).await;
        assert_eq!(moved.word(), "ILLEGAL_TRANSITION handoverId");
        let steps = entity::handover_step::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert!(steps.iter().all(|step| step.ticked_at.is_none() && step.note.is_none()));
    }
}
