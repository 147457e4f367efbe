//! PresentationML: hidden slides, protection, tags and the paths of published copies.

use std::collections::BTreeSet;

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

const UNWANTED: &[Unwanted] = &[
    unwanted(Ns::P, "modifyVerifier", Class::ContentProtection),
    unwanted(Ns::P, "htmlPubPr", Class::MetadataPaths),
    unwanted(Ns::P, "smartTags", Class::ContentCustomXml),
    unwanted(Ns::P, "custDataLst", Class::ContentCustomXml),
    unwanted(Ns::PExt, "creationId", Class::MetadataIdentifiers),
    unwanted(Ns::PExt, "commentRel", Class::ContentComments),
];

/// Cleans PresentationML.
pub(in crate::formats::ooxml) struct Presentations<'s> {
    /// The numbers of slides that are removed.
    removed_slides: &'s BTreeSet<String>,
    unhide: bool,
}

impl<'s> Presentations<'s> {
    /// A filter that knows the numbers of the slides that are removed.
    pub(in crate::formats::ooxml) fn new(removed_slides: &'s BTreeSet<String>, policy: &Policy) -> Self {
        Self { removed_slides, unhide: policy.action(Class::ContentHiddenSlides) == Action::Unhide }
    }

    /// True for an element that names a removed slide in this attribute.
    fn names_removed(&self, element: &Element<'_>, attribute: &str) -> bool {
        element.get(Ns::None, attribute).is_some_and(|number| self.removed_slides.contains(number.as_ref()))
    }
}

impl Filter for Presentations<'_> {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        match (element.ns, element.local) {
            (Ns::P, "sld") if element.flag("show") == Some(false) && self.unhide => {
                element.take(Ns::None, "show");
                notes.changed(Class::ContentHiddenSlides, Action::Unhide, "hidden slide");
            }
            (Ns::P, "sld") if element.flag("show") == Some(false) => {
                notes.found(Class::ContentHiddenSlides, "hidden slide");
            }
            // Sections list slides by their numbers.
            (Ns::PExt, "sldId") if self.names_removed(element, "id") => return Ok(Step::Drop),
            // The picture of a zoom shows the slide.
            (Ns::PExt, "sldZmObj") if self.names_removed(element, "sldId") => {
                notes.found(Class::ContentHiddenSlides, "zoom to a hidden slide");
            }
            // The range to be shown counts the slides that are gone.
            (Ns::P, "sldRg") if !self.removed_slides.is_empty() => return Ok(Step::Drop),
            _ => {}
        }
        Ok(Step::Keep)
    }
}
