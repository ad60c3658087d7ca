//! Erasing a person: what must be settled first, what is gone, what stays without a name.

use anju::graphql::id::Kind;
use chrono::NaiveDate;
use entity::{device, erasure, interaction, owner, owner_document, ownership, session, sign_in_code};
use futures_util::future::join_all;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::audited;
use crate::{
    both,
    harness::{
        Client, TestApp,
        homes::{call, done},
        tickets::Answer,
    },
};

/// Wang sells the home.
async fn sell(app: &TestApp) {
    let row = ownership::ActiveModel {
        ended_on: ActiveValue::Set(Some(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap())),
        ..Default::default()
    };
    let wang = ownership::Column::OwnerId.eq(app.world.owner("wang"));
    ownership::Entity::update_many().set(row).filter(wang).exec(app.services.db.writer()).await.unwrap();
}

async fn erase(app: &TestApp, client: &Client, name: &str, reason: Option<&str>) -> Answer {
    let input = json!({ "ownerId": Kind::Owner.encode(app.world.owner(name)), "reason": reason });
    call(client, "eraseOwner", "erasedAt", input).await
}

async fn wang(app: &TestApp) -> owner::Model {
    owner::Entity::find_by_id(app.world.owner("wang")).one(app.services.db.reader()).await.unwrap().unwrap()
}

both! {
    async fn s11_erasure_leaves_nobody_to_be_found(app) {
        let other = app.another().await;
        let unit = json!({ "unitId": Kind::Unit.encode(app.world.unit("YT-102")) });
        let ticket = app.report_as("wang", unit).await.ticket();
        app.act("wang", "cancelTicket", &ticket).await.ticket();
        let owner_id = Kind::Owner.encode(app.world.owner("wang"));
        let contact = json!({ "ownerId": owner_id, "channel": "PHONE", "summary": "王女士 13900000000" });
        done(call(&app.staff("agent.a").await, "recordInteraction", "interaction { id }", contact).await);
        let paper = json!({ "ownerId": owner_id, "kind": "IDENTITY_DOCUMENT", "reference": "王-身份证" });
        done(call(&app.staff("agent.a").await, "fileOwnerDocument", "document { id }", paper).await);
        let phone = app.owner("wang").await;
        done(call(&phone, "registerDevice", "device { id }", json!({ "platform": "IOS", "name": "王的手机" })).await);
        app.anonymous().owner_app("RequestSignInCode", json!({ "phone": "19100000003" })).await;
        sell(&app).await;

        assert!(done(erase(&app, &phone, "wang", None).await)["erasedAt"].is_string());
        for url in [&app.url, &other.url] {
            assert_eq!(phone.at(url).refused("{ viewer { __typename } }", json!({})).await, "UNAUTHENTICATED");
        }
        let row = wang(&app).await;
        assert_eq!((row.name.as_str(), row.stage), ("已注销客户", entity::vocab::OwnerStage::Former));
        assert!(row.phone_hash.is_none() && row.phone_sealed.is_none() && row.phone_masked.is_none());
        assert!(row.identity_hash.is_none() && row.identity_sealed.is_none() && row.identity_masked.is_none());
        let conn = app.services.db.reader();
        let principal = device::Column::PrincipalId.eq(row.id);
        assert_eq!(device::Entity::find().filter(principal).count(conn).await.unwrap(), 0);
        assert_eq!(owner_document::Entity::find().count(conn).await.unwrap(), 0);
        assert_eq!(sign_in_code::Entity::find().count(conn).await.unwrap(), 0);
        let sessions = session::Entity::find().filter(session::Column::PrincipalId.eq(row.id)).all(conn).await.unwrap();
        assert!(sessions.iter().all(|session| session.ended_at.is_some() && session.device_name.is_none()));
        let contacts = interaction::Entity::find().all(conn).await.unwrap();
        assert!(contacts.iter().all(|contact| contact.summary.is_empty() && contact.next_follow_up_at.is_none()));

        // The phone leads to nobody, at sign-in and in the butler's search.
        let code = json!({ "phone": "19100000003", "code": "000000" });
        let signed = app.anonymous().owner_app("SignInWithCode", code).await;
        assert_eq!(signed["signInWithCode"]["session"], Value::Null);
        for search in ["19100000003", "wang"] {
            let found = app.staff("ambassador.a2").await.butler_app("Households", json!({ "search": search })).await;
            assert_eq!(found["viewer"]["households"]["totalCount"], 0, "{search}");
        }
        // The ticket stays, and its reporter is nobody.
        let seen = app.staff("agent.a").await.run(
            "query($id: ID!) { node(id: $id) { ... on Ticket { status reporter { ... on Owner { name phone identityNumber } } } } }",
            json!({ "id": ticket["id"] }),
        ).await;
        assert_eq!(seen["node"]["reporter"], json!({ "name": "已注销客户", "phone": null, "identityNumber": null }));
        assert_eq!(audited(&app, "ERASE_OWNER").await.len(), 1);
    }

    async fn s11_erasure_waits_until_nothing_binds_both_sides(app) {
        let manager = app.staff("manager.a").await;
        let reason = Some("客户书面申请");
        assert_eq!(erase(&app, &manager, "wang", reason).await.word(), "NOT_AVAILABLE ownerId", "still owns the home");
        let unit = json!({ "unitId": Kind::Unit.encode(app.world.unit("YT-102")) });
        let ticket = app.report_as("wang", unit).await.ticket();
        sell(&app).await;
        assert_eq!(erase(&app, &manager, "wang", reason).await.word(), "NOT_AVAILABLE ownerId", "a ticket is open");
        let row = wang(&app).await;
        assert_eq!(row.name, "wang");
        assert!(row.phone_hash.is_some(), "a refusal changes nothing");
        assert_eq!(erasure::Entity::find().count(app.services.db.reader()).await.unwrap(), 0);
        app.act("wang", "cancelTicket", &ticket).await.ticket();
        assert_eq!(erase(&app, &manager, "wang", None).await.word(), "REQUIRED reason");
        done(erase(&app, &manager, "wang", reason).await);
        assert_eq!(erase(&app, &manager, "wang", reason).await.word(), "CONFLICT ownerId");
        let entry = &audited(&app, "ERASE_OWNER").await[0];
        assert_eq!(entry.actor_id, Some(app.world.staff("manager.a")));
    }

    async fn s11_erasure_is_nobody_elses_to_ask_for(app) {
        sell(&app).await;
        for who in ["ambassador.a2", "agent.a", "sales.a", "technician.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(erase(&app, &app.as_whom(who).await, "wang", Some("x")).await.word(), "error FORBIDDEN", "{who}");
        }
        assert_eq!(erase(&app, &app.owner("zhang").await, "wang", None).await.word(), "NOT_FOUND ownerId");
        assert_eq!(erase(&app, &app.staff("manager.a").await, "zhao", Some("x")).await.word(), "NOT_FOUND ownerId");
        assert_eq!(wang(&app).await.name, "wang");
    }

    async fn s11_erasure_asked_for_many_times_at_once_happens_once(app) {
        sell(&app).await;
        let other = app.another().await;
        let manager = app.staff("manager.a").await;
        let clients = [manager.clone(), manager.at(&other.url)];
        let calls = (0..8).map(|turn| erase(&app, &clients[turn % 2], "wang", Some("客户书面申请")));
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.word() == "done").count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| answer.word() == "CONFLICT ownerId").count(), 7, "{answers:?}");
        assert_eq!(audited(&app, "ERASE_OWNER").await.len(), 1);
    }
}
