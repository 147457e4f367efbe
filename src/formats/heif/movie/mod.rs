//! Image sequences: the movie with the pictures and their transparency, built anew (ISO/IEC 14496-12, section 8;
//! ISO/IEC 23008-12, section 7).
//!
//! One track of pictures stays, and the auxiliary track that is its transparency. Their timing, edit lists and sample
//! entries stay, dates and names go, tables and places are written anew. Sound, video, thumbnails, alternatives and timed
//! metadata are further content and go, as do user data and all boxes that no viewer of pictures needs.

mod entries;
mod outline;
mod samples;
mod track;
mod write;

use super::pool::Edit;
use super::removed;
use crate::formats::bmff::{BmffBox, Fields, children};
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;
use outline::Outline;
use track::Track;

pub(super) use write::movie as write;

/// Tracks of one movie.
const MOST_TRACKS: usize = 64;

/// The movie as it stays.
pub(super) struct Movie<'a> {
    /// Contents of `mvhd` without dates.
    header: Vec<u8>,
    /// The pictures, and their transparency.
    tracks: Vec<Track<'a>>,
}

impl<'a> Movie<'a> {
    /// Reads `moov` and reports what does not stay. `file` holds the bytes that offsets count from.
    ///
    /// # Errors
    /// [`crate::Reason::Unsupported`] when it is fragmented, lies in other files, or has no single sequence of pictures;
    /// [`crate::Reason::Encrypted`], and [`crate::Reason::Damaged`] when a table is broken.
    pub(super) fn read(
        file: &'a [u8],
        moov: &BmffBox<'a>,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<Self, Refusal> {
        let mut header = None;
        let mut outlines = Vec::new();
        for found in children(moov.data, moov.start)? {
            match &found.name {
                b"mvhd" if header.is_none() => header = Some(found),
                b"mvhd" => return Err(Refusal::damaged("there are two boxes mvhd")),
                b"trak" if outlines.len() < MOST_TRACKS => outlines.push(Outline::read(&found)?),
                b"trak" => return Err(Refusal::damaged(format!("more than {MOST_TRACKS} tracks"))),
                b"mvex" => return Err(fragmented()),
                _ => removed::from_movie(file, &found, "moov", report),
            }
        }
        let header = header.ok_or_else(|| Refusal::damaged("the movie has no header"))?;
        let mut header = undated(&header, [100, 112], report)?;
        // Reserved, and preview, poster and selection times of an older format.
        blank(&mut header, 74, 10);
        blank(&mut header, 28, 24);
        let main = outline::main(&outlines)?;
        let mut tracks = vec![Track::read(file, main, context, report)?];
        for outline in &outlines {
            if outline.id == main.id {
                continue;
            }
            if outline.is_auxiliary_of(main) && entries::are_alpha(outline)? {
                if tracks.len() > 1 {
                    return Err(Refusal::damaged("the sequence has its transparency twice"));
                }
                tracks.push(Track::read(file, outline, context, report)?);
            } else {
                outline.report(report);
            }
        }
        Ok(Self { header, tracks })
    }

    /// Where the bytes of all samples lie, as start and size.
    pub(super) fn extents(&self) -> impl Iterator<Item = (usize, usize)> {
        self.tracks.iter().flat_map(|track| track.samples.places()).map(|sample| (sample.start, sample.size))
    }

    /// What has to change in the samples.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when coded bytes are not made of whole units.
    pub(super) fn edits(&self, file: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for track in &self.tracks {
            for sample in track.samples.places() {
                context.charge_decompressed(sample.size as u64)?;
                let bytes = file.get(sample.start..sample.start.saturating_add(sample.size));
                let bytes = bytes.ok_or_else(|| Refusal::damaged("a sample lies outside of the file"))?;
                let coding = track.coding(sample)?;
                edits.extend(coding.edits(bytes, report)?.into_iter().map(|edit| Edit {
                    start: edit.start.saturating_add(sample.start),
                    end: edit.end.saturating_add(sample.start),
                    with: edit.with,
                }));
            }
        }
        Ok(edits)
    }
}

/// The refusal of a movie in fragments.
pub(super) fn fragmented() -> Refusal {
    Refusal::unsupported("the image sequence is in fragments")
        .with_hint("save it as a file without fragments, or export the frames, and clean that")
}

/// The contents of a header box with its two dates set to zero. `sizes` are those of the versions 0 and 1.
fn undated(found: &BmffBox<'_>, sizes: [usize; 2], report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut fields = found.fields();
    let (version, flags) = fields.version()?;
    let width = if version == 0 { 4 } else { 8 };
    let [short, long] = sizes;
    if version > 1 || found.data.len() != if version == 0 { short } else { long } {
        return Err(Refusal::damaged(format!("the header {} has an impossible size", found.title())));
    }
    for date in ["creation time", "modification time"] {
        if fields.number(width)? != 0 {
            report.removed(Class::MetadataDates, format!("{} {date}", found.title()), "");
        }
    }
    let head = [u8::try_from(version).unwrap_or_default(), 0, 0, u8::try_from(flags & 0xf).unwrap_or_default()];
    let dates: &[u8] = if version == 0 { &[0; 8] } else { &[0; 16] };
    Ok([&head[..], dates, fields.0].concat())
}

/// Sets bytes of a header to zero; `before_end` is where they begin, counted from its end.
fn blank(header: &mut [u8], before_end: usize, size: usize) {
    let start = header.len().saturating_sub(before_end);
    header.iter_mut().skip(start).take(size).for_each(|byte| *byte = 0);
}

/// The only box of this name among others.
fn only<'a>(boxes: &[BmffBox<'a>], name: &[u8; 4]) -> Result<Option<BmffBox<'a>>, Refusal> {
    let mut found = boxes.iter().filter(|found| &found.name == name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(Some(*one)),
        (None, _) => Ok(None),
        (Some(one), Some(_)) => Err(Refusal::damaged(format!("there are two boxes {} in a track", one.title()))),
    }
}

/// The box of this name, which must be there.
fn needed<'a>(boxes: &[BmffBox<'a>], name: &[u8; 4]) -> Result<BmffBox<'a>, Refusal> {
    only(boxes, name)?.ok_or_else(|| {
        Refusal::damaged(format!("a track of pictures lacks its box {}", crate::formats::bmff::title(*name)))
    })
}

/// The rows of a table that is a full box of a known version: the fields behind the count, which must match their size.
fn rows<'a>(found: &BmffBox<'a>, versions: u32, row: usize) -> Result<(u32, Fields<'a>), Refusal> {
    let mut fields = found.fields();
    let (version, flags) = fields.version()?;
    let count = usize::try_from(fields.small(4)?).unwrap_or(usize::MAX);
    if version > versions || flags > 1 || count.checked_mul(row) != Some(fields.0.len()) {
        return Err(Refusal::damaged(format!("the table {} has another size than it says", found.title())));
    }
    Ok((version, fields))
}
