//! HEIF, HEIC and AVIF: the file is built anew around the coded bytes of its primary picture.
//!
//! What stays is the primary item, what it is derived from (tiles of a grid, layers of an overlay) and their transparency,
//! with the properties that decide how they look; rotation and mirroring are such properties, so EXIF may go as a whole.
//! Tables and places are written anew, and of the media data only the bytes of kept items remain. Everything else goes:
//! EXIF, XMP, thumbnails, depth and gain maps, alternatives, names, video, and whatever no item refers to.
//!
//! When the major brand says that the file *is* an image sequence, the movie stays too, and the still picture is its poster.
//! A sequence beside a still picture that the major brand names is a secondary picture and goes.

mod coded;
mod items;
mod movie;
mod pool;
mod properties;
mod removed;
mod select;
mod write;

use std::io::Write;

use self::items::Meta;
use self::movie::Movie;
use super::bmff::{BmffBox, split};
use super::{Context, Handler, Report};
use crate::kind::Kind;
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
        let brands = write::brands(kind, file.movie.is_some(), &file.brands, &mut report)?;
        let meta = file.meta.as_ref().map(Meta::read).transpose()?;
        // A sequence needs no still picture; without a primary one, the items have no use.
        let poster = meta.as_ref().filter(|meta| meta.primary.is_some() || file.movie.is_none());
        let kept = poster.map(|meta| select::kept(bytes, meta, context)).transpose()?.unwrap_or_default();
        let meta = meta.unwrap_or_default();
        let movie = file.movie.as_ref().map(|moov| Movie::read(bytes, moov, context, &mut report)).transpose()?;
        let movie = movie.as_ref();
        let mut edits = coded::item_edits(bytes, &meta, &kept, context, &mut report)?;
        if let (Some(movie), [in_file, _]) = (movie, &mut edits) {
            in_file.extend(movie.edits(bytes, context, &mut report)?);
        }
        let [in_file, in_idat] = select::pools(bytes, &file.media, &meta, &kept, movie, edits)?;
        removed::items(bytes, &meta, &kept, &mut report);
        file.report_gaps(&meta, movie, &mut report);
        report_meta(&meta, &mut report);
        let copy = write::file(&brands, &meta, &kept, movie, [&in_file, &in_idat], context.policy, &mut report)?;
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}

/// The boxes of a file that matter.
struct File<'a> {
    brands: BmffBox<'a>,
    /// The picture; a sequence may lack it.
    meta: Option<BmffBox<'a>>,
    /// The image sequence, where the file is one.
    movie: Option<BmffBox<'a>>,
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
        let sequence = brands.data.first_chunk::<4>().is_some_and(|major| write::SEQUENCES.contains(&major));
        let (mut meta, mut movie, mut media) = (None, None, Vec::new());
        for found in boxes {
            match &found.name {
                b"meta" if meta.is_none() => meta = Some(*found),
                b"moov" if sequence && movie.is_none() => movie = Some(*found),
                b"moof" if sequence => return Err(movie::fragmented()),
                b"moov" if sequence => return Err(Refusal::damaged("there are two boxes moov")),
                b"meta" | b"ftyp" => return Err(Refusal::damaged(format!("there are two boxes {}", found.title()))),
                b"mdat" => media.push(*found),
                _ => removed::whole_box(found, "", report),
            }
        }
        if rest.get(4..8).is_some_and(|name| matches!(name, b"mdat" | b"meta" | b"moov" | b"iloc")) {
            return Err(Refusal::damaged("the file ends inside a box: it is cut off"));
        }
        if meta.is_none() && movie.is_none() {
            return Err(Refusal::damaged("there is no picture in it"));
        }
        if rest.ends_with(b"SEFT") {
            report.named_trailer(Class::ContentTrailingBytes, "Samsung", rest.len(), "the last box");
        } else {
            report.trailer(rest, "the last box");
        }
        Ok(Self { brands: *brands, meta, movie, media })
    }

    /// Reports bytes of the media data that no item or kept sample refers to.
    fn report_gaps(&self, meta: &Meta<'_>, movie: Option<&Movie<'_>>, report: &mut Report) {
        let in_file = meta.items.values().filter(|item| item.location.construction == 0);
        let mut extents: Vec<(usize, usize)> = in_file
            .flat_map(|item| item.location.extents.iter().copied())
            .chain(movie.into_iter().flat_map(Movie::extents))
            .map(|(start, size)| (start, start.saturating_add(size)))
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

fn report_meta(meta: &Meta<'_>, report: &mut Report) {
    for found in &meta.others {
        removed::whole_box(found, "meta", report);
    }
    let name = meta.handler_name.split(|byte| *byte == 0).next().unwrap_or_default();
    if !name.is_empty() {
        super::metadata::removed_text(report, Class::MetadataSoftware, "hdlr name".to_owned(), name);
    }
}
