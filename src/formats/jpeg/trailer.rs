//! What stands after the end of the picture: second pictures, gain maps, videos, camera trailers.

use super::frame::{Frame, is_frame};
use super::mpf::Index;
use super::samsung;
use super::walk::{Piece, Walk, marker};
use crate::formats::Report;
use crate::policy::Class;

/// Pictures that are told apart; the rest is counted as one.
const MOST_PICTURES: usize = 256;

/// What the picture itself says of what follows it.
#[derive(Default)]
pub(super) struct Announced {
    /// The index of further pictures.
    pub(super) index: Index,
    /// The XMP speaks of a short video.
    pub(super) motion_photo: bool,
    /// The frame header of the picture.
    pub(super) frame: Option<Frame>,
}

/// Reports the bytes after EOI as removed, part by part. `at` is where they begin in the file.
pub(super) fn list(trailer: &[u8], at: usize, announced: &Announced, report: &mut Report) {
    let end = at.saturating_add(trailer.len());
    let mut rest = samsung::list(trailer, report);
    let behind = trailer.len().saturating_sub(rest.len());
    for _ in 0..MOST_PICTURES {
        let padding = padding(rest);
        if padding > 0 {
            report.removed_bytes(Class::ContentTrailingBytes, "padding after EOI", "", padding);
        }
        rest = rest.get(padding..).unwrap_or_default();
        let Some((picture, after)) = picture(rest) else { break };
        let start = end.saturating_sub(behind).saturating_sub(rest.len());
        let (class, item) = title(picture, start, announced);
        report.removed_bytes(class, item, "", picture.len());
        rest = after;
    }
    match camera_trailer(rest) {
        Some(title) => report.named_trailer(Class::ContentTrailingBytes, title, rest.len(), "EOI"),
        None if announced.motion_photo && rest.get(4..8) == Some(b"ftyp") => {
            let title = "MP4 of a motion photo";
            report.named_trailer(Class::ContentSecondaryImages, title, rest.len(), "EOI");
        }
        None => report.trailer(rest, "EOI"),
    }
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

/// The whole JPEG that begins `bytes`, and what follows it.
fn picture(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = Walk::new(bytes).ok()?.filter_map(Result::ok).find_map(|piece| match piece {
        Piece::End { rest } => Some(rest),
        _ => None,
    })?;
    bytes.split_at_checked(bytes.len().checked_sub(rest.len())?)
}

/// Class and name of a further picture that begins at `start`: by its own metadata, by the index, by its size.
fn title(picture: &[u8], start: usize, announced: &Announced) -> (Class, String) {
    let purpose = purpose(picture);
    if let Some((number, class, indexed)) = announced.index.find(start, picture.len()) {
        let title = purpose.filter(|_| indexed.is_empty()).unwrap_or(indexed);
        let title = if title.is_empty() { "JPEG image" } else { title };
        return (class, format!("MPF image {number}: {title}"));
    }
    let frame = Walk::new(picture).ok().and_then(|mut walk| {
        walk.find_map(|piece| match piece {
            Ok(Piece::Segment { marker, payload }) if is_frame(marker) => Frame::parse(payload).ok(),
            _ => None,
        })
    });
    let larger = frame.zip(announced.frame).is_some_and(|(this, main)| this.exceeds(main));
    let title = purpose.unwrap_or(if larger { "JPEG image, larger than the one before" } else { "JPEG image" });
    (Class::ContentSecondaryImages, format!("picture after EOI: {title}"))
}

/// What a further picture is for, where its own metadata say so.
fn purpose(picture: &[u8]) -> Option<&'static str> {
    const WORDS: &[(&[u8], &str)] = &[
        (b"urn:iso:std:iso:ts:21496", "gain map"),
        (b"ns.adobe.com/hdr-gain-map", "gain map"),
        (b"hdrgainmap", "gain map"),
        (b"portraiteffectsmatte", "portrait matte"),
        (b"semantic", "segmentation mask"),
        (b"aux:depth", "depth map"),
        (b"aux:disparity", "depth map"),
        (b"photos/1.0/depthmap", "depth map"),
    ];
    let head = Walk::new(picture).ok()?.map_while(|piece| match piece {
        Ok(Piece::Segment { marker, payload }) => Some((marker, payload)),
        _ => None,
    });
    let applications = head.filter(|(code, _)| (marker::APP0..=marker::APP15).contains(code));
    let mut named = applications.filter_map(|(_, payload)| {
        WORDS.iter().find(|(word, _)| memchr::memmem::find(payload, word).is_some()).map(|(_, title)| *title)
    });
    named.next()
}

/// Trailers that show by a word at its place: so many bytes before the end, 0 for the beginning (ExifTool's `IdentifyTrailer`).
fn camera_trailer(bytes: &[u8]) -> Option<&'static str> {
    const WORDS: &[(usize, &[u8], &str)] = &[
        (0, b"CANON OPTIONAL DATA\0", "Canon VRD"),
        (64, b"CANON OPTIONAL DATA\0", "Canon VRD"),
        (0, b"vivo{", "Vivo"),
        (4, b"SEFT", "Samsung"),
        (6, b"QDIOBS", "Samsung"),
        (8, b"cbipcbbl", "PhotoMechanic"),
        (12, b"AXS!", "AFCP"),
        (12, b"AXS*", "AFCP"),
        (4, b"\xa1\xb2\xc3\xd4", "FotoStation"),
        (10, b"/NIKON APP", "Nikon"),
        (14, b"zmie~", "MIE"),
        (18, b"zmie~", "MIE"),
        (32, b"8db42d694ccc418790edff439fe026bf", "Insta360"),
    ];
    let stands = |before_end: usize, word: &[u8]| {
        let at = if before_end == 0 { Some(0) } else { bytes.len().checked_sub(before_end) };
        at.and_then(|at| bytes.get(at..)).is_some_and(|rest| rest.starts_with(word))
    };
    WORDS.iter().find(|(before_end, word, _)| stands(*before_end, word)).map(|(.., title)| *title)
}
