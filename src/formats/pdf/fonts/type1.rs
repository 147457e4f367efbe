//! Type 1 programs: in the part that is not encrypted, comments and strings become spaces, in their places.
//!
//! Adobe Type 1 Font Format. The strings there are notices and names; glyphs do not depend on them.

use super::subset;
use crate::formats::pdf::content::tokens::{Kind, Token, Tokens};

/// What readers know a Type 1 program by; a version follows.
const HEADERS: [&[u8]; 2] = [b"%!PS-AdobeFont-", b"%!FontType"];
/// Words before which the clear text ends.
const ENCRYPTED: &[u8] = b"eexec";
/// The last word of a program.
const END: &[u8] = b"cleartomark";

/// The program without notices and what lies behind its end; none when it does not begin as one.
pub(super) fn neutral(bytes: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    // A segment header of the PC format may stand in front.
    let start = if bytes.first() == Some(&0x80) { 6 } else { 0 };
    let rest = bytes.get(start..)?;
    let header = HEADERS.iter().find(|header| rest.starts_with(header))?;
    let version = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let version = rest.iter().skip(header.len()).take(8).take_while(version).count();
    let start = start.checked_add(header.len())?.checked_add(version)?;
    let end = bytes.windows(ENCRYPTED.len()).position(|window| window == ENCRYPTED)?;
    let mut copy = bytes.to_vec();
    let first_line = bytes.get(start..end)?.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
    let body = start.checked_add(first_line)?;
    copy.get_mut(start..body)?.fill(b' ');
    let text = bytes.get(..end)?;
    let tokens: Vec<Token> = Tokens::new(text, body).collect();
    for (position, token) in tokens.iter().enumerate() {
        let inner = token.range.start.saturating_add(1);
        let is = |wanted: &[u8]| text.get(token.range.clone()) == Some(wanted);
        match token.kind {
            Kind::Comment => copy.get_mut(inner..token.range.end)?.fill(b' '),
            Kind::String(true) if text.get(token.range.start) == Some(&b'(') => {
                copy.get_mut(inner..token.range.end.saturating_sub(1))?.fill(b' ');
            }
            Kind::Name if is(b"/FontName") => {
                if let Some(value) = tokens.get(position.saturating_add(1)).filter(|next| next.kind == Kind::Name) {
                    let inside = value.range.start.saturating_add(1)..value.range.end;
                    let own = text.get(inside.clone())?;
                    copy.get_mut(inside)?.copy_from_slice(&subset::tagged(own, name));
                }
            }
            Kind::Name if is(b"/UniqueID") || is(b"/XUID") => {
                if let Some(end) = definition(text, tokens.get(position.saturating_add(1)..)?) {
                    copy.get_mut(token.range.start..end)?.fill(b' ');
                }
            }
            _ => {}
        }
    }
    if let Some(at) = bytes.windows(END.len()).rposition(|window| window == END) {
        copy.truncate(at.checked_add(END.len())?);
        copy.push(b'\n');
    }
    Some(copy)
}

/// The end of a definition of numbers: `5000793 def`, `[1000 1 5] readonly def`.
fn definition(text: &[u8], tokens: &[Token]) -> Option<usize> {
    let of_number = |token: &&Token| matches!(token.kind, Kind::Number | Kind::ArrayOpen | Kind::ArrayClose);
    let mut words = tokens.iter().skip(tokens.iter().take_while(of_number).count().max(1));
    let mut next = || words.next().map(|token| (text.get(token.range.clone()).unwrap_or_default(), token.range.end));
    match next()? {
        (b"def", end) => Some(end),
        (b"readonly", _) => next().filter(|(word, _)| *word == b"def").map(|(_, end)| end),
        _ => None,
    }
}
