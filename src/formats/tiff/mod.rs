//! TIFF and BigTIFF: strips and tiles are copied byte by byte into a file that is laid out anew.
//!
//! A TIFF is a heap of bytes in which directories point to values and pixels (TIFF 6.0 section 2), and whatever nothing points to
//! any more stays in it. Therefore the copy is written from scratch: header, directories with the tags that decide how the
//! pages look, their values, their strips or tiles. The chain of pages stays; smaller versions of a page go, and with them every
//! directory beneath it (EXIF, GPS, further pictures) and every tag that is not known to be needed.

mod data;
mod jpeg;
mod page;
mod reader;
mod reencode;
mod tags;
mod write;

use std::collections::BTreeSet;
use std::io::Write;

use self::page::{Page, find, numbers, single};
use self::reader::{Directory, Reader};
use self::tags::Fate;
use self::write::Layout;
use super::metadata::exif::{self, Listing};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::{Action, Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for TIFF and BigTIFF.
pub(crate) struct Tiff;

impl Handler for Tiff {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Tiff]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        _policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let (reader, first) = Reader::new(bytes, context.limits)?;
        let directories = chain(&reader, first)?;
        let pages = pages(&reader, &directories, context, &mut report)?;
        let copy = Layout { big_endian: reader.big_endian, big: reader.big }.write(pages)?;
        let unreferenced = reader.unreferenced();
        if unreferenced > 0 {
            let item = "bytes that nothing refers to";
            report.removed_bytes(Class::ContentUnreferenced, item, "", unreferenced);
        }
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }

    fn reencode(&self, _kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        reencode::reencode(copy, context)
    }
}

/// The refusal of what a camera writes before a program has made a picture of it.
fn raw() -> Refusal {
    super::unhandled::refusal(Kind::CameraRaw, Some("camera raw data"))
}

/// The directories of the pages.
fn chain<'a>(reader: &Reader<'a>, first: u64) -> Result<Vec<Directory<'a>>, Refusal> {
    if reader.bytes.get(8..10) == Some(b"CR") {
        return Err(raw());
    }
    let mut seen = BTreeSet::new();
    let mut directories = Vec::new();
    let mut at = first;
    while at != 0 {
        if !seen.insert(at) {
            return Err(Refusal::damaged("the pages go round in a circle"));
        }
        let directory = reader.directory(at)?;
        at = directory.next;
        directories.push(directory);
        reader.limits.check_frames(directories.len())?;
    }
    Ok(directories)
}

/// Sorts pages into those that stay and smaller versions, and lists what goes.
fn pages<'a>(
    reader: &Reader<'a>,
    directories: &[Directory<'a>],
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Vec<Page<'a>>, Refusal> {
    let order = reader.big_endian;
    if directories.iter().any(|page| find(page, 50_706).is_some()) {
        return Err(raw());
    }
    let reduced = |page: &Directory<'_>| {
        single(page, 254, order).is_some_and(|kind| kind & 1 == 1) || single(page, 255, order) == Some(2)
    };
    let all_reduced = directories.iter().all(reduced);
    if all_reduced && directories.iter().any(|page| find(page, 330).is_some()) {
        // The picture itself lies in a directory beneath, as raw files of cameras have it.
        return Err(raw());
    }
    let mut listing = Listing::new(order, reader.bytes.len().saturating_mul(2));
    let mut pages = Vec::new();
    let mut total = 0_usize;
    for (index, directory) in directories.iter().enumerate() {
        let place = match directories.len() {
            1 => String::new(),
            _ => format!("page {}", index.saturating_add(1)),
        };
        listing.made_by(find(directory, 271).and_then(|make| make.data).unwrap_or_default());
        beneath(reader, directory, &mut listing, report)?;
        if reduced(directory) && !all_reduced {
            picture(reader, directory, Class::ContentThumbnails, "reduced page", &place, report);
            let dropped = directory.entries.iter().filter(|entry| tags::fate(entry.tag) == Fate::Dropped);
            dropped.for_each(|entry| list(exif::Directory::Thumbnail, entry, &mut listing, report));
            continue;
        }
        let page = Page::collect(reader, directory, context, &place, report)
            .map_err(|refusal| if place.is_empty() { refusal } else { refusal.in_part(place.clone()) })?;
        for entry in directory.entries.iter().filter(|entry| tags::fate(entry.tag) == Fate::Dropped) {
            list(exif::Directory::Picture, entry, &mut listing, report);
        }
        total = page.chunks.iter().fold(total, |sum, chunk| sum.saturating_add(chunk.len()));
        if total > reader.bytes.len() {
            return Err(Refusal::damaged("the strips or tiles of pages lie on top of each other"));
        }
        pages.push(page);
    }
    listing.finish(report);
    if pages.is_empty() {
        return Err(Refusal::damaged("there is no page in it"));
    }
    Ok(pages)
}

