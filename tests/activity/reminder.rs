//! Those who have a seat are reminded once, a day before; those who wait are not.

use chrono::TimeDelta;
use entity::vocab::OwnerStage;
use serde_json::json;

use super::{neighbours, of};
use crate::{both, harness::activities::written};

both! {
    async fn t5_2_who_has_a_seat_is_reminded_once_a_day_before(app) {
        let lecture = app.published("LECTURE", 2).await;
        let called_off = app.published("OPEN_DAY", 2).await;
        let owners = neighbours(&app, 3, OwnerStage::HandedOver).await;
        for owner in &owners {
            owner.register(&lecture).await.object();
        }
        owners[2].register(&called_off).await.object();
        let agent = app.staff("agent.a").await;
        agent.activity("cancelActivity", of(&called_off, json!({ "reason": "雨天" }))).await.object();

        app.pass(TimeDelta::days(6) - TimeDelta::seconds(1)).await;
        let list = "(filter: { reminded: true })";
        assert!(app.staff("agent.a").await.nodes("activityRegistrations", list, "id").await.is_empty());
        app.clock.advance(TimeDelta::seconds(1));
        let other = app.another().await;
        let jobs = [&app, &other, &app, &other].map(|server| anju::jobs::remind_registered(&server.services));
        let reminded: usize = futures_util::future::join_all(jobs).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(reminded, 2, "each once, whoever looks");
        let first = app.services.now();
        app.pass(TimeDelta::hours(1)).await;
        let found = app.staff("agent.a").await.nodes("activityRegistrations", list, "status remindedAt").await;
        assert_eq!(found, vec![json!({ "status": "REGISTERED", "remindedAt": written(first) }); 2]);

        app.pass(TimeDelta::hours(23)).await;
        assert!(app.staff("agent.a").await.nodes("activityRegistrations", list, "id").await.is_empty(), "it has begun");
    }

    async fn t5_2_who_moves_up_on_the_last_day_is_reminded_too(app) {
        let lecture = app.published("LECTURE", 1).await;
        let owners = neighbours(&app, 2, OwnerStage::HandedOver).await;
        let seat = owners[0].register(&lecture).await.object();
        owners[1].register(&lecture).await.object();
        app.pass(TimeDelta::days(6)).await;
        let agent = app.staff("agent.a").await;
        agent.registration("cancelRegistration", json!({ "registrationId": seat["id"] })).await.object();
        app.run_jobs().await;
        let found = agent.nodes("activityRegistrations", "(filter: { reminded: true })", "owner { name }").await;
        assert_eq!(found, [json!({ "owner": { "name": "邻居1" } })]);
    }
}
