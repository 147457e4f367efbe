//! Which glyphs go when hidden text is taken out: those that are hidden, and the blanks that belong to them.
//!
//! A space between two words that go would tell where the first one ended, and one after the last word how wide all were. So
//! a blank goes with the glyph before it, and at the beginning of an operation with the one after it.

use std::collections::BTreeSet;

use hayro_interpret::kurbo::Vec2;

use super::{Sight, Sights};
use crate::pdf_reading::scene::{Glyph, Scene};

/// Font sizes between the end of a glyph and a blank that belongs to it.
const NEXT: f64 = 1.0;
/// Font sizes between two glyphs with a space between.
const SPACE: f64 = 0.2;

/// For every glyph of a page, whether it goes.
pub(crate) fn taken(scene: &Scene, sights: &Sights) -> Vec<bool> {
    let hidden: Vec<bool> = sights.glyphs.iter().map(|sight| matches!(sight, Sight::Hidden(..))).collect();
    let mut taken = hidden.clone();
    if !hidden.contains(&true) {
        return taken;
    }
    let is_blank = |glyph: &Glyph| scene.text_of(glyph).chars().all(char::is_whitespace);
    // For each blank, whether the nearest other glyph after it is hidden, and in which operation that is.
    let mut next: Vec<Option<(u32, bool)>> = vec![None; scene.glyphs.len()];
    let mut after = None;
    for ((glyph, hidden), next) in scene.glyphs.iter().zip(&hidden).zip(&mut next).rev() {
        *next = after;
        if !is_blank(glyph) {
            after = Some((glyph.run, *hidden));
        }
    }
    let mut before: Option<(&Glyph, bool)> = None;
    for ((glyph, next), taken) in scene.glyphs.iter().zip(next).zip(&mut taken) {
        if !is_blank(glyph) {
            before = Some((glyph, *taken));
            continue;
        }
        let beside = before.filter(|(last, _)| last.run == glyph.run).map(|(_, hidden)| hidden);
        let leading = next.filter(|(run, _)| *run == glyph.run).map(|(_, hidden)| hidden);
        *taken |= beside.or(leading).unwrap_or_else(|| {
            let (follows, hidden) = before.map_or((false, false), |(last, hidden)| (is_next(last, glyph), hidden));
            hidden && (follows || next.is_none_or(|(_, hidden)| hidden))
        });
    }
    taken
}

/// The numbers of these glyphs, by which they are found again in the content: operation and place in it.
pub(crate) fn numbers(scene: &Scene, taken: &[bool]) -> BTreeSet<(u32, u32)> {
    let glyphs = scene.glyphs.iter().zip(taken).filter(|(_, taken)| **taken);
    glyphs.map(|(glyph, _)| (glyph.run, glyph.index)).collect()
}

/// The text of these glyphs: one for each stretch on one line.
pub(crate) fn texts(scene: &Scene, taken: &[bool]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut last: Option<(usize, &Glyph)> = None;
    for (at, (glyph, _)) in scene.glyphs.iter().zip(taken).enumerate().filter(|(_, (_, taken))| **taken) {
        let text = scene.text_of(glyph);
        let before = last.filter(|(before, other)| before.saturating_add(1) == at && is_next(other, glyph));
        match (before, texts.last_mut()) {
            (Some((_, other)), Some(line)) => {
                if gap(other, glyph).hypot() > SPACE * glyph.size() && !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(text);
            }
            _ => texts.push(text.to_owned()),
        }
        last = Some((at, glyph));
    }
    texts.retain(|text| !text.trim().is_empty());
    texts
}

fn gap(before: &Glyph, glyph: &Glyph) -> Vec2 {
    glyph.origin - (before.origin + Vec2::from(before.advance))
}

fn is_next(before: &Glyph, glyph: &Glyph) -> bool {
    gap(before, glyph).hypot() < NEXT * glyph.size().max(before.size())
}
