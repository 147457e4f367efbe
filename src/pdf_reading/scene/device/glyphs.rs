//! Glyphs: their ink, their colour, and text that turns out to be a clip.

use std::rc::Rc;

use hayro_interpret::font::{Glyph as Drawn, GlyphRun, Type3Glyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape as _};
use hayro_interpret::{CacheKey, DrawMode, DrawProps, FillRule, Paint};

use super::super::area::{Fill, Shape};
use super::super::blending::Blending;
use super::super::ink::Ink;
use super::super::{Glyph, contains};
use super::SceneRecorder;
use crate::pdf_reading::stop;
use crate::refusal::Refusal;

/// Glyphs that are looked at to see whether a clip has their shape.
const FEW_GLYPHS: usize = 64;

impl<'a> SceneRecorder<'a, '_> {
    /// hayro tells text that only clips (mode 7) as invisible text (mode 3); but then the clip has the shape of the text, and
    /// what is painted through it shows the text.
    pub(super) fn turn_text_into_clip(&mut self, bounds: Rect, path: Option<&(BezPath, FillRule)>) {
        let pending = std::mem::replace(&mut self.pending, 0..0);
        let Some((path, _)) = path else { return };
        let bounds = bounds.inflate(0.5, 0.5);
        let Some(glyphs) = self.scene.glyphs.get_mut(pending) else { return };
        let mut all: Option<Rect> = None;
        // A few of them tell; each costs a walk along the clip.
        let step = glyphs.len().div_ceil(FEW_GLYPHS).max(1);
        for glyph in glyphs.iter().step_by(step).filter(|glyph| !glyph.is_blank()) {
            let own = glyph.bounds();
            let inked = glyph.samples().on.first().is_some_and(|point| path.winding(*point) != 0);
            if !inked || !contains(bounds, own) {
                return;
            }
            all = Some(all.map_or(own, |all| all.union(own)));
        }
        if all.is_some_and(|all| step > 1 || contains(all.inflate(0.5, 0.5), path.bounding_box())) {
            for glyph in glyphs {
                glyph.invisible = false;
                glyph.nested = true;
            }
        }
    }

    /// The shape of a glyph, and the colours that it brings along.
    pub(super) fn ink(&mut self, glyph: &Drawn<'a>, props: &DrawProps<'a>, width: f64) -> (Rc<Ink>, Option<[u8; 4]>) {
        match glyph {
            Drawn::Outline(outline) => {
                let id = outline.identifier();
                if let Some(known) = self.known.borrow().inks.get(&id) {
                    return (Rc::clone(known), None);
                }
                let ink = Rc::new(Ink::new(outline.outline()));
                self.known.borrow_mut().inks.insert(id, Rc::clone(&ink));
                (ink, None)
            }
            Drawn::Type3(drawn) => {
                let key = drawn.cache_key();
                if let Some(known) = self.known.borrow().drawn_inks.get(&key) {
                    return known.clone();
                }
                let ink = self.drawn_ink(drawn, &props.paint).unwrap_or_else(|| (Rc::new(Ink::of_width(width)), None));
                self.known.borrow_mut().drawn_inks.insert(key, ink.clone());
                ink
            }
        }
    }

    /// What a Type 3 glyph paints, as one outline.
    pub(super) fn drawn_ink(
        &mut self,
        drawn: &Type3Glyph<'a>,
        paint: &Paint<'a>,
    ) -> Option<(Rc<Ink>, Option<[u8; 4]>)> {
        let mut inner = self.inner()?;
        drawn.interpret(&mut inner, Affine::IDENTITY, Affine::IDENTITY, paint);
        let painted = inner.finish();
        let mut outline = BezPath::new();
        for area in &painted.areas {
            match &area.shape {
                Shape::Path(path, _) => outline.extend(path.iter()),
                Shape::Rectangle(_) | Shape::Picture(..) => outline.extend(area.bounds.path_elements(0.1)),
            }
        }
        let current = colour(paint);
        let own = painted.areas.iter().find_map(|area| match area.fill {
            Fill::Colour(colour) => Some(colour),
            _ => None,
        });
        Some((Rc::new(Ink::new(outline)), own.filter(|own| Some(*own) != current)))
    }

    /// True when these glyphs were filled just before and are now outlined: text rendering mode 2.
    pub(super) fn is_outlining(&self, run: &GlyphRun<'_, 'a>, props: &DrawProps<'a>, mode: &DrawMode) -> bool {
        let filled = self.scene.glyphs.get(self.filled.clone()).unwrap_or_default();
        matches!(mode, DrawMode::Stroke(_))
            && filled.len() == run.glyphs().len()
            && filled.iter().zip(run.glyphs()).all(|(filled, glyph)| {
                let [.., e, f] = (props.transform * glyph.transform()).as_coeffs();
                filled.origin == Point::new(e, f) && filled.code == glyph.char_code()
            })
    }

    pub(super) fn glyph(
        &mut self,
        drawn: &Drawn<'a>,
        transform: Affine,
        vertical: bool,
        props: &DrawProps<'a>,
    ) -> Glyph {
        let unicode = drawn.as_unicode();
        let text = match &unicode {
            Some(BfString::Char(character)) => self.scene.keep_text(character.encode_utf8(&mut [0; 4])),
            Some(BfString::String(characters)) => self.scene.keep_text(characters),
            None => self.scene.keep_text("\u{FFFD}"),
        };
        let width = f64::from(match drawn {
            Drawn::Outline(outline) => outline.advance_width().unwrap_or(500.0),
            Drawn::Type3(drawn) => drawn.advance_width().unwrap_or(500.0),
        });
        let (ink, own) = self.ink(drawn, props, width);
        let [a, b, c, d, e, f] = transform.as_coeffs();
        let colour = own.or_else(|| colour(&props.paint));
        Glyph {
            text,
            origin: Point::new(e, f),
            advance: if vertical { (-c * 1000.0, -d * 1000.0) } else { (a * width, b * width) },
            along: (a * 1000.0, b * 1000.0),
            up: (c * 1000.0, d * 1000.0),
            order: self.order,
            run: self.run,
            index: 0,
            code: drawn.char_code(),
            colour,
            invisible: false,
            nested: false,
            blending: Blending::new(props.soft_mask.as_ref(), props.blend_mode),
            unknown: unicode.is_none(),
            layer: self.marks.iter().rev().find_map(|mark| mark.layer),
            switched_off: self.is_off(),
            ink,
            clip: self.clip(),
            group: self.group(),
        }
    }

    pub(super) fn keep(&mut self, glyph: Glyph) {
        let most = self.limits.pdf_glyphs;
        if self.scene.glyphs.len() as u64 >= most {
            stop(Refusal::over_limit("pdf-glyphs", format!("a page has more than {most} characters")));
        }
        self.scene.glyphs.push(glyph);
    }
}

/// The one colour of a paint, with opacity.
pub(super) fn colour(paint: &Paint<'_>) -> Option<[u8; 4]> {
    match paint {
        Paint::Color(colour) => Some(colour.to_rgba().to_rgba8()),
        Paint::Pattern(_) => None,
    }
}
