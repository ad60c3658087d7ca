//! Pictures: uploaded before the ticket they belong to exists, or onto one that does; fetched by whoever sees it.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use entity::attachment;
use futures_util::Stream;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::{policy::may_attach, viewer::Viewer},
    error::{Error, FaultCode, Message, Result},
    media::{
        blob::{Blob, BlobError, BlobKey},
        picture::Refused,
        upload::UploadError,
    },
    store::{self, db::in_time},
};

/// How many old pictures are cleared away at a time.
const BATCH: u64 = 200;

/// The most pictures on one ticket.
const MOST_ON_TICKET: usize = 30;

/// Which of a picture's two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Full,
    Thumbnail,
}

/// Takes in a picture. The files are stored before the row, so a row always has its files.
pub async fn upload<S, E>(
    services: &Services,
    viewer: &Viewer,
    ticket_id: Option<Uuid>,
    body: S,
) -> Result<attachment::Model>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let uploader_id = viewer.id().ok_or(Error::Unauthenticated(Message::SignInFirst))?;
    if !may_attach(viewer) {
        return Err(Error::Forbidden(Message::RoleAddsNoPictures));
    }
    in_time(check_ticket(services, viewer, ticket_id)).await?;
    let upload = services.uploads.take_in(body).await.map_err(refusal)?;
    let now = services.now();
    let id = services.new_id(now);
    let picture = &upload.picture;
    let row = attachment::Model {
        id,
        ticket_id,
        uploader_kind: viewer.kind(),
        uploader_id,
        content_type: picture.content_type.to_owned(),
        byte_size: i64::try_from(picture.bytes.len()).map_err(Error::internal)?,
        width: i32::try_from(picture.width).map_err(Error::internal)?,
        height: i32::try_from(picture.height).map_err(Error::internal)?,
        created_at: now,
    };
    let files = [(BlobKey::picture(id), &picture.bytes), (BlobKey::thumbnail(id), &picture.thumbnail)];
    for (key, bytes) in files {
        if let Err(error) = services.blobs.put(&key, bytes.clone()).await {
            discard(services, id).await;
            return Err(failure(error));
        }
    }
    record(services, &row).await?;
    services.db.has_written(uploader_id).await;
    Ok(row)
}

/// Writes the row. A failure takes the files away again, except one of the commit itself: nobody can say whether the row
/// is there then, and a file without a row is only space.
async fn record(services: &Services, row: &attachment::Model) -> Result<()> {
    let written = in_time(async {
        let tx = services.db.begin().await?;
        store::attachment::insert(&tx, row.clone()).await?;
        Ok(tx)
    });
    match written.await {
        Ok(tx) => in_time(async { Ok(tx.commit().await?) }).await,
        Err(error) => {
            discard(services, row.id).await;
            Err(error)
        }
    }
}

async fn check_ticket(services: &Services, viewer: &Viewer, ticket_id: Option<Uuid>) -> Result<()> {
    let Some(id) = ticket_id else { return Ok(()) };
    let ticket = store::ticket::by_id(services.db.reader(), viewer, id).await?;
    let ticket = ticket.ok_or_else(|| Error::unknown("ticketId"))?;
    if !ticket.is_open {
        return Err(Error::fault(FaultCode::IllegalTransition, "ticketId", Message::TicketFinished));
    }
    let there = store::attachment::of_tickets(services.db.reader(), viewer, &[id]).await?;
    if there.get(&id).map_or(0, Vec::len) >= MOST_ON_TICKET {
        let message = Message::PicturesOfTicket { most: MOST_ON_TICKET.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "ticketId", message));
    }
    Ok(())
}

fn refusal(error: UploadError) -> Error {
    match error {
        UploadError::Busy => Error::Busy,
        UploadError::TooSlow => wrong_file(Message::UploadTooSlow),
        UploadError::Interrupted => wrong_file(Message::UploadBrokeOff),
        UploadError::Refused(Refused::TooLarge) => wrong_file(Message::FileTooLarge),
        UploadError::Refused(Refused::UnknownType) => wrong_file(Message::FileUnknownType),
        UploadError::Refused(Refused::TooManyPixels) => wrong_file(Message::PictureTooManyPixels),
        UploadError::Refused(Refused::Animated) => wrong_file(Message::PictureMoves),
        UploadError::Refused(Refused::Corrupt) => wrong_file(Message::FileCorrupt),
    }
}

fn wrong_file(message: Message) -> Error {
    Error::fault(FaultCode::Invalid, "file", message)
}

fn failure(error: BlobError) -> Error {
    match error {
        BlobError::Busy(_) => Error::Busy,
        BlobError::NotFound => Error::NotFound(Message::NoSuchPicture),
        error => Error::internal(error),
    }
}

/// A picture's file, if the viewer sees the ticket it is on.
pub async fn fetch(services: &Services, viewer: &Viewer, id: Uuid, size: Size) -> Result<(attachment::Model, Blob)> {
    let row = store::attachment::by_id(services.db.reader(), viewer, id).await?;
    let row = row.ok_or(Error::NotFound(Message::NoSuchPicture))?;
    let key = match size {
        Size::Full => BlobKey::picture(id),
        Size::Thumbnail => BlobKey::thumbnail(id),
    };
    let blob = services.blobs.get(&key).await.map_err(failure)?;
    Ok((row, blob))
}

/// Clears away pictures that no ticket took. The row goes first, so that no ticket takes it any more.
pub async fn sweep(services: &Services, created_before: DateTime<Utc>) -> Result<usize> {
    let mut gone = 0;
    for row in store::attachment::abandoned(services.db.reader(), created_before, BATCH).await? {
        if store::attachment::delete_abandoned(services.db.writer(), row.id).await? {
            discard(services, row.id).await;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Removes both files; what can't be removed now is only space.
async fn discard(services: &Services, id: Uuid) {
    for key in [BlobKey::picture(id), BlobKey::thumbnail(id)] {
        if let Err(error) = services.blobs.delete(&key).await {
            tracing::warn!(%error, "a picture's file was left behind");
        }
    }
}
