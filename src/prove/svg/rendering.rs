//! Input and copy drawn by `resvg` and compared pixel by pixel, as far as that is affordable.
//!
//! No text and no embedded pictures are drawn: the essence has the one, the proofs of the pictures the others.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use roxmltree::{Document, Node, NodeId};

use super::document::{href, name, urls};
use super::look::style_text;
use crate::prove::Check;
use crate::refusal::Refusal;

/// The longer side of the rendering in pixels.
const SIDE: f32 = 512.0;
/// Elements that are drawn, repetitions by `use`, patterns, masks and markers counted.
const MOST_DRAWN: u64 = 40_000;
/// How deep elements may lie in what uses them.
const DEEPEST: u32 = 200;
/// Filter primitives.
const MOST_PRIMITIVES: usize = 400;
/// Octaves of noise (Filter Effects, `feTurbulence`).
const MOST_OCTAVES: f32 = 16.0;
/// Bytes of path data and points.
const MOST_PATHS: usize = 32 << 20;

/// Draws both and compares them.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when the copy looks different.
pub(super) fn compare(input: &Document<'_>, output: &Document<'_>) -> Result<Check, Refusal> {
    if let Some(why) = too_costly(input).or_else(|| too_costly(output)) {
        return Ok(Check::new("rendering-not-compared", format!("{why}; the essence alone is proved")));
    }
    match (drawn(input), drawn(output)) {
        (Some(before), Some(after)) if before.data() == after.data() => {
            Ok(Check::new("rendering-equal", format!("{}×{} pixels, without text", after.width(), after.height())))
        }
        (Some(_), _) => Err(Refusal::unprovable("the copy is drawn differently from the original")),
        (None, _) => Ok(Check::new(
            "rendering-not-compared",
            "the renderer does not take the original; the essence alone is proved",
        )),
    }
}

/// The drawing; nothing when the renderer does not take it or fails, as it does on coordinates of absurd size.
fn drawn(document: &Document<'_>) -> Option<Pixmap> {
    // Nothing that the renderer touched is looked at when it unwinds.
    catch_unwind(AssertUnwindSafe(|| draw(document))).ok().flatten()
}

fn draw(document: &Document<'_>) -> Option<Pixmap> {
    let images = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { resources_dir: None, image_href_resolver: images, ..Options::default() };
    let tree = Tree::from_xmltree(document, &options).ok()?;
    let size = tree.size();
    let scale = SIDE / size.width().max(size.height());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 1 and 512
    let pixels = |length: f32| (length * scale).ceil().clamp(1.0, SIDE) as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Some(pixmap)
}

/// Why a drawing is too costly to draw, if it is.
fn too_costly(document: &Document<'_>) -> Option<&'static str> {
    let elements = || document.descendants().filter(Node::is_element);
    if elements().filter(|node| name(*node).is_some_and(|name| name.starts_with("fe"))).count() > MOST_PRIMITIVES {
        return Some("it has very many filters");
    }
    let octaves = |node: Node<'_, '_>| node.attribute("numOctaves").and_then(|n| n.trim().parse::<f32>().ok());
    if elements().filter_map(octaves).any(|octaves| octaves > MOST_OCTAVES) {
        return Some("its noise has very many octaves");
    }
    let paths = elements().flat_map(|node| [node.attribute("d"), node.attribute("points")]).flatten();
    if paths.map(str::len).sum::<usize>() > MOST_PATHS {
        return Some("its paths are very long");
    }
    let sheets = style_text(document);
    let mut ids = HashMap::new();
    for node in elements() {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    let mut cost = Cost { ids, known: HashMap::new() };
    let styled = urls(&sheets)
        .iter()
        .filter_map(|url| url.strip_prefix('#'))
        .try_fold(0_u64, |sum, id| Some(sum.saturating_add(cost.target(id, 0)?)));
    let nodes = u64::try_from(elements().count()).unwrap_or(u64::MAX);
    let total = cost.of(document.root_element(), 0).zip(styled);
    let affordable =
        total.is_some_and(|(cost, styled)| cost.saturating_add(styled.saturating_mul(nodes)) <= MOST_DRAWN);
    (!affordable).then_some("it repeats its elements very often")
}

/// How many elements are drawn for one.
struct Cost<'d, 'i> {
    ids: HashMap<&'d str, Node<'d, 'i>>,
    /// `None` while it is being counted: then it uses itself.
    known: HashMap<NodeId, Option<u64>>,
}

impl<'d, 'i> Cost<'d, 'i> {
    /// `None` when elements use themselves or lie too deep.
    fn of(&mut self, node: Node<'d, 'i>, depth: u32) -> Option<u64> {
        if let Some(known) = self.known.get(&node.id()) {
            return *known;
        }
        if depth > DEEPEST {
            return None;
        }
        self.known.insert(node.id(), None);
        let deeper = depth.saturating_add(1);
        let mut sum = 1_u64;
        for child in node.children().filter(Node::is_element) {
            sum = sum.saturating_add(self.of(child, deeper)?);
        }
        if let Some(id) = href(node).and_then(|target| target.strip_prefix('#')).filter(|_| name(node) != Some("a")) {
            sum = sum.saturating_add(self.target(id, deeper)?);
        }
        for attribute in node.attributes() {
            for id in urls(attribute.value()).into_iter().filter_map(|url| url.strip_prefix('#')) {
                sum = sum.saturating_add(self.target(id, deeper)?);
            }
        }
        self.known.insert(node.id(), Some(sum));
        Some(sum)
    }

    fn target(&mut self, id: &str, depth: u32) -> Option<u64> {
        match self.ids.get(id).copied() {
            Some(node) => self.of(node, depth),
            None => Some(0),
        }
    }
}
