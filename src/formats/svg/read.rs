//! From XML to the tree of what may stay, with everything else reported on the way.

use std::collections::BTreeMap;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::names::{self, SVG, XLINK, XML};
use super::removed;
use super::tree::{Attribute, Element, Node, Space};
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Reads a drawing whose entities are resolved; `text` is all of it.
///
/// # Errors
/// [`crate::Reason::Damaged`] for XML that is not well-formed or no drawing, [`crate::Reason::OverLimit`].
pub(super) fn read(text: &str, context: &Context<'_>, report: &mut Report) -> Result<Element, Refusal> {
    context.limits.xml().check_size(text.len())?;
    let mut reader = NsReader::from_str(text);
    reader.resolver_mut().set_max_namespace_bindings(1_024);
    let mut source = Source { text, reader, context, report, depth: 0, nodes: 0, removed: BTreeMap::new() };
    let root = source.document()?;
    source.report_counts();
    Ok(root)
}

struct Source<'x, 'r> {
    text: &'x str,
    reader: NsReader<&'x [u8]>,
    context: &'r Context<'r>,
    report: &'r mut Report,
    depth: u32,
    nodes: usize,
    /// Things without value that were left out, by class and name.
    removed: BTreeMap<(&'static str, String), (Class, u64)>,
}

fn broken(what: &str) -> Refusal {
    Refusal::damaged(format!("it is no XML that can be read: {what}"))
}

impl<'x> Source<'x, '_> {
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn event(&mut self) -> Result<Event<'x>, Refusal> {
        self.nodes = self.nodes.saturating_add(1);
        self.context.limits.xml().check_nodes(self.nodes)?;
        self.reader.read_event().map_err(|_| broken("it is not well-formed"))
    }

    fn count(&mut self, class: Class, item: &str) {
        let item: String = item.chars().take(64).collect();
        let entry = self.removed.entry((class.name(), item)).or_insert((class, 0));
        entry.1 = entry.1.saturating_add(1);
    }

    fn report_counts(self) {
        for ((_, item), (class, count)) in self.removed {
            self.report.hit(class, Action::Remove, item, "", count, 0);
        }
    }

    /// Everything around the root element, and the root element.
    fn document(&mut self) -> Result<Element, Refusal> {
        let mut root = None;
        loop {
            match self.event()? {
                Event::Start(start) if root.is_none() => root = Some(self.root(&start, false)?),
                Event::Empty(start) if root.is_none() => root = Some(self.root(&start, true)?),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Eof => return root.ok_or_else(|| broken("there is no element in it")),
                Event::Decl(_) => {}
                event @ (Event::Comment(_) | Event::PI(_)) => self.aside(&event),
                _ => return Err(broken("there is something beside its root element")),
            }
        }
    }

    fn root(&mut self, start: &BytesStart<'x>, empty: bool) -> Result<Element, Refusal> {
        match self.element(start)? {
            Some(mut root) if root.name == "svg" => {
                if !empty {
                    self.content(&mut root)?;
                }
                Ok(root)
            }
            _ => Err(Refusal::damaged(
                "its root element is no `svg` of the SVG namespace, so that browsers do not draw it",
            )
            .with_hint("open it in a drawing program, save it anew as SVG and clean the new file")),
        }
    }

    /// Reads to the end tag of `element`.
    fn content(&mut self, element: &mut Element) -> Result<(), Refusal> {
        self.depth = self.depth.saturating_add(1);
        self.check_depth()?;
        loop {
            let from = self.position();
            match self.event()? {
                Event::Start(start) => match self.element(&start)? {
                    Some(mut child) => {
                        self.content(&mut child)?;
                        element.children.push(Node::Element(child));
                    }
                    None => self.skip(&start, from)?,
                },
                Event::Empty(start) => match self.element(&start)? {
                    Some(child) => element.children.push(Node::Element(child)),
                    None => {
                        let raw = self.text.get(from..self.position()).unwrap_or_default();
                        self.left_out(&start, raw);
                    }
                },
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.tidy(element);
                    return Ok(());
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    self.context.limits.xml().check_text(&text)?;
                    append(element, &text);
                }
                Event::CData(data) => append(element, &data.xml10_content()),
                Event::GeneralRef(name) => {
                    let found = name.resolve_char_ref().map_err(|_| broken("a character reference is invalid"))?;
                    match found {
                        Some(c) => append(element, c.encode_utf8(&mut [0; 4])),
                        None => append(
                            element,
                            resolve_predefined_entity(&name.into_inner())
                                .ok_or_else(|| broken("it uses an entity that is not defined"))?,
                        ),
                    }
                }
                event @ (Event::Comment(_) | Event::PI(_)) => self.aside(&event),
                Event::Decl(_) | Event::DocType(_) => return Err(broken("a declaration is out of place")),
                Event::Eof => return Err(broken("it is cut off")),
            }
        }
    }

    fn check_depth(&self) -> Result<(), Refusal> {
        self.context.limits.xml().check_depth(self.depth)
    }

    /// Text between elements is only layout of the file: one line break is as good as many. What does not belong there
    /// at all is shown nowhere.
    fn tidy(&mut self, element: &mut Element) {
        if names::has_text(&element.name) {
            return;
        }
        let mut hidden = Vec::new();
        let mut between = false;
        element.children.retain_mut(|node| match node {
            Node::Element(_) => {
                between = false;
                true
            }
            Node::Text(text) => {
                if !text.trim().is_empty() {
                    hidden.push(std::mem::take(text));
                }
                "\n".clone_into(text);
                !std::mem::replace(&mut between, true)
            }
        });
        for text in hidden {
            let item = format!("text in <{}>", element.name);
            self.report.removed_value(Class::ContentHiddenElements, item, "", text);
        }
    }

    /// The element, if it may stay.
    fn element(&mut self, start: &BytesStart<'x>) -> Result<Option<Element>, Refusal> {
        let name = start.name();
        let (space, local) = self.reader.resolver().resolve_element(name);
        let local = local.into_inner();
        if uri(&space)? != SVG || !names::is_element(local) {
            return Ok(None);
        }
        let mut element = Element { name: local.to_owned(), ..Element::default() };
        let length = name.0.len();
        let content: &str = start;
        let mut foreign = 0_u32;
        let limits = self.context.limits.xml();
        limits.check_text(content)?;
        for (index, attribute) in Attributes::new(content, length).enumerate() {
            let attribute = attribute.map_err(|_| broken("an attribute cannot be read"))?;
            limits.check_attribute(index, attribute.key.0)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| broken("an attribute uses an entity that is not defined"))?;
            if attribute.key.as_namespace_binding().is_some() {
                if ![SVG, XLINK, XML].contains(&value.as_ref()) {
                    foreign = foreign.saturating_add(1);
                }
                continue;
            }
            let (space, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let local = local.into_inner();
            let kept = match uri(&space)? {
                "" if names::is_attribute(local) => Some(Space::None),
                XLINK if names::is_xlink(local) => Some(Space::Xlink),
                XML if names::is_xml(local) => Some(Space::Xml),
                other => {
                    match removed::attribute(other, local, attribute.key.0, &value) {
                        (class, item, true) => self.report.removed_value(class, item, "", value.as_ref()),
                        (class, item, false) => self.count(class, &item),
                    }
                    None
                }
            };
            if let Some(space) = kept {
                let name = local.to_owned();
                element.attributes.push(Attribute { space, name, value: value.into_owned() });
            }
        }
        for _ in 0..foreign {
            self.count(Class::ContentCustomXml, "namespace declaration");
        }
        Ok(Some(element))
    }

    /// Reads over an element that goes.
    fn skip(&mut self, start: &BytesStart<'x>, from: usize) -> Result<(), Refusal> {
        let outside = self.depth;
        self.depth = self.depth.saturating_add(1);
        while self.depth > outside {
            self.check_depth()?;
            match self.event()? {
                Event::Start(_) => self.depth = self.depth.saturating_add(1),
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::Eof => return Err(broken("it is cut off")),
                _ => {}
            }
        }
        let raw = self.text.get(from..self.position()).unwrap_or_default();
        self.left_out(start, raw);
        Ok(())
    }

    /// Reports an element that goes; `raw` is all of it.
    fn left_out(&mut self, start: &BytesStart<'x>, raw: &str) {
        let name = start.name();
        let (space, local) = self.reader.resolver().resolve_element(name);
        let space = uri(&space).unwrap_or_default().to_owned();
        removed::element(&space, local.into_inner(), name.0, raw, self.context.policy, self.report);
    }

    /// Comments and processing instructions.
    fn aside(&mut self, event: &Event<'_>) {
        match event {
            Event::Comment(text) => removed::comment(text, "XML comment", self.report),
            _ => self.count(Class::ContentUnknown, "XML processing instruction"),
        }
    }
}

fn append(element: &mut Element, text: &str) {
    match element.children.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => element.children.push(Node::Text(text.to_owned())),
    }
}

/// The address of a namespace; empty for none.
fn uri<'n>(space: &ResolveResult<'n>) -> Result<&'n str, Refusal> {
    match space {
        ResolveResult::Unbound => Ok(""),
        ResolveResult::Bound(uri) => Ok(uri.into_inner()),
        ResolveResult::Unknown(_) => Err(broken("a prefix has no namespace")),
    }
}
