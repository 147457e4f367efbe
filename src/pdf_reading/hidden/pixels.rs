//! A part of a page as pixels, to see whether a glyph stands out in it.

use hayro_interpret::RenderContent;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, Point, Rect};

use crate::pdf_reading::Reading;
use crate::pdf_reading::scene::ink::Samples;
use crate::pdf_reading::scene::{Glyph, Scene};

/// Pixels for the size of a typical font.
const FONT: f64 = 20.0;
/// Pixels of one part of a page.
const MOST_PIXELS: f64 = 4e6;
/// Operations of a page that is still rendered.
const MOST_OPERATIONS: u64 = 2_000_000;
/// Steps of 255 by which the ink must come nearer to its own colour than what is beside it.
const STANDS_OUT: f64 = 24.0;
/// Steps of 255 by which a pixel may differ from the colour of a glyph and still be its ink, with smoothed edges.
const INK: f64 = 60.0;
/// Parts of the points of a glyph: so many more of those on the ink than of those beside it have its colour when it is seen.
const MORE: f64 = 0.5;
/// The part of the ink of a hidden glyph that may be seen all the same.
const SLIVER: f64 = 0.25;
/// Steps of 255 that tell nothing from nothing: noise of photos and of smoothed edges.
const NOISE: f64 = 10.0;

/// The pixels of a part of a page, over white.
pub(crate) struct Pixels {
    into_pixels: Affine,
    width: usize,
    height: usize,
    /// Red, green and blue, one after the other.
    samples: Vec<u8>,
}

impl<'a> Reading<'a> {
    /// Renders a part of a page, its annotations included, so that a font of this size can be made out; `None` when that
    /// costs too much or cannot be done.
    pub(crate) fn render(&self, page: &'a Page<'a>, scene: &Scene, part: Rect, size: f64) -> Option<Pixels> {
        let fine = (FONT / size.max(0.1)).clamp(0.5, 8.0);
        let scale = fine.min((MOST_PIXELS / part.area().max(1.0)).sqrt());
        let side = |length: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
            let side = (length * scale).ceil().clamp(1.0, 8192.0) as u16;
            side
        };
        let (width, height) = (side(part.width()), side(part.height()));
        if scene.operations > MOST_OPERATIONS || !part.is_finite() {
            return None;
        }
        let into_pixels = Affine::new([scale, 0.0, 0.0, -scale, -part.x0 * scale, part.y1 * scale]);
        let samples = self.pixels(page, RenderContent::all(), into_pixels, (width, height), scene.pixels)?;
        Some(Pixels { into_pixels, width: usize::from(width), height: usize::from(height), samples })
    }
}

impl Pixels {
    /// True when a glyph stands out from an even ground: where its ink lies, the pixels are clearly nearer to its colour than
    /// beside it.
    pub(super) fn show(&self, glyph: &Glyph) -> bool {
        let samples = around(glyph);
        let (Some(on), Some(beside)) = (self.mean(&samples.on), self.mean(&samples.beside)) else { return false };
        match glyph.colour {
            Some(colour) => distance(beside, own(colour)) - distance(on, own(colour)) > STANDS_OUT,
            None => distance(on, beside) > STANDS_OUT,
        }
    }

    /// True when a glyph shows through what is painted over it, which may have any colours: its ink has its colour, and
    /// beside it there is another one.
    pub(super) fn show_through(&self, glyph: &Glyph) -> bool {
        let Some(colour) = glyph.colour else { return false };
        let samples = around(glyph);
        let part = |points: &[Point]| {
            let pixels = || points.iter().filter_map(|point| self.at(*point));
            let inked = pixels().filter(|pixel| distance(pixel.map(f64::from), own(colour)) <= INK).count();
            super::share(inked, pixels().count())
        };
        part(&samples.on) - part(&samples.beside) >= MORE
    }

    /// True when the place of a glyph shows nothing of it.
    pub(super) fn lack(&self, glyph: &Glyph) -> bool {
        let samples = around(glyph);
        let means = self.mean(&samples.on).zip(self.mean(&samples.beside));
        means.is_some_and(|(on, beside)| distance(on, beside) < NOISE)
    }

    /// True when about as little of a hidden glyph is seen as it may be: at most a quarter of its ink has another colour in
    /// these other pixels, which are without it.
    pub(crate) fn are_without(&self, other: &Self, glyph: &Glyph) -> bool {
        let inked = glyph.samples().on;
        let pairs = || inked.iter().filter_map(|point| self.at(*point).zip(other.at(*point)));
        let differ = pairs().filter(|(one, two)| distance(one.map(f64::from), two.map(f64::from)) > INK).count();
        super::share(differ, pairs().count()) <= SLIVER
    }

    fn mean(&self, points: &[Point]) -> Option<[f64; 3]> {
        let (mut sum, mut count) = ([0.0; 3], 0.0);
        for colour in points.iter().filter_map(|point| self.at(*point)) {
            for (sum, channel) in sum.iter_mut().zip(colour) {
                *sum += f64::from(*channel);
            }
            count += 1.0;
        }
        (count > 0.0).then(|| sum.map(|sum| sum / count))
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked against the size
    fn at(&self, point: Point) -> Option<&[u8; 3]> {
        let place = self.into_pixels * point;
        if place.x < 0.0 || place.y < 0.0 {
            return None;
        }
        let (column, row) = (place.x as usize, place.y as usize);
        if column >= self.width || row >= self.height {
            return None;
        }
        let at = row.saturating_mul(self.width).saturating_add(column).saturating_mul(3);
        self.samples.get(at..)?.first_chunk::<3>()
    }
}

/// Points on the ink of a glyph, and points beside it: those of its box, and for a glyph that fills its box those around.
fn around(glyph: &Glyph) -> Samples {
    let mut samples = glyph.samples();
    let ring = glyph.bounds().inflate(0.15 * glyph.size(), 0.15 * glyph.size());
    samples.beside.extend([
        Point::new(ring.x0, ring.y0),
        Point::new(ring.x0, ring.y1),
        Point::new(ring.x1, ring.y0),
        Point::new(ring.x1, ring.y1),
    ]);
    samples
}

fn own([red, green, blue, _]: [u8; 4]) -> [f64; 3] {
    [red, green, blue].map(f64::from)
}

/// The largest difference of a channel.
fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(&other).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}
