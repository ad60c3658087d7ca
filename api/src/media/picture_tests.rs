//! Pictures made on the spot, spoiled in the ways that phones, tools and attackers spoil them.

use image::codecs::webp::WebPEncoder;
use image::{ImageReader, Rgba, RgbaImage};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_VP8X, CHUNK_XMP, WebP};
use img_parts::{Bytes, ImageEXIF, ImageICC};

use super::*;

/// Red in the top left quarter, green elsewhere.
fn sample(width: u32, height: u32) -> DynamicImage {
    let red = |x, y| x < width / 2 && y < height / 2;
    RgbImage::from_fn(width, height, |x, y| if red(x, y) { Rgb([250, 5, 5]) } else { Rgb([5, 250, 5]) }).into()
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 90).encode_image(&sample(width, height)).unwrap();
    file
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    sample(width, height).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

pub(super) fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    sample(width, height).write_with_encoder(WebPEncoder::new_lossless(&mut file)).unwrap();
    file
}

/// What a phone writes: an orientation, its maker, and where it was (the rationals hold 0xDEADBEEF).
fn exif_with_gps(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    exif.extend(b"\x01\x0f\0\x02\0\0\0\x0b\0\0\0\x32"); // Make, 11 letters at 50
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x3e"); // the GPS directory at 62
    exif.extend([0; 4]);
    exif.extend(b"PhoneMaker\0\0");
    exif.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0"); // two entries; north
    exif.extend(b"\0\x02\0\x05\0\0\0\x03\0\0\0\x5c\0\0\0\0"); // latitude at 92
    exif.extend([0xde, 0xad, 0xbe, 0xef].repeat(6));
    exif.extend(b"GPSLatitude");
    exif
}

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude=\"39,54.4N\"/>";
const PROFILE: &[u8] = b"0123456789abcdefRGB a profile of colours";
/// What must not be found in a cleaned file.
const TELLTALES: [&[u8]; 8] =
    [b"GPS", b"\xde\xad\xbe\xef", b"PhoneMaker", b"39,54", b"Beijing", b"at home", b"PK\x03\x04", b"ns.adobe"];

fn contains(file: &[u8], needle: &[u8]) -> bool {
    file.windows(needle.len()).any(|window| window == needle)
}

fn assert_clean(file: &[u8]) {
    for telltale in TELLTALES {
        assert!(!contains(file, telltale), "still holds {:?}", String::from_utf8_lossy(telltale));
    }
}

fn pixels(file: &[u8]) -> DynamicImage {
    ImageReader::new(Cursor::new(file)).with_guessed_format().unwrap().decode().unwrap()
}

pub(super) fn phone_jpeg(orientation: u8) -> Vec<u8> {
    let segment = |marker, contents: &[u8]| JpegSegment::new_with_contents(marker, Bytes::copy_from_slice(contents));
    let mut file = Jpeg::from_bytes(jpeg(400, 200).into()).unwrap();
    file.set_exif(Some(exif_with_gps(orientation).into()));
    file.set_icc_profile(Some(Bytes::from_static(PROFILE)));
    for (marker, contents) in [
        (markers::APP1, XMP),
        (markers::APP2, b"MPF\0at home".as_slice()),
        (markers::APP13, b"Photoshop 3.0\x008BIM Beijing"),
        (markers::COM, b"taken at home"),
        (markers::APP0, b"JFXX\0\x10at home"),
        (markers::APP14, b"Adobe\0\x64\0\0\0\0\x01 at home"),
        (markers::JPG0, b"Beijing"),
    ] {
        file.segments_mut().insert(1, segment(marker, contents));
    }
    let mut file = file.encoder().bytes().to_vec();
    file.truncate(file.len() - 2);
    file.extend(b"\xff\xfe\0\x09at home\xff\xd9"); // a comment behind the scan
    file.extend(b"PK\x03\x04 an archive behind the end, and GPS");
    file
}

