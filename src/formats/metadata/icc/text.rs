//! Texts in a profile: what they say, and those that say nothing.

use super::types::{long, pad, short, stretch, typed};
use crate::formats::metadata::text_or_latin1;

/// A text for a copy: multiLocalizedUnicodeType (section 10.15) in version 4, else textDescriptionType (ICC.1:2001-04,
/// section 6.5.17) or textType (section 10.24).
pub(super) fn neutral(text: &str, is_version_4: bool, is_description: bool) -> Vec<u8> {
    let short_text = |size: usize| u32::try_from(size).unwrap_or(0).to_be_bytes(); // a word of ours
    let ended = [text.as_bytes(), &[0]].concat();
    if is_version_4 {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let record = [b"enUS".as_slice(), &short_text(wide.len()), &28_u32.to_be_bytes()].concat();
        typed(b"mluc", &[&1_u32.to_be_bytes(), &12_u32.to_be_bytes(), &record, &wide])
    } else if is_description {
        // No text in Unicode, none for the Macintosh.
        typed(b"desc", &[&short_text(ended.len()), &ended, &[0; 8], &[0; 70]])
    } else {
        typed(b"text", &[&ended])
    }
}

/// The texts in the data of a tag, as far as its type is one for text.
pub(super) fn read(data: &[u8]) -> Vec<String> {
    let texts = match data.first_chunk::<4>() {
        Some(b"text") => vec![text_or_latin1(data.get(8..).unwrap_or_default())],
        Some(b"desc") => description(data),
        Some(b"mluc") => localised(data).unwrap_or_default(),
        _ => Vec::new(),
    };
    let trimmed = texts.iter().map(|text| text.trim_matches(['\0', ' ', '\r', '\n', '\t']).to_owned());
    trimmed.filter(|text| !text.is_empty()).collect()
}

/// ASCII, Unicode and Macintosh text of a textDescriptionType.
fn description(data: &[u8]) -> Vec<String> {
    let size = |at| long(data, at).and_then(|size| usize::try_from(size).ok());
    let mut texts = Vec::new();
    let Some(ascii) = size(8) else { return texts };
    texts.extend(stretch(data, 12, ascii).map(text_or_latin1));
    let Some(unicode) = ascii.checked_add(16).and_then(|at| Some((at.checked_add(4)?, size(at)?.checked_mul(2)?)))
    else {
        return texts;
    };
    texts.extend(stretch(data, unicode.0, unicode.1).map(utf16));
    // Behind a script code and a size.
    let macintosh = unicode.0.checked_add(unicode.1).and_then(|at| data.get(at.checked_add(3)?..));
    texts.extend(macintosh.map(text_or_latin1));
    texts
}

/// The texts of a multiLocalizedUnicodeType, one per language.
fn localised(data: &[u8]) -> Option<Vec<String>> {
    let (count, size) = (long(data, 8)?, usize::try_from(long(data, 12)?).ok()?.max(12));
    let mut texts = Vec::new();
    for record in data.get(16..)?.chunks(size).take(usize::try_from(count).ok()?).take(MOST_LANGUAGES) {
        let position = |at| long(record, at).and_then(|number| usize::try_from(number).ok());
        if let (Some(size), Some(at)) = (position(4), position(8)) {
            texts.extend(stretch(data, at, size).map(utf16));
        }
    }
    Some(texts)
}

/// Languages whose texts are read.
const MOST_LANGUAGES: usize = 100;

fn utf16(bytes: &[u8]) -> String {
    let most = bytes.len().min(crate::formats::metadata::MOST_TEXT) / 2;
    let units: Vec<u16> = (0..most).filter_map(|index| short(bytes, index.saturating_mul(2))).collect();
    String::from_utf16_lossy(&units)
}

/// Whether the data are exactly a neutral text.
pub(super) fn is_neutral(data: &[u8], neutral: &[u8]) -> bool {
    let mut padded = neutral.to_vec();
    pad(&mut padded);
    data == neutral || data == padded
}
