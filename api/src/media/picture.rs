//! What a photo must be to be taken in, and what is made of it: a cleaned file and a thumbnail. A pure function of the
//! bytes; it may take a second and hundreds of megabytes, so [`super::upload`] decides when and where it runs.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use super::strip::{Stripped, strip};

/// The largest file taken.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest side, in pixels. JPEG could say 65,535, but no camera makes that.
pub const MAX_SIDE: u32 = 20_000;
/// The most pixels: what a phone of the largest resolution makes by default.
pub const MAX_PIXELS: u64 = 50_000_000;
/// The longest side of a thumbnail.
pub const THUMBNAIL_SIDE: u32 = 320;

/// The most memory a decoded picture may take: 50 megapixels of eight bits with transparency.
const MAX_DECODED_BYTES: u64 = 4 * MAX_PIXELS;
/// What a decoder may ask for in all, its working buffers included.
const MAX_DECODER_BYTES: u64 = 3 * MAX_DECODED_BYTES;
const THUMBNAIL_QUALITY: u8 = 80;
/// Phones' colour profiles have about 600 bytes. A larger one would outweigh the thumbnail.
const MAX_THUMBNAIL_PROFILE: usize = 8 * 1024;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the file is larger than 10 MB")]
    TooLarge,
    #[error("the file is not a JPEG, PNG or WebP picture")]
    UnknownType,
    #[error("the picture has more than 50 megapixels or a side longer than 20,000 pixels")]
    TooManyPixels,
    #[error("moving pictures are not taken")]
    Animated,
    #[error("the file is damaged or incomplete")]
    Corrupt,
}

/// A photo fit to be kept and shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub content_type: &'static str,
    /// The file as it came, without what it told about place, time and device.
    pub bytes: Vec<u8>,
    /// A JPEG of at most 320 pixels a side, upright.
    pub thumbnail: Vec<u8>,
    /// As the picture is seen, upright.
    pub width: u32,
    pub height: u32,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Picture { content_type, bytes, width, height, .. } = self;
        write!(formatter, "Picture({content_type}, {width}×{height}, {} bytes)", bytes.len())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Webp,
}

impl Format {
    /// The format by what the file begins with. What the sender says it is does not count.
    fn of(bytes: &[u8]) -> Option<Format> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Format::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Webp),
            _ => None,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
        }
    }
}

/// Takes a file in, or says why not. The cleaned file is what gets decoded, so what is stored is known to be whole.
pub fn accept(bytes: &[u8]) -> Result<Picture, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let format = Format::of(bytes).ok_or(Refused::UnknownType)?;
    let Stripped { bytes, orientation } = strip(bytes.to_vec().into(), format)?;
    let (image, profile) = decode(&bytes, format)?;
    let (width, height) = upright_size(&image, orientation);
    let thumbnail = thumbnail(&image, orientation, profile);
    Ok(Picture { content_type: format.content_type(), bytes, thumbnail, width, height })
}

fn decode(bytes: &[u8], format: Format) -> Result<(DynamicImage, Option<Vec<u8>>), Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(format));
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;

    // The header alone has been read so far: a small file that would unfold to gigabytes ends here.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(Refused::TooManyPixels);
    }
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    Ok((image, profile))
}

fn image_format(format: Format) -> ImageFormat {
    match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Webp => ImageFormat::WebP,
    }
}

fn refusal(error: image::ImageError) -> Refused {
    match error {
        image::ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Corrupt,
    }
}

fn upright_size(image: &DynamicImage, orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            (image.height(), image.width())
        }
        _ => (image.width(), image.height()),
    }
}

fn thumbnail(image: &DynamicImage, orientation: Orientation, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut small = if image.width().max(image.height()) > THUMBNAIL_SIDE {
        image.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    } else {
        image.clone()
    };
    small.apply_orientation(orientation);
    let small = on_white(&small);

    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, THUMBNAIL_QUALITY);
    if let Some(profile) = profile.filter(|profile| fits_thumbnail(profile)) {
        // Without it the colours of a phone's wide-gamut photo look pale; with it failing they only do that.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.encode_image(&small).expect("a small RGB picture can be written to memory");
    jpeg
}

/// A profile for grey or printing colours would be wrong for the RGB of the thumbnail.
fn fits_thumbnail(profile: &[u8]) -> bool {
    profile.len() <= MAX_THUMBNAIL_PROFILE && profile.get(16..20) == Some(b"RGB ")
}

/// JPEG has no transparency; what shows through is white, as on the screens where thumbnails are shown.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0.map(u32::from);
        let blend = |channel: u32| ((channel * alpha + 255 * (255 - alpha)) / 255) as u8;
        Rgb([blend(red), blend(green), blend(blue)])
    })
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "hostile_tests.rs"]
mod hostile_tests;
