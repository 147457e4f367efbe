//! The one reader of XML for all parts: quick-xml events with namespaces resolved and everything unsafe refused.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::element::Element;
use super::scope::Scope;
use crate::limits::{Limits, XmlLimits};
use crate::refusal::Refusal;

/// A piece of XML, with the text as it was written.
pub(in crate::formats) enum Token<'x> {
    /// A start tag, or an element without content ([`Element::empty`]).
    Start(Element<'x>),
    /// An end tag as written.
    End(&'x str),
    /// Text, or an entity or character reference, as written.
    Text(&'x str),
    /// A CDATA section as written.
    CData(&'x str),
    /// The XML declaration as written.
    Declaration(&'x str),
    /// A comment: never kept.
    Comment,
    /// A processing instruction: never kept.
    Instruction,
}

/// Reads the tokens of one part.
pub(in crate::formats) struct Tokens<'x> {
    reader: Reader<&'x [u8]>,
    scope: Scope<'x>,
    source: &'x str,
    depth: u32,
    limits: XmlLimits,
    roots: u32,
}

impl<'x> Tokens<'x> {
    /// A reader of decoded text.
    pub(in crate::formats) fn new(source: &'x str, limits: &Limits) -> Self {
        Self {
            reader: Reader::from_str(source),
            scope: Scope::default(),
            source,
            depth: 0,
            limits: limits.xml(),
            roots: 0,
        }
    }

    /// Where in the text the next token begins.
    pub(in crate::formats) fn position(&self) -> usize {
        position(&self.reader)
    }

    /// The budgets that the XML is held to.
    pub(super) fn limits(&self) -> &XmlLimits {
        &self.limits
    }

    /// The next token; `None` at the end.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] for XML that is not well-formed or has a document type, [`crate::Reason::OverLimit`] for
    /// XML
    /// that exceeds one of its budgets.
    pub(in crate::formats) fn next(&mut self) -> Result<Option<Token<'x>>, Refusal> {
        let start = position(&self.reader);
        if start == 0 {
            self.limits.check_size(self.source.len())?;
        }
        let event = self.reader.read_event().map_err(|_| Refusal::damaged("the XML is not well-formed"))?;
        let raw = self.source.get(start..position(&self.reader)).unwrap_or_default();
        Ok(Some(match event {
            Event::Start(_) => {
                self.enter()?;
                self.depth = self.depth.saturating_add(1);
                self.limits.check_depth(self.depth)?;
                Token::Start(Element::read(raw, start, self.depth, false, &mut self.scope, &self.limits)?)
            }
            Event::Empty(_) => {
                self.enter()?;
                let depth = self.depth.saturating_add(1);
                let element = Element::read(raw, start, depth, true, &mut self.scope, &self.limits)?;
                self.scope.leave(depth);
                Token::Start(element)
            }
            Event::End(_) => {
                self.scope.leave(self.depth);
                self.depth = self.depth.saturating_sub(1);
                Token::End(raw)
            }
            Event::Text(_) => Token::Text(self.inside(raw)?),
            Event::CData(_) => Token::CData(self.inside(raw)?),
            Event::GeneralRef(reference) => {
                let known = if reference.is_char_ref() {
                    matches!(reference.resolve_char_ref(), Ok(Some(c)) if c != '\0')
                } else {
                    matches!(raw, "&amp;" | "&lt;" | "&gt;" | "&quot;" | "&apos;")
                };
                if !known {
                    return Err(Refusal::damaged("the XML uses an entity that does not exist"));
                }
                Token::Text(self.inside(raw)?)
            }
            Event::Decl(_) => Token::Declaration(raw),
            Event::Comment(_) => Token::Comment,
            Event::PI(_) => Token::Instruction,
            Event::DocType(_) => {
                return Err(Refusal::damaged("the XML has a document type declaration, which Office never writes"));
            }
            Event::Eof if self.depth == 0 && self.roots == 1 => return Ok(None),
            Event::Eof => return Err(Refusal::damaged("the XML ends in the middle")),
        }))
    }

    /// Counts root elements: a part has one.
    fn enter(&mut self) -> Result<(), Refusal> {
        if self.depth == 0 {
            self.roots = self.roots.saturating_add(1);
            if self.roots > 1 {
                return Err(Refusal::damaged("the XML goes on after its end"));
            }
        }
        Ok(())
    }

    /// Text outside of the root element can only be white space.
    fn inside(&self, raw: &'x str) -> Result<&'x str, Refusal> {
        self.limits.check_text(raw)?;
        if self.depth == 0 && !raw.trim().is_empty() {
            return Err(Refusal::damaged("the XML has text outside of its root element"));
        }
        Ok(raw)
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
