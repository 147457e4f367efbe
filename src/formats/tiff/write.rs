//! The layout of a copy: header, then for each page its directory, its values in the order of their tags, and its strips
//! or tiles. Everything begins at an even offset; a single zero aligns it.

use std::borrow::Cow;

use super::page::{Kept, Page};
use crate::refusal::{Reason, Refusal};

/// Byte order and size of offsets, both those of the original.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) big_endian: bool,
    pub(super) big: bool,
}

impl Layout {
    /// The number that `bytes` are, 0 when there are more than eight.
    pub(super) fn get(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number.checked_mul(256).map_or(0, |number| number | u64::from(*byte));
        if self.big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }

    /// A number of `size` bytes.
    pub(super) fn put(self, out: &mut Vec<u8>, value: u64, size: usize) -> Result<(), Refusal> {
        let bytes = value.to_be_bytes();
        let (above, bytes) = bytes.split_at_checked(8_usize.saturating_sub(size)).unwrap_or_default();
        if above.iter().any(|byte| *byte != 0) {
            return Err(Refusal::unsupported("the copy would be too large for this kind of TIFF"));
        }
        if self.big_endian {
            out.extend_from_slice(bytes);
        } else {
            out.extend(bytes.iter().rev());
        }
        Ok(())
    }

    fn numbers(self, values: &[u64], size: usize) -> Result<Vec<u8>, Refusal> {
        let mut out = Vec::new();
        values.iter().try_for_each(|value| self.put(&mut out, *value, size))?;
        Ok(out)
    }

    /// The whole file.
    pub(super) fn write(self, pages: Vec<Page<'_>>) -> Result<Vec<u8>, Refusal> {
        let word = if self.big { 8 } else { 4 };
        let mut out: Vec<u8> = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        if self.big {
            self.put(&mut out, 43, 2)?;
            self.put(&mut out, 8, 2)?;
            self.put(&mut out, 0, 2)?;
        } else {
            self.put(&mut out, 42, 2)?;
        }
        self.put(&mut out, 2 * word as u64, word)?;
        let count = pages.len();
        for (index, page) in pages.into_iter().enumerate() {
            let last = index.saturating_add(1) == count;
            self.page(&mut out, page, last)?;
        }
        Ok(out)
    }

    fn page(self, out: &mut Vec<u8>, page: Page<'_>, last: bool) -> Result<(), Refusal> {
        let word: usize = if self.big { 8 } else { 4 };
        let wide = if self.big { 16 } else { 4 };
        let (head, width) = if self.big { (8_usize, 20_usize) } else { (2, 12) };
        let overflow = || Refusal::new(Reason::Internal, "the layout of the copy overflows");
        let mut tags = page.tags;
        let chunk_count = page.chunks.len();
        let (offsets_tag, sizes_tag) = if page.tiled { (324, 325) } else { (273, 279) };
        let room = chunk_count.checked_mul(word).ok_or_else(overflow)?;
        for tag in [offsets_tag, sizes_tag] {
            tags.push(Kept { tag, kind: wide, count: chunk_count as u64, data: Cow::Owned(vec![0; room]) });
        }
        tags.sort_by_key(|kept| kept.tag);
        // First where everything will lie, then the bytes.
        let directory = tags.len().checked_mul(width).and_then(|size| size.checked_add(head)?.checked_add(word));
        let mut at = directory.and_then(|size| size.checked_add(out.len())).ok_or_else(overflow)?;
        let mut place = |size: usize| {
            let start = at.checked_next_multiple_of(2)?;
            at = start.checked_add(size)?;
            Some(start as u64)
        };
        let mut places = Vec::new();
        for kept in &tags {
            let outside = kept.data.len() > word;
            places.push(if outside { Some(place(kept.data.len()).ok_or_else(overflow)?) } else { None });
        }
        let mut offsets = Vec::new();
        for chunk in &page.chunks {
            offsets.push(if chunk.is_empty() { 0 } else { place(chunk.len()).ok_or_else(overflow)? });
        }
        let end = at.checked_next_multiple_of(2).ok_or_else(overflow)?;
        let sizes: Vec<u64> = page.chunks.iter().map(|chunk| chunk.len() as u64).collect();
        for kept in &mut tags {
            if kept.tag == offsets_tag {
                kept.data = Cow::Owned(self.numbers(&offsets, word)?);
            } else if kept.tag == sizes_tag {
                kept.data = Cow::Owned(self.numbers(&sizes, word)?);
            }
        }
        self.put(out, tags.len() as u64, head)?;
        for (kept, place) in tags.iter().zip(&places) {
            self.put(out, u64::from(kept.tag), 2)?;
            self.put(out, u64::from(kept.kind), 2)?;
            self.put(out, kept.count, word)?;
            match place {
                Some(place) => self.put(out, *place, word)?,
                None => {
                    out.extend_from_slice(&kept.data);
                    out.resize(out.len().saturating_add(word.saturating_sub(kept.data.len())), 0);
                }
            }
        }
        self.put(out, if last { 0 } else { end as u64 }, word)?;
        let outside = tags.iter().zip(&places).filter(|(_, place)| place.is_some()).map(|(kept, _)| &kept.data);
        for bytes in outside.chain(page.chunks.iter().filter(|chunk| !chunk.is_empty())) {
            out.resize(out.len().checked_next_multiple_of(2).ok_or_else(overflow)?, 0);
            out.extend_from_slice(bytes);
        }
        if !last {
            out.resize(end, 0);
        }
        Ok(())
    }
}
