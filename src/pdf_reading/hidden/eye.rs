//! One glyph after the other: what of its ink is gone, by the geometry of the page.

use std::collections::HashMap;

use hayro_interpret::kurbo::{Point, Rect};

use super::index::Index;
use super::{Sight, Why, share};
use crate::pdf_reading::scene::area::{Area, Cover};
use crate::pdf_reading::scene::{Doubt, Glyph, Scene, contains};

/// Tests of an element of a path, of an area or of a clip against a point that one page may cost.
const MOST_TESTS: u64 = 100_000_000;
/// Font sizes below this, in points, are for no eye.
const MICROSCOPIC: f64 = 1.0;
/// Below this opacity nothing is seen.
const NOTHING: f32 = 0.03;
/// Steps of 255 by which a colour may differ from another and still not be told from it.
const SAME: u8 = 10;
/// The part of a glyph that must be gone.
const GONE: f64 = 0.8;
const WHITE: [u8; 3] = [255; 3];

/// Somebody who looks at the glyphs of a page one by one.
pub(super) struct Eye<'s> {
    scene: &'s Scene,
    index: Index,
    tests: u64,
    certain: bool,
}

/// What was found out about the points of one glyph.
#[derive(Default)]
struct Tally {
    points: usize,
    off_page: usize,
    cropped: usize,
    clipped: usize,
    same_colour: usize,
    /// Points under an area, for certain and perhaps.
    covered: usize,
    perhaps: usize,
    covers: HashMap<usize, usize>,
}

impl<'s> Eye<'s> {
    pub(super) fn new(scene: &'s Scene) -> Self {
        Self { scene, index: Index::new(scene), tests: 0, certain: scene.complete }
    }

    /// False when the page was too complex to look at everything.
    pub(super) fn is_certain(&self) -> bool {
        self.certain
    }

    /// The sight of a glyph; and, when its pixels should be looked at, whether it is hidden for certain but for them.
    pub(super) fn look(&mut self, glyph: &Glyph) -> (Sight, Option<bool>) {
        let scene = self.scene;
        let hidden = |why| (Sight::Hidden(why, None), None);
        let seen = (Sight::Seen, None);
        let blank = scene.text_of(glyph).chars().all(char::is_whitespace);
        if glyph.switched_off {
            return hidden(Why::LayerOff);
        }
        if glyph.nested || blank {
            return seen;
        }
        let tally = self.tally(glyph);
        let enough = |count: usize| share(count, tally.points) >= GONE;
        if enough(tally.off_page.saturating_add(tally.cropped).saturating_add(tally.clipped)) {
            let most = [(tally.off_page, Why::OffPage), (tally.cropped, Why::Cropped), (tally.clipped, Why::Clipped)];
            return hidden(most.into_iter().max_by_key(|(count, _)| *count).map_or(Why::Clipped, |(_, why)| why));
        }
        let transparent = scene.opacity(glyph) < NOTHING;
        if glyph.invisible || transparent || glyph.is_blank() {
            return match self.cover_of_scan(glyph) {
                Some(Some(cover)) => (Sight::Hidden(Why::UnderBox, Some(cover)), None),
                Some(None) => seen,
                None if glyph.invisible => hidden(Why::InvisibleMode),
                None if transparent => hidden(Why::Transparent),
                // A font without a shape for it; which it is may depend on the reader's own fonts.
                None => seen,
            };
        }
        if glyph.size() < MICROSCOPIC {
            return hidden(Why::Microscopic);
        }
        let gone = tally
            .off_page
            .saturating_add(tally.cropped)
            .saturating_add(tally.clipped)
            .saturating_add(tally.covered)
            .saturating_add(tally.same_colour);
        let sure = enough(gone);
        if !sure && !enough(gone.saturating_add(tally.perhaps)) {
            return match scene.doubt(glyph) {
                Some(Doubt::Masked) => (Sight::Hidden(Why::Transparent, None), Some(false)),
                Some(Doubt::Patterned | Doubt::Neutral) => (Sight::Hidden(Why::SameColour, None), Some(false)),
                Some(Doubt::Blended) | None => seen,
            };
        }
        if tally.same_colour >= tally.covered.saturating_add(tally.perhaps) {
            let sure = sure && scene.doubt(glyph).is_none();
            return (Sight::Hidden(Why::SameColour, None), Some(sure));
        }
        // The highest of those that cover most.
        let cover = tally.covers.iter().max_by_key(|(area, count)| (**count, **area)).map(|(area, _)| *area);
        let picture = cover.and_then(|at| scene.areas.get(at)).is_some_and(Area::is_picture);
        if picture {
            // The pixels of a photo could pass for anything; its place and its transparency are known.
            return (Sight::Hidden(Why::UnderImage, cover), Some(sure).filter(|sure| !sure));
        }
        (Sight::Hidden(Why::UnderBox, cover), Some(sure))
    }

