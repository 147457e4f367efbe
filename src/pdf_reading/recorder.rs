//! Writes down what is drawn on a page.
//!
//! Drawing operations come from hayro one by one, resolved: glyphs with outlines, paths, clips, colours as RGB, pictures
//! decoded. Three things can be kept of them, as [`Want`] says:
//!
//! * the **glyphs** with text and place, for reading;
//! * a **digest** of what must be exactly equal in two documents that look the same: kinds of operations in their order,
//!   text, glyph outlines, decoded picture samples;
//! * the **measures**, which may differ a little because numbers were written anew with fewer digits: positions, line widths,
//!   colours.
//!
//! Forms leave their clip and their content, not themselves: a form drawn into the page is as good as its content. Patterns,
//! soft masks and Type 3 glyphs are interpreted at their first use on a page and referred to after that.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::fmt::Write;
use std::hash::{Hash, Hasher};

use hayro_interpret::font::{Glyph as Shape, GlyphIdentifier, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};
use hayro_interpret::pattern::{Pattern, ShadingPattern};
use hayro_interpret::shading::{ShadingFunction, ShadingType};
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, MaskType, Paint,
    SoftMask,
};
use sha2::{Digest, Sha256};

use super::{pictures, stop};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Patterns in glyphs in masks in patterns: no real page goes deeper.
const DEPTH: u32 = 8;
/// Measures kept of one page; 128 MiB.
const MOST_MEASURES: usize = 32 << 20;
/// Glyphs kept of one page.
const MOST_GLYPHS: usize = 4 << 20;
/// Drawing operations of one page.
const MOST_OPERATIONS: u64 = 50_000_000;
/// Decoded pixels of all pictures of one document together, in multiples of what one picture may have.
const MOST_PICTURES: u64 = 64;

/// What is kept of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Glyphs and the places of pictures.
    Glyphs,
    /// The digest of what must be equal.
    Digest,
    /// The measures.
    Measures,
}

/// What was drawn on a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// SHA-256 over everything exact. Only with [`Want::Digest`].
    pub(crate) digest: [u8; 32],
    /// Positions and lengths in points. Only with [`Want::Measures`].
    pub(crate) lengths: Vec<f32>,
    /// Colours and opacities, 0 to 255. Only with [`Want::Measures`].
    pub(crate) colours: Vec<[u8; 4]>,
    /// Glyphs in paint order. Only with [`Want::Glyphs`].
    pub(crate) glyphs: Vec<Glyph>,
    /// The places of pictures. Only with [`Want::Glyphs`].
    pub(crate) pictures: Vec<Rect>,
    /// The text of all glyphs.
    text: String,
    /// Replacement texts of marked content (`ActualText`, `Alt`). Only with [`Want::Glyphs`].
    pub(crate) replacements: Vec<String>,
}

/// A glyph as it stands on a page, in points, in the page's own coordinates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    text: (u32, u32),
    /// Where it begins on the base line.
    pub(crate) origin: Point,
    /// To where the next glyph begins, without character and word spacing.
    pub(crate) advance: (f64, f64),
    /// From the base line upwards, as long as the font is large.
    pub(crate) up: (f64, f64),
    /// True when nothing of it is painted.
    pub(crate) invisible: bool,
    /// True when it lies outside of the page or of what is clipped there.
    pub(crate) outside: bool,
    /// True when the font does not tell which character it is.
    pub(crate) unknown: bool,
}

impl Glyph {
    /// About the middle of what is drawn.
    pub(crate) fn middle(&self) -> Point {
        let x = self.advance.0 / 2.0 + self.up.0 / 3.0;
        let y = self.advance.1 / 2.0 + self.up.1 / 3.0;
        Point::new(self.origin.x + x, self.origin.y + y)
    }
}

