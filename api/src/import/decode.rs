//! Text files in the encodings that Excel, WPS and property systems in China write: which one a file is in, and its
//! bytes as UTF-8, a buffer at a time.

use std::io::{self, Read};
use std::ops::Range;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

const BUFFER: usize = 64 * 1024;

/// The encoding of a whole text, read to its end; `None` when it is no text. A byte-order mark decides; without one it
/// is UTF-8 if every byte fits, else GB18030 if every byte fits.
pub(super) fn detect<R: Read>(mut open: impl FnMut() -> io::Result<R>) -> io::Result<Option<&'static Encoding>> {
    let mut start = Vec::with_capacity(3);
    open()?.take(3).read_to_end(&mut start)?;
    let candidates = match Encoding::for_bom(&start) {
        Some((marked, _)) => vec![marked],
        None => vec![UTF_8, GB18030],
    };
    for encoding in candidates {
        if is_text_in(encoding, open()?)? {
            return Ok(Some(encoding));
        }
    }
    Ok(None)
}

/// Whether all bytes fit the encoding and none is NUL, which no text holds.
fn is_text_in(encoding: &'static Encoding, source: impl Read) -> io::Result<bool> {
    let mut reader = Utf8Reader::new(source, encoding);
    let mut buffer = vec![0; BUFFER];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(read) if buffer[..read].contains(&0) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

/// Reads a source as UTF-8, without its byte-order mark. A byte that does not fit the encoding is an error of kind
/// `InvalidData`, never a replacement character in somebody's name.
pub(super) struct Utf8Reader<R> {
    source: R,
    decoder: Decoder,
    input: Box<[u8]>,
    /// What is in `input` and not yet decoded.
    undecoded: Range<usize>,
    output: Box<[u8]>,
    /// What is in `output` and not yet given out.
    decoded: Range<usize>,
    at_end: bool,
    finished: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        Utf8Reader {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; BUFFER].into(),
            undecoded: 0..0,
            output: vec![0; BUFFER].into(),
            decoded: 0..0,
            at_end: false,
            finished: false,
        }
    }

    fn decode_some(&mut self) -> io::Result<()> {
        if self.undecoded.is_empty() && !self.at_end {
            self.undecoded = 0..self.source.read(&mut self.input)?;
            self.at_end = self.undecoded.is_empty();
        }
        let pending = &self.input[self.undecoded.clone()];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(pending, &mut self.output, self.at_end);
        self.undecoded.start += read;
        self.decoded = 0..written;
        match result {
            DecoderResult::Malformed(..) => Err(io::Error::from(io::ErrorKind::InvalidData)),
            DecoderResult::InputEmpty => {
                self.finished = self.at_end;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoded.is_empty() && !self.finished {
            self.decode_some()?;
        }
        let count = self.decoded.len().min(buffer.len());
        let given = self.decoded.start..self.decoded.start + count;
        buffer[..count].copy_from_slice(&self.output[given]);
        self.decoded.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{UTF_16BE, UTF_16LE};
    use proptest::prelude::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        ['\u{FEFF}'].into_iter().chain(text.chars()).collect::<String>().encode_utf16().flat_map(to_bytes).collect()
    }

    fn detected(bytes: &[u8]) -> Option<&'static Encoding> {
        detect(|| Ok(bytes)).unwrap()
    }

    fn read(bytes: &[u8], encoding: &'static Encoding) -> io::Result<String> {
        let mut text = String::new();
        Utf8Reader::new(bytes, encoding).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn each_encoding_is_detected_and_read() {
        let text = "楼栋,房号,业主姓名\n1号楼,0101,欧阳𠮷\n";
        let (gb18030, ..) = GB18030.encode(text);
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), UTF_8),
            (format!("\u{FEFF}{text}").into_bytes(), UTF_8),
            (gb18030.into_owned(), GB18030),
            (utf16(text, u16::to_le_bytes), UTF_16LE),
            (utf16(text, u16::to_be_bytes), UTF_16BE),
        ] {
            assert_eq!(detected(&bytes), Some(encoding));
            assert_eq!(read(&bytes, encoding).unwrap(), text, "{}", encoding.name());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        assert_eq!(detected(b"\x00\x01\x02"), None);
        assert_eq!(detected(b"\x89PNG\r\n\x1a\n\x00\x00"), None);
        assert_eq!(detected(b"\xff\xff\xff"), None);
        assert_eq!(detected(b"\xff\xfea"), None, "half a character of UTF-16");
        assert!(read(b"\xd5", GB18030).is_err(), "half a character of GB18030");
    }

    #[test]
    fn characters_cut_by_the_buffer_are_whole() {
        let text = format!("a{}", "业主".repeat(BUFFER / 4));
        assert_eq!(read(text.as_bytes(), UTF_8).unwrap(), text);
        let (gb18030, ..) = GB18030.encode(&text);
        assert_eq!(read(&gb18030, GB18030).unwrap(), text);
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(encoding) = detected(&bytes) {
                prop_assert!(read(&bytes, encoding).is_ok());
            }
        }

        #[test]
        fn any_text_reads_back(text in "[^\u{0}\u{FEFF}]{0,50}") {
            prop_assert_eq!(read(text.as_bytes(), UTF_8).unwrap(), text.clone());
            prop_assert_eq!(read(&utf16(&text, u16::to_le_bytes), UTF_16LE).unwrap(), text);
        }
    }
}
