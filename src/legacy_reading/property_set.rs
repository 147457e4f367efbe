//! Property sets: `\x05SummaryInformation` and its kin ([MS-OLEPS] 2).

use std::collections::BTreeMap;

use super::{Bytes, ansi, utf16};

/// The largest number of properties, or of values in a vector, that is read.
const MOST: u32 = 4096;
/// The format id of the second set of `\x05DocumentSummaryInformation`: properties that the user named ([MS-OLEPS] 2.23).
const USER_DEFINED: [u8; 16] =
    [0x05, 0xd5, 0xcd, 0xd5, 0x9c, 0x2e, 0x1b, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2b, 0x2c, 0xf9, 0xae];

/// What a property says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text; the texts of a vector are joined by line breaks.
    Text(String),
    /// A number, a flag or a time that is not zero.
    Number,
    /// Bytes, such as a preview.
    Blob(usize),
}

/// One set of properties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PropertySet {
    /// True for the set whose properties the user named.
    pub(crate) is_user_defined: bool,
    /// Identifiers, names where they have one, and values.
    pub(crate) properties: Vec<(u32, Option<String>, Value)>,
}

/// The sets of a stream; what cannot be read is left out.
pub(crate) fn read(stream: &[u8]) -> Vec<PropertySet> {
    let mut bytes = Bytes::at(stream, 24_usize);
    let count = bytes.long().unwrap_or_default().min(2);
    let mut sets = Vec::new();
    for _ in 0..count {
        let (Some(format), Some(offset)) = (bytes.take(16_usize), bytes.long()) else { break };
        let set = set(Bytes::at(stream, offset).0, format == USER_DEFINED);
        sets.extend(set);
    }
    sets
}

fn set(set: &[u8], is_user_defined: bool) -> Option<PropertySet> {
    let mut bytes = Bytes::at(set, 4_usize);
    let count = bytes.long()?.min(MOST);
    let places: Vec<(u32, u32)> = (0..count).map_while(|_| Some((bytes.long()?, bytes.long()?))).collect();
    let start = |wanted: u32| places.iter().find(|(id, _)| *id == wanted).map(|(_, at)| Bytes::at(set, *at));
    let page = start(1).and_then(|mut bytes| bytes.take(4_usize).and(bytes.short())).unwrap_or(1252);
    let names = start(0).map(|bytes| dictionary(bytes, page)).unwrap_or_default();
    let mut properties = Vec::new();
    for (id, at) in places.iter().filter(|(id, _)| *id > 1) {
        let mut bytes = Bytes::at(set, *at);
        let Some(kind) = bytes.long() else { continue };
        if let Some(value) = value(&mut bytes, kind, page) {
            properties.push((*id, names.get(id).cloned(), value));
        }
    }
    Some(PropertySet { is_user_defined, properties })
}

/// The names of properties ([MS-OLEPS] 2.17).
fn dictionary(mut bytes: Bytes<'_>, page: u16) -> BTreeMap<u32, String> {
    let count = bytes.long().unwrap_or_default().min(MOST);
    let mut entry = || {
        let (id, length) = (bytes.long()?, bytes.long()?);
        let size = if page == 1200 { length.checked_mul(2)? } else { length };
        let name = text(bytes.take(size)?, page);
        if page == 1200 {
            bytes.take(padding(size))?;
        }
        Some((id, name))
    };
    (0..count).map_while(|_| entry()).collect()
}

fn padding(size: u32) -> u32 {
    size.wrapping_neg() % 4
}

fn text(bytes: &[u8], page: u16) -> String {
    ansi(bytes, page).trim_end_matches('\0').to_owned()
}

/// A typed value ([MS-OLEPS] 2.15); nothing for empty ones and types without text.
fn value(bytes: &mut Bytes<'_>, kind: u32, page: u16) -> Option<Value> {
    const VECTOR: u32 = 0x1000;
    match kind {
        0x1e => string(bytes, page, false),
        0x1f => string(bytes, page, true),
        // Numbers, flags, dates.
        0x02 | 0x03 | 0x0b | 0x12 | 0x13 => (bytes.long()? != 0).then_some(Value::Number),
        0x05 | 0x07 | 0x14 | 0x15 | 0x40 => (bytes.double()? != 0).then_some(Value::Number),
        // A blob, or data of the clipboard.
        0x41 | 0x47 => {
            let size = bytes.long()?;
            Some(bytes.take(size)?).filter(|data| !data.is_empty()).map(blob)
        }
        // Vectors of texts and of values of any type.
        0x101e | 0x101f | 0x100c => {
            let count = bytes.long()?.min(MOST);
            let mut texts = Vec::new();
            for _ in 0..count {
                let own = if kind == 0x100c { bytes.long()? } else { kind ^ VECTOR };
                if own & VECTOR != 0 {
                    break;
                }
                if let Some(Value::Text(text)) = value(bytes, own, page) {
                    texts.push(text);
                }
            }
            (!texts.is_empty()).then(|| Value::Text(texts.join("\n")))
        }
        _ => None,
    }
}

/// The text in a blob, where it is one: `_PID_HLINKS` and `_PID_LINKBASE` hold UTF-16.
fn blob(data: &[u8]) -> Value {
    let text: String = utf16(data);
    let is_text = data.len().is_multiple_of(2) && text.trim_end_matches('\0').chars().all(|sign| !sign.is_control());
    let text = text.trim_end_matches('\0');
    if is_text && !text.contains('\u{fffd}') && !text.is_empty() {
        return Value::Text(text.to_owned());
    }
    Value::Blob(data.len())
}

fn string(bytes: &mut Bytes<'_>, page: u16, is_wide: bool) -> Option<Value> {
    let length = bytes.long()?;
    let size = if is_wide { length.checked_mul(2)? } else { length };
    let raw = bytes.take(size)?;
    if is_wide {
        let _ = bytes.take(padding(size)); // the last one of a set may lack it
    }
    let text = text(raw, if is_wide { 1200 } else { page });
    (!text.trim().is_empty()).then_some(Value::Text(text))
}
