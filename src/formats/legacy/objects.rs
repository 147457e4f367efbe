//! Objects in documents: files that were dropped in, pictures of other programs, packages with their paths ([MS-OLEDS]).

use super::Listing;
use crate::legacy_reading::{Bytes, Compound, Item, ansi, title};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Where Word and Excel keep objects: a storage in `ObjectPool`, or one whose name begins with `MBD`.
fn is_object(item: &Item) -> bool {
    !item.is_stream
        && !item.path.is_empty()
        && (item.parent().ends_with("ObjectPool") || item.name().starts_with("MBD"))
}

/// Lists the objects, and the files in them.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    for item in compound.items().to_vec() {
        let place = title(&item.path);
        if is_object(&item) {
            let inside = format!("{}/", item.path);
            let streams = compound.items().iter().filter(|other| other.path.starts_with(&inside));
            let size = streams.fold(0_u64, |size, other| size.saturating_add(other.size));
            listing.add(Class::ActiveObjects, "OLE object", &place, 1, size);
        } else if item.is_stream {
            match item.name() {
                "\u{1}CompObj" => {
                    let bytes = compound.read(&item.path)?;
                    // Header, then the name that the user sees ([MS-OLEDS] 2.3.8).
                    let mut bytes = Bytes::at(&bytes, 28_usize);
                    let name = bytes.long().and_then(|length| bytes.take(length)).map(|name| ansi(name, 1252));
                    let name = name.unwrap_or_default();
                    listing.add_value(Class::MetadataSoftware, "CompObj: program", &place, &name);
                }
                "\u{1}Ole10Native" => {
                    let bytes = compound.read(&item.path)?;
                    list_package(&bytes, &place, listing);
                }
                "Package" => {
                    let bytes = compound.read(&item.path)?;
                    listing.add_file(&place, bytes);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// A file that was dropped in: its name, the path it came from, the path of its temporary copy, itself ([MS-OLEDS] 2.3.6).
fn list_package(stream: &[u8], place: &str, listing: &mut Listing<'_>) {
    let mut bytes = Bytes::at(stream, 4_usize);
    if bytes.short() != Some(2) {
        return; // data of a program, which nobody else can read
    }
    let text = |raw: &[u8]| ansi(raw, 1252);
    let name = bytes.until_nul().map(text).unwrap_or_default();
    listing.add_value(Class::MetadataPaths, "Ole10Native: name", place, &name);
    let source = bytes.until_nul().map(text).unwrap_or_default();
    listing.add_value(Class::MetadataPaths, "Ole10Native: path", place, &source);
    bytes.take(4_usize);
    let temporary = bytes.long().and_then(|length| bytes.take(length)).map(text).unwrap_or_default();
    listing.add_value(Class::MetadataPaths, "Ole10Native: temporary path", place, &temporary);
    if let Some(data) = bytes.long().and_then(|length| bytes.take(length)) {
        listing.add_file(if name.is_empty() { place } else { &name }, data.to_vec());
    }
}
