//! What coded pictures carry besides the picture: settings of the encoder, user data and filler between the units that a
//! decoder needs. These go, without a change to what is decoded.

mod av1;
mod nal;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::nal::Codec;
use super::items::{Item, Meta};
use super::pool::Edit;
use crate::formats::bmff::{BmffBox, title};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::Kind;
use crate::refusal::Refusal;

/// How coded bytes are divided into units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Open bitstream units.
    Av1,
    /// NAL units, each behind its size in this many bytes.
    Nal(Codec, usize),
}

impl Coding {
    /// The coding of a type of item or sample, as `config` sets it up: the contents of the box [`config_name`].
    pub(super) fn new(kind: [u8; 4], config: &[u8]) -> Option<Self> {
        let size_of_size = |at: usize| config.get(at).map(|byte| usize::from(byte & 3).saturating_add(1));
        match &kind {
            b"av01" => Some(Self::Av1),
            b"hvc1" | b"hev1" => Some(Self::Nal(Codec::Hevc, size_of_size(21)?)),
            b"avc1" | b"avc3" => Some(Self::Nal(Codec::Avc, size_of_size(4)?)),
            _ => None,
        }
    }

    /// What has to change in coded bytes, with places counted from their beginning.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when they are not made of whole units.
    pub(super) fn edits(self, bytes: &[u8], report: &mut Report) -> Result<Vec<Edit>, Refusal> {
        match self {
            Self::Av1 => av1::edits(bytes, report),
            Self::Nal(codec, size) => nal::edits(codec, size, bytes, report),
        }
    }
}

/// The box that sets up the decoder for a type of coded picture.
pub(super) fn config_name(kind: [u8; 4]) -> Option<&'static [u8; 4]> {
    match &kind {
        b"av01" => Some(b"av1C"),
        b"hvc1" | b"hev1" => Some(b"hvcC"),
        b"avc1" | b"avc3" => Some(b"avcC"),
        _ => None,
    }
}

/// The contents of a decoder configuration without what no decoder needs.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is not valid.
pub(super) fn config<'a>(found: &BmffBox<'a>, report: &mut Report) -> Result<Cow<'a, [u8]>, Refusal> {
    let cleaned = match &found.name {
        b"av1C" => av1::config(found.data, report)?,
        b"hvcC" => nal::hevc_config(found.data, report)?,
        _ => nal::avc_config(found.data, report)?,
    };
    Ok(if cleaned == found.data { Cow::Borrowed(found.data) } else { Cow::Owned(cleaned) })
}

/// What has to change in the bytes of the kept items: those in the file, and those in `idat`.
///
/// # Errors
/// [`crate::Reason::Damaged`] when coded bytes are not made of whole units, and what an embedded picture is refused for.
pub(super) fn item_edits(
    file: &[u8],
    meta: &Meta<'_>,
    kept: &BTreeSet<u32>,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<[Vec<Edit>; 2], Refusal> {
    let mut edits: [Vec<Edit>; 2] = Default::default();
    let mut seen = BTreeSet::new();
    for (id, item) in kept.iter().filter_map(|id| meta.items.get(id).map(|item| (id, item))) {
        context.charge_decompressed(item.location.size() as u64)?;
        let in_idat = item.location.construction == 1;
        // Shared bytes are edited and reported once.
        if !seen.insert((in_idat, &item.location.extents)) {
            continue;
        }
        let bytes = contents(if in_idat { meta.idat } else { file }, item)?;
        let found = match &item.kind {
            b"grid" | b"iovl" | b"iden" => continue,
            b"jpeg" => whole(Kind::Jpeg, &format!("item {id}"), &bytes, context, report)?,
            b"j2k1" => whole(Kind::Jpeg2000, &format!("item {id}"), &bytes, context, report)?,
            _ => coding(meta, item)?.edits(&bytes, report)?,
        };
        if !found.is_empty() && has(meta, item, b"a1lx") {
            return Err(Refusal::unsupported("there is metadata in a picture of layers, which are told apart by size"));
        }
        let [in_file, of_idat] = &mut edits;
        let into = if in_idat { of_idat } else { in_file };
        found.into_iter().for_each(|edit| spread(&edit, &item.location.extents, into));
    }
    Ok(edits)
}

/// A picture of a format of its own, cleaned as such.
fn whole(
    kind: Kind,
    part: &str,
    bytes: &[u8],
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Vec<Edit>, Refusal> {
    if identify(bytes, "").kind != kind {
        return Err(Refusal::damaged("a coded picture is not of the kind that its item says").in_part(part));
    }
    // As in a PDF, EXIF inside of the coded picture is not looked at: the item's properties say how it is turned.
    let cleaned = context.clean_embedded(part, bytes, Surroundings::Pdf, report)?;
    let edit = Edit { start: 0, end: bytes.len(), with: cleaned };
    Ok(if edit.with == bytes { Vec::new() } else { vec![edit] })
}

fn has(meta: &Meta<'_>, item: &Item<'_>, name: &[u8; 4]) -> bool {
    item.properties.iter().filter_map(|(_, place)| meta.properties.get(*place)).any(|found| &found.name == name)
}

fn coding(meta: &Meta<'_>, item: &Item<'_>) -> Result<Coding, Refusal> {
    let name = config_name(item.kind);
    let mut properties = item.properties.iter().filter_map(|(_, place)| meta.properties.get(*place));
    let config = properties.find(|property| Some(&property.name) == name).map(|property| property.data);
    Coding::new(item.kind, config.unwrap_or_default())
        .ok_or_else(|| Refusal::damaged(format!("a picture {} lacks its configuration", title(item.kind))))
}

/// The bytes of an item.
fn contents<'a>(source: &'a [u8], item: &Item<'_>) -> Result<Cow<'a, [u8]>, Refusal> {
    let piece = |(start, size): &(usize, usize)| {
        source.get(*start..start.saturating_add(*size)).ok_or_else(|| Refusal::damaged("a picture is cut off"))
    };
    match item.location.extents.as_slice() {
        [one] => piece(one).map(Cow::Borrowed),
        more => {
            more.iter().map(piece).collect::<Result<Vec<&[u8]>, Refusal>>().map(|pieces| Cow::Owned(pieces.concat()))
        }
    }
}

/// Turns an edit with places in the item into edits with places in the source.
fn spread(edit: &Edit, extents: &[(usize, usize)], into: &mut Vec<Edit>) {
    let mut with = edit.with.clone();
    let mut begin = 0_usize;
    for (start, size) in extents {
        let (first, last) = (edit.start.max(begin), edit.end.min(begin.saturating_add(*size)));
        if first < last {
            let place = |at: usize| start.saturating_add(at.saturating_sub(begin));
            into.push(Edit { start: place(first), end: place(last), with: std::mem::take(&mut with) });
        }
        begin = begin.saturating_add(*size);
    }
}
