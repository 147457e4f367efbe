//! What stands in an XML part, read once: a list that readers go over as often as a proof has questions.
//!
//! A proof looks through a part a dozen times, each time for something else. What is costly about XML, finding where things
//! end, resolving names and references, checking that tags match, is done here, once. The list holds places in the text
//! instead of copies; only what had to be resolved is kept beside it.

mod writer;

use std::borrow::Cow;
use std::cell::OnceCell;

use super::namespace::Ns;
use super::{XmlReader, broken, decode};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// A stretch of the text, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    from: u32,
    to: u32,
}

/// A stretch of the text, or of what was resolved.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    AsWritten(Span),
    Resolved(Span),
}

/// An entry of the list. The number of a namespace is its place among those of the part.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node {
    /// A start tag: its name without the prefix, its attributes from the first one on, and the entry of its end.
    Start {
        ns: u16,
        local: Span,
        attributes: u32,
        first: u32,
        end: u32,
    },
    End,
    Text(Value),
    Aside(Value),
}

/// An attribute that declares no namespace.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttributeNode {
    pub(super) ns: u16,
    pub(super) local: Span,
    pub(super) value: Value,
}

/// What a prefix stands for between two entries of the list.
#[derive(Debug)]
struct Binding {
    prefix: Span,
    /// Nothing where the declaration has no URI.
    ns: Option<u16>,
    from: u32,
    to: u32,
}

/// The list. The text that it was made of goes along with it.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    nodes: Vec<Node>,
    attributes: Vec<AttributeNode>,
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

    /// A reader from the beginning of the text that the outline was made of.
    pub(crate) fn reader<'x>(&'x self, text: &'x str) -> XmlReader<'x> {
        Xml { text, outline: self }.reader()
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

    pub(super) fn node(self, at: usize) -> Option<Node> {
        self.outline.nodes.get(at).copied()
    }

    pub(super) fn namespace(self, number: u16) -> Ns {
        self.outline.namespaces.get(usize::from(number)).copied().unwrap_or(Ns::None)
    }

    pub(super) fn attributes(self, first: u32, count: u32) -> &'x [AttributeNode] {
        self.outline.attributes.get(range(first, first.saturating_add(count))).unwrap_or_default()
    }

    pub(super) fn name(self, span: Span) -> &'x str {
        self.text.get(range(span.from, span.to)).unwrap_or_default()
    }

    pub(super) fn value(self, value: Value) -> &'x str {
        match value {
            Value::AsWritten(span) => self.name(span),
            Value::Resolved(span) => self.outline.resolved.get(range(span.from, span.to)).unwrap_or_default(),
        }
    }

    /// The namespace that a prefix stands for at this entry of the list.
    pub(super) fn prefix(self, prefix: &str, at: usize) -> Option<Ns> {
        let at = u32::try_from(at).ok()?;
        let here = |binding: &&Binding| binding.from <= at && at < binding.to && self.name(binding.prefix) == prefix;
        match self.outline.bindings.iter().rev().find(here) {
            Some(binding) => binding.ns.map(|ns| self.namespace(ns)),
            None => (prefix == "xml").then_some(Ns::Xml),
        }
    }
}

fn range(from: u32, to: u32) -> std::ops::Range<usize> {
    usize::try_from(from).unwrap_or(usize::MAX)..usize::try_from(to).unwrap_or(usize::MAX)
}

/// The outline of a part, made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct LazyOutline(OnceCell<Result<(Option<String>, Outline), Refusal>>);

impl LazyOutline {
    /// The part of these bytes, always the same ones. `prepare` may change their text before it is read.
    ///
    /// # Errors
    /// As [`decode`] and [`Outline::read`].
    pub(crate) fn get<'x>(
        &'x self,
        bytes: &'x [u8],
        limits: &Limits,
        prepare: fn(Cow<'_, str>) -> Cow<'_, str>,
    ) -> Result<Xml<'x>, Refusal> {
        let made = self.0.get_or_init(|| {
            let text = prepare(decode(bytes)?);
            let outline = Outline::read(&text, limits)?;
            // The bytes are the text already, as a rule: they are not kept twice.
            let other = match text {
                Cow::Borrowed(text) if text.len() == bytes.len() => None,
                text => Some(text.into_owned()),
            };
            Ok((other, outline))
        });
        let (decoded, outline) = made.as_ref().map_err(Refusal::clone)?;
        let text = match decoded {
            Some(text) => text.as_str(),
            None => std::str::from_utf8(bytes).map_err(|_| broken("its bytes are no text in its encoding"))?,
        };
        Ok(Xml { text, outline })
    }
}