#[test]
fn a_phones_jpeg_loses_where_it_was_and_nothing_of_its_pixels() {
    let original = phone_jpeg(6);
    assert!(TELLTALES.iter().all(|telltale| contains(&original, telltale)), "the test's picture tells all");
    let picture = accept(&original).unwrap();
    assert_eq!(picture.content_type, "image/jpeg");
    assert_clean(&picture.bytes);
    assert_clean(&picture.thumbnail);
    assert_eq!(pixels(&picture.bytes), pixels(&original));
    let cleaned = Jpeg::from_bytes(picture.bytes.into()).unwrap();
    assert_eq!(cleaned.icc_profile().unwrap(), PROFILE);
    assert_eq!(cleaned.exif().unwrap().len(), 26, "the orientation alone");
}

#[test]
fn a_turned_jpeg_says_how_and_its_thumbnail_stands_upright() {
    let picture = accept(&phone_jpeg(6)).unwrap();
    assert_eq!((picture.width, picture.height), (200, 400));
    let exif = Jpeg::from_bytes(picture.bytes.clone().into()).unwrap().exif().unwrap();
    assert_eq!(Orientation::from_exif_chunk(&exif), Some(Orientation::Rotate90));
    let thumbnail = pixels(&picture.thumbnail).to_rgb8();
    assert_eq!(thumbnail.dimensions(), (160, 320));
    // Turned right by a quarter, the red top left comes to the top right.
    let [left, right] = [20, 140].map(|x| thumbnail.get_pixel(x, 20).0);
    assert!(right[0] > 200 && left[0] < 60, "{left:?} {right:?}");
}

#[test]
fn a_straight_jpeg_keeps_no_exif_at_all() {
    let picture = accept(&phone_jpeg(1)).unwrap();
    assert_eq!((picture.width, picture.height), (400, 200));
    assert!(!contains(&picture.bytes, b"Exif"));
}

