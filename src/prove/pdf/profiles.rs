//! Colour profiles of the copy: they give the colours of the original and say nothing besides.

use crate::pdf_reading::Reading;
use crate::pdf_reading::walk::{Item, walk};
use crate::prove::{Check, profile};
use crate::refusal::Refusal;

/// Checks every profile of the copy against those of the original.
pub(super) fn compare(before: &Reading<'_>, after: &Reading<'_>) -> Result<Option<Check>, Refusal> {
    let (before, after) = (profiles(before), profiles(after));
    let before: Vec<&[u8]> = before.iter().map(Vec::as_slice).collect();
    let after: Vec<&[u8]> = after.iter().map(Vec::as_slice).collect();
    profile::verify(&before, &after)
}

/// The streams that state a number of components and hold a profile.
fn profiles(reading: &Reading<'_>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    walk(reading.pdf, &mut |_, item| {
        let Item::Stream(stream) = item else { return };
        let dict = stream.dict();
        // Object streams state a number of objects under the same key.
        if dict.contains_key(b"N".as_slice()) && !dict.contains_key(b"First".as_slice()) {
            let data = stream.decoded_data().unwrap_or_default();
            if data.get(36..).is_some_and(|rest| rest.starts_with(b"acsp")) {
                found.push(data.into_owned());
            }
        }
    });
    found
}
