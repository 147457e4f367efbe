//! What stays of the text itself.

use std::borrow::Cow;

use super::cleaning::Cleaning;
use super::destinations::Words;
use super::state::State;
use crate::policy::Class;

impl Cleaning<'_> {
    /// The text that stays of a text.
    pub(super) fn text<'a>(&mut self, text: Cow<'a, [u8]>, state: State, words: Words) -> Option<Cow<'a, [u8]>> {
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let says_nothing = text.iter().all(|byte| byte.is_ascii_whitespace());
        if state.is_deleted() && matches!(words, Words::Shown | Words::Kept) && !text.iter().all(is_break) {
            self.accepted("\\deleted");
            return None;
        }
        match words {
            Words::Shown if state.is_hidden() && !says_nothing => self.hidden(),
            Words::Nothing | Words::Separators => {
                let stays = |byte: &u8| is_break(byte) || (words == Words::Separators && *byte == b';');
                if text.iter().all(stays) {
                    return Some(text);
                }
                let kept: Vec<u8> = text.iter().copied().filter(stays).collect();
                let rest = text.len().saturating_sub(kept.len());
                if text.iter().any(|byte| !byte.is_ascii_whitespace() && !stays(byte)) {
                    self.report.removed_bytes(Class::ContentUnknown, "text where no text can be", "", rest);
                }
                return (!kept.is_empty()).then_some(Cow::Owned(kept));
            }
            _ => {}
        }
        let (kept, unseen) = without_controls(&text, words);
        if unseen > 0 {
            self.report.removed_bytes(Class::ContentUnknown, "control characters and empty lines", "", unseen);
            return (!kept.is_empty()).then_some(Cow::Owned(kept));
        }
        Some(text)
    }
}

/// A text without control characters, written plainly anywhere and as `\'xx` where text is shown, and without more than one
/// line break in a row. The second part is how many bytes that were.
fn without_controls(text: &[u8], words: Words) -> (Vec<u8>, usize) {
    let mut kept = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.first() {
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let taken = match rest {
            _ if breaks > 0 => breaks,
            [b'\\', b'\'', _, _, ..] => 4,
            _ => 1,
        };
        let (piece, tail) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
        match piece {
            [b'\\', _, high, low] => {
                let control =
                    matches!(high, b'0' | b'1') && !matches!((high, low), (b'0', b'9' | b'a' | b'A' | b'd' | b'D'));
                if !control || words != Words::Shown {
                    kept.extend_from_slice(piece);
                }
            }
            _ if breaks > 2 => kept.extend_from_slice(b"\r\n"),
            _ if breaks > 0 || *first == b'\t' || *first >= b' ' => kept.extend_from_slice(piece),
            _ => {}
        }
        rest = tail;
    }
    let unseen = text.len().saturating_sub(kept.len());
    (kept, unseen)
}
