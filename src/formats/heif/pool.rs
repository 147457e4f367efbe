//! Bytes that stay, and where they go: the extents of everything kept, in the order in which they lie in the source.
//!
//! The order makes the layout of a cleaned file the layout of its own copy. Extents may be the same (tiles are shared, and
//! the first frame of a sequence is often the still picture too) or lie in one another; those that cross are refused.

use std::cmp::Reverse;

use crate::refusal::Refusal;

/// The bytes that stay of one source: the file, or `idat`.
#[derive(Default)]
pub(super) struct Pool<'a> {
    /// Start, end and new start; sorted, apart from each other.
    runs: Vec<(usize, usize, usize)>,
    source: &'a [u8],
}

impl<'a> Pool<'a> {
    /// Collects extents, given as start and size.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when one lies outside of the source, is empty or crosses another.
    pub(super) fn new(source: &'a [u8], extents: &[(usize, usize)]) -> Result<Self, Refusal> {
        let mut ranges = Vec::with_capacity(extents.len());
        for (start, size) in extents {
            let end = start.checked_add(*size).filter(|end| *end <= source.len() && *size > 0);
            ranges
                .push((*start, end.ok_or_else(|| Refusal::damaged("an extent is empty or lies outside of the file"))?));
        }
        ranges.sort_unstable_by_key(|(start, end)| (*start, Reverse(*end)));
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut size = 0_usize;
        for (start, end) in ranges {
            match runs.last() {
                Some((_, last, _)) if end <= *last => {}
                Some((_, last, _)) if start < *last => return Err(Refusal::damaged("extents of pictures overlap")),
                _ => {
                    runs.push((start, end, size));
                    size = size.saturating_add(end.saturating_sub(start));
                }
            }
        }
        Ok(Self { runs, source })
    }

    /// The new place of an extent that begins at `start`.
    pub(super) fn place(&self, start: usize) -> Option<usize> {
        let after = self.runs.partition_point(|(first, ..)| *first <= start);
        let (first, end, new) = self.runs.get(after.checked_sub(1)?)?;
        (start < *end).then_some(())?;
        start.checked_sub(*first)?.checked_add(*new)
    }

    /// Whether any byte of an extent stays.
    pub(super) fn touches(&self, start: usize, size: usize) -> bool {
        let end = start.saturating_add(size);
        let after = self.runs.partition_point(|(_, last, _)| *last <= start);
        self.runs.get(after).is_some_and(|(first, ..)| *first < end)
    }

    /// The bytes, in order.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let runs = self.runs.iter().map(|(start, end, _)| self.source.get(*start..*end).unwrap_or_default());
        runs.collect::<Vec<&[u8]>>().concat()
    }
}
