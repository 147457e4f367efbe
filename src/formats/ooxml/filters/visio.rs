//! Visio drawings (\[MS-VSDX\]): marks of reviewers, actions at opening, local links, previews, and what no reader sees.
//!
//! Nearly everything is a `Cell` with a name `N`, a value `V` and perhaps a formula `F`, by itself or in the `Row` of a
//! `Section`.

use std::borrow::Cow;

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::links;
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

const UNWANTED: &[Unwanted] = &[
    unwanted(Ns::Visio, "DocumentProperties", Class::MetadataOther),
    unwanted(Ns::Visio, "PreviewPicture", Class::ContentThumbnails),
    unwanted(Ns::Visio, "Icon", Class::ContentThumbnails),
    unwanted(Ns::Visio, "EventList", Class::ActiveActions),
    unwanted(Ns::Visio, "AttachedToolbars", Class::MetadataPaths),
    unwanted(Ns::Visio, "CustomMenusFile", Class::MetadataPaths),
    unwanted(Ns::Visio, "CustomToolbarsFile", Class::MetadataPaths),
    unwanted(Ns::Visio, "EmailRoutingData", Class::MetadataPeople),
    unwanted(Ns::Visio, "SolutionXML", Class::ContentCustomXml),
    unwanted(Ns::Visio, "Data1", Class::ContentCustomXml),
    unwanted(Ns::Visio, "Data2", Class::ContentCustomXml),
    unwanted(Ns::Visio, "Data3", Class::ContentCustomXml),
];

/// Cleans Visio drawings.
#[derive(Default)]
pub(in crate::formats::ooxml) struct Diagrams {
    /// The section that the rows belong to.
    section: String,
    /// The row is a link whose target went.
    lost_target: bool,
    /// The shape does not show its text.
    hides_text: bool,
}

impl Filter for Diagrams {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::Visio {
            return Ok(Step::Keep);
        }
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        match element.local {
            "Section" => {
                self.section = element.own("N").map(Cow::into_owned).unwrap_or_default();
                if matches!(self.section.as_str(), "Reviewer" | "Annotation") {
                    notes.removed(Class::ContentComments, &format!("{} section", self.section));
                    return Ok(Step::Drop);
                }
            }
            "Row" => self.lost_target = false,
            "Shape" => {
                self.hides_text = false;
                identify(element, "UniqueID", Class::MetadataIdentifiers, notes);
            }
            "Page" => {
                if identify(element, "ReviewerID", Class::ContentComments, notes) {
                    notes.found(Class::ContentHiddenSlides, "page of a reviewer");
                }
                identify(element, "AssociatedPage", Class::ContentComments, notes);
            }
            "Cell" if path.parent_is(Ns::Visio, "Row") => self.cell_of_row(element, notes),
            "Cell" => self.cell(element, notes),
            _ => {}
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, notes: &mut Notes<'_>) {
        if self.hides_text && path.has(Ns::Visio, "Text") && !text.trim().is_empty() {
            notes.found(Class::ContentHiddenText, "HideText");
            self.hides_text = false;
        }
    }
}

impl Diagrams {
    /// A cell of a page or shape itself.
    fn cell(&mut self, element: &Element<'_>, notes: &mut Notes<'_>) {
        match element.own("N").as_deref() {
            Some("UIVisibility") if element.own("V").is_some_and(|value| is_set(&value)) => {
                notes.found(Class::ContentHiddenSlides, "hidden page");
            }
            Some("HideText") => self.hides_text = element.own("V").is_some_and(|value| is_set(&value)),
            _ => {}
        }
    }

    /// A cell of a section.
    fn cell_of_row(&mut self, element: &mut Element<'_>, notes: &mut Notes<'_>) {
        let name = element.own("N").map(Cow::into_owned).unwrap_or_default();
        let value = element.own("V").map(Cow::into_owned).unwrap_or_default();
        match (self.section.as_str(), name.as_str()) {
            ("Layer", "Visible") if !is_set(&value) => notes.found(Class::ContentHiddenElements, "hidden layer"),
            ("Hyperlink", "Address") => {
                let class = if links::is_script(&value) {
                    Class::ActiveJavascript
                } else if links::is_local(&value) {
                    Class::LinksLocal
                } else {
                    return;
                };
                self.lost_target = true;
                empty(element, class, &name, &value, notes);
            }
            // A place in a file that is not linked any more.
            ("Hyperlink", "SubAddress" | "ExtraInfo") if self.lost_target && !value.is_empty() => {
                empty(element, Class::LinksLocal, &name, &value, notes);
            }
            ("Hyperlink", "Description") if links::is_path_or_file_name(&value) => {
                empty(element, Class::MetadataPaths, &name, &value, notes);
            }
            _ => {}
        }
    }
}

/// Takes the value of a cell and the formula that would make it anew.
fn empty(cell: &mut Element<'_>, class: Class, name: &str, value: &str, notes: &mut Notes<'_>) {
    notes.value(class, &format!("Hyperlink {name}"), value);
    cell.set(Ns::None, "V", "");
    cell.strip(|attribute| matches!(attribute.local, "F" | "E"));
}

/// Takes an attribute that identifies; true when there was one.
fn identify(element: &mut Element<'_>, local: &str, class: Class, notes: &mut Notes<'_>) -> bool {
    let taken = element.take(Ns::None, local);
    if let Some(value) = &taken {
        notes.value(class, &format!("{}/@{local}", element.name()), value);
    }
    taken.is_some()
}

/// True for a value that means yes.
fn is_set(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.parse::<f64>().is_ok_and(|number| number != 0.0)
}
