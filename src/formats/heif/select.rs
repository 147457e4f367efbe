//! Which items stay: the primary one, what it is derived from, and their transparency.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Meta};
use super::movie::Movie;
use super::pool::{Edit, Pool};
use super::properties::is_alpha;
use crate::formats::Context;
use crate::formats::bmff::{BmffBox, Fields, title};
use crate::refusal::Refusal;

/// Items that hold coded pictures.
const CODED: [[u8; 4]; 6] = [*b"av01", *b"hvc1", *b"hev1", *b"avc1", *b"jpeg", *b"j2k1"];
/// Items that are made of others (ISO/IEC 23008-12, section 6.6).
const DERIVED: [[u8; 4]; 3] = [*b"grid", *b"iovl", *b"iden"];

/// The numbers of the items that stay.
///
/// # Errors
/// A refusal when one of them is of a kind that is not known, is locked, or is not there.
pub(super) fn kept(file: &[u8], meta: &Meta<'_>, context: &Context<'_>) -> Result<BTreeSet<u32>, Refusal> {
    let (mut inputs, mut alphas) = (BTreeMap::<u32, &[u32]>::new(), BTreeMap::<u32, Vec<u32>>::new());
    for reference in &meta.references {
        match &reference.kind {
            b"dimg" if inputs.insert(reference.from, &reference.to).is_some() => {
                return Err(Refusal::damaged("an item is derived twice"));
            }
            b"auxl" if properties(meta, reference.from).any(is_alpha) => {
                reference.to.iter().for_each(|to| alphas.entry(*to).or_default().push(reference.from));
            }
            _ => {}
        }
    }
    let primary = meta.primary.ok_or_else(|| Refusal::damaged("no item is the primary one"))?;
    let mut kept = BTreeSet::new();
    let mut todo = vec![primary];
    while let Some(id) = todo.pop() {
        if !kept.insert(id) {
            continue;
        }
        let item = meta.items.get(&id).ok_or_else(|| Refusal::damaged("an item that is needed is not there"))?;
        check(file, meta, item, inputs.get(&id).copied().unwrap_or_default())?;
        check_size(meta, id, context)?;
        if DERIVED.contains(&item.kind) {
            todo.extend(inputs.get(&id).copied().unwrap_or_default());
        }
        todo.extend(alphas.get(&id).into_iter().flatten());
    }
    Ok(kept)
}

fn properties<'a, 'b>(meta: &'b Meta<'a>, id: u32) -> impl Iterator<Item = &'b BmffBox<'a>> {
    let item = meta.items.get(&id);
    item.into_iter().flat_map(|item| &item.properties).filter_map(|(_, place)| meta.properties.get(*place))
}

fn check_size(meta: &Meta<'_>, id: u32, context: &Context<'_>) -> Result<(), Refusal> {
    for size in properties(meta, id).filter(|property| &property.name == b"ispe") {
        let mut fields = size.fields();
        fields.take(4)?;
        let (width, height) = (fields.number(4)?, fields.number(4)?);
        if width.saturating_mul(height) > context.limits.image_pixels {
            return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
        }
    }
    Ok(())
}

/// Checks one item that stays.
fn check(file: &[u8], meta: &Meta<'_>, item: &Item<'_>, inputs: &[u32]) -> Result<(), Refusal> {
    if item.protected {
        return Err(Refusal::encrypted("the picture is locked"));
    }
    let place = &item.location;
    if place.construction > 1 || place.data_reference != 0 {
        return Err(Refusal::unsupported("the picture lies in another item or another file"));
    }
    if CODED.contains(&item.kind) {
        return match place.extents.is_empty() {
            true => Err(Refusal::damaged("a picture has no bytes")),
            false => Ok(()),
        };
    }
    if !DERIVED.contains(&item.kind) {
        return Err(Refusal::unsupported(format!("the picture is an item {}, which is not known", title(item.kind))));
    }
    let source = if place.construction == 1 { meta.idat } else { file };
    let bytes = match place.extents.as_slice() {
        [] => &[],
        [(start, size)] => source.get(*start..start.saturating_add(*size)).unwrap_or_default(),
        _ => return Err(Refusal::unsupported("a derived picture is described in pieces")),
    };
    check_derived(item, bytes, inputs.len())
}

/// Checks the description of a derived picture: its size must leave no room for anything else.
fn check_derived(item: &Item<'_>, bytes: &[u8], inputs: usize) -> Result<(), Refusal> {
    let size = bytes.len();
    let fits = match &item.kind {
        b"grid" => {
            let mut fields = Fields(bytes);
            let [_, flags, rows, columns] = [0; 4].map(|_: u8| fields.small(1).unwrap_or(u32::MAX));
            let tiles = rows.saturating_add(1).saturating_mul(columns.saturating_add(1));
            usize::try_from(tiles) == Ok(inputs) && size == if flags & 1 == 1 { 12 } else { 8 }
        }
        b"iovl" => {
            // Version, flags, background; then size and places in two or four bytes each.
            let numbers = inputs.saturating_add(1).saturating_mul(2);
            [2, 4].iter().any(|width| numbers.saturating_mul(*width).saturating_add(10) == size)
        }
        _ => size == 0 && inputs == 1,
    };
    if fits { Ok(()) } else { Err(Refusal::damaged(format!("a derived picture {} is not valid", title(item.kind)))) }
}

/// The bytes of the kept items and samples, with their edits: those in the media data, and those in `idat`.
///
/// # Errors
/// [`crate::Reason::Damaged`] when one lies outside, when they cross, or when metadata lies in a picture.
pub(super) fn pools<'a>(
    file: &'a [u8],
    media: &[BmffBox<'a>],
    meta: &Meta<'a>,
    kept: &BTreeSet<u32>,
    movie: Option<&Movie<'_>>,
    edits: [Vec<Edit>; 2],
) -> Result<[Pool<'a>; 2], Refusal> {
    let mut extents: [Vec<(usize, usize)>; 2] = Default::default();
    let [in_file, in_idat] = &mut extents;
    for item in kept.iter().filter_map(|id| meta.items.get(id)) {
        let into = if item.location.construction == 0 { &mut *in_file } else { &mut *in_idat };
        into.extend(&item.location.extents);
    }
    in_file.extend(movie.into_iter().flat_map(Movie::extents));
    let inside = |(start, size): &(usize, usize)| {
        media.iter().any(|media| {
            let end = media.start.saturating_add(media.data.len());
            *start >= media.start && start.saturating_add(*size) <= end
        })
    };
    if media.len() > 64 || !in_file.iter().all(inside) {
        return Err(Refusal::damaged("a picture lies outside of the media data"));
    }
    let [in_file, in_idat] = extents;
    let [file_edits, idat_edits] = edits;
    let pools =
        [Pool::new(file, in_file.into_iter(), file_edits)?, Pool::new(meta.idat, in_idat.into_iter(), idat_edits)?];
    let [in_file, in_idat] = &pools;
    let metadata = meta.items.values().filter(|item| matches!(&item.kind, b"Exif" | b"mime" | b"uri "));
    for item in metadata {
        let pool = match item.location.construction {
            0 => in_file,
            1 => in_idat,
            _ => continue,
        };
        if item.location.extents.iter().any(|(start, size)| pool.touches(*start, *size)) {
            return Err(Refusal::damaged("metadata lies in the bytes of the picture"));
        }
    }
    Ok(pools)
}
