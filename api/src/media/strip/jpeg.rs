//! JPEG: a walk over all its segments and scans to the end marker. What a decoder needs is kept, the colour profile too.
//! Libraries that stop at the first scan would leave what stands between the scans of a progressive file.

use image::metadata::Orientation;
use img_parts::jpeg::markers;

use super::{EXIF_PREFIX, Stripped, minimal_exif, orientation_in};
use crate::media::picture::Refused;

/// Encoders write about ten scans. A file of ten thousand tiny ones takes minutes to decode.
const MAX_SCANS: usize = 100;

/// Temporary use in arithmetic coding: a marker without a length.
const TEM: u8 = 0x01;

const JFIF: &[u8] = b"JFIF\0";
const ADOBE: &[u8] = b"Adobe";
const ICC: &[u8] = b"ICC_PROFILE\0";

pub(super) fn strip(file: &[u8]) -> Result<Stripped, Refused> {
    let mut walk = Walk {
        rest: file.strip_prefix(&[markers::P, markers::SOI]).ok_or(Refused::Corrupt)?,
        kept: Vec::with_capacity(file.len()),
        orientation: Orientation::NoTransforms,
        scans: 0,
    };
    while walk.step()? {}
    Ok(walk.finish())
}

struct Walk<'a> {
    rest: &'a [u8],
    /// What is kept after the start marker.
    kept: Vec<u8>,
    orientation: Orientation,
    scans: usize,
}

impl<'a> Walk<'a> {
    /// Handles one marker with what belongs to it; false after the end marker. What follows that is never looked at.
    fn step(&mut self) -> Result<bool, Refused> {
        match self.next_marker()? {
            markers::EOI => return Ok(false),
            // Nothing in a stream between segments needs these.
            markers::RST0..=markers::RST7 | TEM => {}
            markers::SOI => return Err(Refused::Corrupt),
            marker => self.segment(marker)?,
        }
        Ok(true)
    }

    fn next_marker(&mut self) -> Result<u8, Refused> {
        let rest = self.rest.strip_prefix(&[markers::P]).ok_or(Refused::Corrupt)?;
        let fill = rest.iter().take_while(|byte| **byte == markers::P).count();
        let (marker, rest) = rest[fill..].split_first().ok_or(Refused::Corrupt)?;
        self.rest = rest;
        Ok(*marker)
    }

    fn segment(&mut self, marker: u8) -> Result<(), Refused> {
        let contents = self.contents()?;
        match marker {
            markers::APP1 => self.read_orientation(contents),
            markers::APP0 if contents.starts_with(JFIF) => self.keep_jfif(contents),
            markers::APP14 if contents.starts_with(ADOBE) => self.keep(marker, &contents[..contents.len().min(12)]),
            markers::APP2 if contents.starts_with(ICC) => self.keep(marker, contents),
            markers::SOS => {
                self.keep(marker, contents);
                self.keep_scan()?;
            }
            markers::SOF0..=markers::SOF15 | markers::DQT..=markers::EXP => self.keep(marker, contents),
            // Other applications' data, comments, and markers that no decoder here understands.
            _ => {}
        }
        Ok(())
    }

    fn contents(&mut self) -> Result<&'a [u8], Refused> {
        let (length, rest) = self.rest.split_first_chunk::<2>().ok_or(Refused::Corrupt)?;
        let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2).ok_or(Refused::Corrupt)?;
        let (contents, rest) = rest.split_at_checked(length).ok_or(Refused::Corrupt)?;
        self.rest = rest;
        Ok(contents)
    }

    fn keep(&mut self, marker: u8, contents: &[u8]) {
        write_segment(&mut self.kept, marker, contents);
    }

    /// The JFIF header without the little picture it may hold, which can show what was cut away later.
    fn keep_jfif(&mut self, contents: &[u8]) {
        if let Some(header) = contents.first_chunk::<14>() {
            let mut header = *header;
            header[12..].fill(0);
            self.keep(markers::APP0, &header);
        }
    }

    fn read_orientation(&mut self, contents: &[u8]) {
        if contents.starts_with(EXIF_PREFIX) && self.orientation == Orientation::NoTransforms {
            self.orientation = orientation_in(contents).unwrap_or(Orientation::NoTransforms);
        }
    }

    /// Keeps the coded data up to the next marker that is not part of it.
    fn keep_scan(&mut self) -> Result<(), Refused> {
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return Err(Refused::Corrupt);
        }
        let is_marker = |pair: &[u8]| pair[0] == markers::P && !matches!(pair[1], 0 | markers::RST0..=markers::RST7);
        let end = self.rest.windows(2).position(is_marker).ok_or(Refused::Corrupt)?;
        let (data, rest) = self.rest.split_at(end);
        self.kept.extend(data);
        self.rest = rest;
        Ok(())
    }

    fn finish(self) -> Stripped {
        let mut bytes = vec![markers::P, markers::SOI];
        if let Some(exif) = minimal_exif(self.orientation) {
            write_segment(&mut bytes, markers::APP1, &[EXIF_PREFIX, &exif].concat());
        }
        bytes.extend(self.kept);
        bytes.extend([markers::P, markers::EOI]);
        Stripped { bytes, orientation: self.orientation }
    }
}

fn write_segment(file: &mut Vec<u8>, marker: u8, contents: &[u8]) {
    let length = u16::try_from(contents.len() + 2).expect("nothing longer than the segment it was read from");
    file.extend([markers::P, marker]);
    file.extend(length.to_be_bytes());
    file.extend(contents);
}
