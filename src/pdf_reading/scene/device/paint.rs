//! What areas are painted with: colours, gradients, patterns, pictures; and what lies inside of patterns and masks.

use std::rc::Rc;

use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, Point, Rect};
use hayro_interpret::pattern::{Pattern, ShadingPattern, TilingPattern};
use hayro_interpret::shading::ShadingType;
use hayro_interpret::{CacheKey, Image, ImageDrawProps, Paint, SoftMask};

use super::super::area::{Fill, Shape, Tiles};
use super::super::blending::Blending;
use super::super::image::{Alpha, opacity};
use super::super::{Glyph, Scene};
use super::SceneRecorder;
use crate::pdf_reading::{pictures, stop};
use crate::refusal::Refusal;

/// A picture of so few pixels is a box.
const FEW_PIXELS: u32 = 64;

impl<'a> SceneRecorder<'a, '_> {
    pub(super) fn fill(&mut self, paint: &Paint<'a>, line: bool) -> Option<Fill> {
        Some(match paint {
            Paint::Color(colour) => Fill::Colour(colour.to_rgba().to_rgba8()),
            Paint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => gradient(shading),
                Pattern::Tiling(tiling) => Fill::Tiles(self.tiles(pattern.cache_key(), tiling, line)?),
            },
        })
    }

    /// The cell of a pattern; the text in it becomes text of the page.
    pub(super) fn tiles(&mut self, key: u128, tiling: &TilingPattern<'a>, line: bool) -> Option<Rc<Tiles>> {
        if let Some(known) = self.page.tiles.borrow().get(&key) {
            return known.clone();
        }
        // A pattern that is painted with itself paints nothing.
        self.page.tiles.borrow_mut().insert(key, None);
        self.check_nested();
        let mut inner = self.inner()?;
        tiling.interpret(&mut inner, Affine::IDENTITY, line);
        let scene = inner.finish();
        self.take_text(&scene, tiling.matrix);
        let tiles = Rc::new(Tiles {
            into_cell: invert(tiling.matrix)?,
            cell: tiling.bbox,
            step: (f64::from(tiling.x_step), f64::from(tiling.y_step)),
            opacity: tiling.opacity,
            cost: scene.areas.iter().map(|area| area.cost(&scene)).fold(1, u64::saturating_add),
            scene,
        });
        self.page.tiles.borrow_mut().insert(key, Some(Rc::clone(&tiles)));
        Some(tiles)
    }

    /// The text in a mask becomes text of the page.
    pub(super) fn mask(&mut self, mask: Option<&SoftMask<'a>>) {
        let Some(mask) = mask else { return };
        if self.page.masks.borrow_mut().insert(mask.cache_key())
            && let Some(mut inner) = self.inner()
        {
            self.check_nested();
            mask.interpret(&mut inner);
            self.take_text(&inner.finish(), Affine::IDENTITY);
        }
    }

    pub(super) fn check_nested(&self) {
        let count = self.page.tiles.borrow().len().saturating_add(self.page.masks.borrow().len());
        if count as u64 > self.limits.pdf_form_uses {
            stop(Refusal::over_limit("pdf-form-uses", "a page uses too many patterns and masks"));
        }
    }

    pub(super) fn take_text(&mut self, inner: &Scene, placement: Affine) {
        for glyph in &inner.glyphs {
            let turn = |(x, y): (f64, f64)| {
                let turned = placement * Point::new(x, y) - placement * Point::ORIGIN;
                (turned.x, turned.y)
            };
            let glyph = Glyph {
                text: self.scene.keep_text(inner.text_of(glyph)),
                origin: placement * glyph.origin,
                advance: turn(glyph.advance),
                along: turn(glyph.along),
                up: turn(glyph.up),
                run: 0,
                nested: true,
                clip: 0,
                group: 0,
                ..glyph.clone()
            };
            self.keep(glyph);
        }
        self.scene.replacements.extend(inner.replacements.iter().cloned());
    }

    /// Adds a picture with its transparency, as far as that can matter: when glyphs lie beneath it.
    pub(super) fn picture(&mut self, image: &Image<'a, '_>, props: &ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let (wide, high) = (f64::from(width), f64::from(height));
        let bounds = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, wide, high));
        let from_square = props.transform * Affine::new([wide, 0.0, 0.0, -high, 0.0, high]);
        let stream = pictures::stream(image);
        let id = stream.dict().obj_id();
        let pixels = self.pixels(id, || pictures::pixels(stream));
        self.scene.pixels = self.scene.pixels.saturating_add(pixels);
        let stencil = matches!(image, Image::Stencil(_));
        let masked = stencil
            || [b"SMask".as_slice(), b"Mask", b"SMaskInData"].iter().any(|key| stream.dict().contains_key(*key));
        let covers = self.inked.is_some_and(|inked| bounds.overlaps(inked));
        let mut detailed = width.saturating_mul(height) > FEW_PIXELS;
        let (alpha, fill) = if !masked {
            (None, Fill::Colours)
        } else if covers && pixels <= self.limits.image_pixels {
            let (alpha, colour) = self.alpha(id, image);
            // A stencil without a gap is a box.
            detailed &= !stencil || alpha.as_ref().is_none_or(|alpha| !alpha.is_full());
            match (alpha, colour) {
                (alpha @ Some(_), Some(colour)) => (alpha, Fill::Colour(colour)),
                (alpha @ Some(_), None) => (alpha, Fill::Colours),
                // It cannot be decoded, so nothing is painted for sure.
                (None, _) => (None, Fill::Gradient(1.0)),
            }
        } else {
            (None, Fill::Gradient(1.0))
        };
        let plain = Blending::new(props.soft_mask.as_ref(), props.blend_mode).is_plain();
        match invert(from_square) {
            Some(into_square) => {
                self.add_area(bounds, Shape::Picture(into_square, alpha), fill, plain, detailed);
            }
            None => {
                self.operation();
            }
        }
    }

    pub(super) fn pixels(&self, id: Option<ObjectIdentifier>, count: impl FnOnce() -> u64) -> u64 {
        if let Some(known) = id.and_then(|id| self.known.borrow().pixels.get(&id).copied()) {
            return known;
        }
        let pixels = count();
        if let Some(id) = id {
            self.known.borrow_mut().pixels.insert(id, pixels);
        }
        pixels
    }

    /// Where a picture is opaque, and the colour of a stencil, which is that of its use.
    pub(super) fn alpha(
        &self,
        id: Option<ObjectIdentifier>,
        image: &Image<'_, '_>,
    ) -> (Option<Rc<Alpha>>, Option<[u8; 4]>) {
        let shared = id.filter(|_| matches!(image, Image::Raster(_)));
        if let Some(known) = shared.and_then(|id| self.known.borrow().alphas.get(&id).cloned()) {
            return (known, None);
        }
        let (alpha, colour) = opacity(image);
        let alpha = alpha.map(Rc::new);
        if let Some(id) = shared {
            self.known.borrow_mut().alphas.insert(id, alpha.clone());
        }
        (alpha, colour)
    }
}

/// A gradient hides like one colour when it has no end.
fn gradient(pattern: &ShadingPattern) -> Fill {
    let shading = &pattern.shading;
    let endless = match shading.shading_type.as_ref() {
        ShadingType::RadialAxial { extend: [true, true], axial, .. } => *axial,
        _ => shading.background.is_some(),
    };
    if endless && shading.clip_path.is_none() && pattern.opacity >= 1.0 {
        Fill::Colours
    } else {
        Fill::Gradient(pattern.opacity)
    }
}

fn invert(matrix: Affine) -> Option<Affine> {
    let inverse = matrix.inverse();
    inverse.is_finite().then_some(inverse)
}
