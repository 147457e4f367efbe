//! The drawing in memory, and how it is written.

use super::names::{SVG, XLINK, has_text};

/// The namespace of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// No prefix.
    None,
    Xlink,
    Xml,
}

/// An attribute; the value has its entities resolved.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) value: String,
}

impl Attribute {
    /// True for `href` and `xlink:href`.
    pub(super) fn is_href(&self) -> bool {
        self.space != Space::Xml && self.name == "href"
    }
}

/// An element of the SVG namespace.
#[derive(Debug, Default, Clone)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Node>,
}

/// What an element may hold.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute without a namespace.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.space == Space::None && a.name == name).map(|a| a.value.as_str())
    }

    /// The child elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements, to be changed.
    pub(super) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Calls `visit` for this element and everything in it.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Element)) {
        visit(self);
        for child in self.elements() {
            child.walk(visit);
        }
    }

    /// All text in it, one space between the pieces.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text.trim().to_owned()
    }

    fn add_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.add_text(out),
                Node::Text(text) => {
                    out.push_str(text);
                    out.push(' ');
                }
            }
        }
    }

    fn uses_xlink(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.space == Space::Xlink)
            || self.elements().any(Element::uses_xlink)
    }
}

/// Writes a drawing: always the same bytes for the same tree.
pub(super) fn write(root: &Element) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut declarations = format!(" xmlns=\"{SVG}\"");
    if root.uses_xlink() {
        declarations.push_str(&format!(" xmlns:xlink=\"{XLINK}\""));
    }
    write_element(root, &declarations, &mut out);
    out.push('\n');
    out
}

fn write_element(element: &Element, declarations: &str, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    out.push_str(declarations);
    for attribute in &element.attributes {
        out.push_str(match attribute.space {
            Space::None => " ",
            Space::Xlink => " xlink:",
            Space::Xml => " xml:",
        });
        out.push_str(&attribute.name);
        out.push_str("=\"");
        escape(&attribute.value, true, out);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    let mut between = false;
    for node in &element.children {
        match node {
            Node::Element(child) => write_element(child, "", out),
            // Where an element was taken out, the line breaks around it become one.
            Node::Text(_) if between && !has_text(&element.name) => {}
            Node::Text(text) => escape(text, false, out),
        }
        between = matches!(node, Node::Text(_));
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

/// Escapes what XML would read differently (XML 1.0, 2.4, 2.11 and 3.3.3).
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            _ => out.push(c),
        }
    }
}
