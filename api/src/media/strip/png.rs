//! PNG: only the chunks that make the picture and its colours are kept, so texts, times, animation frames and whatever
//! anyone invents later fall away.

use image::metadata::Orientation;
use img_parts::Bytes;
use img_parts::png::{Png, PngChunk};

use super::{Stripped, minimal_exif, orientation_in};
use crate::media::picture::Refused;

const KEPT: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
];

pub(super) fn strip(file: Bytes) -> Result<Stripped, Refused> {
    // The library checks every chunk's sum and drops what follows the end chunk.
    let mut png = Png::from_bytes(file).map_err(|_| Refused::Corrupt)?;
    let kind = |chunk: Option<&PngChunk>| chunk.map(PngChunk::kind);
    if kind(png.chunks().first()) != Some(*b"IHDR") || kind(png.chunks().last()) != Some(*b"IEND") {
        return Err(Refused::Corrupt);
    }
    let orientation = png
        .chunk_by_type(*b"eXIf")
        .and_then(|chunk| orientation_in(chunk.contents()))
        .unwrap_or(Orientation::NoTransforms);

    png.chunks_mut().retain(|chunk| KEPT.contains(&&chunk.kind()));
    empty_the_end(&mut png);
    if let Some(exif) = minimal_exif(orientation) {
        png.chunks_mut().insert(1, PngChunk::new(*b"eXIf", exif.into()));
    }
    Ok(Stripped { bytes: png.encoder().bytes().into(), orientation })
}

/// The end chunk holds nothing by the standard; here it is made sure of.
fn empty_the_end(png: &mut Png) {
    if let Some(end) = png.chunks_mut().last_mut() {
        *end = PngChunk::new(*b"IEND", Bytes::new());
    }
}
