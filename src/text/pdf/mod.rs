//! The text of a PDF: what stands on the pages, with the place of every character, and what stands beside them.
//!
//! Pages are interpreted by [`crate::pdf_reading`]; [`lines`] puts their glyphs together into words, lines and reading
//! order. [`beside`] reads what is not on a page: metadata, bookmarks, link targets, form values, comments, scripts.
//!
//! Text that no reader sees is a span of its own ([`Scope::Hidden`]), and [`hidden`] reports it: each finding says why it is
//! not seen. Text that is to be read instead of glyphs is compared with them in [`replaced`].

mod beside;
mod hidden;
mod lines;
mod replaced;
mod xmp;

use hayro_interpret::hayro_syntax::object::ObjectIdentifier;

use self::replaced::Replaced;
use crate::formats::Context;
use crate::kind::Kind;
use crate::pdf_reading::hidden::{Sight, sights};
use crate::pdf_reading::walk::object_name;
use crate::pdf_reading::{self, Glyph, Scene};
use crate::refusal::Refusal;
use crate::text::{Extraction, Extractor, Place, Scope, TextSpan, Unread};

/// Reads the text of PDF documents.
pub(super) struct PdfText;

impl Extractor for PdfText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pdf]
    }

    fn extract(&self, _kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        pdf_reading::read(bytes, context, |reading| {
            let mut extraction = Extraction::default();
            let mut replaced = Replaced::new(reading);
            let mut size = 0_u64;
            for (index, page) in reading.pages().enumerate() {
                let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                let scene = reading.scene(page, &|annotation| !annotation.is_hidden())?;
                let seen = sights(&scene, &|part, size| reading.render(page, &scene, part, size));
                page_spans(&scene, &seen.glyphs, number, &mut extraction);
                hidden::report(&scene, &seen, number, &mut extraction);
                replaced.page(reading, &scene, number, &mut extraction);
                size = extraction
                    .spans
                    .iter()
                    .skip_while(|span| !is_on_page(span, number))
                    .fold(size, |size, span| size.saturating_add(span.text.len() as u64));
                if size > context.limits.text_bytes {
                    return Err(Refusal::over_limit(
                        "text-bytes",
                        format!("the pages have more than {size} bytes of text"),
                    ));
                }
                beside::page(page, number, &mut extraction.spans);
            }
            replaced.document(&mut extraction);
            beside::document(reading, &mut extraction.spans)?;
            Ok(extraction)
        })
    }
}

/// The place of an object off the pages; the file, when it stands where only the trailer or another direct object leads.
fn place_of(id: Option<ObjectIdentifier>) -> Place {
    id.map_or(Place::File, |id| Place::Part { part: object_name(Some(id)) })
}

fn is_on_page(span: &TextSpan, number: u32) -> bool {
    matches!(span.place, Place::Page { page, .. } if page == number)
}

/// The spans of one page, and what is missing from it.
fn page_spans(scene: &Scene, sights: &[Sight], number: u32, extraction: &mut Extraction) {
    let place = Place::Page { page: number, area: None };
    let unread = |why: &str| Unread { place: place.clone(), why: why.to_owned(), expected: false };
    let (mut seen, mut hidden): (Vec<&Glyph>, Vec<&Glyph>) = (Vec::new(), Vec::new());
    for (glyph, sight) in scene.glyphs.iter().zip(sights) {
        match sight {
            Sight::Seen => seen.push(glyph),
            Sight::Hidden(..) => hidden.push(glyph),
            Sight::Repeated => {}
        }
    }
    for (glyphs, scope) in [(&seen, Scope::Body), (&hidden, Scope::Hidden)] {
        let (text, boxes) = lines::assemble(scene, glyphs);
        if !text.is_empty() {
            extraction.spans.push(TextSpan { text, place: place.clone(), scope, boxes });
        }
    }
    for text in scene.replacements.iter().filter(|text| !text.trim().is_empty()) {
        extraction.spans.push(TextSpan::new(text.as_str(), place.clone(), Scope::AltText));
    }
    let unknown = scene.glyphs.iter().filter(|glyph| glyph.unknown).count();
    let known = scene.glyphs.len().saturating_sub(unknown);
    if known == 0 && unknown == 0 && scene.pictures().next().is_some() {
        extraction.unread.push(unread("the page is only a picture"));
    } else if unknown > known {
        extraction.unread.push(unread("text not readable: the fonts do not tell which characters they draw"));
    } else if unknown > 0 {
        let why = format!("{unknown} characters not readable: the fonts do not tell which they are");
        // A bullet or an ornament is no reason to look; a word is.
        extraction.unread.push(Unread { expected: unknown < 20, ..unread(&why) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_a_place_that_can_be_looked_up() {
        assert_eq!(place_of(None), Place::File);
        let place = place_of(Some(ObjectIdentifier::new(7, 1)));
        assert_eq!(place, Place::Part { part: "object 7 1".to_owned() });
    }
}
