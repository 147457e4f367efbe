//! Makes the outline of a part: quick-xml finds where things end, and what prefixes and references stand for is resolved here.

use std::borrow::Cow;
use std::collections::HashSet;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::{PrefixDeclaration, QName};
use quick_xml::{Reader, XmlVersion};

use super::{AttributeNode, Binding, Node, Outline, Span, Value, range};
use crate::limits::XmlLimits;
use crate::prove::xml::broken;
use crate::prove::xml::namespace::Ns;
use crate::refusal::Refusal;

/// Most namespaces that may be declared in one place.
const MOST_BINDINGS: usize = 1_024;
/// Among more attributes than these, two of one name are looked for by hashing.
const FEW_ATTRIBUTES: usize = 16;
/// The namespace that `xml:` stands for without a declaration.
const XML_URI: &str = "http://www.w3.org/XML/1998/namespace";

/// Makes the outline of decoded XML.
pub(super) fn write(text: &str, limits: XmlLimits) -> Result<Outline, Refusal> {
    limits.check_size(text.len())?;
    let mut writer = Writer {
        text,
        limits,
        out: Outline { namespaces: vec![Ns::None, Ns::Xml], ..Outline::default() },
        uris: vec![String::new(), XML_URI.to_owned()],
        open: Vec::new(),
        in_force: Vec::new(),
        recent: Vec::new(),
        tag: Vec::new(),
    };
    writer.run()?;
    Ok(writer.out)
}

/// Makes an outline.
struct Writer<'t> {
    text: &'t str,
    limits: XmlLimits,
    out: Outline,
    /// The URI of each namespace.
    uris: Vec<String>,
    /// For each open element its entry, and how many bindings were in force around it.
    open: Vec<(u32, usize)>,
    /// The bindings in force, by their place among all.
    in_force: Vec<usize>,
    /// Prefixes that were resolved since the last declaration or end of one, the latest first.
    recent: Vec<(&'t str, u16)>,
    /// The attributes of the tag at hand.
    tag: Vec<(QName<'t>, Cow<'t, str>)>,
}

impl<'t> Writer<'t> {
    fn run(&mut self) -> Result<(), Refusal> {
        let mut reader = Reader::from_str(self.text);
        let mut seen_root = false;
        loop {
            let from = reader.buffer_position();
            match reader.read_event().map_err(|_| broken("it is not well-formed"))? {
                Event::Start(_) => {
                    seen_root = true;
                    self.start(self.tag(from, reader.buffer_position())?)?;
                }
                Event::Empty(_) => {
                    seen_root = true;
                    self.start(self.tag(from, reader.buffer_position())?)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => {
                    let text = text.xml10_content();
                    self.limits.check_text(&text)?;
                    let value = self.value(&text)?;
                    self.out.nodes.push(Node::Text(value));
                }
                Event::CData(data) => {
                    let value = self.value(&data.xml10_content())?;
                    self.out.nodes.push(Node::Text(value));
                }
                Event::GeneralRef(name) => {
                    let invalid = |_| broken("a character reference is invalid");
                    let value = match name.resolve_char_ref().map_err(invalid)? {
                        Some(found) => self.resolved(found.encode_utf8(&mut [0; 4]))?,
                        None => {
                            let found = resolve_predefined_entity(&name.into_inner());
                            self.resolved(found.ok_or_else(|| broken("it uses an entity that is not defined"))?)?
                        }
                    };
                    self.out.nodes.push(Node::Text(value));
                }
                Event::Comment(text) => {
                    let value = self.value(&text.into_inner())?;
                    self.out.nodes.push(Node::Aside(value));
                }
                Event::PI(instruction) => {
                    let value = self.value(&instruction.into_inner())?;
                    self.out.nodes.push(Node::Aside(value));
                }
                Event::Decl(_) => {}
                Event::DocType(_) => return Err(broken("it has a document type declaration")),
                Event::Eof if self.open.is_empty() && seen_root => return Ok(()),
                Event::Eof => return Err(broken("it is cut off")),
            }
        }
    }

    /// The inside of the start tag between two places of the text. It is read from the text itself, so that its parts can be
    /// found there again.
    fn tag(&self, from: u64, to: u64) -> Result<&'t str, Refusal> {
        let span = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        let tag = span
            .and_then(|(from, to)| self.text.get(from..to))
            .and_then(|tag| tag.strip_prefix('<')?.strip_suffix('>'))
            .ok_or_else(|| broken("a tag cannot be found again"))?;
        Ok(tag.strip_suffix('/').unwrap_or(tag))
    }