    fn tally(&mut self, glyph: &Glyph) -> Tally {
        let scene = self.scene;
        let mut tally = Tally::default();
        let bounds = glyph.bounds();
        let near = self.near(bounds);
        let white = glyph.colour.is_some_and(|[red, green, blue, _]| same([red, green, blue], WHITE));
        if near.is_empty() && !white && contains(scene.shown, bounds) && scene.is_unclipped(glyph, bounds) {
            tally.points = 1;
            return tally;
        }
        let points = if glyph.is_blank() { vec![glyph.middle()] } else { glyph.samples().on };
        if !self.afford(scene.clip_cost(glyph).saturating_mul(points.len() as u64)) {
            return tally;
        }
        for point in points {
            tally.points = tally.points.saturating_add(1);
            let counter = if !scene.shows(glyph, point) {
                &mut tally.clipped
            } else if !scene.whole.contains(point) && !scene.shown.contains(point) {
                &mut tally.off_page
            } else if !scene.shown.contains(point) {
                &mut tally.cropped
            } else {
                match self.over(glyph, &near, point) {
                    Some((area, cover)) => {
                        let count = tally.covers.entry(area).or_default();
                        *count = count.saturating_add(1);
                        if cover == Cover::Full { &mut tally.covered } else { &mut tally.perhaps }
                    }
                    None if self.is_lost_in(glyph, &near, point) => &mut tally.same_colour,
                    None => continue,
                }
            };
            *counter = counter.saturating_add(1);
        }
        tally
    }

    /// What is painted over a point of a glyph later: the topmost area that hides it for certain, or else one that may.
    fn over(&mut self, glyph: &Glyph, near: &[usize], point: Point) -> Option<(usize, Cover)> {
        let mut perhaps = None;
        for at in near.iter().rev() {
            let area = self.scene.areas.get(*at)?;
            if area.order <= glyph.order {
                break;
            }
            match self.cover(area, glyph, point) {
                Cover::Full => return Some((*at, Cover::Full)),
                Cover::Perhaps => perhaps = perhaps.or(Some((*at, Cover::Perhaps))),
                Cover::None => {}
            }
        }
        perhaps
    }

    /// True when a glyph has the colour of what lies beneath this point of it.
    fn is_lost_in(&mut self, glyph: &Glyph, near: &[usize], point: Point) -> bool {
        let Some([red, green, blue, _]) = glyph.colour else { return false };
        for at in near.iter().rev() {
            let Some(area) = self.scene.areas.get(*at).filter(|area| area.order < glyph.order) else { continue };
            match self.cover(area, glyph, point) {
                Cover::Full => return area.colour().is_some_and(|colour| same(colour, [red, green, blue])),
                Cover::Perhaps => return false,
                Cover::None => {}
            }
        }
        same([red, green, blue], WHITE)
    }

    /// For text that is painted with nothing: `None` when there is no picture whose text it could be; else the area that
    /// was painted over that picture at its place, if there is one. Whether the text comes before or after does not matter.
    fn cover_of_scan(&mut self, glyph: &Glyph) -> Option<Option<usize>> {
        let middle = glyph.middle();
        let near = self.near(Rect::from_points(middle, middle));
        let picture = near
            .iter()
            .filter_map(|at| self.scene.areas.get(*at))
            .filter(|area| area.is_picture() && area.bounds.contains(middle))
            .map(|area| area.order)
            .max()?;
        let points = if glyph.is_blank() { vec![middle] } else { glyph.samples().on };
        let near = self.near(glyph.bounds().union(Rect::from_points(middle, middle)));
        let mut covered = 0_usize;
        let mut top = None;
        for point in &points {
            for at in near.iter().rev() {
                let Some(area) = self.scene.areas.get(*at).filter(|area| area.order > picture) else { continue };
                if !area.is_picture() && self.cover(area, glyph, *point) == Cover::Full {
                    covered = covered.saturating_add(1);
                    top = top.max(Some(*at));
                    break;
                }
            }
        }
        Some(top.filter(|_| share(covered, points.len()) >= GONE))
    }

    /// The areas that may touch a box.
    fn near(&mut self, bounds: Rect) -> Vec<usize> {
        if !self.afford(self.index.cost()) {
            return Vec::new();
        }
        let near = self.index.near(bounds);
        self.afford(near.len() as u64);
        near
    }

    /// Charges tests; false when the page has had enough.
    fn afford(&mut self, tests: u64) -> bool {
        self.tests = self.tests.saturating_add(tests);
        self.certain &= self.tests <= MOST_TESTS;
        self.tests <= MOST_TESTS
    }

    fn cover(&mut self, area: &Area, glyph: &Glyph, point: Point) -> Cover {
        if !area.bounds.contains(point) {
            return Cover::None;
        }
        if !self.afford(area.cost(self.scene)) {
            return Cover::None;
        }
        area.cover(self.scene, glyph.group(), point)
    }
}

fn same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(&other).all(|(one, other)| one.abs_diff(*other) <= SAME)
}
