//! Tracked changes, comments and speaker notes.
//!
//! The body of a document is its state with all changes accepted: deleted text stands in `text:tracked-changes`, and the body
//! only marks where it was (ODF 1.3 part 3, 5.5 and 9.9). Without list and marks the changes are accepted.

use crate::formats::odf::survey::Survey;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Drops what people said about the document.
pub(in crate::formats::odf) struct Changes<'s> {
    survey: &'s Survey,
    notes_go: bool,
}

impl<'s> Changes<'s> {
    /// A filter for the part that was surveyed.
    pub(in crate::formats::odf) fn new(survey: &'s Survey, policy: &Policy) -> Self {
        Self { survey, notes_go: policy.action(Class::ContentSpeakerNotes) == Action::Remove }
    }

    /// Reports who commented and changed.
    pub(in crate::formats::odf) fn report(&self, notes: &mut Notes<'_>) {
        for person in &self.survey.people {
            notes.value(Class::MetadataAuthor, "dc:creator", person);
        }
    }
}

impl Filter for Changes<'_> {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        let Ns::Odf(ns) = element.ns else { return Ok(Step::Keep) };
        Ok(match (ns, element.local) {
            (Odf::Text | Odf::Table, "tracked-changes") | (Odf::Text, "change" | "change-start" | "change-end") => {
                notes.found(Class::ContentTrackedChanges, element.name());
                Step::Drop
            }
            // Impress writes comments on slides in a namespace of its own.
            (Odf::Office | Odf::OpenOffice, "annotation") => {
                notes.value(Class::ContentComments, "office:annotation", self.survey.text(element.offset));
                Step::Drop
            }
            (Odf::Office, "annotation-end") => {
                notes.removed(Class::ContentComments, "office:annotation-end");
                Step::Drop
            }
            (Odf::Presentation, "notes") if self.notes_go => {
                notes.removed(Class::ContentSpeakerNotes, "presentation:notes");
                Step::Drop
            }
            (Odf::Presentation, "notes") => {
                if !self.survey.text(element.offset).trim().is_empty() {
                    notes.found(Class::ContentSpeakerNotes, "presentation:notes");
                }
                Step::Keep
            }
            _ => Step::Keep,
        })
    }
}
