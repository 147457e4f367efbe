//! Attributes that hold words: alternative text, names, prompts, link targets, paths.

use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element};
use crate::text::Scope;

/// Measures, fonts, references and drawing commands: values that hold blanks but no words.
const NO_WORDS: &[&str] = &[
    "typeface",
    "ascii",
    "hAnsi",
    "cs",
    "eastAsia",
    "style",
    "path",
    "points",
    "coordsize",
    "coordorigin",
    "gfxdata",
    "sqref",
    "ref",
    "spans",
    "from",
    "to",
    "adj",
    "fmla",
    "formatCode",
    "connectlocs",
    "textboxrect",
    "o1",
    "panose",
];

/// Attributes whose value is always for people or about them.
const WORDS: &[&str] = &[
    "name",
    "author",
    "initials",
    "userName",
    "user",
    "title",
    "subtitle",
    "text",
    "comment",
    "caption",
    "label",
    "tag",
    "displayName",
    "description",
    "help",
    "statusBar",
    "lastEdited",
    "val",
];

/// The scope in which an attribute's value is text, `None` when it holds no words.
pub(super) fn scope(element: &Element<'_>, attribute: &Attribute<'_>) -> Option<Scope> {
    let value = attribute.value.as_ref();
    if !value.chars().any(char::is_alphabetic) && value.chars().filter(char::is_ascii_digit).count() < 6 {
        return None;
    }
    if matches!(attribute.ns, Ns::Relations | Ns::Compatibility | Ns::Xml | Ns::SheetRevision | Ns::WordDrawing14) {
        return None;
    }
    let (local, named) = (element.local, attribute.local);
    let scope = match (local, named) {
        (_, "descr" | "alt" | "tooltip" | "altText" | "altTextSummary") => Scope::AltText,
        ("cNvPr" | "docPr" | "tblCaption" | "tblDescription", "title" | "val") => Scope::AltText,
        ("bookmarkStart" | "sheet" | "cNvPr" | "docPr" | "definedName" | "section" | "cSld" | "custShow", "name") => {
            Scope::Bookmark
        }
        ("fldSimple", "instr") => Scope::Field,
        ("alias" | "tag" | "helpText" | "statusText" | "default", "val")
        | ("listItem", "displayText" | "value")
        | ("listEntry", "val")
        | ("dataValidation", "prompt" | "promptTitle" | "error" | "errorTitle") => Scope::FormField,
        (_, "location" | "anchor" | "href" | "src" | "althref") => Scope::LinkTarget,
        // Names of formatting that every program brings along, and the arithmetic of shapes.
        ("lsdException" | "f", _) => return None,
        _ if element.ns == Ns::Diagram => return None,
        _ if NO_WORDS.contains(&named) && !looks_like_path(value) => return None,
        (_, "val") if !has_words(value) => return None,
        _ if WORDS.contains(&named) || has_words(value) || looks_like_path(value) => Scope::Metadata,
        _ => return None,
    };
    Some(scope)
}

fn has_words(value: &str) -> bool {
    value.contains('@') || value.trim().contains(char::is_whitespace) && value.chars().any(char::is_alphabetic)
}

fn looks_like_path(value: &str) -> bool {
    value.contains("://") || value.contains(":\\") || value.starts_with("\\\\")
}
