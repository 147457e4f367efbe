//! Names of parts (ECMA-376 part 2, 6.2.2): how members of the container and targets of relationships find each other.

use crate::formats::links::percent_decode;
use crate::refusal::Refusal;

/// The content types of the package.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The relationships of the package itself.
pub(super) const ROOT_RELATIONSHIPS: &str = "_rels/.rels";

/// Refuses names that could escape a folder or mean different things to different programs.
///
/// # Errors
/// [`crate::Reason::Damaged`].
pub(super) fn check(name: &str) -> Result<(), Refusal> {
    let unsafe_name = name.is_empty()
        || name.starts_with('/')
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| step == "..")
        || name.get(1..2) == Some(":");
    if unsafe_name { Err(Refusal::damaged("a member of the ZIP container has an unsafe name")) } else { Ok(()) }
}

/// What names are compared by: they are equal whatever their case and their percent-encoding.
pub(super) fn key(name: &str) -> String {
    percent_decode(name.trim_start_matches('/')).to_lowercase()
}

/// The key of the relationships part of a part; the package itself is the part with the empty name.
pub(super) fn relationships_key(source: &str) -> String {
    match source.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None if source.is_empty() => ROOT_RELATIONSHIPS.to_owned(),
        None => format!("_rels/{source}.rels"),
    }
}

/// The name of the relationships part of a part, as it is written.
pub(super) fn relationships_name(source: &str) -> String {
    relationships_key(source)
}

/// The key of the part that a relationship of `source` points to. A fragment is left off.
pub(super) fn resolve(source: &str, target: &str) -> Option<String> {
    let target = target.split(['#', '?']).next().unwrap_or_default().replace('\\', "/");
    if target.is_empty() || target.contains(':') {
        return None;
    }
    let mut steps: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        steps.extend(source.split('/'));
        steps.pop();
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    Some(key(&steps.join("/")))
}

/// The extension in lower case.
pub(super) fn extension(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_find_their_part() {
        let cases = [
            ("", "word/document.xml", Some("word/document.xml")),
            ("", "/word/Document.xml", Some("word/document.xml")),
            ("word/document.xml", "media/image%201.png", Some("word/media/image 1.png")),
            ("ppt/slides/slide1.xml", "../media/a.png", Some("ppt/media/a.png")),
            ("ppt/slides/slide1.xml", "..\\media\\a.png", Some("ppt/media/a.png")),
            ("xl/workbook.xml", "#Sheet1!A1", None),
            ("xl/workbook.xml", "file:///c:/x", None),
        ];
        for (source, target, expected) in cases {
            assert_eq!(resolve(source, target).as_deref(), expected, "{target}");
        }
        assert_eq!(relationships_key("word/document.xml"), "word/_rels/document.xml.rels");
        assert_eq!(relationships_key(""), "_rels/.rels");
    }

    #[test]
    fn unsafe_names_are_refused() {
        for name in ["", "/a", "a/../b", "..", "C:/a", "a\nb"] {
            assert!(check(name).is_err(), "{name:?}");
        }
        assert!(check("word/media/..image.png").is_ok());
    }
}
