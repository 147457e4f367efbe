//! EXIF: what it gives away, and the smallest EXIF that keeps a picture upright.
//!
//! EXIF is a TIFF structure inside a picture: directories of tagged values (EXIF 3.0 section 4.6; TIFF 6.0 section 2). Cameras and
//! editors write it with mistakes, so the reader here takes what it can and counts the rest as damaged: a broken EXIF is
//! dropped with the others and is no reason to refuse a picture. Only one value matters to the viewer, the orientation,
//! and [`minimal`] writes an EXIF that holds nothing else.

mod tags;

use self::tags::{class_of, name_of};
use crate::formats::Report;
use crate::policy::Class;

/// Values that are read at most; real files have a few hundred.
const MOST_ENTRIES: usize = 4_000;
/// Directories that are read at most, so that a loop of offsets ends.
const MOST_DIRECTORIES: usize = 32;

/// The orientation tag, the only one that stays.
const ORIENTATION: u16 = 0x0112;

/// Which directory a value lies in; it decides what its number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directory {
    /// The picture itself (IFD0) and pictures chained or nested to it.
    Picture,
    /// The thumbnail (IFD1).
    Thumbnail,
    /// How the picture was taken.
    Exif,
    /// Where it was taken.
    Gps,
    /// Interoperability.
    Interop,
}

/// One value of a directory.
struct Entry<'a> {
    tag: u16,
    /// Field type, TIFF 6.0 section 2: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, …
    kind: u16,
    count: u32,
    /// The bytes of the value; empty when they lie outside of the EXIF.
    data: &'a [u8],
}

/// The bytes of a TIFF structure in their byte order.
#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"II*\0" => Some(Self { bytes, big_endian: false }),
            b"MM\0*" => Some(Self { bytes, big_endian: true }),
            _ => None,
        }
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn offset(&self, at: usize) -> Option<usize> {
        self.long(at).and_then(|offset| usize::try_from(offset).ok())
    }

    /// The entry whose twelve bytes begin at `at`.
    fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let (tag, kind) = (self.short(at)?, self.short(at.checked_add(2)?)?);
        let count = self.long(at.checked_add(4)?)?;
        let value_at = at.checked_add(8)?;
        self.long(value_at)?; // the entry itself must be there as a whole
        let unit: usize = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 0,
        };
        let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(unit)).unwrap_or(usize::MAX);
        let start = if size <= 4 { value_at } else { self.offset(value_at)? };
        let data = start.checked_add(size).and_then(|end| self.bytes.get(start..end)).unwrap_or_default();
        Some(Entry { tag, kind, count, data })
    }

    /// The unsigned numbers of a RATIONAL value as fractions.
    fn rationals(&self, data: &'a [u8]) -> Vec<f64> {
        let within = Tiff { bytes: data, big_endian: self.big_endian };
        (0..data.len().min(64))
            .step_by(8)
            .filter_map(|at| {
                let (above, below) = (within.long(at)?, within.long(at.checked_add(4)?)?);
                (below != 0).then(|| f64::from(above) / f64::from(below))
            })
            .collect()
    }
}

/// The orientation that viewers apply: the first `Orientation` of IFD0 that is one SHORT, if it is 1 to 8.
pub(crate) fn orientation(exif: &[u8]) -> Option<u16> {
    let tiff = Tiff::new(exif)?;
    let directory = tiff.offset(4)?;
    let entries = tiff.short(directory)?;
    let mut at = directory.checked_add(2)?;
    for _ in 0..entries {
        let (tag, kind, count) = (tiff.short(at)?, tiff.short(at.checked_add(2)?)?, tiff.long(at.checked_add(4)?)?);
        if tag == ORIENTATION && kind == 3 && count == 1 {
            return tiff.short(at.checked_add(8)?).filter(|value| (1..=8).contains(value));
        }
        at = at.checked_add(12)?;
    }
    None
}

/// The EXIF in a payload that begins with four bytes which say how far behind them it stands
/// (ISO/IEC 23008-12 section A.2.1, ISO/IEC 18181-2); the whole payload when that is no place in it.
pub(crate) fn behind_offset(payload: &[u8]) -> &[u8] {
    let (offset, rest) = payload.split_first_chunk::<4>().unwrap_or((&[0; 4], payload));
    usize::try_from(u32::from_be_bytes(*offset)).ok().and_then(|at| rest.get(at..)).unwrap_or(payload)
}

/// An EXIF of 26 bytes that holds the orientation and nothing else.
pub(crate) fn minimal(orientation: u16) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend_from_slice(&orientation.to_be_bytes());
    exif.extend_from_slice(&[0; 6]); // rest of the value, no next directory
    exif
}

