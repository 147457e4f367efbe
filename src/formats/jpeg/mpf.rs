//! The index of further pictures in one file (CIPA DC-007, Multi-Picture Format): which lies where and what it is for.
//!
//! The index goes with its pictures; it is read for their names in the report only, so a broken one just names less.

use crate::policy::Class;

/// Pictures of one index; cameras write a few, panoramas some dozens.
const MOST_PICTURES: usize = 1_000;

/// The index as it is found in its APP2 segment.
#[derive(Default)]
pub(super) struct Index {
    pictures: Vec<Picture>,
}

/// One entry of the index (DC-007 section 5.2.3.3).
#[derive(Clone, Copy)]
struct Picture {
    /// What it is for: the lower 24 bits of its attributes.
    purpose: u32,
    /// Where it begins in the file.
    start: usize,
    size: usize,
}

impl Index {
    /// Reads the index from the TIFF structure behind the identifier `MPF`, which begins at `at` in the file: offsets count
    /// from there.
    pub(super) fn read(tiff: &[u8], at: usize) -> Option<Self> {
        let little = tiff.starts_with(b"II");
        let long = |from: usize| -> Option<usize> {
            let bytes: [u8; 4] = tiff.get(from..from.checked_add(4)?)?.try_into().ok()?;
            usize::try_from(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
        };
        let short = |from: usize| -> Option<u16> {
            let bytes: [u8; 2] = tiff.get(from..from.checked_add(2)?)?.try_into().ok()?;
            Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
        };
        let directory = long(4)?;
        let entries = (0..usize::from(short(directory)?)).map_while(|index| {
            let entry = index.checked_mul(12)?.checked_add(directory)?.checked_add(2)?;
            Some((short(entry)?, long(entry.checked_add(4)?)?, long(entry.checked_add(8)?)?))
        });
        // MP Entry: sixteen bytes for each picture.
        let (_, size, list) = entries.take(64).find(|(tag, ..)| *tag == 0xb002)?;
        let pictures = (0..(size / 16).min(MOST_PICTURES)).map_while(|index| {
            let entry = index.checked_mul(16)?.checked_add(list)?;
            let purpose = u32::try_from(long(entry)? & 0x00ff_ffff).ok()?;
            let (size, offset) = (long(entry.checked_add(4)?)?, long(entry.checked_add(8)?)?);
            // The first picture has the offset 0 and is the one that stays.
            let start = if offset == 0 { 0 } else { offset.checked_add(at)? };
            Some(Picture { purpose, start, size })
        });
        Some(Self { pictures: pictures.collect() })
    }

    /// Number (from 1), class and purpose of the picture of this size that begins at `start`. Programs that move the pictures
    /// leave the offsets as they were; then its size alone tells which it is.
    pub(super) fn find(&self, start: usize, size: usize) -> Option<(usize, Class, &'static str)> {
        let further = || self.pictures.iter().enumerate().skip(1);
        let found = further().find(|(_, picture)| picture.start == start);
        let (index, picture) = found.or_else(|| further().find(|(_, picture)| picture.size == size))?;
        let (class, title) = purpose(picture.purpose);
        Some((index.saturating_add(1), class, title))
    }
}

/// What the types of the specification are called (DC-007 table 4, and those added since); an undefined one has no name.
fn purpose(code: u32) -> (Class, &'static str) {
    match code {
        0x01_0000..=0x01_ffff => (Class::ContentThumbnails, "large thumbnail"),
        0x02_0001 => (Class::ContentSecondaryImages, "frame of a panorama"),
        0x02_0002 => (Class::ContentSecondaryImages, "disparity"),
        0x02_0003 => (Class::ContentSecondaryImages, "another angle"),
        0x04_0000 => (Class::ContentSecondaryImages, "preserved original"),
        0x05_0000 => (Class::ContentSecondaryImages, "gain map"),
        _ => (Class::ContentSecondaryImages, ""),
    }
}
