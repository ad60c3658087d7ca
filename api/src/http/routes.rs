//! The routes beside GraphQL: pictures, exports, calendars, partners' tokens and the public keys.

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};

use super::{Routes, calendar, exports, files, nowhere::only, oauth};
use crate::graphql::engine::Engine;

/// All of them.
pub fn routes() -> Routes {
    Arc::new(|services: &mut ServiceConfig| {
        services
            .service(only::<Engine>("POST", "/attachments", web::post().to(files::upload)))
            .service(only::<Engine>("GET", "/attachments/{id}", web::get().to(files::picture)))
            .service(only::<Engine>("GET", "/attachments/{id}/thumbnail", web::get().to(files::thumbnail)))
            .service(only::<Engine>("GET", "/exports/{name}", web::get().to(exports::export)))
            .service(only::<Engine>("GET", "/calendar/{secret}", web::get().to(calendar::schedule)))
            .service(
                web::resource("/oauth/token")
                    .route(web::post().to(oauth::token))
                    .default_service(web::to(oauth::only_post)),
            )
            .service(only::<Engine>("GET", "/.well-known/jwks.json", web::get().to(oauth::jwks)));
    })
}
