//! The tag table (section 7.3): the tags that stay, in the order of this list.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::header::{self, Header};
use super::text;
use super::types::{Meaning, exact, long, pad, stretch};

/// The tags that colour engines compute with (section 9.2), and what their data say.
const COMPUTED: &[([u8; 4], Meaning)] = &[
    (*b"wtpt", Meaning::Xyz),
    (*b"bkpt", Meaning::Xyz),
    (*b"chad", Meaning::Adaptation),
    (*b"lumi", Meaning::Xyz),
    (*b"cicp", Meaning::CodePoints),
    (*b"rXYZ", Meaning::Xyz),
    (*b"gXYZ", Meaning::Xyz),
    (*b"bXYZ", Meaning::Xyz),
    (*b"rTRC", Meaning::Curve),
    (*b"gTRC", Meaning::Curve),
    (*b"bTRC", Meaning::Curve),
    (*b"kTRC", Meaning::Curve),
    (*b"A2B0", Meaning::FromDevice),
    (*b"A2B1", Meaning::FromDevice),
    (*b"A2B2", Meaning::FromDevice),
    (*b"B2A0", Meaning::ToDevice),
    (*b"B2A1", Meaning::ToDevice),
    (*b"B2A2", Meaning::ToDevice),
    (*b"D2B0", Meaning::FromDeviceElements),
    (*b"D2B1", Meaning::FromDeviceElements),
    (*b"D2B2", Meaning::FromDeviceElements),
    (*b"D2B3", Meaning::FromDeviceElements),
    (*b"B2D0", Meaning::ToDeviceElements),
    (*b"B2D1", Meaning::ToDeviceElements),
    (*b"B2D2", Meaning::ToDeviceElements),
    (*b"B2D3", Meaning::ToDeviceElements),
    (*b"gamt", Meaning::Gamut),
    (*b"pre0", Meaning::Preview),
    (*b"pre1", Meaning::Preview),
    (*b"pre2", Meaning::Preview),
];

/// Tags of one profile; common engines take no more.
const MOST_TAGS: usize = 100;

/// A tag as it stands in the table.
pub(super) struct Tag {
    pub(super) name: [u8; 4],
    pub(super) offset: usize,
    pub(super) size: usize,
    /// The tag stays, with these data.
    pub(super) kept: Option<Rc<[u8]>>,
}

/// The tags of a profile.
pub(super) struct Table {
    pub(super) tags: Vec<Tag>,
}

impl Table {
    /// Reads the table and the tags that stay. `None` when no colour engine would take the profile: a tag lies outside of
    /// it, or one that colours are computed with is malformed or missing.
    pub(super) fn parse(profile: &[u8], header: &Header) -> Option<Self> {
        let count = usize::try_from(long(profile, header::SIZE)?).ok().filter(|count| *count <= MOST_TAGS)?;
        let mut tags: Vec<Tag> = Vec::new();
        let mut room = profile.len();
        let mut known: BTreeMap<(usize, usize, Meaning), Rc<[u8]>> = BTreeMap::new();
        let mut offsets: BTreeSet<usize> = BTreeSet::new();
        for index in 0..count {
            let entry = stretch(profile, index.checked_mul(12)?.checked_add(132)?, 12)?;
            let name = *entry.first_chunk()?;
            let (offset, size) = (usize::try_from(long(entry, 4)?).ok()?, usize::try_from(long(entry, 8)?).ok()?);
            let data = stretch(profile, offset, size)?;
            // Of two tags with one name the first counts.
            let first = !tags.iter().any(|tag| tag.name == name);
            let meaning = COMPUTED.iter().find(|(known, _)| *known == name).filter(|_| first);
            let kept = match meaning {
                Some((_, meaning)) => {
                    let key = (offset, size, *meaning);
                    let shared = known.get(&key).map(Rc::clone);
                    let kept = shared.or_else(|| exact(data, *meaning, header).map(Rc::from))?;
                    known.insert(key, Rc::clone(&kept));
                    // Tags share their data or lie apart: together they are no larger than the profile.
                    if offsets.insert(offset) {
                        room = room.checked_sub(kept.len())?;
                    }
                    Some(kept)
                }
                None => None,
            };
            tags.push(Tag { name, offset, size, kept });
        }
        let table = Self { tags };
        table.has_colours(header).then_some(table)
    }

    /// Whether there is a way from the numbers of a picture to colours (section 8): tables, or a curve for gray, or curves
    /// and primaries for RGB.
    fn has_colours(&self, header: &Header) -> bool {
        let has = |name: &[u8; 4]| self.kept(name).is_some();
        has(b"A2B0")
            || has(b"D2B0")
            || header.is_gray() && has(b"kTRC")
            || header.is_rgb() && [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"].into_iter().all(has)
    }

    /// The data of a tag that stays.
    fn kept(&self, name: &[u8; 4]) -> Option<&[u8]> {
        self.tags.iter().find(|tag| tag.name == *name).and_then(|tag| tag.kept.as_deref())
    }

    /// Description and copyright that say nothing.
    pub(super) fn texts(header: &Header) -> [([u8; 4], Vec<u8>); 2] {
        let version_4 = header.is_version_4();
        [
            (*b"desc", text::neutral(header.space_title(), version_4, true)),
            (*b"cprt", text::neutral("none", version_4, false)),
        ]
    }

    /// The profile of the copy: tags with the same data share them.
    pub(super) fn write(&self, header: &Header) -> Vec<u8> {
        let texts = Self::texts(header);
        let texts = texts.iter().map(|(name, data)| (*name, data.as_slice()));
        let computed = COMPUTED.iter().filter_map(|(name, _)| Some((*name, self.kept(name)?)));
        let tags: Vec<([u8; 4], &[u8])> = texts.chain(computed).collect();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes(); // smaller than the original
        let start = tags.len().saturating_mul(12).saturating_add(132);
        let mut table = number(tags.len()).to_vec();
        let mut body: Vec<u8> = Vec::new();
        let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
        for (name, data) in tags {
            let offset = *places.entry(data).or_insert_with(|| {
                let offset = body.len().saturating_add(start);
                body.extend_from_slice(data);
                pad(&mut body);
                offset
            });
            table.extend([name, number(offset), number(data.len())].concat());
        }
        let size = u32::try_from(body.len().saturating_add(start)).unwrap_or(u32::MAX);
        [header.write(size), table, body].concat()
    }
}
