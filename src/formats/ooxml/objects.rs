//! OLE objects and ActiveX controls, taken out where the policy says so: the picture that programs show of them stays.
//!
//! In Word, `w:object` is a VML shape with a picture beside the object (ECMA-376 part 1, 17.3.3.19); without the object it is
//! a `w:pict`. In PowerPoint, the `p:oleObj` in a frame brings its picture along (19.3.2.4), which takes the place of the
//! frame. What has no picture of its own, or one of another size than its frame, stays and is held.

use crate::formats::xml::Notes;
use crate::formats::xml::{self, Branch, Node, Ns};
use crate::policy::Class;
use crate::refusal::Refusal;

/// The part without the objects that have a picture; `None` when it has none.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn remove(text: &str, deepest: u32, notes: &mut Notes<'_>) -> Result<Option<String>, Refusal> {
    if !["OLEObject", "oleObj", "control", "objectEmbed", "objectLink"].iter().any(|name| text.contains(name)) {
        return Ok(None);
    }
    let mut removal = Removal { notes, changed: false };
    let nodes = removal.nodes(xml::read(text, deepest)?);
    if !removal.changed {
        return Ok(None);
    }
    let mut out = String::with_capacity(text.len());
    xml::write(&nodes, &mut out);
    Ok(Some(out))
}

struct Removal<'n, 'a> {
    notes: &'n mut Notes<'a>,
    changed: bool,
}

impl Removal<'_, '_> {
    fn nodes<'x>(&mut self, nodes: Vec<Node<'x>>) -> Vec<Node<'x>> {
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Element(branch) => self.branch(branch, &mut out),
                other => out.push(other),
            }
        }
        out
    }

    fn branch<'x>(&mut self, mut branch: Branch<'x>, out: &mut Vec<Node<'x>>) {
        let children = std::mem::take(&mut branch.children);
        branch.children = self.nodes(children);
        if branch.is(Ns::W, "object") || branch.is(Ns::W, "pict") {
            return self.word(branch, out);
        }
        if branch.is(Ns::P, "graphicFrame") && is_pictured(&branch) {
            self.notes.removed(Class::ActiveObjects, "p:oleObj");
            self.changed = true;
            out.extend(picture_of(branch).map(Node::Element));
            return;
        }
        out.push(Node::Element(branch));
    }

    /// An object or control of Word with the shape that shows it.
    fn word<'x>(&mut self, mut branch: Branch<'x>, out: &mut Vec<Node<'x>>) {
        let active: Vec<&str> =
            branch.elements().filter(|child| is_active(child)).map(|child| child.tag.name()).collect();
        let drawn = branch.child(Ns::W, "drawing").is_some();
        if active.is_empty() || !(drawn || find(&branch, Ns::V, "imagedata").is_some()) {
            out.push(Node::Element(branch));
            return;
        }
        active.into_iter().for_each(|name| self.notes.removed(Class::ActiveObjects, name));
        self.changed = true;
        branch.children.retain(|node| !node.element().is_some_and(is_active));
        for node in &mut branch.children {
            if let Node::Element(shape) = node {
                shape.tag.take(Ns::O, "ole");
            }
        }
        if drawn {
            let drawing = |node: &Node<'_>| node.element().is_some_and(|child| child.is(Ns::W, "drawing"));
            out.extend(branch.into_children().into_iter().filter(drawing));
        } else if branch.is(Ns::W, "pict") {
            out.push(Node::Element(branch));
        } else {
            let prefix = branch.tag.name().strip_suffix("object").unwrap_or_default();
            let mut markup = format!("<{prefix}pict>");
            xml::write(&branch.into_children(), &mut markup);
            markup.push_str(&format!("</{prefix}pict>"));
            out.push(Node::New(markup));
        }
    }
}

/// What starts a program, beside the shape that shows it.
fn is_active(branch: &Branch<'_>) -> bool {
    match branch.tag.ns {
        Ns::O => branch.tag.local == "OLEObject",
        Ns::W => matches!(branch.tag.local, "control" | "objectEmbed" | "objectLink"),
        _ => false,
    }
}

/// True for a frame with an object and one picture of it that lies where the frame does.
fn is_pictured(frame: &Branch<'_>) -> bool {
    let name = frame.child(Ns::P, "nvGraphicFramePr").and_then(|names| names.child(Ns::P, "cNvPr"));
    let visible = name.is_some_and(|name| name.tag.own("hidden").is_none());
    let place = frame.child(Ns::P, "xfrm").map(place_of);
    let picture = find(frame, Ns::P, "pic");
    let drawn =
        picture.and_then(|pic| pic.child(Ns::P, "spPr")).and_then(|shape| shape.child(Ns::A, "xfrm")).map(place_of);
    let named = picture.is_some_and(|pic| pic.child(Ns::P, "nvPicPr").is_some());
    find(frame, Ns::P, "oleObj").is_some() && count(frame) == 1 && visible && named && place.is_some() && place == drawn
}

/// The offset and size of something.
fn place_of(transform: &Branch<'_>) -> [Option<String>; 4] {
    let value = |child, name| {
        transform.child(Ns::A, child).and_then(|child| child.tag.get(Ns::None, name).map(std::borrow::Cow::into_owned))
    };
    [value("off", "x"), value("off", "y"), value("ext", "cx"), value("ext", "cy")]
}

/// How many pictures there are in it.
fn count(branch: &Branch<'_>) -> usize {
    let own = usize::from(branch.is(Ns::P, "pic"));
    branch.elements().map(count).fold(own, usize::saturating_add)
}

/// The first element of this name in it. The depth of the recursion is that of the XML, which is limited.
fn find<'b, 'x>(branch: &'b Branch<'x>, ns: Ns, local: &str) -> Option<&'b Branch<'x>> {
    branch.elements().find_map(|child| if child.is(ns, local) { Some(child) } else { find(child, ns, local) })
}

/// The picture in a frame, under the name of the frame, which animations know it by.
fn picture_of(frame: Branch<'_>) -> Option<Branch<'_>> {
    let name = frame.child(Ns::P, "nvGraphicFramePr").and_then(|names| names.child(Ns::P, "cNvPr")).cloned();
    let mut picture = dig(frame)?;
    let names = picture.child_mut(Ns::P, "nvPicPr")?;
    if let (Some(old), Some(name)) = (names.child_mut(Ns::P, "cNvPr"), name) {
        *old = name;
    }
    Some(picture)
}

/// The picture in an element, with the namespaces that are declared around it.
fn dig(branch: Branch<'_>) -> Option<Branch<'_>> {
    if branch.is(Ns::P, "pic") {
        return Some(branch);
    }
    branch.into_children().into_iter().find_map(|node| match node {
        Node::Element(child) => dig(child),
        _ => None,
    })
}
