//! Which tags stay, and what those that go give away.

use crate::formats::Report;
use crate::formats::metadata::exif::{Directory, Listing};
use crate::formats::metadata::photoshop;
use crate::policy::Class;

use super::page::Shape;
use super::reader::Entry;

/// What becomes of a tag of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Decides the pixels: copied, and a wrong one is a refusal.
    Needed,
    /// Decides the look: copied when it is well-formed, else dropped.
    Wanted,
    /// Written anew by the layout.
    Rebuilt,
    /// Dropped.
    Dropped,
}

/// TIFF 6.0, its supplements, and the registered extensions that libtiff decodes by.
pub(super) fn fate(tag: u16) -> Fate {
    match tag {
        256..=259
        | 262
        | 266
        | 277
        | 278
        | 284
        | 292
        | 293
        | 317
        | 320
        | 322
        | 323
        | 332
        | 334
        | 338
        | 339
        | 529
        | 530
        | 532 => Fate::Needed,
        274 | 280..=283 | 290 | 291 | 296 | 297 | 301 | 318 | 319 | 336 | 340..=342 | 531 => Fate::Wanted,
        254 | 273 | 279 | 324 | 325 | 347 | 34_675 => Fate::Rebuilt,
        _ => Fate::Dropped,
    }
}

/// Whether type and count of a kept tag are what the specification says: a value that is longer hides something.
pub(super) fn is_well_formed(entry: &Entry<'_>, shape: &Shape) -> bool {
    if entry.data.is_none() {
        return false;
    }
    let samples = shape.samples;
    let levels = 1_u64.checked_shl(u32::try_from(shape.depth).unwrap_or(u32::MAX)).unwrap_or(0);
    let (kind, count) = (entry.kind, entry.count);
    let is_count = |expected: u64| expected > 0 && count == expected;
    match entry.tag {
        256 | 257 | 278 | 322 | 323 => matches!(kind, 1 | 3 | 4 | 16) && is_count(1),
        259 | 262 | 266 | 274 | 277 | 284 | 290 | 296 | 317 | 332 | 334 | 531 => {
            matches!(kind, 1 | 3 | 4) && is_count(1)
        }
        292 | 293 => matches!(kind, 3 | 4) && is_count(1),
        258 | 339 => kind == 3 && (1..=samples).contains(&count),
        280 | 281 => kind == 3 && (1..=samples).contains(&count),
        338 => matches!(kind, 1 | 3) && (1..=samples).contains(&count),
        282 | 283 => kind == 5 && is_count(1),
        291 => kind == 3 && shape.depth <= 16 && is_count(levels),
        297 | 530 => kind == 3 && is_count(2),
        301 => kind == 3 && shape.depth <= 16 && (is_count(levels) || is_count(levels.saturating_mul(3))),
        318 => kind == 5 && is_count(2),
        319 => kind == 5 && is_count(6),
        320 => kind == 3 && shape.depth <= 16 && is_count(levels.saturating_mul(3)),
        336 => matches!(kind, 1 | 3) && (is_count(2) || is_count(samples.saturating_mul(2))),
        340 | 341 => matches!(kind, 1 | 3 | 4 | 6 | 8 | 9 | 11 | 12) && (is_count(1) || is_count(samples)),
        342 => kind == 3 && is_count(6),
        529 => kind == 5 && is_count(3),
        532 => matches!(kind, 4 | 5) && is_count(6),
        _ => false,
    }
}

