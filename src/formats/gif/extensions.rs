//! Extensions: the number of repetitions and the colour profile stay, everything else is named and goes.

use super::blocks::{Extension, write_sub_blocks};
use crate::formats::Report;
use crate::formats::metadata::{MOST_TEXT, icc, photoshop, removed_text, xmp};
use crate::policy::{Class, Policy};

/// The bytes behind an XMP packet that lead a reader of sub-blocks to the end of the extension
/// (XMP specification part 3, section 1.1.2): 0x01, 0xFF down to 0x00, and the empty sub-block.
const MAGIC_TRAILER: usize = 258;
/// Profiles take no more than this; standard ones have 3 KiB.
const MOST_PROFILE: usize = 16 << 20;

/// Copies an extension that decides how the picture looks, reports any other as removed.
pub(super) fn take(
    extension: &Extension<'_>,
    profile_seen: &mut bool,
    policy: &Policy,
    copy: &mut Vec<u8>,
    report: &mut Report,
) {
    let size = extension.raw.len().saturating_add(2);
    match (extension.label, extension.parts.as_slice()) {
        (0xff, [name, data @ ..]) => application(extension, name, data, profile_seen, policy, copy, report),
        (0xfe, parts) => removed_text(report, Class::MetadataDescription, "comment extension".to_owned(), &text(parts)),
        // The first sub-block says where the text would stand; no viewer shows it.
        (0x01, [_, parts @ ..]) => {
            removed_text(report, Class::ContentUnknown, "plain text extension".to_owned(), &text(parts));
        }
        (label, _) => {
            report.removed_bytes(Class::ContentUnknown, format!("extension 0x{label:02X}"), "", size);
        }
    }
}

/// The beginning of a text in sub-blocks.
fn text(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().take(MOST_TEXT).flat_map(|part| part.iter().copied()).collect()
}

/// An application extension (section 26): eleven bytes of name, then data as the application likes.
fn application(
    extension: &Extension<'_>,
    name: &[u8],
    data: &[&[u8]],
    profile_seen: &mut bool,
    policy: &Policy,
    copy: &mut Vec<u8>,
    report: &mut Report,
) {
    let size = extension.raw.len().saturating_add(2);
    let item = format!("application extension {}", title(name));
    match name {
        b"NETSCAPE2.0" | b"ANIMEXTS1.0" => repetitions(name, data, &item, copy, report),
        b"ICCRGBG1012" if *profile_seen => {
            report.removed_bytes(Class::ContentUnknown, format!("{item} (repeated)"), "", size);
        }
        b"ICCRGBG1012" => {
            let profile = joined(data, MOST_PROFILE);
            *profile_seen = icc::is_usable(&profile);
            if let Some(profile) = icc::clean(&profile, &item, "", policy, report) {
                copy.extend_from_slice(&[0x21, 0xff, 11]);
                copy.extend_from_slice(name);
                write_sub_blocks(&profile, copy);
            }
        }
        b"XMP DataXMP" => xmp::list(&packet(extension, data), "application extension XMP", report),
        b"MGK8BIM0000" => photoshop::list(&joined(data, usize::MAX), "MGK8BIM ", report),
        b"MGKIPTC0000" => photoshop::iptc(&joined(data, usize::MAX), "MGKIPTC", report),
        name if name.starts_with(b"C2PA") => report.removed_bytes(Class::MetadataProvenance, item, "", size),
        _ => report.removed_bytes(Class::ContentUnknown, item, "", size),
    }
}

/// Keeps the sub-block with the number of repetitions, and none of the others that applications put beside it.
fn repetitions(name: &[u8], data: &[&[u8]], item: &str, copy: &mut Vec<u8>, report: &mut Report) {
    let mut kept = false;
    for part in data {
        match part {
            [1, _, _] if !kept => {
                kept = true;
                copy.extend_from_slice(&[0x21, 0xff, 11]);
                copy.extend_from_slice(name);
                write_sub_blocks(part, copy);
            }
            _ => report.removed_bytes(Class::ContentUnknown, format!("{item} (further data)"), "", part.len()),
        }
    }
    if data.is_empty() {
        report.removed(Class::ContentUnknown, item, "");
    }
}

/// An XMP packet stands in the file as it is, without sub-blocks; some writers divide it all the same.
fn packet(extension: &Extension<'_>, data: &[&[u8]]) -> Vec<u8> {
    // Behind the size and the eleven bytes of the name.
    let plain = extension.raw.get(12..).unwrap_or_default();
    if plain.first() != Some(&b'<') {
        return data.concat();
    }
    let end = plain.len().saturating_sub(MAGIC_TRAILER);
    let marked = plain.get(end..).is_some_and(|trailer| trailer.starts_with(&[1, 0xff, 0xfe]));
    if marked { plain.get(..end).unwrap_or_default().to_vec() } else { plain.to_vec() }
}

/// The contents of sub-blocks together, the first `limit` bytes and a little more.
fn joined(parts: &[&[u8]], limit: usize) -> Vec<u8> {
    parts.iter().take(limit / 255 + 1).flat_map(|part| part.iter().copied()).collect()
}

/// The name of an application for people.
fn title(name: &[u8]) -> String {
    let printable = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_' | b' ');
    name.iter().take(11).map(|byte| if printable(byte) { char::from(*byte) } else { '?' }).collect()
}
