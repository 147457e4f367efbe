//! AV1 as its open bitstream units (AV1 Bitstream & Decoding Process Specification, sections 5.3 to 5.8 and 6.7).

use super::super::pool::Edit;
use super::nal::is_hdr10_plus;
use crate::formats::Report;
use crate::formats::bmff::Fields;
use crate::policy::Class;
use crate::refusal::Refusal;

/// One unit.
struct Unit<'a> {
    kind: u8,
    data: &'a [u8],
    /// Size with its header.
    size: usize,
}

fn broken() -> Refusal {
    Refusal::damaged("an AV1 picture is not made of whole units")
}

/// The unit at the beginning of `bytes`.
fn first(bytes: &[u8]) -> Result<Unit<'_>, Refusal> {
    let mut fields = Fields(bytes);
    let header = fields.small(1).map_err(|_| broken())?;
    let (forbidden, extension, has_size) = (header & 0x80 != 0, header & 4 != 0, header & 2 != 0);
    if forbidden {
        return Err(broken());
    }
    fields.take(usize::from(extension)).map_err(|_| broken())?;
    // A unit without a size is the last.
    let size = if has_size { leb128(&mut fields)? } else { fields.0.len() };
    let data = fields.take(size).map_err(|_| broken())?;
    let kind = u8::try_from((header >> 3) & 15).unwrap_or_default();
    Ok(Unit { kind, data, size: bytes.len().saturating_sub(fields.0.len()) })
}

/// A number of up to eight bytes with seven bits each, the low ones first (section 4.10.5).
fn leb128(fields: &mut Fields<'_>) -> Result<usize, Refusal> {
    let mut value = 0_u64;
    for place in 0..8 {
        let byte = fields.number(1).map_err(|_| broken())?;
        value |= (byte & 0x7f) << (place * 7);
        if byte & 0x80 == 0 {
            return usize::try_from(value).map_err(|_| broken());
        }
    }
    Err(broken())
}

/// Why a unit goes, with its name; `None` when it stays.
fn fate(unit: &Unit<'_>) -> Option<(Class, String)> {
    match unit.kind {
        // Sequence header, temporal delimiter, frame headers, tiles, frames.
        1..=4 | 6..=8 => None,
        5 => {
            let mut fields = Fields(unit.data);
            match leb128(&mut fields) {
                // Content light level, mastering display, scalability.
                Ok(1..=3) => None,
                Ok(4) if is_hdr10_plus(fields.0) => None,
                Ok(4) => Some((Class::MetadataOther, "OBU metadata ITU-T T.35".to_owned())),
                Ok(5) => Some((Class::MetadataDates, "OBU metadata timecode".to_owned())),
                _ => Some((Class::MetadataOther, "OBU metadata of an unknown type".to_owned())),
            }
        }
        15 => Some((Class::ContentUnreferenced, "OBU padding".to_owned())),
        reserved => Some((Class::ContentUnknown, format!("OBU of reserved type {reserved}"))),
    }
}

/// Takes out the units that no decoder needs.
pub(super) fn edits(bytes: &[u8], report: &mut Report) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    let mut start = 0_usize;
    while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
        let unit = first(rest)?;
        let end = start.saturating_add(unit.size);
        if let Some((class, item)) = fate(&unit) {
            report.removed_bytes(class, item, "", unit.data.len());
            edits.push(Edit { start, end, with: Vec::new() });
        }
        start = end;
    }
    Ok(edits)
}

/// The contents of `av1C`: four bytes and units (AV1 Codec ISO Media File Format Binding, section 2.3).
pub(super) fn config(data: &[u8], report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let (fixed, units) = data.split_at_checked(4).ok_or_else(broken)?;
    let mut cleaned = fixed.to_vec();
    let mut at = 0_usize;
    for edit in edits(units, report)? {
        cleaned.extend(units.get(at..edit.start).unwrap_or_default());
        at = edit.end;
    }
    cleaned.extend(units.get(at..).unwrap_or_default());
    Ok(cleaned)
}
