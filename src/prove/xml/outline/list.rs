//! The form of the list: entries of a few bytes, one behind the other.
//!
//! ```text
//! start       START, namespace, name                                   without attributes
//!             START_WITH_ATTRIBUTES, namespace, name, length of the attributes, what they take of the text,
//!             what they take of the resolved text, attributes
//! attribute   namespace × 2 + 1 where the value was resolved, name, value
//! end         END
//! text        TEXT or RESOLVED_TEXT, value;     a comment or instruction: ASIDE or RESOLVED_ASIDE, value
//! name        how far behind the last thing in the text it begins, length
//! value       as it is written: like a name;    resolved: length, one behind the other
//! ```
//!
//! Numbers have seven bits a byte, the lowest first, and the eighth bit where more follow.

use super::Xml;
use crate::prove::xml::{Attribute, AttributeList, Element, Token};

pub(super) const START: u8 = 0;
pub(super) const START_WITH_ATTRIBUTES: u8 = 1;
pub(super) const END: u8 = 2;
pub(super) const TEXT: u8 = 3;
pub(super) const RESOLVED_TEXT: u8 = 4;
pub(super) const ASIDE: u8 = 5;
pub(super) const RESOLVED_ASIDE: u8 = 6;

/// Puts a number into a list.
pub(super) fn put(list: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            return list.push(low);
        }
        list.push(low | 0x80);
    }
}

/// Where a reader stands: in the list, in the text, and in what was resolved.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::prove::xml) struct Place {
    pub(in crate::prove::xml) entry: usize,
    text: usize,
    resolved: usize,
}

impl Place {
    /// The entry that begins here. The place moves behind it.
    #[inline]
    pub(in crate::prove::xml) fn next<'x>(&mut self, xml: Xml<'x>) -> Option<Token<'x>> {
        let kind = *xml.outline.entries.get(self.entry)?;
        self.entry = self.entry.saturating_add(1);
        Some(match kind {
            START | START_WITH_ATTRIBUTES => {
                let ns = xml.namespace(self.number(xml));
                let local = self.written(xml);
                let attributes = match kind {
                    START => AttributeList { xml, from: *self, to: self.entry },
                    _ => {
                        let [length, of_text, of_resolved] = [self.number(xml), self.number(xml), self.number(xml)];
                        let from = *self;
                        self.entry = self.entry.saturating_add(length);
                        self.text = self.text.saturating_add(of_text);
                        self.resolved = self.resolved.saturating_add(of_resolved);
                        AttributeList { xml, from, to: self.entry }
                    }
                };
                Token::Start(Element { ns, local, attributes })
            }
            END => Token::End,
            TEXT => Token::Text(self.written(xml)),
            RESOLVED_TEXT => Token::Text(self.resolved(xml)),
            ASIDE => Token::Aside(self.written(xml)),
            _ => Token::Aside(self.resolved(xml)),
        })
    }

    /// The attribute that begins here. The place moves behind it.
    #[inline]
    pub(in crate::prove::xml) fn attribute<'x>(&mut self, xml: Xml<'x>) -> Attribute<'x> {
        let ns_and_form = self.number(xml);
        let (ns, local) = (xml.namespace(ns_and_form >> 1), self.written(xml));
        let value = if ns_and_form & 1 == 0 { self.written(xml) } else { self.resolved(xml) };
        Attribute { ns, local, value }
    }

    #[inline]
    fn number(&mut self, xml: Xml<'_>) -> usize {
        match xml.outline.entries.get(self.entry) {
            Some(byte) if *byte < 0x80 => {
                self.entry = self.entry.saturating_add(1);
                usize::from(*byte)
            }
            _ => self.long_number(xml),
        }
    }

    fn long_number(&mut self, xml: Xml<'_>) -> usize {
        let (mut number, mut shift) = (0_usize, 0_u32);
        while let Some(byte) = xml.outline.entries.get(self.entry) {
            self.entry = self.entry.saturating_add(1);
            number |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            if byte & 0x80 == 0 {
                break;
            }
            shift = shift.saturating_add(7);
        }
        number
    }

    #[inline]
    fn written<'x>(&mut self, xml: Xml<'x>) -> &'x str {
        let from = self.number(xml).saturating_add(self.text);
        self.text = self.number(xml).saturating_add(from);
        xml.text.get(from..self.text).unwrap_or_default()
    }

    fn resolved<'x>(&mut self, xml: Xml<'x>) -> &'x str {
        let from = self.resolved;
        self.resolved = self.number(xml).saturating_add(from);
        xml.outline.resolved.get(from..self.resolved).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::prove::xml::Outline;

    #[test]
    fn numbers_of_any_size() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX as usize, usize::MAX] {
            let mut outline = Outline::default();
            put(&mut outline.entries, number);
            let mut place = Place::default();
            assert_eq!(place.number(Xml { text: "", outline: &outline }), number);
            assert_eq!(place.entry, outline.entries.len());
        }
    }

    #[test]
    fn a_list_is_about_as_long_as_its_text() {
        let row = |row: u32| {
            format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"><v>{}</v></c><c r=\"B{row}\"/></row>", row * 7)
        };
        let rows: String = (1..20_000).map(row).collect();
        let text = format!(
            "<sheetData xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{rows}</sheetData>"
        );
        let outline = Outline::read(&text, &Limits::default()).unwrap();
        assert!(outline.entries.len() < text.len(), "{} of {}", outline.entries.len(), text.len());
        let entries = std::iter::from_fn({
            let mut reader = outline.reader(&text);
            move || reader.next().map(|_| ())
        });
        assert_eq!(entries.count(), 2 + 19_999 * 9);
    }
}
