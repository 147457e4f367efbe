//! Character maps (9.7.5, 9.10.3): comments go, and names of the program's choice in maps to Unicode become the usual ones.

use crate::formats::pdf::content::splice::Edits;
use crate::formats::pdf::content::tokens::{Kind, Token, Tokens};

/// What a map to Unicode is called where nobody calls it anything else.
pub(super) const TO_UNICODE: &[u8] = b"Adobe-Identity-UCS";
/// Where a map begins: what stands before it are comments and what they need.
const BEGIN: &[u8] = b"begincmap";

/// The map without comments; `to_unicode` for those whose names mean nothing.
pub(super) fn neutral(bytes: &[u8], to_unicode: bool) -> Vec<u8> {
    let mut edits = Edits::default();
    let tokens: Vec<Token> = Tokens::new(bytes, 0).collect();
    let text = |token: &Token| bytes.get(token.range.clone()).unwrap_or_default();
    let is_map = tokens.iter().any(|token| text(token) == BEGIN);
    let mut before: Option<&[u8]> = None;
    for token in &tokens {
        match token.kind {
            Kind::Comment => {
                edits.drop(token.range.clone());
                continue;
            }
            Kind::String(true) if to_unicode && is_map && text(token).starts_with(b"(") => {
                edits.replace(
                    token.range.clone(),
                    match before {
                        Some(b"/Registry") => b"(Adobe)".to_vec(),
                        Some(b"/Ordering") => b"(UCS)".to_vec(),
                        _ => b"()".to_vec(),
                    },
                );
            }
            Kind::Name if to_unicode && is_map && before == Some(b"/CMapName") => {
                edits.replace(token.range.clone(), [b"/", TO_UNICODE].concat());
            }
            _ => {}
        }
        before = Some(text(token));
    }
    edits.apply(bytes)
}
