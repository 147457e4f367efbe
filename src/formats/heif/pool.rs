//! Bytes that stay, and where they go: the extents of everything kept, in the order in which they lie in the source.
//!
//! The order makes the layout of a cleaned file the layout of its own copy. Extents may be the same (tiles are shared, and
//! the first frame of a sequence is often the still picture too) or lie in one another; those that cross are refused.
//! Edits take out or replace stretches of them.

use std::cmp::Reverse;

use crate::refusal::Refusal;

/// A stretch of the source that becomes something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stands there in the copy; often nothing.
    pub(super) with: Vec<u8>,
}

/// A stretch of the source and where it goes.
struct Run {
    start: usize,
    end: usize,
    /// Where it begins in the copy.
    new: usize,
    /// What replaces it; `None` when it is copied.
    with: Option<Vec<u8>>,
}

/// The bytes that stay of one source: the file, or `idat`.
#[derive(Default)]
pub(super) struct Pool<'a> {
    /// Sorted, apart from each other.
    runs: Vec<Run>,
    source: &'a [u8],
}

impl<'a> Pool<'a> {
    /// Collects extents, given as start and size, and applies edits, which lie in them.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when an extent lies outside of the source, is empty or crosses another, or when edits do.
    pub(super) fn new(
        source: &'a [u8],
        extents: impl Iterator<Item = (usize, usize)>,
        mut edits: Vec<Edit>,
    ) -> Result<Self, Refusal> {
        let mut ranges = Vec::new();
        for (start, size) in extents {
            let end = start.checked_add(size).filter(|end| *end <= source.len() && size > 0);
            ranges
                .push((start, end.ok_or_else(|| Refusal::damaged("an extent is empty or lies outside of the file"))?));
        }
        ranges.sort_unstable_by_key(|(start, end)| (*start, Reverse(*end)));
        // Shared extents are edited alike.
        edits.sort_unstable();
        edits.dedup();
        let mut edits = edits.into_iter().peekable();
        let mut pool = Self { runs: Vec::new(), source };
        let mut last = 0_usize;
        for (start, end) in ranges {
            if end <= last {
                continue;
            }
            if start < last {
                return Err(Refusal::damaged("extents of pictures overlap"));
            }
            let mut at = start;
            while let Some(edit) = edits.next_if(|edit| edit.start < end) {
                if edit.start < at || edit.end > end {
                    return Err(Refusal::damaged("extents of pictures overlap"));
                }
                pool.push(at, edit.start, None);
                at = edit.end;
                pool.push(edit.start, edit.end, Some(edit.with));
            }
            pool.push(at, end, None);
            last = end;
        }
        Ok(pool)
    }

    fn push(&mut self, start: usize, end: usize, with: Option<Vec<u8>>) {
        if start < end {
            let new = self.runs.last().map_or(0, Run::new_end);
            self.runs.push(Run { start, end, new, with });
        }
    }

    /// The new place and size of an extent; `None` when it begins or ends within an edit, or nothing is left of it.
    pub(super) fn place(&self, start: usize, size: usize) -> Option<(usize, usize)> {
        let (first, last) = (self.run(start)?, self.run(start.checked_add(size)?.checked_sub(1)?)?);
        let new = match &first.with {
            None => start.checked_sub(first.start)?.checked_add(first.new)?,
            Some(_) => (start == first.start).then_some(first.new)?,
        };
        let end = start.checked_add(size)?;
        let new_end = match &last.with {
            None => end.checked_sub(last.start)?.checked_add(last.new)?,
            Some(_) => (end == last.end).then(|| last.new_end())?,
        };
        new_end.checked_sub(new).filter(|size| *size > 0).map(|size| (new, size))
    }

    /// The run that a place of the source lies in.
    fn run(&self, at: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.start <= at);
        self.runs.get(after.checked_sub(1)?).filter(|run| at < run.end)
    }

    /// Whether any byte of an extent stays.
    pub(super) fn touches(&self, start: usize, size: usize) -> bool {
        let end = start.saturating_add(size);
        let after = self.runs.partition_point(|run| run.end <= start);
        self.runs.get(after).is_some_and(|run| run.start < end)
    }

    /// The bytes, in order.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let runs = self.runs.iter().map(|run| match &run.with {
            Some(with) => with.as_slice(),
            None => self.source.get(run.start..run.end).unwrap_or_default(),
        });
        runs.collect::<Vec<&[u8]>>().concat()
    }
}

impl Run {
    /// Where it ends in the copy.
    fn new_end(&self) -> usize {
        let size = self.with.as_ref().map_or(self.end.saturating_sub(self.start), Vec::len);
        self.new.saturating_add(size)
    }
}
