//! Plain text, Markdown, CSV and JSON: nothing to strip, everything to read.
//!
//! A text file has no room for metadata: what it says is what a reader sees, so the bytes are copied as they are, byte
//! order mark and line ends included. The work is in being sure that it *is* text: bytes behind a text that no editor
//! shows would leave unseen. What holds NUL or other control characters, or cannot be decoded, is refused.

use std::io::Write;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::{Reason, Refusal};

/// Copies text files that are nothing but text.
pub(super) struct PlainText;

impl Handler for PlainText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::PlainText, Kind::Markdown, Kind::Csv, Kind::Json]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        _policy: &Policy,
        _context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        if !is_text(bytes) {
            return Err(Refusal::new(Reason::Damaged, "it holds bytes that are no text")
                .with_hint("save it in a text editor as UTF-8 and clean the new file"));
        }
        out.write_all(bytes).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(Report::default())
    }
}

/// True when every byte is part of a printable character or of a line, in UTF-8, UTF-16 with a mark, or a code page.
fn is_text(bytes: &[u8]) -> bool {
    match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else { return false };
            !text.chars().any(is_binary)
        }
        Some(_) => std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(is_binary)),
        // Code pages leave the ASCII control characters alone; which page it is matters to the reader of the text only.
        None => !bytes.iter().any(|byte| is_binary(char::from(*byte)) && byte.is_ascii()),
    }
}

/// Control characters that no text has. Tabs, line ends, page breaks, backspaces (overstruck manual pages), escapes
/// (terminal logs) and the old end-of-file mark occur in real text.
fn is_binary(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\x08' | '\x1b' | '\x1a')
}
