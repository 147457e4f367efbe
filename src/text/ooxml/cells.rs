//! Cells of a sheet: what they show and the formulas behind it.

use std::cell::{Cell as Counter, RefCell};

use crate::limits::Limits;
use crate::prove::ooxml::package::Part;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Token, XmlReader};
use crate::refusal::Refusal;
use crate::text::{Place, Scope, TextSpan};

/// The shared strings of a workbook, and which of them a cell has used.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    part: String,
    strings: Vec<String>,
    used: RefCell<Vec<bool>>,
    /// How many bytes of text may still come of them: each cell that shows a string repeats it.
    left: Counter<u64>,
}

impl SharedStrings {
    pub(super) fn read(part: &Part, limits: &Limits) -> Result<Self, Refusal> {
        let mut reader = part.named_xml(limits)?.reader();
        let mut strings = Vec::new();
        while let Some(token) = reader.next() {
            if let Token::Start(element) = token
                && element.is(Ns::Sheet, "si")
            {
                strings.push(rich_text(&mut reader));
            }
        }
        let used = RefCell::new(vec![false; strings.len()]);
        Ok(Self { part: part.name.clone(), strings, used, left: Counter::new(limits.text_bytes) })
    }

    /// The string that a cell shows; an empty one where there is none with this number.
    fn get(&self, index: &str) -> Result<&str, Refusal> {
        let Some(index) = index.trim().parse::<usize>().ok() else { return Ok("") };
        if let Some(used) = self.used.borrow_mut().get_mut(index) {
            *used = true;
        }
        let string = self.strings.get(index).map(String::as_str).unwrap_or_default();
        let left = self.left.get().checked_sub(string.len() as u64).ok_or_else(|| {
            Refusal::over_limit("text-bytes", "the cells show more text than that, because many show the same")
        })?;
        self.left.set(left);
        Ok(string)
    }

    /// Strings that no cell shows: leftovers of cells that were emptied.
    pub(super) fn unused(&self) -> Vec<TextSpan> {
        let used = self.used.borrow();
        let unused = self.strings.iter().zip(used.iter()).filter(|(text, used)| !**used && !text.is_empty());
        unused.map(|(text, _)| TextSpan::new(text, Place::Part { part: self.part.clone() }, Scope::Hidden)).collect()
    }
}

/// What a cell holds.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) value: String,
    pub(super) formula: String,
}

/// Reads the cell whose start was the last token; `kind` is its `t` attribute.
pub(super) fn read(reader: &mut XmlReader<'_>, kind: Option<&str>, strings: &SharedStrings) -> Result<Cell, Refusal> {
    let mut cell = Cell::default();
    let outside = reader.depth().saturating_sub(1);
    while reader.depth() > outside {
        let Some(token) = reader.next() else { break };
        let Token::Start(element) = token else { continue };
        match (element.ns, element.local) {
            (Ns::Sheet, "f") => cell.formula = all_text(reader),
            (Ns::Sheet, "v") => {
                let text = all_text(reader);
                cell.value = if kind == Some("s") { strings.get(&text)?.to_owned() } else { text };
            }
            (Ns::Sheet, "is") => cell.value = rich_text(reader),
            _ => {}
        }
    }
    Ok(cell)
}

/// A string item to its end; readings of East Asian words follow on a line of their own.
fn rich_text(reader: &mut XmlReader<'_>) -> String {
    let (mut text, mut readings) = (String::new(), String::new());
    let outside = reader.depth().saturating_sub(1);
    let (mut in_text, mut reading_depth) = (false, None);
    while reader.depth() > outside {
        match reader.next() {
            Some(Token::Start(element)) => {
                in_text = element.is(Ns::Sheet, "t");
                if element.is(Ns::Sheet, "rPh") {
                    reading_depth = Some(reader.depth());
                }
            }
            Some(Token::Text(more)) if in_text && reading_depth.is_some() => readings.push_str(more),
            Some(Token::Text(more)) if in_text => text.push_str(more),
            Some(Token::End) => {
                in_text = false;
                reading_depth = reading_depth.filter(|depth| reader.depth() >= *depth);
            }
            Some(_) => {}
            None => break,
        }
    }
    if !readings.is_empty() {
        text.push('\n');
        text.push_str(&readings);
    }
    text
}

/// All text to the end of the element whose start was the last token.
fn all_text(reader: &mut XmlReader<'_>) -> String {
    let mut text = String::new();
    let outside = reader.depth().saturating_sub(1);
    while reader.depth() > outside {
        match reader.next() {
            Some(Token::Text(more)) => text.push_str(more),
            Some(_) => {}
            None => break,
        }
    }
    text
}

/// The number of the column in a reference such as `AB12`, 1 for `A`; 0 when there is none.
pub(super) fn column(reference: &str) -> u32 {
    let letters = reference.chars().take_while(char::is_ascii_alphabetic).take(4);
    letters.fold(0, |column: u32, letter| {
        let digit = u32::from(letter.to_ascii_uppercase()).saturating_sub(64);
        column.saturating_mul(26).saturating_add(digit)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns() {
        for (reference, number) in [("A1", 1), ("Z9", 26), ("AA10", 27), ("xfd1", 16_384), ("7", 0)] {
            assert_eq!(super::column(reference), number);
        }
    }
}
