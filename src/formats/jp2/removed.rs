//! What a container gives away: every box that does not stay, by its real name.

use super::codestream;
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, split};
use crate::formats::metadata::{exif, photoshop, removed_text, xmp};
use crate::policy::Class;

/// Boxes in boxes whose contents are listed; deeper ones are counted with theirs.
const DEEPEST: u32 = 8;

/// Identifiers of `uuid` boxes, as ExifTool and the GeoJP2 and C2PA specifications name them.
const EXIF: &[u8; 16] = b"JpgTiffExif->JP2";
const EXIF_ADOBE: [u8; 16] =
    [0x05, 0x37, 0xcd, 0xab, 0x9d, 0x0c, 0x44, 0x31, 0xa7, 0x2a, 0xfa, 0x56, 0x1f, 0x2a, 0x11, 0x3e];
const IPTC: [u8; 16] = [0x33, 0xc7, 0xa4, 0xd2, 0xb8, 0x1d, 0x47, 0x23, 0xa0, 0xba, 0xf1, 0xa3, 0xe0, 0x97, 0xad, 0x38];
const IPTC_ADOBE: [u8; 16] =
    [0x09, 0xa1, 0x4e, 0x97, 0xc0, 0xb4, 0x42, 0xe0, 0xbe, 0xbf, 0x36, 0xdf, 0x6f, 0x0c, 0xe3, 0x6f];
const XMP: [u8; 16] = [0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac];
const PHOTOSHOP: [u8; 16] =
    [0x2c, 0x4c, 0x01, 0x00, 0x85, 0x04, 0x40, 0xb9, 0xa0, 0x3e, 0x56, 0x21, 0x48, 0xd6, 0xdf, 0xeb];
const GEO_JP2: [u8; 16] =
    [0xb1, 0x4b, 0xf8, 0xbd, 0x08, 0x3d, 0x4b, 0x43, 0xa5, 0xae, 0x8c, 0xd7, 0xd5, 0xa6, 0xce, 0x03];
const WORLD_FILE: [u8; 16] =
    [0x96, 0xa9, 0xf1, 0xf1, 0xdc, 0x98, 0x40, 0x2d, 0xa7, 0xae, 0xd6, 0x8e, 0x34, 0x45, 0x18, 0x09];
const C2PA: [u8; 16] = [0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81];

/// Reports a box that goes as a whole; `place` names the boxes that it lies in, `depth` counts them.
pub(super) fn whole_box(found: &BmffBox<'_>, place: &str, depth: u32, report: &mut Report) {
    let (class, item) = match &found.name {
        b"uuid" => return uuid(found.data, place, report),
        b"xml " => return xml(found.data, place, report),
        b"lbl " => return removed_text(report, Class::MetadataDescription, "lbl".to_owned(), found.data),
        // Version and flags stand before the address.
        b"url " => {
            let address = found.data.get(4..).unwrap_or_default();
            return removed_text(report, Class::MetadataOther, "url".to_owned(), address);
        }
        b"asoc" | b"uinf" | b"jpch" | b"jplh" | b"cgrp" if depth < DEEPEST => {
            return inside(found, place, depth, report);
        }
        b"jp2c" => {
            let size = codestream::size(found.data);
            let size = size.map_or_else(String::new, |size| format!(", {}×{}", size.width, size.height));
            (Class::ContentSecondaryImages, format!("further picture (jp2c{size})"))
        }
        b"jpch" | b"jplh" => (Class::ContentSecondaryImages, format!("{} of a further picture", found.title())),
        b"Exif" => return exif::list(found.data, false, report),
        b"jp2i" => (Class::MetadataAuthor, "jp2i intellectual property".to_owned()),
        b"jumb" => (Class::MetadataProvenance, "jumb C2PA".to_owned()),
        b"chck" => (Class::Signatures, "chck digital signature".to_owned()),
        b"mp7b" => (Class::MetadataOther, "mp7b MPEG-7 description".to_owned()),
        b"roid" => (Class::MetadataDescription, "roid regions of interest".to_owned()),
        b"dtbl" => (Class::MetadataPaths, "dtbl references to files".to_owned()),
        b"free" | b"mdat" => (Class::ContentUnreferenced, found.title()),
        // They tell readers which features the file uses, or connect boxes.
        b"rreq" | b"ulst" | b"nlst" | b"cref" | b"asoc" | b"uinf" | b"cgrp" => (Class::ContentUnknown, found.title()),
        _ => (Class::ContentUnknown, format!("box {}", found.title())),
    };
    report.removed_bytes(class, item, place, found.data.len());
}

/// Reports a box that holds boxes, and those.
fn inside(found: &BmffBox<'_>, place: &str, depth: u32, report: &mut Report) {
    let class = match &found.name {
        b"jpch" | b"jplh" => Class::ContentSecondaryImages,
        _ => Class::ContentUnknown,
    };
    report.removed_bytes(class, found.title(), place, 0);
    let place = if place.is_empty() { found.title() } else { format!("{place} › {}", found.title()) };
    let Ok((boxes, rest)) = split(found.data, 0) else {
        return report.removed_bytes(Class::ContentUnknown, "too many boxes", place, found.data.len());
    };
    for child in &boxes {
        whole_box(child, &place, depth.saturating_add(1), report);
    }
    if !rest.is_empty() {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes that are no box", place, rest.len());
    }
}

fn uuid(data: &[u8], place: &str, report: &mut Report) {
    let Some((id, data)) = data.split_first_chunk::<16>() else {
        return report.removed_bytes(Class::ContentUnknown, "uuid (broken)", place, data.len());
    };
    let (class, item) = match id {
        EXIF | &EXIF_ADOBE => return exif::list(data.strip_prefix(b"Exif\0\0").unwrap_or(data), false, report),
        &IPTC | &IPTC_ADOBE => return photoshop::iptc(data, "uuid IPTC", report),
        &XMP => return xmp::list(data, "uuid XMP", report),
        &PHOTOSHOP => return photoshop::list(data, "uuid Photoshop ", report),
        &GEO_JP2 => (Class::MetadataLocation, "uuid GeoJP2"),
        &WORLD_FILE => (Class::MetadataLocation, "uuid world file"),
        &C2PA => (Class::MetadataProvenance, "uuid C2PA"),
        _ => (Class::MetadataOther, "uuid"),
    };
    report.removed_bytes(class, item, place, data.len());
}

/// Reports XML: XMP property by property, GML (OGC 05-047) as a position.
fn xml(data: &[u8], place: &str, report: &mut Report) {
    let holds = |wanted: &[u8]| data.windows(wanted.len()).any(|window| window == wanted);
    if holds(b"<rdf:RDF") || holds(b"<x:xmpmeta") {
        xmp::list(data, "xml XMP", report);
    } else if holds(b"opengis.net/gml") || place.starts_with("asoc") && holds(b"gml") {
        report.removed_bytes(Class::MetadataLocation, "xml GML", place, data.len());
    } else {
        report.removed_bytes(Class::MetadataOther, "xml", place, data.len());
    }
}