    fn start(&mut self, tag: &'t str) -> Result<(), Refusal> {
        let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.limits.check_depth(depth)?;
        self.limits.check_text(tag)?;
        let name_end = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
        let name = QName(tag.get(..name_end).unwrap_or(tag));
        self.limits.check_name(name.0)?;
        let entry = number(self.out.nodes.len())?;
        let around = self.in_force.len();
        self.read_attributes(tag, name_end, entry)?;
        let (local, prefix) = name.decompose();
        let ns = self.namespace(prefix.map_or("", |prefix| prefix.into_inner()))?;
        let first = number(self.out.attributes.len())?;
        let mut attributes = std::mem::take(&mut self.tag);
        for (name, value) in attributes.drain(..) {
            let (local, prefix) = name.decompose();
            // An attribute without a prefix is in no namespace, whatever the default is (Namespaces in XML 1.0, 6.2).
            let ns = prefix.map_or(Ok(0), |prefix| self.namespace(prefix.into_inner()))?;
            let (local, value) = (self.span(local.into_inner())?, self.value(&value)?);
            self.out.attributes.push(AttributeNode { ns, local, value });
        }
        self.tag = attributes;
        let attributes = number(self.out.attributes.len())?.saturating_sub(first);
        let local = self.span(local.into_inner())?;
        self.out.nodes.push(Node::Start { ns, local, attributes, first, end: entry });
        self.open.push((entry, around));
        Ok(())
    }

    fn end(&mut self) {
        let entry = u32::try_from(self.out.nodes.len()).unwrap_or(u32::MAX);
        self.out.nodes.push(Node::End);
        let Some((start, around)) = self.open.pop() else { return };
        let start = usize::try_from(start).ok().and_then(|start| self.out.nodes.get_mut(start));
        if let Some(Node::Start { end, .. }) = start {
            *end = entry;
        }
        if around < self.in_force.len() {
            self.recent.clear();
            for ended in self.in_force.drain(around..) {
                if let Some(binding) = self.out.bindings.get_mut(ended) {
                    binding.to = entry;
                }
            }
        }
    }

