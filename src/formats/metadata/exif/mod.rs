//! EXIF: what it gives away, and the smallest EXIF that keeps a picture upright.
//!
//! EXIF is a TIFF structure inside a picture: directories of tagged values (EXIF 3.0 section 4.6; TIFF 6.0 section 2). Cameras and
//! editors write it with mistakes, so the reader here takes what it can and counts the rest as damaged: a broken EXIF is
//! dropped with the others and is no reason to refuse a picture. Only one value matters to the viewer, the orientation,
//! and [`minimal`] writes an EXIF that holds nothing else.

mod maker;
mod position;
mod tags;
mod tiff;

use self::position::Position;
use self::tags::{class_of, name_of};
use self::tiff::{Entry, Tiff};
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
    let mut listing = Listing::new(tiff.big_endian, exif.len().saturating_mul(2));
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
                listing.take(&tiff, directory, &entry, report);
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
    listing.finish(report);
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

/// Lists values one by one: those of an EXIF, and those that the reader of a TIFF file has found.
pub(crate) struct Listing {
    big_endian: bool,
    position: Position,
    /// How many bytes of values are still read: they may lie on top of each other, and a small EXIF must not become a large
    /// report.
    room: usize,
    /// The maker of the camera, which tells how its notes are to be read.
    make: String,
    /// One maker note is taken apart, and no other.
    maker_note_seen: bool,
}

impl Listing {
    /// `room` is how many bytes of values are read at most.
    pub(crate) fn new(big_endian: bool, room: usize) -> Self {
        Self { big_endian, position: Position::default(), room, make: String::new(), maker_note_seen: false }
    }

    /// Tells the maker of the camera where values come in another order.
    pub(crate) fn made_by(&mut self, make: &[u8]) {
        self.make = super::text_or_latin1(make.get(..make.len().min(64)).unwrap_or_default());
    }

    /// Reports one value as removed.
    pub(crate) fn entry(&mut self, directory: Directory, tag: u16, kind: u16, data: &[u8], report: &mut Report) {
        let tiff = Tiff { bytes: data, big_endian: self.big_endian };
        self.take(&tiff, directory, &Entry { tag, kind, count: 1, data, at: None }, report);
    }

    /// Reports the position, whose parts are values of their own.
    pub(crate) fn finish(self, report: &mut Report) {
        self.position.report(report);
    }

    fn take(&mut self, tiff: &Tiff<'_>, directory: Directory, entry: &Entry<'_>, report: &mut Report) {
        if directory == Directory::Gps && self.position.take(tiff, entry) {
            return;
        }
        let readable = self.room.checked_sub(entry.data.len()).inspect(|left| self.room = *left).is_some();
        match (directory, entry.tag) {
            (Directory::Picture, 0x02bc) if readable => {
                super::xmp::list(entry.data, "EXIF:XMP", report);
                return;
            }
            (Directory::Picture, 0x010f) => self.made_by(entry.data),
            (Directory::Exif, 0x927c) if readable && !self.maker_note_seen => {
                self.maker_note_seen = true;
                maker::list(tiff, entry, &self.make, &mut self.room, report);
                return;
            }
            _ => {}
        }
        let item = format!("EXIF:{}", name_of(directory, entry.tag));
        let value = entry.text(tiff.big_endian).filter(|_| readable).unwrap_or_default();
        let class = super::class_of_text(class_of(directory, entry.tag), &value);
        if value.trim().is_empty() {
            report.removed_bytes(class, item, "", entry.data.len());
        } else {
            report.removed_value(class, item, "", value);
        }
    }
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
