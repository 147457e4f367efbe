//! OLE objects and ActiveX controls on sheets, taken out where the policy says so: a picture takes the place of each.
//!
//! A sheet lists them in `oleObjects` and `controls` (ECMA-376 part 1, 18.3.1.60 and 18.3.1.21). What programs show of one is a
//! picture, named by `objectPr` or `controlPr` since Office 2010 and by a shape of the VML drawing always (part 4, 19.4); since
//! 2010 the drawing has a hidden twin of that shape (\[MS-ODRAWXML\] 2.3.1.4). All of these go, and the drawing gets a picture at
//! the same anchor (20.5.2.33).
//!
//! What has no picture, or is shown in a way that a picture in a drawing is not, stays and is held.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::vml_shapes::Drawn;
use crate::formats::xml::{self, Branch, Node, Ns};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Column, offset, row and offset of one corner, then of the other; offsets in EMU.
pub(super) type Anchor = [i64; 8];

/// What a drawing shows in place of an object.
#[derive(Debug, Clone)]
pub(super) struct Preview {
    /// The number of the shape.
    pub(super) shape: String,
    /// The part of the picture.
    pub(super) image: String,
    anchor: Anchor,
    filled: bool,
    lined: bool,
}

/// An object of a sheet.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// The number of its shape.
    pub(super) shape: String,
    /// The id of the relationship to it.
    pub(super) relationship: Option<String>,
    /// The id of the relationship to its picture.
    picture: Option<String>,
    anchor: Option<Anchor>,
}

impl Object {
    /// What to show for the object: the picture that the sheet names, else that of the shape. `sheet` and `drawing` find the part
    /// behind a relationship of the sheet and of the VML drawing.
    pub(super) fn preview(
        &self,
        drawn: &BTreeMap<String, Drawn>,
        sheet: impl Fn(&str) -> Option<String>,
        drawing: impl Fn(&str) -> Option<String>,
    ) -> Option<Preview> {
        self.shape.parse::<u32>().ok()?;
        let shape = drawn.get(&self.shape)?;
        let image = match &self.picture {
            Some(id) => sheet(id)?,
            None => drawing(&shape.picture)?,
        };
        Some(Preview {
            shape: self.shape.clone(),
            image,
            anchor: self.anchor.or(shape.anchor)?,
            filled: shape.filled,
            lined: shape.lined,
        })
    }
}

/// The objects of a sheet, by their shapes: alternatives are one object.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn listed(sheet: &str, limits: &Limits) -> Result<Vec<Object>, Refusal> {
    let mut objects: BTreeMap<String, Object> = BTreeMap::new();
    collect(&xml::read(sheet, limits)?, &mut objects);
    Ok(objects.into_values().collect())
}

fn is_object(branch: &Branch<'_>) -> bool {
    branch.is(Ns::S, "oleObject") || branch.is(Ns::S, "control")
}

fn collect(nodes: &[Node<'_>], objects: &mut BTreeMap<String, Object>) {
    for branch in nodes.iter().filter_map(Node::element) {
        if !is_object(branch) {
            collect(&branch.children, objects);
            continue;
        }
        let shape = branch.tag.own("shapeId").map(Cow::into_owned).unwrap_or_default();
        let object = objects.entry(shape.clone()).or_insert_with(|| Object { shape, ..Object::default() });
        object.relationship = branch.tag.get(Ns::R, "id").map(Cow::into_owned).or(object.relationship.take());
        let shown = branch.child(Ns::S, "objectPr").or_else(|| branch.child(Ns::S, "controlPr"));
        if let Some(shown) = shown {
            object.picture = shown.tag.get(Ns::R, "id").map(Cow::into_owned);
            object.anchor = shown.child(Ns::S, "anchor").and_then(anchor);
        }
    }
}

/// The corners of an `anchor` in a sheet, whose marks are those of drawings.
fn anchor(anchor: &Branch<'_>) -> Option<[i64; 8]> {
    let mut numbers = [0; 8];
    let mut places = numbers.iter_mut();
    for corner in ["from", "to"] {
        let corner = anchor.elements().find(|child| child.tag.local == corner)?;
        for mark in ["col", "colOff", "row", "rowOff"] {
            let mark = corner.elements().find(|child| child.tag.local == mark)?;
            *places.next()? = text_of(mark).trim().parse().ok()?;
        }
    }
    Some(numbers)
}

/// The text in an element.
pub(super) fn text_of(branch: &Branch<'_>) -> String {
    let raw = branch.children.iter().map(|node| match node {
        Node::Raw(text) => *text,
        _ => "",
    });
    raw.collect()
}

/// The sheet without the objects of these shapes, and with a drawing if it had none: `drawing` is the id of the relationship to it.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn without_objects(
    sheet: &str,
    limits: &Limits,
    shapes: &BTreeSet<String>,
    drawing: Option<&str>,
) -> Result<String, Refusal> {
    let mut nodes = xml::read(sheet, limits)?;
    for node in &mut nodes {
        if let Node::Element(root) = node {
            insert_drawing(root, drawing);
            drop_objects(&mut root.children, shapes);
        }
    }
    Ok(xml::written(&nodes, sheet))
}