impl Page {
    /// The characters of one of its glyphs.
    pub(crate) fn text_of(&self, glyph: &Glyph) -> &str {
        let (start, end) = glyph.text;
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
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
    want: Want,
    limits: &'r Limits,
    shared: &'r RefCell<Shared>,
    page: Page,
    hash: Sha256,
    operations: u64,
    clips: u64,
    depth: u32,
    /// Patterns, masks and Type 3 glyphs met on this page, numbered in the order of their first use.
    nested: HashMap<u128, u64>,
    /// For every open transparency group, whether all in it is fully transparent.
    transparent: Vec<bool>,
    /// For every open clip, the box of what can still be painted; the page itself first.
    visible: Vec<Rect>,
    lifetime: std::marker::PhantomData<&'a ()>,
}

impl<'a, 'r> Recorder<'a, 'r> {
    /// Starts with an empty page; only what lies in `visible` is seen.
    pub(crate) fn new(want: Want, visible: Rect, limits: &'r Limits, shared: &'r RefCell<Shared>) -> Self {
        Self {
            want,
            limits,
            shared,
            page: Page::default(),
            hash: Sha256::new(),
            operations: 0,
            clips: 0,
            depth: 0,
            nested: HashMap::new(),
            transparent: Vec::new(),
            visible: vec![visible],
            lifetime: std::marker::PhantomData,
        }
    }

    pub(crate) fn finish(mut self) -> Page {
        self.page.digest = self.hash.finalize().into();
        self.page
    }

    /// Notes one operation; its name separates it from the one before.
    fn operation(&mut self, name: &str) {
        self.operations = self.operations.saturating_add(1);
        if self.operations > MOST_OPERATIONS {
            stop(Refusal::over_limit("pdf-form-uses", format!("a page has more than {MOST_OPERATIONS} operations")));
        }
        self.exact(name.as_bytes());
    }

    fn exact(&mut self, bytes: &[u8]) {
        if self.want == Want::Digest {
            self.hash.update((bytes.len() as u64).to_be_bytes());
            self.hash.update(bytes);
        }
    }

    fn exact_number(&mut self, number: u64) {
        self.exact(&number.to_be_bytes());
    }

    #[allow(clippy::cast_possible_truncation)] // seven digits are more than the comparison looks at
    fn length(&mut self, length: f64) {
        if self.want == Want::Measures {
            if self.page.lengths.len() >= MOST_MEASURES {
                stop(Refusal::over_limit(
                    "decompressed-bytes",
                    "a page has more lines and glyphs than can be compared",
                ));
            }
            self.page.lengths.push(length as f32);
        }
    }

    fn point(&mut self, point: Point) {
        self.length(point.x);
        self.length(point.y);
    }

    fn matrix(&mut self, matrix: Affine, scale: f64) {
        let [a, b, c, d, e, f] = matrix.as_coeffs();
        for length in [a * scale, b * scale, c * scale, d * scale, e, f] {
            self.length(length);
        }
    }

    fn colour(&mut self, colour: [u8; 4]) {
        if self.want == Want::Measures && self.page.colours.len() < MOST_MEASURES {
            self.page.colours.push(colour);
        }
    }