/// Lists a dropped tag. Pointers are followed elsewhere.
fn list(directory: exif::Directory, entry: &reader::Entry<'_>, listing: &mut Listing, report: &mut Report) {
    if !matches!(entry.tag, 330 | 34_665 | 34_853 | 40_965) {
        tags::list(directory, entry, listing, report);
    }
}

/// Lists the directories beneath a page: EXIF, GPS, interoperability, further pictures.
fn beneath(
    reader: &Reader<'_>,
    page: &Directory<'_>,
    listing: &mut Listing,
    report: &mut Report,
) -> Result<(), Refusal> {
    let mut todo = pointers(reader, page, exif::Directory::Picture);
    let mut seen = BTreeSet::new();
    while let Some((at, kind)) = todo.pop() {
        if !seen.insert(at) {
            continue;
        }
        if seen.len() as u64 > reader.limits.ifds {
            let detail = format!("more than {} directories beneath a page", reader.limits.ifds);
            return Err(Refusal::over_limit("ifds", detail));
        }
        let directory = match reader.directory(at) {
            Ok(directory) => directory,
            Err(refusal) if refusal.reason == Reason::OverLimit => return Err(refusal),
            Err(_) => {
                report.removed(Class::MetadataOther, "a damaged directory beneath a page", "");
                continue;
            }
        };
        if kind == exif::Directory::Picture {
            if matches!(single(&directory, 262, reader.big_endian), Some(32_803 | 34_892)) {
                return Err(raw());
            }
            let thumbnail = single(&directory, 254, reader.big_endian).is_some_and(|kind| kind & 1 == 1);
            let class = if thumbnail { Class::ContentThumbnails } else { Class::ContentSecondaryImages };
            picture(reader, &directory, class, "SubIFD picture", "", report);
        }
        todo.extend(pointers(reader, &directory, kind));
        for entry in &directory.entries {
            if kind != exif::Directory::Picture || tags::fate(entry.tag) == Fate::Dropped {
                list(kind, entry, listing, report);
            }
        }
    }
    Ok(())
}

/// Where the pointers of a directory lead.
fn pointers(reader: &Reader<'_>, directory: &Directory<'_>, kind: exif::Directory) -> Vec<(u64, exif::Directory)> {
    let picture = kind == exif::Directory::Picture;
    // One more than may be, so that it is noticed.
    let most = usize::try_from(reader.limits.ifds).unwrap_or(usize::MAX).saturating_add(1);
    let mut found = Vec::new();
    for (tag, inner, there) in [
        (330, exif::Directory::Picture, picture),
        (34_665, exif::Directory::Exif, picture),
        (34_853, exif::Directory::Gps, picture),
        (40_965, exif::Directory::Interop, kind == exif::Directory::Exif),
    ] {
        let offsets = there.then(|| numbers(directory, tag, reader.big_endian)).flatten().unwrap_or_default();
        found.extend(offsets.into_iter().take(most).map(|offset| (offset, inner)));
    }
    found
}

/// Reports a picture that goes, with the bytes of its strips or tiles.
fn picture(reader: &Reader<'_>, directory: &Directory<'_>, class: Class, item: &str, place: &str, report: &mut Report) {
    let mut bytes = 0_u64;
    for (offsets, sizes) in [(273, 279), (324, 325), (513, 514)] {
        let list = |tag| numbers(directory, tag, reader.big_endian).unwrap_or_default();
        for (offset, size) in list(offsets).into_iter().zip(list(sizes)) {
            bytes = bytes.saturating_add(reader.stretch(offset, size).map_or(0, |stretch| stretch.len() as u64));
        }
    }
    report.hit(class, Action::Remove, item, place, 1, bytes);
}
