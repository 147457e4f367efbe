//! Text from outside on its way to a terminal.

/// Names and other text from documents with everything replaced that a terminal would act upon: control characters,
/// escape sequences, and marks that reverse the direction of writing.
#[must_use]
pub fn printable(text: &str) -> String {
    let acted_upon = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if acted_upon(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_pass() {
        assert_eq!(printable("a\x1b[31mb\u{202e}c\nd"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d");
        assert_eq!(printable("Prüfung – 検査.pdf"), "Prüfung – 検査.pdf");
    }
}
