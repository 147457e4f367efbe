//! Headers that a JPX gives to its first picture beside `jp2h` (ISO/IEC 15444-2 sections M.11.6 and M.11.7).
//!
//! They go. Where they say something else than `jp2h`, the picture would look different, and the file is refused.

use super::header::Header;
use super::removed;
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, children};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Checks the codestream header or the compositing layer header of the first picture, and reports it as removed.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when it decides how the picture looks.
pub(super) fn check(own: &BmffBox<'_>, header: &Header<'_>, report: &mut Report) -> Result<(), Refusal> {
    let place = own.title();
    report.removed_bytes(Class::ContentUnknown, place.clone(), "", own.data.len());
    for child in children(own.data, 0)? {
        let same = match &child.name {
            b"ihdr" | b"bpcc" | b"pclr" | b"cmap" | b"cdef" => header.says(&child),
            b"cgrp" => children(child.data, 0)?.iter().all(|colour| header.says(colour)),
            b"creg" => is_plain_registration(child.data),
            b"opct" | b"pxfm" | b"cref" => false,
            _ => {
                removed::whole_box(&child, &place, 1, report);
                true
            }
        };
        if !same {
            let what = format!("its first picture has a header of its own (box {} in {place})", child.title());
            return Err(Refusal::unsupported(what));
        }
    }
    Ok(())
}

/// Whether a codestream registration box (section M.11.7.7) lays the first codestream, and no other, at the origin.
fn is_plain_registration(data: &[u8]) -> bool {
    // XS and YS; number, XR, YR, XO, YO of each codestream.
    matches!(data, [_, _, _, _, 0, 0, _, _, 0, 0])
}
