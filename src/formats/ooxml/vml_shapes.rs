//! The shapes of a VML drawing that show objects of sheets (ECMA-376 part 4, 19.4) and of slides (19.3.2.4, `spid`).

use std::collections::{BTreeMap, BTreeSet};

use super::sheet_objects::{Anchor, text_of};
use crate::formats::xml::{self, Branch, Node, Ns};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// A pixel of VML in EMU, at 96 pixels per inch.
const PIXEL: i64 = 9_525;

/// Units of lengths in EMU (part 4, 19.1.2.1, `style`).
const UNITS: &[(&str, i64)] = &[("pt", 12_700), ("in", 914_400), ("cm", 360_000), ("mm", 36_000), ("px", PIXEL)];

/// Left, top, width and height in EMU.
pub(super) type Place = [i64; 4];

/// A shape of a VML drawing.
#[derive(Debug)]
pub(super) struct Drawn {
    /// The id of the relationship to its picture.
    pub(super) picture: String,
    /// Where it lies on a sheet.
    pub(super) anchor: Option<Anchor>,
    /// Where it lies on a slide.
    pub(super) place: Option<Place>,
    pub(super) filled: bool,
    pub(super) lined: bool,
}

/// The shapes of a VML drawing that show a picture as a drawing can, by their numbers.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn drawn(vml: &str, limits: &Limits) -> Result<BTreeMap<String, Drawn>, Refusal> {
    let mut shapes = BTreeMap::new();
    let nodes = xml::read(vml, limits)?;
    let roots = nodes.iter().filter_map(Node::element);
    for shape in roots.flat_map(Branch::elements).filter(|branch| branch.is(Ns::V, "shape")) {
        if let (Some(number), Some(drawn)) = (number_of(shape), picture_of(shape)) {
            shapes.insert(number, drawn);
        }
    }
    Ok(shapes)
}

/// What stands before the number of a shape in its id.
pub(super) const NUMBERED: &str = "_x0000_s";

/// The number of a shape, from `_x0000_s1025`.
fn number_of(shape: &Branch<'_>) -> Option<String> {
    let id = shape.tag.get(Ns::O, "spid").or_else(|| shape.tag.get(Ns::None, "id"))?;
    id.strip_prefix(NUMBERED).map(str::to_owned)
}

fn picture_of(shape: &Branch<'_>) -> Option<Drawn> {
    let value = |name| shape.tag.get(Ns::None, name).map(|value| value.to_lowercase()).unwrap_or_default();
    let on = |name| matches!(value(name).as_str(), "t" | "true");
    let style = value("style");
    let moved = ["rotation", "flip", "visibility"].iter().any(|property| style.contains(property));
    let coloured = on("filled") && !value("fillcolor").starts_with("window ")
        || on("stroked") && !value("strokecolor").starts_with("windowtext ");
    let image = shape.child(Ns::V, "imagedata")?;
    let adjusted = image.tag.attributes().iter().any(|attribute| {
        attribute.ns == Ns::None
            && !matches!(attribute.local, "id" | "src" | "title")
            && !matches!(attribute.value().as_ref(), "f" | "false")
    });
    let painted = |local| shape.child(Ns::V, local).and_then(|child| child.tag.get(Ns::None, "on"));
    let painted = ["shadow", "fill", "stroke"].iter().any(|local| painted(local).is_some_and(|on| on.starts_with('t')));
    if moved || coloured || adjusted || painted {
        return None;
    }
    let data = shape.child(Ns::X, "ClientData");
    Some(Drawn {
        picture: image.tag.get(Ns::O, "relid").or_else(|| image.tag.get(Ns::R, "id"))?.into_owned(),
        anchor: data.and_then(|data| data.child(Ns::X, "Anchor")).and_then(|anchor| vml_anchor(&text_of(anchor))),
        place: place_of(&style),
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

/// Where a style puts a shape.
fn place_of(style: &str) -> Option<Place> {
    let mut place = [0; 4];
    for (value, name) in place.iter_mut().zip(["left", "top", "width", "height"]) {
        let mut properties = style.split(';').filter_map(|property| property.split_once(':'));
        *value = length(properties.find(|(property, _)| property.trim() == name)?.1.trim())?;
    }
    Some(place)
}

/// A length with its unit, to the nearest EMU.
fn length(text: &str) -> Option<i64> {
    if text == "0" {
        return Some(0);
    }
    let (number, unit) = UNITS.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let places = u32::try_from(decimals.len()).ok().filter(|places| *places <= 6)?;
    let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    let units: i64 = format!("{whole}{decimals}").parse().ok().filter(|_| digits)?;
    let one = 10_i64.checked_pow(places)?;
    units.checked_mul(unit)?.checked_add(one / 2)?.checked_div_euclid(one)
}

/// A VML drawing without these shapes.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn without_shapes(vml: &str, limits: &Limits, shapes: &BTreeSet<String>) -> Result<String, Refusal> {
    let mut nodes = xml::read(vml, limits)?;
    for node in &mut nodes {
        if let Node::Element(root) = node {
            root.children.retain(|node| {
                let number = node.element().filter(|branch| branch.is(Ns::V, "shape")).and_then(number_of);
                !number.is_some_and(|number| shapes.contains(&number))
            });
        }
    }
    Ok(xml::written(&nodes, vml))
}
