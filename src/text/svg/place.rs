//! Whether a text stands beside the part of the plane that a drawing shows.

use roxmltree::{Document, Node};

use crate::prove::svg::document::name;

/// What the root element shows: left, top, right, bottom in its own units.
pub(super) struct View([f64; 4]);

/// An affine transform as SVG writes it (SVG 1.1, 7.4): x' = a·x + c·y + e, y' = b·x + d·y + f.
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

impl View {
    /// The view of a drawing; `None` when its size is not stated in plain numbers.
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let root = document.root_element();
        if let Some(written) = root.attribute("viewBox") {
            let [left, top, width, height] = <[f64; 4]>::try_from(numbers(written)).ok()?;
            return Some(Self([left, top, left + width, top + height]));
        }
        let side = |name| root.attribute(name)?.trim().trim_end_matches("px").parse::<f64>().ok();
        Some(Self([0.0, 0.0, side("width")?, side("height")?]))
    }

    /// True when a text begins so far outside that no part of it can be seen. In doubt it is not.
    pub(super) fn is_beside(&self, text: Node<'_, '_>) -> bool {
        let position = |name| text.attribute(name).map_or(Some(0.0), |written| numbers(written).first().copied());
        let (Some(x), Some(y)) = (position("x"), position("y")) else { return false };
        let positioned =
            text.descendants().skip(1).any(|node| node.attribute("x").is_some() || node.attribute("y").is_some());
        let mut matrix = IDENTITY;
        for ancestor in text.ancestors().filter(Node::is_element) {
            let is_root = ancestor.parent_element().is_none();
            if !matches!(name(ancestor), Some("text" | "g" | "a" | "switch")) && !is_root {
                return false;
            }
            if let Some(written) = ancestor.attribute("transform") {
                let Some(own) = transform(written) else { return false };
                matrix = product(own, matrix);
            }
            if ancestor.attribute("style").is_some_and(|style| style.contains("transform")) {
                return false;
            }
        }
        let [a, b, c, d, e, f] = matrix;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        let Self([left, top, right, bottom]) = self;
        let (width, height) = (right - left, bottom - top);
        // A text may reach back into the view by about its own length; beyond a whole view of distance none does.
        let far = |value: f64, from: f64, to: f64, side: f64| value < from - side || value > to + side;
        !positioned && (far(x, *left, *right, width) || far(y, *top, *bottom, height))
    }
}

fn numbers(written: &str) -> Vec<f64> {
    let parts = written.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|part| !part.is_empty());
    parts.map_while(|part| part.trim_end_matches("px").parse().ok()).take(6).collect()
}

fn product(outer: Matrix, inner: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = outer;
    let [p, q, r, s, t, u] = inner;
    [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f]
}

/// A list of transforms; `None` for one that is not known here.
fn transform(written: &str) -> Option<Matrix> {
    let mut matrix = IDENTITY;
    let mut rest = written.trim_start_matches([' ', ',', '\n', '\t']);
    while !rest.is_empty() {
        let (kind, tail) = rest.split_once('(')?;
        let (arguments, tail) = tail.split_once(')')?;
        let own = match (kind.trim(), numbers(arguments).as_slice()) {
            ("matrix", [a, b, c, d, e, f]) => [*a, *b, *c, *d, *e, *f],
            ("translate", [x]) => [1.0, 0.0, 0.0, 1.0, *x, 0.0],
            ("translate", [x, y]) => [1.0, 0.0, 0.0, 1.0, *x, *y],
            ("scale", [s]) => [*s, 0.0, 0.0, *s, 0.0, 0.0],
            ("scale", [x, y]) => [*x, 0.0, 0.0, *y, 0.0, 0.0],
            ("rotate", [angle]) => {
                let (sin, cos) = angle.to_radians().sin_cos();
                [cos, sin, -sin, cos, 0.0, 0.0]
            }
            _ => return None,
        };
        matrix = product(matrix, own);
        rest = tail.trim_start_matches([' ', ',', '\n', '\t']);
    }
    Some(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_texts_are_beside_the_view() {
        for (drawing, beside) in [
            ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><text x='1' y='5'>a</text></svg>", false),
            ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><text x='50' y='5'>a</text></svg>", true),
            (
                "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10px'><text x='0' y='-50'>a</text></svg>",
                true,
            ),
            (
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><g transform='scale(.1) translate(-50,0)'>\
                 <text x='100' y='5'>a</text></g></svg>",
                false,
            ),
            (
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><g transform='rotate(90)'>\
                 <text x='5' y='5'>a</text></g></svg>",
                false,
            ),
            ("<svg xmlns='http://www.w3.org/2000/svg'><text x='5000' y='5'>a</text></svg>", false),
        ] {
            let document = Document::parse(drawing).unwrap();
            let text = document.descendants().find(|node| name(*node) == Some("text")).unwrap();
            let found = View::of(&document).is_some_and(|view| view.is_beside(text));
            assert_eq!(found, beside, "{drawing}");
        }
    }
}
