//! WebP: the picture, its transparency and its colour profile are kept, one of each; the header is made to say so.
//! Moving pictures are refused: a photo does not move, and taking one frame out of it would be another picture.

use image::metadata::Orientation;
use img_parts::Bytes;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{
    CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_EXIF, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X, WebP,
};

use super::{Stripped, minimal_exif, orientation_in};
use crate::media::picture::Refused;

const FLAG_ICC: u8 = 0b0010_0000;
const FLAG_ALPHA: u8 = 0b0001_0000;
const FLAG_EXIF: u8 = 0b0000_1000;
const FLAG_ANIMATION: u8 = 0b0000_0010;

pub(super) fn strip(file: Bytes) -> Result<Stripped, Refused> {
    // The library reads as far as the header says the file goes, and drops what follows.
    let mut webp = WebP::from_bytes(file).map_err(|_| Refused::Corrupt)?;
    let header = data_of(&webp, CHUNK_VP8X);
    let flags = header.as_ref().and_then(|header| header.first().copied()).unwrap_or(0);
    if flags & FLAG_ANIMATION != 0 || webp.has_chunk(CHUNK_ANIM) || webp.has_chunk(CHUNK_ANMF) {
        return Err(Refused::Animated);
    }
    let orientation =
        data_of(&webp, CHUNK_EXIF).and_then(|exif| orientation_in(&exif)).unwrap_or(Orientation::NoTransforms);
    // Only a file with the extended header may hold anything but the picture.
    let exif = header.as_ref().and_then(|_| minimal_exif(orientation)).map(Bytes::from);
    let orientation = if exif.is_some() { orientation } else { Orientation::NoTransforms };

    let kept = match header {
        Some(header) => extended(&webp, &header, flags, exif)?,
        None => vec![picture_of(&webp)?],
    };
    *webp.chunks_mut() = kept;
    Ok(Stripped { bytes: webp.encoder().bytes().into(), orientation })
}

fn extended(webp: &WebP, header: &[u8], flags: u8, exif: Option<Bytes>) -> Result<Vec<RiffChunk>, Refused> {
    let canvas = header.get(4..10).ok_or(Refused::Corrupt)?;
    let profile = data_of(webp, CHUNK_ICCP);
    let flag = |flag: u8, set: bool| if set { flag } else { 0 };
    let flags = flags & FLAG_ALPHA | flag(FLAG_ICC, profile.is_some()) | flag(FLAG_EXIF, exif.is_some());
    let header = [&[flags, 0, 0, 0], canvas].concat();

    // The order is the standard's.
    let mut kept = vec![chunk(CHUNK_VP8X, header.into())];
    kept.extend(profile.map(|profile| chunk(CHUNK_ICCP, profile)));
    kept.extend(data_of(webp, CHUNK_ALPH).map(|alpha| chunk(CHUNK_ALPH, alpha)));
    kept.push(picture_of(webp)?);
    kept.extend(exif.map(|exif| chunk(CHUNK_EXIF, exif)));
    Ok(kept)
}

fn picture_of(webp: &WebP) -> Result<RiffChunk, Refused> {
    let picture = |id| data_of(webp, id).map(|data| chunk(id, data));
    picture(CHUNK_VP8).or_else(|| picture(CHUNK_VP8L)).ok_or(Refused::Corrupt)
}

fn data_of(webp: &WebP, id: [u8; 4]) -> Option<Bytes> {
    webp.chunk_by_id(id)?.content().data().cloned()
}

fn chunk(id: [u8; 4], data: Bytes) -> RiffChunk {
    RiffChunk::new(id, RiffContent::Data(data))
}
