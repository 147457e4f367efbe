//! OLE objects, ActiveX controls and embedded documents, taken out where the policy says so: the picture that programs show
//! of them stays.
//!
//! In Word, `w:object` is a VML shape with a picture beside the object (ECMA-376 part 1, 17.3.3.19); without the object it is
//! a `w:pict`. In PowerPoint, the `p:oleObj` in a frame brings its picture along (19.3.2.4), which takes the place of the
//! frame ([`slides`]). What has no picture of its own, or one of another size than its frame, stays and is held.
//!
//! Whether the thing is an object or a document is told by the relationship that leads to it (15.2.10, 15.2.11).

mod slides;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::relationships::Relationship;
use super::vml_shapes::{NUMBERED, Place};
use crate::formats::xml::Notes;
use crate::formats::xml::{self, Branch, Element, Node, Ns};
use crate::limits::Limits;
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// The classes of the objects that a policy takes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unwanted {
    objects: bool,
    documents: bool,
}

impl Unwanted {
    /// What goes under this policy.
    pub(super) fn under(policy: &Policy) -> Self {
        let goes = |class| policy.action(class) == Action::Remove;
        Self { objects: goes(Class::ActiveObjects), documents: goes(Class::EmbeddedDocuments) }
    }

    /// True when any objects go.
    pub(super) fn any(self) -> bool {
        self.objects || self.documents
    }

    /// The class of an object that goes, by the relationship that leads to it.
    fn class(self, element: &Element<'_>, relationships: &[Relationship]) -> Option<Class> {
        self.class_of(element.get(Ns::R, "id").as_deref(), relationships)
    }

    /// The class of an object that goes, by the id of the relationship. Form controls without a program are no objects.
    pub(super) fn class_of(self, id: Option<&str>, relationships: &[Relationship]) -> Option<Class> {
        let edge = id.and_then(|id| relationships.iter().find(|edge| edge.id == id));
        match edge.map(Relationship::kind) {
            Some("package") => self.documents.then_some(Class::EmbeddedDocuments),
            Some("ctrlProp") => None,
            _ => self.objects.then_some(Class::ActiveObjects),
        }
    }
}

/// What the VML drawing of a slide shows of its objects, by the numbers of the shapes.
pub(super) type Legacy = BTreeMap<String, LegacyPicture>;

/// A picture in the VML drawing of a slide.
#[derive(Debug)]
pub(super) struct LegacyPicture {
    /// The name of its part.
    pub(super) image: String,
    /// Where its shape lies.
    pub(super) place: Option<Place>,
}

/// A part without its objects.
#[derive(Debug)]
pub(super) struct Removed {
    pub(super) text: String,
    /// The numbers of the VML shapes that showed them.
    pub(super) shapes: BTreeSet<String>,
}

/// Takes the objects that have a picture out of a part, and their relationships out of the list. Pictures that only the VML
/// drawing of the part has get a relationship. `None` when there are none.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn remove(
    text: &str,
    limits: &Limits,
    unwanted: Unwanted,
    legacy: &Legacy,
    relationships: &mut Vec<Relationship>,
    notes: &mut Notes<'_>,
) -> Result<Option<Removed>, Refusal> {
    let named = ["OLEObject", "oleObj", "control", "objectEmbed", "objectLink"].iter().any(|name| text.contains(name));
    if !named {
        return Ok(None);
    }
    let mut removal = Removal {
        unwanted,
        legacy,
        relationships,
        notes,
        removed: BTreeSet::new(),
        shapes: BTreeSet::new(),
        changed: false,
    };
    let nodes = removal.nodes(xml::read(text, limits)?);
    if !removal.changed {
        return Ok(None);
    }
    let (removed, shapes) = (removal.removed, removal.shapes);
    let mut left = BTreeSet::new();
    collect_references(&nodes, &mut left);
    relationships.retain(|edge| {
        let gone = removed.contains(&edge.id) && !left.contains(&edge.id);
        if gone && edge.external {
            notes.value(Class::ActiveObjects, "link to an object", &edge.target);
        }
        !gone
    });
    Ok(Some(Removed { text: xml::written(&nodes, text), shapes }))
}

