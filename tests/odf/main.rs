//! The OpenDocument handler: nothing planted survives, everything visible does, and hostile files are refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a failed helper is a failed test
#![allow(unreachable_pub)] // helpers of one crate

mod embedded;
mod fixtures;
mod held;
mod hostile;
mod kept;
mod planted;

use fieldstrip::formats::Report;
use fieldstrip::{Policy, Refusal};

fn policy() -> Policy {
    Policy::built_in("public-release").unwrap()
}

/// Cleans and proves under the default policy.
fn clean(bytes: &[u8]) -> Result<(Vec<u8>, Report), Refusal> {
    let cleaned = fieldstrip::clean(bytes, "", &policy())?;
    Ok((cleaned.bytes, cleaned.report))
}

/// True if the marker stands in the file, in the name of a member, or in what is inflated.
fn holds(bytes: &[u8], marker: &str) -> bool {
    let within = |bytes: &[u8]| {
        let wide: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        [bytes, &wide].iter().any(|bytes| bytes.windows(marker.len()).any(|window| window == marker.as_bytes()))
    };
    within(bytes) || fixtures::unpacked(bytes).iter().any(|(name, content)| name.contains(marker) || within(content))
}

fn utf16(text: &str) -> Vec<u8> {
    let text = text.replace("UTF-8", "UTF-16");
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}
