//! Files that are no pictures, no longer whole, or made to harm.

use img_parts::jpeg::markers;
use img_parts::png::{Png, PngChunk};
use proptest::prelude::*;

use super::tests::{jpeg, phone_jpeg, png, webp};
use super::*;

#[test]
fn what_is_said_of_a_file_does_not_count_only_what_it_is() {
    for (name, file) in [
        ("nothing", b"".as_slice()),
        ("a web page", b"<html><script>alert(1)</script></html>"),
        ("a drawing that can hold scripts", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;"),
        ("a sound in the same container as WebP", b"RIFF\x04\0\0\0WAVE"),
    ] {
        assert_eq!(accept(file), Err(Refused::UnknownType), "{name}");
    }
    assert_eq!(accept(&vec![0xff; MAX_BYTES + 1]), Err(Refused::TooLarge));
}

#[test]
fn pictures_that_would_unfold_to_gigabytes_are_refused_by_their_header() {
    let png_of = |width: u32, height: u32, colours: &[u8; 5]| {
        let header = [&width.to_be_bytes(), &height.to_be_bytes(), colours.as_slice()].concat();
        let mut parts = Png::from_bytes(png(1, 1).into()).unwrap();
        parts.chunks_mut()[0] = PngChunk::new(*b"IHDR", header.into());
        parts.encoder().bytes().to_vec()
    };
    let mut jpeg = jpeg(16, 16);
    let frame = jpeg.windows(2).position(|pair| pair == [markers::P, markers::SOF0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x3f, 0xff, 0x3f, 0xff]);
    // 16,383 pixels a side, almost the most a lossless WebP can say.
    let webp = b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\xfe\xbf\xff\x0f\0".to_vec();
    for (name, file) in [
        ("a PNG of 10,000 megapixels", png_of(100_000, 100_000, b"\x08\x02\0\0\0")),
        ("a PNG of 100 megapixels", png_of(10_000, 10_000, b"\x08\0\0\0\0")),
        ("a PNG of 49 megapixels at 8 bytes", png_of(7_000, 7_000, b"\x10\x06\0\0\0")),
        ("a long thin PNG", png_of(20_001, 1, b"\x08\0\0\0\0")),
        ("a JPEG of 268 megapixels", jpeg),
        ("a WebP of 268 megapixels", webp),
    ] {
        assert_eq!(accept(&file), Err(Refused::TooManyPixels), "{name}");
    }
}

#[test]
fn cut_files_are_refused_wherever_they_are_cut() {
    for file in [jpeg(24, 16), png(24, 16), webp(24, 16)] {
        assert!(accept(&file).is_ok());
        for end in 0..file.len() {
            assert!(accept(&file[..end]).is_err(), "cut at {end} of {}", file.len());
        }
    }
}

fn any_sample() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(phone_jpeg(6)), Just(jpeg(9, 7)), Just(png(9, 7)), Just(webp(9, 7))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(
        start in prop::sample::select(vec![
            b"".as_slice(), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = accept(&[start, &rest].concat());
    }

    #[test]
    fn spoiled_pictures_never_panic_and_what_is_taken_can_be_taken_again(
        mut file in any_sample(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        doubled in any::<bool>(),
    ) {
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if doubled {
            let tail = file.split_off(cut.index(file.len()));
            file = [&file[..], &tail, &tail].concat();
        }
        if let Ok(taken) = accept(&file) {
            prop_assert_eq!(accept(&taken.bytes), Ok(taken));
        }
    }
}
