//! Names that do not belong to the format: what programs add in namespaces of their own (ODF 1.3 part 3, 2.2.1).

use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Keeps only what is in a namespace of OpenDocument.
pub(in crate::formats::odf) struct Vocabulary;

impl Filter for Vocabulary {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        // Databases are documents of their own; in any other their vocabulary is as strange as an unknown one.
        let Some(ns) = known(element.ns) else {
            notes.removed(Class::ContentUnknown, "element of an unknown namespace");
            // In a paragraph the text of an unknown element is text of the paragraph.
            let in_paragraph = path.has(Ns::Odf(Odf::Text), "p") || path.has(Ns::Odf(Odf::Text), "h");
            return Ok(if in_paragraph { Step::Unwrap } else { Step::Drop });
        };
        let plain = matches!(ns, Odf::MathMl | Odf::XForms);
        element.strip(|attribute| {
            let known = match attribute.ns {
                Ns::Odf(Odf::Xhtml) => {
                    notes.value(Class::ContentCustomXml, "RDF attribute", &attribute.value());
                    return true;
                }
                Ns::Odf(_) => true,
                Ns::None => plain,
                _ => false,
            };
            if !known {
                notes.removed(Class::ContentUnknown, "attribute of an unknown namespace");
            }
            !known
        });
        Ok(Step::Keep)
    }
}

fn known(ns: Ns) -> Option<Odf> {
    match ns {
        Ns::Odf(ns) if ns != Odf::Database => Some(ns),
        _ => None,
    }
}
