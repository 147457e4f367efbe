//! The proof of a HEIF or AVIF picture: the primary item and all that it is made of have the same types, properties, order
//! and coded bytes in original and copy, and the copy holds no byte that does not belong to them.
//!
//! There is no maintained decoder for HEVC and AV1 pictures in pure Rust, so pixels are not compared: the decoder gets the
//! same bytes and the same properties, which is what the essence says.

mod walk;

use std::collections::BTreeSet;
use std::io::Cursor;

use self::walk::{File, Item};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side};
use crate::refusal::Refusal;

/// Proves HEIF and AVIF files.
pub(super) struct HeifProver;

/// Properties that a decoder or viewer acts on.
const LOOKS: [&[u8; 4]; 20] = [
    b"ispe", b"pixi", b"colr", b"pasp", b"clap", b"irot", b"imir", b"auxC", b"av1C", b"hvcC", b"avcC", b"vvcC",
    b"evcC", b"a1op", b"a1lx", b"lsel", b"clli", b"mdcv", b"cclv", b"amve",
];

/// Types that may be in a copy.
const PICTURES: [&[u8; 4]; 9] = [b"av01", b"hvc1", b"hev1", b"avc1", b"vvc1", b"evc1", b"grid", b"iovl", b"iden"];

impl Prover for HeifProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Heif, Kind::Avif]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], _side: Side, _context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let shown = shown(&file)?;
        let mut hash = EssenceHash::default();
        hash.part("primary", &file.primary.unwrap_or_default().to_be_bytes());
        for id in &shown {
            let Some(item) = file.items.get(id) else { continue };
            hash.part("item", &[&id.to_be_bytes()[..], &item.kind, &[u8::from(item.flags & 1 == 1)]].concat());
            for (essential, property) in file.properties_of(item) {
                if LOOKS.contains(&&property.name)
                    && let Some(contents) = looks(property.name, file.contents(property))
                {
                    hash.part(if essential { "essential" } else { "property" }, &property.name);
                    hash.part("contents", contents);
                }
            }
            hash.pieces("coded", |take| {
                for extent in &item.extents {
                    let bytes = file.bytes.get(extent.clone()).ok_or_else(|| Refusal::damaged("an item is cut off"))?;
                    take(bytes);
                }
                Ok(())
            })?;
            // Layers of one item are told apart by their extents.
            for extent in &item.extents {
                hash.part("extent", &(extent.len() as u64).to_be_bytes());
            }
        }
        for (kind, from, to) in &file.references {
            let to: Vec<u64> = to.iter().copied().filter(|id| shown.contains(id)).collect();
            let relevant = match kind {
                b"auxl" | b"prem" => true,
                b"dimg" => file.items.get(from).is_some_and(|item| matches!(&item.kind, b"grid" | b"iovl" | b"iden")),
                _ => false,
            };
            if relevant && shown.contains(from) && !to.is_empty() {
                hash.part(&String::from_utf8_lossy(kind), &from.to_be_bytes());
                hash.part("to", &to.iter().flat_map(|id| id.to_be_bytes()).collect::<Vec<u8>>());
            }
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        _kind: Kind,
        _input: &[u8],
        output: &[u8],
        _report: &Report,
        _context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let file = File::read(output)?;
        check_boxes(&file)?;
        check_items(&file)?;
        check_bytes(&file)?;
        if exif::Reader::new().read_from_container(&mut Cursor::new(output)).is_ok() {
            return left("EXIF");
        }
        let detail = format!("{} items, no metadata, no byte of no item", file.items.len());
        Ok(vec![
            Check::new("nothing-left", detail),
            Check::new("pixels-not-decoded", "there is no decoder for this coding; the essence alone is proved"),
        ])
    }
}

fn left<T>(what: impl std::fmt::Display) -> Result<T, Refusal> {
    Err(Refusal::unprovable(format!("the copy still holds {what}")))
}

/// What a viewer makes of a property; `None` when it ignores it.
fn looks(name: [u8; 4], contents: &[u8]) -> Option<&[u8]> {
    if &name != b"colr" {
        return Some(contents);
    }
    match contents.split_first_chunk::<4>()? {
        (b"nclx", points) => (points.len() == 7).then_some(contents),
        (b"prof" | b"rICC", profile) => picture::profile(profile),
        _ => None,
    }
}

