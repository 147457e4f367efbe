//! The marker segments and tile-parts of a codestream, read for the proof alone (ISO/IEC 15444-1 Annex A).

use super::{left, segments};
use crate::refusal::Refusal;

/// A marker segment.
pub(super) struct Segment<'a> {
    /// Second byte of its marker.
    pub(super) code: u8,
    /// What follows its length.
    pub(super) contents: &'a [u8],
}

impl Segment<'_> {
    /// Whether samples depend on it: comments, the index of tile-parts and markers without meaning do not count.
    pub(super) fn is_for_decoding(&self) -> bool {
        !matches!(self.code, 0x64 | 0x55 | 0x30..=0x3f)
    }
}

/// A tile-part.
pub(super) struct Part<'a> {
    /// Number of its tile, as it is stored.
    pub(super) tile: [u8; 2],
    /// Its number among the parts of the tile.
    pub(super) number: u8,
    /// How many parts the tile says to have.
    pub(super) count: u8,
    /// Its length as it is stated and as it is.
    lengths: (usize, usize),
    pub(super) header: Vec<Segment<'a>>,
    pub(super) data: &'a [u8],
}

/// A codestream.
pub(super) struct Codestream<'a> {
    pub(super) main: Vec<Segment<'a>>,
    pub(super) parts: Vec<Part<'a>>,
    /// What follows the last tile-part.
    behind: &'a [u8],
}

fn broken() -> Refusal {
    Refusal::damaged("the codestream is not made of marker segments and tile-parts")
}

impl<'a> Codestream<'a> {
    /// Reads a codestream up to the end of its last tile-part.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut at = 2;
        let main = segments_until(bytes, &mut at, &[0x90, 0xd9])?;
        let mut parts = Vec::new();
        while bytes.get(at..).is_some_and(|rest| rest.starts_with(b"\xff\x90")) {
            let (part, end) = part(bytes, at)?;
            parts.push(part);
            at = end;
        }
        Ok(Self { main, parts, behind: bytes.get(at..).ok_or_else(broken)? })
    }

    /// Checks that the codestream ends with its end, and that no marker segment is there that decoders do not need.
    pub(super) fn check_leftovers(&self) -> Result<(), Refusal> {
        if self.behind != b"\xff\xd9" {
            return left("bytes behind the codestream");
        }
        let first = self.main.first().filter(|segment| segment.code == 0x51);
        let components =
            first.and_then(|siz| siz.contents.get(34..)?.first_chunk()).map(|count| u16::from_be_bytes(*count));
        let components = usize::from(components.ok_or_else(broken)?);
        let in_main = self.main.iter().all(|segment| segments::belongs(segment, true, components));
        let mut in_parts = self.parts.iter().flat_map(|part| &part.header);
        if !in_main || !in_parts.all(|segment| segments::belongs(segment, false, components)) {
            return left("a marker segment that does not belong there");
        }
        let stated_right = |part: &Part<'_>| part.lengths.0 == 0 || part.lengths.0 == part.lengths.1;
        if !self.parts.iter().all(stated_right) || !self.index_fits() {
            return Err(Refusal::unprovable("the lengths of the tile-parts of the copy are wrong"));
        }
        Ok(())
    }

    /// Whether the index of tile-parts, if there is one, says where they are.
    fn index_fits(&self) -> bool {
        let mut entries = Vec::new();
        let mut is_there = false;
        for segment in self.main.iter().filter(|segment| segment.code == 0x55) {
            let [_, form, table @ ..] = segment.contents else { return false };
            let (for_tile, for_length) = match form {
                0x00 => (0, 2),
                0x10 => (1, 2),
                0x20 => (2, 2),
                0x40 => (0, 4),
                0x50 => (1, 4),
                0x60 => (2, 4),
                _ => return false,
            };
            is_there = true;
            for entry in table.chunks(for_tile + for_length) {
                let Some((tile, length)) = entry.split_at_checked(for_tile) else { return false };
                let tile = if tile.is_empty() { entries.len() } else { number(tile) };
                entries.push((tile, number(length)));
            }
        }
        let actual = self.parts.iter().map(|part| (number(&part.tile), part.lengths.1));
        !is_there || actual.eq(entries)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte))
}

/// The marker segments from `at` up to one of the markers in `ends`, at which `at` then stands.
fn segments_until<'a>(bytes: &'a [u8], at: &mut usize, ends: &[u8]) -> Result<Vec<Segment<'a>>, Refusal> {
    let mut found = Vec::new();
    loop {
        let rest = bytes.get(*at..).ok_or_else(broken)?;
        let [0xff, code, rest @ ..] = rest else { return Err(broken()) };
        if ends.contains(code) {
            return Ok(found);
        }
        let size = match code {
            0x30..=0x3f => 0,
            _ => number(rest.get(..2).ok_or_else(broken)?),
        };
        let whole = rest.get(..size).ok_or_else(broken)?;
        found.push(Segment { code: *code, contents: whole.get(2..).unwrap_or_default() });
        *at = at.checked_add(size).and_then(|at| at.checked_add(2)).ok_or_else(broken)?;
    }
}

/// The tile-part at `at`, and where it ends.
fn part(bytes: &[u8], at: usize) -> Result<(Part<'_>, usize), Refusal> {
    let fields = bytes.get(at..).and_then(|rest| rest.first_chunk::<12>()).ok_or_else(broken)?;
    let [0xff, 0x90, 0, 10, t0, t1, length @ .., number_of_part, count] = *fields else { return Err(broken()) };
    let stated = number(&length);
    let mut data = at.checked_add(12).ok_or_else(broken)?;
    let header = segments_until(bytes, &mut data, &[0x93])?;
    data = data.checked_add(2).ok_or_else(broken)?;
    let end = match stated {
        0 => end_of_codestream(bytes, data),
        _ => at.checked_add(stated),
    };
    let end = end.ok_or_else(broken)?;
    let part = Part {
        tile: [t0, t1],
        number: number_of_part,
        count,
        lengths: (stated, end.saturating_sub(at)),
        header,
        data: bytes.get(data..end).ok_or_else(broken)?,
    };
    Ok((part, end))
}

/// Where the first EOC behind `from` stands that is not the number of a packet.
fn end_of_codestream(bytes: &[u8], from: usize) -> Option<usize> {
    let mut next = from;
    for (at, pair) in bytes.windows(2).enumerate().skip(from) {
        if at < next {
            continue;
        }
        match pair {
            b"\xff\xd9" => return Some(at),
            b"\xff\x91" => next = at.checked_add(6)?,
            _ => {}
        }
    }
    None
}
