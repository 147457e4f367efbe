//! A TIFF as directories of entries: classic (TIFF 6.0 section 2) and BigTIFF, in both byte orders.

use std::cell::RefCell;

use crate::limits::Limits;
use crate::refusal::Refusal;

/// One value of a directory.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) tag: u16,
    /// Field type: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, 13 IFD, 16 LONG8, …
    pub(super) kind: u16,
    pub(super) count: u64,
    /// The value in the file's byte order; `None` when it lies outside of the file or its type is not known.
    pub(super) data: Option<&'a [u8]>,
}

/// One directory.
pub(super) struct Directory<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// Offset of the next one; 0 for none.
    pub(super) next: u64,
}

/// The bytes of a file, with a note of what has been read.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) limits: &'a Limits,
    pub(super) big_endian: bool,
    /// Eight-byte offsets.
    pub(super) big: bool,
    used: RefCell<Vec<(usize, usize)>>,
}

impl<'a> Reader<'a> {
    /// Reads the header; also gives the offset of the first directory.
    pub(super) fn new(bytes: &'a [u8], limits: &'a Limits) -> Result<(Self, u64), Refusal> {
        let damaged = || Refusal::damaged("the header is broken");
        let (big_endian, big) = match bytes.get(..4).ok_or_else(damaged)? {
            b"II*\0" => (false, false),
            b"MM\0*" => (true, false),
            b"II+\0" => (false, true),
            b"MM\0+" => (true, true),
            _ => return Err(damaged()),
        };
        let reader = Self { bytes, limits, big_endian, big, used: RefCell::default() };
        let (first, size) = if big {
            if reader.number(4, 2) != Some(8) || reader.number(6, 2) != Some(0) {
                return Err(damaged());
            }
            (reader.number(8, 8), 16)
        } else {
            (reader.number(4, 4), 8)
        };
        reader.mark(0, size);
        Ok((reader, first.ok_or_else(damaged)?))
    }

    /// The unsigned number of `size` bytes at `at`.
    fn number(&self, at: usize, size: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        Some(number(bytes, self.big_endian))
    }

    /// Notes that these bytes belong to something.
    pub(super) fn mark(&self, at: usize, size: usize) {
        if size > 0 {
            self.used.borrow_mut().push((at, at.saturating_add(size)));
        }
    }

    /// A stretch of the file, noted as used.
    pub(super) fn stretch(&self, at: u64, size: u64) -> Option<&'a [u8]> {
        let (at, size) = (usize::try_from(at).ok()?, usize::try_from(size).ok()?);
        let stretch = self.bytes.get(at..at.checked_add(size)?)?;
        self.mark(at, size);
        Some(stretch)
    }

    /// The directory at an offset.
    pub(super) fn directory(&self, at: u64) -> Result<Directory<'a>, Refusal> {
        let cut_off = || Refusal::damaged("a directory lies outside of the file");
        let at = usize::try_from(at).map_err(|_| cut_off())?;
        let (head, width, word) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(at, head).ok_or_else(cut_off)?;
        if count > self.limits.ifd_entries {
            return Err(Refusal::over_limit("ifd-entries", format!("a directory has {count} entries")));
        }
        let mut entry_at = at.checked_add(head).ok_or_else(cut_off)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(self.entry(entry_at, word).ok_or_else(cut_off)?);
            entry_at = entry_at.checked_add(width).ok_or_else(cut_off)?;
        }
        // Some writers forget the last pointer at the end of the file.
        let next = self.number(entry_at, word).unwrap_or(0);
        self.mark(at, entry_at.saturating_add(word).saturating_sub(at));
        Ok(Directory { entries, next })
    }

    fn entry(&self, at: usize, word: usize) -> Option<Entry<'a>> {
        let tag = u16::try_from(self.number(at, 2)?).ok()?;
        let kind = u16::try_from(self.number(at.checked_add(2)?, 2)?).ok()?;
        let count = self.number(at.checked_add(4)?, word)?;
        let value_at = at.checked_add(4)?.checked_add(word)?;
        let offset = self.number(value_at, word)?;
        let size = unit(kind).and_then(|unit| count.checked_mul(unit));
        let data = size.and_then(|size| match usize::try_from(size).ok()? {
            size if size <= word => self.bytes.get(value_at..value_at.checked_add(size)?),
            _ => self.stretch(offset, size),
        });
        Some(Entry { tag, kind, count, data })
    }

    /// How many bytes nothing refers to. Single zeros that align what follows are not counted.
    pub(super) fn unreferenced(&self) -> usize {
        let mut used = self.used.borrow().clone();
        used.sort_unstable();
        used.push((self.bytes.len(), self.bytes.len()));
        let (mut end, mut total) = (0_usize, 0_usize);
        for (start, stop) in used {
            let gap = self.bytes.get(end..start).unwrap_or_default();
            if !matches!(gap, [] | [0]) {
                total = total.saturating_add(gap.len());
            }
            end = end.max(stop);
        }
        total
    }
}

/// Bytes of one value of a field type.
pub(super) fn unit(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

/// An unsigned number of at most eight bytes.
fn number(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}

impl Entry<'_> {
    /// The values of an entry of unsigned integers.
    pub(super) fn numbers(&self, big_endian: bool) -> Option<Vec<u64>> {
        let size = match self.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return None,
        };
        Some(self.data?.chunks_exact(size).map(|bytes| number(bytes, big_endian)).collect())
    }
}
