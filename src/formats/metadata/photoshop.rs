//! Photoshop image resources and the IPTC records in them, for the report and the echo search.
//!
//! Resources stand one after the other as `8BIM`, number, padded name, size, padded data (Adobe Photoshop File Formats,
//! "Image Resource Blocks"); number 0x0404 holds IPTC-IIM data sets (IIM 4.2 section 1.5). All of it is dropped.

use std::ops::RangeInclusive;

use crate::formats::Report;
use crate::policy::Class;

/// Resources and data sets that are listed; the rest is counted with the whole.
const MOST: usize = 4_000;

/// Reports every resource and every IPTC data set in it as removed. `prefix` begins each item, for example `APP13 `.
pub(crate) fn list(resources: &[u8], prefix: &str, report: &mut Report) {
    let mut rest = resources;
    for _ in 0..MOST {
        if rest.is_empty() {
            return;
        }
        let Some((number, data, next)) = resource(rest) else { break };
        let item = format!("{prefix}8BIM 0x{number:04X}");
        match number {
            0x0404 => iptc(data, &format!("{item} IPTC"), report),
            0x0409 | 0x040c => {
                report.removed_bytes(Class::ContentThumbnails, format!("{item} thumbnail"), "", data.len());
            }
            0x0422 => super::exif::list(data, false, report),
            0x0424 => super::xmp::list(data, &format!("{item} XMP"), report),
            _ => {
                let known = RESOURCES.iter().find(|(numbers, ..)| numbers.contains(&number));
                let (class, item) = known.map_or((Class::MetadataOther, item.clone()), |(_, class, name)| {
                    (*class, format!("{item} {name}"))
                });
                report.removed_bytes(class, item, "", data.len());
            }
        }
        rest = next;
    }
    report.removed_bytes(Class::MetadataOther, format!("{prefix}8BIM (unreadable)"), "", rest.len());
}

/// Resources that are named, by their numbers.
const RESOURCES: &[(RangeInclusive<u16>, Class, &str)] = &[
    (0x03e9..=0x03e9, Class::MetadataPrinter, "Macintosh print information"),
    (0x03ed..=0x03ed, Class::MetadataOther, "ResolutionInfo"),
    (0x0408..=0x0408, Class::MetadataOther, "GridGuides"),
    (0x040a..=0x040a, Class::MetadataAuthor, "CopyrightFlag"),
    (0x040b..=0x040b, Class::MetadataAuthor, "URL"),
    (0x040f..=0x040f, Class::MetadataOther, "ICC_Profile"),
    (0x0414..=0x0414, Class::MetadataIdentifiers, "DocumentSpecificIDs"),
    (0x041a..=0x041a, Class::MetadataPaths, "Slices"), // with the name of the document
    (0x041b..=0x041b, Class::MetadataOther, "WorkflowURL"),
    (0x041e..=0x041e, Class::MetadataOther, "URLList"),
    (0x0421..=0x0421, Class::MetadataSoftware, "VersionInfo"),
    (0x0425..=0x0425, Class::MetadataIdentifiers, "IPTCDigest"),
    (0x0426..=0x0426, Class::MetadataPrinter, "PrintScale"),
    (0x043a..=0x043c, Class::MetadataPrinter, "print settings"),
    (0x07d0..=0x0bb6, Class::ContentUnknown, "path"),
    (0x0bb7..=0x0bb7, Class::ContentUnknown, "ClippingPathName"),
    (0x2710..=0x2710, Class::MetadataPrinter, "PrintFlags"),
];

/// Number and data of the first resource, and what follows it.
fn resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (signature, rest) = bytes.split_first_chunk::<4>()?;
    if !matches!(signature, b"8BIM" | b"MeSa" | b"AgHg" | b"PHUT" | b"DCSR") {
        return None;
    }
    let (number, rest) = rest.split_first_chunk::<2>()?;
    let name = usize::from(*rest.first()?).checked_add(1)?;
    let rest = rest.get(name.checked_next_multiple_of(2)?..)?;
    let (size, rest) = rest.split_first_chunk::<4>()?;
    let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
    let (data, rest) = rest.split_at_checked(size)?;
    let padding = (size % 2).min(rest.len());
    Some((u16::from_be_bytes(*number), data, rest.get(padding..)?))
}

/// Reports every IPTC data set as removed. `prefix` names the whole, for example `APP13 8BIM 0x0404 IPTC`.
pub(crate) fn iptc(bytes: &[u8], prefix: &str, report: &mut Report) {
    let mut rest = bytes;
    for _ in 0..MOST {
        // Padding at the end is usual.
        if rest.iter().all(|byte| *byte == 0) {
            return;
        }
        let Some((record, number, value, next)) = data_set(rest) else { break };
        let (name, class) = NAMES.iter().find(|(at, ..)| *at == (record, number)).map_or_else(
            || (format!("{record}:{number}"), Class::MetadataOther),
            |(_, name, class)| ((*name).to_owned(), *class),
        );
        let item = format!("{prefix} {name}");
        if record == 2 && number != 0 && !value.contains(&0) {
            super::removed_text(report, class, item, value);
        } else {
            report.removed_bytes(class, item, "", value.len());
        }
        rest = next;
    }
    report.removed_bytes(Class::MetadataOther, format!("{prefix} (unreadable)"), "", rest.len());
}

