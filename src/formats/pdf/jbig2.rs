//! JBIG2 (7.4.7; ITU-T T.88, 7.2): the segments that draw, without those that only tell.
//!
//! A PDF holds the segments of one page one after the other, and those that several pictures share in a stream of their own.

/// Types of segments that draw or are drawn with (7.3): dictionaries, regions, page information, ends of page and stripe,
/// code tables. Profiles, colour palettes, the end of a file and extensions, which are comments, are not among them.
const KEPT: [u8; 17] = [0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 50, 53];
/// The end of a page: some programs write it where it has no place.
const END_OF_PAGE: u8 = 49;
/// An immediate generic region, the only type whose length may be unknown.
const GENERIC_REGION: u8 = 38;
/// The length of a segment that was not known when it was begun.
const UNKNOWN: u32 = u32::MAX;

/// A segment by its header.
struct Segment {
    kind: u8,
    /// Header and data; beyond the end of the stream where the data is cut off.
    length: usize,
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

fn segment(bytes: &[u8]) -> Option<Segment> {
    let number = long(bytes, 0)?;
    let flags = *bytes.get(4)?;
    let short_count = usize::from(*bytes.get(5)? >> 5);
    let (referred, mut at) = match short_count {
        7 => {
            let count = usize::try_from(long(bytes, 5)? & 0x1fff_ffff).ok()?;
            (count, count.checked_add(8)?.checked_div(8)?.checked_add(9)?)
        }
        count => (count, 6),
    };
    let width = match number {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    at = at.checked_add(referred.checked_mul(width)?)?.checked_add(if flags & 0x40 == 0 { 1 } else { 4 })?;
    let kind = flags & 0x3f;
    let start = at.checked_add(4)?;
    let length = match long(bytes, at)? {
        UNKNOWN if kind == GENERIC_REGION => unknown_length(bytes.get(start..)?)?,
        length => usize::try_from(length).ok()?,
    };
    Some(Segment { kind, length: start.checked_add(length)? })
}

/// The length of the data of a generic region that ends with a mark and its number of rows (7.2.7).
fn unknown_length(data: &[u8]) -> Option<usize> {
    let modified_modified_read = data.get(17)? & 1 == 1;
    let mark: [u8; 2] = if modified_modified_read { [0, 0] } else { [0xff, 0xac] };
    let at = data.get(18..)?.windows(2).position(|two| two == mark)?;
    at.checked_add(18 + 2 + 4)
}

/// The stream without other segments and without bytes that belong to none, and how many bytes that are.
pub(super) fn clean(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut copy = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(segment) = segment(rest) {
        let (own, after) = rest.split_at_checked(segment.length).unwrap_or((rest, &[]));
        if KEPT.contains(&segment.kind) || segment.kind == END_OF_PAGE {
            copy.extend_from_slice(own);
        }
        rest = after;
    }
    let dropped = bytes.len().saturating_sub(copy.len());
    (copy, dropped)
}

#[cfg(test)]
mod tests {
    use super::clean;

    /// A segment of this number and type with data.
    fn segment(number: u32, kind: u8, data: &[u8]) -> Vec<u8> {
        let mut out = number.to_be_bytes().to_vec();
        out.extend([kind, 0, 1]);
        out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
        out
    }

    #[test]
    fn only_what_draws_stays() {
        let page = segment(0, 48, &[0; 19]);
        let region = segment(2, 38, b"region data");
        let mut unknown = segment(3, 38, &[&[0_u8; 18], b"coded".as_slice(), &[0xff, 0xac, 0, 0, 0, 9]].concat());
        unknown[7..11].fill(0xff);
        let comment = segment(1, 62, b"secret");
        let kept = [page.as_slice(), &region, &unknown].concat();
        let stream = [page.as_slice(), &comment, &region, &unknown, &segment(4, 51, b""), b"tail"].concat();
        assert_eq!(clean(&stream), (kept.clone(), stream.len() - kept.len()));
        assert_eq!(clean(&kept), (kept, 0));
    }

    #[test]
    fn a_segment_that_is_cut_off_stays() {
        let region = segment(2, 38, b"region data");
        let cut = &region[..region.len() - 3];
        assert_eq!(clean(cut), (cut.to_vec(), 0));
    }
}