/// Reports every value of an EXIF as removed, apart from the orientation when `keeps_orientation`.
pub(crate) fn list(exif: &[u8], keeps_orientation: bool, report: &mut Report) {
    let Some(tiff) = Tiff::new(exif) else {
        report.removed_bytes(Class::MetadataOther, "EXIF (unreadable)", "", exif.len());
        return;
    };
    let mut todo: Vec<(usize, Directory)> = tiff.offset(4).map(|at| (at, Directory::Picture)).into_iter().collect();
    let mut seen: Vec<usize> = Vec::new();
    let mut position = Position::default();
    // Values may lie on top of each other. Together they are read up to twice the size of the whole, so that a small EXIF
    // cannot become a large report.
    let mut room = exif.len().saturating_mul(2);
    let (mut entries, mut damaged) = (0_usize, todo.is_empty());
    while let Some((at, directory)) = todo.pop() {
        if seen.contains(&at) || seen.len() >= MOST_DIRECTORIES {
            damaged = true;
            continue;
        }
        seen.push(at);
        let Some(count) = tiff.short(at) else {
            damaged = true;
            continue;
        };
        let mut thumbnail = 0;
        for index in 0..usize::from(count) {
            let entry = at.checked_add(2).and_then(|first| first.checked_add(index.checked_mul(12)?));
            let Some(entry) = entry.and_then(|entry| tiff.entry(entry)) else {
                damaged = true;
                break;
            };
            entries = entries.saturating_add(1);
            if entries > MOST_ENTRIES {
                damaged = true;
                break;
            }
            if let Some(inner) = inner_directory(directory, entry.tag) {
                todo.extend(numbers(&tiff, &entry).map(|offset| (offset, inner)));
                continue;
            }
            let kept = keeps_orientation && directory == Directory::Picture && entry.tag == ORIENTATION;
            if directory == Directory::Thumbnail && entry.tag == 0x0202 {
                thumbnail = numbers(&tiff, &entry).next().unwrap_or(0);
            }
            if !kept {
                report_entry(&tiff, directory, &entry, &mut position, &mut room, report);
            }
        }
        if directory == Directory::Thumbnail {
            report.removed_bytes(Class::ContentThumbnails, "EXIF thumbnail", "", thumbnail);
        }
        let next = usize::from(count).checked_mul(12).and_then(|size| size.checked_add(2)?.checked_add(at));
        if let Some(next) = next.and_then(|next| tiff.offset(next)).filter(|next| *next != 0)
            && directory == Directory::Picture
        {
            todo.push((next, Directory::Thumbnail));
        }
    }
    position.report(report);
    if damaged {
        report.removed(Class::MetadataOther, "EXIF (damaged entries)", "");
    }
}

/// The directory that a pointer tag leads to.
fn inner_directory(directory: Directory, tag: u16) -> Option<Directory> {
    match (directory, tag) {
        (Directory::Picture | Directory::Thumbnail | Directory::Exif, 0x8769) => Some(Directory::Exif),
        (Directory::Picture | Directory::Thumbnail | Directory::Exif, 0x8825) => Some(Directory::Gps),
        (Directory::Exif, 0xa005) => Some(Directory::Interop),
        (Directory::Picture, 0x014a) => Some(Directory::Picture),
        _ => None,
    }
}

/// The first few values of a SHORT or LONG entry.
fn numbers<'a>(tiff: &Tiff<'a>, entry: &Entry<'a>) -> impl Iterator<Item = usize> + use<'a> {
    let within = Tiff { bytes: entry.data, big_endian: tiff.big_endian };
    let short = entry.kind == 3;
    (0..entry.count.min(16)).map_while(move |index| {
        let index = usize::try_from(index).ok()?;
        if short { within.short(index.checked_mul(2)?).map(usize::from) } else { within.offset(index.checked_mul(4)?) }
    })
}

/// Latitude and longitude as they come by, to give the echo search a position in the writing that people use.
#[derive(Default)]
struct Position {
    south: bool,
    west: bool,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Position {
    fn take(&mut self, tiff: &Tiff<'_>, entry: &Entry<'_>) {
        let degrees = || match tiff.rationals(entry.data).as_slice() {
            [degrees, minutes, seconds, ..] => Some(degrees + minutes / 60.0 + seconds / 3600.0),
            [degrees, minutes] => Some(degrees + minutes / 60.0),
            _ => None,
        };
        match entry.tag {
            1 => self.south = entry.data.first() == Some(&b'S'),
            2 => self.latitude = degrees(),
            3 => self.west = entry.data.first() == Some(&b'W'),
            4 => self.longitude = degrees(),
            _ => {}
        }
    }

    /// Four decimals, cut and not rounded: what stands in a text with more decimals begins the same way.
    fn report(&self, report: &mut Report) {
        for (item, negative, degrees) in
            [("EXIF:GPSLatitude", self.south, self.latitude), ("EXIF:GPSLongitude", self.west, self.longitude)]
        {
            if let Some(degrees) = degrees.filter(|degrees| *degrees > 0.0) {
                let cut = (degrees * 10_000.0).trunc() / 10_000.0;
                let sign = if negative { "-" } else { "" };
                report.removed_value(Class::MetadataLocation, item, "", format!("{sign}{cut:.4}"));
            }
        }
    }
}

/// Lists values that a reader of another container has found: TIFF files have directories of their own kind.
pub(crate) struct Listing {
    big_endian: bool,
    position: Position,
    room: usize,
}

impl Listing {
    /// `room` is how many bytes of values are read at most.
    pub(crate) fn new(big_endian: bool, room: usize) -> Self {
        Self { big_endian, position: Position::default(), room }
    }