    fn path(&mut self, path: &BezPath, transform: Affine) {
        self.exact_number(path.elements().len() as u64);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(to) => {
                    self.exact(b"m");
                    self.point(transform * to);
                }
                PathEl::LineTo(to) => {
                    self.exact(b"l");
                    self.point(transform * to);
                }
                PathEl::QuadTo(control, to) => {
                    self.exact(b"q");
                    self.point(transform * control);
                    self.point(transform * to);
                }
                PathEl::CurveTo(first, second, to) => {
                    self.exact(b"c");
                    self.point(transform * first);
                    self.point(transform * second);
                    self.point(transform * to);
                }
                PathEl::ClosePath => self.exact(b"h"),
            }
        }
    }

    fn mode(&mut self, mode: &DrawMode, transform: Affine) {
        match mode {
            DrawMode::Fill(rule) => self.rule(*rule),
            DrawMode::Invisible => self.exact(b"invisible"),
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                if let DrawMode::FillAndStroke(rule, _) = mode {
                    self.rule(*rule);
                }
                self.exact(b"stroke");
                self.exact(&[stroke.line_cap as u8, stroke.line_join as u8]);
                self.exact_number(stroke.dash_array.len() as u64);
                let scale = transform.determinant().abs().sqrt();
                self.length(f64::from(stroke.line_width) * scale);
                self.length(f64::from(stroke.miter_limit));
                self.length(f64::from(stroke.dash_offset) * scale);
                for dash in &stroke.dash_array {
                    self.length(f64::from(*dash) * scale);
                }
            }
        }
    }

    fn rule(&mut self, rule: FillRule) {
        self.exact(match rule {
            FillRule::NonZero => b"non-zero",
            FillRule::EvenOdd => b"even-odd",
        });
    }

    fn paint(&mut self, paint: &Paint<'a>, stroke: bool) {
        match paint {
            Paint::Color(colour) => self.colour(colour.to_rgba().to_rgba8()),
            Paint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => self.shading(shading),
                Pattern::Tiling(tiling) => {
                    self.exact(b"tiling");
                    self.matrix(tiling.matrix, 1000.0);
                    for length in [tiling.x_step, tiling.y_step, tiling.opacity * 255.0] {
                        self.length(f64::from(length));
                    }
                    if self.enter(pattern.cache_key()) {
                        let matrix = tiling.matrix;
                        tiling.interpret(self, matrix, stroke);
                        self.leave();
                    }
                }
            },
        }
    }

    fn shading(&mut self, pattern: &ShadingPattern) {
        self.exact(b"shading");
        self.matrix(pattern.matrix, 1000.0);
        self.length(f64::from(pattern.opacity) * 255.0);
        let shading = &pattern.shading;
        if let Some(clip) = &shading.clip_path {
            self.path(clip, Affine::IDENTITY);
        }
        if let Some(background) = &shading.background {
            self.colour(shading.color_space.to_rgba(background, 1.0).to_rgba8());
        }
        let sample = |recorder: &mut Self, function: &ShadingFunction, input: &[f32]| {
            let mut output = vec![0.0; function.num_outputs().min(64)];
            match function.eval(input, &mut output) {
                Some(()) => recorder.colour(shading.color_space.to_rgba(&output, 1.0).to_rgba8()),
                None => recorder.exact(b"undefined"),
            }
        };
        const STEPS: u8 = 16;
        let between = |from: f32, to: f32, step: u8| from + (to - from) * f32::from(step) / f32::from(STEPS);
        match shading.shading_type.as_ref() {
            ShadingType::FunctionBased { domain: [left, right, bottom, top], matrix, function } => {
                self.exact(b"function");
                self.matrix(*matrix, 1000.0);
                for step in 0..=STEPS {
                    for row in 0..=STEPS {
                        sample(self, function, &[between(*left, *right, step), between(*bottom, *top, row)]);
                    }
                }
            }
            ShadingType::RadialAxial { coords, domain: [from, to], function, extend, axial } => {
                self.exact(b"radial-axial");
                self.exact(&[u8::from(*axial), u8::from(extend[0]), u8::from(extend[1])]);
                for length in coords {
                    self.length(f64::from(*length));
                }
                for step in 0..=STEPS {
                    sample(self, function, &[between(*from, *to, step)]);
                }
            }
            ShadingType::TriangleMesh { triangles, .. } => self.exact_debug("triangles", triangles),
            ShadingType::CoonsPatchMesh { patches, .. } => self.exact_debug("coons", patches),
            ShadingType::TensorProductPatchMesh { patches, .. } => self.exact_debug("tensor", patches),
            ShadingType::Dummy => self.exact(b"dummy"),
        }
    }

    /// Meshes come from stream data, which is never written anew with other digits, so their exact values count.
    fn exact_debug(&mut self, name: &str, value: &dyn std::fmt::Debug) {
        struct Into<'h>(&'h mut Sha256);
        impl Write for Into<'_> {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.0.update(text);
                Ok(())
            }
        }
        self.exact(name.as_bytes());
        if self.want == Want::Digest {
            // Writing into a hash cannot fail.
            let _ = write!(Into(&mut self.hash), "{value:?}");
        }
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

    fn outline(&mut self, glyph: &hayro_interpret::font::OutlineGlyph) -> u64 {
        let id = glyph.identifier();
        if let Some(known) = self.shared.borrow().outlines.get(&id) {
            return *known;
        }
        let mut hash = DefaultHasher::new();
        for element in glyph.outline().elements() {
            let points: &[Point] = match element {
                PathEl::MoveTo(a) => &[*a],
                PathEl::LineTo(a) => &[*a, *a],
                PathEl::QuadTo(a, b) => &[*a, *b, *b],
                PathEl::CurveTo(a, b, c) => &[*a, *b, *c],
                PathEl::ClosePath => &[],
            };
            points.len().hash(&mut hash);
            for point in points {
                (point.x.to_bits(), point.y.to_bits()).hash(&mut hash);
            }
        }
        let digest = hash.finish();
        self.shared.borrow_mut().outlines.insert(id, digest);
        digest
    }

    fn keep_glyph(&mut self, glyph: &Shape<'_>, transform: Affine, vertical: bool, invisible: bool) {
        if self.page.glyphs.len() >= MOST_GLYPHS {
            stop(Refusal::over_limit("text-bytes", format!("a page has more than {MOST_GLYPHS} characters")));
        }
        let start = u32::try_from(self.page.text.len()).unwrap_or(u32::MAX);
        let unicode = glyph.as_unicode();
        match &unicode {
            Some(BfString::Char(character)) => self.page.text.push(*character),
            Some(BfString::String(characters)) => self.page.text.push_str(characters),
            None => self.page.text.push(char::REPLACEMENT_CHARACTER),
        }
        let end = u32::try_from(self.page.text.len()).unwrap_or(u32::MAX);
        let width = f64::from(match glyph {
            Shape::Outline(outline) => outline.advance_width().unwrap_or(500.0),
            Shape::Type3(drawn) => drawn.advance_width().unwrap_or(500.0),
        });
        let [a, b, c, d, e, f] = transform.as_coeffs();
        let advance = if vertical { (-c * 1000.0, -d * 1000.0) } else { (a * width, b * width) };
        let mut glyph = Glyph {
            text: (start, end),
            origin: Point::new(e, f),
            advance,
            up: (c * 1000.0, d * 1000.0),
            invisible,
            outside: false,
            unknown: unicode.is_none(),
        };
        let middle = glyph.middle();
        glyph.outside = self.visible.last().is_some_and(|area| !area.contains(middle));
        self.page.glyphs.push(glyph);
    }

    fn picture_digest(&mut self, image: &Image<'_, '_>) -> [u8; 32] {
        let stream = pictures::stream(image);
        let id = stream.dict().obj_id();
        if let Some(known) = id.and_then(|id| self.shared.borrow().pictures.get(&id).copied()) {
            return known;
        }
        let pixels = pictures::pixels(stream);
        let mut shared = self.shared.borrow_mut();
        shared.pixels = shared.pixels.saturating_add(pixels);
        let most = self.limits.image_pixels;
        if pixels > most || shared.pixels > most.saturating_mul(MOST_PICTURES) {
            stop(Refusal::over_limit("image-pixels", format!("pictures in the document exceed {most} pixels")));
        }
        let digest = pictures::digest(image);
        if let Some(id) = id {
            shared.pictures.insert(id, digest);
        }
        digest
    }
}

