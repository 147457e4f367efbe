//! Ink (InkML, W3C Recommendation of 20 September 2011): strokes and how they are drawn are all that a copy may have of it.

use super::package::Part;
use crate::limits::Limits;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element, Token};
use crate::refusal::Refusal;

/// The content type of its parts, which a relationship leads to that is otherwise one to data of programs.
pub(crate) const CONTENT_TYPE: &str = "application/inkml+xml";

/// What a copy may have, besides its root (sections 3 to 6 of the Recommendation).
const ELEMENTS: &[&str] = &[
    "ink",
    "definitions",
    "context",
    "inkSource",
    "traceFormat",
    "channel",
    "intermittentChannels",
    "channelProperties",
    "channelProperty",
    "sampleRate",
    "latency",
    "activeArea",
    "srcProperty",
    "canvas",
    "canvasTransform",
    "mapping",
    "bind",
    "table",
    "matrix",
    "affine",
    "brush",
    "brushProperty",
    "trace",
    "traceGroup",
    "traceView",
];

/// True for elements that show nothing: when something was drawn, and what a program read in it.
pub(crate) fn is_invisible(local: &str) -> bool {
    matches!(local, "timestamp" | "annotation" | "annotationXML")
}

/// True for attributes of the same kind, and those that tell the device.
pub(crate) fn is_invisible_attribute(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    match attribute.local {
        "timestampRef" | "timeOffset" | "duration" => true,
        "manufacturer" | "model" | "serialNo" | "specificationRef" | "description" => element.local == "inkSource",
        _ => false,
    }
}

/// Looks through a part of the copy.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the part, when it has anything but strokes.
pub(crate) fn check(part: &Part, limits: &Limits) -> Result<(), Refusal> {
    let remains = |what: &str| Err(Refusal::unprovable(format!("{what} remains in ink")).in_part(&part.name));
    let mut reader = part.named_xml(limits)?.reader();
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) if element.ns != Ns::Ink || !ELEMENTS.contains(&element.local) => {
                return remains(&format!("`{}`", element.local));
            }
            Token::Start(element) => {
                if let Some(told) = element.attributes.iter().find(|one| is_invisible_attribute(&element, one)) {
                    return remains(&format!("`{}` with `{}`", element.local, told.local));
                }
            }
            // Numbers, decimal and hexadecimal, with what tells differences and gaps apart (section 4.2.1).
            Token::Text(text) if !text.chars().all(|c| c.is_ascii_hexdigit() || " \t\r\n,.+-:'\"*!?#T".contains(c)) => {
                return remains("text");
            }
            Token::Text(_) | Token::End | Token::Aside(_) => {}
        }
    }
    Ok(())
}
