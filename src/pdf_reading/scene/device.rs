//! The device that turns drawing operations into a [`Scene`].

mod glyphs;
mod paint;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hayro_interpret::font::{GlyphIdentifier, GlyphRun};
use hayro_interpret::hayro_cmap::WritingMode;
use hayro_interpret::hayro_syntax::object::{Dict, ObjectIdentifier, String as PdfString};
use hayro_interpret::kurbo::{BezPath, Rect, Shape as _, Stroke, StrokeOpts, stroke};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, Paint, SoftMask, StrokeProps,
};

use super::area::{Area, Fill, Shape, Tiles};
use super::blending::Blending;
use super::image::Alpha;
use super::ink::Ink;
use super::{Clip, Glyph, Group, Marked, Scene};
use crate::limits::Limits;
use crate::pdf_reading::layers::Layers;
use crate::pdf_reading::{stop, walk};
use crate::refusal::Refusal;

/// Patterns in patterns in masks: no real page goes deeper.
const DEPTH: u32 = 8;
/// Pieces of marked content kept of one page.
const MOST_MARKED: usize = 1 << 20;
/// Areas kept of one page.
const MOST_AREAS: usize = 400_000;
/// Elements kept of all paths of one page.
const MOST_ELEMENTS: usize = 4 << 20;
/// Areas narrower than this, in points, hide no glyph.
const SPECK: f64 = 0.5;
/// Lines thinner than this, in points, hide no glyph.
const THIN: f64 = 3.0;

/// What is known of a document after the pages so far.
#[derive(Default)]
pub(crate) struct Known {
    inks: HashMap<GlyphIdentifier, Rc<Ink>>,
    drawn_inks: HashMap<u128, (Rc<Ink>, Option<[u8; 4]>)>,
    alphas: HashMap<ObjectIdentifier, Option<Rc<Alpha>>>,
    pixels: HashMap<ObjectIdentifier, u64>,
}

/// What the recorder of a page shares with those of its patterns and masks.
#[derive(Default)]
struct PageWide {
    tiles: RefCell<HashMap<u128, Option<Rc<Tiles>>>>,
    masks: RefCell<HashSet<u128>>,
    operations: Cell<u64>,
    clips: Cell<u64>,
    elements: Cell<usize>,
}

/// Records what is painted on one page, or in one pattern or mask of it.
pub(crate) struct SceneRecorder<'a, 'r> {
    limits: &'r Limits,
    known: &'r RefCell<Known>,
    layers: &'r Layers,
    page: Rc<PageWide>,
    depth: u32,
    scene: Scene,
    order: u32,
    run: u32,
    /// The open clips and groups, the page's own first.
    clips: Vec<usize>,
    groups: Vec<usize>,
    marks: Vec<Mark>,
    /// A box around all glyphs so far.
    inked: Option<Rect>,
    /// Invisible glyphs that may yet turn out to be a clip.
    pending: std::ops::Range<usize>,
    /// The glyphs that were filled just before.
    filled: std::ops::Range<usize>,
    lifetime: std::marker::PhantomData<&'a ()>,
}

/// Marked content that is open.
struct Mark {
    actual: Option<String>,
    number: Option<i32>,
    layer: Option<ObjectIdentifier>,
    /// True when the expression of a membership hides it; hayro draws it all the same.
    off: bool,
    start: usize,
}

impl<'a, 'r> SceneRecorder<'a, 'r> {
    /// Starts with an empty page of which `shown` is seen.
    pub(crate) fn new(
        shown: Rect,
        whole: Rect,
        limits: &'r Limits,
        known: &'r RefCell<Known>,
        layers: &'r Layers,
    ) -> Self {
        Self::within(shown, whole, limits, known, layers, Rc::default(), 0)
    }

