//! The text of Outlook messages: every property that is text. The body is one of them, in up to three forms.

use super::super::{Extraction, Place, Scope};
use crate::legacy_reading::message::{Property, property};
use crate::legacy_reading::{Compound, ansi, title};
use crate::refusal::Refusal;

pub(super) fn extract(compound: &mut Compound<'_, '_>, out: &mut Extraction) -> Result<(), Refusal> {
    let mut has_text = false;
    let mut has_rich_text = None;
    for item in compound.items().to_vec() {
        let Some(property) = Property::of(&item).filter(|_| item.is_stream) else { continue };
        let bytes = compound.read(&item.path)?;
        let place = Place::Part { part: title(&item.path) };
        let is_body = matches!(property.id, property::BODY | property::HTML_BODY);
        if property.id == property::RTF_BODY && !bytes.is_empty() {
            has_rich_text = Some(place);
            continue;
        }
        let text = match property.text(&bytes) {
            None if property.id == property::HTML_BODY => Some(ansi(&bytes, 65_001)),
            text => text,
        };
        has_text |= is_body && text.is_some();
        let scope = if is_body { Scope::Body } else { Scope::Metadata };
        out.span(&text.unwrap_or_default(), place, scope);
    }
    if let Some(place) = has_rich_text.filter(|_| !has_text) {
        out.unread(place, "the body is only there as compressed Rich Text", false);
    }
    if compound.items().iter().any(|item| item.name().starts_with("__attach")) {
        out.unread(Place::File, "attachments are listed on their own", true);
    }
    Ok(())
}
