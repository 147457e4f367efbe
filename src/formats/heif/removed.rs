//! What a file gives away: every item and box that does not stay, by its real name.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Meta};
use super::properties::{auxiliary, auxiliary_title};
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, children, title};
use crate::formats::metadata::{exif, removed_text, xmp};
use crate::policy::Class;

/// The user type of `uuid` boxes that hold content credentials (C2PA 2.1, section 11.3).
const C2PA: [u8; 16] = [0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81];

/// Names that writers give to every item: they say nothing.
const USUAL_NAMES: [&[u8]; 8] = [b"", b"Color", b"Alpha", b"Image", b"Exif", b"XMP", b"GMap", b"HEVC Image"];

/// Reports the items that are not in `kept`. `file` holds the bytes that offsets count from.
pub(super) fn items(file: &[u8], meta: &Meta<'_>, kept: &BTreeSet<u32>, report: &mut Report) {
    let roles = roles(meta);
    for (id, item) in &meta.items {
        if !USUAL_NAMES.contains(&item.name) {
            removed_text(report, Class::MetadataDescription, "infe item name".to_owned(), item.name);
        }
        if kept.contains(id) {
            continue;
        }
        let size = item.location.size();
        match &item.kind {
            b"Exif" => {
                let bytes = contents(file, meta, item);
                exif::list(exif::behind_offset(&bytes), false, report);
            }
            b"mime" if item.content_type == b"application/rdf+xml" => {
                xmp::list(&contents(file, meta, item), "XMP item", report);
            }
            b"mime" => report.removed_bytes(Class::MetadataOther, "mime item", "", size),
            b"uri " => report.removed_bytes(Class::MetadataOther, "uri item", "", size),
            b"rgan" => report.removed_bytes(Class::MetadataPeople, "region annotations (rgan item)", "", size),
            b"text" => report.removed_bytes(Class::MetadataDescription, "text item", "", size),
            b"jumb" | b"c2pa" => report.removed_bytes(Class::MetadataProvenance, "C2PA item", "", size),
            _ => {
                let role = roles.get(id).copied();
                let class =
                    if role == Some("thumbnail") { Class::ContentThumbnails } else { Class::ContentSecondaryImages };
                let role = role.unwrap_or("further picture");
                report.removed_bytes(class, format!("{role} ({} item)", title(item.kind)), "", size);
            }
        }
    }
}

/// What the pictures are good for, where a reference or a property tells.
fn roles(meta: &Meta<'_>) -> BTreeMap<u32, &'static str> {
    let mut roles = BTreeMap::new();
    for (id, item) in &meta.items {
        match &item.kind {
            b"tmap" => roles.insert(*id, "tone map"),
            b"mski" => roles.insert(*id, "mask"),
            _ => None,
        };
        let properties = item.properties.iter().filter_map(|(_, place)| meta.properties.get(*place));
        for property in properties.filter(|property| &property.name == b"auxC") {
            roles.insert(*id, auxiliary_title(auxiliary(property)));
        }
    }
    for reference in &meta.references {
        match &reference.kind {
            b"thmb" => {
                roles.insert(reference.from, "thumbnail");
            }
            // The second input of a tone map is the gain map.
            b"dimg" if meta.items.get(&reference.from).is_some_and(|item| &item.kind == b"tmap") => {
                roles.extend(reference.to.get(1).map(|id| (*id, "gain map")));
            }
            _ => {}
        }
    }
    // Tiles are what the whole is.
    for reference in meta.references.iter().filter(|reference| &reference.kind == b"dimg") {
        if let Some(role @ ("thumbnail" | "gain map" | "depth map" | "matte")) = roles.get(&reference.from).copied() {
            for id in &reference.to {
                roles.entry(*id).or_insert(role);
            }
        }
    }
    roles
}

/// The bytes of an item that goes, as far as they are there.
fn contents(file: &[u8], meta: &Meta<'_>, item: &Item<'_>) -> Vec<u8> {
    let source = if item.location.construction == 1 { meta.idat } else { file };
    let mut bytes = Vec::new();
    for (start, size) in &item.location.extents {
        // Extents on top of each other must not add up to more than there is.
        if bytes.len().saturating_add(*size) > source.len() {
            break;
        }
        bytes.extend_from_slice(source.get(*start..start.saturating_add(*size)).unwrap_or_default());
    }
    bytes
}

/// Reports a box of a movie that goes; `place` names the box that it lies in. `file` holds the bytes that offsets count from.
pub(super) fn from_movie(file: &[u8], found: &BmffBox<'_>, place: &str, report: &mut Report) {
    match &found.name {
        // Sequences keep their EXIF and XMP there.
        b"meta" => {
            if let Ok(meta) = Meta::read(found) {
                items(file, &meta, &BTreeSet::new(), report);
            }
        }
        b"udta" => {
            let Ok(entries) = children(found.data, found.start) else { return whole_box(found, place, report) };
            for entry in entries {
                let class = user_data(entry.name);
                // Before the text stand its size and language, or version and flags.
                let text = entry.data.get(4..).unwrap_or_default();
                match text.is_empty() || matches!(&entry.name, b"meta" | b"free" | b"skip") {
                    true => report.removed_bytes(class, format!("udta {}", entry.title()), place, entry.data.len()),
                    false => removed_text(report, class, format!("udta {}", entry.title()), text),
                }
            }
            return;
        }
        _ => {}
    }
    whole_box(found, place, report);
}

/// The class of an entry of `udta` (QuickTime File Format, “User data”; 3GPP TS 26.244, section 8).
fn user_data(name: [u8; 4]) -> Class {
    match &name {
        b"\xa9xyz" | b"loci" => Class::MetadataLocation,
        b"\xa9day" | b"yrrc" => Class::MetadataDates,
        b"\xa9too" | b"\xa9swr" | b"\xa9enc" => Class::MetadataSoftware,
        b"\xa9mak" | b"\xa9mod" => Class::MetadataDevice,
        b"\xa9ART" | b"\xa9aut" | b"auth" | b"perf" | b"cprt" | b"\xa9cpy" => Class::MetadataAuthor,
        b"\xa9nam" | b"\xa9cmt" | b"\xa9des" | b"titl" | b"dscp" | b"kywd" => Class::MetadataDescription,
        b"free" | b"skip" => Class::ContentUnreferenced,
        _ => Class::MetadataOther,
    }
}

/// Reports a box that goes as a whole; `place` names the box that it lies in.
pub(super) fn whole_box(found: &BmffBox<'_>, place: &str, report: &mut Report) {
    let (class, item) = match &found.name {
        b"free" | b"skip" => (Class::ContentUnreferenced, found.title()),
        b"uuid" if found.data.starts_with(&C2PA) => (Class::MetadataProvenance, "uuid C2PA".to_owned()),
        b"jumb" | b"c2pa" => (Class::MetadataProvenance, "jumb C2PA".to_owned()),
        b"mpvd" => (Class::ContentSecondaryImages, "mpvd motion photo video".to_owned()),
        b"moov" | b"moof" => (Class::ContentSecondaryImages, format!("{} image sequence or video", found.title())),
        b"sefd" => (Class::ContentTrailingBytes, "sefd Samsung trailer".to_owned()),
        b"udta" | b"meta" | b"xml " | b"bxml" => (Class::MetadataOther, found.title()),
        // They only say that the bytes lie in this file, and which items are alternatives.
        b"dinf" | b"grpl" => (Class::ContentUnknown, found.title()),
        _ => (Class::ContentUnknown, format!("box {}", found.title())),
    };
    report.removed_bytes(class, item, place, found.data.len());
}
