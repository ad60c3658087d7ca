//! The explorer page for development: one file with everything in it, nothing fetched from elsewhere. It can begin with
//! people whom one may be without signing in; who they are, and that there are none but made-up ones, is the caller's to see to.

use std::{fmt, sync::Arc};

use actix_web::http::header;
use actix_web::web::{Data, Json};
use actix_web::{Error, HttpResponse};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};

use super::HttpConfig;

const PAGE: &str = include_str!("graphiql.html");

/// What in the page stands for what it begins with.
const START: &str = "{\"start\": \"here\"}";

/// The page carries its script and style itself and talks only to the server it came from.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers an access token for one of the people whom the page names, by key.
pub type Admit = Arc<dyn Fn(String) -> BoxFuture<'static, Option<String>> + Send + Sync>;

/// The page as it is served.
#[derive(Clone)]
pub struct Explorer {
    page: Arc<str>,
    admit: Admit,
}

impl Explorer {
    /// A page that begins with this: `people { key title app }`, and examples for each of the `apps`.
    pub fn new(start: &Value, admit: Admit) -> Self {
        // Whatever a text holds, it does not end the page's script.
        let start = start.to_string().replace('<', "\\u003c");
        Self { page: PAGE.replacen(START, &start, 1).into(), admit }
    }
}

impl Default for Explorer {
    /// A page with nobody in it.
    fn default() -> Self {
        Self::new(&json!({ "people": [], "apps": {} }), Arc::new(|_| Box::pin(async { None })))
    }
}

impl fmt::Debug for Explorer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Explorer").finish_non_exhaustive()
    }
}

pub(super) async fn page(config: Data<HttpConfig>) -> HttpResponse {
    let Some(explorer) = &config.explorer else { return HttpResponse::NotFound().finish() };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(explorer.page.to_string())
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    person: String,
}

/// A token for somebody of the page. Only JSON is read, which no page of another site can send without asking first.
pub(super) async fn token(config: Data<HttpConfig>, wanted: Result<Json<Wanted>, Error>) -> HttpResponse {
    let (Some(explorer), Ok(wanted)) = (&config.explorer, wanted) else { return HttpResponse::BadRequest().finish() };
    match (explorer.admit)(wanted.into_inner().person).await {
        Some(token) => HttpResponse::Ok().json(json!({ "accessToken": token })),
        None => HttpResponse::NotFound().finish(),
    }
}
