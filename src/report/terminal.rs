//! Text from outside on its way to a terminal.

use std::fmt::{self, Write as _};
use std::path::Path;

/// Characters that a terminal acts upon instead of showing them: control characters of ASCII and Latin-1, which begin escape
/// sequences, marks and tags that cannot be seen, and marks that reverse the direction of writing.
pub(super) fn is_acted_upon(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Names and other text from documents with everything replaced that a terminal would act upon, line breaks included.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_acted_upon(c) { '\u{fffd}' } else { c }).collect()
}

/// A path as it may stand on a terminal.
#[must_use]
pub fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Text of several lines, each of which is made [`printable`].
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// A value as one line of JSON in which everything that a terminal would act upon is escaped; readers get the same value.
///
/// # Errors
/// When the value has no form in JSON.
pub fn printable_json(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    let mut line = String::new();
    for c in serde_json::to_string(value)?.chars() {
        // Outside of strings, JSON has no such characters.
        let written = if is_acted_upon(c) { escaped(c, &mut line) } else { line.write_char(c) };
        written.map_err(serde::ser::Error::custom)?;
    }
    Ok(line)
}

/// Escapes as JSON has them: of UTF-16.
fn escaped(c: char, line: &mut String) -> fmt::Result {
    c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(line, "\\u{unit:04x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\x1b[31mb\u{9b}2J\u{202e}c\u{2066}d\u{61c}e\u{e0041}f\u{7f}\ng\r";

    #[test]
    fn escape_sequences_do_not_pass() {
        assert_eq!(
            printable(HOSTILE),
            "a\u{fffd}[31mb\u{fffd}2J\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f\u{fffd}\u{fffd}g\u{fffd}"
        );
        assert_eq!(printable("Prüfung – 検査.pdf"), "Prüfung – 検査.pdf");
        assert_eq!(printable_lines("a\x1b\nb\n"), "a\u{fffd}\nb\n");
    }

    #[test]
    fn json_says_the_same_without_them() {
        let line = printable_json(&HOSTILE).unwrap();
        assert!(!line.chars().any(is_acted_upon), "{line:?}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), HOSTILE);
    }
}
