//! Seats and the wait list: also when everybody calls at once, on two servers.

use chrono::TimeDelta;
use entity::{
    activity_registration,
    vocab::{OwnerStage, RegistrationStatus},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{let_it_take_place, neighbours, of, standing};
use crate::{
    both,
    harness::{Client, TestApp, activities::written},
};

async fn rows(app: &TestApp) -> Vec<activity_registration::Model> {
    activity_registration::Entity::find().all(app.services.db.reader()).await.unwrap()
}

/// Every second client speaks to the other server.
fn spread(clients: &[Client], other: &TestApp) -> Vec<Client> {
    let at = |(index, client): (usize, &Client)| if index % 2 == 0 { client.clone() } else { client.at(&other.url) };
    clients.iter().enumerate().map(at).collect()
}

async fn cancel(client: &Client, activity: &Value) {
    let own = client.look_at(activity).await["myRegistration"]["id"].clone();
    client.registration("cancelRegistration", json!({ "registrationId": own })).await.object();
}

both! {
    async fn t5_2_fifty_at_once_get_ten_seats_and_forty_places_and_the_first_move_up(app) {
        let other = app.another().await;
        let owners = spread(&neighbours(&app, 50, OwnerStage::HandedOver).await, &other);
        let lecture = app.published("LECTURE", 10).await;
        let answers = join_all(owners.iter().map(|owner| owner.register(&lecture))).await;
        let (mut seats, mut line) = (Vec::new(), vec![None; 40]);
        for (owner, answer) in owners.iter().zip(answers) {
            let registration = answer.object();
            match registration["waitlistPosition"].as_u64() {
                None => {
                    assert_eq!(registration["status"], "REGISTERED");
                    seats.push(owner);
                }
                Some(position) => {
                    assert_eq!(registration["status"], "WAITLISTED");
                    let place = &mut line[usize::try_from(position).unwrap() - 1];
                    assert!(place.replace(owner).is_none(), "two at place {position}");
                }
            }
        }
        assert_eq!((seats.len(), line.iter().flatten().count()), (10, 40));
        join_all([seats[3], seats[7]].map(|owner| cancel(owner, &lecture))).await;
        for (place, owner) in line.iter().flatten().enumerate() {
            let expected = if place < 2 { "REGISTERED".to_owned() } else { format!("WAITLISTED {}", place - 1) };
            assert_eq!(standing(owner, &lecture).await, expected, "who was at place {}", place + 1);
        }
        assert_eq!(standing(seats[3], &lecture).await, "CANCELLED");
        let promoted = rows(&app).await.into_iter().filter(|row| row.promoted_at.is_some()).count();
        assert_eq!(promoted, 2);
    }

    async fn t5_2_coming_and_going_at_once_leaves_no_seat_free_while_somebody_waits(app) {
        let other = app.another().await;
        let owners = spread(&neighbours(&app, 24, OwnerStage::HandedOver).await, &other);
        let lecture = app.published("LECTURE", 6).await;
        join_all(owners[..12].iter().map(|owner| owner.register(&lecture))).await;
        let (leaving, coming) = (&owners[..8], &owners[12..]);
        tokio::join!(
            join_all(leaving.iter().map(|owner| cancel(owner, &lecture))),
            join_all(coming.iter().map(|owner| owner.register(&lecture))),
        );
        let rows = rows(&app).await;
        let of = |status| rows.iter().filter(|row| row.status == status).count();
        use RegistrationStatus::{Cancelled, Registered, Waitlisted};
        assert_eq!((of(Registered), of(Waitlisted), of(Cancelled)), (6, 10, 8));
        let mut places: Vec<i64> = rows.iter().map(|row| row.place).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=24).collect::<Vec<_>>(), "each place once");
        let last_seat = rows.iter().filter(|row| row.status == Registered).map(|row| row.place).max();
        let first_waiting = rows.iter().filter(|row| row.status == Waitlisted).map(|row| row.place).min();
        assert!(last_seat < first_waiting, "nobody is overtaken");
    }

    async fn t5_2_who_gives_up_and_comes_back_waits_at_the_end(app) {
        let lecture = app.published("LECTURE", 1).await;
        let owners = neighbours(&app, 3, OwnerStage::HandedOver).await;
        for owner in &owners {
            owner.register(&lecture).await.object();
        }
        cancel(&owners[0], &lecture).await;
        let again = owners[0].register(&lecture).await.object();
        assert_eq!((&again["status"], &again["waitlistPosition"]), (&json!("WAITLISTED"), &json!(2)));
        assert_eq!(standing(&owners[1], &lecture).await, "REGISTERED");
        assert_eq!(standing(&owners[2], &lecture).await, "WAITLISTED 1");
        cancel(&owners[2], &lecture).await;
        assert_eq!(standing(&owners[0], &lecture).await, "WAITLISTED 1");
    }

    async fn t5_2_to_register_twice_is_to_register_once(app) {
        let lecture = app.published("LECTURE", 1).await;
        let owners = neighbours(&app, 2, OwnerStage::HandedOver).await;
        let calls = owners.iter().cycle().take(20);
        let answers = join_all(calls.map(|owner| owner.register(&lecture))).await;
        let ids: std::collections::BTreeSet<String> = answers.into_iter().map(|it| it.object()["id"].to_string()).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(rows(&app).await.len(), 2);
        for _ in 0..2 {
            cancel(&owners[0], &lecture).await;
        }
        let seats = rows(&app).await.iter().filter(|row| row.status == RegistrationStatus::Registered).count();
        assert_eq!(seats, 1, "the one who waited has the seat, once");
    }

    async fn t5_2_a_lecture_opens_first_to_those_who_are_about_to_renovate(app) {
        let lecture = app.published("LECTURE", 10).await;
        let opens = app.services.now() + TimeDelta::days(3);
        assert_eq!(lecture["openToAllAt"], written(opens));
        let (zhang, soon) = (app.owner("zhang").await, neighbours(&app, 1, OwnerStage::HandedOver).await);
        assert_eq!(zhang.register(&lecture).await.word(), "TOO_EARLY activityId");
        assert_eq!(standing(&zhang, &lecture).await, "nothing");
        assert_eq!(soon[0].register(&lecture).await.object()["status"], "REGISTERED");
        app.clock.set(opens);
        assert_eq!(app.owner("zhang").await.register(&lecture).await.object()["status"], "REGISTERED");
        let open_day = app.published("OPEN_DAY", 10).await;
        assert_eq!(open_day["openToAllAt"], Value::Null);
        assert_eq!(app.owner("zhang").await.register(&open_day).await.object()["status"], "REGISTERED");
    }

    async fn t1_4_registration_ends_when_it_begins(app) {
        let activity = app.published("CLUB_EVENT", 10).await;
        let seat = app.owner("zhang").await.register(&activity).await.object();
        app.clock.advance(TimeDelta::days(7));
        let (zhang, wang) = (app.owner("zhang").await, app.owner("wang").await);
        assert_eq!(wang.register(&activity).await.word(), "TOO_LATE activityId");
        let answer = zhang.registration("cancelRegistration", json!({ "registrationId": seat["id"] })).await;
        assert_eq!(answer.word(), "TOO_LATE registrationId");
        assert_eq!(standing(&zhang, &activity).await, "REGISTERED");
    }

    async fn t1_4_who_came_is_written_down_from_an_hour_before(app) {
        let activity = app.published("CLUB_EVENT", 1).await;
        let guests = neighbours(&app, 2, OwnerStage::Resident).await;
        let seat = guests[0].register(&activity).await.object();
        let wait = guests[1].register(&activity).await.object();
        let agent = app.staff("agent.a").await;
        let came = |seat: &Value| json!({ "registrationId": seat["id"] });
        assert_eq!(agent.registration("recordAttendance", came(&seat)).await.word(), "TOO_EARLY registrationId");
        guests[1].registration("cancelRegistration", came(&wait)).await.object();
        app.clock.advance(TimeDelta::days(7) - TimeDelta::hours(1));
        let agent = app.staff("agent.a").await;
        assert_eq!(agent.registration("recordAttendance", came(&wait)).await.word(), "NOT_AVAILABLE registrationId");
        assert_eq!(agent.registration("recordAttendance", came(&seat)).await.object()["attendedAt"], written(app.services.now()));
        let error = json!({ "registrationId": seat["id"], "attended": false });
        assert_eq!(agent.registration("recordAttendance", error).await.object()["attendedAt"], Value::Null);
        let_it_take_place(&app).await;
        let agent = app.staff("agent.a").await;
        agent.activity("evaluateActivity", of(&activity, json!({ "evaluation": "顺利" }))).await.object();
        agent.activity("closeActivity", of(&activity, json!({}))).await.object();
        assert_eq!(agent.registration("recordAttendance", came(&seat)).await.word(), "NOT_AVAILABLE registrationId");
    }
}
