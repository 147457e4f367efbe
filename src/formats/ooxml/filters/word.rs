//! WordprocessingML: comments, ids of editing sessions, settings that tell of people and machines, hidden text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step, Token, Tokens};
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
pub(in crate::formats::ooxml) struct Documents<'s> {
    hidden_styles: &'s BTreeSet<String>,
    /// Footnotes and endnotes that the text refers to.
    pub(in crate::formats::ooxml) footnotes: BTreeSet<String>,
    /// See `footnotes`.
    pub(in crate::formats::ooxml) endnotes: BTreeSet<String>,
    dropped_bookmarks: BTreeSet<String>,
    hidden_paragraph: bool,
    hidden_run: bool,
    reported: bool,
}

impl<'s> Documents<'s> {
    /// A filter for one part; `hidden_styles` are the ids of styles whose text is hidden.
    pub(in crate::formats::ooxml) fn new(hidden_styles: &'s BTreeSet<String>) -> Self {
        Self {
            hidden_styles,
            footnotes: BTreeSet::new(),
            endnotes: BTreeSet::new(),
            dropped_bookmarks: BTreeSet::new(),
            hidden_paragraph: false,
            hidden_run: false,
            reported: false,
        }
    }

    fn is_hidden_style(&self, element: &Element<'_>) -> bool {
        element.own("val").is_some_and(|style| self.hidden_styles.contains(style.as_ref()))
    }
}

impl Filter for Documents<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
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
            "p" => self.hidden_paragraph = false,
            "r" => (self.hidden_run, self.reported) = (false, false),
            "pStyle" => self.hidden_paragraph |= self.is_hidden_style(element),
            "rStyle" if path.up(1, Ns::W, "r") => self.hidden_run |= self.is_hidden_style(element),
            "vanish" if path.parent_is(Ns::W, "rPr") && path.up(1, Ns::W, "r") => {
                // An explicit "no" overrules the styles.
                self.hidden_run = element.flag("val").unwrap_or(true);
                if !self.hidden_run {
                    self.hidden_paragraph = false;
                }
            }
            _ => {}
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, notes: &mut Notes<'_>) {
        let hidden = self.hidden_run || self.hidden_paragraph;
        if hidden && !self.reported && path.parent_is(Ns::W, "t") && !text.trim().is_empty() {
            self.reported = true;
            notes.found(Class::ContentHiddenText, "w:vanish");
        }
    }
}

/// The ids of styles whose text is hidden, those based on them included.
pub(in crate::formats::ooxml) fn hidden_styles(text: &str, deepest: u32) -> Result<BTreeSet<String>, Refusal> {
    let mut tokens = Tokens::new(text, deepest);
    let mut hidden = BTreeSet::new();
    let mut based: Vec<(String, String)> = Vec::new();
    let mut current = String::new();
    let mut levels: Vec<&str> = Vec::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) => {
                if element.ns == Ns::W {
                    match element.local {
                        "style" => current = element.own("styleId").map(Cow::into_owned).unwrap_or_default(),
                        "basedOn" => {
                            based.extend(element.own("val").map(|parent| (current.clone(), parent.into_owned())));
                        }
                        // The mark of a paragraph is no text; `w:pPr/w:rPr` does not occur in styles.
                        "vanish" if element.flag("val").unwrap_or(true) && !levels.contains(&"tblStylePr") => {
                            hidden.insert(current.clone());
                        }
                        _ => {}
                    }
                }
                if !element.empty {
                    levels.push(element.local);
                }
            }
            Token::End(_) => {
                levels.pop();
            }
            _ => {}
        }
    }
    hidden.remove("");
    // Styles build on one another at most ten levels deep in practice.
    for _ in 0..10 {
        let more: Vec<String> = based
            .iter()
            .filter(|(style, parent)| hidden.contains(parent) && !hidden.contains(style))
            .map(|(style, _)| style.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        hidden.extend(more);
    }
    Ok(hidden)
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
