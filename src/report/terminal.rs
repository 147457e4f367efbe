//! Text from outside on its way to a terminal.

use std::fmt::{self, Write as _};
use std::path::Path;

use unicode_width::UnicodeWidthStr as _;

/// Text that is to stand under its own beginning needs so many columns.
const LEAST_TEXT: usize = 20;
/// How far text is indented that does not stand there.
const INDENT: usize = 4;

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

/// A line of so many columns at most: what has no room goes on below, under the beginning of `text`, or indented where there is no
/// `lead` or no room beside it. Lines are broken at spaces; a word that is too long stays whole.
#[must_use]
pub fn wrapped(lead: &str, text: &str, width: usize) -> String {
    let has_room = !lead.is_empty() && lead.width().saturating_add(LEAST_TEXT) <= width;
    let indent = if has_room { lead.width() } else { INDENT };
    let (mut line, mut lines) = (lead.to_owned(), String::new());
    let mut is_begun = false;
    for word in text.split(' ') {
        if is_begun && line.width().saturating_add(1).saturating_add(word.width()) > width {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = " ".repeat(indent);
            is_begun = false;
        }
        if is_begun {
            line.push(' ');
        }
        line.push_str(word);
        // Spaces between words stay, but not those between lines.
        is_begun = is_begun || !word.is_empty() || lines.is_empty();
    }
    lines + &line
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
    fn long_lines_go_on_under_their_text() {
        let (lead, text) = ("  name  ", "one two three four 五五五 six");
        assert_eq!(wrapped(lead, text, 100), format!("{lead}{text}"));
        assert_eq!(wrapped(lead, text, 33), "  name  one two three four 五五五\n        six");
        assert_eq!(wrapped(lead, text, 32), "  name  one two three four\n        五五五 six");
        assert_eq!(wrapped("  a long name  ", "one two", 20), "  a long name  one\n    two");
        assert_eq!(wrapped("", "a_word_that_is_too_long b", 20), "a_word_that_is_too_long\n    b");
        assert_eq!(wrapped("x ", "", 20), "x ");
        assert_eq!(wrapped("", "kept  apart", 12), "kept  apart");
        assert_eq!(wrapped("", "these_are  broken_apart", 20), "these_are\n    broken_apart");
    }

    #[test]
    fn json_says_the_same_without_them() {
        let line = printable_json(&HOSTILE).unwrap();
        assert!(!line.chars().any(is_acted_upon), "{line:?}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), HOSTILE);
    }
}
