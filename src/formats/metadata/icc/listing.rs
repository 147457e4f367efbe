//! What a profile says besides colours, item by item, for the report.

use super::header::{self, Header};
use super::tags::{Table, Tag};
use super::text;
use crate::formats::Report;
use crate::formats::report::RemovedValue;
use crate::policy::{Action, Class};

/// Header fields that become zero: offset, size, class, name (the names of ExifTool).
const FIELDS: &[(usize, usize, Class, &str)] = &[
    (4, 4, Class::MetadataSoftware, "ProfileCMMType"),
    (24, 12, Class::MetadataDates, "ProfileDateTime"),
    (40, 4, Class::MetadataSoftware, "PrimaryPlatform"),
    (44, 4, Class::MetadataOther, "CMMFlags"),
    (48, 4, Class::MetadataDevice, "DeviceManufacturer"),
    (52, 4, Class::MetadataDevice, "DeviceModel"),
    (56, 8, Class::MetadataDevice, "DeviceAttributes"),
    (80, 4, Class::MetadataSoftware, "ProfileCreator"),
    (84, 16, Class::MetadataIdentifiers, "ProfileID"),
    (100, 28, Class::ContentUnknown, "reserved bytes of the header"),
];

/// Tags that go: signature, class, name.
const TAGS: &[(&[u8; 4], Class, &str)] = &[
    (b"desc", Class::MetadataDescription, "ProfileDescription"),
    (b"dscm", Class::MetadataDescription, "ProfileDescriptionML"),
    (b"cprt", Class::MetadataAuthor, "ProfileCopyright"),
    (b"dmnd", Class::MetadataDevice, "DeviceMfgDesc"),
    (b"dmdd", Class::MetadataDevice, "DeviceModelDesc"),
    (b"mmod", Class::MetadataDevice, "MakeAndModel"),
    (b"targ", Class::MetadataDevice, "CharTarget"),
    (b"devs", Class::MetadataDevice, "DeviceSettings"),
    (b"vcgt", Class::MetadataDevice, "VideoCardGamma"),
    (b"ndin", Class::MetadataDevice, "NativeDisplayInfo"),
    (b"tech", Class::MetadataDevice, "Technology"),
    (b"meas", Class::MetadataDevice, "Measurement"),
    (b"view", Class::MetadataDevice, "ViewingConditions"),
    (b"vued", Class::MetadataDescription, "ViewingCondDesc"),
    (b"chrm", Class::MetadataDevice, "Chromaticity"),
    (b"calt", Class::MetadataDates, "CalibrationDateTime"),
    (b"meta", Class::MetadataOther, "Metadata"),
    (b"pseq", Class::MetadataDescription, "ProfileSequenceDesc"),
    (b"psid", Class::MetadataIdentifiers, "ProfileSequenceIdentifier"),
    (b"scrd", Class::MetadataDescription, "ScreeningDesc"),
    (b"crdi", Class::MetadataDescription, "CRDInfo"),
    (b"rig0", Class::MetadataDescription, "PerceptualRenderingIntentGamut"),
    (b"clrt", Class::MetadataDescription, "ColorantTable"),
];

/// Reports what the copy of a profile lacks: header fields, tags, and bytes that belong to no tag.
pub(super) fn list(profile: &[u8], header: &Header, table: &Table, place: &str, report: &mut Report) {
    for (at, size, class, name) in FIELDS {
        let field = profile.get(*at..at.saturating_add(*size)).unwrap_or_default();
        if field.iter().any(|byte| *byte != 0) {
            report.removed_bytes(*class, format!("ICC:{name}"), place, *size);
        }
    }
    let texts = Table::texts(header);
    for tag in &table.tags {
        let data = profile.get(tag.offset..tag.offset.saturating_add(tag.size)).unwrap_or_default();
        let neutral = texts.iter().find(|(name, _)| *name == tag.name);
        if neutral.is_some_and(|(_, neutral)| text::is_neutral(data, neutral)) {
            continue;
        }
        match &tag.kept {
            None => list_tag(tag, data, place, report),
            Some(kept) if kept.len() < data.len() => {
                let behind = data.len().saturating_sub(kept.len());
                let item = format!("ICC:{} (bytes without use)", title(tag.name));
                report.removed_bytes(Class::ContentTrailingBytes, item, place, behind);
            }
            Some(_) => {}
        }
    }
    let between = bytes_between(profile, table);
    if between > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, "ICC:bytes between tags", place, between);
    }
}

/// Reports a tag that goes; its texts go to the echo search.
fn list_tag(tag: &Tag, data: &[u8], place: &str, report: &mut Report) {
    let known = TAGS.iter().find(|(name, ..)| **name == tag.name);
    let (class, name) =
        known.map_or_else(|| (Class::ContentUnknown, title(tag.name)), |(_, class, name)| (*class, (*name).to_owned()));
    let item = format!("ICC:{name}");
    report.hit(class, Action::Remove, item.clone(), place, 1, data.len() as u64);
    let values = text::read(data).into_iter();
    report.values.extend(values.map(|value| RemovedValue { class, item: item.clone(), value }));
}

/// Bytes other than zero that belong neither to header and table nor to a tag.
fn bytes_between(profile: &[u8], table: &Table) -> usize {
    let mut tags: Vec<(usize, usize)> =
        table.tags.iter().map(|tag| (tag.offset, tag.offset.saturating_add(tag.size))).collect();
    tags.sort_unstable();
    let mut end = table.tags.len().saturating_mul(12).saturating_add(header::SIZE).saturating_add(4);
    let mut count = 0_usize;
    for (from, to) in tags.into_iter().chain([(profile.len(), profile.len())]) {
        let between = profile.get(end..from).unwrap_or_default();
        count = count.saturating_add(between.iter().filter(|byte| **byte != 0).count());
        end = end.max(to);
    }
    count
}

/// A signature for people.
fn title(name: [u8; 4]) -> String {
    name.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' }).collect()
}
