//! Writes down what is drawn on a page, for comparison.
//!
//! Drawing operations come from hayro one by one, resolved: glyphs with outlines, paths, clips, colours as RGB, pictures
//! decoded. Two things are kept of them:
//!
//! * a **digest** of what must be exactly equal in two documents that look the same: kinds of operations in their order,
//!   text, glyph outlines, decoded picture samples;
//! * the **measures**, which may differ a little because numbers were written anew with fewer digits: positions, line widths,
//!   colours.
//!
//! Forms leave their clip and their content, not themselves: a form drawn into the page is as good as its content. Patterns,
//! soft masks and Type 3 glyphs are interpreted at their first use on a page and referred to after that. How each kind of
//! thing is noted stands in [`exact`].

mod exact;
mod without;

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use hayro_interpret::font::{Glyph as Shape, GlyphIdentifier, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, MaskType, SoftMask,
};
use sha2::{Digest, Sha256};

use super::{pictures, stop};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Patterns in glyphs in masks in patterns: no real page goes deeper.
const DEPTH: u32 = 8;
/// Measures kept of one page; 128 MiB.
const MOST_MEASURES: usize = 32 << 20;
/// Decoded pixels of all pictures of one document together, in multiples of what one picture may have.
const MOST_PICTURES: u64 = 64;

/// What was drawn on a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// SHA-256 over everything exact.
    pub(crate) digest: [u8; 32],
    /// Positions and lengths in points.
    pub(crate) lengths: Vec<f32>,
    /// Colours and opacities, 0 to 255.
    pub(crate) colours: Vec<[u8; 4]>,
    /// How many drawing operations there were.
    pub(crate) operations: u64,
    /// Glyphs of the operations that were not to be recorded.
    pub(crate) added: Vec<Added>,
}

/// A glyph drawn after everything that was to be recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Added {
    /// Where it begins on the base line.
    pub(crate) origin: Point,
    /// Its character, where the font tells a single one.
    pub(crate) character: Option<char>,
}

/// What is known about shared things of a document after the pages so far.
#[derive(Default)]
pub(crate) struct Shared {
    pictures: HashMap<ObjectIdentifier, [u8; 32]>,
    pixels: u64,
    outlines: HashMap<GlyphIdentifier, u64>,
}

/// The device that records.
pub(crate) struct Recorder<'a, 'r> {
    limits: &'r Limits,
    shared: &'r RefCell<Shared>,
    page: Page,
    hash: Sha256,
    operations: u64,
    /// So many operations are recorded; of what comes after, only the glyphs.
    until: u64,
    clips: u64,
    depth: u32,
    /// Patterns, masks and Type 3 glyphs met on this page, numbered in the order of their first use.
    nested: HashMap<u128, u64>,
    /// The glyphs that are left out, if that is asked for.
    without: Option<without::Without<'r>>,
    lifetime: std::marker::PhantomData<&'a ()>,
}

impl<'a, 'r> Recorder<'a, 'r> {
    /// Starts with an empty page.
    pub(crate) fn new(limits: &'r Limits, shared: &'r RefCell<Shared>) -> Self {
        Self {
            limits,
            shared,
            page: Page::default(),
            hash: Sha256::new(),
            operations: 0,
            until: u64::MAX,
            clips: 0,
            depth: 0,
            nested: HashMap::new(),
            without: None,
            lifetime: std::marker::PhantomData,
        }
    }

    /// Records the first operations only.
    pub(crate) fn until(mut self, operations: u64) -> Self {
        self.until = operations;
        self
    }

    /// Leaves out the glyphs of the page itself with these numbers of [`crate::pdf_reading::Glyph::run`] and `index`. Of the
    /// others size and direction are recorded, not the place.
    pub(crate) fn without(mut self, glyphs: &'r BTreeSet<(u32, u32)>) -> Self {
        self.without = Some(without::Without::new(glyphs));
        self
    }

    /// True while operations are recorded.
    fn counts(&self) -> bool {
        self.operations <= self.until
    }

    pub(crate) fn finish(mut self) -> Page {
        self.page.operations = self.operations;
        self.page.digest = self.hash.finalize().into();
        self.page
    }

    /// Notes one operation; its name separates it from the one before.
    fn operation(&mut self, name: &str) {
        self.operations = self.operations.saturating_add(1);
        let most = self.limits.pdf_operations;
        if self.operations > most {
            stop(Refusal::over_limit("pdf-operations", format!("a page has more than {most} operations")));
        }
        self.exact(name.as_bytes());
    }

