//! The raw bytes of the copy: one header, one revision, one end, and a trailer without anything private. What lies between
//! is looked at in [`super::objects`].

use hayro_interpret::hayro_syntax::object::{Array, Dict, FromBytes, String};
use sha2::{Digest, Sha256};

use super::objects;
use crate::pdf_reading::Reading;
use crate::pdf_reading::budget::find;
use crate::prove::Check;
use crate::refusal::Refusal;

/// What a trailer or cross-reference stream needs. ISO 32000-2, tables 15 and 17.
const TRAILER: &[&[u8]] = &[b"Root", b"Size", b"ID", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms"];

/// Checks the objects of the copy and the frame around them.
pub(super) fn check(after: &Reading<'_>) -> Result<Check, Refusal> {
    let count = objects::check(after, frame(after.bytes)?)?;
    Ok(Check::new("one-revision", format!("one header, {count} objects, one trailer, one end")))
}

/// Checks what is around the objects: the offset of the cross-references.
fn frame(bytes: &[u8]) -> Result<usize, Refusal> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(Refusal::unprovable("the copy does not begin with its header"));
    }
    let ends = revision_ends(bytes);
    let [(start, end)] = ends.as_slice() else {
        return Err(Refusal::unprovable(format!("the copy has {} revisions", ends.len())));
    };
    if bytes.get(*end..).is_none_or(|rest| rest.iter().any(|byte| !matches!(byte, b'\r' | b'\n'))) {
        return Err(Refusal::unprovable("the copy has bytes after its end"));
    }
    let table = bytes.get(*start..).unwrap_or_default();
    let trailer = if table.starts_with(b"xref") { find(table, b"trailer") } else { find(table, b"obj") };
    let dictionary = trailer.and_then(|at| {
        let after = table.get(at..)?;
        after.get(find(after, b"<<")?..)
    });
    let Some(trailer) = dictionary.and_then(Dict::from_bytes) else {
        return Err(Refusal::unprovable("the copy has no trailer where its last line says"));
    };
    if trailer.keys().any(|key| !TRAILER.contains(&key.as_ref())) {
        return Err(Refusal::unprovable("the trailer of the copy has a key that it does not need"));
    }
    // Only a digest of what lies before it: an identifier that came from elsewhere would tell copies of one document.
    let digest = Sha256::digest(bytes.get(..*start).unwrap_or_default());
    let own = |identifier: String<'_>| digest.get(..16) == Some(identifier.as_bytes());
    if !trailer.get::<Array<'_>>(b"ID").is_some_and(|both| both.iter::<String<'_>>().all(own)) {
        return Err(Refusal::unprovable("the identifier of the copy is no digest of it"));
    }
    Ok(*start)
}

/// For every `startxref` with a number and `%%EOF` after it: the number, and where it ends.
fn revision_ends(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut ends = Vec::new();
    let mut from = 0_usize;
    while let Some(at) = bytes.get(from..).and_then(|rest| find(rest, b"startxref")) {
        from = from.saturating_add(at).saturating_add(9);
        let rest = bytes.get(from..).unwrap_or_default();
        let blank = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let before = blank(rest);
        let digits = rest.iter().skip(before).take_while(|byte| byte.is_ascii_digit()).count();
        let number =
            rest.get(before..before.saturating_add(digits)).and_then(|digits| std::str::from_utf8(digits).ok());
        let after = before.saturating_add(digits);
        let gap = blank(rest.get(after..).unwrap_or_default());
        let mark = after.saturating_add(gap);
        if let (Some(Ok(number)), true) =
            (number.map(str::parse::<usize>), rest.get(mark..).is_some_and(|rest| rest.starts_with(b"%%EOF")))
        {
            ends.push((number, from.saturating_add(mark).saturating_add(5)));
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"%PDF-1.7\n";

    #[test]
    fn the_frame_must_be_clean() {
        let digest = crate::report::hex(Sha256::digest(HEAD).get(..16).unwrap());
        let head = std::string::String::from_utf8(HEAD.to_vec()).unwrap();
        let text =
            format!("{head}xref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/ID[<{digest}><{digest}>]>>\nstartxref\n9\n%%EOF\n");
        assert_eq!(frame(text.as_bytes()).unwrap(), HEAD.len());
        for (what, bad) in [
            ("bytes before", format!("x{text}")),
            ("bytes after", format!("{text}x")),
            ("a second revision", format!("{text}startxref\n9\n%%EOF\n")),
            ("a private key", text.replace("/Size", "/DocChecksum/A/Size")),
            ("information", text.replace("/Size", "/Info 2 0 R/Size")),
            ("an earlier revision", text.replace("/Size", "/Prev 5/Size")),
            ("another identifier", text.replace("/ID[<", "/ID[<00")),
            ("a lost trailer", text.replace("startxref\n9", "startxref\n999")),
        ] {
            assert!(frame(bad.as_bytes()).is_err(), "{what}");
        }
    }
}
