//! A bitmap as its viewers read it.

use crate::prove::picture::EssenceHash;
use crate::prove::profile;
use crate::refusal::Refusal;

/// The little-endian number at a place.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes))
}

fn half(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<2>().map(|bytes| u32::from(u16::from_le_bytes(*bytes)))
}

/// A header and what it says.
pub(super) struct Bitmap<'a> {
    header: &'a [u8],
    /// The masks behind a header of version 1.
    masks: &'a [u8],
    pub(super) width: u64,
    /// Negative when the first row is the upper one.
    pub(super) height: i64,
    pub(super) depth: u32,
    compression: u32,
}

impl<'a> Bitmap<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = bytes.get(..usize::try_from(number(bytes, 0)?).ok()?)?;
        let (width, height, depth, compression) = if header.len() == 12 {
            (half(header, 4)?, i64::from(half(header, 6)?), half(header, 10)?, 0)
        } else {
            let height = i64::from(number(header, 8)?.cast_signed());
            (number(header, 4)?, height, half(header, 14)?, number(header, 16).unwrap_or(0))
        };
        let masks = if header.len() == 40 && compression == 3 { bytes.get(40..52)? } else { &[] };
        Some(Self { header, masks, width: u64::from(width), height, depth, compression })
    }

    /// Where the palette begins, counted from the header.
    pub(super) fn palette_from(&self) -> usize {
        self.header.len().saturating_add(self.masks.len())
    }

    fn colour_size(&self) -> usize {
        if self.header.len() == 12 { 3 } else { 4 }
    }

    /// The palette in the bytes from the header to the pixels.
    pub(super) fn palette(&self, before: &'a [u8]) -> Option<&'a [u8]> {
        let room = before.get(self.palette_from()..)?;
        let most = match self.depth {
            depth @ 1..=8 => 1_usize.checked_shl(depth)?,
            _ => 0,
        };
        let stated =
            number(self.header, 32).and_then(|stated| usize::try_from(stated).ok()).filter(|stated| *stated > 0);
        let colours = stated.map_or(most, |stated| stated.min(most)).min(room.len() / self.colour_size());
        room.get(..colours.checked_mul(self.colour_size())?)
    }

    /// The palette without what viewers ignore.
    pub(super) fn colours(&self, palette: &[u8]) -> Vec<u8> {
        palette.chunks_exact(self.colour_size()).flat_map(|colour| colour.iter().take(3)).copied().collect()
    }

    /// Hashes what says how pixels become colours, besides palette and profile.
    pub(super) fn look(&self, hash: &mut EssenceHash) {
        let field = |at: usize| number(self.header, at).unwrap_or(0).to_le_bytes();
        hash.part("size", &[self.width.to_le_bytes(), self.height.to_le_bytes()].concat());
        hash.part("coding", &[self.depth.to_le_bytes(), self.compression.to_le_bytes()].concat());
        hash.part("resolution", &[field(24), field(28)].concat());
        if self.compression == 3 {
            hash.part(
                "masks",
                if self.masks.is_empty() { self.header.get(40..56).unwrap_or_default() } else { self.masks },
            );
        }
        if let (Some(space), true) = (self.header.get(56..60), self.header.len() >= 108) {
            // Profiles count by their bytes. A space that nobody knows is taken for sRGB, as is one without its profile.
            let space = if matches!(space, b"\0\0\0\0" | b" niW") { space } else { b"BGRs" };
            hash.part("space", space);
            if space == b"\0\0\0\0" {
                hash.part("primaries", self.header.get(60..108).unwrap_or_default());
            }
        }
        if self.header.len() == 124 {
            hash.part(
                "intent",
                &if matches!(number(self.header, 108), Some(1 | 2 | 4 | 8)) { field(108) } else { [0; 4] },
            );
        }
    }

    /// The embedded profile. `body` begins with the header.
    pub(super) fn profile(&self, body: &'a [u8]) -> Option<&'a [u8]> {
        if self.header.len() != 124 || self.header.get(56..60)? != b"DEBM" {
            return None;
        }
        let from = usize::try_from(number(self.header, 112)?).ok()?;
        let size = usize::try_from(number(self.header, 116)?).ok()?;
        profile::usable(body.get(from..from.checked_add(size)?)?)
    }

    /// The pixels at the start of `bytes`.
    pub(super) fn pixels(&self, bytes: &'a [u8]) -> Option<Rows<'a>> {
        match self.compression {
            0 | 3 => self.rows(bytes, self.depth, self.height.unsigned_abs()),
            1 | 2 => {
                let stated = number(self.header, 20).and_then(|stated| usize::try_from(stated).ok()).unwrap_or(0);
                let stored = bytes.get(..stated).filter(|_| stated > 0).unwrap_or(bytes);
                let size = coded_size(stored, self.compression == 2)?;
                Some(Rows { bytes: stored.get(..size)?, row: 0, bits: 0 })
            }
            _ => None,
        }
    }

    /// Rows of `depth` bits per pixel.
    pub(super) fn rows(&self, bytes: &'a [u8], depth: u32, height: u64) -> Option<Rows<'a>> {
        let bits = self.width.checked_mul(u64::from(depth))?;
        let row = bits.checked_add(31)? / 32;
        let row = usize::try_from(row.checked_mul(4)?).ok()?;
        let bytes = bytes.get(..usize::try_from(height).ok()?.checked_mul(row)?)?;
        Some(Rows { bytes, row, bits })
    }

    /// Checks that the header of a copy holds nothing but what it says about the picture.
    pub(super) fn check_header(&self, palette: &[u8], pixels: usize, has_profile: bool) -> Result<(), Refusal> {
        let size = self.header.len();
        let zero = |from: usize, to: usize| {
            self.header.get(from..to.min(size)).is_none_or(|part| part.iter().all(|byte| *byte == 0))
        };
        let known = matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124);
        let stated =
            size < 40 || number(self.header, 20).and_then(|stated| usize::try_from(stated).ok()) == Some(pixels);
        let masks = self.compression == 3 || zero(40, 56);
        let space = self.header.get(56..60).filter(|_| size >= 108);
        let spaces = match space {
            None | Some(b"\0\0\0\0") => true,
            Some(b"BGRs" | b" niW") => zero(60, 108),
            Some(b"DEBM") => zero(60, 108) && has_profile,
            Some(_) => false,
        };
        let intents = size != 124 || zero(108, 112) || matches!(number(self.header, 108), Some(1 | 2 | 4 | 8));
        let ends = size != 124 || zero(120, 124) && (has_profile || zero(112, 120));
        let entries = self.colour_size() == 3 || palette.chunks(4).all(|colour| colour.get(3) == Some(&0));
        let os2 = size != 64 || zero(40, 64);
        if known && stated && zero(36, 40) && masks && spaces && intents && ends && entries && os2 {
            return Ok(());
        }
        Err(Refusal::unprovable("the copy still holds header or palette bytes that nothing uses"))
    }
}

/// Rows of pixels, or what codes them.
pub(super) struct Rows<'a> {
    pub(super) bytes: &'a [u8],
    /// Bytes from row to row; 0 when the rows are coded.
    row: usize,
    /// Bits of a row that are pixels.
    bits: u64,
}

impl Rows<'_> {
    /// The whole bytes of a row, and how many bits of the next one are pixels.
    fn split(&self) -> (usize, u64) {
        (usize::try_from(self.bits / 8).unwrap_or(usize::MAX), self.bits % 8)
    }

    /// Hashes the pixels without the ends of the rows.
    pub(super) fn add(&self, hash: &mut EssenceHash, name: &str) {
        if self.row == 0 {
            hash.part(name, self.bytes);
            return;
        }
        let (whole, more) = self.split();
        let add = hash.pieces(name, |take| {
            for row in self.bytes.chunks(self.row) {
                take(row.get(..whole).unwrap_or(row));
                if let (Some(last), true) = (row.get(whole), more > 0) {
                    take(&[last.checked_shr(8_u32.saturating_sub(u32::try_from(more).unwrap_or(0))).unwrap_or(0)]);
                }
            }
            Ok(())
        });
        debug_assert!(add.is_ok(), "hashing cannot fail");
    }

    /// Whether all rows end in zeros.
    pub(super) fn is_tidy(&self) -> bool {
        let (whole, more) = self.split();
        self.row == 0
            || self.bytes.chunks(self.row).all(|row| {
                let mut ends = row.iter().skip(whole);
                let first = if more == 0 { None } else { ends.next() };
                first.is_none_or(|byte| byte.checked_shl(u32::try_from(more).unwrap_or(0)).unwrap_or(0) == 0)
                    && ends.all(|byte| *byte == 0)
            })
    }
}

/// Bytes of run-length coded pixels up to the mark of their end, or up to the end of the bytes.
fn coded_size(bytes: &[u8], nibbles: bool) -> Option<usize> {
    let mut rest = bytes;
    while let [first, second, tail @ ..] = rest {
        let skip = match (first, second) {
            (0, 1) => return bytes.len().checked_sub(tail.len()),
            (0, 2) => 2,
            (0, count @ 3..) if nibbles => usize::from(count.div_ceil(4)).checked_mul(2)?,
            (0, count @ 3..) => usize::from(count.div_ceil(2)).checked_mul(2)?,
            _ => 0,
        };
        rest = tail.get(skip..)?;
    }
    (rest.is_empty() && !bytes.is_empty()).then_some(bytes.len())
}
