//! Tables to take away: `GET /exports/{table}.csv` or `.xlsx`, sent as they are read. An answer that breaks off is no whole
//! file, and its transfer says so: the connection is cut before the end that HTTP would mark.

mod body;
mod order;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::{Data, Path, Query},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    HttpState,
    admission::slow_down,
    door::{refuse, viewer},
    languages::spoken,
};
use crate::{
    auth::viewer::Viewer,
    domain::export::Language,
    error::{Error, Result},
    export::Format,
    graphql::{backend::Backend, engine::Engine},
    service::export::{self, Order},
};
use body::{parts, watched};
use order::{Parameters, read};

/// What an export costs its address, in pictures.
const COST: u64 = 30;

pub(super) async fn export(
    state: Data<HttpState<Engine>>,
    request: HttpRequest,
    name: Path<String>,
    parameters: std::result::Result<Query<Parameters>, actix_web::Error>,
) -> HttpResponse {
    if let Err(too_much) = state.charge(&request, COST) {
        return slow_down(too_much, &request);
    }
    match begin(&state, &request, &name, parameters.ok()).await {
        Ok(response) => response,
        Err(error) => refuse(&state, &request, error),
    }
}

async fn begin(
    state: &Data<HttpState<Engine>>,
    request: &HttpRequest,
    name: &str,
    parameters: Option<Query<Parameters>>,
) -> Result<HttpResponse> {
    let viewer = state.in_turn(viewer(state, request)).await?;
    let language = Language::from(viewer.language.unwrap_or_else(|| spoken(request)));
    let (order, format) = read(name, parameters.map(Query::into_inner), language)?;
    let place = state.admit_export(&viewer).ok_or(Error::Busy)?;
    let rows = state.in_turn(export::begin(state.backend.services(), &viewer, &order)).await?;
    let file = file_name(state, &order, format);
    let parts = parts(rows, &order, format);
    let body = watched(parts, ended(state, &viewer), place);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, format.media_type()));
    response.insert_header((header::CONTENT_LANGUAGE, language.of("zh-CN", "en")));
    response.insert_header((header::VARY, "Accept-Language"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::CONTENT_DISPOSITION, file));
    Ok(response.streaming(body))
}

/// Whoever is signed out, or whose account is ended, reads no further.
fn ended(state: &HttpState<Engine>, viewer: &Viewer) -> impl Future<Output = ()> + use<> {
    let (backend, viewer) = (state.backend.clone(), viewer.clone());
    async move { backend.ended(&viewer).await }
}

/// The name under which a browser keeps the file: in plain letters for old ones, and as people call it.
fn file_name(state: &HttpState<Engine>, order: &Order, format: Format) -> HeaderValue {
    let day = state.backend.now().format("%Y-%m-%d");
    let (plain, ending) = (order.subject.name(), format.ending());
    let title = order.subject.title(order.language);
    let title = utf8_percent_encode(title, NON_ALPHANUMERIC);
    let text = format!("attachment; filename=\"{plain}-{day}.{ending}\"; filename*=UTF-8''{title}-{day}.{ending}");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}