    fn within(
        shown: Rect,
        whole: Rect,
        limits: &'r Limits,
        known: &'r RefCell<Known>,
        layers: &'r Layers,
        page: Rc<PageWide>,
        depth: u32,
    ) -> Self {
        let everything = Rect::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY);
        let scene = Scene {
            shown,
            whole,
            complete: true,
            clips: vec![Clip { outer: 0, bounds: everything, upright: true, cost: 1, path: None }],
            groups: vec![Group { outer: 0, opacity: 1.0, blending: Blending::PLAIN }],
            ..Scene::default()
        };
        Self {
            limits,
            known,
            layers,
            page,
            depth,
            scene,
            order: 0,
            run: 0,
            clips: vec![0],
            groups: vec![0],
            marks: Vec::new(),
            inked: None,
            pending: 0..0,
            filled: 0..0,
            lifetime: std::marker::PhantomData,
        }
    }

    /// How many operations that show text there are so far.
    pub(crate) fn runs(&self) -> u32 {
        self.run
    }

    /// What was painted.
    pub(crate) fn finish(mut self) -> Scene {
        self.scene.operations = self.page.operations.get();
        self.scene
    }

    /// A recorder for something inside of what is recorded here, unless it lies too deep.
    fn inner(&self) -> Option<SceneRecorder<'a, 'r>> {
        let everything = Rect::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY);
        let depth = self.depth.saturating_add(1);
        (depth <= DEPTH).then(|| {
            SceneRecorder::within(
                everything,
                everything,
                self.limits,
                self.known,
                self.layers,
                Rc::clone(&self.page),
                depth,
            )
        })
    }

    fn operation(&mut self) -> u32 {
        let count = self.page.operations.get().saturating_add(1);
        self.page.operations.set(count);
        let most = self.limits.pdf_operations;
        if count > most {
            stop(Refusal::over_limit("pdf-operations", format!("a page has more than {most} operations")));
        }
        self.filled = 0..0;
        self.order = self.order.saturating_add(1);
        self.order
    }

    /// Charges the elements of a path; false when no more paths are kept.
    fn afford(&mut self, elements: usize) -> bool {
        let total = self.page.elements.get().saturating_add(elements);
        if total > MOST_ELEMENTS || self.scene.areas.len() >= MOST_AREAS {
            self.scene.complete = false;
            return false;
        }
        self.page.elements.set(total);
        true
    }

    /// True inside of marked content that is not shown.
    fn is_off(&self) -> bool {
        self.marks.iter().any(|mark| mark.off)
    }

    fn clip(&self) -> usize {
        self.clips.last().copied().unwrap_or(0)
    }

    fn group(&self) -> usize {
        self.groups.last().copied().unwrap_or(0)
    }

    fn clip_bounds(&self) -> Rect {
        self.scene.clips.get(self.clip()).map_or(Rect::ZERO, |clip| clip.bounds)
    }

    fn add_clip(&mut self, bounds: Rect, path: Option<(BezPath, FillRule)>) {
        self.operation();
        // Every form brings a clip, so this also ends forms within forms within forms.
        let count = self.page.clips.get().saturating_add(1);
        self.page.clips.set(count);
        if count > self.limits.pdf_form_uses.saturating_mul(20) {
            stop(Refusal::over_limit("pdf-form-uses", "a page draws too many forms and clips"));
        }
        self.turn_text_into_clip(bounds, path.as_ref());
        let outer = self.clip();
        let upright = path.is_none() && self.scene.clips.get(outer).is_some_and(|outer| outer.upright);
        let path = path.filter(|(path, _)| self.afford(path.elements().len()));
        let own = path.as_ref().map_or(1, |(path, _)| path.elements().len() as u64);
        let cost = self.scene.cost_of_clip(outer).saturating_add(own);
        let clip = Clip { outer, bounds: self.clip_bounds().intersect(bounds), upright, cost, path };
        self.clips.push(self.scene.clips.len());
        self.scene.clips.push(clip);
    }

    fn add_area(&mut self, bounds: Rect, shape: Shape, fill: Fill, plain: bool, detailed: bool) {
        let order = self.operation();
        self.pending = 0..0;
        let bounds = bounds.intersect(self.clip_bounds());
        if bounds.width() < SPECK || bounds.height() < SPECK || !bounds.is_finite() || self.is_off() {
            return;
        }
        let elements = if let Shape::Path(path, _) = &shape { path.elements().len() } else { 1 };
        if self.afford(elements) {
            let (clip, group) = (self.clip(), self.group());
            self.scene.areas.push(Area { order, bounds, plain, detailed, shape, fill, clip, group });
        }
    }

    /// Adds what is filled: a path, or the outline of a line.
    fn add_filled(&mut self, path: BezPath, rule: FillRule, props: &DrawProps<'a>, whole: bool, line: bool) {
        self.mask(props.soft_mask.as_ref());
        let Some(fill) = self.fill(&props.paint, line) else {
            self.operation();
            return;
        };
        let plain = whole && Blending::new(props.soft_mask.as_ref(), props.blend_mode).is_plain();
        let bounds = path.bounding_box();
        let shape = if is_rectangle(&path, bounds) { Shape::Rectangle(bounds) } else { Shape::Path(path, rule) };
        self.add_area(bounds, shape, fill, plain, false);
    }
}

