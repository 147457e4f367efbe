//! A codestream (ISO/IEC 15444-1 Annex A) written anew without comments and without what stands behind its end.
//!
//! Marker segments that decoding needs are copied when they are exactly as long as their fields. The coded data of each
//! tile-part is copied as it is. Lengths of tile-parts, and their index (TLM), follow what was taken out.

mod index;
mod markers;
mod segments;

use std::collections::BTreeMap;

use self::index::Index;
use self::markers::{Marker, Markers, code};
pub(super) use self::segments::Size;
use crate::formats::metadata::removed_text;
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// How a codestream begins: SOC and SIZ.
pub(super) const START: [u8; 4] = [0xff, code::SOC, 0xff, code::SIZ];

/// SOT with its fields.
const TILE_PART_HEADER: usize = 12;

/// A codestream for the copy.
pub(super) struct Rebuilt {
    /// From SOC to EOC.
    pub(super) bytes: Vec<u8>,
    /// What SIZ says.
    pub(super) size: Size,
}

/// What SIZ says of a codestream of which nothing else is needed; `None` when it is broken.
pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    let siz = Markers::new(bytes.strip_prefix(&START[..2])?).next().ok()?;
    Size::read(siz.contents).ok()
}

/// Takes a codestream apart and writes what stays; the report gets the rest.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is cut off or breaks its format, [`crate::Reason::Unsupported`] for markers of other
/// parts of the standard, [`crate::Reason::Encrypted`], [`crate::Reason::OverLimit`].
pub(super) fn rebuild(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Rebuilt, Refusal> {
    let rest = bytes.strip_prefix(&START[..2]).ok_or_else(|| Refusal::damaged("the codestream has no beginning"))?;
    let mut markers = Markers::new(rest);
    let siz = markers.next()?;
    if siz.code != code::SIZ {
        return Err(Refusal::damaged("the codestream does not begin with its size"));
    }
    let size = Size::read(siz.contents)?;
    size.check(context)?;

    let mut segments = vec![siz];
    let mut index = Index::default();
    while !matches!(markers.peek(), Some(code::SOT | code::EOC)) {
        let marker = markers.next()?;
        match marker.code {
            code::COM => comment(&marker, report),
            code::RESERVED_FIRST..=code::RESERVED_LAST => reserved(&marker, report),
            code::TLM => {
                index.add(segments.len(), &marker)?;
                segments.push(marker);
            }
            _ => {
                segments::check(&marker, true, &size)?;
                segments.push(marker);
            }
        }
    }
    for (needed, title) in [(code::COD, "COD"), (code::QCD, "QCD")] {
        if segments.iter().all(|segment| segment.code != needed) {
            return Err(Refusal::damaged(format!("the codestream has no {title} marker segment")));
        }
    }

    let mut tiles = Tiles::default();
    while markers.peek() == Some(code::SOT) {
        let part = tiles.take(markers.rest(), &size, report)?;
        markers = Markers::new(part);
    }
    let rest = match markers.rest() {
        [0xff, code::EOC, rest @ ..] => rest,
        // Decoders do not miss the end of a codestream whose tiles are whole.
        [] => &[],
        _ => return Err(Refusal::damaged("a tile-part is followed by what is none")),
    };
    tiles.check(&size)?;
    report.trailer(rest, "EOC");

    let mut copy = START[..2].to_vec();
    let index = index.follow(&tiles.parts, report);
    for (place, segment) in segments.iter().enumerate() {
        match index.get(&place) {
            Some(written) => copy.extend_from_slice(written),
            None if segment.code == code::TLM => {}
            None => copy.extend_from_slice(segment.whole),
        }
    }
    copy.extend_from_slice(&tiles.copy);
    copy.extend_from_slice(&[0xff, code::EOC]);
    Ok(Rebuilt { bytes: copy, size })
}

/// One tile-part.
struct TilePart {
    tile: u16,
    /// Its length in the file and in the copy.
    length: (u32, u32),
}

/// The tile-parts so far.
#[derive(Default)]
struct Tiles {
    copy: Vec<u8>,
    parts: Vec<TilePart>,
    /// How many parts each tile has, and how many it says to have; 0 when it does not say.
    counts: BTreeMap<u16, (u32, u8)>,
}

impl Tiles {
    /// Copies the tile-part that begins `bytes`, and returns what stands behind it.
    fn take<'a>(&mut self, bytes: &'a [u8], size: &Size, report: &mut Report) -> Result<&'a [u8], Refusal> {
        let sot = Markers::new(bytes).next()?;
        let [t0, t1, p0, p1, p2, p3, part, parts] = *sot.contents else {
            return Err(Refusal::damaged("an SOT marker segment has another length than its fields"));
        };
        let (tile, stated) = (u16::from_be_bytes([t0, t1]), u32::from_be_bytes([p0, p1, p2, p3]));
        if u64::from(tile) >= size.tiles {
            return Err(Refusal::damaged("a tile-part belongs to no tile"));
        }
        let cut_off = || Refusal::damaged("a tile-part is cut off");
        let (whole, behind) = match stated {
            // The last one reaches up to the end of the codestream.
            0 => {
                let header = bytes.len().saturating_sub(after_header(bytes)?.len());
                let data = bytes.get(header..).unwrap_or_default();
                let end = markers::end_of_data(data).ok_or_else(cut_off)?.saturating_add(header);
                bytes.split_at_checked(end).ok_or_else(cut_off)?
            }
            _ => {
                let length = usize::try_from(stated).map_err(|_| cut_off())?;
                bytes.split_at_checked(length).ok_or_else(cut_off)?
            }
        };
        let mut segments = Vec::new();
        let mut markers = Markers::new(whole.get(TILE_PART_HEADER..).ok_or_else(cut_off)?);
        loop {
            let marker = markers.next()?;
            match marker.code {
                code::SOD => break,
                code::COM => comment(&marker, report),
                code::RESERVED_FIRST..=code::RESERVED_LAST => reserved(&marker, report),
                _ => {
                    segments::check(&marker, false, size)?;
                    segments.extend_from_slice(marker.whole);
                }
            }
        }
        let data = markers.rest();
        let length = [TILE_PART_HEADER, segments.len(), 2, data.len()].iter().sum::<usize>();
        let too_long = |_| Refusal::unsupported("a tile-part of more than 4 GiB");
        let before = u32::try_from(whole.len()).map_err(too_long)?;
        let after = u32::try_from(length).map_err(too_long)?;
        self.parts.push(TilePart { tile, length: (before, after) });
        let count = self.counts.entry(tile).or_default();
        *count = (count.0.saturating_add(1), count.1.max(parts));

        let written = if stated == 0 { 0 } else { after };
        self.copy.extend_from_slice(&[0xff, code::SOT, 0, 10, t0, t1]);
        self.copy.extend_from_slice(&written.to_be_bytes());
        self.copy.extend_from_slice(&[part, parts]);
        self.copy.extend_from_slice(&segments);
        self.copy.extend_from_slice(&[0xff, code::SOD]);
        self.copy.extend_from_slice(data);
        Ok(behind)
    }

    /// Checks that no tile and no part of one is missing.
    fn check(&self, size: &Size) -> Result<(), Refusal> {
        let whole = self.counts.values().all(|(found, stated)| *found >= u32::from(*stated));
        if whole && self.counts.len() as u64 == size.tiles {
            Ok(())
        } else {
            Err(Refusal::damaged("there are fewer tile-parts than the codestream states: it is cut off"))
        }
    }
}

/// What stands behind the header of the tile-part that begins `bytes`.
fn after_header(bytes: &[u8]) -> Result<&[u8], Refusal> {
    let mut markers = Markers::new(bytes);
    while markers.next()?.code != code::SOD {}
    Ok(markers.rest())
}

/// Reports a comment (section A.9.2). Behind a number that tells text from bytes, it is text in nearly all files.
fn comment(marker: &Marker<'_>, report: &mut Report) {
    let text = marker.contents.get(2..).unwrap_or_default();
    let names_program = [b"Created by".as_slice(), b"Kakadu", b"Kdu"].iter().any(|name| text.starts_with(name));
    let class = if names_program { Class::MetadataSoftware } else { Class::MetadataDescription };
    removed_text(report, class, "COM".to_owned(), text);
}

/// Reports a marker without contents that every decoder skips (section A.1).
fn reserved(marker: &Marker<'_>, report: &mut Report) {
    report.removed_bytes(Class::ContentUnknown, format!("marker 0xFF{:02X}", marker.code), "", marker.whole.len());
}
