//! Where the ink of a glyph lies: a few points on it and a few beside it.
//!
//! A box around a glyph says little: the box of a slash is empty for the most part, and a box that is covered by four fifths
//! may still show every stroke. So what becomes of a glyph is asked at points of its ink.

use std::cell::OnceCell;

use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape as _};

/// Points of each sort that a glyph is asked at.
const POINTS: usize = 12;
/// Steps of the grid from which they are taken.
const STEPS: u8 = 12;

/// The shape of a glyph in the units of its font, a thousand for the font size.
#[derive(Debug)]
pub(crate) struct Ink {
    outline: BezPath,
    bounds: Rect,
    samples: OnceCell<Samples>,
}

/// Points on the ink of a glyph, and points of its box beside the ink.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    /// On the ink.
    pub(crate) on: Vec<Point>,
    /// Beside it.
    pub(crate) beside: Vec<Point>,
}

impl Ink {
    /// The ink of an outline.
    pub(super) fn new(outline: BezPath) -> Self {
        let bounds = if outline.is_empty() { Rect::ZERO } else { outline.bounding_box() };
        Self { bounds, outline, samples: OnceCell::new() }
    }

    /// The ink of a glyph whose shape is not known: the usual place of a letter.
    pub(super) fn of_width(width: f64) -> Self {
        Self::new(Rect::new(0.1 * width, 0.0, 0.9 * width, 600.0).to_path(0.1))
    }

    pub(super) fn bounds(&self) -> Rect {
        self.bounds
    }

    pub(super) fn is_blank(&self) -> bool {
        self.bounds.width() <= 0.0 && self.bounds.height() <= 0.0
    }

    pub(super) fn samples(&self, placement: Affine) -> Samples {
        let samples = self.samples.get_or_init(|| sample(&self.outline, self.bounds));
        let place = |points: &[Point]| points.iter().map(|point| placement * *point).collect();
        Samples { on: place(&samples.on), beside: place(&samples.beside) }
    }
}

/// Takes points from a grid over the box, those in the middle of strokes and of gaps first.
fn sample(outline: &BezPath, bounds: Rect) -> Samples {
    let at = |column: u8, row: u8| {
        let along = |from: f64, length: f64, step: u8| from + length * (f64::from(step) + 0.5) / f64::from(STEPS);
        Point::new(along(bounds.x0, bounds.width(), column), along(bounds.y0, bounds.height(), row))
    };
    let grid: Vec<Vec<bool>> =
        (0..STEPS).map(|row| (0..STEPS).map(|column| outline.winding(at(column, row)) != 0).collect()).collect();
    let value = |column: Option<u8>, row: Option<u8>| -> Option<bool> {
        grid.get(usize::from(row?))?.get(usize::from(column?)).copied()
    };
    let (mut on, mut beside) = (Vec::new(), Vec::new());
    for row in 0..STEPS {
        for column in 0..STEPS {
            let inked = value(Some(column), Some(row)) == Some(true);
            let neighbours = [
                value(column.checked_sub(1), Some(row)),
                value(column.checked_add(1), Some(row)),
                value(Some(column), row.checked_sub(1)),
                value(Some(column), row.checked_add(1)),
            ];
            let strange = neighbours.iter().filter(|neighbour| neighbour.unwrap_or(false) != inked).count();
            if inked { on.push((strange, at(column, row))) } else { beside.push((strange, at(column, row))) }
        }
    }
    if on.is_empty() {
        // A hairline slips through the grid.
        on = outline.segments().take(POINTS).map(|segment| (0, middle(segment))).collect();
    }
    Samples { on: choose(on), beside: choose(beside) }
}

fn middle(segment: hayro_interpret::kurbo::PathSeg) -> Point {
    use hayro_interpret::kurbo::ParamCurve as _;
    segment.eval(0.5)
}

/// The best ranked points, spread over the glyph.
fn choose(mut points: Vec<(usize, Point)>) -> Vec<Point> {
    points.sort_by_key(|(rank, _)| *rank);
    let best = points.iter().take_while(|(rank, _)| *rank <= 1).count();
    points.truncate(best.max(POINTS));
    let step = points.len().div_ceil(POINTS).max(1);
    points.into_iter().step_by(step).map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_on_the_ink_and_beside_it() {
        let mut ring = Rect::new(0.0, 0.0, 600.0, 600.0).to_path(0.1);
        ring.extend(Rect::new(200.0, 200.0, 400.0, 400.0).to_path(0.1).reverse_subpaths());
        let samples = Ink::new(ring.clone()).samples(Affine::IDENTITY);
        assert!(samples.on.len() >= 8 && samples.on.iter().all(|point| ring.winding(*point) != 0));
        assert!(!samples.beside.is_empty() && samples.beside.iter().all(|point| ring.winding(*point) == 0));
    }

    #[test]
    fn a_hairline_has_points() {
        let line = Rect::new(0.0, 0.0, 0.0, 700.0).to_path(0.1);
        assert!(!Ink::new(line).samples(Affine::scale(0.01)).on.is_empty());
        assert!(Ink::new(BezPath::new()).is_blank());
    }
}
