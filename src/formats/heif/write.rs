//! The copy: brands, tables and places written anew, in one layout for all files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Meta};
use super::movie::{self, Movie};
use super::pool::Pool;
use super::properties::{Fate, fate, profile};
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, half, make, title, word};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// Brands of still pictures that say what a reader must know.
const BRANDS: [&[u8; 4]; 19] = [
    b"mif1", b"mif2", b"mif3", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"MA1A", b"MA1B", b"avif", b"avio",
    b"heic", b"heix", b"heim", b"heis", b"avci", b"jpeg", b"j2ki",
];

/// Major brands of files that are sequences of pictures.
pub(super) const SEQUENCES: [&[u8; 4]; 7] = [b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avcs"];

/// Further brands of sequences: which version of the movie's boxes a reader must know.
const MOVIES: [&[u8; 4]; 11] =
    [b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"isom", b"mp41", b"mp42"];

/// The `ftyp` box of the copy (ISO/IEC 14496-12, section 4.3).
///
/// # Errors
/// [`crate::Reason::Damaged`] when the box is too short.
pub(super) fn brands(kind: Kind, sequence: bool, found: &BmffBox<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let known = |brand: &[u8; 4]| {
        BRANDS.contains(&brand) || (sequence && (SEQUENCES.contains(&brand) || MOVIES.contains(&brand)))
    };
    let mut fields = found.fields();
    let major = fields.name()?;
    let version = fields.small(4)?;
    if version != 0 {
        report.removed(Class::MetadataOther, "ftyp minor version", "");
    }
    let mut brands: Vec<[u8; 4]> = Vec::new();
    let compatible = fields.0.chunks(4).filter_map(|brand| brand.first_chunk::<4>().copied());
    for brand in compatible {
        if !known(&brand) {
            report.removed(Class::ContentUnknown, format!("ftyp brand {}", title(brand)), "");
        } else if !brands.contains(&brand) {
            brands.push(brand);
        }
    }
    let family: [u8; 4] = match (kind, sequence) {
        (Kind::Avif, true) => *b"avis",
        (Kind::Avif, false) => *b"avif",
        (_, true) => *b"msf1",
        (_, false) => *b"mif1",
    };
    let major = if known(&major) {
        major
    } else {
        report.removed(Class::ContentUnknown, format!("ftyp brand {}", title(major)), "");
        family
    };
    if !brands.contains(&family) {
        brands.push(family);
    }
    make(b"ftyp", &[&major, &[0; 4], &brands.concat()])
}

/// The whole copy.
///
/// # Errors
/// Those of properties, and when a table would be too large.
pub(super) fn file(
    brands: &[u8],
    meta: &Meta<'_>,
    kept: &BTreeSet<u32>,
    movie: Option<&Movie<'_>>,
    pools: [&Pool<'_>; 2],
    policy: &Policy,
    report: &mut Report,
) -> Result<Vec<u8>, Refusal> {
    let items = if kept.is_empty() { None } else { Some(Items::new(meta, kept, pools, policy, report)?) };
    let [in_file, _] = pools;
    // The tables have the same size whatever the places in them.
    let build = |media: usize| -> Result<Vec<u8>, Refusal> {
        let meta = items.as_ref().map(|items| items.meta(pools, media)).transpose()?;
        let movie = movie.map(|movie| movie::write(movie, in_file, media)).transpose()?;
        Ok([meta.unwrap_or_default(), movie.unwrap_or_default()].concat())
    };
    let media = brands.len().saturating_add(build(0)?.len()).saturating_add(8);
    let bytes = in_file.bytes();
    let mdat = if bytes.is_empty() { Vec::new() } else { make(b"mdat", &[&bytes])? };
    word(media.saturating_add(bytes.len()))?;
    Ok([brands, &build(media)?, &mdat].concat())
}

/// The `meta` box but for the places of the items.
struct Items<'a, 'b> {
    items: Vec<(u32, &'b Item<'a>)>,
    /// Numbers of items take four bytes.
    wide: bool,
    before: Vec<u8>,
}

impl<'a, 'b> Items<'a, 'b> {
    fn new(
        meta: &'b Meta<'a>,
        kept: &BTreeSet<u32>,
        pools: [&Pool<'_>; 2],
        policy: &Policy,
        report: &mut Report,
    ) -> Result<Self, Refusal> {
        let items: Vec<(u32, &Item<'_>)> =
            kept.iter().filter_map(|id| meta.items.get(id).map(|item| (*id, item))).collect();
        // Numbers of four bytes only where they are needed.
        let wide = items.iter().any(|(id, _)| *id > 0xffff);
        let number = |id: u32| number(id, wide);
        let mut before = vec![
            make(b"hdlr", &[&[0; 8], b"pict", &[0; 13]])?,
            make(b"pitm", &[&[u8::from(wide), 0, 0, 0], &number(meta.primary.unwrap_or_default())])?,
            infos(&items, wide, &number)?,
        ];
        before.extend(references(meta, kept, wide, &number)?);
        before.push(properties(meta, &items, wide, &number, policy, report)?);
        let [_, in_idat] = pools;
        let idat = in_idat.bytes();
        if !idat.is_empty() {
            before.push(make(b"idat", &[&idat])?);
        }
        Ok(Self { items, wide, before: before.concat() })
    }

    /// The box, when the media data begins at `media`.
    fn meta(&self, [in_file, in_idat]: [&Pool<'_>; 2], media: usize) -> Result<Vec<u8>, Refusal> {
        let number = |id: u32| number(id, self.wide);
        let iloc = locations(&self.items, [(in_file, media), (in_idat, 0)], self.wide, &number)?;
        make(b"meta", &[&[0; 4], &self.before, &iloc])
    }
}

/// The number of an item as it is written.
fn number(id: u32, wide: bool) -> Vec<u8> {
    let bytes = id.to_be_bytes();
    if wide { bytes.to_vec() } else { bytes.get(2..).unwrap_or_default().to_vec() }
}

fn infos(items: &[(u32, &Item<'_>)], wide: bool, number: &dyn Fn(u32) -> Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let mut infos = Vec::new();
    for (id, item) in items {
        let version = [2_u8.saturating_add(u8::from(wide)), 0, 0, u8::from(item.hidden)];
        infos.extend(make(b"infe", &[&version, &number(*id), &[0; 2], &item.kind, &[0]])?);
    }
    make(b"iinf", &[&[0; 4], &half(items.len())?, &infos])
}

/// The references between items that stay: inputs, transparency, premultiplication.
fn references(
    meta: &Meta<'_>,
    kept: &BTreeSet<u32>,
    wide: bool,
    number: &dyn Fn(u32) -> Vec<u8>,
) -> Result<Option<Vec<u8>>, Refusal> {
    let mut made = Vec::new();
    for reference in &meta.references {
        if !matches!(&reference.kind, b"dimg" | b"auxl" | b"prem") || !kept.contains(&reference.from) {
            continue;
        }
        let to: Vec<u32> = reference.to.iter().copied().filter(|id| kept.contains(id)).collect();
        let derived =
            meta.items.get(&reference.from).is_some_and(|item| matches!(&item.kind, b"grid" | b"iovl" | b"iden"));
        if to.is_empty() || (&reference.kind == b"dimg" && !derived) {
            continue;
        }
        let targets: Vec<u8> = to.iter().flat_map(|id| number(*id)).collect();
        made.extend(make(&reference.kind, &[&number(reference.from), &half(to.len())?, &targets])?);
    }
    if made.is_empty() { Ok(None) } else { make(b"iref", &[&[u8::from(wide), 0, 0, 0], &made]).map(Some) }
}

/// The properties that kept items have, each once, and which item has which.
fn properties(
    meta: &Meta<'_>,
    items: &[(u32, &Item<'_>)],
    wide: bool,
    number: &dyn Fn(u32) -> Vec<u8>,
    policy: &Policy,
    report: &mut Report,
) -> Result<Vec<u8>, Refusal> {
    let mut used: BTreeMap<usize, Cow<'_, [u8]>> = BTreeMap::new();
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    for (essential, place) in items.iter().flat_map(|(_, item)| &item.properties) {
        let Some(property) = meta.properties.get(*place).filter(|_| !used.contains_key(place)) else { continue };
        match fate(property, *essential, report)? {
            Fate::Keep(data) => {
                used.insert(*place, data);
            }
            Fate::Profile(..) if dropped.contains(place) => {}
            Fate::Profile(kind, bytes) => match profile(kind, bytes, policy, report) {
                Some(data) => drop(used.insert(*place, data.into())),
                None => drop(dropped.insert(*place)),
            },
            Fate::Drop(class) => {
                if dropped.insert(*place) {
                    report.removed_bytes(class, format!("property {}", property.title()), "", property.data.len());
                }
            }
        }
    }
    let mut boxes = Vec::new();
    for (place, data) in &used {
        let Some(property) = meta.properties.get(*place) else { continue };
        boxes.extend(make(&property.name, &[data])?);
    }
    let unused = (0..meta.properties.len()).filter(|place| !used.contains_key(place) && !dropped.contains(place));
    for property in unused.filter_map(|place| meta.properties.get(place)) {
        let class = if matches!(&property.name, b"free" | b"skip") {
            Class::ContentUnreferenced
        } else {
            Class::ContentSecondaryImages
        };
        report.removed_bytes(class, format!("property {} of removed items", property.title()), "", property.data.len());
    }
    let new: BTreeMap<usize, usize> = used.keys().zip(1..).map(|(old, new)| (*old, new)).collect();
    let long = new.len() > 0x7f;
    let mut table = Vec::new();
    for (id, item) in items {
        let indices: Vec<(bool, usize)> = item
            .properties
            .iter()
            .filter_map(|(essential, place)| new.get(place).map(|index| (*essential, *index)))
            .collect();
        table.extend(number(*id));
        table.push(u8::try_from(indices.len()).map_err(|_| Refusal::damaged("an item has too many properties"))?);
        for (essential, index) in indices {
            let [high, low] = half(index)?;
            match long {
                true => table.extend([high | (u8::from(essential) << 7), low]),
                false => table.push(low | (u8::from(essential) << 7)),
            }
        }
    }
    let version = [u8::from(wide), 0, 0, u8::from(long)];
    let ipma = make(b"ipma", &[&version, &word(items.len())?, &table])?;
    make(b"iprp", &[&make(b"ipco", &[&boxes])?, &ipma])
}

/// Where the bytes lie now. `pools` come with the place where their bytes begin.
fn locations(
    items: &[(u32, &Item<'_>)],
    pools: [(&Pool<'_>, usize); 2],
    wide: bool,
    number: &dyn Fn(u32) -> Vec<u8>,
) -> Result<Vec<u8>, Refusal> {
    let idat = items.iter().any(|(_, item)| item.location.construction == 1);
    let version = if wide { 2 } else { u8::from(idat) };
    let mut table = Vec::new();
    for (id, item) in items {
        table.extend(number(*id));
        if version > 0 {
            table.extend(half(usize::from(item.location.construction == 1))?);
        }
        table.extend([0; 2]);
        table.extend(half(item.location.extents.len())?);
        let [in_file, in_idat] = pools;
        let (pool, base) = if item.location.construction == 1 { in_idat } else { in_file };
        for (start, size) in &item.location.extents {
            let (place, size) =
                pool.place(*start, *size).ok_or_else(|| Refusal::damaged("nothing is left of an extent"))?;
            table.extend(word(base.saturating_add(place))?);
            table.extend(word(size)?);
        }
    }
    let count = if wide { word(items.len())?.to_vec() } else { half(items.len())?.to_vec() };
    make(b"iloc", &[&[version, 0, 0, 0], &[0x44, 0], &count, &table])
}
