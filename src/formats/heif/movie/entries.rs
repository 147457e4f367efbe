//! Sample entries: how the samples of a track are coded and shown (ISO/IEC 14496-12, sections 8.5.2 and 12.1.3).

use super::super::coded::{self, Coding};
use super::super::properties::{Fate, is_alpha_name, look, profile};
use super::needed;
use super::outline::Outline;
use crate::formats::bmff::{BmffBox, Fields, children, half, make, title};
use crate::formats::metadata::removed_text;
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Sample entries of one track.
const MOST_ENTRIES: usize = 256;
/// Size of the fields before the boxes of an entry.
const FIELDS: usize = 78;

/// A sample entry.
pub(super) struct Entry {
    pub(super) coding: Coding,
    /// The box as it stays.
    pub(super) written: Vec<u8>,
}

/// Reads `stsd` and reports what does not stay.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when an entry is not known, [`crate::Reason::Encrypted`], [`crate::Reason::Damaged`],
/// [`crate::Reason::OverLimit`].
pub(super) fn entries(stsd: &BmffBox<'_>, context: &Context<'_>, report: &mut Report) -> Result<Vec<Entry>, Refusal> {
    let found = listed(stsd)?;
    if found.is_empty() || found.len() > MOST_ENTRIES {
        return Err(Refusal::damaged("the sample entries of a track are missing, or too many"));
    }
    found.iter().map(|entry| read(entry, context, report)).collect()
}

fn listed<'a>(stsd: &BmffBox<'a>) -> Result<Vec<BmffBox<'a>>, Refusal> {
    let mut fields = stsd.fields();
    fields.take(4)?;
    let count = usize::try_from(fields.small(4)?);
    let found = children(fields.0, stsd.start.saturating_add(8))?;
    if count == Ok(found.len()) { Ok(found) } else { Err(Refusal::damaged("the sample entries are not all there")) }
}

/// Whether the sample entries of an auxiliary track say that it is transparency.
///
/// # Errors
/// [`crate::Reason::Damaged`] when they cannot be read.
pub(super) fn are_alpha(outline: &Outline<'_>) -> Result<bool, Refusal> {
    let mut alpha = true;
    for entry in listed(&needed(&outline.tables, b"stsd")?)? {
        let boxes = inside(&entry)?;
        alpha &= boxes.iter().any(|found| &found.name == b"auxi" && is_alpha_name(auxiliary(found)));
    }
    Ok(alpha)
}

/// The name in `auxi` (ISO/IEC 23008-12, section 7.5.3).
fn auxiliary<'a>(found: &BmffBox<'a>) -> &'a [u8] {
    Fields(found.data.get(4..).unwrap_or_default()).text()
}

fn inside<'a>(entry: &BmffBox<'a>) -> Result<Vec<BmffBox<'a>>, Refusal> {
    let boxes = entry.data.get(FIELDS..).ok_or_else(|| Refusal::damaged("a sample entry is too short"))?;
    children(boxes, entry.start.saturating_add(FIELDS))
}

fn read(entry: &BmffBox<'_>, context: &Context<'_>, report: &mut Report) -> Result<Entry, Refusal> {
    if &entry.name == b"encv" {
        return Err(Refusal::encrypted("the image sequence is locked"));
    }
    let Some(config_name) = coded::config_name(entry.name) else {
        return Err(Refusal::unsupported(format!("the samples are coded as {}, which is not known", entry.title())));
    };
    let boxes = inside(entry)?;
    let mut fields = entry.fields();
    fields.take(6)?;
    if fields.small(2)? != 1 {
        return Err(Refusal::damaged("a sample entry names media data that is not there"));
    }
    fields.take(16)?;
    let look_fields = fields.take(12)?;
    let (width, height) = {
        let mut sides = Fields(look_fields);
        (sides.number(2)?, sides.number(2)?)
    };
    if width.saturating_mul(height) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the pictures are {width}×{height}")));
    }
    fields.take(4)?;
    let frames = fields.take(2)?;
    compressor(fields.take(32)?, report);
    let depth = fields.take(2)?;
    let mut written: Vec<Vec<u8>> =
        vec![[&[0; 6][..], &half(1)?, &[0; 16], look_fields, &[0; 4], frames, &[0; 32], depth, &[0xff; 2]].concat()];
    let mut coding = None;
    for found in &boxes {
        if &found.name == config_name {
            if coding.is_some() {
                return Err(Refusal::damaged("a sample entry is set up twice"));
            }
            coding = Coding::new(entry.name, found.data);
            written.push(make(config_name, &[&coded::config(found, report)?])?);
            continue;
        }
        match fate(found)? {
            Fate::Keep(data) => {
                written.push(make(&found.name, &[&data])?);
            }
            Fate::Profile(kind, bytes) => {
                if let Some(data) = profile(kind, bytes, context.policy, report) {
                    written.push(make(&found.name, &[&data])?);
                }
            }
            Fate::Drop(class) => {
                report.removed_bytes(class, format!("box {}", found.title()), entry.title(), found.data.len());
            }
        }
    }
    let coding = coding.ok_or_else(|| Refusal::damaged(format!("a sample entry lacks its {}", title(*config_name))))?;
    Ok(Entry { coding, written: make(&entry.name, &[&written.concat()])? })
}

/// Decides about a box of an entry.
fn fate<'a>(found: &BmffBox<'a>) -> Result<Fate<'a>, Refusal> {
    let size = found.data.len();
    match &found.name {
        b"colr" | b"pasp" | b"clap" | b"clli" | b"mdcv" | b"cclv" | b"amve" => look(found, false),
        b"ccst" if size == 8 => Ok(Fate::Keep(found.data.into())),
        b"auxi" if is_alpha_name(auxiliary(found)) && size == auxiliary(found).len().saturating_add(5) => {
            Ok(Fate::Keep(found.data.into()))
        }
        b"ccst" | b"auxi" => Err(Refusal::damaged(format!("the box {} has an impossible size", found.title()))),
        b"sinf" => Err(Refusal::encrypted("the image sequence is locked")),
        b"free" | b"skip" => Ok(Fate::Drop(Class::ContentUnreferenced)),
        _ => Ok(Fate::Drop(Class::ContentUnknown)),
    }
}

/// Reports the name of the compressor: a size and as many characters.
fn compressor(field: &[u8], report: &mut Report) {
    if field.iter().any(|byte| *byte != 0) {
        let name = field.get(1..).unwrap_or_default();
        let end = name.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
        let name = name.get(..end).unwrap_or_default();
        removed_text(report, Class::MetadataSoftware, "compressor name".to_owned(), name);
    }
}
