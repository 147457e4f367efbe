//! What colours are computed with: header fields and tags of a profile, as stretches of its bytes (ICC.1:2022, sections 7 to
//! 10; ICC.1:2001-04 for version 2).

mod chain;
mod table;

use std::ops::Range;

use sha2::{Digest, Sha256};

/// The tags that colour engines compute with.
const COLOUR_TAGS: [&[u8; 4]; 30] = [
    b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"B2D0", b"B2D1", b"B2D2", b"B2D3", b"D2B0", b"D2B1",
    b"D2B2", b"D2B3", b"bTRC", b"bXYZ", b"bkpt", b"chad", b"cicp", b"gTRC", b"gXYZ", b"gamt", b"kTRC", b"lumi",
    b"pre0", b"pre1", b"pre2", b"rTRC", b"rXYZ", b"wtpt",
];

/// Entries of a tag table; engines give up on more.
const MOST_ENTRIES: u32 = 100;

/// A tag that colours are computed with.
pub(super) struct Tag<'a> {
    pub(super) name: [u8; 4],
    pub(super) data: &'a [u8],
    pub(super) used: Used,
}

/// What is used of the data of a tag.
pub(super) struct Used {
    /// The stretches that say something, in the order in which they are used.
    pub(super) says: Vec<Range<usize>>,
    /// The numbers of four bytes that only say where the others lie: their place, and what they say or should say: a size
    /// that leaves no room.
    pub(super) points: Vec<(usize, usize)>,
}

/// A profile that colour engines take.
pub(super) struct Profile<'a> {
    pub(super) bytes: &'a [u8],
    /// Every entry of the tag table: name, offset, size.
    pub(super) entries: Vec<([u8; 4], usize, usize)>,
    pub(super) tags: Vec<Tag<'a>>,
}

/// Four bytes at a place.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

/// The number in four bytes at a place.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<usize> {
    word(bytes, at).and_then(|word| usize::try_from(u32::from_be_bytes(word)).ok())
}

/// The number in two bytes at a place.
fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at.checked_add(1)?)?))
}

/// `size` bytes from `from`, if they lie inside of the data.
fn span(data: &[u8], from: usize, size: usize) -> Option<Range<usize>> {
    let to = from.checked_add(size)?;
    (to <= data.len()).then_some(from..to)
}

impl<'a> Profile<'a> {
    /// Reads a profile; `None` when it is not one that colour engines take for a picture.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let bytes = bytes.get(..number(bytes, 0)?)?;
        let classes = [*b"mntr", *b"prtr", *b"scnr", *b"spac"];
        let fits = word(bytes, 36)? == *b"acsp"
            && (2..=4).contains(bytes.get(8)?)
            && classes.contains(&word(bytes, 12)?)
            && [*b"XYZ ", *b"Lab "].contains(&word(bytes, 20)?);
        let channels = channels(word(bytes, 16)?)?;
        let count = word(bytes, 128).map(u32::from_be_bytes).filter(|count| fits && *count <= MOST_ENTRIES)?;
        let mut profile = Self { bytes, entries: Vec::new(), tags: Vec::new() };
        let mut entry = 132_usize;
        for _ in 0..count {
            let (name, at, size) =
                (word(bytes, entry)?, number(bytes, entry.saturating_add(4))?, number(bytes, entry.saturating_add(8))?);
            let data = bytes.get(span(bytes, at, size)?)?;
            let known = COLOUR_TAGS.contains(&&name) && profile.entries.iter().all(|(other, ..)| *other != name);
            if known {
                profile.tags.push(Tag { name, data, used: used(name, data, channels)? });
            }
            profile.entries.push((name, at, size));
            entry = entry.saturating_add(12);
        }
        profile.tags.sort_by_key(|tag| tag.name);
        profile.gives_colours().then_some(profile)
    }

    /// Whether numbers become colours: through a table, through a gray curve, or through curves and primaries.
    fn gives_colours(&self) -> bool {
        let has = |name: &[u8; 4]| self.tags.iter().any(|tag| tag.name == *name);
        let shaped = match self.bytes.get(16..20) {
            Some(b"GRAY") => has(b"kTRC"),
            Some(b"RGB ") => {
                [b"rTRC", b"gTRC", b"bTRC"].into_iter().all(has) && [b"rXYZ", b"gXYZ", b"bXYZ"].into_iter().all(has)
            }
            _ => false,
        };
        shaped || has(b"A2B0") || has(b"D2B0")
    }

    /// A digest of everything that colours are computed with.
    pub(super) fn essence(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        // Major and minor version, class, colour space, connection space.
        for field in [8..10, 12..24, 68..80] {
            digest.update(self.bytes.get(field).unwrap_or_default());
        }
        digest.update([self.intent()]);
        for tag in &self.tags {
            digest.update(tag.name);
            digest.update((tag.used.says.len() as u64).to_be_bytes());
            for stretch in &tag.used.says {
                digest.update((stretch.len() as u64).to_be_bytes());
                digest.update(tag.data.get(stretch.clone()).unwrap_or_default());
            }
        }
        digest.finalize().into()
    }

    /// The rendering intent; perceptual where it is none of the four.
    fn intent(&self) -> u8 {
        match self.bytes.get(66..68) {
            Some([0, intent]) if *intent < 4 => *intent,
            _ => 0,
        }
    }
}

/// Channels of a colour space.
fn channels(space: [u8; 4]) -> Option<usize> {
    const THREE: [[u8; 4]; 9] =
        [*b"RGB ", *b"Lab ", *b"XYZ ", *b"YCbr", *b"Luv ", *b"Yxy ", *b"HSV ", *b"HLS ", *b"CMY "];
    match &space {
        b"GRAY" => Some(1),
        b"CMYK" => Some(4),
        [digit @ b'2'..=b'9', b'C', b'L', b'R'] => Some(usize::from(digit.saturating_sub(b'0'))),
        [digit @ (b'A'..=b'F' | b'a'..=b'f'), b'C', b'L', b'R'] => {
            Some(usize::from(digit.to_ascii_uppercase().saturating_sub(b'A')).saturating_add(10))
        }
        space => THREE.contains(space).then_some(3),
    }
}

/// What is used of a tag's data; `None` when the data are not what the tag may hold.
fn used(name: [u8; 4], data: &[u8], channels: usize) -> Option<Used> {
    let kind = word(data, 0)?;
    let plain = |wanted: &[u8; 4], size: usize| {
        let says = span(data, 8, size).filter(|_| kind == *wanted)?;
        Some(Used { says: vec![0..4, says], points: Vec::new() })
    };
    match &name {
        [b'r' | b'g' | b'b' | b'k', b'T', b'R', b'C'] => {
            table::curve(data, 0).map(|(says, _)| Used { says, points: Vec::new() })
        }
        b"chad" => plain(b"sf32", 36),
        b"cicp" => plain(b"cicp", 4),
        b"A2B0" | b"A2B1" | b"A2B2" => table::used(data, b"mAB ", (channels, 3)),
        b"B2A0" | b"B2A1" | b"B2A2" => table::used(data, b"mBA ", (3, channels)),
        b"gamt" => table::used(data, b"mBA ", (3, 1)),
        b"pre0" | b"pre1" | b"pre2" => table::used(data, b"mBA ", (3, 3)),
        [b'D', b'2', b'B', _] => chain::used(data, (channels, 3)),
        [b'B', b'2', b'D', _] => chain::used(data, (3, channels)),
        _ => plain(b"XYZ ", 12),
    }
}
