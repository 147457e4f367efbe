//! The index of tile-parts (TLM, section A.7.1): where it fits the tile-parts it gets their new lengths, else it goes.

use std::collections::BTreeMap;

use super::TilePart;
use super::markers::Marker;
use crate::formats::Report;
use crate::policy::Class;
use crate::refusal::Refusal;

/// Marker, length, number and form of a segment.
const HEAD: usize = 6;

/// The segments of the index.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// Place among the segments of the main header, and what stands there.
    segments: Vec<(usize, Marker<'a>)>,
}

impl<'a> Index<'a> {
    /// Adds a segment.
    ///
    /// # Errors
    /// [`Reason::Damaged`](crate::Reason::Damaged) when it has no form.
    pub(super) fn add(&mut self, place: usize, marker: &Marker<'a>) -> Result<(), Refusal> {
        if marker.contents.len() < 2 {
            return Err(Refusal::damaged("a TLM marker segment has another length than its fields"));
        }
        self.segments.push((place, *marker));
        Ok(())
    }

    /// The segments with the new lengths, by their places. There are none when the index does not fit the tile-parts.
    pub(super) fn follow(&self, parts: &[TilePart], report: &mut Report) -> BTreeMap<usize, Vec<u8>> {
        let mut left = parts.iter();
        let mut next_tile = 0;
        let mut written = BTreeMap::new();
        for (place, marker) in &self.segments {
            if let Some(segment) = rewritten(marker, &mut left, &mut next_tile) {
                written.insert(*place, segment);
            }
        }
        if written.len() == self.segments.len() && left.next().is_none() {
            return written;
        }
        for (_, marker) in &self.segments {
            let item = "TLM that does not fit the tile-parts";
            report.removed_bytes(Class::ContentUnknown, item, "", marker.whole.len());
        }
        BTreeMap::new()
    }
}

/// The segment with the new lengths of the next tile-parts, `None` when it does not fit them.
fn rewritten<'p>(
    marker: &Marker<'_>,
    parts: &mut impl Iterator<Item = &'p TilePart>,
    next_tile: &mut u32,
) -> Option<Vec<u8>> {
    let form = *marker.contents.get(1)?;
    let tile_size = usize::from((form >> 4) & 3);
    let length_size = if form & 0x40 == 0 { 2 } else { 4 };
    if tile_size == 3 || form & 0x8f != 0 {
        return None;
    }
    let mut written = marker.whole.get(..HEAD)?.to_vec();
    let mut rest = marker.whole.get(HEAD..)?;
    while !rest.is_empty() {
        let (tile, behind) = rest.split_at_checked(tile_size)?;
        let (length, behind) = behind.split_at_checked(length_size)?;
        let part = parts.next()?;
        let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        // Without numbers, each tile has one part and they stand in order.
        let stated = if tile_size == 0 { *next_tile } else { number(tile) };
        if stated != u32::from(part.tile) || number(length) != part.length.0 {
            return None;
        }
        *next_tile = next_tile.saturating_add(1);
        written.extend_from_slice(tile);
        let new = part.length.1.to_be_bytes();
        written.extend_from_slice(new.get(new.len().checked_sub(length_size)?..)?);
        rest = behind;
    }
    Some(written)
}
