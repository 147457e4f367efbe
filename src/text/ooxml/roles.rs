//! What a part is for, by its content type and name: the scope of its text.

use crate::prove::ooxml::package::Part;
use crate::text::Scope;

/// The scope of text in a part that says nothing else about itself.
pub(super) fn scope_of(part: &Part) -> Scope {
    let content_type = part.content_type.as_deref().unwrap_or_default();
    let name = part.name.to_ascii_lowercase();
    let is = |piece: &str| content_type.contains(piece);
    if is("comment") {
        Scope::Comment
    } else if is("glossary") || name.contains("/glossary/") {
        Scope::Hidden
    } else if is("header+xml") || is("footer+xml") {
        Scope::HeaderFooter
    } else if is("footnotes+xml") || is("endnotes+xml") {
        Scope::Footnote
    } else if is("notesslide") || is("notesmaster") || is("handoutmaster") {
        Scope::Note
    } else if is("ms-visio.recordset") || is("pivotcache") || is("externallink") || is("revision") {
        Scope::Hidden
    } else if is("main+xml")
        || is("slide+xml")
        || is("slidelayout")
        || is("slidemaster")
        || is("sheet+xml")
        || is("table+xml")
        || is("drawing")
        || is("chart")
        || is("diagram")
        || is("sharedstrings")
        || is("ms-visio.page")
        || is("ms-visio.master")
    {
        Scope::Body
    } else {
        Scope::Metadata
    }
}

/// The prefix of names of document properties, when the part holds such.
pub(super) fn properties_of(part: &Part) -> Option<&'static str> {
    let content_type = part.content_type.as_deref().unwrap_or_default();
    [("core-properties", "core"), ("extended-properties", "app"), ("custom-properties", "custom")]
        .iter()
        .find(|(piece, _)| content_type.contains(piece))
        .map(|(_, prefix)| *prefix)
}
