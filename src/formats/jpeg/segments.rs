//! The segments that go: what they are called, what they held, and the two things in them that stay.

use std::borrow::Cow;

use super::mpf::Index;
use super::trailer::Announced;
use crate::formats::Report;
use crate::formats::metadata::{exif, icc, photoshop, removed_text, xmp};
use crate::policy::{Class, Policy};

/// What the application segments of one file hold together: several kinds are spread over more than one segment.
#[derive(Default)]
pub(super) struct Metadata<'a> {
    exif: Vec<&'a [u8]>,
    /// EXIF behind the first scan, where no viewer looks for it.
    late_exif: Vec<&'a [u8]>,
    /// Sequence number, number of chunks, bytes.
    profile: Vec<(u8, u8, &'a [u8])>,
    /// Offset and bytes of the pieces of an extended XMP.
    extended_xmp: Vec<(u32, &'a [u8])>,
    photoshop: Vec<&'a [u8]>,
    /// What follows the picture, as far as they say so.
    pub(super) announced: Announced,
}

/// Segments that are known by how they begin: marker, beginning, class, name.
const KNOWN: &[(u8, &[u8], Class, &str)] = &[
    (0xe0, b"JFXX\0", Class::ContentThumbnails, "APP0 JFXX thumbnail"),
    (0xe0, b"JFIF\0", Class::ContentUnknown, "APP0 JFIF (repeated or cut off)"),
    (0xe0, b"AVI1", Class::MetadataOther, "APP0 AVI1"),
    (0xe1, b"QVCI\0", Class::MetadataDevice, "APP1 QVCI"),
    (0xe1, b"FLIR\0", Class::MetadataDevice, "APP1 FLIR"),
    (0xe2, b"ICC_PROFILE\0", Class::ContentUnknown, "APP2 ICC_PROFILE (out of place)"),
    (0xe2, b"MPF\0", Class::ContentSecondaryImages, "APP2 MPF index"),
    (0xe2, b"FPXR\0", Class::MetadataOther, "APP2 FPXR"),
    (0xe2, b"urn:iso:std:iso:ts:21496:-1\0", Class::ContentSecondaryImages, "APP2 ISO 21496-1 gain map"),
    (0xe3, b"META\0", Class::MetadataDevice, "APP3 Meta"),
    (0xe3, b"Meta\0", Class::MetadataDevice, "APP3 Meta"),
    (0xe3, b"Exif\0", Class::MetadataDevice, "APP3 Meta"),
    (0xe3, b"Stim", Class::MetadataOther, "APP3 Stim"),
    (0xe3, b"_JPSJPS_", Class::MetadataOther, "APP3 JPS"),
    (0xe5, b"RMETA\0", Class::MetadataDevice, "APP5 RMETA"),
    (0xe6, b"EPPIM\0", Class::MetadataPrinter, "APP6 EPPIM"),
    (0xe6, b"NITF\0", Class::MetadataOther, "APP6 NITF"),
    (0xe6, b"GoPro\0", Class::MetadataDevice, "APP6 GoPro"),
    (0xe8, b"SPIFF\0", Class::MetadataOther, "APP8 SPIFF"),
    (0xeb, b"HDR_RI", Class::ContentSecondaryImages, "APP11 JPEG-HDR"),
    (0xeb, b"JP", Class::MetadataProvenance, "APP11 JUMBF"),
    (0xec, b"Ducky", Class::MetadataSoftware, "APP12 Ducky"),
    (0xed, b"Adobe_CM", Class::MetadataSoftware, "APP13 Adobe_CM"),
    (0xee, b"Adobe", Class::ContentUnknown, "APP14 Adobe (cut off or out of place)"),
];

/// Adobe TN 5116: identifier, version, two flag words, transform.
pub(in crate::formats) const ADOBE_SIZE: usize = 12;

/// An Adobe segment that says what decoders read in `payload`, the transform, and the usual things otherwise: version and
/// flags tell programs apart. `None` when it is cut off.
pub(in crate::formats) fn adobe(payload: &[u8]) -> Option<[u8; ADOBE_SIZE]> {
    let [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform] = *payload.first_chunk::<ADOBE_SIZE>()? else {
        return None;
    };
    Some([b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform])
}

const EXIF: &[u8] = b"Exif\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const MPF: &[u8] = b"MPF\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

impl<'a> Metadata<'a> {
    /// Takes one application or comment segment that does not stay as it is. `at` is where its payload
    /// begins in the file; `late` tells that it stands behind the first scan.
    pub(super) fn take(&mut self, code: u8, payload: &'a [u8], at: usize, late: bool, report: &mut Report) {
        match code {
            0xfe => removed_text(report, Class::MetadataDescription, "COM".to_owned(), payload),
            0xe1 if payload.starts_with(EXIF) => {
                // The identifier is "Exif", a zero and a padding byte.
                let place = if late { &mut self.late_exif } else { &mut self.exif };
                place.push(payload.get(6..).unwrap_or_default());
            }
            0xe1 if payload.starts_with(XMP) => {
                self.announced.motion_photo |= [&b"MotionPhoto"[..], b"MicroVideo"]
                    .iter()
                    .any(|word| memchr::memmem::find(payload, word).is_some());
                xmp::list(payload.get(XMP.len()..).unwrap_or_default(), "APP1 XMP", report);
            }
            0xe1 if payload.starts_with(EXTENDED_XMP) => self.take_extended_xmp(payload, report),
            0xe2 if payload.starts_with(PROFILE) && !late => match payload.get(PROFILE.len()..) {
                Some([number, count, bytes @ ..]) => self.profile.push((*number, *count, bytes)),
                _ => report.removed_bytes(Class::ContentUnknown, "APP2 ICC_PROFILE (cut off)", "", payload.len()),
            },
            0xed if payload.starts_with(PHOTOSHOP) => {
                self.photoshop.push(payload.get(PHOTOSHOP.len()..).unwrap_or_default());
            }
            _ => {
                if let Some(tiff) = payload.strip_prefix(MPF).filter(|_| code == 0xe2) {
                    self.announced.index = Index::read(tiff, at.saturating_add(MPF.len())).unwrap_or_default();
                }
                let known = KNOWN.iter().find(|(at, begin, ..)| *at == code && payload.starts_with(begin));
                let (class, item) = known.map_or_else(
                    || (Class::MetadataOther, format!("APP{}", code & 0x0f)),
                    |(_, _, class, item)| (*class, (*item).to_owned()),
                );
                report.removed_bytes(class, item, "", payload.len());
            }
        }
    }

    /// A piece of an XMP that is too long for one segment: digest (32), whole size (4), offset (4), bytes (XMP part 3, 1.1.3.1).
    fn take_extended_xmp(&mut self, payload: &'a [u8], report: &mut Report) {
        let piece = payload.get(EXTENDED_XMP.len()..).and_then(|rest| rest.split_at_checked(40));
        let Some((head, bytes)) = piece else {
            report.removed_bytes(Class::MetadataOther, "APP1 extended XMP (cut off)", "", payload.len());
            return;
        };
        let offset = head.last_chunk::<4>().map_or(0, |offset| u32::from_be_bytes(*offset));
        self.extended_xmp.push((offset, bytes));
    }

    /// Lists what is spread over several segments. Returns the orientation if it is worth keeping: 2 to 8.
    pub(super) fn finish(&mut self, keep_orientation: bool, report: &mut Report) -> Option<u16> {
        self.extended_xmp.sort_by_key(|(offset, _)| *offset);
        let extended: Vec<u8> = self.extended_xmp.iter().flat_map(|(_, bytes)| *bytes).copied().collect();
        if !extended.is_empty() {
            xmp::list(&extended, "APP1 extended XMP", report);
        }
        let resources: Vec<u8> = self.photoshop.concat();
        if !self.photoshop.is_empty() {
            photoshop::list(&resources, "APP13 ", report);
        }
        // Of several EXIF segments the first counts.
        let first = self.exif.first().and_then(|exif| exif::orientation(exif));
        let orientation = first.filter(|value| keep_orientation && *value != 1);
        for (index, exif) in self.exif.iter().chain(&self.late_exif).enumerate() {
            exif::list(exif, index == 0 && orientation.is_some(), report);
        }
        orientation
    }

    /// The colour profile put together from its chunks: numbered from 1, each there once (ICC.1:2022 annex B.4). One that is
    /// not whole is ignored by every decoder, and goes.
    pub(super) fn profile(&mut self, policy: &Policy, report: &mut Report) -> Option<Vec<u8>> {
        if self.profile.is_empty() {
            return None;
        }
        self.profile.sort_by_key(|(number, ..)| *number);
        let whole = self.profile.iter().enumerate().all(|(index, (number, count, _))| {
            usize::from(*number) == index.saturating_add(1) && usize::from(*count) == self.profile.len()
        });
        let bytes: Vec<u8> = self.profile.iter().flat_map(|(_, _, bytes)| *bytes).copied().collect();
        if !whole {
            report.removed_bytes(Class::ContentUnknown, "APP2 ICC_PROFILE (broken)", "", bytes.len());
            return None;
        }
        icc::clean(&bytes, "APP2 ICC_PROFILE", "", policy, report).map(Cow::into_owned)
    }
}
