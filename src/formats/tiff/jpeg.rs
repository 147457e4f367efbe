//! JPEG streams inside a TIFF (Adobe TIFF Technical Note 2): coding segments stay, everything else goes.

use crate::formats::Report;
use crate::formats::jpeg::segments::adobe;
use crate::formats::jpeg::walk::{Piece, Walk, marker};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Segments of one stream.
const MOST_PIECES: usize = 100_000;

/// A stream without application segments, comments and what follows its end. `tables` tells that it has no picture.
/// The Adobe segment stays without what no decoder reads: some take the colour transform from it.
pub(super) fn clean(bytes: &[u8], tables: bool, place: &str, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut copy = vec![0xff, marker::SOI];
    let (mut ended, mut scans) = (false, 0_usize);
    for (index, piece) in Walk::new(bytes)?.enumerate() {
        if index > MOST_PIECES {
            return Err(Refusal::damaged("a JPEG stream has too many segments"));
        }
        match piece? {
            Piece::Segment { marker: marker::COM, payload } => {
                report.removed_bytes(Class::MetadataDescription, "JPEG stream COM", place, payload.len());
            }
            Piece::Segment { marker: code @ marker::APP0..=marker::APP15, payload } => {
                if let Some(adobe) = adobe(payload).filter(|_| code == 0xee) {
                    segment(&mut copy, code, &adobe);
                    if payload != adobe {
                        let item = "JPEG stream APP14 Adobe (version, flags, further bytes)";
                        report.removed_bytes(Class::MetadataSoftware, item, place, payload.len().saturating_sub(12));
                    }
                    continue;
                }
                let item = format!("JPEG stream APP{}", code & 15);
                report.removed_bytes(Class::MetadataOther, item, place, payload.len());
            }
            Piece::Segment { marker: code, payload } => {
                if !matches!(code, marker::DHT | marker::DAC | marker::DQT | marker::DRI | marker::DNL | 0xc0..=0xc3 | 0xc9..=0xcb)
                {
                    return Err(Refusal::unsupported(format!("a JPEG stream holds a segment 0xFF{code:02X}")));
                }
                segment(&mut copy, code, payload);
            }
            Piece::Scan { header, data } => {
                scans = scans.saturating_add(1);
                segment(&mut copy, marker::SOS, header);
                copy.extend_from_slice(data);
            }
            Piece::Junk(size) => {
                report.removed_bytes(Class::ContentTrailingBytes, "JPEG stream: bytes between segments", place, size);
            }
            Piece::End { rest } => {
                ended = true;
                // One zero brings the next stream to an even offset.
                if !matches!(rest, [] | [0]) {
                    let item = "JPEG stream: bytes after EOI";
                    report.removed_bytes(Class::ContentTrailingBytes, item, place, rest.len());
                }
            }
        }
    }
    if !ended || tables != (scans == 0) {
        return Err(Refusal::damaged("a JPEG stream is not whole"));
    }
    copy.extend_from_slice(&[0xff, marker::EOI]);
    Ok(copy)
}

/// Adds a marker segment.
fn segment(copy: &mut Vec<u8>, code: u8, payload: &[u8]) {
    let size = u16::try_from(payload.len().saturating_add(2)).unwrap_or(u16::MAX); // it was read with such a length
    copy.extend_from_slice(&[0xff, code]);
    copy.extend_from_slice(&size.to_be_bytes());
    copy.extend_from_slice(payload);
}
