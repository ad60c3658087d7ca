//! The routes beside GraphQL: pictures, partners' tokens and the public keys.

use std::sync::Arc;

use actix_web::web::{self, FormConfig, ServiceConfig};

use super::{Routes, files, oauth};

/// The largest form of the token endpoint.
const LARGEST_FORM: usize = 8 * 1024;

/// All of them.
pub fn routes() -> Routes {
    Arc::new(|services: &mut ServiceConfig| {
        services
            .app_data(FormConfig::default().limit(LARGEST_FORM))
            .app_data(web::PayloadConfig::new(LARGEST_FORM))
            .route("/attachments", web::post().to(files::upload))
            .route("/attachments/{id}", web::get().to(files::picture))
            .route("/attachments/{id}/thumbnail", web::get().to(files::thumbnail))
            .route("/oauth/token", web::post().to(oauth::token))
            .route("/.well-known/jwks.json", web::get().to(oauth::jwks));
    })
}
