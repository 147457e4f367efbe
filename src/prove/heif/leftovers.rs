//! What may never remain in a copy: boxes, items, properties, names, dates and bytes that the pictures do not need.

use std::collections::BTreeSet;

use super::movie::{ENTRY_LOOKS, Movie};
use super::properties::{LOOKS, is_exact};
use super::walk::{Atom, File, Item, atoms};
use super::{shown, units};
use crate::refusal::Refusal;

/// Types that may be in a copy.
const PICTURES: [&[u8; 4]; 9] = [b"av01", b"hvc1", b"hev1", b"avc1", b"jpeg", b"j2k1", b"grid", b"iovl", b"iden"];

/// What a file may be called: structural brands, still pictures of each coding, profiles. ISO/IEC 23008-12, sections 10 and
/// annexes B to G; AV1 Image File Format, section 9.
const STILL: &[u8] = b"mif1mif2mif3miafMiHBMiHEMiHAMiPrMA1AMA1Bavifavioheicheixheimheisavcijpegj2ki";
/// Further ones of sequences, and those of the movies in them. ISO/IEC 14496-12, annex E.
const MOVING: &[u8] = b"avismsf1hevchevxhevmhevsavcsiso2iso3iso4iso5iso6iso7iso8iso9isommp41mp42";

/// The boxes of a movie: where they lie, their type, and whether there may be several.
const MOVIE: [(&[u8; 4], &[u8; 4], bool); 22] = [
    (b"moov", b"mvhd", false),
    (b"moov", b"trak", true),
    (b"trak", b"tkhd", false),
    (b"trak", b"edts", false),
    (b"edts", b"elst", false),
    (b"trak", b"tref", false),
    (b"tref", b"auxl", true),
    (b"tref", b"prem", true),
    (b"trak", b"mdia", false),
    (b"mdia", b"mdhd", false),
    (b"mdia", b"hdlr", false),
    (b"mdia", b"minf", false),
    (b"minf", b"vmhd", false),
    (b"minf", b"dinf", false),
    (b"dinf", b"dref", false),
    (b"minf", b"stbl", false),
    (b"stbl", b"stsd", false),
    (b"stbl", b"stts", false),
    (b"stbl", b"ctts", false),
    (b"stbl", b"stss", false),
    (b"stbl", b"stsc", false),
    (b"stbl", b"stsz", false),
];

fn left<T>(what: impl std::fmt::Display) -> Result<T, Refusal> {
    Err(Refusal::unprovable(format!("the copy still holds {what}")))
}

/// Looks for everything that may not remain.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the leftover.
pub(super) fn check(file: &File<'_>) -> Result<(), Refusal> {
    check_boxes(file)?;
    check_brands(file)?;
    check_items(file)?;
    if let Some(movie) = &file.movie {
        check_movie(file, movie)?;
    }
    check_bytes(file)
}

/// Checks that the copy is made of the boxes that belong there, one of each.
fn check_boxes(file: &File<'_>) -> Result<(), Refusal> {
    let names: Vec<[u8; 4]> = file.top.iter().map(|atom| atom.name).collect();
    let mut expected = vec![*b"ftyp"];
    expected.extend((!file.meta.is_empty()).then_some(*b"meta"));
    expected.extend(file.movie.is_some().then_some(*b"moov"));
    expected.extend(names.contains(b"mdat").then_some(*b"mdat"));
    if names != expected || file.end != file.bytes.len() {
        return left("boxes or bytes that do not belong there");
    }
    let mut seen = BTreeSet::new();
    for atom in &file.meta {
        let allowed = match &atom.name {
            b"hdlr" => file.contents(atom) == handler(b"pict"),
            b"pitm" | b"iinf" | b"iref" | b"iprp" | b"iloc" | b"idat" => true,
            _ => false,
        };
        if !allowed || !seen.insert(atom.name) {
            return left("a box in meta that does not belong there");
        }
    }
    Ok(())
}

/// Checks that the file says of itself only what a reader must know, each once: any four characters may be a brand.
fn check_brands(file: &File<'_>) -> Result<(), Refusal> {
    let contents = file.top.first().map(|atom| file.contents(atom)).unwrap_or_default();
    let Some((major, [0, 0, 0, 0, brands @ ..])) = contents.split_at_checked(4) else {
        return left("a version of its brand");
    };
    let mut seen = BTreeSet::new();
    let known = |brand: &[u8]| {
        STILL.chunks_exact(4).any(|known| known == brand)
            || (file.movie.is_some() && MOVING.chunks_exact(4).any(|known| known == brand))
    };
    let needed = known(major) && brands.chunks(4).all(|brand| known(brand) && seen.insert(brand));
    if needed { Ok(()) } else { left("a brand that no reader needs") }
}

/// The contents of `hdlr` without a name.
fn handler(kind: &[u8; 4]) -> Vec<u8> {
    [&[0; 8][..], kind, &[0; 13]].concat()
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
        if file.coded(item, &mut |_| ())? > 0 {
            return left("user data or filler in a picture");
        }
    }
    let mut used = BTreeSet::new();
    for item in file.items.values() {
        used.extend(item.properties.iter().map(|(_, index)| *index));
    }
    for (index, property) in (1..).zip(&file.properties) {
        let contents = file.contents(property);
        let needed = match &property.name {
            b"av1C" | b"hvcC" | b"avcC" => units::config(property.name, contents, &mut |_| ())? == 0,
            name => LOOKS.contains(&name) && is_exact(*name, contents),
        };
        if !used.contains(&index) || !needed {
            return left("a property that no item needs");
        }
    }
    let kinds = file.references.iter().all(|(kind, ..)| matches!(kind, b"dimg" | b"auxl" | b"prem"));
    if kinds { Ok(()) } else { left("a reference that the picture does not need") }
}

