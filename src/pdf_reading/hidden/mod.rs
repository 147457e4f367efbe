//! Which glyphs of a page nobody sees, and why.
//!
//! Every glyph is asked at a few points of its ink: does the point lie on the page, does its clip let it through, is
//! something opaque painted over it later, does its colour differ from what lies beneath? A glyph of which four fifths are
//! gone is hidden. What is not certain from the geometry (masks, blend modes, gradients), and everything that is hidden
//! only by colour or by something on top, is checked at the pixels of the rendered page ([`pixels`]): a glyph that stands
//! out there in its own colour is seen, whatever the geometry says.
//!
//! Not hidden is the text layer of a scanned page: text that is painted with nothing, over or under a picture. But a box
//! painted over the scan hides that text as well as any other. Nor is text hidden that is painted again, where it is seen.

mod eye;
mod index;
pub(crate) mod pixels;
pub(crate) mod taken;

use std::collections::HashMap;

use hayro_interpret::kurbo::{Point, Rect};

use super::scene::{Glyph, Scene};
use eye::Eye;
use pixels::Pixels;

/// Glyphs that begin in one small square and are still compared with those hidden there.
const CROWD: usize = 64;
/// The part of a page that a picture covers when it is the scan of that page.
const SCAN: f64 = 0.75;

/// Why a glyph is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Why {
    /// A box, a line or a pattern is painted over it.
    UnderBox,
    /// A picture is painted over it.
    UnderImage,
    /// It has the colour of what lies beneath.
    SameColour,
    /// It is painted in the invisible text rendering mode, with no picture that it could be the text of.
    InvisibleMode,
    /// It is painted with full transparency.
    Transparent,
    /// A clip cuts it off.
    Clipped,
    /// It lies outside of the page.
    OffPage,
    /// It lies on the page, but outside of its crop box.
    Cropped,
    /// It is in a layer that is switched off.
    LayerOff,
    /// It is too small to be read.
    Microscopic,
}

/// What becomes of a glyph for somebody who looks at the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It is seen, or it is the text of a picture that is seen.
    Seen,
    /// It is not seen where it stands, but the same character is seen there.
    Repeated,
    /// It is hidden, by the area with this index if it lies under one.
    Hidden(Why, Option<usize>),
}

/// The sight of every glyph of a page, and whether every question could be answered.
pub(crate) struct Sights {
    /// One for each glyph of the scene.
    pub(crate) glyphs: Vec<Sight>,
    /// False when the page is too complex to be sure of everything.
    pub(crate) certain: bool,
}

/// Looks at all glyphs of a page. `render` gives the pixels of a part of it, if that can be afforded.
pub(crate) fn sights(scene: &Scene, render: &dyn Fn(Rect, f64) -> Option<Pixels>) -> Sights {
    let mut eye = Eye::new(scene);
    let mut doubts: Vec<(usize, bool)> = Vec::new();
    let mut glyphs: Vec<Sight> = Vec::with_capacity(scene.glyphs.len());
    for (at, glyph) in scene.glyphs.iter().enumerate() {
        let (sight, doubt) = eye.look(glyph);
        if let Some(sure) = doubt {
            doubts.push((at, sure));
        }
        glyphs.push(sight);
    }
    allow_scans(scene, &mut glyphs);
    allow_repeated(scene, &mut glyphs);
    doubts.retain(|(at, _)| matches!(glyphs.get(*at), Some(Sight::Hidden(..))));
    let certain = check_pixels(scene, &doubts, render, &mut glyphs) && eye.is_certain();
    Sights { glyphs, certain }
}

#[allow(clippy::cast_precision_loss)] // a glyph has few points, a page few glyphs
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Some programs paint the text layer of a scan first and the scan over it. So text under a picture of the whole page is
/// the text of that picture, unless the page has other text that is seen.
fn allow_scans(scene: &Scene, glyphs: &mut [Sight]) {
    let page = scene.shown.area();
    let is_scan = |sight: &Sight| match sight {
        Sight::Hidden(Why::UnderImage, Some(at)) => {
            scene.areas.get(*at).is_some_and(|area| area.bounds.intersect(scene.shown).area() >= SCAN * page)
        }
        _ => false,
    };
    let under = glyphs.iter().filter(|sight| is_scan(sight)).count();
    if share(under, glyphs.len()) >= 0.5 {
        for sight in glyphs.iter_mut().filter(|sight| is_scan(sight)) {
            *sight = Sight::Seen;
        }
    }
}

/// Looks at the pixels of all glyphs that are in doubt; false when that could not be done and mattered.
fn check_pixels(
    scene: &Scene,
    doubts: &[(usize, bool)],
    render: &dyn Fn(Rect, f64) -> Option<Pixels>,
    glyphs: &mut [Sight],
) -> bool {
    let doubtful = || doubts.iter().filter_map(|(at, sure)| Some((*at, *sure, scene.glyphs.get(*at)?)));
    let lost = |at: usize, glyphs: &[Sight]| matches!(glyphs.get(at), Some(Sight::Hidden(Why::SameColour, _)));
    let Some(region) = doubtful().map(|(.., glyph)| glyph.bounds()).reduce(|all, bounds| all.union(bounds)) else {
        return true;
    };
    let mut sizes: Vec<f64> = doubtful().map(|(.., glyph)| glyph.size()).collect();
    sizes.sort_by(f64::total_cmp);
    let typical = sizes.get(sizes.len() / 2).copied().unwrap_or(10.0);
    let pixels = render(region.inflate(2.0, 2.0).intersect(scene.shown), typical);
    let mut certain = true;
    for (at, sure, glyph) in doubtful() {
        let seen = match &pixels {
            Some(pixels) if sure && lost(at, glyphs) => pixels.show(glyph),
            Some(pixels) if sure => pixels.show_through(glyph),
            Some(pixels) => !pixels.lack(glyph),
            None => {
                certain &= sure;
                !sure
            }
        };
        if let (true, Some(sight)) = (seen, glyphs.get_mut(at)) {
            *sight = Sight::Seen;
        }
    }
    certain
}

/// A hidden glyph is of no interest when the same character is seen at the same place.
fn allow_repeated(scene: &Scene, glyphs: &mut [Sight]) {
    if !glyphs.iter().any(|sight| matches!(sight, Sight::Hidden(..))) {
        return;
    }
    #[allow(clippy::cast_possible_truncation)] // saturates; far outside of any page
    let cell = |point: Point| ((point.x / 4.0).floor() as i32, (point.y / 4.0).floor() as i32);
    let mut seen: HashMap<(i32, i32), Vec<&Glyph>> = HashMap::new();
    for (glyph, sight) in scene.glyphs.iter().zip(glyphs.iter()) {
        if *sight == Sight::Seen && !glyph.is_blank() && !glyph.invisible {
            let near = seen.entry(cell(glyph.origin)).or_default();
            if near.len() < CROWD {
                near.push(glyph);
            }
        }
    }
    for (glyph, sight) in scene.glyphs.iter().zip(glyphs.iter_mut()) {
        if !matches!(sight, Sight::Hidden(..)) {
            continue;
        }
        let near = (0.3 * glyph.size()).min(4.0);
        let (column, row) = cell(glyph.origin);
        let around = (-1..=1).flat_map(|right| (-1..=1).map(move |up| (right, up)));
        let twin = around
            .filter_map(|(right, up)| seen.get(&(column.saturating_add(right), row.saturating_add(up))))
            .flatten()
            .any(|other| (other.origin - glyph.origin).hypot() <= near && scene.text_of(other) == scene.text_of(glyph));
        if twin {
            *sight = Sight::Repeated;
        }
    }
}
