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
    "connection",
    "command",
    "url",
    "sourceFile",
    "odcFile",
];

/// The scope in which an attribute's value is text, `None` when it holds no words. [`Scope::Body`] stands for the scope of the
/// part.
pub(super) fn scope(element: &Element<'_>, attribute: &Attribute<'_>) -> Option<Scope> {
    let value = attribute.value;
    if !value.chars().any(char::is_alphabetic) && value.chars().filter(char::is_ascii_digit).count() < 6 {
        return None;
    }
    if matches!(attribute.ns, Ns::Relations | Ns::Compatibility | Ns::Xml | Ns::SheetRevision | Ns::WordDrawing14) {
        return None;
    }
    if element.ns == Ns::Visio {
        return diagram(element, attribute);
    }
    let (local, named) = (element.local, attribute.local);
    let scope = match (local, named) {
        (_, "descr" | "alt" | "tooltip" | "altText" | "altTextSummary") => Scope::AltText,
        ("cNvPr" | "docPr" | "tblCaption" | "tblDescription", "title" | "val") => Scope::AltText,
        ("bookmarkStart" | "sheet" | "cNvPr" | "docPr" | "definedName" | "section" | "cSld" | "custShow", "name") => {
            Scope::Bookmark
        }
        ("fldSimple", "instr") => Scope::Field,
        // Words that stand in the text itself: `WordArt`, and what a pivot table remembers of its source.
        ("textpath", "string") => Scope::Body,
        ("s" | "n" | "d", "v") if element.ns == Ns::Sheet => Scope::Body,
        (_, "formatCode") => Scope::Metadata,
        ("docVar" | "lvlText", "val") => Scope::Metadata,
        ("tag", "val") if element.ns != Ns::Word => Scope::Metadata,
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

/// The same for Visio drawings, where nearly everything is a `Cell` with a name `N` and a value `V`.
fn diagram(element: &Element<'_>, attribute: &Attribute<'_>) -> Option<Scope> {
    let value = attribute.value;
    let scope = match (element.local, attribute.local) {
        ("Cell", "V") => match element.plain("N").unwrap_or_default() {
            "Address" | "SubAddress" | "ExtraInfo" => Scope::LinkTarget,
            "Description" | "Comment" => Scope::AltText,
            "Value" | "Label" | "Prompt" => Scope::FormField,
            "Name" => Scope::Bookmark,
            _ if has_words(value) || looks_like_path(value) => Scope::Metadata,
            _ => return None,
        },
        ("Cell", "F") if value.contains('"') => Scope::Field,
        ("Page" | "Shape" | "Master" | "StyleSheet", "Name" | "NameU") => Scope::Bookmark,
        ("Cell" | "FaceName", _) => return None,
        _ if has_words(value) || looks_like_path(value) => Scope::Metadata,
        _ => return None,
    };
    Some(scope)
}

/// The words that a number format adds to a number (ECMA-376 part 1, 18.8.31): quoted text, escaped characters, and the symbol of
/// a currency.
pub(super) fn literal(format: &str) -> String {
    let mut text = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => text.extend(rest.by_ref().take_while(|c| *c != '"')),
            '\\' => text.extend(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                text.extend(inside.strip_prefix('$').and_then(|symbol| symbol.split('-').next()));
            }
            _ if text.ends_with(' ') => {}
            _ => text.push(' '),
        }
    }
    text.trim().to_owned()
}

fn has_words(value: &str) -> bool {
    value.contains('@') || value.trim().contains(char::is_whitespace) && value.chars().any(char::is_alphabetic)
}

fn looks_like_path(value: &str) -> bool {
    value.contains("://") || value.contains(":\\") || value.starts_with("\\\\")
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_of_number_formats() {
        for (format, words) in [
            ("0.00", ""),
            ("[$-409]d mmm yyyy", ""),
            ("#,##0 \"for Jane Roe\";[Red]-0", "for Jane Roe"),
            ("[$EUR-407] 0\\J\\a\\n", "EUR Jan"),
            ("\"open", "open"),
        ] {
            assert_eq!(super::literal(format), words, "{format}");
        }
    }
}
