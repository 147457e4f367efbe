//! What stays of the text itself.

use std::borrow::Cow;

use super::cleaning::Cleaning;
use super::destinations::Words;
use super::state::State;
use super::text;
use super::tree::{Group, Node};
use crate::policy::Class;

impl Cleaning<'_> {
    /// The text that stays of a text.
    pub(super) fn text<'a>(&mut self, text: Cow<'a, [u8]>, state: State, words: Words) -> Option<Cow<'a, [u8]>> {
        let size = text.len();
        let says_nothing = text.iter().all(|byte| byte.is_ascii_whitespace());
        if state.is_deleted() && matches!(words, Words::Shown | Words::Kept) && !text.iter().all(|byte| is_break(&byte))
        {
            self.accepted("\\deleted");
            return None;
        }
        match words {
            Words::Shown if self.removes_in(state, words) && !text.iter().all(|byte| is_break(&byte)) => {
                let hidden = Group { nodes: vec![Node::Text(text)] };
                self.hidden_text(text::of(&hidden, self.encoding));
                return None;
            }
            Words::Shown if state.is_hidden() && !says_nothing => self.hidden(),
            Words::Nothing | Words::Separators => {
                let stays = |byte: &u8| is_break(&byte) || (words == Words::Separators && *byte == b';');
                let kept: Vec<u8> = text.iter().copied().filter(stays).collect();
                let rest = text.len().saturating_sub(kept.len());
                if text.iter().any(|byte| !byte.is_ascii_whitespace() && !stays(byte)) {
                    self.report.removed_bytes(Class::ContentUnknown, "text where no text can be", "", rest);
                }
                let kept = if rest == 0 { text } else { Cow::Owned(kept) };
                return (!kept.is_empty()).then(|| with_short_breaks(kept));
            }
            _ => {}
        }
        let kept = without_controls(text, words);
        let kept = with_short_breaks(kept);
        if kept.len() < size {
            let gone = size.saturating_sub(kept.len());
            self.report.removed_bytes(Class::ContentUnknown, "control characters and empty lines", "", gone);
        }
        (!kept.is_empty()).then_some(kept)
    }
}

/// Puts a text behind another one.
pub(super) fn join<'a>(before: &mut Cow<'a, [u8]>, text: &[u8]) {
    let (at_end, at_start) =
        (before.iter().rev().take_while(is_break).count(), text.iter().take_while(is_break).count());
    let before = before.to_mut();
    if at_end.saturating_add(at_start) > MOST_BREAKS {
        before.truncate(before.len().saturating_sub(at_end));
        before.extend_from_slice(b"\r\n");
        before.extend(text.iter().skip(at_start));
    } else {
        before.extend_from_slice(text);
    }
}

/// Line breaks say nothing; how many there are could. One is as many bytes as this on most systems.
const MOST_BREAKS: usize = 2;

#[allow(clippy::trivially_copy_pass_by_ref)] // iterators hand out references
fn is_break(byte: &&u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// A text without more than one line break in a row.
fn with_short_breaks(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if !text.windows(MOST_BREAKS.saturating_add(1)).any(|window| window.iter().all(|byte| is_break(&byte))) {
        return text;
    }
    let mut kept = Vec::with_capacity(text.len());
    for piece in text.chunk_by(|one, other| is_break(&one) == is_break(&other)) {
        let is_long = piece.len() > MOST_BREAKS && piece.first().is_some_and(|byte| is_break(&byte));
        kept.extend_from_slice(if is_long { b"\r\n" } else { piece });
    }
    Cow::Owned(kept)
}

/// A text without control characters, written plainly anywhere and as `\'xx` where text is shown.
fn without_controls(text: Cow<'_, [u8]>, words: Words) -> Cow<'_, [u8]> {
    let is_control = |piece: &[u8]| match piece {
        [b'\\', _, high, low] => {
            words == Words::Shown
                && matches!(high, b'0' | b'1')
                && !matches!((high, low), (b'0', b'9' | b'a' | b'A' | b'd' | b'D'))
        }
        [byte, ..] => *byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n'),
        [] => false,
    };
    if !pieces(&text).any(is_control) {
        return text;
    }
    Cow::Owned(pieces(&text).filter(|piece| !is_control(piece)).flatten().copied().collect())
}

/// The bytes and escapes of a text.
fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let size = if rest.starts_with(b"\\'") { 4 } else { 1 };
        let (piece, tail) = rest.split_at_checked(size.min(rest.len()))?;
        rest = tail;
        (!piece.is_empty()).then_some(piece)
    })
}
