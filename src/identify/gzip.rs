//! Compressed drawings: an SVGZ is a gzip member (RFC 1952) around an SVG.

use std::io::Read;

use crate::kind::Kind;

/// How much is unpacked to look at.
const WINDOW: u64 = 64 << 10;

/// [`Kind::Svg`] for a gzip member in which an SVG begins; `None` for any other.
pub(super) fn identify(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return None;
    }
    let mut start = Vec::new();
    // A member that is cut off still shows its start.
    let _ = flate2::bufread::GzDecoder::new(bytes).take(WINDOW).read_to_end(&mut start);
    super::text::sniff(&start, "").filter(|kind| *kind == Kind::Svg)
}