/// Record, number and value of the first data set, and what follows it.
fn data_set(bytes: &[u8]) -> Option<(u8, u8, &[u8], &[u8])> {
    let ([0x1c, record, number], rest) = bytes.split_first_chunk::<3>()? else { return None };
    let (size, rest) = rest.split_first_chunk::<2>()?;
    let size = u16::from_be_bytes(*size);
    let (size, rest) = if size & 0x8000 == 0 {
        (usize::from(size), rest)
    } else {
        let (extended, rest) = rest.split_at_checked(usize::from(size & 0x7fff))?;
        let size =
            extended.iter().try_fold(0_usize, |size, byte| size.checked_mul(256)?.checked_add(usize::from(*byte)))?;
        (size, rest)
    };
    let (value, rest) = rest.split_at_checked(size)?;
    Some((*record, *number, value, rest))
}

const NAMES: &[((u8, u8), &str, Class)] = &[
    ((1, 90), "CodedCharacterSet", Class::MetadataOther),
    ((2, 0), "ApplicationRecordVersion", Class::MetadataOther),
    ((2, 5), "ObjectName", Class::MetadataDescription),
    ((2, 15), "Category", Class::MetadataDescription),
    ((2, 20), "SupplementalCategories", Class::MetadataDescription),
    ((2, 22), "FixtureIdentifier", Class::MetadataIdentifiers),
    ((2, 25), "Keywords", Class::MetadataDescription),
    ((2, 26), "ContentLocationCode", Class::MetadataLocation),
    ((2, 27), "ContentLocationName", Class::MetadataLocation),
    ((2, 40), "SpecialInstructions", Class::MetadataDescription),
    ((2, 55), "DateCreated", Class::MetadataDates),
    ((2, 60), "TimeCreated", Class::MetadataDates),
    ((2, 62), "DigitalCreationDate", Class::MetadataDates),
    ((2, 63), "DigitalCreationTime", Class::MetadataDates),
    ((2, 65), "OriginatingProgram", Class::MetadataSoftware),
    ((2, 70), "ProgramVersion", Class::MetadataSoftware),
    ((2, 80), "By-line", Class::MetadataAuthor),
    ((2, 85), "By-lineTitle", Class::MetadataAuthor),
    ((2, 90), "City", Class::MetadataLocation),
    ((2, 92), "Sub-location", Class::MetadataLocation),
    ((2, 95), "Province-State", Class::MetadataLocation),
    ((2, 100), "Country-PrimaryLocationCode", Class::MetadataLocation),
    ((2, 101), "Country-PrimaryLocationName", Class::MetadataLocation),
    ((2, 103), "OriginalTransmissionReference", Class::MetadataIdentifiers),
    ((2, 105), "Headline", Class::MetadataDescription),
    ((2, 110), "Credit", Class::MetadataAuthor),
    ((2, 115), "Source", Class::MetadataAuthor),
    ((2, 116), "CopyrightNotice", Class::MetadataAuthor),
    ((2, 118), "Contact", Class::MetadataAuthor),
    ((2, 120), "Caption-Abstract", Class::MetadataDescription),
    ((2, 122), "Writer-Editor", Class::MetadataAuthor),
    ((2, 125), "RasterizedCaption", Class::MetadataDescription),
    ((2, 184), "JobID", Class::MetadataIdentifiers),
    ((2, 187), "UniqueDocumentID", Class::MetadataIdentifiers),
    ((2, 188), "OwnerID", Class::MetadataAuthor),
    ((2, 202), "ObjectPreviewData", Class::ContentThumbnails),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn items(bytes: &[u8], list: impl Fn(&[u8], &mut Report)) -> Vec<String> {
        let mut report = Report::default();
        list(bytes, &mut report);
        report.hits.into_iter().map(|hit| hit.item).collect()
    }

    #[test]
    fn resources_of_every_signature_are_listed() {
        let bytes =
            [&b"8BIM\x04\x04\x01a\0\0\0\x08\x1c\x02\x50\0\x03Jan"[..], b"AgHg\x0f\xa0\0\0\0\0\0\x01x\0"].concat();
        let found = items(&bytes, |bytes, report| list(bytes, "APP13 ", report));
        assert_eq!(found, ["APP13 8BIM 0x0404 IPTC By-line", "APP13 8BIM 0x0FA0"]);
    }

    #[test]
    fn known_resources_are_named() {
        for (number, class, name) in [
            (0x041a, Class::MetadataPaths, "8BIM 0x041A Slices"),
            (0x0425, Class::MetadataIdentifiers, "8BIM 0x0425 IPTCDigest"),
            (0x0900, Class::ContentUnknown, "8BIM 0x0900 path"),
            (0x040c, Class::ContentThumbnails, "8BIM 0x040C thumbnail"),
        ] {
            let bytes = [&b"8BIM"[..], &u16::to_be_bytes(number), b"\0\0\0\0\0\x02ab"].concat();
            let mut report = Report::default();
            list(&bytes, "", &mut report);
            let found: Vec<_> = report.hits.iter().map(|hit| (hit.class, hit.item.as_str())).collect();
            assert_eq!(found, [(class, name)]);
        }
    }

    #[test]
    fn broken_blocks_are_reported() {
        for bytes in [&b"8BIM\x04\x04\0\0\0\0\x01\0ab"[..], b"8BI", b"nothing of the kind"] {
            assert_eq!(items(bytes, |bytes, report| list(bytes, "", report)), ["8BIM (unreadable)"]);
        }
        for bytes in [&b"\x1c\x02\x50\0\x09Jan"[..], b"\x1c\x02\x50\xff\xff", b"Jan"] {
            assert_eq!(items(bytes, |bytes, report| iptc(bytes, "IPTC", report)), ["IPTC (unreadable)"]);
        }
    }

    #[test]
    fn long_data_sets_state_the_size_of_their_size() {
        let bytes = [&b"\x1c\x02\x78\x80\x04\0\0\0\x05hello"[..], &[0; 7]].concat();
        assert_eq!(items(&bytes, |bytes, report| iptc(bytes, "IPTC", report)), ["IPTC Caption-Abstract"]);
    }
}
