//! Pictures over HTTP: `POST /attachments` takes one in, `GET /attachments/{id}` gives it to whoever sees its ticket.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path, Payload, Query},
};
use async_graphql::ID;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;

use super::{HttpState, backend::Backend, credentials::from_headers, multipart};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    graphql::{
        engine::Engine,
        id::{Kind, decode},
    },
    service::attachment::{self, Size},
};

/// What a picture may become part of.
#[derive(Deserialize)]
pub(super) struct UploadQuery {
    #[serde(rename = "ticketId")]
    ticket_id: Option<String>,
}

/// Takes in a picture, as the body itself or as the first file of a multipart form. A browser must send a token, which
/// another site can't, so the form's content type opens no door.
pub(super) async fn upload(
    state: Data<HttpState<Engine>>,
    request: HttpRequest,
    query: Query<UploadQuery>,
    body: Payload,
) -> HttpResponse {
    let stored = async {
        let viewer = viewer(&state, &request).await?;
        let ticket = query.ticket_id.clone().map(ID);
        let ticket_id = Kind::Ticket.read_optional("ticketId", ticket.as_ref())?;
        let services = state.backend.services();
        match multipart::boundary(&request)? {
            None => attachment::upload(services, &viewer, ticket_id, body).await,
            Some(boundary) => {
                let file = multipart::first_file(body, boundary);
                attachment::upload(services, &viewer, ticket_id, Box::pin(file)).await
            }
        }
    };
    match stored.await {
        Ok(row) => {
            let id = Kind::Attachment.encode(row.id);
            HttpResponse::Created().json(json!({
                "id": id,
                "url": format!("/attachments/{id}"),
                "thumbnailUrl": format!("/attachments/{id}/thumbnail"),
                "contentType": row.content_type,
                "byteSize": row.byte_size,
                "width": row.width,
                "height": row.height,
            }))
        }
        Err(error) => refuse(error),
    }
}

pub(super) async fn picture(state: Data<HttpState<Engine>>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    fetch(state, request, &id, Size::Full).await
}

pub(super) async fn thumbnail(state: Data<HttpState<Engine>>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    fetch(state, request, &id, Size::Thumbnail).await
}

async fn fetch(state: Data<HttpState<Engine>>, request: HttpRequest, id: &str, size: Size) -> HttpResponse {
    let found = async {
        let viewer = viewer(&state, &request).await?;
        match decode(id) {
            Some((Kind::Attachment, id)) => attachment::fetch(state.backend.services(), &viewer, id, size).await,
            _ => Err(Error::NotFound("There is no such picture.")),
        }
    };
    match found.await {
        Ok((row, blob)) => {
            let content_type = if size == Size::Thumbnail { "image/jpeg".to_owned() } else { row.content_type };
            // The address never shows another picture, and only its viewer's own device may keep it.
            HttpResponse::Ok()
                .content_type(content_type)
                .insert_header((header::CACHE_CONTROL, "private, max-age=86400, immutable"))
                .insert_header((header::CONTENT_DISPOSITION, "inline"))
                .no_chunking(blob.size)
                .streaming(blob.bytes.map(|part| {
                    part.map_err(|error| {
                        tracing::warn!(%error, "a picture broke off");
                        actix_web::error::ErrorInternalServerError("the picture broke off")
                    })
                }))
        }
        Err(error) => refuse(error),
    }
}

async fn viewer(state: &HttpState<Engine>, request: &HttpRequest) -> Result<Viewer> {
    let signed_out = || Error::Unauthenticated("The access token is missing, or not valid any more.");
    let token = from_headers(request.headers()).map_err(|_| signed_out())?;
    let token = token.ok_or_else(signed_out)?;
    state.backend.authenticate(Some(&token)).await.map_err(|denied| match denied.code {
        "BUSY" => Error::Busy,
        _ => signed_out(),
    })
}

/// An error as JSON, with the same codes as in GraphQL.
fn refuse(error: Error) -> HttpResponse {
    let (status, code) = match &error {
        Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "FORBIDDEN"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "BAD_USER_INPUT"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "BUSY"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
    };
    let message = match &error {
        Error::Unauthenticated(text) | Error::Forbidden(text) | Error::NotFound(text) => (*text).to_owned(),
        Error::Invalid(faults) => faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join(" "),
        Error::Busy => "The service is busy. Try again in a moment.".to_owned(),
        Error::Internal(cause) => {
            tracing::error!(%cause, "a picture could not be served");
            "Something went wrong on our side.".to_owned()
        }
    };
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "2"));
    }
    response.json(json!({ "errors": [{ "message": message, "extensions": { "code": code } }] }))
}