/// Tags that neither EXIF nor the EXIF reader names: number, class, name as ExifTool and the registrants write it.
const NAMES: &[(u16, Class, &str)] = &[
    (255, Class::ContentUnknown, "OldSubfileType"),
    (263, Class::ContentUnknown, "Threshholding"),
    (264, Class::ContentUnknown, "CellWidth"),
    (265, Class::ContentUnknown, "CellLength"),
    (280, Class::ContentUnknown, "MinSampleValue"),
    (281, Class::ContentUnknown, "MaxSampleValue"),
    (285, Class::MetadataDescription, "PageName"),
    (286, Class::ContentUnknown, "XPosition"),
    (287, Class::ContentUnknown, "YPosition"),
    (288, Class::ContentUnknown, "FreeOffsets"),
    (289, Class::ContentUnknown, "FreeByteCounts"),
    (321, Class::ContentUnknown, "HalftoneHints"),
    (326, Class::ContentUnknown, "BadFaxLines"),
    (327, Class::ContentUnknown, "CleanFaxData"),
    (328, Class::ContentUnknown, "ConsecutiveBadFaxLines"),
    (333, Class::MetadataDescription, "InkNames"),
    (337, Class::MetadataPrinter, "TargetPrinter"),
    (32_781, Class::MetadataIdentifiers, "ImageID"),
    (32_932, Class::MetadataDescription, "WangAnnotation"),
    (33_421, Class::ContentUnknown, "CFARepeatPatternDim"),
    (33_550, Class::MetadataLocation, "GeoTIFF:ModelPixelScale"),
    (33_920, Class::MetadataLocation, "GeoTIFF:IntergraphMatrix"),
    (33_922, Class::MetadataLocation, "GeoTIFF:ModelTiepoint"),
    (34_118, Class::MetadataDevice, "SEM"),
    (34_264, Class::MetadataLocation, "GeoTIFF:ModelTransformation"),
    (34_735, Class::MetadataLocation, "GeoTIFF:GeoKeyDirectory"),
    (34_736, Class::MetadataLocation, "GeoTIFF:GeoDoubleParams"),
    (34_737, Class::MetadataLocation, "GeoTIFF:GeoAsciiParams"),
    (34_908, Class::ContentUnknown, "FaxRecvParams"),
    (34_909, Class::MetadataOther, "FaxSubAddress"),
    (37_439, Class::ContentUnknown, "StoNits"),
    (37_680, Class::MetadataOther, "OLEPropertySet"),
    (37_681, Class::MetadataDescription, "MODI text"),
    (37_724, Class::ContentSecondaryImages, "Photoshop ImageSourceData (layers)"),
    (42_112, Class::MetadataOther, "GDAL_METADATA"),
    (42_113, Class::MetadataOther, "GDAL_NODATA"),
    (50_784, Class::MetadataOther, "Alias layer metadata"),
    (50_838, Class::MetadataOther, "IJMetaDataByteCounts"),
    (50_839, Class::MetadataOther, "IJMetaData"),
    (50_844, Class::MetadataLocation, "RPCCoefficients"),
    (52_545, Class::MetadataProvenance, "C2PA"),
];

/// Reports one tag of a page or of a directory beneath it as removed.
pub(super) fn list(directory: Directory, entry: &Entry<'_>, listing: &mut Listing, report: &mut Report) {
    let data = entry.data.unwrap_or_default();
    let known = NAMES.iter().find(|(tag, ..)| *tag == entry.tag);
    match (directory, entry.tag, known) {
        (Directory::Picture | Directory::Thumbnail, 33_723, _) => {
            photoshop::iptc(data, "IPTC", report);
        }
        (Directory::Picture | Directory::Thumbnail, 34_377, _) => photoshop::list(data, "Photoshop ", report),
        (Directory::Picture | Directory::Thumbnail, _, Some((_, class, name))) => {
            if entry.kind == 2 {
                crate::formats::metadata::removed_text(report, *class, (*name).to_owned(), trimmed(data));
            } else {
                report.removed_bytes(*class, *name, "", data.len());
            }
        }
        _ => listing.entry(directory, entry.tag, entry.kind, data, report),
    }
}

/// A text without the zero at its end.
fn trimmed(data: &[u8]) -> &[u8] {
    let end = data.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    data.get(..end).unwrap_or_default()
}
