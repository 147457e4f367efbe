//! The proof of a JPEG: same coded picture, same pixels, no other segment, one end.
//!
//! This reader knows less than the handler on purpose: it scans for markers, takes the segments that pixels depend on into
//! the essence, and knows the short list of what a copy may hold.

use super::picture::{self, EssenceHash};
use super::{Check, Essence, Prover, Side, profile};
use crate::formats::{Context, Report, Surroundings};
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Proves JPEG files.
pub(super) struct JpegProver;

impl Prover for JpegProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Jpeg]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        if let Some(jfif) = file.jfif() {
            hash.part("jfif", jfif);
        }
        if let Some(adobe) = file.adobe() {
            hash.part("adobe", &[adobe]);
        }
        profile::add(file.profile().as_deref(), side, context, &mut hash);
        if context.surroundings != Surroundings::Pdf {
            hash.part("orientation", &[file.orientation()]);
        }
        for segment in file.segments.iter().filter(|segment| segment.is_coded()) {
            hash.part(&format!("{:02x}", segment.code), segment.payload);
            hash.part("data", segment.data);
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (before, after) = (File::read(input)?, File::read(output)?);
        let mut checks = vec![after.check_leftovers(context)?];
        checks.push(match before.decodes_like(&after) {
            true => picture::decode_for_both(kind, output, context)?,
            false => picture::compare(kind, input, output, context)?,
        });
        let (before, after) = (before.profile(), after.profile());
        checks.extend(profile::verify(before.as_deref().as_slice(), after.as_deref().as_slice())?);
        Ok(checks)
    }
}

/// A marker segment, with the entropy-coded data when it begins a scan.
#[derive(PartialEq, Eq)]
struct Segment<'a> {
    code: u8,
    payload: &'a [u8],
    data: &'a [u8],
}

impl Segment<'_> {
    /// True for all that is neither an application segment nor a comment.
    fn is_coded(&self) -> bool {
        !matches!(self.code, 0xe0..=0xef | 0xfe)
    }
}

/// The first image of a file.
struct File<'a> {
    segments: Vec<Segment<'a>>,
    /// Number of segments before the first scan: behind it no decoder looks for metadata.
    head: usize,
    /// Bytes before the end that belong to no segment.
    between: usize,
    /// Bytes behind the end.
    behind: usize,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let cut_off = || Refusal::damaged("the file ends inside the image");
        let mut segments: Vec<Segment<'a>> = Vec::new();
        let mut head = None;
        let mut between = 0_usize;
        let mut at = 2_usize;
        if bytes.get(..2) != Some(&[0xff, 0xd8]) {
            return Err(Refusal::damaged("no image begins here"));
        }
        loop {
            let (start, code) = marker_from(bytes, at, |code| code != 0).ok_or_else(cut_off)?;
            between = between.saturating_add(start.saturating_sub(at));
            let body = start.saturating_add(2);
            match code {
                0xd9 => {
                    let head = head.unwrap_or(segments.len());
                    let behind = bytes.len().saturating_sub(body);
                    return Ok(Self { segments, head, between, behind });
                }
                0xd8 => return Err(Refusal::damaged("an image begins inside the image")),
                0x01..=0xbf | 0xd0..=0xd7 => {
                    between = between.saturating_add(2);
                    at = body;
                }
                _ => {
                    let size = bytes.get(body..).and_then(|rest| rest.first_chunk::<2>()).ok_or_else(cut_off)?;
                    let end = body.saturating_add(usize::from(u16::from_be_bytes(*size)));
                    let payload = bytes.get(body.saturating_add(2)..end).ok_or_else(cut_off)?;
                    let data = if code == 0xda {
                        head.get_or_insert(segments.len());
                        let stop =
                            marker_from(bytes, end, |code| !matches!(code, 0 | 0xd0..=0xd7)).ok_or_else(cut_off)?.0;
                        let mut data = bytes.get(end..stop).ok_or_else(cut_off)?;
                        // Fill bytes before the next marker are no data.
                        while let Some((0xff, shorter)) = data.split_last() {
                            data = shorter;
                            between = between.saturating_add(1);
                        }
                        at = stop;
                        data
                    } else {
                        at = end;
                        &[]
                    };
                    segments.push(Segment { code, payload, data });
                }
            }
        }
    }

    fn head(&self, code: u8, begin: &'static [u8]) -> impl DoubleEndedIterator<Item = &'a [u8]> + '_ {
        let head = self.segments.iter().take(self.head).filter(move |segment| segment.code == code);
        head.map(|segment| segment.payload).filter(move |payload| payload.starts_with(begin))
    }

    /// Version and density of the first JFIF header; the thumbnail is no part of the picture.
    fn jfif(&self) -> Option<&'a [u8]> {
        self.head(0xe0, b"JFIF\0").find(|payload| payload.len() >= 14)?.get(5..12)
    }

    /// The transform of the Adobe segment that decoders go by: the last one that is long enough.
    fn adobe(&self) -> Option<u8> {
        self.head(0xee, b"Adobe").rev().find_map(|payload| payload.get(11).copied())
    }

    /// The orientation in the first EXIF.
    fn orientation(&self) -> u8 {
        self.head(0xe1, b"Exif\0").next().and_then(|exif| exif.get(6..)).map_or(1, picture::orientation)
    }

    /// The colour profile, if its chunks are all there, once each, and give a profile.
    fn profile(&self) -> Option<Vec<u8>> {
        let mut chunks = std::collections::BTreeMap::new();
        let mut pieces = 0_usize;
        let mut stated = None;
        for payload in self.head(0xe2, b"ICC_PROFILE\0") {
            if let Some([number, count, bytes @ ..]) = payload.get(12..) {
                chunks.insert(*number, bytes);
                pieces = pieces.saturating_add(1);
                if *stated.get_or_insert(*count) != *count {
                    return None;
                }
            }
        }
        let count = stated.filter(|count| usize::from(*count) == pieces && pieces == chunks.len())?;
        if chunks.first_key_value()?.0 != &1 || chunks.last_key_value()?.0 != &count {
            return None;
        }
        profile::usable(&chunks.into_values().flatten().copied().collect::<Vec<u8>>()).map(<[u8]>::to_vec)
    }

    /// Whether decoders read the same bytes of both: the segments that code the picture, and of those for applications the
    /// ones by which decoders tell colours (JFIF, Adobe) or find tables (AVI1). Where bytes lie between segments, each decoder
    /// has its own way to go on.
    fn decodes_like(&self, other: &Self) -> bool {
        fn read<'f>(file: &'f File<'_>) -> impl Iterator<Item = &'f Segment<'f>> {
            file.segments.iter().filter(|segment| match segment.code {
                0xe0 => !segment.payload.starts_with(b"JFXX\0"),
                0xee => true,
                _ => segment.is_coded(),
            })
        }
        self.between == 0 && other.between == 0 && read(self).eq(read(other))
    }

    /// Checks that the copy holds nothing but what belongs there.
    fn check_leftovers(&self, context: &Context<'_>) -> Result<Check, Refusal> {
        let left = |what: String| Err(Refusal::unprovable(format!("the copy still holds {what}")));
        let loose = self.between.saturating_add(self.behind);
        if loose > 0 {
            return left(format!("{loose} bytes outside of its segments"));
        }
        for (index, segment) in self.segments.iter().enumerate() {
            let allowed = match segment.code {
                0xe0 => segment.payload.len() == 14 && segment.payload.starts_with(b"JFIF\0") && index == 0,
                0xe1 => match segment.payload.strip_prefix(b"Exif\0\0") {
                    Some(exif) => {
                        picture::only_orientation(exif)?;
                        context.surroundings != Surroundings::Pdf && index <= 1
                    }
                    None => false,
                },
                0xe2 => segment.payload.starts_with(b"ICC_PROFILE\0") && index < self.head,
                // Version 100, no flags, and the transform, which is all that decoders read.
                0xee => {
                    segment.payload.len() == 12
                        && segment.payload.starts_with(b"Adobe\0\x64\0\0\0\0")
                        && index < self.head
                }
                0xc0..=0xc4 | 0xc9..=0xcc | 0xda..=0xdd => true,
                _ => false,
            };
            if !allowed {
                return left(format!("a segment 0xFF{:02X} that does not belong there", segment.code));
            }
        }
        Ok(Check::new("nothing-left", format!("{} segments, one end, no metadata", self.segments.len())))
    }
}

