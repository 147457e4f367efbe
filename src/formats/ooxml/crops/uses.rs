//! Where a part uses pictures, and how much of each it shows.

use std::collections::BTreeMap;

use super::sides::Sides;
use crate::formats::xml::{Attribute, Element, Filter, Notes, Ns, Path, Step, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// How much of a picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it, or nobody knows how much.
    Whole,
    /// What the crop leaves.
    Part(Sides),
    /// A part that this module cannot cut out, and why.
    Otherwise(&'static str),
}

/// A use of a picture.
#[derive(Debug)]
pub(super) struct Use {
    /// The id of the relationship that leads to the picture.
    pub(super) id: String,
    pub(super) shown: Shown,
    /// Where the element stands that holds the crop.
    pub(super) offset: usize,
}

/// A picture fill that is being read (`blipFill`, ECMA-376 part 1, 20.1.8.14).
struct Fill {
    depth: usize,
    embedded: Vec<String>,
    vector: Vec<String>,
    linked: bool,
    tiled: bool,
    /// The crop, `None` inside for one that is not understood, and where it stands.
    crop: Option<(Option<Sides>, usize)>,
}

/// False for a part that shows its pictures whole: it has neither the element nor any of the attributes of a crop.
pub(super) fn crops(text: &str) -> bool {
    text.contains("srcRect") || text.contains("crop")
}

/// The uses of pictures in a part.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn survey(text: &str, limits: &Limits) -> Result<Vec<Use>, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut uses = Vec::new();
    let mut fills: Vec<Fill> = Vec::new();
    let mut depth = 0_usize;
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) => {
                start(&element, depth, &mut fills, &mut uses);
                if element.empty {
                    end(depth, &mut fills, &mut uses);
                } else {
                    depth = depth.saturating_add(1);
                }
            }
            Token::End(_) => {
                depth = depth.saturating_sub(1);
                end(depth, &mut fills, &mut uses);
            }
            _ => {}
        }
    }
    Ok(uses)
}

fn start(element: &Element<'_>, depth: usize, fills: &mut Vec<Fill>, uses: &mut Vec<Use>) {
    let offset = element.offset;
    if element.local == "blipFill" {
        let (embedded, vector) = (Vec::new(), Vec::new());
        fills.push(Fill { depth, embedded, vector, linked: false, tiled: false, crop: None });
        return;
    }
    let fill = fills.last_mut().filter(|fill| depth > fill.depth);
    let child = fill.as_ref().is_some_and(|fill| depth == fill.depth.saturating_add(1));
    match (fill, element.ns, element.local) {
        (Some(fill), Ns::A, "blip") if child => {
            fill.embedded.extend(element.get(Ns::R, "embed").map(std::borrow::Cow::into_owned));
            fill.linked |= element.get(Ns::R, "link").is_some_and(|id| !id.is_empty());
        }
        (Some(fill), _, "svgBlip") => {
            fill.vector.extend(element.get(Ns::R, "embed").map(std::borrow::Cow::into_owned));
        }
        (Some(fill), Ns::A, "srcRect") if child => {
            let value = |name: &str| element.get(Ns::None, name).map(std::borrow::Cow::into_owned);
            fill.crop = Some((Sides::read(false, value), offset));
        }
        (Some(fill), Ns::A, "tile") if child => fill.tiled = true,
        (_, Ns::V, "imagedata") => {
            let value = |name: &str| element.get(Ns::None, name).map(std::borrow::Cow::into_owned);
            let sides = Sides::read(true, value);
            let ids: Vec<String> = references(element).collect();
            let shown = match sides {
                None => Shown::Otherwise("its crop is not understood"),
                Some(sides) if sides.is_whole() => Shown::Whole,
                Some(_) if ids.len() > 1 => Shown::Otherwise("it has a linked twin"),
                Some(sides) => Shown::Part(sides),
            };
            uses.extend(ids.into_iter().map(|id| Use { id, shown, offset }));
        }
        _ => uses.extend(references(element).map(|id| Use { id, shown: Shown::Whole, offset })),
    }
}

fn end(depth: usize, fills: &mut Vec<Fill>, uses: &mut Vec<Use>) {
    let Some(fill) = fills.pop_if(|fill| fill.depth == depth) else { return };
    let (crop, offset) = fill.crop.map_or((None, depth), |(crop, offset)| (Some(crop), offset));
    let shown = match crop {
        None => Shown::Whole,
        Some(None) => Shown::Otherwise("its crop is not understood"),
        Some(Some(sides)) if sides.is_whole() => Shown::Whole,
        Some(_) if fill.tiled => Shown::Otherwise("it is a tile"),
        Some(_) if fill.linked => Shown::Otherwise("it has a linked twin"),
        Some(_) if !fill.vector.is_empty() => Shown::Otherwise("it has an SVG twin"),
        Some(Some(sides)) => Shown::Part(sides),
    };
    uses.extend(fill.embedded.into_iter().chain(fill.vector).map(|id| Use { id, shown, offset }));
}

/// The ids of relationships that an element names.
fn references(element: &Element<'_>) -> impl Iterator<Item = String> {
    let refers =
        |attribute: &&Attribute<'_>| attribute.ns == Ns::R || attribute.ns == Ns::O && attribute.local == "relid";
    element.attributes().iter().filter(refers).map(|attribute| attribute.value().into_owned())
}

/// Writes crops anew, each known by where its element stands.
pub(super) struct Rewrite {
    pub(super) crops: BTreeMap<usize, [(&'static str, String); 4]>,
}

impl Filter for Rewrite {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, _notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        for (name, value) in self.crops.get(&element.offset).into_iter().flatten() {
            element.set(Ns::None, name, value);
        }
        Ok(Step::Keep)
    }
}
