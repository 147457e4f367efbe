//! Text that is to be read instead of glyphs (`ActualText`, ISO 32000-2, 14.9.4) and says something else than they do.
//!
//! It is meant for what glyphs cannot say: ligatures, hyphens at the end of a line, symbols. A screen reader, a search and a
//! copy give it instead of what is seen, so a name that is gone from the page may still stand in it. Marked content of a page
//! brings it along ([`Replaced::page`]), or an element of the structure tree says it of marked content on any pages
//! ([`structure`]).

mod structure;

use unicode_normalization::UnicodeNormalization;

use self::structure::Elements;
use super::place_of;
use crate::finding::Severity;
use crate::pdf_reading::Reading;
use crate::pdf_reading::scene::{Marked, Scene};
use crate::text::{Extraction, Observation, Place, Scope, Unread};

/// Letters and digits that a replacement may have beyond those of the glyphs.
const FEW: usize = 3;
/// Glyphs of one document that are read for this; those of marked content within marked content count again.
const MOST_GLYPHS: usize = 64 << 20;
const TOO_MUCH: &str = "too much replacement text to compare all of it";

/// The replacement texts of a document, compared page by page.
pub(super) struct Replaced {
    elements: Elements,
    glyphs: usize,
}

/// What is seen where a text is to be read.
#[derive(Default)]
struct Shown {
    letters: String,
    /// True when nobody knows what some of the glyphs show.
    unknown: bool,
}

impl Replaced {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        Self { elements: Elements::of(reading.pdf), glyphs: 0 }
    }

    /// Reports replacement texts of a page that differ from their glyphs, and keeps what the structure tree asks for.
    pub(super) fn page(&mut self, reading: &Reading<'_>, scene: &Scene, number: u32, extraction: &mut Extraction) {
        let place = || Place::Page { page: number, area: None };
        let id = number.checked_sub(1).and_then(|index| reading.pages().nth(index as usize)?.raw().obj_id());
        for marked in &scene.marked {
            let wanted = id.zip(marked.number).and_then(|(page, number)| self.elements.wanted(page, number));
            if marked.actual.is_none() && wanted.is_none() {
                continue;
            }
            self.glyphs = self.glyphs.saturating_add(marked.glyphs.len());
            if self.glyphs > MOST_GLYPHS {
                extraction.unread.push(Unread { place: place(), why: TOO_MUCH.to_owned(), expected: false });
                return;
            }
            let shown = Shown::of(scene, marked);
            if let Some(actual) = marked.actual.as_ref().filter(|actual| shown.differs_from(actual)) {
                extraction.observations.push(finding(place(), actual));
            }
            if let Some(wanted) = wanted {
                wanted.add(number, &shown);
            }
        }
    }

    /// Reports replacement texts of the structure tree that differ from their glyphs, when all pages have been seen.
    pub(super) fn document(&self, extraction: &mut Extraction) {
        let mut compared = 0_usize;
        for (element, page, shown) in self.elements.shown(MOST_GLYPHS) {
            compared = compared.saturating_add(1);
            if shown.differs_from(&element.actual) && !(shown.letters.is_empty() && element.is_picture) {
                let place = match page {
                    Some(page) => Place::Page { page, area: None },
                    None => place_of(element.id),
                };
                extraction.observations.push(finding(place, &element.actual));
            }
        }
        if compared < self.elements.len() {
            extraction.unread.push(Unread { place: Place::File, why: TOO_MUCH.to_owned(), expected: false });
        }
    }
}

impl Shown {
    fn of(scene: &Scene, marked: &Marked) -> Self {
        let glyphs = scene.glyphs.get(marked.glyphs.clone()).unwrap_or_default();
        let text: String = glyphs.iter().map(|glyph| scene.text_of(glyph)).collect();
        Self { letters: letters(&text), unknown: glyphs.iter().any(|glyph| glyph.unknown) }
    }

    fn append(&mut self, other: &Self) {
        self.letters.push_str(&other.letters);
        self.unknown |= other.unknown;
    }

    /// True when a replacement says more than is seen; what nobody knows cannot be compared.
    fn differs_from(&self, actual: &str) -> bool {
        let actual = letters(actual);
        !self.unknown
            && actual.chars().count() >= FEW
            && !self.letters.contains(&actual)
            && !self.letters.chars().rev().collect::<String>().contains(&actual)
    }
}

fn finding(place: Place, actual: &str) -> Observation {
    Observation {
        rule: "text.actual-text-differs",
        severity: Severity::Medium,
        place,
        scope: Scope::AltText,
        text: actual.to_owned(),
        why: "the replacement text says something else than what is seen".to_owned(),
        count: actual.split_whitespace().count() as u64,
    }
}

/// Letters and digits only, without case, accents and ligatures.
fn letters(text: &str) -> String {
    text.nfkd().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
