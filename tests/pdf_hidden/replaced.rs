//! Text that is read instead of glyphs.

use crate::fixtures::page;
use crate::look;

#[test]
fn a_replacement_that_differs_from_its_glyphs_is_found() {
    for (name, replacement, shown, differs) in [
        ("another name", "Jane Doe", "[name]", true),
        ("more than is seen", "Dr Jane Doe", "Dr", true),
        ("the same", "Jane Doe", "Jane Doe", false),
        ("other case and spacing", "JANE  DOE.", "Jane Doe", false),
        ("a part of it", "Jane", "Jane-", false),
        ("a hyphen", "\u{AD}", "-", false),
        ("a ligature", "fi", "f i", false),
        ("a bullet", "o", "*", false),
    ] {
        let replacement: String = replacement.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let content = format!("/Span<</ActualText<FEFF{replacement}>>>BDC BT /F 12 Tf 72 620 Td ({shown}) Tj ET EMC");
        let rules: Vec<&str> = look(&page(&content, "", "")).0.iter().map(|found| found.rule).collect();
        assert_eq!(rules, if differs { vec!["text.actual-text-differs"] } else { vec![] }, "{name}");
    }
}
