//! The routes beside GraphQL: pictures, exports, calendars, partners' tokens and the public keys.

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};

use super::{Routes, calendar, exports, files, oauth};

/// All of them.
pub fn routes() -> Routes {
    Arc::new(|services: &mut ServiceConfig| {
        services
            .route("/attachments", web::post().to(files::upload))
            .route("/attachments/{id}", web::get().to(files::picture))
            .route("/attachments/{id}/thumbnail", web::get().to(files::thumbnail))
            .route("/exports/{name}", web::get().to(exports::export))
            .route("/calendar/{secret}", web::get().to(calendar::schedule))
            .service(
                web::resource("/oauth/token")
                    .route(web::post().to(oauth::token))
                    .default_service(web::to(oauth::only_post)),
            )
            .route("/.well-known/jwks.json", web::get().to(oauth::jwks));
    })
}
