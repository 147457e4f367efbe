//! What the values of an EXIF are called, and what they tell.

use super::Directory;
use crate::policy::Class;

/// Tags that the library does not name but that give something away.
const MORE_NAMES: &[(u16, &str)] = &[
    (0x000b, "ProcessingSoftware"),
    (0x00fe, "SubfileType"),
    (0x010d, "DocumentName"),
    (0x011d, "PageName"),
    (0x013c, "HostComputer"),
    (0x02bc, "XMP"),
    (0x4746, "Rating"),
    (0x4749, "RatingPercent"),
    (0x83bb, "IPTC"),
    (0x8649, "PhotoshopSettings"),
    (0x8773, "ICC_Profile"),
    (0x9c9b, "XPTitle"),
    (0x9c9c, "XPComment"),
    (0x9c9d, "XPAuthor"),
    (0x9c9e, "XPKeywords"),
    (0x9c9f, "XPSubject"),
    (0xc614, "UniqueCameraModel"),
    (0xc62f, "CameraSerialNumber"),
    (0xc65d, "RawDataUniqueID"),
    (0xc68b, "OriginalRawFileName"),
    (0xa436, "ImageTitle"),
    (0xa437, "Photographer"),
    (0xa438, "ImageEditor"),
    (0xa439, "CameraFirmware"),
    (0xa43a, "RAWDevelopingSoftware"),
    (0xa43b, "ImageEditingSoftware"),
    (0xa43c, "MetadataEditingSoftware"),
    (0xc4a5, "PrintIM"),
    (0xea1c, "Padding"),
    (0xea1d, "OffsetSchema"),
];

/// The name of a value, as the EXIF specification and ExifTool give it; the number where it has none.
pub(super) fn name_of(directory: Directory, tag: u16) -> String {
    let context = match directory {
        Directory::Picture | Directory::Thumbnail => exif::Context::Tiff,
        Directory::Exif => exif::Context::Exif,
        Directory::Gps => exif::Context::Gps,
        Directory::Interop => exif::Context::Interop,
    };
    let known = exif::Tag(context, tag);
    if known.description().is_some() {
        return known.to_string();
    }
    let more = MORE_NAMES.iter().find(|(number, _)| *number == tag && directory != Directory::Gps);
    more.map_or_else(|| format!("0x{tag:04x}"), |(_, name)| (*name).to_owned())
}

/// The class of a value.
pub(super) fn class_of(directory: Directory, tag: u16) -> Class {
    match (directory, tag) {
        (Directory::Gps, _) => Class::MetadataLocation,
        (Directory::Interop, _) => Class::MetadataOther,
        (_, 0x013b | 0x8298 | 0x9c9d | 0xa430 | 0xa437 | 0xa438) => Class::MetadataAuthor,
        (_, 0x010e | 0x9286 | 0x9c9b | 0x9c9c | 0x9c9e | 0x9c9f | 0xa436) => Class::MetadataDescription,
        (_, 0x010d | 0xc68b) => Class::MetadataPaths,
        (_, 0x0132 | 0x9003 | 0x9004 | 0x9010..=0x9012 | 0x9290..=0x9292) => Class::MetadataDates,
        (_, 0x000b | 0x0131 | 0xa43a..=0xa43c) => Class::MetadataSoftware,
        (_, 0xa420 | 0xc65d) => Class::MetadataIdentifiers,
        (_, 0x010f | 0x0110 | 0x013c | 0xc614 | 0xc62f) => Class::MetadataDevice,
        // Versions and layout of the EXIF itself.
        (Directory::Exif, 0x9000 | 0x9101 | 0xa000..=0xa004 | 0xea1c | 0xea1d) => Class::MetadataOther,
        (Directory::Exif, _) => Class::MetadataDevice,
        _ => Class::MetadataOther,
    }
}
