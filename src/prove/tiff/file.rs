//! The prover's own reading of a TIFF: every byte of the file belongs to something, or it is left over.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::refusal::Refusal;

/// What stands behind a tag.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) kind: u16,
    pub(super) count: u64,
    pub(super) data: &'a [u8],
}

/// One page.
pub(super) struct Page<'a> {
    pub(super) tags: BTreeMap<u16, Value<'a>>,
    /// Where the page stands in the chain.
    pub(super) index: usize,
    /// Where the colour space stands in the file, if it is one SHORT.
    colour_at: Option<usize>,
}

/// A whole file.
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    little: bool,
    wide: bool,
    pub(super) pages: Vec<Page<'a>>,
    /// What the structures and values take up: start and end.
    spans: Vec<(usize, usize)>,
    /// Bits in the unused parts of inline values, repeated tags, unsorted tags.
    pub(super) irregular: bool,
}

fn broken() -> Refusal {
    Refusal::damaged("the directories of the file are broken")
}

impl<'a> File<'a> {
    /// Walks the chain of pages.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let little = bytes.starts_with(b"II");
        let version = bytes.get(2..4).and_then(|two| two.first_chunk::<2>()).ok_or_else(broken)?;
        let version = if little { u16::from_le_bytes(*version) } else { u16::from_be_bytes(*version) };
        if !(little || bytes.starts_with(b"MM")) || !matches!(version, 42 | 43) {
            return Err(broken());
        }
        let wide = version == 43;
        let mut file = Self { bytes, little, wide, pages: Vec::new(), spans: Vec::new(), irregular: false };
        let (pointer, size) = if wide { (8, 16) } else { (4, 8) };
        file.spans.push((0, size));
        let mut next = file.word(pointer).ok_or_else(broken)?;
        while next != 0 {
            if file.pages.len() > 20_000 {
                return Err(broken());
            }
            next = file.page(next)?;
        }
        Ok(file)
    }

    /// An offset or count as wide as those of the file.
    fn word(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        let value = match (self.wide, self.little) {
            (false, true) => u64::from(u32::from_le_bytes(*rest.first_chunk()?)),
            (false, false) => u64::from(u32::from_be_bytes(*rest.first_chunk()?)),
            (true, true) => u64::from_le_bytes(*rest.first_chunk()?),
            (true, false) => u64::from_be_bytes(*rest.first_chunk()?),
        };
        usize::try_from(value).ok()
    }

    fn half(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.little { u16::from_le_bytes(*two) } else { u16::from_be_bytes(*two) })
    }

    /// Reads the directory at an offset; gives the offset of the next.
    fn page(&mut self, start: usize) -> Result<usize, Refusal> {
        let step = if self.wide { 8_usize } else { 4 };
        let (count, mut at) = if self.wide {
            (self.word(start).ok_or_else(broken)?, start.saturating_add(8))
        } else {
            (usize::from(self.half(start).ok_or_else(broken)?), start.saturating_add(2))
        };
        if count > 10_000 {
            return Err(broken());
        }
        let mut tags = BTreeMap::new();
        let mut colour_at = None;
        for _ in 0..count {
            let tag = self.half(at).ok_or_else(broken)?;
            let kind = self.half(at.saturating_add(2)).ok_or_else(broken)?;
            let number = self.word(at.saturating_add(4)).ok_or_else(broken)?;
            let inline = at.saturating_add(4).saturating_add(step);
            let each = match kind {
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                5 | 10 | 12 | 16 | 17 | 18 => 8,
                _ => 1_usize,
            };
            let size = number.saturating_mul(each);
            let from = if size <= step { inline } else { self.word(inline).ok_or_else(broken)? };
            let data = self.bytes.get(from..from.saturating_add(size)).unwrap_or_default();
            if size > step {
                self.spans.push((from, from.saturating_add(size)));
            } else {
                let unused = self.bytes.get(inline.saturating_add(size)..inline.saturating_add(step));
                self.irregular |= unused.is_none_or(|unused| unused.iter().any(|byte| *byte != 0));
            }
            self.irregular |= tags.last_key_value().is_some_and(|(last, _)| *last >= tag);
            if (tag, kind, number) == (262, 3, 1) {
                colour_at.get_or_insert(inline);
            }
            tags.entry(tag).or_insert(Value { kind, count: number as u64, data });
            at = inline.saturating_add(step);
        }
        let next = self.word(at).unwrap_or(0);
        self.spans.push((start, at.saturating_add(step)));
        let index = self.pages.len();
        self.pages.push(Page { tags, index, colour_at });
        Ok(next)
    }

    /// The integers of a tag.
    pub(super) fn integers(&self, page: &Page<'a>, tag: u16) -> Vec<u64> {
        let Some(value) = page.tags.get(&tag) else { return Vec::new() };
        let size = match value.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Vec::new(),
        };
        value.data.chunks_exact(size).map(|bytes| self.integer(bytes)).collect()
    }

    fn integer(&self, bytes: &[u8]) -> u64 {
        let mut wide = [0_u8; 8];
        for (place, byte) in wide.iter_mut().zip(bytes) {
            *place = *byte;
        }
        if self.little {
            return u64::from_le_bytes(wide);
        }
        u64::from_be_bytes(wide) >> (64_usize.saturating_sub(bytes.len().saturating_mul(8)))
    }

    pub(super) fn integer_of(&self, page: &Page<'a>, tag: u16) -> Option<u64> {
        self.integers(page, tag).first().copied()
    }

    /// The numbers of a value with their bytes in one order, so that byte order and width do not matter.
    pub(super) fn normal(&self, page: &Page<'a>, tag: u16) -> Option<Vec<u8>> {
        let value = page.tags.get(&tag)?;
        let size = match value.kind {
            5 | 10 => 4,
            11 => 4,
            12 => 8,
            _ => return Some(self.integers(page, tag).into_iter().flat_map(u64::to_be_bytes).collect()),
        };
        Some(value.data.chunks_exact(size).flat_map(|bytes| self.integer(bytes).to_be_bytes()).collect())
    }

    /// The file with other colour spaces for those that the decoder does not know: palette and mask become grey, CIE L*a*b*
    /// becomes RGB. Then it gives their samples; colour space and palette themselves belong to the essence.
    pub(super) fn in_known_colours(&self) -> Cow<'a, [u8]> {
        let mut bytes = Cow::Borrowed(self.bytes);
        for page in &self.pages {
            let known = match self.integer_of(page, 262) {
                Some(3 | 4) => 1_u16,
                Some(8 | 10) => 2,
                _ => continue,
            };
            let place = page.colour_at.and_then(|at| bytes.to_mut().get_mut(at..)?.first_chunk_mut::<2>());
            if let Some(place) = place {
                *place = if self.little { known.to_le_bytes() } else { known.to_be_bytes() };
            }
        }
        bytes
    }

    /// The pages that are no smaller versions of others; all of them when there is nothing else.
    pub(super) fn shown(&self) -> Vec<&Page<'a>> {
        let smaller = |page: &&Page<'a>| {
            self.integer_of(page, 254).is_some_and(|kind| kind % 2 == 1) || self.integer_of(page, 255) == Some(2)
        };
        let shown: Vec<&Page<'a>> = self.pages.iter().filter(|page| !smaller(page)).collect();
        if shown.is_empty() { self.pages.iter().collect() } else { shown }
    }

    /// The strips or tiles of a page.
    pub(super) fn strips(&self, page: &Page<'a>, count: usize) -> Vec<(usize, Option<usize>)> {
        let either = |first, second| {
            let found = self.integers(page, first);
            if found.is_empty() { self.integers(page, second) } else { found }
        };
        let tiled = page.tags.contains_key(&322) || page.tags.contains_key(&323);
        let (offsets, sizes) =
            if tiled { (either(324, 273), either(325, 279)) } else { (either(273, 324), either(279, 325)) };
        let mut sizes = sizes.into_iter().map(|size| usize::try_from(size).ok());
        let offsets = offsets.into_iter().take(count).map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        offsets.map(|at| (at, sizes.next().flatten())).collect()
    }

    /// Checks that structures, values and these strips cover the file without gap or overlap.
    pub(super) fn check_cover(&self, strips: &[(usize, usize)]) -> Result<(), Refusal> {
        let mut spans: Vec<(usize, usize)> = self.spans.iter().chain(strips).copied().collect();
        spans.sort_unstable();
        spans.push((self.bytes.len(), self.bytes.len()));
        let mut end = 0_usize;
        for (start, stop) in spans {
            let between = self.bytes.get(end..start);
            if between != Some(&[]) && !(between == Some(&[0]) && end % 2 == 1) {
                return Err(Refusal::unprovable("the copy has bytes that belong to nothing, or to two things"));
            }
            end = stop;
        }
        Ok(())
    }
}
