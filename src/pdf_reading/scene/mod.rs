//! What a page shows, as a list of things painted on one another: the glyphs with text and place, and the areas that could
//! lie under or over them.
//!
//! A [`Scene`] comes from one interpretation of a page ([`device`]). Glyphs and areas carry their number in the order of
//! painting, the clip that cuts them and the transparency group that they are painted into, so that [`crate::pdf_reading::hidden`]
//! can tell for every point of a glyph whether somebody sees it. An area is kept as what it covers ([`area`]): a filled
//! path, a thick line, a picture with its transparency, a pattern with its cell. Where exactly the ink of a glyph lies is
//! found out when it matters ([`ink`]).

pub(crate) mod area;
mod blending;
mod device;
mod image;
pub(crate) mod ink;

use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::FillRule;
use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use area::Area;
use blending::Blending;
use ink::Ink;

pub(crate) use blending::Doubt;
pub(crate) use device::{Known, SceneRecorder};

/// Everything painted on a page, in points, in the page's own coordinates.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    /// The glyphs in the order of painting.
    pub(crate) glyphs: Vec<Glyph>,
    /// Filled paths, thick lines, pictures and patterns in the order of painting; thin lines and specks are left out.
    pub(crate) areas: Vec<Area>,
    /// Stretches of marked content that say what their glyphs are to be read as, or that the structure tree may say it of.
    pub(crate) marked: Vec<Marked>,
    /// Replacement texts of marked content (`ActualText`, `Alt`, `E`).
    pub(crate) replacements: Vec<String>,
    /// The part of the page that is shown.
    pub(crate) shown: Rect,
    /// The whole page, with what a crop box cuts off.
    pub(crate) whole: Rect,
    /// False when the page has more areas than are kept, so that not everything under them is known.
    pub(crate) complete: bool,
    /// Decoded size of all pictures, in pixels.
    pub(crate) pixels: u64,
    /// Drawing operations.
    pub(crate) operations: u64,
    /// Operations that show text in the content of the page itself; those of annotations come after them.
    pub(crate) page_runs: u32,
    clips: Vec<Clip>,
    groups: Vec<Group>,
    text: String,
}

/// A glyph as it stands on a page.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    text: (u32, u32),
    /// Where it begins on the base line.
    pub(crate) origin: Point,
    /// To where the next glyph begins, without character and word spacing.
    pub(crate) advance: (f64, f64),
    /// One font size along the direction of its own horizontal axis.
    pub(crate) along: (f64, f64),
    /// From the base line upwards, as long as the font is large.
    pub(crate) up: (f64, f64),
    /// Its number in the order of painting.
    pub(crate) order: u32,
    /// Which operation that shows text painted it: counted from 1 in the order in which the page is drawn, its forms as
    /// often as they are drawn, then its annotations; strings without a glyph and text in layers that are off do not count.
    /// With [`Glyph::index`] it leads back to the operand in the content, and [`Glyph::code`] and [`Glyph::origin`] check it.
    /// 0 for text of a pattern or mask, and of a layer that is off.
    pub(crate) run: u32,
    /// Which glyph of that operation it is, from 0; the strings of `TJ` count as one.
    pub(crate) index: u32,
    /// Its character code.
    pub(crate) code: u32,
    /// Its colour with opacity, when it is painted in one.
    pub(crate) colour: Option<[u8; 4]>,
    /// True in text rendering mode 3.
    pub(crate) invisible: bool,
    /// True when it is text of a pattern or mask, which is seen wherever that is painted.
    pub(crate) nested: bool,
    /// True when the font does not tell which character it is.
    pub(crate) unknown: bool,
    /// The optional content group that it is marked with.
    pub(crate) layer: Option<ObjectIdentifier>,
    /// True when that group is switched off, or what else it belongs to.
    pub(crate) switched_off: bool,
    ink: Rc<Ink>,
    blending: Blending,
    clip: usize,
    group: usize,
}

/// A stretch of marked content with a replacement text, or with a number that leads to one. ISO 32000-2, 14.7.5 and 14.9.4.
#[derive(Debug)]
pub(crate) struct Marked {
    /// The text that is to be read instead of the glyphs.
    pub(crate) actual: Option<String>,
    /// Its number on the page, which elements of the structure tree refer to.
    pub(crate) number: Option<i32>,
    /// Its glyphs, by their indexes.
    pub(crate) glyphs: std::ops::Range<usize>,
}

/// A clip within the clips around it.
#[derive(Debug)]
struct Clip {
    outer: usize,
    /// What it and those around it let through at most.
    bounds: Rect,
    /// True when it and those around it are upright rectangles.
    upright: bool,
    /// How many tests of an element it takes to find a point inside.
    cost: u64,
    /// Only for a clip that is no upright rectangle.
    path: Option<(BezPath, FillRule)>,
}

/// A transparency group within the groups around it.
#[derive(Debug)]
struct Group {
    outer: usize,
    opacity: f32,
    blending: Blending,
}

impl Glyph {
    /// About the middle of what is drawn.
    pub(crate) fn middle(&self) -> Point {
        let x = self.advance.0 / 2.0 + self.up.0 / 3.0;
        let y = self.advance.1 / 2.0 + self.up.1 / 3.0;
        Point::new(self.origin.x + x, self.origin.y + y)
    }

