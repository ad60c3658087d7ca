//! Takes out of a picture's file everything that is not the picture: where and when it was made, by whom, with what, and
//! whatever hangs on behind its end. The pixels are not touched. Decoding is not done here.

mod jpeg;
mod png;
mod webp;

use image::metadata::Orientation;
use img_parts::Bytes;

use super::picture::{Format, Refused};

/// A file without what it should not tell.
pub(super) struct Stripped {
    pub(super) bytes: Vec<u8>,
    /// How the picture must be turned to be seen upright. It is still said in the file, as the only thing.
    pub(super) orientation: Orientation,
}

/// Strips a file of the given format. What cannot be understood to its end is refused.
pub(super) fn strip(bytes: Bytes, format: Format) -> Result<Stripped, Refused> {
    match format {
        Format::Jpeg => jpeg::strip(&bytes),
        Format::Png => png::strip(bytes),
        Format::Webp => webp::strip(bytes),
    }
}

/// The marker before EXIF in a JPEG, and by mistake in some WebP files.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";

/// The orientation that an EXIF block says, with or without its prefix.
fn orientation_in(exif: &[u8]) -> Option<Orientation> {
    Orientation::from_exif_chunk(exif.strip_prefix(EXIF_PREFIX).unwrap_or(exif))
}

/// An EXIF block that says the orientation and nothing else, where there is something to say.
fn minimal_exif(orientation: Orientation) -> Option<Vec<u8>> {
    if orientation == Orientation::NoTransforms {
        return None;
    }
    let mut exif = b"II*\0\x08\0\0\0\x01\0".to_vec();
    // Tag 0x0112, one SHORT, the value padded to four bytes; then no further directory.
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation.to_exif(), 0, 0, 0]);
    exif.extend([0; 4]);
    Some(exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimal_exif_says_every_orientation_back() {
        for value in 2..=8 {
            let orientation = Orientation::from_exif(value).unwrap();
            let exif = minimal_exif(orientation).unwrap();
            assert_eq!(exif.len(), 26);
            assert_eq!(orientation_in(&exif), Some(orientation));
            assert_eq!(orientation_in(&[EXIF_PREFIX, &exif].concat()), Some(orientation));
        }
        assert_eq!(minimal_exif(Orientation::NoTransforms), None);
    }
}
