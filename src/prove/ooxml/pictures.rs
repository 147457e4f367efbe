//! Pictures in a copy: no camera data, whatever else they are.

use std::io::Cursor;

use super::package::Package;
use crate::formats::handler_for;
use crate::identify::identify;
use crate::kind::Family;
use crate::refusal::Refusal;

/// Reads the EXIF of every picture of a kind that is cleaned, and returns how many pictures there are.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when one carries more than how it is to be turned.
pub(crate) fn check(package: &Package) -> Result<u64, Refusal> {
    let mut count: u64 = 0;
    for part in &package.parts {
        let kind = identify(&part.bytes, &part.name).kind;
        if kind.family() != Family::Image || part.is_xml() {
            continue;
        }
        count = count.saturating_add(1);
        if handler_for(kind).is_none() {
            continue;
        }
        let Ok(exif) = exif::Reader::new().read_from_container(&mut Cursor::new(&part.bytes)) else { continue };
        if exif.fields().any(|field| field.tag != exif::Tag::Orientation) {
            return Err(Refusal::unprovable("camera data remains in a picture").in_part(&part.name));
        }
    }
    Ok(count)
}