    /// Font size as it appears on the page, the smaller of width and height.
    pub(crate) fn size(&self) -> f64 {
        self.up.0.hypot(self.up.1).min(self.along.0.hypot(self.along.1))
    }

    /// From the units of its font, a thousand for the font size, to the page.
    fn placement(&self) -> Affine {
        let unit = |value: f64| value / 1000.0;
        Affine::new([
            unit(self.along.0),
            unit(self.along.1),
            unit(self.up.0),
            unit(self.up.1),
            self.origin.x,
            self.origin.y,
        ])
    }

    /// Points on its ink, and points beside it.
    pub(crate) fn samples(&self) -> ink::Samples {
        self.ink.samples(self.placement())
    }

    /// The box of its ink.
    pub(crate) fn bounds(&self) -> Rect {
        self.placement().transform_rect_bbox(self.ink.bounds())
    }

    /// The transparency group that it is painted into.
    pub(crate) fn group(&self) -> usize {
        self.group
    }

    /// True when nothing is drawn for it, as for a space.
    pub(crate) fn is_blank(&self) -> bool {
        self.ink.is_blank()
    }
}

impl Scene {
    /// The characters of one of its glyphs.
    pub(crate) fn text_of(&self, glyph: &Glyph) -> &str {
        let (start, end) = glyph.text;
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The pictures.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(|area| area.is_picture())
    }

    /// True when the clip of a glyph lets this point through.
    pub(crate) fn shows(&self, glyph: &Glyph, point: Point) -> bool {
        self.is_inside(glyph.clip, point)
    }

    /// What it costs to ask the clip of a glyph about a point.
    pub(crate) fn clip_cost(&self, glyph: &Glyph) -> u64 {
        self.cost_of_clip(glyph.clip)
    }

    fn cost_of_clip(&self, clip: usize) -> u64 {
        self.clips.get(clip).map_or(0, |clip| clip.cost)
    }

    /// True when no clip touches this box of a glyph.
    pub(crate) fn is_unclipped(&self, glyph: &Glyph, bounds: Rect) -> bool {
        self.clips.get(glyph.clip).is_some_and(|clip| {
            let corners = [Point::new(bounds.x0, bounds.y0), Point::new(bounds.x1, bounds.y1)];
            clip.upright && corners.iter().all(|corner| clip.bounds.contains(*corner))
        })
    }

    /// The opacity of a glyph, that of its groups included.
    pub(crate) fn opacity(&self, glyph: &Glyph) -> f32 {
        let own = glyph.colour.map_or(1.0, |[.., alpha]| f32::from(alpha) / 255.0);
        self.group_numbers(glyph.group).filter_map(|at| self.groups.get(at)).fold(own, |sum, group| sum * group.opacity)
    }

    /// Adds the glyphs of another view of the same page that this one does not have: those of layers that are switched off.
    pub(crate) fn add_switched_off(&mut self, other: &Self) {
        let key = |scene: &Self, glyph: &Glyph| {
            let place = (glyph.origin.x.to_bits(), glyph.origin.y.to_bits());
            (place, glyph.code, scene.text_of(glyph).to_owned())
        };
        let mut known: HashMap<_, usize> = HashMap::new();
        for glyph in &self.glyphs {
            let count = known.entry(key(self, glyph)).or_default();
            *count = count.saturating_add(1);
        }
        for glyph in &other.glyphs {
            match known.get_mut(&key(other, glyph)) {
                Some(count) if *count > 0 => *count = count.saturating_sub(1),
                _ => {
                    let text = self.keep_text(other.text_of(glyph));
                    self.glyphs.push(Glyph { text, run: 0, switched_off: true, clip: 0, group: 0, ..glyph.clone() });
                }
            }
        }
    }

    fn keep_text(&mut self, text: &str) -> (u32, u32) {
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = place(self.text.len());
        self.text.push_str(text);
        (start, place(self.text.len()))
    }

    /// The numbers of the groups from the innermost to the page itself.
    fn group_numbers(&self, innermost: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(innermost);
        std::iter::from_fn(move || {
            let at = next?;
            let group = self.groups.get(at)?;
            // The page lies in itself.
            next = (group.outer < at).then_some(group.outer);
            Some(at)
        })
    }

    /// True when a clip and those around it let this point through.
    fn is_inside(&self, clip: usize, point: Point) -> bool {
        let mut at = clip;
        while let Some(clip) = self.clips.get(at) {
            if !clip.bounds.contains(point) || clip.path.as_ref().is_some_and(|(path, rule)| !is_in(path, *rule, point))
            {
                return false;
            }
            if clip.outer >= at {
                break;
            }
            at = clip.outer;
        }
        true
    }
}

/// True when a path encloses a point.
fn is_in(path: &BezPath, rule: FillRule, point: Point) -> bool {
    match rule {
        FillRule::NonZero => path.winding(point) != 0,
        FillRule::EvenOdd => path.winding(point) % 2 != 0,
    }
}

/// True when a box lies in another.
pub(crate) fn contains(outer: Rect, inner: Rect) -> bool {
    outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1
}