    /// Puts the attributes of a tag into `self.tag`, and the namespaces that it declares into force.
    fn read_attributes(&mut self, tag: &'t str, name_end: usize, entry: u32) -> Result<(), Refusal> {
        let mut hashed = HashSet::new();
        let mut plain = Attributes::new(tag, name_end);
        for (index, attribute) in plain.with_checks(false).enumerate() {
            let attribute = attribute.map_err(|_| broken("an attribute cannot be read"))?;
            let name = attribute.key;
            self.limits.check_attribute(index, name.0)?;
            let twice = if index < FEW_ATTRIBUTES {
                self.tag.iter().any(|(other, _)| *other == name)
            } else {
                if hashed.is_empty() {
                    hashed.extend(self.tag.iter().map(|(name, _)| *name));
                }
                !hashed.insert(name)
            };
            if twice {
                return Err(broken("an attribute cannot be read"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| broken("an attribute uses an entity that is not defined"))?;
            self.tag.push((name, value));
        }
        if self.tag.iter().any(|(name, _)| name.as_namespace_binding().is_some()) {
            self.declare(entry)?;
        }
        Ok(())
    }

    /// Puts the declarations of the tag at hand into force.
    fn declare(&mut self, entry: u32) -> Result<(), Refusal> {
        self.recent.clear();
        let mut attributes = std::mem::take(&mut self.tag);
        for (name, uri) in &attributes {
            let prefix = match name.as_namespace_binding() {
                Some(PrefixDeclaration::Default) => "",
                Some(PrefixDeclaration::Named(prefix)) => prefix,
                None => continue,
            };
            if prefix == "xmlns" || (prefix == "xml") != (uri == XML_URI) {
                return Err(broken("a declaration of a namespace is not allowed"));
            }
            let ns = match uri.as_ref() {
                "" if prefix.is_empty() => Some(0),
                "" => None,
                uri => Some(self.number_of(uri)?),
            };
            if self.in_force.len() >= MOST_BINDINGS {
                return Err(broken("it declares too many namespaces"));
            }
            self.in_force.push(self.out.bindings.len());
            // Of an empty prefix no place is needed.
            let prefix = if prefix.is_empty() { Span::default() } else { self.span(prefix)? };
            self.out.bindings.push(Binding { prefix, ns, from: entry, to: u32::MAX });
        }
        attributes.retain(|(name, _)| name.as_namespace_binding().is_none());
        self.tag = attributes;
        Ok(())
    }

    /// The number of the namespace of this URI.
    fn number_of(&mut self, uri: &str) -> Result<u16, Refusal> {
        let known = self.uris.iter().position(|known| known == uri);
        let at = known.unwrap_or(self.uris.len());
        let number = u16::try_from(at).map_err(|_| broken("it declares too many namespaces"))?;
        if known.is_none() {
            self.uris.push(uri.to_owned());
            self.out.namespaces.push(Ns::of(uri));
        }
        Ok(number)
    }

    /// What a prefix stands for in the tag at hand.
    fn namespace(&mut self, prefix: &'t str) -> Result<u16, Refusal> {
        if let Some(at) = self.recent.iter().position(|(recent, _)| *recent == prefix) {
            let found = self.recent.get(at).map(|(_, ns)| *ns);
            self.recent.swap(0, at);
            return found.ok_or_else(|| broken("a prefix has no namespace"));
        }
        let declared = self.in_force.iter().rev().find_map(|at| {
            let binding = self.out.bindings.get(*at)?;
            (self.text.get(range(binding.prefix.from, binding.prefix.to)) == Some(prefix)).then_some(binding.ns)
        });
        let ns = match (declared, prefix) {
            (Some(declared), _) => declared,
            (None, "") => Some(0),
            (None, "xml") => Some(1),
            (None, _) => None,
        };
        let ns = ns.ok_or_else(|| broken("a prefix has no namespace"))?;
        self.recent.push((prefix, ns));
        Ok(ns)
    }

    /// Where a piece of the text stands in it.
    fn span(&self, piece: &'t str) -> Result<Span, Refusal> {
        self.place(piece).ok_or_else(|| broken("a name cannot be found again"))
    }

    /// A value: where it stands, or a copy of it, where it is not as it is written.
    fn value(&mut self, value: &str) -> Result<Value, Refusal> {
        match self.place(value) {
            Some(span) => Ok(Value::AsWritten(span)),
            None => self.resolved(value),
        }
    }

    /// The stretch of the text that this is, by where it lies in memory; `None` for text of another origin.
    fn place(&self, piece: &str) -> Option<Span> {
        let from = piece.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let to = from.checked_add(piece.len()).filter(|to| *to <= self.text.len())?;
        Some(Span { from: u32::try_from(from).ok()?, to: u32::try_from(to).ok()? })
    }

    fn resolved(&mut self, value: &str) -> Result<Value, Refusal> {
        let from = number(self.out.resolved.len())?;
        self.out.resolved.push_str(value);
        Ok(Value::Resolved(Span { from, to: number(self.out.resolved.len())? }))
    }
}

/// Places are numbers of 32 bits, which is far above every budget.
fn number(at: usize) -> Result<u32, Refusal> {
    u32::try_from(at).map_err(|_| Refusal::over_limit("xml-bytes", "the XML has more than 4 GiB"))
}
