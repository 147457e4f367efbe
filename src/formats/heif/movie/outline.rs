//! What a track is, without its details: enough to choose, and to report those that go.

use super::{needed, only, rows};
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, Fields, children, title};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Kind of a reference between tracks, and the tracks that it names.
pub(super) type TrackReference = ([u8; 4], Vec<u32>);

/// A track before it is read.
pub(super) struct Outline<'a> {
    pub(super) id: u32,
    enabled: bool,
    /// Not 0 for tracks of which one is to be shown.
    alternate_group: u32,
    pub(super) handler: [u8; 4],
    pub(super) references: Vec<TrackReference>,
    /// The boxes of `trak`, `mdia`, `minf` and `stbl`.
    pub(super) track: Vec<BmffBox<'a>>,
    pub(super) media: Vec<BmffBox<'a>>,
    pub(super) information: Vec<BmffBox<'a>>,
    pub(super) tables: Vec<BmffBox<'a>>,
    size: usize,
}

impl<'a> Outline<'a> {
    /// Reads `trak`.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a box that every track has is missing or broken.
    pub(super) fn read(found: &BmffBox<'a>) -> Result<Self, Refusal> {
        let track = children(found.data, found.start)?;
        let inside = |boxes: &[BmffBox<'a>], name| needed(boxes, name).and_then(|it| children(it.data, it.start));
        let media = inside(&track, b"mdia")?;
        let information = inside(&media, b"minf")?;
        let tables = inside(&information, b"stbl")?;
        let mut header = needed(&track, b"tkhd")?.fields();
        let (version, flags) = header.version()?;
        let width = if version == 0 { 4_usize } else { 8 };
        header.take(width.saturating_mul(2))?;
        let id = header.small(4)?;
        header.take(width.saturating_add(14))?;
        let alternate_group = header.small(2)?;
        let mut handler = needed(&media, b"hdlr")?.fields();
        handler.take(8)?;
        let handler = handler.name()?;
        let references = match only(&track, b"tref")? {
            Some(found) => references(&found)?,
            None => Vec::new(),
        };
        let size = found.data.len();
        let enabled = flags & 1 == 1;
        Ok(Self { id, enabled, alternate_group, handler, references, track, media, information, tables, size })
    }

    /// Whether the track says of itself that it is auxiliary to another.
    pub(super) fn is_auxiliary_of(&self, other: &Self) -> bool {
        &self.handler == b"auxv" && self.refers(b"auxl", |to| to.contains(&other.id))
    }

    fn refers(&self, kind: &[u8; 4], suits: impl Fn(&[u32]) -> bool) -> bool {
        self.references.iter().any(|(found, to)| found == kind && suits(to))
    }

    /// Whether the track is a sequence of pictures in its own right.
    fn is_main(&self) -> bool {
        &self.handler == b"pict" && !self.refers(b"thmb", |_| true) && !self.refers(b"auxl", |_| true)
    }

    /// Reports the track as removed, with the size of its samples.
    pub(super) fn report(&self, report: &mut Report) {
        let (class, kind) = match &self.handler {
            _ if self.refers(b"thmb", |_| true) => (Class::ContentThumbnails, "thumbnail sequence"),
            b"pict" => (Class::ContentSecondaryImages, "further image sequence"),
            b"auxv" => (Class::ContentSecondaryImages, "auxiliary image sequence"),
            b"vide" => (Class::ContentSecondaryImages, "video track"),
            b"soun" => (Class::ContentSecondaryImages, "audio track"),
            b"meta" => (Class::MetadataOther, "timed metadata track"),
            b"text" | b"subt" | b"sbtl" => (Class::ContentSecondaryImages, "text track"),
            _ => (Class::ContentSecondaryImages, "further track"),
        };
        let bytes = self.samples_size().unwrap_or(self.size);
        report.removed_bytes(class, format!("{kind} ({})", title(self.handler)), "moov", bytes);
    }

    /// The sum of the sizes of all samples, as the track states it.
    fn samples_size(&self) -> Option<usize> {
        let mut fields = only(&self.tables, b"stsz").ok()??.fields();
        fields.take(4).ok()?;
        let (one, count) = (fields.small(4).ok()?, fields.small(4).ok()?);
        if one > 0 {
            return usize::try_from(one.checked_mul(count)?).ok();
        }
        let sizes = std::iter::from_fn(|| fields.small(4).ok());
        Some(sizes.fold(0, |sum, size| sum.saturating_add(usize::try_from(size).unwrap_or_default())))
    }
}

fn references(found: &BmffBox<'_>) -> Result<Vec<TrackReference>, Refusal> {
    let mut references = Vec::new();
    for kind in children(found.data, found.start)? {
        let (numbers, _) = kind.data.as_chunks::<4>();
        references.push((kind.name, numbers.iter().map(|number| u32::from_be_bytes(*number)).collect()));
    }
    Ok(references)
}

/// The track that is the image sequence.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when there is none, or more than one that are shown together.
pub(super) fn main<'a, 'b>(outlines: &'b [Outline<'a>]) -> Result<&'b Outline<'a>, Refusal> {
    let mut ids: Vec<u32> = outlines.iter().map(|outline| outline.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(Refusal::damaged("two tracks have one number"));
    }
    let candidates = || outlines.iter().filter(|outline| outline.is_main());
    let main = candidates().find(|outline| outline.enabled).or_else(|| candidates().next());
    let main = main.ok_or_else(|| Refusal::unsupported("there is no track of pictures in the image sequence"))?;
    let shown_with = candidates().any(|other| {
        other.id != main.id
            && other.enabled
            && (main.alternate_group == 0 || other.alternate_group != main.alternate_group)
    });
    match shown_with {
        true => Err(Refusal::unsupported("there are several image sequences that are shown together")),
        false => Ok(main),
    }
}

/// The sample description is found only in this file when `dref` says so.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when media data lies elsewhere, [`crate::Reason::Damaged`].
pub(super) fn check_data_references(outline: &Outline<'_>) -> Result<(), Refusal> {
    let dinf = needed(&outline.information, b"dinf")?;
    let dref = needed(&children(dinf.data, dinf.start)?, b"dref")?;
    let mut fields: Fields<'_> = dref.fields();
    fields.take(8)?;
    let entries = children(fields.0, dref.start.saturating_add(8))?;
    let local = |entry: &BmffBox<'_>| &entry.name == b"url " && entry.fields().version() == Ok((0, 1));
    match entries.as_slice() {
        [one] if local(one) => Ok(()),
        _ => Err(Refusal::unsupported("the media data of the image sequence lies in another file")),
    }
}

/// The rows of `elst`, as they are (ISO/IEC 14496-12, section 8.6.6).
///
/// # Errors
/// [`crate::Reason::Damaged`] when the table has another size than it says.
pub(super) fn edit_list<'a>(outline: &Outline<'a>) -> Result<Option<&'a [u8]>, Refusal> {
    let Some(edits) = only(&outline.track, b"edts")? else { return Ok(None) };
    let Some(list) = only(&children(edits.data, edits.start)?, b"elst")? else { return Ok(None) };
    let row = if list.data.first() == Some(&0) { 12 } else { 20 };
    rows(&list, 1, row)?;
    Ok(Some(list.data))
}
