//! WordprocessingML: comments, ids of editing sessions, settings that tell of people and machines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

const UNWANTED: &[Unwanted] = &[
    unwanted(Ns::W, "rsids", Class::MetadataIdentifiers),
    unwanted(Ns::W, "rsid", Class::MetadataIdentifiers),
    unwanted(Ns::WExt, "docId", Class::MetadataIdentifiers),
    unwanted(Ns::W, "attachedTemplate", Class::MetadataPaths),
    unwanted(Ns::W, "saveThroughXslt", Class::MetadataPaths),
    unwanted(Ns::W, "mailMerge", Class::MetadataPaths),
    unwanted(Ns::W, "docVars", Class::ContentCustomXml),
    unwanted(Ns::W, "attachedSchema", Class::ContentCustomXml),
    unwanted(Ns::W, "smartTagType", Class::ContentCustomXml),
    unwanted(Ns::W, "smartTagPr", Class::ContentCustomXml),
    unwanted(Ns::W, "customXmlPr", Class::ContentCustomXml),
    unwanted(Ns::W, "dataBinding", Class::ContentCustomXml),
    unwanted(Ns::WExt, "dataBinding", Class::ContentCustomXml),
    unwanted(Ns::W, "placeholder", Class::ContentCustomXml),
    unwanted(Ns::W, "documentProtection", Class::ContentProtection),
    unwanted(Ns::W, "writeProtection", Class::ContentProtection),
    Unwanted { ns: Ns::W, local: "permStart", class: Class::ContentProtection, value: Some("ed") },
    unwanted(Ns::W, "permEnd", Class::ContentProtection),
    unwanted(Ns::W, "commentRangeStart", Class::ContentComments),
    unwanted(Ns::W, "commentRangeEnd", Class::ContentComments),
    unwanted(Ns::W, "commentReference", Class::ContentComments),
    unwanted(Ns::W, "annotationRef", Class::ContentComments),
];

/// Cleans WordprocessingML.
#[derive(Default)]
pub(in crate::formats::ooxml) struct Documents {
    /// Footnotes and endnotes that the text refers to.
    pub(in crate::formats::ooxml) footnotes: BTreeSet<String>,
    /// See `footnotes`.
    pub(in crate::formats::ooxml) endnotes: BTreeSet<String>,
    dropped_bookmarks: BTreeSet<String>,
}

impl Filter for Documents {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        let numbered = |attribute: &crate::formats::xml::Attribute<'_>| {
            attribute.ns == Ns::W && attribute.local.starts_with("rsid")
                || attribute.ns == Ns::WExt && matches!(attribute.local, "paraId" | "textId")
        };
        if element.attributes().iter().any(numbered) {
            element.strip(|attribute| {
                let gone = numbered(attribute);
                if gone {
                    notes.removed(
                        Class::MetadataIdentifiers,
                        if attribute.ns == Ns::W { "w:rsid" } else { "w14:paraId" },
                    );
                }
                gone
            });
        }
        if !matches!(element.ns, Ns::W | Ns::WExt) {
            return Ok(Step::Keep);
        }
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        if element.ns != Ns::W {
            return Ok(Step::Keep);
        }
        match element.local {
            "smartTag" | "customXml" => {
                notes.removed(Class::ContentCustomXml, element.name());
                return Ok(Step::Unwrap);
            }
            "bookmarkStart" if element.own("name").as_deref() == Some("_GoBack") => {
                notes.removed(Class::MetadataOther, "_GoBack bookmark");
                self.dropped_bookmarks.extend(element.own("id").map(Cow::into_owned));
                return Ok(Step::Drop);
            }
            "bookmarkEnd" if element.own("id").is_some_and(|id| self.dropped_bookmarks.contains(id.as_ref())) => {
                return Ok(Step::Drop);
            }
            "footnoteReference" => self.footnotes.extend(element.own("id").map(Cow::into_owned)),
            "endnoteReference" => self.endnotes.extend(element.own("id").map(Cow::into_owned)),
            _ => {}
        }
        Ok(Step::Keep)
    }
}

/// Drops footnotes and endnotes that no text refers to: they belonged to deleted text.
pub(in crate::formats::ooxml) struct OrphanNotes<'s> {
    /// The ids that are referred to.
    pub(in crate::formats::ooxml) footnotes: &'s BTreeSet<String>,
    /// See `footnotes`.
    pub(in crate::formats::ooxml) endnotes: &'s BTreeSet<String>,
}

impl Filter for OrphanNotes<'_> {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        let used = match (element.ns, element.local) {
            (Ns::W, "footnote") => self.footnotes,
            (Ns::W, "endnote") => self.endnotes,
            _ => return Ok(Step::Keep),
        };
        // Separators have a type and are referred to by the settings.
        let ordinary = element.own("type").is_none_or(|kind| kind == "normal");
        // In the settings the same name is a reference to a separator.
        let Some(id) = element.own("id") else { return Ok(Step::Keep) };
        if !ordinary || element.empty || used.contains(id.as_ref()) {
            return Ok(Step::Keep);
        }
        notes.removed(Class::ContentUnreferenced, element.name());
        Ok(Step::Drop)
    }
}
