//! The text of strings that are shown in a font (9.4.3), as far as the font tells: for reports about text that was taken out.

use std::collections::BTreeMap;

use super::operations::{Operand, Operation, inside, values};
use super::tokens::{Kind, Token, Tokens};
use crate::formats::Context;
use crate::formats::pdf::source::{Dictionary, Object, Source};
use crate::formats::pdf::streams::{decode, filters};
use crate::refusal::Refusal;

/// Ranges of a character map are written out up to this many characters.
const LONGEST_RANGE: u32 = 1 << 16;

/// The strings that an operation shows, unescaped.
pub(super) fn strings(bytes: &[u8], operation: &Operation<'_>) -> Vec<Vec<u8>> {
    let Some((kind, range)) = operation.operands.last() else { return Vec::new() };
    let ranges = match kind {
        Operand::String => vec![range.clone()],
        Operand::Array => values(bytes, inside(range, Operand::Array))
            .into_iter()
            .filter(|(kind, _)| *kind == Some(Operand::String))
            .map(|(_, range)| range)
            .collect(),
        _ => Vec::new(),
    };
    ranges.into_iter().map(|range| unescaped(bytes.get(range).unwrap_or_default())).collect()
}

/// The bytes of a string operand (7.3.4).
pub(super) fn unescaped(token: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(token.len());
    if token.starts_with(b"<") {
        let digits: Vec<u8> = token.iter().filter_map(|byte| char::from(*byte).to_digit(16)?.try_into().ok()).collect();
        out.extend(digits.chunks(2).map(|pair| match pair {
            [high, low] => (high << 4) | low,
            [high] => high << 4,
            _ => 0,
        }));
        return out;
    }
    let inner = token.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")).unwrap_or(token);
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(b'b') => out.push(8),
            Some(b'f') => out.push(12),
            Some(first @ b'0'..=b'7') => {
                let mut code = u32::from(first.wrapping_sub(b'0'));
                for _ in 0..2 {
                    let Some(digit) = bytes.next_if(|byte| matches!(byte, b'0'..=b'7')) else { break };
                    code = (code << 3) | u32::from(digit.wrapping_sub(b'0'));
                }
                out.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            Some(b'\r') => drop(bytes.next_if_eq(&b'\n')),
            Some(b'\n') | None => {}
            Some(other) => out.push(other),
        }
    }
    out
}

/// The text of strings in a font: by its map to Unicode, else as Latin letters for a font of one byte each; nothing where the
/// font does not tell.
///
/// # Errors
/// What comes from unpacking the map.
pub(super) fn text(
    source: &Source,
    font: Option<&Dictionary>,
    strings: &[Vec<u8>],
    context: &Context<'_>,
) -> Result<String, Refusal> {
    let map = match font {
        Some(font) => characters(source, font, context)?,
        None => None,
    };
    let composite = match font {
        Some(font) => source.name(font, "Subtype")? == Some(b"Type0"),
        None => false,
    };
    let width = if composite { 2 } else { 1 };
    let mut out = String::new();
    for code in strings.iter().flat_map(|string| string.chunks(width)) {
        match map.as_ref().and_then(|map| map.get(code)) {
            Some(text) => out.push_str(text),
            None if !composite => out.extend(code.iter().map(|byte| char::from(*byte))),
            None => {}
        }
    }
    Ok(out)
}

/// The characters that the codes of a font stand for, as its map to Unicode tells; nothing where it has none.
///
/// # Errors
/// What comes from unpacking the map.
pub(in crate::formats::pdf) fn characters(
    source: &Source,
    font: &Dictionary,
    context: &Context<'_>,
) -> Result<Option<BTreeMap<Vec<u8>, String>>, Refusal> {
    let Object::Stream(stream) = source.get(font, "ToUnicode")? else { return Ok(None) };
    let filters = filters(source, stream)?;
    Ok(Some(to_unicode(&decode(source, &stream.content, &filters, context)?)))
}

/// The characters of a map to Unicode (9.10.3).
fn to_unicode(map: &[u8]) -> BTreeMap<Vec<u8>, String> {
    let mut found = BTreeMap::new();
    let tokens: Vec<Token> = Tokens::new(map, 0).collect();
    let word = |token: &Token| map.get(token.range.clone()).unwrap_or_default();
    let mut codes: Vec<Vec<u8>> = Vec::new();
    let mut list = false;
    for token in &tokens {
        match token.kind {
            Kind::ArrayOpen => list = true,
            Kind::ArrayClose => list = false,
            Kind::String(true) => codes.push(unescaped(word(token))),
            Kind::Word => {
                match word(token) {
                    b"endbfchar" => found.extend(codes.chunks_exact(2).filter_map(|pair| match pair {
                        [code, text] => Some((code.clone(), utf_16(text))),
                        _ => None,
                    })),
                    b"endbfrange" => codes.chunks_exact(3).for_each(|range| extend(&mut found, range)),
                    _ => {}
                }
                codes.clear();
            }
            _ => {}
        }
        // Ranges with a list of texts are rare; what follows them in the block would be read askew.
        if list {
            codes.clear();
        }
    }
    found
}

fn extend(found: &mut BTreeMap<Vec<u8>, String>, range: &[Vec<u8>]) {
    let [first, last, text] = range else { return };
    let number = |code: &[u8]| code.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let count = number(last).saturating_sub(number(first)).min(LONGEST_RANGE);
    for step in 0..=count {
        let code = number(first).saturating_add(step).to_be_bytes();
        let code = code.get(4_usize.saturating_sub(first.len().min(4))..).unwrap_or_default();
        let (start, end) = text.split_at_checked(text.len().saturating_sub(2)).unwrap_or((&[], text));
        let unit = u16::try_from(number(end).saturating_add(step)).unwrap_or(u16::MAX);
        found.insert(code.to_vec(), utf_16(&[start, &unit.to_be_bytes()].concat()));
    }
}

fn utf_16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|two| two.first_chunk::<2>().map(|two| u16::from_be_bytes(*two)));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_unescaped() {
        for (token, bytes) in [
            (b"(a\\(b\\)\\101\\n)".as_slice(), b"a(b)A\n".as_slice()),
            (b"<4 1 4>", b"A@"),
            (b"(a\\\r\nb\\\\)", b"ab\\"),
        ] {
            assert_eq!(unescaped(token), bytes);
        }
    }

    #[test]
    fn maps_tell_characters() {
        let map = b"2 beginbfchar <01> <0041> <02> <00660069> endbfchar 1 beginbfrange <10> <12> <0061> endbfrange";
        let map = to_unicode(map);
        let text: String =
            [[1], [2], [0x10], [0x12]].iter().filter_map(|code| map.get(code.as_slice())).cloned().collect();
        assert_eq!(text, "Afiac");
    }
}
