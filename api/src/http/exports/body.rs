//! The bytes of a table as it is sent: those of a table of text row by row, those of a workbook when it is whole.

use std::{fs::File, future::Future, pin::Pin, time::Duration};

use actix_web::web::Bytes;
use futures_util::{FutureExt, Stream, StreamExt, future::BoxFuture, stream};
use tokio::{
    io::{AsyncReadExt, AsyncSeekExt},
    time::{Instant, sleep_until},
};

use crate::{
    domain::export::{Heading, Language},
    error::{Error, Result},
    export::{
        Format, csv, workbook,
        workbook::{BEGINNING, WorkbookError},
    },
    http::admission::Exporting,
    service::export::{Order, Rows},
};

/// How often a byte is sent of a workbook that is not whole yet. Only who is sent something can be noticed to be gone; and
/// proxies cut what is silent for a minute.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// How much of a file is read at a time.
const PART: usize = 64 * 1024;

type Parts = Pin<Box<dyn Stream<Item = Result<Bytes>>>>;

/// The file, part by part. Whoever drops it ends the work on it.
pub(super) fn parts(rows: Rows, order: &Order, format: Format) -> Parts {
    let (headings, language) = (order.subject.headings(), order.language);
    match format {
        Format::Csv => Box::pin(csv::parts(headings, language, rows)),
        Format::Xlsx => Box::pin(stream::unfold(Some(Book::begin(rows, headings, language)), Book::next)),
    }
}

/// A workbook on its way. Its first bytes are those of any ZIP, so that they can be sent before it is there.
enum Book {
    Making { made: BoxFuture<'static, Result<File>>, sent: usize, next_sign: Instant },
    Made(tokio::fs::File),
}

impl Book {
    fn begin(rows: Rows, headings: &'static [Heading], language: Language) -> Self {
        let made = workbook(headings, language, rows).map(|made| {
            made.map_err(|error| match error {
                WorkbookError::Rows(error) => error,
                unwritten @ WorkbookError::Unwritten(_) => Error::internal(unwritten.to_string()),
            })
        });
        Self::Making { made: made.boxed(), sent: 0, next_sign: Instant::now() }
    }

    async fn next(book: Option<Self>) -> Option<(Result<Bytes>, Option<Self>)> {
        match book?.part().await {
            Ok((bytes, _)) if bytes.is_empty() => None,
            Ok((bytes, book)) => Some((Ok(bytes), Some(book))),
            Err(error) => Some((Err(error), None)),
        }
    }

    async fn part(self) -> Result<(Bytes, Self)> {
        let mut file = match self {
            Self::Making { mut made, sent, next_sign } => {
                let has_sign = sent < BEGINNING.len();
                tokio::select! {
                    biased;
                    file = &mut made => {
                        let mut file = tokio::fs::File::from_std(file?);
                        file.seek(std::io::SeekFrom::Start(sent as u64)).await.map_err(Error::internal)?;
                        file
                    }
                    () = sleep_until(next_sign), if has_sign => {
                        let sign = Bytes::copy_from_slice(&BEGINNING[sent..=sent]);
                        return Ok((sign, Self::Making { made, sent: sent + 1, next_sign: next_sign + SIGN_OF_LIFE }));
                    }
                }
            }
            Self::Made(file) => file,
        };
        let mut part = Vec::with_capacity(PART);
        (&mut file).take(PART as u64).read_to_end(&mut part).await.map_err(Error::internal)?;
        Ok((part.into(), Self::Made(file)))
    }
}

/// Why a file has no end.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
pub(super) struct BrokenOff;

/// The parts, for as long as the viewer may read on. The place is free again when the last of them was sent, or when nobody
/// takes them any more.
pub(super) fn watched(
    parts: Parts,
    ended: impl Future<Output = ()> + 'static,
    place: Exporting,
) -> impl Stream<Item = std::result::Result<Bytes, BrokenOff>> {
    stream::unfold(Some((parts, Box::pin(ended), place)), |state| async move {
        let (mut parts, mut ended, place) = state?;
        let part = tokio::select! {
            biased;
            () = &mut ended => return Some((Err(BrokenOff), None)),
            part = parts.next() => part?,
        };
        match part {
            Ok(bytes) => Some((Ok(bytes), Some((parts, ended, place)))),
            Err(error) => {
                tracing::error!(?error, "an export broke off");
                Some((Err(BrokenOff), None))
            }
        }
    })
}