/// The ids of all relationships that nodes refer to. The depth of the recursion is that of the XML, which is limited.
fn collect_references(nodes: &[Node<'_>], ids: &mut BTreeSet<String>) {
    for branch in nodes.iter().filter_map(Node::element) {
        let refers = branch.tag.attributes().iter().filter(|attribute| attribute.ns == Ns::R);
        ids.extend(refers.map(|attribute| attribute.value().into_owned()));
        collect_references(&branch.children, ids);
    }
}

struct Removal<'n, 'a> {
    unwanted: Unwanted,
    legacy: &'n Legacy,
    relationships: &'n mut Vec<Relationship>,
    notes: &'n mut Notes<'a>,
    /// The relationships of the objects that are gone.
    removed: BTreeSet<String>,
    /// The shapes that showed them.
    shapes: BTreeSet<String>,
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
        if branch.is(Ns::P, "graphicFrame") {
            return self.frame(branch, out);
        }
        if branch.is(Ns::P, "cSld") {
            self.controls(&mut branch);
        }
        out.push(Node::Element(branch));
    }

    /// The class of objects that all go, told by the first.
    fn classes(&self, objects: &[Element<'_>]) -> Option<Class> {
        let mut class = None;
        for object in objects {
            let own = self.unwanted.class(object, self.relationships)?;
            class.get_or_insert(own);
        }
        class
    }

    /// Notes that these are gone, which are one to a reader.
    fn note(&mut self, objects: &[Element<'_>], item: &str, class: Class) {
        self.changed = true;
        self.removed.extend(objects.iter().filter_map(|object| object.get(Ns::R, "id").map(Cow::into_owned)));
        self.shapes.extend(objects.iter().filter_map(shape_of));
        self.notes.removed(class, item);
    }

    /// An object or control of Word with the shape that shows it.
    fn word<'x>(&mut self, mut branch: Branch<'x>, out: &mut Vec<Node<'x>>) {
        let active: Vec<Element<'_>> =
            branch.elements().filter(|child| is_active(child)).map(|child| child.tag.clone()).collect();
        let drawn = branch.child(Ns::W, "drawing").is_some();
        let pictured = drawn || find(&branch, Ns::V, "imagedata").is_some();
        let Some(class) = self.classes(&active).filter(|_| pictured) else {
            out.push(Node::Element(branch));
            return;
        };
        let name = active.first().map_or("", |object| object.name());
        self.note(&active, name, class);
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

/// The number of the VML shape that shows an object of a slide.
fn shape_of(object: &Element<'_>) -> Option<String> {
    let shape = object.get(Ns::None, "spid")?;
    Some(shape.strip_prefix(NUMBERED).unwrap_or(&shape).to_owned())
}

/// What starts a program, beside the shape that shows it.
fn is_active(branch: &Branch<'_>) -> bool {
    match branch.tag.ns {
        Ns::O => branch.tag.local == "OLEObject",
        Ns::W => matches!(branch.tag.local, "control" | "objectEmbed" | "objectLink"),
        _ => false,
    }
}

/// The first element of this name in it. The depth of the recursion is that of the XML, which is limited.
fn find<'b, 'x>(branch: &'b Branch<'x>, ns: Ns, local: &str) -> Option<&'b Branch<'x>> {
    branch.elements().find_map(|child| if child.is(ns, local) { Some(child) } else { find(child, ns, local) })
}

/// The tags of all elements of this name in it.
fn collect<'x>(branch: &Branch<'x>, ns: Ns, local: &str, out: &mut Vec<Element<'x>>) {
    for child in branch.elements() {
        if child.is(ns, local) {
            out.push(child.tag.clone());
        }
        collect(child, ns, local, out);
    }
}
