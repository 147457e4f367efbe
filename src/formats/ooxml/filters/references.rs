//! References to relationships: those that are gone leave, the others are noted.

use std::collections::BTreeSet;

use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::refusal::Refusal;

/// Elements that stay without the reference.
const STAY: &[(Ns, &str)] = &[
    (Ns::A, "blip"),
    (Ns::S, "pageSetup"),
    (Ns::V, "imagedata"),
    (Ns::V, "fill"),
    (Ns::V, "stroke"),
    (Ns::A, "videoFile"),
    (Ns::A, "audioFile"),
    (Ns::W, "object"),
    (Ns::W, "pict"),
    (Ns::W, "frame"),
];

/// Elements that go with the reference.
const GO: &[(Ns, &str)] = &[
    (Ns::A, "hlinkClick"),
    (Ns::A, "hlinkHover"),
    (Ns::A, "hlinkMouseOver"),
    (Ns::A, "snd"),
    (Ns::P, "snd"),
    (Ns::P, "tags"),
    (Ns::P, "custData"),
    (Ns::P, "notesMasterId"),
    (Ns::P, "handoutMasterId"),
    (Ns::P, "externalData"),
    (Ns::P, "sldId"),
    (Ns::P, "sld"),
    (Ns::S, "legacyDrawing"),
    (Ns::S, "legacyDrawingHF"),
    (Ns::S, "drawing"),
    (Ns::S, "drawingHF"),
    (Ns::S, "picture"),
    (Ns::S, "customPr"),
    (Ns::S, "tablePart"),
    (Ns::S, "externalReference"),
    (Ns::S, "pivotCache"),
    (Ns::C, "externalData"),
    (Ns::AExt, "externalData"),
    (Ns::C, "userShapes"),
    (Ns::C, "legacyDrawingHF"),
    (Ns::W, "subDoc"),
    (Ns::W, "altChunk"),
    (Ns::W, "control"),
    (Ns::W, "headerReference"),
    (Ns::W, "footerReference"),
    (Ns::W, "embedRegular"),
    (Ns::W, "embedBold"),
    (Ns::W, "embedItalic"),
    (Ns::W, "embedBoldItalic"),
    (Ns::W, "sourceFileName"),
    (Ns::W, "objectEmbed"),
    (Ns::W, "objectLink"),
    (Ns::W, "movie"),
    (Ns::O, "OLEObject"),
];

/// Follows the fate of relationships.
pub(in crate::formats::ooxml) struct References<'s> {
    removed: &'s BTreeSet<String>,
    /// Ids that what remains refers to.
    pub(in crate::formats::ooxml) used: BTreeSet<String>,
    /// True when an object or a diagram of Office 2003 names its picture by a shape of the VML drawing, which needs no id of a
    /// relationship for that (ECMA-376 part 4, 19.3.2.4, `spid`).
    pub(in crate::formats::ooxml) legacy_shapes: bool,
}

impl<'s> References<'s> {
    /// A filter that knows the ids of removed relationships.
    pub(in crate::formats::ooxml) fn new(removed: &'s BTreeSet<String>) -> Self {
        Self { removed, used: BTreeSet::new(), legacy_shapes: false }
    }
}

impl Filter for References<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, _notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        self.legacy_shapes |=
            matches!(element.local, "oleObj" | "control" | "legacyDrawing") && element.get(Ns::None, "spid").is_some();
        let removed = self.removed;
        let refers = |attribute: &crate::formats::xml::Attribute<'_>| {
            attribute.ns == Ns::R || attribute.ns == Ns::O && attribute.local == "relid"
        };
        let mut lost = false;
        for attribute in element.attributes().iter().filter(|attribute| refers(attribute)) {
            let id = attribute.value();
            if removed.contains(id.as_ref()) {
                lost = true;
            } else {
                self.used.insert(id.into_owned());
            }
        }
        if !lost {
            return Ok(Step::Keep);
        }
        let name = (element.ns, element.local);
        let within = match name {
            (Ns::W, "hyperlink") => element.own("anchor").is_some(),
            (Ns::S, "hyperlink") => element.own("location").is_some(),
            _ => STAY.contains(&name),
        };
        if within {
            element.strip(|attribute| refers(attribute) && removed.contains(attribute.value().as_ref()));
            return Ok(Step::Keep);
        }
        if name == (Ns::W, "hyperlink") {
            return Ok(Step::Unwrap);
        }
        let extension = path.has(Ns::A, "ext") || path.has(Ns::P, "ext") || path.has(Ns::S, "ext");
        if GO.contains(&name) || name == (Ns::S, "hyperlink") || extension {
            return Ok(Step::Drop);
        }
        Err(Refusal::unsupported(format!("the relationship of `{}` can neither stay nor go", element.name())))
    }
}
