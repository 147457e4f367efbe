//! A device-independent bitmap: the header, the masks, the palette and the rows that BMP files and icons share
//! (Windows GDI, "Bitmap Header Types"; the headers of OS/2 1.x and 2.x).
//!
//! The header is rewritten field by field. Whatever does not decide how the picture looks becomes zero: masks that nothing
//! uses, colour values that another colour space overrides, the unused fourth byte of palette entries, the ends of rows.

use crate::refusal::Refusal;

/// No compression.
const PLAIN: u32 = 0;
/// Runs of bytes.
const RLE8: u32 = 1;
/// Runs of half bytes.
const RLE4: u32 = 2;
/// Pixels by masks.
const BIT_FIELDS: u32 = 3;

/// Colour spaces of the headers from version 4 on: by the values in the header, sRGB, that of the system, and a profile
/// inside or outside of the file.
pub(super) const CALIBRATED: u32 = 0;
pub(super) const SRGB: u32 = 0x7352_4742;
const SYSTEM: u32 = 0x5769_6e20;
pub(super) const LINKED: u32 = 0x4c49_4e4b;
pub(super) const EMBEDDED: u32 = 0x4d42_4544;

/// The header of a bitmap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dib {
    /// Bytes of the header: tells its version.
    pub(crate) size: usize,
    pub(crate) width: u32,
    /// Rows, whichever comes first.
    pub(crate) height: u32,
    /// Bits per pixel.
    pub(crate) bits: u16,
    compression: u32,
    /// Entries of the palette as stated, 0 for all.
    used: u32,
    /// Bytes of the pixels as stated, 0 where nothing is.
    stated: usize,
}

/// What was found and has no place in the copy.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Leftovers {
    /// Palette entries whose unused byte was not zero.
    pub(crate) palette: usize,
    /// Rows with something behind their last pixel.
    pub(crate) rows: usize,
    /// Header fields without a meaning that were not zero.
    pub(crate) fields: usize,
}

pub(crate) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(crate) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Writes a number into a header. Places beyond its end do not exist in that version.
pub(super) fn set_long(header: &mut [u8], at: usize, value: u32) {
    if let Some(place) = header.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<4>()) {
        *place = value.to_le_bytes();
    }
}