    fn mask(&mut self, mask: Option<&SoftMask<'a>>) {
        let Some(mask) = mask else { return };
        self.exact(match mask.mask_type() {
            MaskType::Luminosity => b"luminosity",
            MaskType::Alpha => b"alpha",
        });
        self.colour(mask.background_color().to_rgba().to_rgba8());
        if self.enter(mask.cache_key()) {
            mask.interpret(self);
            self.leave();
        }
    }

    /// Refers to something nested by its number; true when it is new on this page and should be interpreted.
    fn enter(&mut self, key: u128) -> bool {
        let next = self.nested.len() as u64;
        let (number, new) = match self.nested.entry(key) {
            Entry::Occupied(known) => (*known.get(), false),
            Entry::Vacant(place) => (*place.insert(next), true),
        };
        self.exact_number(number);
        if new && next > self.limits.pdf_form_uses {
            stop(Refusal::over_limit("pdf-form-uses", "a page uses too many patterns, masks and drawn glyphs"));
        }
        if new && self.depth >= DEPTH {
            self.exact(b"too deep");
            return false;
        }
        if new {
            self.depth = self.depth.saturating_add(1);
        }
        new
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.exact(b"end");
    }
}

impl<'a> Device<'a> for Recorder<'a, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.operation("path");
        self.exact_debug("blend", &props.blend_mode);
        self.mode(mode, props.transform);
        self.paint(&props.paint, matches!(mode, DrawMode::Stroke(_)));
        self.mask(props.soft_mask.as_ref());
        self.path(path, props.transform);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.operation("clip");
        // Every form brings a clip, so this also ends forms within forms within forms.
        self.clips = self.clips.saturating_add(1);
        if self.clips > self.limits.pdf_form_uses.saturating_mul(20) {
            stop(Refusal::over_limit("pdf-form-uses", "a page draws too many forms and clips"));
        }
        self.rule(clip.fill);
        self.path(&clip.path, Affine::IDENTITY);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.operation("group");
        self.exact_debug("blend", &blend_mode);
        self.length(f64::from(opacity) * 255.0);
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, mut props: DrawProps<'a>, mode: &DrawMode) {
        let placeless = self.without.is_some() && self.depth == 0;
        let kept = if placeless { self.kept(run, &props, mode) } else { Vec::new() };
        if placeless {
            if !kept.contains(&true) {
                return;
            }
            props.transform = without::placeless(props.transform);
        }
        self.operation("text");
        self.exact_debug("blend", &props.blend_mode);
        self.mode(mode, props.transform);
        self.paint(&props.paint, matches!(mode, DrawMode::Stroke(_)));
        self.mask(props.soft_mask.as_ref());
        for (glyph, at) in run.glyphs().iter().zip(0_usize..) {
            if kept.get(at) == Some(&false) {
                continue;
            }
            let place = if placeless { without::placeless(glyph.transform()) } else { glyph.transform() };
            let transform = props.transform * place;
            self.operation("glyph");
            match glyph.as_unicode() {
                Some(BfString::Char(character)) => self.exact_number(u64::from(u32::from(character))),
                Some(BfString::String(characters)) => self.exact(characters.as_bytes()),
                None => self.exact(b"?"),
            }
            self.matrix(transform, 1000.0);
            if !self.counts() {
                let [.., x, y] = transform.as_coeffs();
                let character = match glyph.as_unicode() {
                    Some(BfString::Char(character)) => Some(character),
                    _ => None,
                };
                self.page.added.push(Added { origin: Point::new(x, y), character });
            }
            match &**glyph {
                Shape::Outline(outline) => {
                    let shape = self.outline(outline);
                    self.exact_number(shape);
                }
                Shape::Type3(drawn) => {
                    if self.enter(drawn.cache_key()) {
                        drawn.interpret(self, props.transform, place, &props.paint);
                        self.leave();
                    }
                }
            }
        }
        self.has_shown();
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.operation("picture");
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        self.exact_debug("blend", &props.blend_mode);
        self.mask(props.soft_mask.as_ref());
        for corner in [Point::ZERO, Point::new(width, 0.0), Point::new(0.0, height)] {
            self.point(props.transform * corner);
        }
        if let Image::Stencil(stencil) = &image {
            let mut paint = None;
            // The paint of a stencil is only shown together with its samples, which are small: one bit per pixel.
            if pictures::pixels(stencil.stream()) <= self.limits.image_pixels {
                stencil.with_stencil(|_, used| paint = Some(used.clone()), Some((1, 1)));
            }
            if let Some(paint) = paint {
                self.paint(&paint, false);
            }
        }
        let digest = self.picture_digest(&image);
        self.exact(&digest);
    }

    fn pop_clip(&mut self) {
        self.operation("unclip");
    }

    fn pop_transparency_group(&mut self) {
        self.operation("ungroup");
    }
}