    /// Reports one value as removed.
    pub(crate) fn entry(&mut self, directory: Directory, tag: u16, kind: u16, data: &[u8], report: &mut Report) {
        let tiff = Tiff { bytes: data, big_endian: self.big_endian };
        let entry = Entry { tag, kind, count: 1, data };
        report_entry(&tiff, directory, &entry, &mut self.position, &mut self.room, report);
    }

    /// Reports the position, whose parts are values of their own.
    pub(crate) fn finish(self, report: &mut Report) {
        self.position.report(report);
    }
}

fn report_entry(
    tiff: &Tiff<'_>,
    directory: Directory,
    entry: &Entry<'_>,
    position: &mut Position,
    room: &mut usize,
    report: &mut Report,
) {
    if directory == Directory::Gps {
        position.take(tiff, entry);
        let reported_later = matches!(entry.tag, 2 if position.latitude.is_some_and(|degrees| degrees > 0.0))
            || matches!(entry.tag, 4 if position.longitude.is_some_and(|degrees| degrees > 0.0));
        if reported_later {
            return;
        }
    }
    let class = class_of(directory, entry.tag);
    let item = format!("EXIF:{}", name_of(directory, entry.tag));
    let readable = room.checked_sub(entry.data.len()).inspect(|left| *room = *left).is_some();
    if readable && entry.tag == 0x02bc && directory == Directory::Picture {
        crate::formats::metadata::xmp::list(entry.data, "EXIF:XMP", report);
        return;
    }
    let value = text_of(tiff, entry).filter(|_| readable).unwrap_or_default();
    if value.trim().is_empty() {
        report.removed_bytes(class, item, "", entry.data.len());
    } else {
        report.removed_value(class, item, "", value);
    }
}

/// The value as text, where it is one.
fn text_of(tiff: &Tiff<'_>, entry: &Entry<'_>) -> Option<String> {
    let data = entry.data.get(..entry.data.len().min(super::MOST_TEXT))?;
    let text = match (entry.tag, entry.kind) {
        (0x9c9b..=0x9c9f, 1 | 7) => encoding_rs::UTF_16LE.decode_without_bom_handling(data).0.into_owned(),
        (0x9286, 7) => match data.split_at_checked(8)? {
            (b"UNICODE\0", text) if tiff.big_endian => {
                encoding_rs::UTF_16BE.decode_without_bom_handling(text).0.into_owned()
            }
            (b"UNICODE\0", text) => encoding_rs::UTF_16LE.decode_without_bom_handling(text).0.into_owned(),
            (_, text) => crate::formats::metadata::text_or_latin1(text),
        },
        (_, 2) => crate::formats::metadata::text_or_latin1(data),
        _ => return None,
    };
    Some(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimal_exif_is_read_back() {
        for value in 1..=8 {
            let exif = minimal(value);
            assert_eq!((exif.len(), orientation(&exif)), (26, Some(value)));
        }
        assert_eq!(orientation(&minimal(0)), None);
        assert_eq!(orientation(&minimal(9)), None);
    }

    #[test]
    fn the_kept_orientation_is_not_listed() {
        let mut report = Report::default();
        list(&minimal(6), true, &mut report);
        assert!(report.hits.is_empty());
        list(&minimal(6), false, &mut report);
        assert_eq!(report.hits.first().map(|hit| hit.item.as_str()), Some("EXIF:Orientation"));
    }

    /// Many entries that all claim the whole block as their value, and directories that point at themselves.
    #[test]
    fn hostile_directories_end() {
        let mut exif = b"MM\0*\0\0\0\x08\x0f\xff".to_vec();
        for tag in 0..4_095_u16 {
            let tag = if tag % 16 == 0 { 0x8769 } else { tag };
            exif.extend(tag.to_be_bytes());
            exif.extend([0, 2, 0, 0, 0xbf, 0, 0, 0, 0, 0]);
        }
        let mut report = Report::default();
        list(&exif, false, &mut report);
        assert!(report.values.iter().map(|value| value.value.len()).sum::<usize>() <= exif.len() * 4);
        assert!(report.values.len() < 8, "{}", report.values.len());
        assert!(report.hits.iter().any(|hit| hit.item == "EXIF (damaged entries)"));
    }
}
