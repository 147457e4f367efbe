//! The copy: brands, tables and places written anew, in one layout for all files.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Meta};
use super::pool::Pool;
use super::properties::{Fate, fate};
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, half, make, title, word};
use crate::kind::Kind;
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Brands of still pictures that say what a reader must know.
const BRANDS: [&[u8; 4]; 18] = [
    b"mif1", b"mif2", b"mif3", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"MA1A", b"MA1B", b"avif", b"avio",
    b"heic", b"heix", b"heim", b"heis", b"avci", b"vvic",
];

/// The `ftyp` box of the copy (ISO/IEC 14496-12, section 4.3).
///
/// # Errors
/// [`crate::Reason::Damaged`] when the box is too short.
pub(super) fn brands(kind: Kind, found: &BmffBox<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut fields = found.fields();
    let major = fields.name()?;
    let version = fields.small(4)?;
    if version != 0 {
        report.removed(Class::MetadataOther, "ftyp minor version", "");
    }
    let mut brands: Vec<[u8; 4]> = Vec::new();
    let compatible = fields.0.chunks(4).filter_map(|brand| brand.first_chunk::<4>().copied());
    for brand in compatible {
        if !BRANDS.contains(&&brand) {
            report.removed(Class::ContentUnknown, format!("ftyp brand {}", title(brand)), "");
        } else if !brands.contains(&brand) {
            brands.push(brand);
        }
    }
    let family: [u8; 4] = if kind == Kind::Avif { *b"avif" } else { *b"mif1" };
    let major = if BRANDS.contains(&&major) {
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
    pools: [&Pool<'_>; 2],
    report: &mut Report,
) -> Result<Vec<u8>, Refusal> {
    let items: Vec<(u32, &Item<'_>)> =
        kept.iter().filter_map(|id| meta.items.get(id).map(|item| (*id, item))).collect();
    // Numbers of four bytes only where they are needed.
    let wide = items.iter().any(|(id, _)| *id > 0xffff);
    let number = |id: u32| -> Vec<u8> {
        let bytes = id.to_be_bytes();
        if wide { bytes.to_vec() } else { bytes.get(2..).unwrap_or_default().to_vec() }
    };
    let [in_file, in_idat] = pools;
    let idat = in_idat.bytes();
    let mut before = vec![
        make(b"hdlr", &[&[0; 8], b"pict", &[0; 13]])?,
        make(b"pitm", &[&[u8::from(wide), 0, 0, 0], &number(meta.primary.unwrap_or_default())])?,
        infos(&items, wide, &number)?,
    ];
    before.extend(references(meta, kept, wide, &number)?);
    before.push(properties(meta, &items, wide, &number, report)?);
    if !idat.is_empty() {
        before.push(make(b"idat", &[&idat])?);
    }
    let before = before.concat();
    let build = |media: usize| -> Result<Vec<u8>, Refusal> {
        let iloc = locations(&items, [(in_file, media), (in_idat, 0)], wide, &number)?;
        make(b"meta", &[&[0; 4], &before, &iloc])
    };
    // The table has the same size whatever the places in it.
    let size = build(0)?.len();
    let media = brands.len().saturating_add(size).saturating_add(8);
    let bytes = in_file.bytes();
    let mdat = if bytes.is_empty() { Vec::new() } else { make(b"mdat", &[&bytes])? };
    word(media.saturating_add(bytes.len()))?;
    Ok([brands, &build(media)?, &mdat].concat())
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
    report: &mut Report,
) -> Result<Vec<u8>, Refusal> {
    let mut used: BTreeMap<usize, &[u8]> = BTreeMap::new();
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    for (essential, place) in items.iter().flat_map(|(_, item)| &item.properties) {
        let Some(property) = meta.properties.get(*place) else { continue };
        match fate(property, *essential)? {
            Fate::Keep(data) => {
                used.insert(*place, data);
            }
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
        if data.starts_with(b"prof") || data.starts_with(b"rICC") {
            report.hit(Class::ColourProfile, Action::Keep, "colr profile", "", 1, data.len() as u64);
            let behind = property.data.len().saturating_sub(data.len());
            if behind > 0 {
                report.removed_bytes(Class::ContentTrailingBytes, "bytes behind the colour profile", "", behind);
            }
        }
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
            let place = pool.place(*start).ok_or_else(|| Refusal::damaged("an extent lies nowhere"))?;
            table.extend(word(base.saturating_add(place))?);
            table.extend(word(*size)?);
        }
    }
    let count = if wide { word(items.len())?.to_vec() } else { half(items.len())?.to_vec() };
    make(b"iloc", &[&[version, 0, 0, 0], &[0x44, 0], &count, &table])
}
