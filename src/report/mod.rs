//! What people and programs get to read about a run.

pub mod audit;
pub mod difference;
pub mod export;
pub mod html;
pub mod log;
mod pointers;
pub mod reading;
pub mod repeated;
pub mod sarif;
pub mod schema;
mod seen;
pub mod shared;
pub mod show;
pub mod signature;
pub mod summary;
pub mod terminal;
pub mod verify;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
