//! What stands after the end of the picture: second pictures, videos, camera trailers.

use super::walk::{Piece, Walk};
use crate::formats::Report;
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::Class;

/// Pictures that are told apart; the rest is counted as one.
const MOST_PICTURES: usize = 256;

/// Reports the bytes after EOI as removed, with the kind of what begins there.
pub(super) fn list(trailer: &[u8], report: &mut Report) {
    let mut rest = trailer;
    for _ in 0..MOST_PICTURES {
        let padding = padding(rest);
        if padding > 0 {
            report.removed_bytes(Class::ContentTrailingBytes, "padding after EOI", "", padding);
        }
        rest = rest.get(padding..).unwrap_or_default();
        let Some(size) = picture_size(rest) else { break };
        report.removed_bytes(Class::ContentSecondaryImages, "picture after EOI: JPEG image", "", size);
        rest = rest.get(size..).unwrap_or_default();
    }
    if rest.is_empty() {
        return;
    }
    let (class, item) = match identify(rest, "").kind {
        // Text and unknown data are guesses here: a camera's trailer may begin with letters.
        Kind::Unknown | Kind::PlainText | Kind::Markdown | Kind::Csv | Kind::Json | Kind::Empty => {
            (Class::ContentTrailingBytes, camera_trailer(rest).to_owned())
        }
        kind @ Kind::Media => (Class::ContentSecondaryImages, format!("trailer after EOI: {}", kind.title())),
        kind if kind.family() == crate::kind::Family::Image => {
            (Class::ContentSecondaryImages, format!("trailer after EOI: {}", kind.title()))
        }
        kind => (Class::ContentTrailingBytes, format!("trailer after EOI: {}", kind.title())),
    };
    report.removed_bytes(class, item, "", rest.len());
}

/// How many zeros and fill bytes stand before the next picture, video or trailer.
fn padding(bytes: &[u8]) -> usize {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let fill = bytes.iter().skip(zeros).take_while(|byte| **byte == 0xff).count();
    let rest = bytes.get(zeros.saturating_add(fill)..).unwrap_or_default();
    if rest.first() == Some(&0xd8) {
        // The last fill byte belongs to the marker of the picture.
        return zeros.saturating_add(fill.saturating_sub(1));
    }
    // A video begins with the size of its first box, which has zeros of its own.
    match rest.get(..8.min(rest.len())).and_then(|head| head.windows(4).position(|name| name == b"ftyp")) {
        Some(at) => zeros.saturating_add(fill).saturating_add(at).saturating_sub(4),
        None => zeros.saturating_add(fill),
    }
}

/// The size of the whole JPEG that begins `bytes`.
fn picture_size(bytes: &[u8]) -> Option<usize> {
    let end = Walk::new(bytes).ok()?.filter_map(Result::ok).find_map(|piece| match piece {
        Piece::End { rest } => Some(rest.len()),
        _ => None,
    })?;
    bytes.len().checked_sub(end)
}

/// Trailers that show by how they end.
fn camera_trailer(bytes: &[u8]) -> &'static str {
    const ENDS: &[(&[u8], &str)] = &[
        (b"SEFT", "trailer after EOI: Samsung"),
        (b"\0\0\0\0CANON", "trailer after EOI: Canon"),
        (b"AFS\0", "trailer after EOI: PhotoMechanic"),
    ];
    ENDS.iter().find(|(end, _)| bytes.ends_with(end)).map_or("trailer after EOI", |(_, name)| name)
}
