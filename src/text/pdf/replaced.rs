//! Text that is to be read instead of glyphs (`ActualText`, ISO 32000-2, 14.9.4) and says something else than they do.
//!
//! It is meant for what glyphs cannot say: ligatures, hyphens at the end of a line, symbols. A screen reader, a search and a
//! copy give it instead of what is seen, so a name that is gone from the page may still stand in it.

use unicode_normalization::UnicodeNormalization;

use crate::finding::Severity;
use crate::pdf_reading::Scene;
use crate::pdf_reading::scene::Marked;
use crate::text::{Extraction, Observation, Place, Scope};

/// Letters and digits that a replacement may have beyond those of the glyphs.
const FEW: usize = 3;

/// Reports replacement texts of a page that differ from their glyphs.
pub(super) fn report(scene: &Scene, number: u32, extraction: &mut Extraction) {
    for marked in scene.marked.iter().filter(|marked| differs(scene, marked)) {
        extraction.observations.push(Observation {
            rule: "text.actual-text-differs",
            severity: Severity::Medium,
            place: Place::Page { page: number, area: None },
            scope: Scope::AltText,
            text: marked.actual.clone(),
            why: "the replacement text says something else than what is seen".to_owned(),
            count: marked.actual.split_whitespace().count() as u64,
        });
    }
}

/// True when a replacement says more than its glyphs show. Glyphs of which nobody knows what they show cannot be compared.
fn differs(scene: &Scene, marked: &Marked) -> bool {
    let glyphs = scene.glyphs.get(marked.glyphs.clone()).unwrap_or_default();
    if glyphs.iter().any(|glyph| glyph.unknown) {
        return false;
    }
    let shown: String = glyphs.iter().map(|glyph| scene.text_of(glyph)).collect();
    let (shown, actual) = (letters(&shown), letters(&marked.actual));
    actual.chars().count() >= FEW
        && !shown.contains(&actual)
        && !shown.chars().rev().collect::<String>().contains(&actual)
}

/// Letters and digits only, without case, accents and ligatures.
fn letters(text: &str) -> String {
    text.nfkd().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
