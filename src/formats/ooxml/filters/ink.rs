//! Ink (InkML, W3C Recommendation of 20 September 2011): what was drawn with a pen. The strokes stay; when they were drawn,
//! with which device, and what a program read in them goes.

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

const UNWANTED: &[Unwanted] = &[
    unwanted(Ns::Ink, "timestamp", Class::MetadataDates),
    unwanted(Ns::Ink, "annotation", Class::MetadataDescription),
    unwanted(Ns::Ink, "annotationXML", Class::MetadataDescription),
];

/// Cleans ink.
#[derive(Default)]
pub(in crate::formats::ooxml) struct Inks;

impl Filter for Inks {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::Ink {
            return Ok(Step::Keep);
        }
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        let (name, is_source) = (element.name(), element.local == "inkSource");
        element.strip(|attribute| {
            let class = match attribute.local {
                "timestampRef" | "timeOffset" | "duration" => Class::MetadataDates,
                "manufacturer" | "model" | "serialNo" | "specificationRef" | "description" if is_source => {
                    Class::MetadataDevice
                }
                _ => return false,
            };
            notes.value(class, &format!("{name}/@{}", attribute.local), &attribute.value());
            true
        });
        Ok(Step::Keep)
    }
}
