//! Drawings in all three programs: alternative text that is a path, ids of objects, hidden layers of pictures.

use crate::formats::links;
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Attributes that programs fill with the path or name of a picture's file, and whether they must exist.
const DESCRIBING: &[(&str, bool)] = &[("descr", false), ("title", false), ("name", true)];

/// Cleans DrawingML and VML.
#[derive(Default)]
pub(in crate::formats::ooxml) struct Drawings;

impl Filter for Drawings {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        match (element.ns, element.local) {
            // Empty extensions would be left behind when all that they held is gone.
            (_, "extLst") => return Ok(Step::KeepUnlessEmpty),
            (_, "ext") if element.own("uri").is_some() => return Ok(Step::KeepUnlessEmpty),
            (Ns::AExt, "creationId") => {
                notes.removed(Class::MetadataIdentifiers, "a16:creationId");
                return Ok(Step::Drop);
            }
            (Ns::AExt, "imgProps") => {
                notes.removed(Class::ContentSecondaryImages, "a14:imgProps");
                return Ok(Step::Drop);
            }
            (_, "cNvPr" | "docPr") => describe(element, notes),
            (Ns::V | Ns::O, _) => clean_vml(element, notes),
            _ => {}
        }
        Ok(Step::Keep)
    }
}

/// Takes paths and file names out of the texts that describe an object. Real descriptions stay: people rely on them.
fn describe(element: &mut Element<'_>, notes: &mut Notes<'_>) {
    for (local, required) in DESCRIBING {
        let Some(value) = element.get(Ns::None, local).filter(|value| links::is_path_or_file_name(value)) else {
            continue;
        };
        notes.value(Class::MetadataPaths, &format!("{}/@{local}", element.name()), &value);
        if *required {
            element.set(Ns::None, local, "");
        } else {
            element.take(Ns::None, local);
        }
    }
}

/// Takes paths, file names and local links out of VML, whose links are attributes.
fn clean_vml(element: &mut Element<'_>, notes: &mut Notes<'_>) {
    let name = element.name();
    element.strip(|attribute| {
        let gone = match (attribute.ns, attribute.local) {
            (Ns::None | Ns::O, "title" | "alt") => links::is_path_or_file_name(&attribute.value()),
            (Ns::None, "src") | (Ns::None | Ns::O, "href" | "althref") => {
                let value = attribute.value();
                links::is_local(&value) || links::is_script(&value) || value.starts_with("cid:") || !value.contains(':')
            }
            (Ns::O, "spid") => false,
            _ => false,
        };
        if gone {
            notes.value(Class::MetadataPaths, &format!("{name}/@{}", attribute.local), &attribute.value());
        }
        gone
    });
}
