//! Makes the outline of a part: quick-xml finds where things end, and what prefixes and references stand for is resolved here.

use std::borrow::Cow;
use std::collections::HashSet;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::{PrefixDeclaration, QName};
use quick_xml::{Reader, XmlVersion};

use super::list::{ASIDE, END, RESOLVED_ASIDE, RESOLVED_TEXT, START, START_WITH_ATTRIBUTES, TEXT, put};
use super::{Binding, Outline};
use crate::limits::XmlLimits;
use crate::prove::xml::broken;
use crate::prove::xml::namespace::Ns;
use crate::refusal::Refusal;

/// Most namespaces of a part, and most declarations that may be in force in one place.
const MOST: usize = 1_024;
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
        behind: 0,
    };
    writer.run()?;
    writer.out.entries.shrink_to_fit();
    Ok(writer.out)
}

/// Makes an outline.
struct Writer<'t> {
    text: &'t str,
    limits: XmlLimits,
    out: Outline,
    /// The URI of each namespace.
    uris: Vec<String>,
    /// For each open element, how many bindings were in force around it.
    open: Vec<usize>,
    /// The bindings in force, by their place among all.
    in_force: Vec<usize>,
    /// Prefixes that were resolved since the last declaration or end of one, with the numbers of their namespaces.
    recent: Vec<(&'t str, usize)>,
    /// The attributes of the tag at hand.
    tag: Vec<(QName<'t>, Cow<'t, str>)>,
    /// Where the last thing ends in the text that the list has.
    behind: usize,
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
                    self.text(&text, [TEXT, RESOLVED_TEXT]);
                }
                Event::CData(data) => self.text(&data.xml10_content(), [TEXT, RESOLVED_TEXT]),
                Event::GeneralRef(name) => {
                    let invalid = |_| broken("a character reference is invalid");
                    match name.resolve_char_ref().map_err(invalid)? {
                        Some(found) => self.text(found.encode_utf8(&mut [0; 4]), [TEXT, RESOLVED_TEXT]),
                        None => {
                            let found = resolve_predefined_entity(&name.into_inner());
                            let found = found.ok_or_else(|| broken("it uses an entity that is not defined"))?;
                            self.text(found, [TEXT, RESOLVED_TEXT]);
                        }
                    }
                }
                Event::Comment(text) => self.text(&text.into_inner(), [ASIDE, RESOLVED_ASIDE]),
                Event::PI(instruction) => self.text(&instruction.into_inner(), [ASIDE, RESOLVED_ASIDE]),
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
        let around = self.in_force.len();
        self.read_attributes(tag, name_end)?;
        let (local, prefix) = name.decompose();
        let ns = self.namespace(prefix.map_or("", |prefix| prefix.into_inner()))?;
        let kind = if self.tag.is_empty() { START } else { START_WITH_ATTRIBUTES };
        self.out.entries.push(kind);
        put(&mut self.out.entries, ns);
        let place = self.place(local.into_inner())?;
        put_written(&mut self.out.entries, &mut self.behind, place);
        if kind == START_WITH_ATTRIBUTES {
            self.put_attributes()?;
        }
        self.open.push(around);
        Ok(())
    }

    /// Puts the attributes of the tag at hand into the list.
    fn put_attributes(&mut self) -> Result<(), Refusal> {
        let (text_before, resolved_before) = (self.behind, self.out.resolved.len());
        let mut list = Vec::new();
        let mut attributes = std::mem::take(&mut self.tag);
        for (name, value) in attributes.drain(..) {
            let (local, prefix) = name.decompose();
            // An attribute without a prefix is in no namespace, whatever the default is (Namespaces in XML 1.0, 6.2).
            let ns = prefix.map_or(Ok(0), |prefix| self.namespace(prefix.into_inner()))?;
            let place = self.place_of(&value);
            put(&mut list, ns.saturating_mul(2).saturating_add(usize::from(place.is_none())));
            let local = self.place(local.into_inner())?;
            put_written(&mut list, &mut self.behind, local);
            match place {
                Some(place) => put_written(&mut list, &mut self.behind, place),
                None => put_resolved(&mut list, &mut self.out.resolved, &value),
            }
        }
        self.tag = attributes;
        let entries = &mut self.out.entries;
        put(entries, list.len());
        put(entries, self.behind.saturating_sub(text_before));
        put(entries, self.out.resolved.len().saturating_sub(resolved_before));
        entries.extend(list);
        Ok(())
    }

    /// Puts a text into the list: of the two kinds, the second where it is not as it is written.
    fn text(&mut self, text: &str, [written, resolved]: [u8; 2]) {
        match self.place_of(text) {
            Some(place) => {
                self.out.entries.push(written);
                put_written(&mut self.out.entries, &mut self.behind, place);
            }
            None => {
                self.out.entries.push(resolved);
                put_resolved(&mut self.out.entries, &mut self.out.resolved, text);
            }
        }
    }

    fn end(&mut self) {
        let entry = self.out.entries.len();
        self.out.entries.push(END);
        let around = self.open.pop().unwrap_or_default();
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
    fn read_attributes(&mut self, tag: &'t str, name_end: usize) -> Result<(), Refusal> {
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
            self.declare()?;
        }
        Ok(())
    }

    /// Puts the declarations of the tag at hand into force.
    fn declare(&mut self) -> Result<(), Refusal> {
        self.recent.clear();
        let from = self.out.entries.len();
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
                "" if prefix.is_empty() => Some(Ns::None),
                "" => None,
                uri => Some(self.namespace_of(uri)?),
            };
            if self.in_force.len() >= MOST {
                return Err(broken("it declares too many namespaces"));
            }
            self.in_force.push(self.out.bindings.len());
            self.out.bindings.push(Binding { prefix: prefix.to_owned(), ns, from, to: usize::MAX });
        }
        attributes.retain(|(name, _)| name.as_namespace_binding().is_none());
        self.tag = attributes;
        Ok(())
    }

    /// The namespace of this URI, which gets a number if it has none.
    fn namespace_of(&mut self, uri: &str) -> Result<Ns, Refusal> {
        if let Some(number) = self.uris.iter().position(|known| known == uri) {
            return Ok(self.out.namespaces.get(number).copied().unwrap_or(Ns::None));
        }
        if self.uris.len() >= MOST {
            return Err(broken("it declares too many namespaces"));
        }
        let ns = Ns::of(uri);
        self.uris.push(uri.to_owned());
        self.out.namespaces.push(ns);
        Ok(ns)
    }

    /// The number of the namespace that a prefix stands for in the tag at hand.
    fn namespace(&mut self, prefix: &'t str) -> Result<usize, Refusal> {
        if let Some(at) = self.recent.iter().position(|(recent, _)| *recent == prefix) {
            self.recent.swap(0, at);
            return Ok(self.recent.first().map_or(0, |(_, ns)| *ns));
        }
        let in_force = self.in_force.iter().rev().filter_map(|at| self.out.bindings.get(*at));
        let declared = in_force.into_iter().find(|binding| binding.prefix == prefix).map(|binding| binding.ns);
        let ns = match (declared, prefix) {
            (Some(declared), _) => declared,
            (None, "") => Some(Ns::None),
            (None, "xml") => Some(Ns::Xml),
            (None, _) => None,
        };
        let number = ns.and_then(|ns| self.out.namespaces.iter().position(|known| *known == ns));
        let number = number.ok_or_else(|| broken("a prefix has no namespace"))?;
        self.recent.push((prefix, number));
        Ok(number)
    }

    /// Where a piece of the text stands in it: from, to.
    fn place(&self, piece: &'t str) -> Result<(usize, usize), Refusal> {
        self.place_of(piece).ok_or_else(|| broken("a name cannot be found again"))
    }

    /// The stretch of the text that this is, by where it lies in memory; `None` for text of another origin.
    fn place_of(&self, piece: &str) -> Option<(usize, usize)> {
        let from = piece.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let to = from.checked_add(piece.len()).filter(|to| *to <= self.text.len())?;
        (from >= self.behind).then_some((from, to))
    }
}

/// Puts a stretch of the text into a list, `behind` being where the one before ended.
fn put_written(list: &mut Vec<u8>, behind: &mut usize, (from, to): (usize, usize)) {
    put(list, from.saturating_sub(*behind));
    put(list, to.saturating_sub(from));
    *behind = to;
}

fn put_resolved(list: &mut Vec<u8>, resolved: &mut String, text: &str) {
    resolved.push_str(text);
    put(list, text.len());
}
