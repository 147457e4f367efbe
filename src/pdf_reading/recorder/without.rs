//! Records a page as if some of its glyphs were not there.

use std::collections::BTreeSet;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{Affine, Point};
use hayro_interpret::{DrawMode, DrawProps};

use super::Recorder;

/// The glyphs that are left out, and how far the counting of text has come.
pub(super) struct Without<'r> {
    glyphs: &'r BTreeSet<(u32, u32)>,
    run: u32,
    /// The glyphs that were filled just before, and the number of operations after that.
    filled: (Vec<(u32, Point)>, u64),
}

impl<'r> Without<'r> {
    pub(super) fn new(glyphs: &'r BTreeSet<(u32, u32)>) -> Self {
        Self { glyphs, run: 0, filled: (Vec::new(), 0) }
    }
}

impl<'a> Recorder<'a, '_> {
    /// Which glyphs of an operation that shows text are recorded. Filling and outlining glyphs, text rendering mode 2, comes
    /// as two operations and counts as one.
    pub(super) fn kept(&mut self, run: &GlyphRun<'_, 'a>, props: &DrawProps<'a>, mode: &DrawMode) -> Vec<bool> {
        let operations = self.operations;
        let Some(without) = &mut self.without else { return Vec::new() };
        let places: Vec<(u32, Point)> = run
            .glyphs()
            .iter()
            .map(|glyph| {
                let [.., x, y] = (props.transform * glyph.transform()).as_coeffs();
                (glyph.char_code(), Point::new(x, y))
            })
            .collect();
        let outlining = matches!(mode, DrawMode::Stroke(_)) && without.filled == (places.clone(), operations);
        if !outlining {
            without.run = without.run.saturating_add(1);
        }
        let kept: Vec<bool> =
            places.iter().zip(0_u32..).map(|(_, index)| !without.glyphs.contains(&(without.run, index))).collect();
        without.filled = if matches!(mode, DrawMode::Fill(_)) { (places, operations) } else { (Vec::new(), 0) };
        kept
    }

    /// Notes that the glyphs of an operation were recorded.
    pub(super) fn has_shown(&mut self) {
        if self.depth == 0
            && let Some(without) = &mut self.without
        {
            without.filled.1 = self.operations;
        }
    }
}

/// The size and direction of a placement.
pub(super) fn placeless(placement: Affine) -> Affine {
    let [a, b, c, d, ..] = placement.as_coeffs();
    Affine::new([a, b, c, d, 0.0, 0.0])
}
