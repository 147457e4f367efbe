//! Which fields of Word tell more than a reader sees, whatever file they stand in: decided by their instruction alone.

use super::links;
use crate::policy::Class;

/// Fields (ECMA-376 part 1, 17.16.5) whose instruction or update tells more than their result.
const REVEALING: &[&str] = &[
    "ADDIN",
    "AUTHOR",
    "AUTOTEXT",
    "AUTOTEXTLIST",
    "BIBLIOGRAPHY",
    "CITATION",
    "COMMENTS",
    "CREATEDATE",
    "DATABASE",
    "DDE",
    "DDEAUTO",
    "DOCPROPERTY",
    "DOCVARIABLE",
    "EDITTIME",
    "FILENAME",
    "GLOSSARY",
    "IMPORT",
    "INCLUDE",
    "INCLUDEPICTURE",
    "INCLUDETEXT",
    "INFO",
    "KEYWORDS",
    "LASTSAVEDBY",
    "LINK",
    "PRINTDATE",
    "RD",
    "REVNUM",
    "SAVEDATE",
    "SUBJECT",
    "TEMPLATE",
    "TITLE",
    "USERADDRESS",
    "USERINITIALS",
    "USERNAME",
];

/// What a revealing instruction is reported as; `None` for fields that may stay.
pub(super) fn judge(instruction: &str) -> Option<(Class, String)> {
    let name = instruction.split_whitespace().next()?.to_ascii_uppercase();
    if name == "HYPERLINK" {
        let target = argument(instruction)?.replace("\\\\", "\\");
        return (links::is_local(&target) || links::is_script(&target))
            .then(|| (Class::LinksLocal, "HYPERLINK field".to_owned()));
    }
    REVEALING.contains(&name.as_str()).then(|| (Class::ContentFields, format!("{name} field")))
}

/// The first argument of an instruction, quoted or not; switches are no arguments.
pub(super) fn argument(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start().split_once(char::is_whitespace)?.1.trim_start();
    if let Some(quoted) = rest.strip_prefix(['"', '\u{201c}']) {
        return quoted.split(['"', '\u{201d}']).next().map(str::to_owned);
    }
    let word = rest.split_whitespace().next()?;
    // A switch is a backslash and a letter; a file server begins with two backslashes.
    let switch = word.starts_with('\\') && !word.starts_with("\\\\");
    (!switch).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revealing_instructions() {
        let cases = [
            (" AUTHOR  \\* MERGEFORMAT ", Some(Class::ContentFields)),
            (" docproperty Company ", Some(Class::ContentFields)),
            (" PAGE ", None),
            (" REF _Ref1 \\h ", None),
            (" HYPERLINK \"https://example.org\" ", None),
            (" HYPERLINK \\l \"Bookmark\" ", None),
            (" HYPERLINK \"\\\\\\\\server\\\\share\\\\x.docx\" \\o \"tip\" ", Some(Class::LinksLocal)),
            (" HYPERLINK \"C:\\\\x.docx\" ", Some(Class::LinksLocal)),
            ("", None),
        ];
        for (instruction, class) in cases {
            assert_eq!(judge(instruction).map(|(class, _)| class), class, "{instruction}");
        }
    }
}
