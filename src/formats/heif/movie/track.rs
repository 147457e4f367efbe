//! A track that stays: what its boxes say, and what of them does not stay.

use super::super::coded::Coding;
use super::super::removed;
use super::entries::{Entry, entries};
use super::outline::{Outline, TrackReference, check_data_references, edit_list};
use super::samples::{Sample, Samples};
use super::{blank, needed, only, undated};
use crate::formats::bmff::{BmffBox, Fields};
use crate::formats::metadata::removed_text;
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// The language that says that there is none, `und` in 15 bits.
const NO_LANGUAGE: [u8; 2] = [0x55, 0xc4];

/// A track of pictures.
pub(super) struct Track<'a> {
    pub(super) id: u32,
    pub(super) handler: [u8; 4],
    /// Contents of `tkhd` and `mdhd` without dates.
    pub(super) header: Vec<u8>,
    pub(super) media_header: Vec<u8>,
    /// Contents of `elst`.
    pub(super) edit_list: Option<&'a [u8]>,
    pub(super) references: Vec<TrackReference>,
    pub(super) entries: Vec<Entry>,
    pub(super) samples: Samples<'a>,
}

impl<'a> Track<'a> {
    /// Reads a track and reports what of it does not stay.
    ///
    /// # Errors
    /// Those of [`super::Movie::read`].
    pub(super) fn read(
        file: &[u8],
        outline: &Outline<'a>,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<Self, Refusal> {
        check_data_references(outline)?;
        let entries = entries(&needed(&outline.tables, b"stsd")?, context, report)?;
        let samples = Samples::read(&outline.tables, entries.len(), context)?;
        let mut header = undated(&needed(&outline.track, b"tkhd")?, [84, 96], report)?;
        // Reserved bytes, and the group of alternatives, of which none stays.
        let before_duration = if header.first() == Some(&0) { 68 } else { 72 };
        for (place, size) in [(before_duration, 4), (60, 8), (50, 2), (46, 2)] {
            blank(&mut header, place, size);
        }
        let mut media_header = undated(&needed(&outline.media, b"mdhd")?, [24, 36], report)?;
        if let Some(language) = media_header.last_chunk_mut::<4>() {
            let [high, low, ..] = *language;
            if [high, low] != NO_LANGUAGE {
                report.removed(Class::MetadataOther, "mdhd language", "");
            }
            let [und, low] = NO_LANGUAGE;
            *language = [und, low, 0, 0];
        }
        let edit_list = edit_list(outline)?;
        handler_name(&needed(&outline.media, b"hdlr")?, report)?;
        report_boxes(file, outline, report);
        Ok(Self {
            id: outline.id,
            handler: outline.handler,
            header,
            media_header,
            edit_list,
            references: outline.references.clone(),
            entries,
            samples,
        })
    }

    /// The coding of a sample.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when nothing describes it.
    pub(super) fn coding(&self, sample: &Sample) -> Result<Coding, Refusal> {
        let place = usize::try_from(sample.entry).ok().and_then(|entry| entry.checked_sub(1));
        let entry = place.and_then(|place| self.entries.get(place));
        entry.map(|entry| entry.coding).ok_or_else(|| Refusal::damaged("nothing describes a sample"))
    }
}

/// Reports the name of the handler.
fn handler_name(found: &BmffBox<'_>, report: &mut Report) -> Result<(), Refusal> {
    let mut fields: Fields<'_> = found.fields();
    fields.take(24)?;
    let name = fields.text();
    if !name.is_empty() {
        removed_text(report, Class::MetadataSoftware, "hdlr name".to_owned(), name);
    }
    Ok(())
}

/// Whether a box that lies in `place` stays, or is written anew.
fn stays(place: &str, name: [u8; 4]) -> bool {
    match place {
        "trak" => matches!(&name, b"tkhd" | b"edts" | b"tref" | b"mdia"),
        "mdia" => matches!(&name, b"mdhd" | b"hdlr" | b"minf"),
        "minf" => matches!(&name, b"vmhd" | b"dinf" | b"stbl"),
        _ => matches!(&name, b"stsd" | b"stts" | b"ctts" | b"stss" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64"),
    }
}

/// Reports the boxes of a track that do not stay.
fn report_boxes(file: &[u8], outline: &Outline<'_>, report: &mut Report) {
    let levels =
        [("trak", &outline.track), ("mdia", &outline.media), ("minf", &outline.information), ("stbl", &outline.tables)];
    for (place, boxes) in levels {
        for found in boxes.iter().filter(|found| !stays(place, found.name)) {
            removed::from_movie(file, found, place, report);
        }
    }
    let references = only(&outline.track, b"tref").ok().flatten();
    let others = references.iter().flat_map(|_| &outline.references);
    for (kind, _) in others.filter(|(kind, _)| !matches!(kind, b"auxl" | b"prem")) {
        report.removed(Class::ContentUnknown, format!("reference {}", crate::formats::bmff::title(*kind)), "trak");
    }
}
