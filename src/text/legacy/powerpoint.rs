//! The text of PowerPoint presentations: slides, notes, comments, headers and footers, links. Earlier states of slides that are
//! still in the file are read with the rest.

use super::super::{Extraction, Place, Scope};
use crate::legacy_reading::Compound;
use crate::legacy_reading::powerpoint::{current_user, record, walk};
use crate::refusal::Refusal;

const DOCUMENT: &str = "PowerPoint Document";

pub(super) fn extract(compound: &mut Compound<'_, '_>, out: &mut Extraction) -> Result<(), Refusal> {
    if compound.has("Current User") {
        let stream = compound.read("Current User")?;
        if let Some(user) = current_user(&stream) {
            if user.is_encrypted {
                out.unread(Place::File, "it is locked with a password", false);
                return Ok(());
            }
            out.span(&user.name, Place::Metadata { item: "Current User".to_owned() }, Scope::Metadata);
        }
    }
    let stream = compound.read(DOCUMENT)?;
    let (mut listed, mut drawn) = (0_u32, 0_u32);
    let is_whole = walk(&stream, &mut |found| {
        // The titles of slides stand in a list in the document, other text in the slides themselves.
        match found.kind {
            record::SLIDE_ATOM => listed = listed.saturating_add(1),
            record::SLIDE_LIST => listed = 0,
            record::SLIDE => drawn = drawn.saturating_add(1),
            _ => {}
        }
        let Some(text) = found.text() else { return };
        let slide = if found.lies_in(record::SLIDE) {
            drawn
        } else if found.inside.contains(&(record::SLIDE_LIST, 0)) {
            listed
        } else {
            0
        };
        let place = match slide {
            0 => Place::Part { part: DOCUMENT.to_owned() },
            slide => Place::Slide { slide, shape: String::new() },
        };
        let scope = if found.lies_in(record::COMMENT) {
            Scope::Comment
        } else if found.lies_in(record::NOTES) || found.inside.contains(&(record::SLIDE_LIST, 2)) {
            Scope::Note
        } else if found.lies_in(record::HEADERS_FOOTERS) {
            Scope::HeaderFooter
        } else if found.lies_in(record::HYPERLINK) {
            Scope::LinkTarget
        } else {
            Scope::Body
        };
        out.span(&text.replace(['\r', '\u{b}'], "\n"), place, scope);
    });
    if !is_whole {
        out.unread(Place::Part { part: DOCUMENT.to_owned() }, "records are cut off or nested too deep", false);
    }
    Ok(())
}
