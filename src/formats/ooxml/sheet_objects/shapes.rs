//! The shapes of a VML drawing that show objects (ECMA-376 part 4, 19.4).

use std::collections::{BTreeMap, BTreeSet};

use super::{Anchor, text_of, written};
use crate::formats::xml::{self, Branch, Node, Ns};
use crate::refusal::Refusal;

/// A pixel of VML in EMU, at 96 pixels per inch.
const PIXEL: i64 = 9_525;

/// A shape of a VML drawing.
#[derive(Debug)]
pub(in crate::formats::ooxml) struct Drawn {
    /// The id of the relationship to its picture.
    pub(super) picture: String,
    pub(super) anchor: Option<Anchor>,
    pub(super) filled: bool,
    pub(super) lined: bool,
}

/// The shapes of a VML drawing that show a picture as a drawing can, by their numbers.
///
/// # Errors
/// As [`xml::read`].
pub(in crate::formats::ooxml) fn drawn(vml: &str, deepest: u32) -> Result<BTreeMap<String, Drawn>, Refusal> {
    let mut shapes = BTreeMap::new();
    let nodes = xml::read(vml, deepest)?;
    let roots = nodes.iter().filter_map(Node::element);
    for shape in roots.flat_map(Branch::elements).filter(|branch| branch.is(Ns::V, "shape")) {
        if let (Some(number), Some(drawn)) = (number_of(shape), picture_of(shape)) {
            shapes.insert(number, drawn);
        }
    }
    Ok(shapes)
}

/// The number of a shape, from `_x0000_s1025`.
fn number_of(shape: &Branch<'_>) -> Option<String> {
    let id = shape.tag.get(Ns::O, "spid").or_else(|| shape.tag.get(Ns::None, "id"))?;
    id.strip_prefix("_x0000_s").map(str::to_owned)
}

fn picture_of(shape: &Branch<'_>) -> Option<Drawn> {
    let value = |name| shape.tag.get(Ns::None, name).map(|value| value.to_lowercase()).unwrap_or_default();
    let on = |name| matches!(value(name).as_str(), "t" | "true");
    let style = value("style");
    let moved = ["rotation", "flip", "visibility"].iter().any(|property| style.contains(property));
    let coloured = on("filled") && !value("fillcolor").starts_with("window ")
        || on("stroked") && !value("strokecolor").starts_with("windowtext ");
    let image = shape.child(Ns::V, "imagedata")?;
    let adjusted = image
        .tag
        .attributes()
        .iter()
        .any(|attribute| attribute.ns == Ns::None && !matches!(attribute.local, "id" | "src" | "title"));
    let shadow = shape.child(Ns::V, "shadow").is_some_and(|shadow| shadow.tag.flag("on") == Some(true));
    if moved || coloured || adjusted || shadow {
        return None;
    }
    let data = shape.child(Ns::X, "ClientData")?;
    Some(Drawn {
        picture: image.tag.get(Ns::O, "relid").or_else(|| image.tag.get(Ns::R, "id"))?.into_owned(),
        anchor: data.child(Ns::X, "Anchor").and_then(|anchor| vml_anchor(&text_of(anchor))),
        filled: on("filled"),
        lined: on("stroked"),
    })
}

/// The corners of a shape in VML: `x:Anchor` counts pixels (part 4, 19.4.2.3).
fn vml_anchor(text: &str) -> Option<[i64; 8]> {
    let mut numbers = [0; 8];
    let mut fields = text.split(',');
    for (place, number) in numbers.iter_mut().enumerate() {
        let value: i64 = fields.next()?.trim().parse().ok()?;
        let is_offset = place % 2 == 1;
        *number = if is_offset { value.checked_mul(PIXEL)? } else { value };
    }
    Some(numbers)
}

/// A VML drawing without these shapes.
///
/// # Errors
/// As [`xml::read`].
pub(in crate::formats::ooxml) fn without_shapes(
    vml: &str,
    deepest: u32,
    shapes: &BTreeSet<String>,
) -> Result<String, Refusal> {
    let mut nodes = xml::read(vml, deepest)?;
    for node in &mut nodes {
        if let Node::Element(root) = node {
            root.children.retain(|node| {
                let number = node.element().filter(|branch| branch.is(Ns::V, "shape")).and_then(number_of);
                !number.is_some_and(|number| shapes.contains(&number))
            });
        }
    }
    Ok(written(&nodes, vml))
}
