//! Taking a photo in from the network within bounds: so many at once, so many bytes each, no slower than a bad mobile
//! network, and only a few being decoded. Nothing here knows HTTP or the store.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::picture::{self, MAX_BYTES, Picture, Refused};

/// Why a photo was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// All places are taken; the client may try again.
    #[error("too many photos are being uploaded")]
    Busy,
    #[error("the upload is too slow")]
    TooSlow,
    #[error("the upload broke off")]
    Interrupted,
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// How patient an upload is.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// How long to wait for a free place.
    place: Duration,
    /// How long an upload may take whatever arrives …
    grace: Duration,
    /// … and how much longer for each KiB that did arrive: the slowest rate that is still served.
    per_kib: Duration,
}

/// A drip of single bytes ends after half a minute; ten megabytes at 32 KiB a second take over five and are served.
const PATIENCE: Patience = Patience {
    place: Duration::from_secs(5),
    grace: Duration::from_secs(30),
    per_kib: Duration::from_micros(1_000_000 / 32),
};

/// The places for uploads; clones share them.
#[derive(Clone)]
pub struct Uploads {
    places: Arc<Semaphore>,
    decoders: Arc<Semaphore>,
    patience: Patience,
}

/// A photo that was taken in. Its place is free again when this is dropped, so keep it until the photo is stored: its
/// bytes count too.
#[derive(Debug)]
pub struct Upload {
    pub picture: Picture,
    _place: OwnedSemaphorePermit,
}

impl Uploads {
    /// At most `at_once` uploads of 10 MB, of which `decoding` are being decoded (some 400 MB each) at any time.
    pub fn new(at_once: usize, decoding: usize) -> Uploads {
        Uploads {
            places: Arc::new(Semaphore::new(at_once)),
            decoders: Arc::new(Semaphore::new(decoding)),
            patience: PATIENCE,
        }
    }

    /// Takes in one photo from the body of a request.
    pub async fn take_in<S, E>(&self, body: S) -> Result<Upload, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
    {
        let place = timeout(self.patience.place, Arc::clone(&self.places).acquire_owned());
        let Ok(Ok(place)) = place.await else {
            return Err(UploadError::Busy);
        };
        let file = self.collect(body).await?;
        self.decode(file, place).await
    }

    async fn collect<S, E>(&self, body: S) -> Result<Vec<u8>, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
    {
        let mut body = std::pin::pin!(body);
        let mut deadline = std::pin::pin!(sleep(self.patience.grace));
        let mut file = Vec::new();
        loop {
            let part = tokio::select! {
                part = body.next() => part,
                () = &mut deadline => return Err(UploadError::TooSlow),
            };
            let part = match part {
                None => return Ok(file),
                Some(part) => part.map_err(|_| UploadError::Interrupted)?,
            };
            if file.len() + part.len() > MAX_BYTES {
                return Err(Refused::TooLarge.into());
            }
            file.extend_from_slice(&part);
            let later = self.patience.per_kib.mul_f64(part.len() as f64 / 1024.0);
            let instant = deadline.deadline() + later;
            deadline.as_mut().reset(instant);
        }
    }

    /// Decodes on a blocking thread. Both permits go along: when the client hangs up, the memory is still in use.
    async fn decode(&self, file: Vec<u8>, place: OwnedSemaphorePermit) -> Result<Upload, UploadError> {
        let decoder = Arc::clone(&self.decoders).acquire_owned().await.map_err(|_| UploadError::Busy)?;
        let decoded = tokio::task::spawn_blocking(move || {
            let picture = picture::accept(&file);
            drop((file, decoder));
            picture.map(|picture| Upload { picture, _place: place })
        });
        match decoded.await {
            Ok(outcome) => Ok(outcome?),
            // A decoder that gives up on a file by panicking must not take the request down with it.
            Err(panicked) if panicked.is_panic() => Err(Refused::Corrupt.into()),
            Err(_) => Err(UploadError::Interrupted),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use image::{ImageFormat, RgbImage};

    use super::*;

    type Part = Result<Bytes, &'static str>;

    fn png() -> Vec<u8> {
        let mut file = std::io::Cursor::new(Vec::new());
        RgbImage::new(8, 6).write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    fn parts(file: &[u8], size: usize) -> impl Stream<Item = Part> + use<> {
        let parts = file.chunks(size).map(|part| Ok(Bytes::copy_from_slice(part)));
        stream::iter(parts.collect::<Vec<Part>>())
    }

    fn impatient(at_once: usize) -> Uploads {
        let patience = Patience {
            place: Duration::from_millis(20),
            grace: Duration::from_millis(100),
            per_kib: Duration::from_secs(60),
        };
        Uploads { patience, ..Uploads::new(at_once, 1) }
    }

    #[tokio::test]
    async fn a_photo_in_many_parts_is_put_together() {
        let upload = Uploads::new(1, 1).take_in(parts(&png(), 7)).await.unwrap();
        assert_eq!((upload.picture.width, upload.picture.height), (8, 6));
    }

    #[tokio::test]
    async fn what_is_no_photo_is_refused_and_gives_its_place_back() {
        let uploads = impatient(1);
        for _ in 0..3 {
            let refused = uploads.take_in(parts(b"no photo", 3)).await.unwrap_err();
            assert_eq!(refused, UploadError::Refused(Refused::UnknownType));
        }
    }

    #[tokio::test]
    async fn an_endless_body_is_cut_at_ten_megabytes() {
        let read = std::cell::Cell::new(0);
        let endless = stream::repeat_with(|| {
            read.set(read.get() + 1);
            Part::Ok(Bytes::from_static(&[0xff; 65_536]))
        });
        let refused = Uploads::new(1, 1).take_in(endless).await.unwrap_err();
        assert_eq!(refused, UploadError::Refused(Refused::TooLarge));
        assert_eq!(read.get(), MAX_BYTES / 65_536 + 1);
    }

    #[tokio::test]
    async fn a_broken_body_is_an_interruption() {
        let broken = stream::iter([Ok(Bytes::from_static(b"\xff\xd8")), Err("reset")]);
        assert_eq!(Uploads::new(1, 1).take_in(broken).await.unwrap_err(), UploadError::Interrupted);
    }

    #[tokio::test]
    async fn a_silent_body_ends_and_a_slow_but_steady_one_is_served() {
        let uploads = impatient(1);
        let silent = uploads.take_in(stream::pending::<Part>()).await;
        assert_eq!(silent.unwrap_err(), UploadError::TooSlow);
        // Longer than the grace in all, yet each part buys more time than it takes.
        let steady = parts(&png(), 8).then(|part| async {
            sleep(Duration::from_millis(20)).await;
            part
        });
        assert!(uploads.take_in(steady).await.is_ok());
    }

    #[tokio::test]
    async fn whoever_finds_no_place_is_told_so_until_a_photo_is_stored() {
        let uploads = impatient(1);
        let first = uploads.take_in(parts(&png(), 64)).await.unwrap();
        assert_eq!(uploads.take_in(parts(&png(), 64)).await.unwrap_err(), UploadError::Busy);
        drop(first);
        assert!(uploads.take_in(parts(&png(), 64)).await.is_ok());
    }
}
