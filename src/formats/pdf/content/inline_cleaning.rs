//! Inline images: their dictionary by an allow-list, a JPEG through its handler, no bytes behind the data.

use std::ops::Range;

use super::cleaning::{Cleaned, Scope};
use super::inline_image::{InlineImage, filters, key};
use super::operations::{Entry, Operand, Operation, entries, inside, values};
use super::operators::Category;
use super::tokens::{is_space, name};
use crate::formats::pdf::streams::{Filter, decode, full_name};
use crate::formats::{Report, Surroundings};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Keys that an inline image may have (Table 91), long.
const KEYS: [&[u8]; 11] = [
    b"BitsPerComponent",
    b"ColorSpace",
    b"Decode",
    b"DecodeParms",
    b"Filter",
    b"Height",
    b"ImageMask",
    b"Intent",
    b"Interpolate",
    b"Length",
    b"Width",
];
/// Keys that the parameters of its filters may have (7.4).
const PARAMETERS: [&[u8]; 13] = [
    b"Predictor",
    b"Colors",
    b"BitsPerComponent",
    b"Columns",
    b"EarlyChange",
    b"K",
    b"EndOfLine",
    b"EncodedByteAlign",
    b"Rows",
    b"EndOfBlock",
    b"BlackIs1",
    b"DamagedRowsBeforeError",
    b"ColorTransform",
];

/// Cleans the inline image of an operation and notes the colour space that it names.
///
/// # Errors
/// The refusal of a JPEG that its handler cannot rebuild.
pub(super) fn clean(
    bytes: &[u8],
    operation: &Operation<'_>,
    scope: &Scope<'_>,
    cleaned: &mut Cleaned,
    report: &mut Report,
) -> Result<(), Refusal> {
    let Some(image) = &operation.image else { return Ok(()) };
    let entries = entries(bytes, image.dictionary.clone());
    for entry in entries.iter().filter(|entry| key(&entry.key) == b"ColorSpace") {
        let range = match entry.kind {
            Some(Operand::Array) => inside(&entry.value, Operand::Array),
            _ => entry.value.clone(),
        };
        for (_, range) in values(bytes, range).into_iter().filter(|(kind, _)| *kind == Some(Operand::Name)) {
            cleaned.used.insert((Category::ColorSpace, name(bytes.get(range).unwrap_or_default())));
        }
    }
    let data = data(bytes, image, &entries, scope, report)?;
    dictionary(bytes, image, &entries, &data, scope, cleaned, report);
    match data {
        Data::Kept => {}
        Data::Cut(end) => cleaned.edits.replace(end..image.data.end, b"\n".to_vec()),
        Data::New(mut data) => {
            data.push(b'\n');
            cleaned.edits.replace(image.data.clone(), data);
        }
    }
    Ok(())
}

/// What becomes of the data.
enum Data {
    Kept,
    /// It ends here; what follows goes.
    Cut(usize),
    /// A JPEG without other filters over it.
    New(Vec<u8>),
}

fn data(
    bytes: &[u8],
    image: &InlineImage,
    entries: &[Entry],
    scope: &Scope<'_>,
    report: &mut Report,
) -> Result<Data, Refusal> {
    let coded = image.coded.map_or(image.data.end, |length| image.data.start.saturating_add(length));
    let names = filters(bytes, entries);
    if names.last().is_some_and(|name| matches!(name.as_slice(), b"DCT" | b"DCTDecode")) {
        let wrapping: Vec<Filter> = names
            .iter()
            .take(names.len().saturating_sub(1))
            .map(|name| Filter { name: full_name(name).to_vec(), parameters: None })
            .collect();
        let stored = bytes.get(image.data.start..coded).unwrap_or_default();
        let jpeg = decode(scope.source, stored, &wrapping, scope.context)?;
        let part = format!("{} › inline image", scope.place);
        let copy = scope.context.clean_embedded(&part, &jpeg, Surroundings::Pdf, report)?;
        if copy != jpeg {
            return Ok(Data::New(copy));
        }
    }
    let rest = bytes.get(coded..image.data.end).unwrap_or_default();
    if rest.iter().all(|byte| is_space(*byte)) {
        return Ok(Data::Kept);
    }
    let item = "bytes after inline image data";
    report.removed_bytes(Class::ContentTrailingBytes, item, &scope.place, rest.len());
    Ok(Data::Cut(coded))
}

/// Writes the dictionary anew where something of it goes.
fn dictionary(
    bytes: &[u8],
    image: &InlineImage,
    entries: &[Entry],
    data: &Data,
    scope: &Scope<'_>,
    cleaned: &mut Cleaned,
    report: &mut Report,
) {
    let mut copy = Vec::new();
    let mut dropped = values(bytes, image.dictionary.clone()).len() != entries.len().saturating_mul(2);
    let mut changed = dropped;
    for entry in entries {
        let value = match (key(&entry.key), data) {
            (b"Filter", Data::New(_)) => Some(b"/DCT".to_vec()),
            (b"Length" | b"DecodeParms", Data::New(_)) | (b"Length", Data::Cut(_)) => {
                changed = true;
                continue;
            }
            (b"DecodeParms", _) => parameters(bytes, entry),
            (known, _) if KEYS.contains(&known) && is_plain(bytes, entry) => {
                bytes.get(entry.value.clone()).map(<[u8]>::to_vec)
            }
            _ => None,
        };
        let Some(value) = value else {
            dropped = true;
            continue;
        };
        changed |= bytes.get(entry.value.clone()) != Some(value.as_slice());
        let key = entry.range.start..entry.value.start;
        copy.push(b' ');
        copy.extend_from_slice(bytes.get(key).unwrap_or_default().trim_ascii_end());
        copy.push(b' ');
        copy.extend_from_slice(&value);
    }
    if dropped {
        report.removed(Class::ContentUnknown, "inline image/private-key", &scope.place);
    }
    if dropped || changed {
        copy.push(b' ');
        cleaned.edits.replace(image.dictionary.clone(), copy);
    }
}

/// True for values without room for text: the table of an indexed colour space is the only string.
fn is_plain(bytes: &[u8], entry: &Entry) -> bool {
    let plain = |kind: &Option<Operand>| matches!(kind, None | Some(Operand::Number | Operand::Name));
    match entry.kind {
        Some(Operand::Array) => values(bytes, inside(&entry.value, Operand::Array))
            .iter()
            .all(|(kind, _)| plain(kind) || key(&entry.key) == b"ColorSpace"),
        kind => plain(&kind),
    }
}

/// The parameters of the filters with the keys that filters have; none when something else stands there.
fn parameters(bytes: &[u8], entry: &Entry) -> Option<Vec<u8>> {
    let all = match entry.kind {
        Some(Operand::Array) => values(bytes, inside(&entry.value, Operand::Array)),
        kind => vec![(kind, entry.value.clone())],
    };
    let fits = |range: Range<usize>| {
        let inner = inside(&range, Operand::Dictionary);
        let found = entries(bytes, inner.clone());
        values(bytes, inner).len() == found.len().saturating_mul(2)
            && found.iter().all(|entry| {
                PARAMETERS.contains(&entry.key.as_slice()) && matches!(entry.kind, None | Some(Operand::Number))
            })
    };
    let clean = all.into_iter().all(|(kind, range)| match kind {
        Some(Operand::Dictionary) => fits(range),
        None => bytes.get(range) == Some(b"null"),
        _ => false,
    });
    // Parameters with anything else in them are written anew by no program; the picture is then refused by the proof.
    if clean { bytes.get(entry.value.clone()).map(<[u8]>::to_vec) } else { None }
}
