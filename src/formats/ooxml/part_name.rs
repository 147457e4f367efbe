//! Names of parts (ECMA-376 part 2, 6.2.2): how members of the container and targets of relationships find each other.

pub(super) use crate::formats::zip_container::key;

/// The content types of the package.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The relationships of the package itself.
pub(super) const ROOT_RELATIONSHIPS: &str = "_rels/.rels";

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
}
