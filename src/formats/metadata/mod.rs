//! What metadata blocks hold, for every format that carries them: EXIF, XMP, Photoshop and IPTC, ICC.
//!
//! Handlers drop these blocks as a whole (the orientation and the colour profile stay); the readers here tell what was in
//! them, item by item. They take what they can from broken blocks, since what is dropped need not be well-formed.

pub(crate) mod exif;
pub(crate) mod icc;
pub(crate) mod photoshop;
pub(crate) mod xmp;

/// Text of unstated encoding: UTF-8 if it is that, else Latin-1, which every byte string is.
pub(crate) fn text_or_latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
