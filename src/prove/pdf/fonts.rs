//! What may not be left in fonts: names in embedded programs, comments in character maps.

use hayro_interpret::hayro_syntax::object::{Dict, Stream};

use crate::pdf_reading::Reading;
use crate::pdf_reading::walk::{Item, object_name, walk};
use crate::prove::Check;
use crate::refusal::Refusal;

/// Tables of an sfnt font that say who made it, when and with what.
const TELLING: &[&[u8; 4]] =
    &[b"DSIG", b"FFTM", b"TTFA", b"meta", b"PCLT", b"Zapf", b"ltag", b"prop", b"bloc", b"info"];

/// Looks into every font of the copy.
pub(super) fn check(after: &Reading<'_>) -> Result<Check, Refusal> {
    let mut failed: Option<Refusal> = None;
    let mut programs = 0_u64;
    walk(after.pdf, &mut |id, item| {
        let Item::Dict(_, dict) = item else { return };
        let mut look = |key: &[u8], left: fn(&[u8]) -> Option<&'static str>| {
            let Some(stream) = stream_under(dict, key) else { return };
            programs = programs.saturating_add(1);
            let data = stream.decoded_data().unwrap_or_default();
            if let (None, Some(what)) = (&failed, left(&data)) {
                failed = Some(Refusal::unprovable(format!("the copy still has {what}")).in_part(object_name(id)));
            }
        };
        for key in [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"] {
            look(key, in_program);
        }
        for key in [b"ToUnicode".as_slice(), b"Encoding", b"UseCMap"] {
            look(key, in_map);
        }
    });
    match failed {
        Some(refusal) => Err(refusal),
        None => Ok(Check::new("fonts-neutral", format!("{programs} font programs and character maps"))),
    }
}

fn stream_under<'a>(dict: &Dict<'a>, key: &[u8]) -> Option<Stream<'a>> {
    dict.get::<Stream<'a>>(key)
}

fn in_program(data: &[u8]) -> Option<&'static str> {
    match data {
        [b'%', b'!', ..] => in_type_1(data),
        [1, 0, ..] => in_cff(data),
        _ => in_sfnt(data),
    }
}

fn number(data: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*data.get(at..)?.first_chunk::<4>()?)).ok()
}

/// Private tables, and names in the naming table.
fn in_sfnt(data: &[u8]) -> Option<&'static str> {
    let count = u16::from_be_bytes(*data.get(4..)?.first_chunk::<2>()?);
    for record in data.get(12..)?.chunks_exact(16).take(usize::from(count)) {
        let tag = record.first_chunk::<4>()?;
        if TELLING.contains(&tag) {
            return Some("a private table in a font");
        }
        if tag == b"CFF " {
            let table = data.get(number(record, 8)?..)?;
            if let Some(what) = in_cff(table) {
                return Some(what);
            }
        }
        if tag == b"name" {
            let at = number(record, 8)?;
            let records = data.get(at.checked_add(2)?..)?.first_chunk::<2>()?;
            if *records != [0, 0] {
                return Some("names in a font");
            }
        }
        if tag == b"head" {
            let at = number(record, 8)?;
            let dates = data.get(at.checked_add(20)?..at.checked_add(36)?)?;
            if number(record, 12)? >= 36 && dates.iter().any(|byte| *byte != 0) {
                return Some("dates in a font");
            }
        }
    }
    None
}

/// An INDEX of a compact font (Adobe Technical Note 5176, 5): its objects, and what comes behind it.
fn objects(data: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let (count, rest) = data.split_first_chunk::<2>()?;
    let count = usize::from(u16::from_be_bytes(*count));
    if count == 0 {
        return Some((Vec::new(), rest));
    }
    let (size, rest) = rest.split_first()?;
    let size = usize::from(*size);
    let (table, rest) = rest.split_at_checked(count.checked_add(1)?.checked_mul(size)?)?;
    let offset = |bytes: &[u8]| bytes.iter().fold(0_usize, |value, byte| (value << 8) | usize::from(*byte));
    let offsets: Vec<usize> = table.chunks_exact(size.max(1)).map(|bytes| offset(bytes).saturating_sub(1)).collect();
    let object = |pair: &[usize]| rest.get(*pair.first()?..*pair.last()?);
    let objects = offsets.windows(2).map(object).collect::<Option<Vec<_>>>()?;
    Some((objects, rest.get(*offsets.last()?..)?))
}

