//! Places in documents as SARIF locations.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::text::Place;

/// What need not be escaped in a relative URI reference (RFC 3986): unreserved characters, and the slashes between folders.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Where a document lies, relative to the viewer's root (3.4).
pub(super) fn artifact_location(base: &str, path: &str) -> Value {
    let path = format!("{base}{path}");
    json!({ "uri": utf8_percent_encode(&path, ESCAPED).to_string(), "uriBaseId": "%SRCROOT%" })
}

/// A place of a finding: a line as a region, everything else as a logical location.
pub(super) fn location(artifact: &Value, place: &Place) -> Value {
    let mut physical = json!({ "artifactLocation": artifact });
    if let (Place::Line { line }, Some(members)) = (place, physical.as_object_mut()) {
        members.insert("region".to_owned(), json!({ "startLine": (*line).max(1) }));
    }
    let mut location = json!({ "physicalLocation": physical });
    if let (Some(kind), Some(members)) = (kind(place), location.as_object_mut()) {
        let logical =
            json!({ "name": innermost(place).to_string(), "fullyQualifiedName": place.to_string(), "kind": kind });
        members.insert("logicalLocations".to_owned(), json!([logical]));
        if let Place::Page { page, area: Some(area) } = innermost(place) {
            members.insert("properties".to_owned(), json!({ "page": page, "area": area }));
        }
    }
    location
}

/// A place inside of a document that is known by name only.
pub(super) fn of_part(artifact: &Value, part: &str, item: &str) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact } });
    let named = [part, item].iter().filter(|name| !name.is_empty()).copied().collect::<Vec<_>>().join(" › ");
    if let (false, Some(members)) = (named.is_empty(), location.as_object_mut()) {
        let name = if item.is_empty() { part } else { item };
        members.insert(
            "logicalLocations".to_owned(),
            json!([{ "name": name, "fullyQualifiedName": named, "kind": "part" }]),
        );
    }
    location
}

fn innermost(place: &Place) -> &Place {
    let mut place = place;
    while let Place::Embedded { inner, .. } = place {
        place = inner;
    }
    place
}

/// What kind of thing a place is; `None` for the file itself and for lines of it, which regions name.
fn kind(place: &Place) -> Option<&'static str> {
    Some(match place {
        Place::File | Place::FileName | Place::Line { .. } => return None,
        Place::Page { .. } => "page",
        Place::Paragraph { .. } => "paragraph",
        Place::Cell { .. } => "cell",
        Place::Slide { .. } => "slide",
        Place::Part { .. } => "part",
        Place::Metadata { .. } => "metadata",
        Place::Embedded { .. } => kind(innermost(place)).unwrap_or("part"),
    })
}
