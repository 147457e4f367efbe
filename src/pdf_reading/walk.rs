//! A walk over everything in a document: every object that the cross-reference table lists, with what lies inside of it.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, MaybeRef, Object, ObjectIdentifier, Stream};

/// Direct objects nested deeper than this are not looked at; hayro does not even parse them.
const DEPTH: u32 = 200;

/// Something that was met.
pub(crate) enum Item<'b, 'a> {
    /// A dictionary, that of a stream included, with the key that it stands under; empty for objects of their own.
    Dict(&'b [u8], &'b Dict<'a>),
    /// A stream, after its dictionary.
    Stream(&'b Stream<'a>),
    /// A string, decrypted and unescaped.
    String(&'b [u8]),
}

/// Visits every object and everything directly inside of it. References are not followed: what they lead to is an object
/// of its own. The first argument is the number of the object where it is known.
pub(crate) fn walk(pdf: &Pdf, visit: &mut dyn FnMut(Option<ObjectIdentifier>, Item<'_, '_>)) {
    for object in pdf.objects() {
        let id = match &object {
            Object::Stream(stream) => stream.dict().obj_id(),
            Object::Dict(dict) => dict.obj_id(),
            _ => None,
        };
        visit_object(&object, id, b"", 0, visit);
    }
}

fn visit_object(
    object: &Object<'_>,
    id: Option<ObjectIdentifier>,
    key: &[u8],
    depth: u32,
    visit: &mut dyn FnMut(Option<ObjectIdentifier>, Item<'_, '_>),
) {
    if depth > DEPTH {
        return;
    }
    let deeper = depth.saturating_add(1);
    match object {
        Object::String(string) => visit(id, Item::String(string.as_bytes())),
        Object::Array(array) => {
            for item in array.raw_iter() {
                if let MaybeRef::NotRef(item) = item {
                    visit_object(&item, id, key, deeper, visit);
                }
            }
        }
        Object::Dict(dict) => visit_dict(dict, id, key, deeper, visit),
        Object::Stream(stream) => {
            visit_dict(stream.dict(), id, key, deeper, visit);
            visit(id, Item::Stream(stream));
        }
        Object::Null(_) | Object::Boolean(_) | Object::Number(_) | Object::Name(_) => {}
    }
}

fn visit_dict(
    dict: &Dict<'_>,
    id: Option<ObjectIdentifier>,
    key: &[u8],
    depth: u32,
    visit: &mut dyn FnMut(Option<ObjectIdentifier>, Item<'_, '_>),
) {
    visit(id, Item::Dict(key, dict));
    for (key, value) in dict.entries() {
        if let MaybeRef::NotRef(value) = value {
            visit_object(&value, id, key.as_ref(), depth, visit);
        }
    }
}

/// The name of an object as reports show it, for example `object 12 0`.
pub(crate) fn object_name(id: Option<ObjectIdentifier>) -> String {
    id.map_or_else(String::new, |id| format!("object {} {}", id.obj_number, id.gen_number))
}

/// The text of a PDF text string: UTF-16, UTF-8 or PDFDocEncoding by its first bytes. ISO 32000-2, 7.9.2.2.
pub(crate) fn text_of(string: &[u8]) -> String {
    match string {
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => string.iter().map(|byte| doc_encoding(*byte)).collect(),
    }
}

fn utf_16(bytes: &[u8], pair: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|two| two.first_chunk::<2>().map(|two| pair(*two)));
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    without_language_marks(&text)
}

/// Language codes stand between two escape characters (7.9.2.2.1).
fn without_language_marks(text: &str) -> String {
    if !text.contains('\u{1B}') {
        return text.to_owned();
    }
    text.split('\u{1B}').enumerate().filter(|(index, _)| index % 2 == 0).map(|(_, part)| part).collect()
}

/// PDFDocEncoding, ISO 32000-2, table D.2: Latin-1 but for these.
fn doc_encoding(byte: u8) -> char {
    match byte {
        0x18 => '\u{2D8}',
        0x19 => '\u{2C7}',
        0x1A => '\u{2C6}',
        0x1B => '\u{2D9}',
        0x1C => '\u{2DD}',
        0x1D => '\u{2DB}',
        0x1E => '\u{2DA}',
        0x1F => '\u{2DC}',
        0x80 => '\u{2022}',
        0x81 => '\u{2020}',
        0x82 => '\u{2021}',
        0x83 => '\u{2026}',
        0x84 => '\u{2014}',
        0x85 => '\u{2013}',
        0x86 => '\u{192}',
        0x87 => '\u{2044}',
        0x88 => '\u{2039}',
        0x89 => '\u{203A}',
        0x8A => '\u{2212}',
        0x8B => '\u{2030}',
        0x8C => '\u{201E}',
        0x8D => '\u{201C}',
        0x8E => '\u{201D}',
        0x8F => '\u{2018}',
        0x90 => '\u{2019}',
        0x91 => '\u{201A}',
        0x92 => '\u{2122}',
        0x93 => '\u{FB01}',
        0x94 => '\u{FB02}',
        0x95 => '\u{141}',
        0x96 => '\u{152}',
        0x97 => '\u{160}',
        0x98 => '\u{178}',
        0x99 => '\u{17D}',
        0x9A => '\u{131}',
        0x9B => '\u{142}',
        0x9C => '\u{153}',
        0x9D => '\u{161}',
        0x9E => '\u{17E}',
        0xA0 => '\u{20AC}',
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_are_decoded() {
        let cases: &[(&[u8], &str)] = &[
            (b"plain", "plain"),
            (b"\xFE\xFF\x00A\x20\xAC", "A€"),
            (b"\xFF\xFEA\x00\xAC\x20", "A€"),
            (b"\xEF\xBB\xBF\xE2\x82\xAC", "€"),
            (b"\xA0 5 \x85 \xE9", "€ 5 – é"),
            (b"\xFE\xFF\x00\x1B\x00e\x00n\x00\x1B\x00A", "A"),
        ];
        for (bytes, text) in cases {
            assert_eq!(text_of(bytes), *text);
        }
    }
}
