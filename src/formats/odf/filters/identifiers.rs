//! Ids of editing sessions, and the hashes of passwords that protect sheets and sections.

use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Takes the attributes out.
pub(in crate::formats::odf) struct Identifiers;

impl Filter for Identifiers {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        element.strip(|attribute| {
            let found = match (attribute.ns, attribute.local) {
                (Ns::Odf(Odf::OpenOffice), "rsid" | "paragraph-rsid") => (Class::MetadataIdentifiers, "officeooo:rsid"),
                (Ns::Odf(Odf::Text | Odf::Table | Odf::Further), local) if local.starts_with("protection-key") => {
                    (Class::ContentProtection, "protection key")
                }
                _ => return false,
            };
            notes.removed(found.0, found.1);
            true
        });
        Ok(Step::Keep)
    }
}
