//! Where the samples of a track lie and when they are shown (ISO/IEC 14496-12, sections 8.6.1 and 8.7).

use super::{needed, only, rows};
use crate::formats::Context;
use crate::formats::bmff::{BmffBox, Fields};
use crate::refusal::Refusal;

/// One sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) start: usize,
    pub(super) size: usize,
    /// Which sample entry describes it, from 1.
    pub(super) entry: u32,
}

/// The samples of a track, in chunks of samples that lie one behind the other.
pub(super) struct Samples<'a> {
    pub(super) chunks: Vec<Vec<Sample>>,
    /// Contents of `stts`, `ctts` and `stss`.
    pub(super) durations: &'a [u8],
    pub(super) compositions: Option<&'a [u8]>,
    pub(super) sync: Option<&'a [u8]>,
    /// Contents of `stsc`.
    pub(super) runs: &'a [u8],
}

impl<'a> Samples<'a> {
    /// Reads the tables of a track with so many sample entries.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a table is broken or two do not agree, [`crate::Reason::OverLimit`] when
    /// there are too many samples.
    pub(super) fn read(tables: &[BmffBox<'a>], entries: usize, context: &Context<'_>) -> Result<Self, Refusal> {
        let sizes = sizes(tables, context)?;
        let offsets = offsets(tables)?;
        let runs = needed(tables, b"stsc")?;
        let chunks = chunks(&runs, &sizes, &offsets, entries)?;
        let times = |name: &[u8; 4]| -> Result<Option<&'a [u8]>, Refusal> {
            only(tables, name)?.map(|found| times(&found, sizes.len())).transpose()
        };
        let durations = times(b"stts")?.ok_or_else(|| Refusal::damaged("the samples have no durations"))?;
        let sync = only(tables, b"stss")?.map(|found| sync(&found, sizes.len())).transpose()?;
        Ok(Self { chunks, durations, compositions: times(b"ctts")?, sync, runs: runs.data })
    }

    /// All samples, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = &Sample> {
        self.chunks.iter().flatten()
    }
}

/// The sizes of all samples, from `stsz` or `stz2`.
fn sizes(tables: &[BmffBox<'_>], context: &Context<'_>) -> Result<Vec<usize>, Refusal> {
    let broken = || Refusal::damaged("the sizes of the samples are not valid");
    let (table, compact) = match (only(tables, b"stsz")?, only(tables, b"stz2")?) {
        (Some(table), None) => (table, false),
        (None, Some(table)) => (table, true),
        _ => return Err(broken()),
    };
    let mut fields = table.fields();
    let (version, _) = fields.version()?;
    let word = fields.small(4)?;
    let count = usize::try_from(fields.small(4)?).unwrap_or(usize::MAX);
    context.limits.check_frames(count)?;
    let bits = match (compact, word) {
        (false, 0) => 32,
        (false, _) => 0,
        (true, 4 | 8 | 16) => usize::try_from(word).unwrap_or_default(),
        (true, _) => return Err(broken()),
    };
    if version != 0 || count == 0 || count.saturating_mul(bits).div_ceil(8) != fields.0.len() {
        return Err(broken());
    }
    let size = |index: usize, rows: &mut Fields<'_>| -> Result<usize, Refusal> {
        let size = match bits {
            0 => word,
            // Two in a byte, the first one in the high half.
            4 if index.is_multiple_of(2) => u32::from(rows.0.first().copied().unwrap_or_default() >> 4),
            4 => rows.small(1)? & 15,
            bits => rows.small(bits / 8)?,
        };
        usize::try_from(size).ok().filter(|size| *size > 0).ok_or_else(broken)
    };
    (0..count).map(|index| size(index, &mut fields)).collect()
}

/// Where the chunks begin, from `stco` or `co64`.
fn offsets(tables: &[BmffBox<'_>]) -> Result<Vec<usize>, Refusal> {
    let (mut fields, width) = match (only(tables, b"stco")?, only(tables, b"co64")?) {
        (Some(table), None) => (rows(&table, 0, 4)?.1, 4),
        (None, Some(table)) => (rows(&table, 0, 8)?.1, 8),
        _ => return Err(Refusal::damaged("the chunks have no places, or two")),
    };
    let mut offsets = Vec::with_capacity(fields.0.len() / width);
    while !fields.0.is_empty() {
        let offset = usize::try_from(fields.number(width)?);
        offsets.push(offset.map_err(|_| Refusal::damaged("a chunk lies outside of the file"))?);
    }
    Ok(offsets)
}

/// Deals the samples out to chunks, as `stsc` says.
fn chunks(
    table: &BmffBox<'_>,
    sizes: &[usize],
    offsets: &[usize],
    entries: usize,
) -> Result<Vec<Vec<Sample>>, Refusal> {
    let broken = || Refusal::damaged("the samples do not fit into their chunks");
    let (_, mut fields) = rows(table, 0, 12)?;
    let mut runs: Vec<(usize, u32, u32)> = Vec::new();
    while !fields.0.is_empty() {
        let first = usize::try_from(fields.small(4)?).unwrap_or(usize::MAX);
        let (samples, entry) = (fields.small(4)?, fields.small(4)?);
        let after = runs.last().map_or(0, |(last, ..)| *last);
        let known = usize::try_from(entry).is_ok_and(|entry| (1..=entries).contains(&entry));
        if first <= after || first > offsets.len() || samples == 0 || !known || (runs.is_empty() && first != 1) {
            return Err(broken());
        }
        runs.push((first, samples, entry));
    }
    let mut runs = runs.into_iter().peekable();
    let mut run = (0_usize, 0_u32, 0_u32);
    let mut left = sizes.iter();
    let mut chunks = Vec::with_capacity(offsets.len());
    for (number, offset) in (1_usize..).zip(offsets) {
        if let Some(next) = runs.next_if(|(first, ..)| *first == number) {
            run = next;
        }
        let (_, samples, entry) = run;
        let mut start = *offset;
        let mut chunk = Vec::new();
        for _ in 0..samples {
            let size = *left.next().ok_or_else(broken)?;
            chunk.push(Sample { start, size, entry });
            start = start.checked_add(size).ok_or_else(broken)?;
        }
        chunks.push(chunk);
    }
    if left.next().is_some() { Err(broken()) } else { Ok(chunks) }
}

/// The contents of `stts` or `ctts`, whose rows must speak of all samples.
fn times<'a>(table: &BmffBox<'a>, samples: usize) -> Result<&'a [u8], Refusal> {
    let (_, mut fields) = rows(table, u32::from(&table.name == b"ctts"), 8)?;
    let mut sum = 0_usize;
    while !fields.0.is_empty() {
        sum = sum.saturating_add(usize::try_from(fields.small(4)?).unwrap_or(usize::MAX));
        fields.take(4)?;
    }
    match sum == samples {
        true => Ok(table.data),
        false => Err(Refusal::damaged(format!("the table {} speaks of another number of samples", table.title()))),
    }
}

/// The contents of `stss`: the numbers of samples that need no other, in order.
fn sync<'a>(table: &BmffBox<'a>, samples: usize) -> Result<&'a [u8], Refusal> {
    let (_, mut fields) = rows(table, 0, 4)?;
    let mut last = 0_usize;
    while !fields.0.is_empty() {
        let number = usize::try_from(fields.small(4)?).unwrap_or(usize::MAX);
        if number <= last || number > samples {
            return Err(Refusal::damaged("the table stss names samples that are not there"));
        }
        last = number;
    }
    Ok(table.data)
}
