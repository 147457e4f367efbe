//! What stands in an XML part, read once: a list that readers go over as often as a proof has questions.
//!
//! A proof looks through a part a dozen times, each time for something else. What is costly about XML, finding where things
//! end, resolving names and references, checking that tags match, is done here, once ([`writer`]). The list ([`list`]) holds
//! places in the text instead of copies, and takes about as much memory as the text; only what had to be resolved is kept
//! beside it.

pub(super) mod list;
mod writer;

use super::XmlReader;
use super::namespace::Ns;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What a prefix stands for between two places of the list.
#[derive(Debug)]
struct Binding {
    prefix: String,
    /// Nothing where the declaration has no URI.
    ns: Option<Ns>,
    from: usize,
    to: usize,
}

/// The list. The text that it was made of goes along with it.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    entries: Vec<u8>,
    /// The namespaces of the part, which the list knows by their numbers.
    namespaces: Vec<Ns>,
    bindings: Vec<Binding>,
    /// Text in which references were resolved and ends of lines made plain.
    resolved: String,
}

impl Outline {
    /// Reads decoded XML; see [`decode`].
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the part is no well-formed XML or has a document type, [`crate::Reason::OverLimit`]
    /// when one of the budgets of XML is exceeded.
    pub(crate) fn read(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        writer::write(text, limits.xml())
    }

    /// The text that the outline was made of, with it.
    pub(super) fn of<'x>(&'x self, text: &'x str) -> Xml<'x> {
        Xml { text, outline: self }
    }

    /// A reader from the beginning of that text.
    pub(crate) fn reader<'x>(&'x self, text: &'x str) -> XmlReader<'x> {
        self.of(text).reader()
    }
}

/// A part with its outline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Xml<'x> {
    text: &'x str,
    outline: &'x Outline,
}

impl<'x> Xml<'x> {
    /// The part as it is written.
    pub(crate) fn text(self) -> &'x str {
        self.text
    }

    /// A reader from its beginning.
    pub(crate) fn reader(self) -> XmlReader<'x> {
        XmlReader::new(self)
    }

    fn namespace(self, number: usize) -> Ns {
        self.outline.namespaces.get(number).copied().unwrap_or(Ns::None)
    }

    /// The namespace that a prefix stands for at this place of the list.
    pub(super) fn prefix(self, prefix: &str, at: usize) -> Option<Ns> {
        let here = |binding: &&Binding| binding.from <= at && at < binding.to && binding.prefix == prefix;
        match self.outline.bindings.iter().rev().find(here) {
            Some(binding) => binding.ns,
            None => (prefix == "xml").then_some(Ns::Xml),
        }
    }
}
