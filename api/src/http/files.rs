//! Pictures over HTTP: `POST /attachments` takes one in, `GET /attachments/{id}` gives it to whoever sees its ticket.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path, Payload, Query},
};
use async_graphql::ID;
use entity::attachment::Model;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;

use super::{
    HttpState,
    admission::slow_down,
    body,
    door::{refuse, viewer},
    multipart,
};
use crate::{
    error::{Error, FaultCode, Message, Result},
    graphql::{
        engine::Engine,
        id::{Kind, decode},
    },
    service::attachment::{self, Size},
};

/// What it costs its address to take a picture in, and to give one.
const UPLOAD: u64 = 10;
const PICTURE: u64 = 1;

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
    query: std::result::Result<Query<UploadQuery>, actix_web::Error>,
    mut body: Payload,
) -> HttpResponse {
    if let Err(too_much) = state.charge(&request, UPLOAD) {
        body::drain(&mut body).await;
        return slow_down(too_much, &request);
    }
    let stored = take_in(&state, &request, query.ok(), body).await;
    match stored {
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
        Err(error) => refuse(&state, &request, error),
    }
}

async fn take_in(
    state: &HttpState<Engine>,
    request: &HttpRequest,
    query: Option<Query<UploadQuery>>,
    body: Payload,
) -> Result<Model> {
    let viewer = state.in_turn(viewer(state, request)).await?;
    let query = query.ok_or_else(|| Error::fault(FaultCode::Invalid, "ticketId", Message::NameOneTicket))?;
    let ticket = query.into_inner().ticket_id.map(ID);
    let ticket_id = Kind::Ticket.read_optional("ticketId", ticket.as_ref())?;
    let services = state.backend.services();
    match multipart::boundary(request)? {
        None => attachment::upload(services, &viewer, ticket_id, body).await,
        Some(boundary) => {
            let file = multipart::first_file(body, boundary);
            attachment::upload(services, &viewer, ticket_id, Box::pin(file)).await
        }
    }
}

pub(super) async fn picture(state: Data<HttpState<Engine>>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    fetch(state, request, &id, Size::Full).await
}

pub(super) async fn thumbnail(state: Data<HttpState<Engine>>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    fetch(state, request, &id, Size::Thumbnail).await
}

async fn fetch(state: Data<HttpState<Engine>>, request: HttpRequest, id: &str, size: Size) -> HttpResponse {
    if let Err(too_much) = state.charge(&request, PICTURE) {
        return slow_down(too_much, &request);
    }
    let found = async {
        let viewer = viewer(&state, &request).await?;
        match decode(id) {
            Some((Kind::Attachment, id)) => attachment::fetch(state.backend.services(), &viewer, id, size).await,
            _ => Err(Error::NotFound(Message::NoSuchPicture)),
        }
    };
    match state.in_turn(found).await {
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
        Err(error) => refuse(&state, &request, error),
    }
}