impl<'a> Device<'a> for SceneRecorder<'a, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        match mode {
            DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) => {
                self.add_filled(props.transform * path, *rule, &props, true, false);
            }
            DrawMode::Stroke(line) => {
                let scale = props.transform.determinant().abs().sqrt();
                let wide = f64::from(line.line_width) * scale >= THIN && self.afford(path.elements().len());
                if wide || matches!(props.paint, Paint::Pattern(_)) || props.soft_mask.is_some() {
                    let outline = if wide { props.transform * outlined(path, line) } else { BezPath::new() };
                    self.add_filled(outline, FillRule::NonZero, &props, line.dash_array.is_empty(), true);
                } else {
                    self.operation();
                }
            }
            DrawMode::Invisible => {
                self.operation();
            }
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box();
        let path = (!is_rectangle(&clip.path, bounds)).then(|| (clip.path.clone(), clip.fill));
        self.add_clip(bounds, path);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.add_clip(*rect, None);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.operation();
        self.mask(mask.as_ref());
        let blending = Blending::new(mask.as_ref(), blend_mode);
        let group = Group { outer: self.group(), opacity, blending };
        self.groups.push(self.scene.groups.len());
        self.scene.groups.push(group);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if self.is_outlining(run, &props, mode) {
            let outlined = self.filled.clone();
            let line = glyphs::colour(&props.paint);
            for glyph in self.scene.glyphs.get_mut(outlined).unwrap_or_default() {
                glyph.colour = glyph.colour.filter(|colour| line == Some(*colour));
            }
            return;
        }
        self.operation();
        self.mask(props.soft_mask.as_ref());
        if let Paint::Pattern(_) = &props.paint {
            // The text in it.
            let _ = self.fill(&props.paint, false);
        }
        self.run = self.run.saturating_add(1);
        let invisible = matches!(mode, DrawMode::Invisible);
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let start = self.scene.glyphs.len();
        for (drawn, index) in run.glyphs().iter().zip(0_u32..) {
            let glyph = self.glyph(drawn, props.transform * drawn.transform(), vertical, &props);
            let bounds = glyph.bounds();
            if bounds.is_finite() && !glyph.is_blank() {
                self.inked = Some(self.inked.map_or(bounds, |inked| inked.union(bounds)));
            }
            self.keep(Glyph { index, invisible, ..glyph });
        }
        let end = self.scene.glyphs.len();
        if invisible {
            self.pending = if self.pending.end == start { self.pending.start..end } else { start..end };
        } else {
            self.pending = 0..0;
            self.filled = if matches!(mode, DrawMode::Fill(_)) { start..end } else { 0..0 };
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.mask(props.soft_mask.as_ref());
        self.picture(&image, &props);
    }

    fn pop_clip(&mut self) {
        self.operation();
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn pop_transparency_group(&mut self) {
        self.operation();
        if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        let text = |key: &[u8]| {
            let text = properties?.get::<PdfString<'_>>(key)?;
            Some(walk::text_of(text.as_bytes()))
        };
        let actual = text(b"ActualText");
        let replacements = [actual.clone(), text(b"Alt"), text(b"E")];
        if self.scene.replacements.len() < MOST_MARKED {
            self.scene.replacements.extend(replacements.into_iter().flatten());
        }
        let layer = properties.filter(|_| tag == b"OC").and_then(Dict::obj_id);
        let off = layer.is_some() && properties.is_some_and(|properties| self.layers.hide_by_expression(properties));
        let number = properties.and_then(|properties| properties.get::<i32>(b"MCID"));
        self.marks.push(Mark { actual, number, layer, off, start: self.scene.glyphs.len() });
    }

    fn end_marked_content(&mut self) {
        let Some(Mark { actual, number, start, .. }) = self.marks.pop() else { return };
        let end = self.scene.glyphs.len();
        if (actual.is_some() || number.is_some()) && self.scene.marked.len() < MOST_MARKED {
            self.scene.marked.push(Marked { actual, number, glyphs: start..end });
        }
    }
}

fn outlined(path: &BezPath, line: &StrokeProps) -> BezPath {
    let style = Stroke::new(f64::from(line.line_width))
        .with_caps(line.line_cap)
        .with_join(line.line_join)
        .with_miter_limit(f64::from(line.miter_limit));
    stroke(path.iter(), &style, &StrokeOpts::default(), 0.1)
}

/// True when a path is nothing but its own bounding box.
fn is_rectangle(path: &BezPath, bounds: Rect) -> bool {
    path.elements().len() <= 6
        && bounds.area() > 0.0
        && (path.area().abs() - bounds.area()).abs() <= 1e-6 * bounds.area()
}
