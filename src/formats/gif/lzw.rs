//! Where a compressed picture ends (GIF89a appendix F), so that nothing is carried behind its last pixel.
//!
//! Codes stand for runs of pixels. To know where the last one ends it is enough to follow the lengths of the runs; no pixel
//! is decoded here.

use super::blocks::{Picture, write_sub_blocks};
use crate::formats::Context;
use crate::refusal::Refusal;

/// Codes have at most twelve bits.
const MOST_CODES: usize = 1 << 12;

/// A picture's data up to its end.
pub(super) struct Trimmed {
    /// The data, when it is not all of what was there.
    data: Option<Vec<u8>>,
    /// Bytes that were behind.
    pub(super) behind: usize,
}

impl Trimmed {
    /// Appends minimum code size and data, in the sub-blocks of the original when nothing was cut.
    pub(super) fn write(&self, picture: &Picture<'_>, copy: &mut Vec<u8>) {
        copy.push(picture.bits);
        match &self.data {
            None => copy.extend_from_slice(picture.raw),
            Some(data) => write_sub_blocks(data, copy),
        }
    }
}

/// Bits of the data, the lowest first, read and at last cut.
struct Bits<'a> {
    data: &'a [u8],
    /// Bits read so far.
    at: usize,
}

impl Bits<'_> {
    /// The next code of `width` bits.
    fn next(&mut self, width: u32) -> Option<usize> {
        let from = self.data.get(self.at / 8..)?;
        let word = from.iter().take(3).rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        let end = self.at.checked_add(usize::try_from(width).ok()?)?;
        if end > self.data.len().checked_mul(8)? {
            return None;
        }
        let code = (word >> (self.at % 8)) & ((1 << width) - 1);
        self.at = end;
        usize::try_from(code).ok()
    }

    /// Everything up to here and a last `code`, with zeros up to the full byte.
    fn cut(&self, code: usize, width: u32) -> Vec<u8> {
        let mut data = self.data.get(..self.at.div_ceil(8)).unwrap_or_default().to_vec();
        let used = self.at % 8;
        let open = if used == 0 { 0 } else { data.pop().unwrap_or_default() & ((1_u8 << used) - 1) };
        let tail = u32::from(open) | (u32::try_from(code).unwrap_or_default() << used);
        let bytes = (used.saturating_add(usize::try_from(width).unwrap_or_default())).div_ceil(8);
        data.extend(tail.to_le_bytes().into_iter().take(bytes));
        data
    }
}

/// Follows the codes of a picture to its last pixel or its end code and cuts the data there. A missing end code is added.
///
/// # Errors
/// [`crate::Reason::Damaged`] when a code is not valid or pixels are missing, [`crate::Reason::OverLimit`].
pub(super) fn trim(picture: &Picture<'_>, context: &Context<'_>) -> Result<Trimmed, Refusal> {
    if !(1..=8).contains(&picture.bits) {
        return Err(Refusal::damaged("the code size of a picture is not valid"));
    }
    let broken = || Refusal::damaged("the compressed data of a picture are broken");
    let pixels = u64::from(picture.width).saturating_mul(u64::from(picture.height));
    let clear = 1_usize << picture.bits;
    let end = clear.saturating_add(1);
    let narrow = u32::from(picture.bits).saturating_add(1);
    let mut bits = Bits { data: &picture.data, at: 0 };
    // Lengths of the runs that codes stand for: of colours, of clear and end, of those that are made on the way.
    let mut lengths: Vec<u32> = Vec::with_capacity(MOST_CODES);
    lengths.resize(clear.saturating_add(2), 1);
    let (mut width, mut before, mut made) = (narrow, None::<u32>, 0_u64);
    while made < pixels {
        let code = bits.next(width).ok_or_else(|| Refusal::damaged("a picture is cut off"))?;
        if code == clear {
            lengths.truncate(clear.saturating_add(2));
            (width, before) = (narrow, None);
            continue;
        }
        if code == end {
            // Fewer pixels than stated: decoders leave the others blank.
            bits.at = bits.at.saturating_sub(usize::try_from(width).unwrap_or_default());
            break;
        }
        let known = lengths.get(code).copied();
        let length = match (known, before) {
            (Some(length), _) => length,
            (None, Some(before)) if code == lengths.len() && code < MOST_CODES => before.saturating_add(1),
            _ => return Err(broken()),
        };
        if let Some(before) = before
            && lengths.len() < MOST_CODES
        {
            lengths.push(before.saturating_add(1));
            if lengths.len() == 1 << width && width < 12 {
                width = width.saturating_add(1);
            }
        }
        before = Some(length);
        made = made.saturating_add(u64::from(length));
    }
    if made > pixels {
        return Err(Refusal::damaged("a picture has more pixels than it states"));
    }
    context.charge_decompressed(made)?;
    let data = bits.cut(end, width);
    let behind = picture.data.len().saturating_sub(data.len());
    Ok(Trimmed { data: (data != picture.data).then_some(data), behind })
}
