//! What a decoder gets to see of a strip or tile.

use std::io::Read;

use super::file::{File, Page};
use crate::formats::Context;
use crate::refusal::Refusal;

/// What decides where strips end.
pub(super) struct Shape {
    pub(super) compression: u64,
    width: u64,
    height: u64,
    columns: u64,
    rows: u64,
    tiled: bool,
    planes: u64,
    /// Bits of a pixel in one strip.
    bits: u64,
    /// Bits of one sample and the block of pixels that shares its colour.
    block: Option<(u64, u64, u64)>,
}

impl Shape {
    pub(super) fn of(file: &File<'_>, page: &Page<'_>) -> Result<Self, Refusal> {
        let get = |tag, other| file.integer_of(page, tag).unwrap_or(other);
        let (width, height, samples) = (get(256, 0), get(257, 0), get(277, 1));
        let tiled = page.tags.contains_key(&322) || page.tags.contains_key(&323);
        let (columns, rows) = if tiled { (get(322, 0), get(323, 0)) } else { (width, get(278, height).min(height)) };
        if [width, height, columns, rows, samples].contains(&0) || samples > 64 {
            return Err(Refusal::damaged("a page without a size"));
        }
        let depths = file.integers(page, 258);
        let depth = depths.first().copied().unwrap_or(1);
        let planar = get(284, 1) == 2;
        let bits = match (planar, depths.len() as u64 == samples) {
            (true, _) => depth,
            (false, true) => depths.iter().fold(0, |sum: u64, depth| sum.saturating_add(*depth)),
            (false, false) => depth.saturating_mul(samples),
        };
        let block = match file.integers(page, 530).as_slice() {
            _ if get(262, 0) != 6 => None,
            [across, down] => Some((depth, *across, *down)),
            _ => Some((depth, 2, 2)),
        };
        let planes = if planar { samples } else { 1 };
        Ok(Self { compression: get(259, 1), width, height, columns, rows, tiled, planes, bits, block })
    }

    /// How many strips or tiles make the page.
    pub(super) fn count(&self) -> usize {
        let one_plane = self.width.div_ceil(self.columns).saturating_mul(self.height.div_ceil(self.rows));
        usize::try_from(one_plane.saturating_mul(self.planes)).unwrap_or(usize::MAX)
    }

    /// The size of a strip before compression, where it can be told.
    fn plain(&self, index: usize) -> Option<usize> {
        let mut rows = self.rows;
        if !self.tiled {
            let down = (index as u64).checked_rem(self.height.div_ceil(self.rows))?;
            rows = rows.min(self.height.checked_sub(down.checked_mul(self.rows)?)?);
        }
        let size = match self.block {
            Some(_) if self.planes > 1 => return None,
            Some((depth, across, down)) if across.saturating_mul(down) > 1 => {
                if ![1, 2, 4].contains(&across) || ![1, 2, 4].contains(&down) {
                    return None;
                }
                let bits = self.columns.div_ceil(across).checked_mul(across.checked_mul(down)?.checked_add(2)?)?;
                bits.checked_mul(depth)?.div_ceil(8).checked_mul(rows.div_ceil(down))?
            }
            _ => self.columns.checked_mul(self.bits)?.div_ceil(8).checked_mul(rows)?,
        };
        usize::try_from(size).ok()
    }

    /// The stored bytes of a strip.
    pub(super) fn bytes<'a>(
        &self,
        file: &File<'a>,
        index: usize,
        at: usize,
        size: Option<usize>,
    ) -> Result<&'a [u8], Refusal> {
        let plain = self.plain(index).filter(|_| self.compression == 1);
        let size = match (size, plain) {
            (Some(size), Some(plain)) => size.min(plain),
            (Some(size), None) | (None, Some(size)) => size,
            (None, None) => return Err(Refusal::damaged("a strip without a size")),
        };
        if size == 0 {
            return Ok(&[]);
        }
        let bytes = file.bytes.get(at..at.saturating_add(size));
        bytes.ok_or_else(|| Refusal::damaged("a strip lies outside of the file"))
    }

    /// Feeds what a decoder sees of a strip; false when there is more in it than that.
    pub(super) fn feed(
        &self,
        bytes: &[u8],
        index: usize,
        context: &Context<'_>,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, Refusal> {
        if bytes.is_empty() {
            return Ok(true);
        }
        match self.compression {
            7 => {
                let (coded, other) = coded(bytes)?;
                take(&coded);
                Ok(!other)
            }
            5 => lzw(bytes, context, take),
            8 | 32_946 => inflated(bytes, context, take),
            32_773 => Ok(unpacked(bytes, self.plain(index), take)),
            _ => {
                take(bytes);
                Ok(true)
            }
        }
    }
}

