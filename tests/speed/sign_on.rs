//! What every request costs before it is looked at: its token is verified, and its session must be alive.

use std::sync::Arc;

use anju::{
    graphql::{backend::Backend, engine::Engine},
    service::session,
};
use entity::vocab::PrincipalKind;
use sea_orm::DatabaseConnection;
use serde_json::json;

use crate::{
    bounds::Bounds,
    contest::{Contest, statement},
    meter::Ask,
    town::Town,
};

pub async fn contest(town: &Town, engine: &Engine, connection: &DatabaseConnection) -> Contest {
    let (services, owner) = (&town.app.services, town.app.world.owner("zhang"));
    let opened = session::open(services, services.db.writer(), PrincipalKind::Owner, owner, None).await.unwrap();
    let token = opened.access_token;
    let session = engine.authenticate(Some(&token)).await.unwrap().session_id.expect("it was just opened");
    let engine = engine.clone();
    let api: Ask = Arc::new(move || {
        let (engine, token) = (engine.clone(), token.clone());
        Box::pin(async move {
            let viewer = engine.authenticate(Some(&token)).await.unwrap();
            json!({ "data": { "id": viewer.id() } }).to_string()
        })
    });
    let bound = statement(connection, Bounds(town.app.database.engine).session(session, services.now()));
    Contest { name: "authenticate", api, bound, is_new: false, servers: None }
}
