//! The trailer of Samsung phones: named blocks, then a directory of them, then `SEFT`.
//!
//! The layout is known from files and from ExifTool's `Samsung.pm`: the directory begins with `SEFH`, a version and the number
//! of entries; each entry says how far before the directory its block begins and how long it is.

use crate::formats::Report;
use crate::formats::metadata::tame;
use crate::policy::Class;

/// Entries of one directory; phones write about ten.
const MOST_ENTRIES: usize = 1_000;

/// Words in the names of blocks; the first that fits decides.
const CLASS_BY_NAME: &[(&str, Class)] = &[
    ("MCC", Class::MetadataLocation), // the country whose network the phone was in
    ("Path", Class::MetadataPaths),
    ("UTC", Class::MetadataDates),
    ("Edit", Class::ContentOldRevisions),
    ("Depth", Class::ContentSecondaryImages),
    ("DualShot", Class::ContentSecondaryImages),
    ("MotionPhoto", Class::ContentSecondaryImages),
    ("SurroundShot", Class::ContentSecondaryImages),
    ("SoundShot", Class::ContentSecondaryImages),
    ("Face", Class::MetadataPeople),
    ("Gen", Class::MetadataProvenance), // what the phone's generative editor leaves
    ("", Class::MetadataDevice),
];

/// Reports the blocks of a trailer that ends `bytes` as removed, and returns the bytes before it. All of them when there is
/// none.
pub(super) fn list<'a>(bytes: &'a [u8], report: &mut Report) -> &'a [u8] {
    read(bytes, report).unwrap_or(bytes)
}

fn read<'a>(bytes: &'a [u8], report: &mut Report) -> Option<&'a [u8]> {
    let (rest, size) = bytes.strip_suffix(b"SEFT")?.split_last_chunk::<4>()?;
    let at = rest.len().checked_sub(usize::try_from(u32::from_le_bytes(*size)).ok()?)?;
    let (blocks, directory) = rest.split_at_checked(at)?;
    let (count, entries) = directory.strip_prefix(b"SEFH")?.get(4..)?.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let mut first = at;
    let mut found = Vec::new();
    for entry in entries.chunks_exact(12).take(count.min(MOST_ENTRIES)) {
        let [_, _, t0, t1, o0, o1, o2, o3, s0, s1, s2, s3] = *entry else { return None };
        let number = |bytes| usize::try_from(u32::from_le_bytes(bytes)).ok();
        let start = at.checked_sub(number([o0, o1, o2, o3])?)?;
        let block = blocks.get(start..start.checked_add(number([s0, s1, s2, s3])?)?)?;
        first = first.min(start);
        found.push((u16::from_le_bytes([t0, t1]), block));
    }
    for (kind, block) in found {
        // Two zeros, the kind, the size of the name, the name.
        let name = block.get(4..).and_then(|rest| rest.split_first_chunk::<4>()).and_then(|(size, rest)| {
            rest.get(..usize::try_from(u32::from_le_bytes(*size)).ok()?).and_then(|name| std::str::from_utf8(name).ok())
        });
        let item = match name {
            Some(name) if !name.is_empty() => format!("Samsung trailer {}", tame(name)),
            _ => format!("Samsung trailer 0x{kind:04x}"),
        };
        let class = CLASS_BY_NAME.iter().find(|(word, _)| item.contains(word)).map(|(_, class)| *class);
        report.removed_bytes(class.unwrap_or(Class::MetadataDevice), item, "", block.len());
    }
    let frame = rest.len().saturating_sub(at).saturating_add(8);
    report.removed_bytes(Class::ContentTrailingBytes, "Samsung trailer directory", "", frame);
    bytes.get(..first)
}
