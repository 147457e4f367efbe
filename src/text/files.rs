//! Files in a package: each is read by the extractor of its kind, or listed as unread.

use super::{Extraction, Place, TextSpan, Unread, extract, is_read};
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::refusal::{Reason, Refusal};

/// Reads a member that is a file of its own. `is_font` says that the package uses it as a font, whatever it looks like.
///
/// # Errors
/// [`Reason::OverLimit`] when a budget is exceeded.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    is_font: bool,
    context: &Context<'_>,
    out: &mut Extraction,
) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Ok(());
    }
    let kind = identify(bytes, name).kind;
    let place = Place::Part { part: name.to_owned() };
    let mut unread = |why: String, expected| out.unread.push(Unread { place: place.clone(), why, expected });
    match kind {
        Kind::Metafile | Kind::PostScript | Kind::Psd => {
            unread(format!("no text is read from {}", kind.described()), false);
        }
        _ if kind.family() == Family::Image && kind != Kind::Svg => unread("it is a picture".to_owned(), true),
        _ if kind == Kind::Font || is_font => unread("it is a font".to_owned(), true),
        _ if is_read(kind) => {
            match context.inside(Surroundings::Package).and_then(|inside| extract(kind, bytes, &inside)) {
                Ok(inner) => embed(name, inner, out),
                Err(refusal) if refusal.reason == Reason::OverLimit => return Err(refusal.in_part(name)),
                Err(refusal) => unread(format!("it cannot be read: {}", refusal.detail), false),
            }
        }
        _ => unread(format!("no text is read from {}", kind.described()), false),
    }
    Ok(())
}

/// Adds what was read from an embedded file.
pub(super) fn embed(part: &str, inner: Extraction, out: &mut Extraction) {
    let outer = |inner: Place| Place::Embedded { part: part.to_owned(), inner: Box::new(inner) };
    out.spans.extend(inner.spans.into_iter().map(|span| TextSpan { place: outer(span.place), ..span }));
    out.unread.extend(inner.unread.into_iter().map(|unread| Unread { place: outer(unread.place), ..unread }));
}