/// The primary item and everything that it is shown with.
fn shown(file: &File<'_>) -> Result<BTreeSet<u64>, Refusal> {
    let primary = file.primary.ok_or_else(|| Refusal::damaged("no primary item"))?;
    let mut shown = BTreeSet::from([primary]);
    // Every round adds an item or is the last.
    loop {
        let mut added: Vec<u64> = Vec::new();
        for (kind, from, to) in &file.references {
            match kind {
                b"dimg" if shown.contains(from) => added.extend(to),
                b"auxl" if to.iter().any(|id| shown.contains(id)) && is_alpha(file, *from) => added.push(*from),
                _ => {}
            }
        }
        let before = shown.len();
        shown.extend(added);
        if shown.len() == before {
            return Ok(shown);
        }
    }
}

fn is_alpha(file: &File<'_>, id: u64) -> bool {
    const ALPHA: [&[u8]; 3] =
        [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:avc:2015:auxid:1"];
    let item = file.items.get(&id);
    item.is_some_and(|item| {
        file.properties_of(item).any(|(_, property)| {
            let contents = file.contents(property).get(4..).unwrap_or_default();
            let urn = contents.split(|byte| *byte == 0).next().unwrap_or_default();
            &property.name == b"auxC" && ALPHA.contains(&urn)
        })
    })
}

/// Checks that the copy is made of the boxes that belong there, one of each.
fn check_boxes(file: &File<'_>) -> Result<(), Refusal> {
    let names: Vec<&[u8; 4]> = file.top.iter().map(|atom| &atom.name).collect();
    if !matches!(names.as_slice(), [b"ftyp", b"meta"] | [b"ftyp", b"meta", b"mdat"]) || file.end != file.bytes.len() {
        return left("boxes or bytes that do not belong there");
    }
    let mut seen = BTreeSet::new();
    for atom in &file.meta {
        let contents = file.contents(atom);
        let allowed = match &atom.name {
            b"hdlr" => contents == b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"pitm" | b"iinf" | b"iref" | b"iprp" | b"iloc" | b"idat" => true,
            _ => false,
        };
        if !allowed || !seen.insert(atom.name) {
            return left("a box in meta that does not belong there");
        }
    }
    Ok(())
}

/// Checks that every item is shown and every property is one that a viewer acts on.
fn check_items(file: &File<'_>) -> Result<(), Refusal> {
    let shown = shown(file)?;
    for (id, item) in &file.items {
        if !PICTURES.contains(&&item.kind) || !shown.contains(id) {
            return left("an item that is no part of the picture");
        }
        if item.texts != [0] || item.protection != 0 || item.data_reference != 0 {
            return left("a name of an item");
        }
    }
    let mut used = BTreeSet::new();
    for item in file.items.values() {
        used.extend(item.properties.iter().map(|(_, index)| *index));
    }
    for (index, property) in (1..).zip(&file.properties) {
        let contents = file.contents(property);
        let exact = looks(property.name, contents).map(<[u8]>::len).is_some_and(|size| {
            let profile = matches!(contents.get(..4), Some(b"prof" | b"rICC")) && &property.name == b"colr";
            size.saturating_add(if profile { 4 } else { 0 }) == contents.len()
        });
        if !used.contains(&index) || !LOOKS.contains(&&property.name) || !exact {
            return left("a property that no item needs");
        }
    }
    let kinds = file.references.iter().all(|(kind, ..)| matches!(kind, b"dimg" | b"auxl" | b"prem"));
    if kinds { Ok(()) } else { left("a reference that the picture does not need") }
}

/// Checks that the items together use every byte of the media data, and nothing else.
fn check_bytes(file: &File<'_>) -> Result<(), Refusal> {
    let extents = |wanted: &dyn Fn(&Item) -> bool| {
        let mut found: Vec<_> =
            file.items.values().filter(|item| wanted(item)).flat_map(|item| item.extents.clone()).collect();
        found.sort_unstable_by_key(|extent| (extent.start, extent.end));
        found
    };
    let places = [
        (file.top.iter().find(|atom| &atom.name == b"mdat"), extents(&|item| item.construction == 0)),
        (file.meta.iter().find(|atom| &atom.name == b"idat"), extents(&|item| item.construction == 1)),
    ];
    for (place, extents) in places {
        let all = place.map_or(0..0, |atom| atom.contents.clone());
        let mut at = all.start;
        for extent in extents {
            if extent.start < all.start || extent.end > all.end {
                return Err(Refusal::unprovable("an item of the copy lies outside of its box"));
            }
            if extent.start > at {
                return left("bytes between the items");
            }
            at = at.max(extent.end);
        }
        if at != all.end {
            return left("bytes behind the items");
        }
    }
    Ok(())
}
