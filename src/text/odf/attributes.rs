//! Attributes that hold words: names, formulas, prompts, values of forms, strings that are shown on a condition.

use crate::prove::odf::visible::is_labelled;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Attribute, Element};
use crate::text::Scope;

/// The scope in which an attribute's value is text, `None` when it holds no words.
pub(super) fn scope(element: &Element<'_>, attribute: &Attribute<'_>) -> Option<Scope> {
    let value = attribute.value;
    if matches!(value, "true" | "false")
        || !value.chars().any(char::is_alphabetic) && value.chars().filter(char::is_ascii_digit).count() < 6
    {
        return None;
    }
    let Ns::Odf(ns) = attribute.ns else { return is_sentence(value).then_some(Scope::Metadata) };
    let (local, named) = (element.local, attribute.local);
    match ns {
        Odf::XLink => (named == "title").then_some(Scope::AltText),
        Odf::Draw => match named {
            "name" | "display-name" if is_labelled(element) => Some(Scope::Bookmark),
            _ => None,
        },
        Odf::Table => match named {
            "formula" if local == "table-cell" => None,
            "name" | "display-name" => Some(Scope::Bookmark),
            "title" => Some(Scope::FormField),
            "comment" => Some(Scope::Hidden),
            "formula"
            | "expression"
            | "condition"
            | "cell-range-address"
            | "base-cell-address"
            | "sql-statement"
            | "query-name"
            | "database-name"
            | "database-table-name"
            | "filter-name"
            | "filter-options"
            | "target-range-address"
            | "source-name" => Some(Scope::Field),
            "user-name" => Some(Scope::Metadata),
            _ => None,
        },
        Odf::Text if local == "bibliography-mark" => (named != "bibliography-type").then_some(Scope::Body),
        Odf::Text => match named {
            "name" => Some(Scope::Bookmark),
            "string-value" | "string-value-if-true" | "string-value-if-false" => Some(Scope::Hidden),
            "condition" | "formula" | "connection-name" | "column-name" | "database-name" | "table-name" => {
                Some(Scope::Field)
            }
            "description" | "help" | "hint" => Some(Scope::AltText),
            "key1" | "key2" | "key1-phonetic" | "key2-phonetic" | "string-value-phonetic" => Some(Scope::Field),
            _ => None,
        },
        Odf::Office => match named {
            "string-value" if local == "table-cell" => None,
            "string-value" => Some(Scope::Field),
            "title" => Some(Scope::AltText),
            "name" if local != "annotation" && local != "annotation-end" => Some(Scope::AltText),
            _ => None,
        },
        Odf::Form => match named {
            "control-implementation" | "id" | "type" | "property-name" | "value-type" | "button-type" => None,
            _ => Some(Scope::FormField),
        },
        Odf::Presentation => (named == "name").then_some(Scope::Bookmark),
        Odf::Script => matches!(named, "macro-name" | "library" | "location").then_some(Scope::Field),
        Odf::Field => matches!(named, "name" | "value").then_some(Scope::Field),
        Odf::LibreOffice | Odf::FormExtension | Odf::Xhtml => match named {
            "alias" | "tag" | "placeholder-doc-part" | "lookup" => Some(Scope::FormField),
            "name" | "theme-name" => None,
            _ => is_sentence(value).then_some(Scope::Metadata),
        },
        Odf::Chart | Odf::CalcExtension | Odf::Database | Odf::XForms | Odf::Anim => {
            is_sentence(value).then_some(Scope::Field)
        }
        _ => None,
    }
}

fn is_sentence(value: &str) -> bool {
    let has_words = value.trim().contains(char::is_whitespace) && value.chars().any(char::is_alphabetic);
    has_words || value.contains('@') || value.contains("://") || value.contains(":\\") || value.starts_with("\\\\")
}
