//! What a file is, by its bytes.

use crate::kind::Kind;

/// The outcome of looking at the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// What the bytes say.
    pub kind: Kind,
    /// A more precise name where the kind is a group, for example `7z archive`.
    pub detail: Option<&'static str>,
    /// The kind that the file's name claims, when the bytes say otherwise.
    pub mismatch: Option<Kind>,
}

/// Identifies a file by its bytes. `name` only tells kinds of text apart and shows mismatches.
#[must_use]
pub fn identify(bytes: &[u8], _name: &str) -> Identity {
    let kind = if bytes.starts_with(b"\xff\xd8\xff") {
        Kind::Jpeg
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Kind::Png
    } else if bytes.get(..1024.min(bytes.len())).is_some_and(|head| head.windows(5).any(|w| w == b"%PDF-")) {
        Kind::Pdf
    } else if bytes.starts_with(b"PK\x03\x04") {
        Kind::Docx
    } else {
        Kind::PlainText
    };
    Identity { kind, detail: None, mismatch: None }
}