/// Checks that the movie has the shown tracks and the boxes that these need, without dates and names.
fn check_movie(file: &File<'_>, movie: &Movie<'_>) -> Result<(), Refusal> {
    if movie.tracks.len() != movie.all_tracks {
        return left("a track that is not shown");
    }
    for moov in file.top.iter().filter(|atom| &atom.name == b"moov") {
        check_movie_boxes(file, moov)?;
    }
    for track in &movie.tracks {
        for entry in &track.entries {
            let fields = file.bytes.get(entry.fields.clone()).unwrap_or_default();
            let blank =
                |part: std::ops::Range<usize>| fields.get(part).is_some_and(|part| part.iter().all(|byte| *byte == 0));
            if !blank(0..7) || !blank(8..24) || !blank(36..40) || !blank(42..74) || !fields.ends_with(&[0xff; 2]) {
                return left("the name of a compressor");
            }
            for atom in &entry.boxes {
                let contents = file.contents(atom);
                let needed = match Some(&atom.name) == units::config_of(entry.kind) {
                    true => units::config(atom.name, contents, &mut |_| ())? == 0,
                    false => ENTRY_LOOKS.contains(&&atom.name) && is_exact(atom.name, contents),
                };
                if !needed {
                    return left("a box that no sample needs");
                }
            }
        }
        for (place, entry) in &track.samples {
            if movie.sample(track, place, *entry, &mut |_| ())? > 0 {
                return left("user data or filler in a sample");
            }
        }
    }
    Ok(())
}

fn check_movie_boxes(file: &File<'_>, parent: &Atom) -> Result<(), Refusal> {
    let (boxes, end) = atoms(file.bytes, parent.contents.clone());
    let mut seen = BTreeSet::new();
    for atom in &boxes {
        let contents = file.contents(atom);
        let several = match &atom.name {
            b"stco" if &parent.name == b"stbl" => Some(false),
            name => MOVIE.iter().find(|(within, found, _)| *within == &parent.name && *found == name).map(|it| it.2),
        };
        let first = seen.insert(atom.name);
        if !several.is_some_and(|several| several || first) {
            return left("a box in the movie that does not belong there");
        }
        let long = contents.first() == Some(&1);
        let end = contents.len();
        let zero = |from: usize, size: usize| {
            let part = contents.get(from..from.saturating_add(size));
            part.is_some_and(|part| part.iter().all(|byte| *byte == 0))
        };
        let behind = |place: usize, size: usize| zero(end.saturating_sub(place), size);
        let undated = zero(4, if long { 16 } else { 8 });
        let clean = match &atom.name {
            b"mvhd" => undated && end == if long { 112 } else { 100 } && behind(74, 10) && behind(28, 24),
            b"tkhd" => {
                let reserved = behind(if long { 72 } else { 68 }, 4) && behind(60, 8) && behind(50, 2) && behind(46, 2);
                undated && end == if long { 96 } else { 84 } && reserved
            }
            b"mdhd" => undated && end == if long { 36 } else { 24 } && contents.ends_with(&[0x55, 0xc4, 0, 0]),
            b"hdlr" => contents == handler(b"pict") || contents == handler(b"auxv"),
            b"vmhd" => contents == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            b"dref" => contents == b"\0\0\0\0\0\0\0\x01\0\0\0\x0curl \0\0\0\x01",
            _ => true,
        };
        if !clean {
            return left("a date, a name or reserved bytes in the movie");
        }
        if matches!(&atom.name, b"trak" | b"edts" | b"tref" | b"mdia" | b"minf" | b"dinf" | b"stbl") {
            check_movie_boxes(file, atom)?;
        }
    }
    if end == parent.contents.end { Ok(()) } else { left("bytes between the boxes of the movie") }
}

/// Checks that items and samples together use every byte of the media data, and nothing else.
fn check_bytes(file: &File<'_>) -> Result<(), Refusal> {
    let extents = |wanted: &dyn Fn(&Item) -> bool| -> Vec<_> {
        file.items.values().filter(|item| wanted(item)).flat_map(|item| item.extents.clone()).collect()
    };
    let mut in_file = extents(&|item| item.construction == 0);
    let tracks = file.movie.iter().flat_map(|movie| &movie.tracks);
    in_file.extend(tracks.flat_map(|track| &track.samples).map(|(place, _)| place.clone()));
    let places = [
        (file.top.iter().find(|atom| &atom.name == b"mdat"), in_file),
        (file.meta.iter().find(|atom| &atom.name == b"idat"), extents(&|item| item.construction == 1)),
    ];
    for (place, mut extents) in places {
        extents.sort_unstable_by_key(|extent| (extent.start, extent.end));
        let all = place.map_or(0..0, |atom| atom.contents.clone());
        let mut at = all.start;
        for extent in extents {
            if extent.start < all.start || extent.end > all.end {
                return Err(Refusal::unprovable("an item or sample of the copy lies outside of its box"));
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
