//! Targets that lead into somebody's machine or file server.

use super::package::percent_decode;

/// True for file URIs, UNC paths and paths with a drive letter, percent-encoded or not.
pub(crate) fn is_local(target: &str) -> bool {
    let target = percent_decode(target.trim()).to_lowercase();
    let mut chars = target.chars();
    let has_drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('\\' | '/'));
    has_drive || ["file:", "\\\\", "//", "smb:"].iter().any(|start| target.starts_with(start))
}

/// True when a field instruction names such a target. Switches begin with one backslash, file servers with two or four.
pub(crate) fn names_local(instruction: &str) -> bool {
    instruction.split(['"', ' ', '\u{a0}']).any(is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_targets() {
        for target in
            ["file:///C:/a.doc", "FILE:a", "\\\\srv\\share", "//srv/share", "C:\\a", "c%3A%5Ca", "file%3A///x"]
        {
            assert!(is_local(target), "{target}");
        }
        for target in ["https://example.org/", "mailto:a@example.org", "#top", "a.docx", "c:", ""] {
            assert!(!is_local(target), "{target}");
        }
        for instruction in
            ["HYPERLINK \"file:///C:\\\\x\"", "INCLUDEPICTURE \"\\\\\\\\srv\\\\share\\\\a.png\" \\* MERGEFORMAT"]
        {
            assert!(names_local(instruction), "{instruction}");
        }
        for instruction in [
            "eq \\o\\ac(1)",
            "HYPERLINK \"https://example.org\" \\o \"tip\"",
            "TOC \\o \"1-3\" \\h \\z \\u",
            "PAGE \\* MERGEFORMAT",
        ] {
            assert!(!names_local(instruction), "{instruction}");
        }
    }
}