impl Dib {
    /// Reads the header at the start of `bytes`.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when its values cannot be, [`crate::Reason::Unsupported`] for pictures that are another
    /// format inside, and for the compressions of OS/2.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let damaged = || Refusal::damaged("the bitmap header is not valid");
        let size = long(bytes, 0).and_then(|size| usize::try_from(size).ok()).ok_or_else(damaged)?;
        let header = bytes.get(..size).ok_or_else(damaged)?;
        if size == 12 {
            let (width, height) = (short(header, 4).ok_or_else(damaged)?, short(header, 6).ok_or_else(damaged)?);
            let bits = short(header, 10).ok_or_else(damaged)?;
            let (width, height) = (u32::from(width), u32::from(height));
            let dib = Self { size, width, height, bits, compression: PLAIN, used: 0, stated: 0 };
            return dib.checked(header, 8);
        }
        if !matches!(size, 16 | 40 | 52 | 56 | 64 | 108 | 124) {
            return Err(Refusal::unsupported("a bitmap header of an unknown version"));
        }
        let width = long(header, 4).ok_or_else(damaged)?;
        let height = long(header, 8).ok_or_else(damaged)?.cast_signed().unsigned_abs();
        let bits = short(header, 14).ok_or_else(damaged)?;
        let field = |at| long(header, at).unwrap_or(0);
        let stated = usize::try_from(field(20)).unwrap_or(0);
        Self { size, width, height, bits, compression: field(16), used: field(32), stated }.checked(header, 12)
    }

    fn checked(self, header: &[u8], planes: usize) -> Result<Self, Refusal> {
        let fits = match (self.compression, self.bits) {
            (PLAIN, 1 | 2 | 4 | 8 | 16 | 24 | 32) | (RLE8, 8) | (RLE4, 4) => true,
            (BIT_FIELDS, 16 | 32) => self.size != 64,
            _ => return Err(Refusal::unsupported("a bitmap in a compression or depth that is not known")),
        };
        let sides = [self.width, self.height];
        if !fits || short(header, planes) != Some(1) || sides.iter().any(|side| !(1..=0x7fff_ffff).contains(side)) {
            return Err(Refusal::damaged("the values in the bitmap header do not fit each other"));
        }
        Ok(self)
    }

    /// Width times height.
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }

    /// Whether the rows are not compressed.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.compression, PLAIN | BIT_FIELDS)
    }

    /// Where the palette begins: behind the header and the masks that follow its shortest form.
    pub(crate) fn palette_at(&self) -> usize {
        let masks = if self.size == 40 && self.compression == BIT_FIELDS { 12 } else { 0 };
        self.size.saturating_add(masks)
    }

    /// Bytes per palette entry.
    fn entry(&self) -> usize {
        if self.size == 12 { 3 } else { 4 }
    }

    /// Bytes of the palette when `room` bytes are there for it. Deep pictures need none.
    pub(crate) fn palette_size(&self, room: usize) -> usize {
        if self.bits > 8 {
            return 0;
        }
        let all = 1_u32 << self.bits;
        let entries = if self.used == 0 { all } else { self.used.min(all) };
        usize::try_from(entries).unwrap_or(0).min(room / self.entry()).saturating_mul(self.entry())
    }

    /// Bytes from row to row.
    pub(crate) fn stride(&self, bits: u16) -> Option<usize> {
        let bits = u64::from(self.width).checked_mul(u64::from(bits))?;
        usize::try_from(bits.div_ceil(32).checked_mul(4)?).ok()
    }

    /// Bytes of the mask of an icon with this many rows.
    pub(crate) fn mask_size(&self, height: u32) -> usize {
        let rows = usize::try_from(height).unwrap_or(usize::MAX);
        self.stride(1).unwrap_or(usize::MAX).saturating_mul(rows)
    }

    /// The header and the masks behind it for the copy, for a palette of `palette` bytes and pixels of `pixels` bytes.
    pub(crate) fn header(&self, bytes: &[u8], palette: usize, pixels: usize, left: &mut Leftovers) -> Option<Vec<u8>> {
        let original = bytes.get(..self.palette_at())?;
        let mut header = original.to_vec();
        if self.size >= 40 {
            let all = if self.bits > 8 { 0 } else { 1_usize << self.bits };
            let entries = palette / self.entry();
            set_long(&mut header, 20, u32::try_from(pixels).ok()?);
            set_long(&mut header, 32, if entries == all { 0 } else { u32::try_from(entries).ok()? });
            set_long(&mut header, 36, 0);
        }
        if self.size == 64 {
            zero(&mut header, 40, 64, left);
        } else if self.size > 40 && self.compression != BIT_FIELDS {
            zero(&mut header, 40, 56.min(self.size), left);
        }
        if self.size >= 108 {
            let stated = long(original, 56)?;
            let space = match stated {
                CALIBRATED | SRGB | SYSTEM => stated,
                EMBEDDED if self.size == 124 => stated,
                _ => SRGB,
            };
            set_long(&mut header, 56, space);
            if space != CALIBRATED {
                zero(&mut header, 60, 108, left);
            }
        }
        if self.size == 124 {
            if !matches!(long(original, 108)?, 1 | 2 | 4 | 8) {
                zero(&mut header, 108, 112, left);
            }
            // The place of the profile is known later.
            set_long(&mut header, 112, 0);
            set_long(&mut header, 116, 0);
            zero(&mut header, 120, 124, left);
        }
        Some(header)
    }

    /// The palette for the copy.
    pub(crate) fn palette(&self, palette: &[u8], left: &mut Leftovers) -> Vec<u8> {
        let mut palette = palette.to_vec();
        if self.entry() == 4 {
            for unused in palette.iter_mut().skip(3).step_by(4).filter(|unused| **unused != 0) {
                *unused = 0;
                left.palette = left.palette.saturating_add(1);
            }
        }
        palette
    }

    /// The pixels at the start of `bytes`: those of the whole bitmap and nothing behind.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there are fewer than the header states.
    pub(crate) fn pixel_bytes(&self, bytes: &[u8], left: &mut Leftovers) -> Result<Vec<u8>, Refusal> {
        if self.is_plain() {
            return self.rows(bytes, self.bits, self.height, left);
        }
        let bytes = if self.stated == 0 { bytes } else { bytes.get(..self.stated).unwrap_or(bytes) };
        let size = runs(bytes, self.compression == RLE4).ok_or_else(cut_off)?;
        Ok(bytes.get(..size).unwrap_or_default().to_vec())
    }

    /// Rows of `bits` per pixel at the start of `bytes`, zeros behind the last pixel of each.
    pub(crate) fn rows(&self, bytes: &[u8], bits: u16, height: u32, left: &mut Leftovers) -> Result<Vec<u8>, Refusal> {
        let stride = self.stride(bits).ok_or_else(cut_off)?;
        let size = usize::try_from(height).ok().and_then(|height| height.checked_mul(stride)).ok_or_else(cut_off)?;
        let mut rows = bytes.get(..size).ok_or_else(cut_off)?.to_vec();
        let row_bits = u64::from(self.width).saturating_mul(u64::from(bits));
        let whole = usize::try_from(row_bits / 8).map_err(|_| cut_off())?;
        let mask = !(0xff_u8 >> (row_bits % 8));
        for row in rows.chunks_exact_mut(stride) {
            let mut found = false;
            for (at, byte) in row.iter_mut().skip(whole).enumerate() {
                let kept = if at == 0 { *byte & mask } else { 0 };
                found |= kept != *byte;
                *byte = kept;
            }
            left.rows = left.rows.saturating_add(usize::from(found));
        }
        Ok(rows)
    }
}

fn cut_off() -> Refusal {
    Refusal::damaged("the file ends before its pixels do: it is cut off")
}

/// Fills a part of a header with zeros.
fn zero(header: &mut [u8], from: usize, to: usize, left: &mut Leftovers) {
    let part = header.get_mut(from..to).unwrap_or_default();
    left.fields =
        left.fields.saturating_add(part.chunks(4).filter(|field| field.iter().any(|byte| *byte != 0)).count());
    part.fill(0);
}

/// How many bytes the runs take, the mark of their end included. Without one, all of them, if the last is whole.
fn runs(bytes: &[u8], half: bool) -> Option<usize> {
    let mut at = 0_usize;
    while at < bytes.len() {
        let size = match *bytes.get(at..)?.first_chunk::<2>()? {
            [0, 1] => return at.checked_add(2),
            [0, 0] => 2,
            [0, 2] => 4,
            [0, count] => {
                let pixels = usize::from(count);
                let stored = if half { pixels.div_ceil(2) } else { pixels };
                stored.next_multiple_of(2).checked_add(2)?
            }
            _ => 2,
        };
        at = at.checked_add(size)?;
    }
    (at == bytes.len() && at > 0).then_some(at)
}
