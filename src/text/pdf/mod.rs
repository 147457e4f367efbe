//! The text of a PDF: what stands on the pages, with the place of every character, and what stands beside them.
//!
//! Pages are interpreted by [`crate::pdf_reading`]; [`lines`] puts their glyphs together into words, lines and reading
//! order. [`beside`] reads what is not on a page: metadata, bookmarks, link targets, form values, comments, scripts.
//!
//! Text that no reader sees is a span of its own ([`Scope::Hidden`]), unless a picture lies at the same place: then it is the
//! text layer of a scanned page and as good as the picture.

mod beside;
mod lines;
mod xmp;

use crate::formats::Context;
use crate::kind::Kind;
use crate::pdf_reading::{self, Glyph, Page, Reading, Want};
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
            let mut size = 0_u64;
            for (index, page) in reading.pages().enumerate() {
                let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                let drawn = reading.interpret(page, Want::Glyphs, &|annotation| !annotation.is_hidden())?;
                page_spans(&drawn, number, &mut extraction);
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
            beside::document(reading, &mut extraction.spans)?;
            Ok(extraction)
        })
    }
}

fn is_on_page(span: &TextSpan, number: u32) -> bool {
    matches!(span.place, Place::Page { page, .. } if page == number)
}

/// The spans of one page, and what is missing from it.
fn page_spans(drawn: &Page, number: u32, extraction: &mut Extraction) {
    let place = Place::Page { page: number, area: None };
    let unread = |why: &str| Unread { place: place.clone(), why: why.to_owned(), expected: false };
    let (mut seen, mut hidden): (Vec<&Glyph>, Vec<&Glyph>) = (Vec::new(), Vec::new());
    for glyph in &drawn.glyphs {
        if is_hidden(glyph, drawn) { hidden.push(glyph) } else { seen.push(glyph) }
    }
    for (glyphs, scope) in [(&seen, Scope::Body), (&hidden, Scope::Hidden)] {
        let (text, boxes) = lines::assemble(drawn, glyphs);
        if !text.is_empty() {
            extraction.spans.push(TextSpan { text, place: place.clone(), scope, boxes });
        }
    }
    for text in drawn.replacements.iter().filter(|text| !text.trim().is_empty()) {
        extraction.spans.push(TextSpan::new(text.as_str(), place.clone(), Scope::AltText));
    }
    let unknown = drawn.glyphs.iter().filter(|glyph| glyph.unknown).count();
    let known = drawn.glyphs.len().saturating_sub(unknown);
    if known == 0 && unknown == 0 && !drawn.pictures.is_empty() {
        extraction.unread.push(unread("the page is only a picture"));
    } else if unknown > known {
        extraction.unread.push(unread("text not readable: the fonts do not tell which characters they draw"));
    } else if unknown > 0 {
        let why = format!("{unknown} characters not readable: the fonts do not tell which they are");
        // A bullet or an ornament is no reason to look; a word is.
        extraction.unread.push(Unread { expected: unknown < 20, ..unread(&why) });
    }
}

/// True for glyphs that no reader sees: painted nowhere, or invisible without being the text of a picture.
fn is_hidden(glyph: &Glyph, drawn: &Page) -> bool {
    let middle = glyph.middle();
    glyph.outside || (glyph.invisible && !drawn.pictures.iter().any(|picture| picture.contains(middle)))
}

/// The text of all pages, for the proof: glyphs in paint order without any assembly.
pub(crate) fn plain(reading: &Reading<'_>, visit: &mut dyn FnMut(u32, &str)) -> Result<(), Refusal> {
    for (index, page) in reading.pages().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let drawn = reading.interpret(page, Want::Glyphs, &|_| true)?;
        let glyphs: Vec<&Glyph> = drawn.glyphs.iter().collect();
        visit(number, &lines::assemble(&drawn, &glyphs).0);
    }
    Ok(())
}
