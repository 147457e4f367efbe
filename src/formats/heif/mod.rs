//! HEIF, HEIC and AVIF: the file is built anew around the coded bytes of its primary picture.
//!
//! What stays is the primary item, what it is derived from (tiles of a grid, layers of an overlay) and their transparency,
//! with the properties that decide how they look; rotation and mirroring are such properties, so EXIF may go as a whole.
//! Tables and places are written anew, and of the media data only the bytes of kept items remain. Everything else goes:
//! EXIF, XMP, thumbnails, depth and gain maps, alternatives, names, video, and whatever no item refers to.
//!
//! An image sequence is kept by refusal only: a file whose major brand says that it *is* a sequence is refused, since a
//! still would lose frames. A sequence beside a still picture that the major brand names is a secondary picture and goes.

mod items;
mod pool;
mod properties;
mod removed;
mod select;
mod write;

use std::io::Write;

use self::items::Meta;
use super::bmff::{BmffBox, split};
use super::{Context, Handler, Report};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for HEIF and AVIF pictures.
pub(crate) struct Heif;

impl Handler for Heif {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Heif, Kind::Avif]
    }

    fn clean(
        &self,
        kind: Kind,
        bytes: &[u8],
        _policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let file = File::read(bytes, &mut report)?;
        let brands = write::brands(kind, &file.brands, &mut report)?;
        let meta = Meta::read(&file.meta)?;
        let kept = select::kept(bytes, &meta, context)?;
        let [in_file, in_idat] = select::pools(bytes, &file.media, &meta, &kept)?;
        removed::items(bytes, &meta, &kept, &mut report);
        file.report_gaps(&meta, &mut report);
        report_meta(&meta, &mut report);
        let copy = write::file(&brands, &meta, &kept, [&in_file, &in_idat], &mut report)?;
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}

/// The boxes of a file that matter.
struct File<'a> {
    brands: BmffBox<'a>,
    meta: BmffBox<'a>,
    /// The media data boxes.
    media: Vec<BmffBox<'a>>,
}

impl<'a> File<'a> {
    /// Sorts the boxes of a file into what matters and the report.
    fn read(bytes: &'a [u8], report: &mut Report) -> Result<Self, Refusal> {
        let (boxes, rest) = split(bytes, 0)?;
        let Some((brands, boxes)) = boxes.split_first().filter(|(first, _)| &first.name == b"ftyp") else {
            return Err(Refusal::damaged("the file does not begin with its brands"));
        };
        let sequence = brands.data.get(..4).is_some_and(|major| SEQUENCES.contains(&major));
        let (mut meta, mut media) = (None, Vec::new());
        for found in boxes {
            match &found.name {
                b"meta" if meta.is_none() => meta = Some(*found),
                b"meta" | b"ftyp" => return Err(Refusal::damaged(format!("there are two boxes {}", found.title()))),
                b"mdat" => media.push(*found),
                b"moov" | b"moof" if sequence => {
                    return Err(Refusal::unsupported("this is an image sequence")
                        .with_hint("export the frames as pictures, or as an animated PNG or WebP, and clean those"));
                }
                _ => removed::whole_box(found, "", report),
            }
        }
        if rest.get(4..8).is_some_and(|name| matches!(name, b"mdat" | b"meta" | b"moov" | b"iloc")) {
            return Err(Refusal::damaged("the file ends inside a box: it is cut off"));
        }
        let meta = meta.ok_or_else(|| Refusal::damaged("there is no picture in it"))?;
        report_rest(rest, report);
        Ok(Self { brands: *brands, meta, media })
    }

    /// Reports bytes of the media data that no item refers to.
    fn report_gaps(&self, meta: &Meta<'_>, report: &mut Report) {
        let in_file = meta.items.values().filter(|item| item.location.construction == 0);
        let mut extents: Vec<(usize, usize)> = in_file
            .flat_map(|item| &item.location.extents)
            .map(|(start, size)| (*start, start.saturating_add(*size)))
            .collect();
        extents.sort_unstable();
        for media in &self.media {
            let (mut at, end) = (media.start, media.start.saturating_add(media.data.len()));
            let mut unreferenced = 0_usize;
            for (first, last) in &extents {
                unreferenced = unreferenced.saturating_add((*first).min(end).saturating_sub(at));
                at = at.max((*last).min(end));
            }
            unreferenced = unreferenced.saturating_add(end.saturating_sub(at));
            if unreferenced > 0 {
                report.removed_bytes(Class::ContentUnreferenced, "mdat bytes of no item", "", unreferenced);
            }
        }
    }
}

/// Major brands of files that are sequences of pictures.
const SEQUENCES: [&[u8]; 8] = [b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avcs", b"jpgs"];

fn report_meta(meta: &Meta<'_>, report: &mut Report) {
    for found in &meta.others {
        removed::whole_box(found, "meta", report);
    }
    let name = meta.handler_name.split(|byte| *byte == 0).next().unwrap_or_default();
    if !name.is_empty() {
        super::metadata::removed_text(report, Class::MetadataSoftware, "hdlr name".to_owned(), name);
    }
}

/// Reports the bytes behind the last box as removed, with the kind of what begins there.
fn report_rest(rest: &[u8], report: &mut Report) {
    if rest.is_empty() {
        return;
    }
    let (class, item) = match identify(rest, "").kind {
        kind if kind.family() == Family::Image || kind == Kind::Media => {
            (Class::ContentSecondaryImages, format!("trailer after the last box: {}", kind.title()))
        }
        _ if rest.ends_with(b"SEFT") => (Class::ContentTrailingBytes, "trailer after the last box: Samsung".to_owned()),
        _ => (Class::ContentTrailingBytes, "trailer after the last box".to_owned()),
    };
    report.removed_bytes(class, item, "", rest.len());
}
