//! Cells of a sheet: reference, style, formula and value, shared strings looked up.

use std::collections::HashSet;

use super::seen::Seen;
use super::visible::{Treat, is_invisible, treat};
use super::walk::Walk;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::stream::{Digest32, Properties, Stream};
use crate::prove::xml::{Element, Token, XmlReader};
use crate::refusal::Refusal;

/// The shared strings of a workbook, as digests. Which of them nobody uses makes no difference.
#[derive(Debug, Default)]
pub(crate) struct SharedStrings {
    digests: Vec<Option<Digest32>>,
    /// Strings in which nothing is.
    empty: HashSet<usize>,
}

impl SharedStrings {
    pub(crate) fn read(mut reader: XmlReader<'_>) -> Self {
        let mut strings = Self::default();
        while let Some(token) = reader.next() {
            if let Token::Start(element) = token
                && element.is(Ns::Sheet, "si")
            {
                if matches!(reader.clone().next(), Some(Token::End)) {
                    strings.empty.insert(strings.digests.len());
                }
                strings.digests.push(rich_text(&mut reader));
            }
        }
        strings
    }

    /// The string of this index, which is written in decimal.
    pub(crate) fn get(&self, index: &str) -> Option<Digest32> {
        self.digests.get(index.trim().parse::<usize>().ok()?).copied().flatten()
    }

    /// True when there is nothing in the strings that are not in use.
    pub(crate) fn only(&self, used: &HashSet<usize>) -> bool {
        (0..self.digests.len()).all(|index| used.contains(&index) || self.empty.contains(&index))
    }
}

/// What a cell shows.
pub(crate) struct Cell {
    attributes: Properties,
    formula: Option<String>,
    value: Option<Vec<u8>>,
}

impl Cell {
    pub(crate) fn write(self, out: &mut Stream, seen: &mut Seen) {
        seen.cells = seen.cells.saturating_add(1);
        out.mark("cell", self.attributes.finish().as_ref().map_or(&[], Digest32::as_slice));
        if let Some(formula) = self.formula {
            seen.formulas = seen.formulas.saturating_add(1);
            out.mark("formula", formula.as_bytes());
        }
        if let Some(value) = self.value {
            out.mark("value", &value);
        }
    }
}

/// Reads the cell whose start was the last token.
pub(crate) fn read<'x>(walk: &mut Walk<'_>, reader: &mut XmlReader<'x>, start: &Element<'x>) -> Result<Cell, Refusal> {
    let mut cell = Cell { attributes: Properties::default(), formula: None, value: None };
    let is_shared = start.plain("t") == Some("s");
    if walk.removed.conceals(walk.side, start) && has_text(reader.clone())? {
        reader.skip();
        for (name, value) in ["r", "s", "t"].map(|name| (name, start.plain(name).filter(|_| name != "t"))) {
            cell.attributes.attribute(Ns::None, name, value.unwrap_or_default().as_bytes());
        }
        return Ok(cell);
    }
    for name in ["r", "s", "t"] {
        cell.attributes.attribute(Ns::None, name, start.plain(name).unwrap_or_default().as_bytes());
    }
    let outside = reader.depth().saturating_sub(1);
    while reader.depth() > outside {
        let Some(token) = reader.next() else { break };
        let Token::Start(element) = token else { continue };
        match (element.ns, element.local) {
            (Ns::Sheet, "f") => {
                let formula = plain_text(reader);
                if walk.freezes(&element, &formula)? {
                    continue;
                }
                for attribute in element.attributes.iter() {
                    if attribute.local != "ca" && !is_invisible(&element, &attribute) {
                        cell.attributes.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
                    }
                }
                cell.formula = Some(formula);
            }
            (Ns::Sheet, "v") => {
                let text = plain_text(reader);
                cell.value = Some(if is_shared {
                    walk.string(&text)?.map(|digest| digest.to_vec()).unwrap_or_default()
                } else {
                    text.into_bytes()
                });
            }
            (Ns::Sheet, "is") => cell.value = rich_text(reader).map(|digest| digest.to_vec()),
            _ => reader.skip(),
        }
    }
    Ok(cell)
}

/// True when the cell whose start was the last token has a value.
fn has_text(mut reader: XmlReader<'_>) -> Result<bool, Refusal> {
    let outside = reader.depth().saturating_sub(1);
    let mut in_value = false;
    while reader.depth() > outside {
        match reader.next() {
            Some(Token::Start(element)) => in_value = element.ns == Ns::Sheet && matches!(element.local, "v" | "t"),
            Some(Token::Text(text)) if in_value && !text.trim().is_empty() => return Ok(true),
            Some(_) => {}
            None => break,
        }
    }
    Ok(false)
}

/// All text to the end of the element whose start was the last token.
pub(crate) fn plain_text(reader: &mut XmlReader<'_>) -> String {
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

/// A string item or inline string to its end: text with its formats, without readings and ids.
fn rich_text(reader: &mut XmlReader<'_>) -> Option<Digest32> {
    let mut list = Properties::default();
    let outside = reader.depth().saturating_sub(1);
    let mut in_text = false;
    while reader.depth() > outside {
        match reader.next() {
            Some(Token::Start(element)) if treat(&element) == Treat::Skip => reader.skip(),
            Some(Token::Start(element)) => {
                in_text = element.local == "t";
                list.start(element.ns, element.local, false);
                for attribute in element.attributes.iter().filter(|attribute| !is_invisible(&element, attribute)) {
                    list.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
                }
            }
            Some(Token::Text(text)) if in_text => list.text(text),
            Some(Token::End) => {
                in_text = false;
                list.end();
            }
            Some(_) => {}
            None => break,
        }
    }
    list.finish()
}
