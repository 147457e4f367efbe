//! Text files: which encoding, and what they say.
//!
//! The text is given in stretches that begin at a line, so that a rule which spans lines still matches and each finding
//! knows its line. In JSON the escapes of strings are resolved first: `"Andr\u00e9"` reads as a person reads it.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::{Extraction, Extractor, Place, Scope, TextSpan};
use crate::formats::Context;
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Stretches have about this many bytes: long enough for any rule, short enough to count lines in.
const STRETCH: usize = 256 << 10;

/// Reads plain text, Markdown, CSV and JSON.
pub(crate) struct PlainTextExtractor;

impl Extractor for PlainTextExtractor {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::PlainText, Kind::Markdown, Kind::Csv, Kind::Json]
    }

    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let decoded = decode(bytes)?;
        context.charge_decompressed(decoded.len() as u64)?;
        let decoded = match kind {
            Kind::Json => Cow::Owned(resolve_json_escapes(&decoded)),
            _ => decoded,
        };
        // Files of old Macs end lines with a carriage return alone.
        let text = if decoded.contains('\n') { decoded } else { Cow::Owned(decoded.replace('\r', "\n")) };
        let mut spans = Vec::new();
        let (mut rest, mut line) = (text.as_ref(), 1_u64);
        while !rest.is_empty() {
            let (stretch, behind) = rest.split_at(stretch_end(rest));
            spans.push(TextSpan::new(stretch, Place::Line { line }, Scope::Body));
            line = line.saturating_add(stretch.matches('\n').count() as u64);
            rest = behind;
        }
        Ok(Extraction { spans, ..Extraction::default() })
    }
}

/// The text of a file: by its byte order mark, as UTF-8, or in the code page that its bytes look like.
///
/// # Errors
/// [`crate::Reason::Damaged`] when the bytes are no text in that encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (guess(bytes), 0),
    };
    let body = bytes.get(mark..).unwrap_or_default();
    encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .filter(|text| !text.contains('\0'))
        .filter(|text| encoding == UTF_8 || !text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c) && c != '\u{85}'))
        .ok_or_else(|| Refusal::damaged(format!("it is no text in {}", encoding.name())))
}

/// The code page that bytes which are not UTF-8 look like.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// Where a stretch that begins at the start of `text` ends: after a blank line if there is one, else after a line.
fn stretch_end(text: &str) -> usize {
    if text.len() <= STRETCH {
        return text.len();
    }
    let end = (0..=STRETCH).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let window = text.get(..end).unwrap_or(text);
    let blank = window.rfind("\n\n").map(|at| at.saturating_add(2)).filter(|at| *at > STRETCH / 2);
    blank.or_else(|| window.rfind('\n').map(|at| at.saturating_add(1))).filter(|at| *at > 0).unwrap_or(end)
}

/// JSON with the escapes in its strings resolved (RFC 8259, section 7). Line ends inside of strings become spaces, so that
/// line numbers stay; what is no valid escape stays as it is.
fn resolve_json_escapes(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut chars = json.chars();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '\\' if in_string => match chars.next() {
                Some(quoted @ ('"' | '\\' | '/')) => out.push(quoted),
                Some('n' | 'r' | 't' | 'f' | 'b') => out.push(' '),
                Some('u') => match unicode_escape(chars.as_str()) {
                    Some((found, length)) => {
                        out.push(if matches!(found, '\n' | '\r') { ' ' } else { found });
                        chars = chars.as_str().get(length..).unwrap_or_default().chars();
                    }
                    None => out.push_str("\\u"),
                },
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

/// The character of an escape whose `\u` was read, and how many bytes of `rest` belong to it.
fn unicode_escape(rest: &str) -> Option<(char, usize)> {
    let unit = |text: Option<&str>| u32::from_str_radix(text?, 16).ok();
    let first = unit(rest.get(..4))?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, 4));
    }
    let second = unit(rest.get(4..)?.strip_prefix("\\u")?.get(..4)).filter(|low| (0xdc00..0xe000).contains(low))?;
    let code = 0x1_0000_u32.checked_add((first & 0x3ff) << 10)?.checked_add(second & 0x3ff)?;
    Some((char::from_u32(code)?, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes() {
        for (json, text) in [
            (r#"{"a": "Andr\u00e9"}"#, r#"{"a": "André"}"#),
            (r#""C:\\Users\\x""#, r#""C:\Users\x""#),
            (r#""a\nb\/c""#, r#""a b/c""#),
            (r#""\ud83d\ude00 \ud83d x""#, "\"😀 \\ud83d x\""),
            (r#"\u0041 "\u00""#, r#"\u0041 "\u00""#),
        ] {
            assert_eq!(resolve_json_escapes(json), text);
        }
    }

    #[test]
    fn stretches_end_at_lines() {
        let text = "0123456789\n".repeat(60_000);
        let end = stretch_end(&text);
        assert!(end > STRETCH / 2 && end <= STRETCH);
        assert_eq!(text.as_bytes()[end - 1], b'\n');
        assert_eq!(stretch_end(&"ä".repeat(STRETCH)), STRETCH);
    }
}
