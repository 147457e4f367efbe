//! The text of Word documents: paragraphs and cells of every story, instructions of fields, and what quick saves left behind.

use super::super::{Extraction, Place, Scope};
use crate::legacy_reading::Compound;
use crate::legacy_reading::word::{Fib, Table, strings};
use crate::refusal::Refusal;

const STREAM: &str = "WordDocument";

pub(super) fn extract(compound: &mut Compound<'_, '_>, out: &mut Extraction) -> Result<(), Refusal> {
    let stream = compound.read(STREAM)?;
    let place = || Place::Part { part: STREAM.to_owned() };
    let Some(fib) = Fib::read(&stream) else {
        out.unread(place(), "it is too short", false);
        return Ok(());
    };
    if fib.is_encrypted || !fib.is_known {
        let why = if fib.is_encrypted { "it is locked with a password" } else { "it is of Word 95 or older" };
        out.unread(place(), why, false);
        return Ok(());
    }
    let tables = compound.read(fib.table_stream)?;
    let Some(stories) = fib.text(&tables) else {
        out.unread(place(), "its pieces cannot be put together", false);
        return Ok(());
    };
    let mut paragraphs = Paragraphs { number: 1, out };
    for (scope, text) in stories {
        paragraphs.story(&text, scope);
    }
    for remnant in fib.remnants(&tables).unwrap_or_default() {
        // Nothing says how it is coded: text of both kinds is in there, and each reading finds its own.
        let narrow: String = remnant.iter().filter(|byte| **byte != 0).copied().map(char::from).collect();
        out.span(&narrow, place(), Scope::Hidden);
    }
    for name in strings(fib.table(Table::Bookmarks, &tables)) {
        out.span(&name, place(), Scope::Bookmark);
    }
    for table in [Table::SavedBy, Table::Associated, Table::Variables, Table::FileNames] {
        for text in strings(fib.table(table, &tables)) {
            out.span(&text, Place::Metadata { item: format!("{table:?}") }, Scope::Metadata);
        }
    }
    Ok(())
}

/// Cuts stories into paragraphs.
struct Paragraphs<'o> {
    number: u32,
    out: &'o mut Extraction,
}

impl Paragraphs<'_> {
    fn story(&mut self, text: &str, scope: Scope) {
        // Instructions of fields stand between their first and second mark ([MS-DOC] 2.8.25); fields may lie in fields.
        let mut instructions: Vec<String> = Vec::new();
        let mut shown = String::new();
        let mut in_result: Vec<bool> = Vec::new();
        for sign in text.chars() {
            match sign {
                '\u{13}' => {
                    in_result.push(false);
                    instructions.push(String::new());
                }
                '\u{14}' => {
                    if let Some(last) = in_result.last_mut() {
                        *last = true;
                    }
                }
                '\u{15}' => {
                    in_result.pop();
                    let instruction = instructions.pop().unwrap_or_default();
                    self.out.span(&instruction, self.place(), Scope::Field);
                }
                '\r' | '\u{7}' | '\u{c}' | '\u{e}' if in_result.iter().all(|in_result| *in_result) => {
                    self.end(&mut shown, scope);
                }
                _ => {
                    let into = match (in_result.last(), instructions.last_mut()) {
                        (Some(false), Some(instruction)) => instruction,
                        _ => &mut shown,
                    };
                    match sign {
                        '\u{b}' | '\r' => into.push('\n'),
                        '\u{1e}' => into.push('\u{2011}'),
                        '\t' => into.push('\t'),
                        _ if sign.is_control() => {}
                        _ => into.push(sign),
                    }
                }
            }
        }
        for instruction in instructions {
            self.out.span(&instruction, self.place(), Scope::Field);
        }
        self.end(&mut shown, scope);
    }

    fn place(&self) -> Place {
        Place::Paragraph { part: STREAM.to_owned(), paragraph: self.number }
    }

    fn end(&mut self, shown: &mut String, scope: Scope) {
        self.out.span(shown, self.place(), scope);
        shown.clear();
        self.number = self.number.saturating_add(1);
    }
}