/// The next 0xFF at or behind `from` that is followed by a code for which `stops` holds, and that code.
fn marker_from(bytes: &[u8], from: usize, stops: impl Fn(u8) -> bool) -> Option<(usize, u8)> {
    let mut at = from;
    loop {
        at = at.checked_add(memchr::memchr(0xff, bytes.get(at..)?)?)?;
        match bytes.get(at.checked_add(1)?) {
            Some(code) if *code != 0xff && stops(*code) => return Some((at, *code)),
            Some(_) => at = at.checked_add(1)?,
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of these segments, of which the last begins the scan.
    fn file(segments: &[(u8, &[u8])], end: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        for (code, payload) in segments {
            bytes.extend([0xff, *code, 0, u8::try_from(payload.len() + 2).unwrap()]);
            bytes.extend(*payload);
        }
        [bytes.as_slice(), end].concat()
    }

    #[test]
    fn one_decoding_serves_both_only_where_decoders_read_the_same() {
        const END: &[u8] = &[1, 2, 0xff, 0xd9];
        const BARE: &[(u8, &[u8])] = &[(0xdb, b"table"), (0xc0, b"frame"), (0xda, b"scan")];
        let with = |first: &[(u8, &'static [u8])]| file(&[first, BARE].concat(), END);
        let bare = with(&[]);
        let alike = |bytes: &[u8]| File::read(bytes).unwrap().decodes_like(&File::read(&bare).unwrap());
        for same in [
            with(&[(0xe1, b"Exif\0\0"), (0xe2, b"ICC_PROFILE\0"), (0xfe, b"words")]),
            with(&[(0xe0, b"JFXX\0")]),
            file(BARE, &[END, b"behind the end"].concat()),
        ] {
            assert!(alike(&same), "{same:?}");
        }
        for other in [
            with(&[(0xe0, b"JFIF\0")]),
            with(&[(0xe0, b"AVI1")]),
            with(&[(0xee, b"Adobe")]),
            with(&[(0xc4, b"codes")]),
            file(&[(0xdb, b"Table"), (0xc0, b"frame"), (0xda, b"scan")], END),
            file(&[(0xc0, b"frame"), (0xdb, b"table"), (0xda, b"scan")], END),
            file(BARE, &[1, 3, 0xff, 0xd9]),
            file(BARE, &[1, 2, 0xff, 0xff, 0xd9]),
        ] {
            assert!(!alike(&other), "{other:?}");
        }
    }
}