/// The strings that a DICT names as version, notices and names: operators 0 to 4, 12 0, 12 21, 12 22 and 12 38.
fn telling_strings(dict: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut operand: Option<usize> = None;
    let mut rest = dict;
    while let Some((first, after)) = rest.split_first() {
        let (value, length) = match (first, after) {
            (0..=4, _) | (12, [0 | 21 | 22 | 38, ..]) => {
                found.extend(operand);
                (None, usize::from(*first == 12))
            }
            (12, _) => (None, 1),
            (28, [high, low, ..]) => (Some(usize::from(u16::from_be_bytes([*high, *low]))), 2),
            (29, [_, _, high, low, ..]) => (Some(usize::from(u16::from_be_bytes([*high, *low]))), 4),
            (30, _) => {
                (None, after.iter().position(|byte| byte & 15 == 15).map_or(after.len(), |at| at.saturating_add(1)))
            }
            (32..=246, _) => (usize::from(*first).checked_sub(139), 0),
            (247..=250, [low, ..]) => (
                Some(
                    (usize::from(*first).saturating_sub(247) << 8)
                        .saturating_add(usize::from(*low))
                        .saturating_add(108),
                ),
                1,
            ),
            (251..=254, _) => (None, 1),
            _ => (None, 0),
        };
        operand = value;
        rest = after.get(length..).unwrap_or_default();
    }
    found
}

/// Notices and names among the strings of a compact font. The first 391 strings are those that every reader knows.
fn in_cff(data: &[u8]) -> Option<&'static str> {
    let header = usize::from(*data.get(2)?);
    let (_, rest) = objects(data.get(header..)?)?;
    let (dicts, rest) = objects(rest)?;
    let (strings, _) = objects(rest)?;
    let told = dicts.into_iter().flat_map(telling_strings).filter_map(|number| strings.get(number.checked_sub(391)?));
    told.flat_map(|string| *string).any(|byte| *byte != b' ').then_some("a notice or a name in a font")
}

/// Anything in comments or strings of the clear text.
fn in_type_1(data: &[u8]) -> Option<&'static str> {
    let end = data.windows(5).position(|window| window == b"eexec")?;
    let text = data.get(..end)?;
    let first = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let (mut comment, mut string) = (false, false);
    for byte in text.iter().skip(first) {
        match byte {
            b'\r' | b'\n' => comment = false,
            b' ' => {}
            _ if comment => return Some("a comment in a font"),
            b')' => string = false,
            _ if string => return Some("a notice in a font"),
            b'%' => comment = true,
            b'(' => string = true,
            _ => {}
        }
    }
    None
}

/// Comments of a character map; strings between `<` and `>` are numbers.
fn in_map(data: &[u8]) -> Option<&'static str> {
    let mut string = false;
    for byte in data {
        match byte {
            b'(' => string = true,
            b')' => string = false,
            b'%' if !string => return Some("a comment in a character map"),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_comments_are_seen() {
        assert_eq!(in_type_1(b"%!PS-AdobeFont-1.0    \n%   \n/Notice (  ) def eexec"), None);
        assert!(in_type_1(b"%!PS-AdobeFont-1.0\n% Ada\neexec").is_some());
        assert!(in_type_1(b"%!PS-AdobeFont-1.0\n/Notice (Ada) def eexec").is_some());
        assert_eq!(in_map(b"<41> (%) def"), None);
        assert!(in_map(b"% Ada\n<41>").is_some());
        let font = |tag: &[u8], table: &[u8]| {
            [b"\0\x01\0\0\0\x01\0\0\0\0\0\0", tag, &[0; 4], b"\0\0\0\x1c\0\0\0\x06", table].concat()
        };
        assert_eq!(in_sfnt(&font(b"name", &[0, 0, 0, 0, 0, 6])), None);
        assert!(in_sfnt(&font(b"name", &[0, 0, 0, 1, 0, 6])).is_some());
        assert!(in_sfnt(&font(b"FFTM", &[0; 6])).is_some());
    }
}
