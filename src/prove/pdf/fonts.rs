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
        look(b"ToUnicode", in_map);
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
        [1, 0, 4 | 5, ..] => None,
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
