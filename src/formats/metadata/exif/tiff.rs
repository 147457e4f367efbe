//! The TIFF structure of an EXIF: numbers in its byte order, entries, values (TIFF 6.0 section 2).

use crate::formats::metadata::{MOST_TEXT, text_or_latin1};

/// One value of a directory.
pub(super) struct Entry<'a> {
    pub(super) tag: u16,
    /// Field type, TIFF 6.0 section 2: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, …
    pub(super) kind: u16,
    pub(super) count: u32,
    /// The bytes of the value; empty when they lie outside of the EXIF.
    pub(super) data: &'a [u8],
    /// Where the value begins in the EXIF, if it lies there.
    pub(super) at: Option<usize>,
}

/// The bytes of a TIFF structure in their byte order.
#[derive(Clone, Copy)]
pub(super) struct Tiff<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) big_endian: bool,
}

impl<'a> Tiff<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"II*\0" => Some(Self { bytes, big_endian: false }),
            b"MM\0*" => Some(Self { bytes, big_endian: true }),
            _ => None,
        }
    }

    pub(super) fn short(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn long(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(super) fn offset(&self, at: usize) -> Option<usize> {
        self.long(at).and_then(|offset| usize::try_from(offset).ok())
    }

    /// The entry whose twelve bytes begin at `at`.
    pub(super) fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let (tag, kind) = (self.short(at)?, self.short(at.checked_add(2)?)?);
        let count = self.long(at.checked_add(4)?)?;
        let value_at = at.checked_add(8)?;
        self.long(value_at)?; // the entry itself must be there as a whole
        let unit: usize = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 0,
        };
        let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(unit)).unwrap_or(usize::MAX);
        let start = if size <= 4 { value_at } else { self.offset(value_at)? };
        let data = start.checked_add(size).and_then(|end| self.bytes.get(start..end)).unwrap_or_default();
        Some(Entry { tag, kind, count, data, at: Some(start) })
    }

    /// The unsigned numbers of a RATIONAL value as fractions.
    pub(super) fn rationals(&self, data: &'a [u8]) -> Vec<f64> {
        let within = Tiff { bytes: data, big_endian: self.big_endian };
        (0..data.len().min(64))
            .step_by(8)
            .filter_map(|at| {
                let (above, below) = (within.long(at)?, within.long(at.checked_add(4)?)?);
                (below != 0).then(|| f64::from(above) / f64::from(below))
            })
            .collect()
    }
}

impl Entry<'_> {
    /// The value as text, where it is one.
    pub(super) fn text(&self, big_endian: bool) -> Option<String> {
        let data = self.data.get(..self.data.len().min(MOST_TEXT))?;
        let text = match (self.tag, self.kind) {
            (0x9c9b..=0x9c9f, 1 | 7) => encoding_rs::UTF_16LE.decode_without_bom_handling(data).0.into_owned(),
            (0x9286, 7) => match data.split_at_checked(8)? {
                (b"UNICODE\0", text) if big_endian => {
                    encoding_rs::UTF_16BE.decode_without_bom_handling(text).0.into_owned()
                }
                (b"UNICODE\0", text) => encoding_rs::UTF_16LE.decode_without_bom_handling(text).0.into_owned(),
                (_, text) => text_or_latin1(text),
            },
            (_, 2) => text_or_latin1(data),
            _ => return None,
        };
        Some(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned())
    }
}