impl<'a> Device<'a> for Recorder<'a, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.operation("path");
        if self.want == Want::Glyphs && !matches!(props.paint, Paint::Pattern(_)) && props.soft_mask.is_none() {
            return;
        }
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
        if self.want == Want::Glyphs {
            let outer = self.visible.last().copied().unwrap_or(Rect::ZERO);
            self.visible.push(outer.intersect(clip.path.bounding_box()));
        }
        self.rule(clip.fill);
        self.path(&clip.path, Affine::IDENTITY);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.operation("group");
        let outer = self.transparent.last().copied().unwrap_or(false);
        self.transparent.push(outer || opacity <= 0.0);
        self.exact_debug("blend", &blend_mode);
        self.length(f64::from(opacity) * 255.0);
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.operation("text");
        let clear = matches!(&props.paint, Paint::Color(colour) if colour.to_rgba().to_rgba8()[3] == 0);
        let invisible =
            matches!(mode, DrawMode::Invisible) || clear || self.transparent.last().copied().unwrap_or(false);
        self.exact_debug("blend", &props.blend_mode);
        self.mode(mode, props.transform);
        self.paint(&props.paint, matches!(mode, DrawMode::Stroke(_)));
        self.mask(props.soft_mask.as_ref());
        let vertical = run.writing_mode() == WritingMode::Vertical;
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            if self.want == Want::Glyphs {
                self.keep_glyph(glyph, transform, vertical, invisible);
                continue;
            }
            self.operation("glyph");
            match glyph.as_unicode() {
                Some(BfString::Char(character)) => self.exact_number(u64::from(u32::from(character))),
                Some(BfString::String(characters)) => self.exact(characters.as_bytes()),
                None => self.exact(b"?"),
            }
            self.matrix(transform, 1000.0);
            match &**glyph {
                Shape::Outline(outline) => {
                    let shape = self.outline(outline);
                    self.exact_number(shape);
                }
                Shape::Type3(drawn) => {
                    if self.enter(drawn.cache_key()) {
                        drawn.interpret(self, props.transform, glyph.transform(), &props.paint);
                        self.leave();
                    }
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.operation("picture");
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        if self.want == Want::Glyphs {
            let corners = props.transform * Rect::new(0.0, 0.0, width, height).to_path(0.1);
            self.page.pictures.push(corners.bounding_box());
            return;
        }
        self.exact_debug("blend", &props.blend_mode);
        self.mask(props.soft_mask.as_ref());
        for corner in [Point::ZERO, Point::new(width, 0.0), Point::new(0.0, height)] {
            self.point(props.transform * corner);
        }
        if let Image::Stencil(stencil) = &image {
            let mut paint = None;
            if self.want == Want::Measures {
                // The paint of a stencil is only shown together with its samples, which are small: one bit per pixel.
                let pixels = pictures::pixels(stencil.stream());
                if pixels <= self.limits.image_pixels {
                    stencil.with_stencil(|_, used| paint = Some(used.clone()), Some((1, 1)));
                }
            }
            if let Some(paint) = paint {
                self.paint(&paint, false);
            }
        }
        if self.want == Want::Digest {
            let digest = self.picture_digest(&image);
            self.exact(&digest);
        }
    }

    fn pop_clip(&mut self) {
        self.operation("unclip");
        if self.visible.len() > 1 {
            self.visible.pop();
        }
    }

    fn pop_transparency_group(&mut self) {
        self.operation("ungroup");
        self.transparent.pop();
    }

    fn begin_marked_content(
        &mut self,
        _tag: &[u8],
        properties: Option<&hayro_interpret::hayro_syntax::object::Dict<'_>>,
    ) {
        if self.want != Want::Glyphs {
            return;
        }
        let Some(properties) = properties else { return };
        for key in [b"ActualText".as_slice(), b"Alt", b"E"] {
            if let Some(text) = properties.get::<hayro_interpret::hayro_syntax::object::String<'_>>(key)
                && self.page.replacements.len() < MOST_GLYPHS
            {
                self.page.replacements.push(super::walk::text_of(text.as_bytes()));
            }
        }
    }
}
