//! PresentationML: hidden slides, protection, tags and the paths of published copies.

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
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
#[derive(Default)]
pub(in crate::formats::ooxml) struct Presentations;

impl Filter for Presentations {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        if element.is(Ns::P, "sld") && element.flag("show") == Some(false) {
            notes.found(Class::ContentHiddenSlides, "hidden slide");
        }
        Ok(Step::Keep)
    }
}