/// Puts the drawing where the schema wants it (part 1, 18.3.1.99): before the VML drawing, the objects and the controls.
fn insert_drawing(root: &mut Branch<'_>, drawing: Option<&str>) {
    let Some(id) = drawing else { return };
    let prefix = root.tag.name().strip_suffix(root.tag.local).unwrap_or_default();
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let markup = format!("<{prefix}drawing xmlns:r=\"{relations}\" r:id=\"{id}\"/>");
    let follows = |node: &Node<'_>| node.element().is_some_and(comes_after_drawing);
    let place = root.children.iter().position(follows).unwrap_or(root.children.len());
    root.children.insert(place, Node::New(markup));
}

fn comes_after_drawing(branch: &Branch<'_>) -> bool {
    let alternatives = branch.tag.ns == Ns::Mc && branch.elements().any(comes_after_drawing);
    alternatives
        || matches!(branch.tag.local, "legacyDrawing" | "legacyDrawingHF" | "picture" | "oleObjects" | "controls")
}

/// The depth of the recursion is that of the XML, which is limited.
fn drop_objects(nodes: &mut Vec<Node<'_>>, shapes: &BTreeSet<String>) {
    nodes.retain_mut(|node| {
        let Node::Element(branch) = node else { return true };
        if is_object(branch) {
            return !branch.tag.own("shapeId").is_some_and(|shape| shapes.contains(shape.as_ref()));
        }
        let holds = branch.tag.ns == Ns::Mc || branch.is(Ns::S, "oleObjects") || branch.is(Ns::S, "controls");
        if !holds || branch.elements().next().is_none() {
            return true;
        }
        drop_objects(&mut branch.children, shapes);
        // An alternative may be empty, but of all that held nothing else, nothing stays.
        matches!(branch.tag.local, "Choice" | "Fallback")
            || branch.elements().any(|child| {
                child.tag.ns != Ns::Mc || child.elements().next().is_some() || child.is(Ns::Mc, "AlternateContent")
            })
    });
}

/// A drawing with nothing in it.
pub(super) const EMPTY: &str = "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"></xdr:wsDr>";

/// A drawing with pictures in place of objects, each with the id of the relationship to its part.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn with_pictures(drawing: &str, limits: &Limits, pictures: &[(Preview, String)]) -> Result<String, Refusal> {
    let mut nodes = xml::read(drawing, limits)?;
    for node in &mut nodes {
        if let Node::Element(root) = node {
            root.tag.open();
            root.children.retain(|node| {
                let twin = node.element().filter(|anchor| shapes_in(anchor) == 1).and_then(twin_of);
                !twin.is_some_and(|twin| pictures.iter().any(|(preview, _)| preview.shape == twin))
            });
            root.children.extend(pictures.iter().map(|(preview, id)| Node::New(preview.markup(id))));
        }
    }
    Ok(xml::written(&nodes, drawing))
}

/// The number of the VML shape that an anchor holds the twin of.
fn twin_of(anchor: &Branch<'_>) -> Option<String> {
    if anchor.tag.local == "compatExt" {
        return anchor.tag.get(Ns::None, "spid")?.strip_prefix("_x0000_s").map(str::to_owned);
    }
    anchor.elements().find_map(twin_of)
}

/// How many shapes there are in an anchor.
fn shapes_in(branch: &Branch<'_>) -> usize {
    let shape = matches!(branch.tag.local, "sp" | "pic" | "graphicFrame" | "grpSp" | "cxnSp");
    branch.elements().map(shapes_in).fold(usize::from(shape), usize::saturating_add)
}

impl Preview {
    /// The picture at its anchor (part 1, 20.5.2.33).
    fn markup(&self, id: &str) -> String {
        let [from, to] = [0_usize, 4].map(|at| {
            let mark = |place: usize| self.anchor.get(at.saturating_add(place)).copied().unwrap_or_default();
            format!(
                "<xdr:col>{}</xdr:col><xdr:colOff>{}</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>{}</xdr:rowOff>",
                mark(0),
                mark(1),
                mark(2),
                mark(3)
            )
        });
        let colour = |name: &str, last: &str| {
            format!("<a:solidFill><a:sysClr val=\"{name}\" lastClr=\"{last}\"/></a:solidFill>")
        };
        let fill = if self.filled { colour("window", "FFFFFF") } else { String::new() };
        let line = if self.lined { format!("<a:ln>{}</a:ln>", colour("windowText", "000000")) } else { String::new() };
        let shape = quick_xml::escape::escape(&self.shape);
        format!(
            "<xdr:twoCellAnchor xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
             xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" editAs=\"oneCell\">\
             <xdr:from>{from}</xdr:from><xdr:to>{to}</xdr:to><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{shape}\" name=\"Object {shape}\"/>\
             <xdr:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"{id}\"/>\
             <a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{fill}{line}\
             </xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>"
        )
    }
}
