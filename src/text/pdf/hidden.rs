//! Reports the text that nobody sees: for each reason, and for each box that hides something, one finding.

use std::collections::BTreeMap;

use hayro_interpret::kurbo::Vec2;

use super::lines;
use crate::finding::Severity;
use crate::pdf_reading::hidden::{Sight, Sights, Why};
use crate::pdf_reading::walk::object_name;
use crate::pdf_reading::{Glyph, Scene};
use crate::text::{Extraction, Observation, Place, Scope, TextSpan, Unread};

/// Findings of one kind on one page; what comes after is counted with the last.
const MOST: usize = 20;
/// Font sizes between the end of a glyph and the beginning of the next of the same word or of the next word.
const NEXT: f64 = 0.5;
/// Letters and digits below this number are no text.
const LEAST: usize = 2;

/// The rule, its severity and what it says.
fn rule(why: Why) -> (&'static str, Severity, &'static str) {
    match why {
        Why::UnderBox => ("hidden.under-box", Severity::Block, "text under a box: a failed redaction"),
        Why::UnderImage => ("hidden.under-image", Severity::Block, "text under a picture: a failed redaction"),
        Why::SameColour => ("hidden.same-colour", Severity::High, "text in the colour of what lies beneath"),
        Why::InvisibleMode => ("hidden.invisible-mode", Severity::Medium, "text that is not painted"),
        Why::Transparent => ("hidden.transparent", Severity::Medium, "text that is fully transparent"),
        Why::Clipped => ("hidden.clipped", Severity::Medium, "text that is cut off"),
        Why::OffPage => ("hidden.off-page", Severity::Medium, "text outside of the page"),
        Why::Cropped => ("hidden.cropped", Severity::High, "text that the page is cropped to leave out"),
        Why::LayerOff => ("hidden.layer-off", Severity::High, "text in a layer that is switched off"),
        Why::Microscopic => ("hidden.microscopic", Severity::Medium, "text too small to be read"),
    }
}

/// Reports the hidden text of a page.
pub(super) fn report(scene: &Scene, sights: &Sights, number: u32, extraction: &mut Extraction) {
    if !sights.certain {
        extraction.unread.push(Unread {
            place: Place::Page { page: number, area: None },
            why: "the page is too complex to find all hidden text".to_owned(),
            expected: false,
        });
    }
    for (why, groups) in groups(scene, &sights.glyphs) {
        let (rule, severity, reason) = rule(why);
        let mut found: Vec<Observation> = Vec::new();
        for glyphs in groups {
            let (text, boxes) = lines::assemble(scene, &glyphs);
            if !is_telling(&text) {
                continue;
            }
            let count = text.split_whitespace().count() as u64;
            if found.len() >= MOST {
                if let Some(last) = found.last_mut() {
                    last.count = last.count.saturating_add(count);
                }
                continue;
            }
            let layer = glyphs.iter().find_map(|glyph| glyph.layer).filter(|_| why == Why::LayerOff);
            let reason = layer.map_or_else(|| reason.to_owned(), |id| format!("{reason} ({})", object_name(Some(id))));
            let end = text.len();
            let span = TextSpan { text, place: Place::Page { page: number, area: None }, scope: Scope::Hidden, boxes };
            let place = span.place_of(0, end);
            found.push(Observation {
                rule,
                severity,
                place,
                scope: Scope::Hidden,
                text: span.text,
                why: reason,
                count,
            });
        }
        extraction.observations.append(&mut found);
    }
}

/// The hidden glyphs by reason, and by the area or layer that hides them. A word that lies under several areas stays whole.
fn groups<'s>(scene: &'s Scene, sights: &[Sight]) -> BTreeMap<Why, Vec<Vec<&'s Glyph>>> {
    type Cause = (Why, Option<usize>, Option<u32>);
    let mut sorted: BTreeMap<Cause, Vec<&Glyph>> = BTreeMap::new();
    let mut before: Option<(Cause, &Glyph)> = None;
    for (glyph, sight) in scene.glyphs.iter().zip(sights) {
        let Sight::Hidden(why, cover) = sight else { continue };
        let layer = glyph.layer.filter(|_| *why == Why::LayerOff).map(|id| id.obj_number);
        let cause = match before {
            Some((cause, last)) if cause.0 == *why && cause.2 == layer && follows(last, glyph) => cause,
            _ => (*why, *cover, layer),
        };
        sorted.entry(cause).or_default().push(glyph);
        before = Some((cause, glyph));
    }
    let mut groups: BTreeMap<Why, Vec<Vec<&Glyph>>> = BTreeMap::new();
    for ((why, ..), glyphs) in sorted {
        groups.entry(why).or_default().push(glyphs);
    }
    groups
}

/// True when a glyph begins about where another ends.
fn follows(before: &Glyph, glyph: &Glyph) -> bool {
    let end = before.origin + Vec2::from(before.advance);
    (glyph.origin - end).hypot() < NEXT * glyph.size()
}

/// False for ornaments, and for the same character over and over, which takes the place of text that is gone.
fn is_telling(text: &str) -> bool {
    let mut telling = text.chars().filter(|character| character.is_alphanumeric());
    let Some(first) = telling.next() else { return false };
    let count = text.chars().filter(|character| character.is_alphanumeric()).count();
    count >= LEAST && telling.any(|character| character != first)
}
