//! Fields that reveal names, dates, files or data sources: the field goes, its visible result stays (ODF 1.3 part 3, 7).

use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Fields in the text namespace whose attributes or update tell more than their result. All `sender-…` are such fields too.
const REVEALING: &[&str] = &[
    "author-initials",
    "author-name",
    "conditional-text",
    "creation-date",
    "creation-time",
    "creator",
    "database-display",
    "database-name",
    "database-next",
    "database-row-number",
    "database-row-select",
    "dde-connection",
    "description",
    "editing-cycles",
    "editing-duration",
    "execute-macro",
    "file-name",
    "initial-creator",
    "keywords",
    "modification-date",
    "modification-time",
    "placeholder",
    "print-date",
    "print-time",
    "printed-by",
    "subject",
    "template-name",
    "title",
    "user-defined",
];

/// Takes fields out and leaves their results.
pub(in crate::formats::odf) struct Fields;

impl Filter for Fields {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::Odf(Odf::Text) {
            return Ok(Step::Keep);
        }
        let hidden = element.own("is-hidden").as_deref() == Some("true");
        Ok(match element.local {
            "hidden-text" if hidden => {
                notes.value(Class::ContentFields, "text:hidden-text", &element.own("string-value").unwrap_or_default());
                Step::Drop
            }
            "hidden-paragraph" if hidden => {
                notes.found(Class::ContentHiddenText, "text:hidden-paragraph");
                Step::Keep
            }
            "hidden-text" | "hidden-paragraph" => {
                notes.removed(Class::ContentFields, element.name());
                Step::Unwrap
            }
            "dde-connection-decls" | "dde-connection-decl" => {
                notes.removed(Class::ContentFields, element.name());
                Step::Drop
            }
            local if local.starts_with("sender-") || REVEALING.binary_search(&local).is_ok() => {
                notes.removed(Class::ContentFields, element.name());
                Step::Unwrap
            }
            _ => Step::Keep,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(REVEALING.is_sorted());
    }
}
