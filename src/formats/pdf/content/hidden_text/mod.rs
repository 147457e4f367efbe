//! Takes the text that nobody sees out of a cleaned document, for policies with `content.hidden-text = "remove"`.
//!
//! What is hidden is for the second reader to say ([`seen`]); it knows what is painted over what, but not by which operator.
//! So the content is walked in the same order ([`walk`]), and operations and characters are paired off, exactly or not at all.
//! [`excision`] takes the characters out of their operations; [`replaced`] and [`structure`] take away the texts that stood
//! for them; [`redraw`] puts the changed content back, each use of a form by itself.
//!
//! The proof finds out by itself what was hidden, and shows that just this is gone.

mod excision;
mod matrix;
mod redraw;
mod replaced;
mod seen;
mod structure;
mod walk;

use std::collections::BTreeSet;

use self::excision::Line;
use self::redraw::Redraw;
use self::replaced::Numbered;
use self::seen::Seen;
use self::walk::{Found, Walker};
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::Source;
use crate::formats::{Context, RemovedValue, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Takes the hidden text out of `source` and `pages`, which are what `document` consists of. False when there is none.
///
/// # Errors
/// [`crate::Reason::Unsupported`] naming the page where it cannot be done, and what comes from reading and unpacking.
pub(in crate::formats::pdf) fn take_out(
    source: &mut Source,
    pages: &mut [Page],
    document: &[u8],
    context: &Context<'_>,
    report: &mut Report,
) -> Result<bool, Refusal> {
    let seen = seen::look(document, context)?;
    if seen.iter().all(Option::is_none) {
        return Ok(false);
    }
    if seen.len() != pages.len() {
        return Err(Refusal::unsupported("hidden text cannot be taken out: two readers find different pages"));
    }
    let mut walker = Walker::new(source, context);
    let (mut redraw, mut numbered) = (Redraw::default(), Numbered::new());
    for (index, (page, seen)) in pages.iter().zip(seen).enumerate() {
        let place = format!("page {}", index.saturating_add(1));
        let mut found = walker.page(page).map_err(|refusal| refusal.in_part(&place))?;
        if let Some(seen) = seen {
            let marks = cut(&mut found, &seen).map_err(|refusal| refusal.in_part(&place))?;
            numbered.extend(replaced::drop_in_content(source, &mut found, &marks, page.id, &place, report)?);
            note(seen, &place, report);
        }
        redraw.page(index, found);
    }
    redraw.apply(source, pages)?;
    structure::drop_texts(source, &numbered, report)?;
    Ok(true)
}

/// Takes the hidden characters out of the content of a page; the marked content that they stood in.
fn cut(found: &mut Found<'_>, seen: &Seen) -> Result<BTreeSet<usize>, Refusal> {
    let placed = seen.find_in(&found.shown)?;
    let mut marks = BTreeSet::new();
    let (mut line, mut number) = (Line::default(), 0);
    for (shown, characters) in found.shown.iter().zip(&placed) {
        if shown.line != number {
            (line, number) = (Line::default(), shown.line);
        }
        let Some(drawing) = found.drawings.get_mut(shown.drawing) else { continue };
        if let Some(showing) = line.operation(&drawing.bytes, shown, characters)? {
            let space: &[u8] = if shown.before.is_empty() || showing.is_empty() { b"" } else { b" " };
            drawing.edits.replace(shown.range.clone(), [shown.before.as_slice(), space, &showing].concat());
        }
        if characters.iter().any(|one| one.character.goes) {
            marks.extend(shown.mark);
        }
    }
    Ok(marks)
}

/// Reports what went from a page.
fn note(seen: Seen, place: &str, report: &mut Report) {
    let (class, item) = (Class::ContentHiddenText, "hidden text");
    let bytes = seen.texts.iter().map(|text| text.len() as u64).fold(0, u64::saturating_add);
    report.hit(class, Action::Remove, item, place, seen.count, bytes);
    report.values.extend(seen.texts.into_iter().map(|value| RemovedValue { class, item: item.to_owned(), value }));
}