/// The segments and scans of a JPEG stream that carry the picture, and whether there is anything else in it.
pub(super) fn coded(bytes: &[u8]) -> Result<(Vec<u8>, bool), Refusal> {
    let cut_off = || Refusal::damaged("a JPEG stream is cut off");
    let mut coded = Vec::new();
    let mut other = false;
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8]).ok_or_else(cut_off)?;
    loop {
        let at = rest.windows(2).position(|pair| matches!(pair, [0xff, code] if !matches!(code, 0 | 0xff)));
        let at = at.ok_or_else(cut_off)?;
        other |= at > 0;
        let (head, after) = rest.get(at..).and_then(|rest| rest.split_first_chunk::<2>()).ok_or_else(cut_off)?;
        let [_, code] = *head;
        match code {
            0xd9 => return Ok((coded, other || !after.is_empty())),
            0x01 | 0xd0..=0xd7 => {
                other = true;
                rest = after;
                continue;
            }
            _ => {}
        }
        let size = usize::from(u16::from_be_bytes(*after.first_chunk::<2>().ok_or_else(cut_off)?));
        let (segment, after) = after.split_at_checked(size).ok_or_else(cut_off)?;
        rest = after;
        match code {
            0xee if size == 14 && segment.get(2..13) == Some(b"Adobe\0\x64\0\0\0\0") => continue,
            0xe0..=0xef | 0xfe => {
                other = true;
                continue;
            }
            _ => {}
        }
        coded.push(code);
        coded.extend_from_slice(segment);
        if code == 0xda {
            let data = rest
                .windows(2)
                .position(|pair| matches!(pair, [0xff, code] if !matches!(code, 0 | 0xff | 0xd0..=0xd7)))
                .and_then(|stop| rest.split_at_checked(stop));
            let (data, after) = data.ok_or_else(cut_off)?;
            let fill = data.iter().rev().take_while(|byte| **byte == 0xff).count();
            other |= fill > 0;
            coded.extend_from_slice(data.get(..data.len().saturating_sub(fill)).unwrap_or_default());
            rest = after;
        }
    }
}

/// What a zlib stream gives; a broken one counts as it is stored.
fn inflated(bytes: &[u8], context: &Context<'_>, take: &mut dyn FnMut(&[u8])) -> Result<bool, Refusal> {
    let mut decoder = flate2::bufread::ZlibDecoder::new(bytes);
    let mut buffer = vec![0; 32 << 10];
    loop {
        match decoder.read(&mut buffer) {
            Ok(0) => return Ok(decoder.total_in() == bytes.len() as u64),
            Ok(size) => {
                context.charge_decompressed(size as u64)?;
                take(buffer.get(..size).unwrap_or_default());
            }
            Err(_) => {
                take(bytes);
                return Ok(true);
            }
        }
    }
}

/// What an LZW stream gives; one without an end, or a broken one, counts as it is stored.
fn lzw(bytes: &[u8], context: &Context<'_>, take: &mut dyn FnMut(&[u8])) -> Result<bool, Refusal> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let mut buffer = vec![0; 32 << 10];
    let mut rest = bytes;
    // The old variant, whose codes stand the other way round, begins with a zero.
    if bytes.first() == Some(&0) {
        take(bytes);
        return Ok(true);
    }
    loop {
        let step = decoder.decode_bytes(rest, &mut buffer);
        context.charge_decompressed(step.consumed_out as u64)?;
        take(buffer.get(..step.consumed_out).unwrap_or_default());
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        match step.status {
            Ok(weezl::LzwStatus::Done) => return Ok(rest.is_empty()),
            Ok(weezl::LzwStatus::Ok) if step.consumed_in > 0 || step.consumed_out > 0 => {}
            _ => break,
        }
    }
    take(bytes);
    Ok(true)
}

/// What PackBits runs give up to the size of the strip; one that ends early counts as it is stored.
fn unpacked(bytes: &[u8], size: Option<usize>, take: &mut dyn FnMut(&[u8])) -> bool {
    let mut rest = bytes;
    let mut left = size.unwrap_or(usize::MAX);
    while left > 0 {
        let run = rest.split_first().and_then(|(control, after)| match control {
            128 => Some((0, after)),
            0..=127 => {
                let (run, after) = after.split_at_checked(usize::from(*control).saturating_add(1))?;
                take(run);
                Some((run.len(), after))
            }
            _ => {
                let count = 257_usize.saturating_sub(usize::from(*control));
                let (byte, after) = after.split_first()?;
                take(&vec![*byte; count]);
                Some((count, after))
            }
        });
        let Some((count, after)) = run else {
            take(bytes);
            return true;
        };
        left = left.saturating_sub(count);
        rest = after;
    }
    rest.is_empty()
}
