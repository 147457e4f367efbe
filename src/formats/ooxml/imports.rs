//! Files that Word reads into the text when a document is opened (`w:altChunk`, ECMA-376 part 1, 17.17.2), taken out where
//! the policy says so, with all that they would show.

use crate::formats::xml::{self, Branch, Node, Notes, Ns};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// The part without imports; `None` when it has none. The parts that they name are left to the caller.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn remove(text: &str, limits: &Limits, notes: &mut Notes<'_>) -> Result<Option<String>, Refusal> {
    if !text.contains("altChunk") {
        return Ok(None);
    }
    let nodes = without(xml::read(text, limits)?, None, notes);
    Ok(Some(xml::written(&nodes, text)))
}

/// The children of an element without imports. The depth of the recursion is that of the XML, which is limited.
fn without<'x>(nodes: Vec<Node<'x>>, parent: Option<&str>, notes: &mut Notes<'_>) -> Vec<Node<'x>> {
    let mut paragraph = None;
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Element(branch) if branch.is(Ns::W, "altChunk") => {
                notes.removed(Class::EmbeddedImports, "w:altChunk");
                paragraph = branch.tag.name().strip_suffix("altChunk").map(|prefix| format!("<{prefix}p/>"));
            }
            Node::Element(mut branch) => {
                let children = std::mem::take(&mut branch.children);
                let local = (branch.tag.ns == Ns::W).then_some(branch.tag.local);
                branch.children = without(children, local, notes);
                out.push(Node::Element(branch));
            }
            other => out.push(other),
        }
    }
    if let Some(paragraph) = paragraph.filter(|_| wants_paragraph(parent, &out)) {
        out.push(Node::New(paragraph));
    }
    out
}

/// True for an element that Word does not read like this: a cell that does not end with a paragraph (17.4.65), or another
/// container of text without any.
fn wants_paragraph(parent: Option<&str>, children: &[Node<'_>]) -> bool {
    let is_text = |branch: &Branch<'_>| ["p", "tbl", "sdt", "customXml"].iter().any(|local| branch.is(Ns::W, local));
    let mut elements = children.iter().filter_map(Node::element);
    match parent {
        Some("tc") => !elements.next_back().is_some_and(|last| last.is(Ns::W, "p")),
        Some("hdr" | "ftr" | "footnote" | "endnote" | "txbxContent") => !elements.any(is_text),
        _ => false,
    }
}