#[test]
fn the_little_picture_in_a_jfif_header_goes() {
    let file = jpeg(40, 20);
    let mut parts = Jpeg::from_bytes(file.into()).unwrap();
    let header = [b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x02".as_slice(), b"at homeat home"].concat();
    parts.segments_mut().retain(|segment| segment.marker() != markers::APP0);
    parts.segments_mut().insert(0, JpegSegment::new_with_contents(markers::APP0, header.into()));
    let picture = accept(&parts.encoder().bytes()).unwrap();
    assert_clean(&picture.bytes);
    let parts = Jpeg::from_bytes(picture.bytes.into()).unwrap();
    assert_eq!(parts.segments()[0].contents().as_ref(), b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
}

#[test]
fn a_jpeg_of_a_thousand_scans_is_refused() {
    let file = jpeg(16, 16);
    let scan_at = file.windows(2).position(|pair| pair == [markers::P, markers::SOS]).unwrap();
    let scan = file[scan_at..file.len() - 2].repeat(1000);
    let file = [&file[..scan_at], &scan, &[markers::P, markers::EOI]].concat();
    assert_eq!(accept(&file), Err(Refused::Corrupt));
}

#[test]
fn a_png_keeps_its_colours_and_loses_its_texts_times_and_frames() {
    let mut parts = Png::from_bytes(png(30, 20).into()).unwrap();
    let chunk = |kind: &[u8; 4], contents: &[u8]| PngChunk::new(*kind, Bytes::copy_from_slice(contents));
    for extra in [
        chunk(b"tEXt", b"Comment\0at home"),
        chunk(b"zTXt", b"Beijing"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0GPS"),
        chunk(b"eXIf", &exif_with_gps(8)),
        chunk(b"tIME", b"\x07\xea\x0b\x17\x0c\0\0"),
        chunk(b"acTL", b"\0\0\0\x02\0\0\0\0"),
        chunk(b"prVt", b"PK\x03\x04"),
        chunk(b"gAMA", b"\0\0\xb1\x8f"),
    ] {
        parts.chunks_mut().insert(1, extra);
    }
    let original = [&parts.encoder().bytes()[..], b"PK\x03\x04"].concat();
    let picture = accept(&original).unwrap();
    assert_eq!((picture.content_type, picture.width, picture.height), ("image/png", 20, 30));
    assert_clean(&picture.bytes);
    assert_eq!(pixels(&picture.bytes), pixels(&original));
    let kinds: Vec<[u8; 4]> =
        Png::from_bytes(picture.bytes.into()).unwrap().chunks().iter().map(PngChunk::kind).collect();
    assert_eq!(kinds, [*b"IHDR", *b"eXIf", *b"gAMA", *b"IDAT", *b"IEND"]);
}

#[test]
fn a_webp_loses_exif_and_xmp_and_its_header_says_so() {
    let mut parts = WebP::from_bytes(webp(30, 20).into()).unwrap();
    parts.set_exif(Some(exif_with_gps(1).into()));
    parts.set_icc_profile(Some(Bytes::from_static(PROFILE)));
    let xmp = RiffContent::Data(Bytes::from_static(XMP));
    parts.chunks_mut().push(RiffChunk::new(CHUNK_XMP, xmp));
    parts.chunks_mut().push(RiffChunk::new(*b"home", RiffContent::Data(Bytes::from_static(b"at home"))));
    let original = [&parts.encoder().bytes()[..], b"PK\x03\x04"].concat();
    let picture = accept(&original).unwrap();
    assert_eq!((picture.content_type, picture.width, picture.height), ("image/webp", 30, 20));
    assert_clean(&picture.bytes);
    assert_eq!(pixels(&picture.bytes), pixels(&original));
    let cleaned = WebP::from_bytes(picture.bytes.into()).unwrap();
    let flags = cleaned.chunk_by_id(CHUNK_VP8X).unwrap().content().data().unwrap()[0];
    assert_eq!(flags & 0b0010_1110, 0b0010_0000, "a colour profile; no EXIF, no XMP, no animation");
    assert_eq!(cleaned.icc_profile().unwrap(), PROFILE);
}

#[test]
fn a_turned_webp_says_how_and_nothing_else() {
    let mut parts = WebP::from_bytes(webp(30, 20).into()).unwrap();
    parts.set_exif(Some(exif_with_gps(6).into()));
    let picture = accept(&parts.encoder().bytes()).unwrap();
    assert_eq!((picture.width, picture.height), (20, 30));
    assert_clean(&picture.bytes);
    assert_eq!(WebP::from_bytes(picture.bytes.into()).unwrap().exif().unwrap().len(), 26);
}

#[test]
fn a_moving_webp_is_refused() {
    let mut parts = WebP::from_bytes(webp(30, 20).into()).unwrap();
    parts.chunks_mut().insert(0, RiffChunk::new(*b"ANIM", RiffContent::Data(Bytes::from_static(&[0; 6]))));
    assert_eq!(accept(&parts.encoder().bytes()), Err(Refused::Animated));
}

#[test]
fn thumbnails_shrink_and_never_grow() {
    for ((width, height), expected) in
        [((400, 200), (320, 160)), ((100, 50), (100, 50)), ((1, 1), (1, 1)), ((4000, 2), (320, 1))]
    {
        let thumbnail = pixels(&accept(&png(width, height)).unwrap().thumbnail);
        assert_eq!((thumbnail.width(), thumbnail.height()), expected);
    }
}

#[test]
fn transparent_parts_show_white_in_the_thumbnail() {
    let image = RgbaImage::from_pixel(16, 16, Rgba([0, 0, 0, 0]));
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    let thumbnail = pixels(&accept(&file.into_inner()).unwrap().thumbnail).to_rgb8();
    assert!(thumbnail.get_pixel(8, 8).0.iter().all(|channel| *channel > 250));
}

#[test]
fn thumbnails_take_over_a_small_profile_for_rgb() {
    let profile = |file: &[u8]| Jpeg::from_bytes(Bytes::copy_from_slice(file)).unwrap().icc_profile();
    let thumbnail = |profile: &[u8]| {
        let mut parts = Jpeg::from_bytes(jpeg(16, 16).into()).unwrap();
        parts.set_icc_profile(Some(Bytes::copy_from_slice(profile)));
        accept(&parts.encoder().bytes()).unwrap().thumbnail
    };
    assert_eq!(profile(&thumbnail(PROFILE)).unwrap(), PROFILE);
    assert_eq!(profile(&thumbnail(b"0123456789abcdefCMYK")), None);
    assert_eq!(profile(&thumbnail(&[PROFILE, &[0; MAX_THUMBNAIL_PROFILE]].concat())), None);
}
