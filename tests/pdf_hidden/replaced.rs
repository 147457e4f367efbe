//! Text that is read instead of glyphs.

use crate::fixtures::page;
use crate::{look, read};

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

#[test]
fn a_replacement_in_the_structure_tree_that_differs_from_its_glyphs_is_found() {
    let content = "/P<</MCID 0>>BDC BT /F 12 Tf 72 620 Td (Jane) Tj ET EMC /P<</MCID 1>>BDC BT /F 12 Tf 72 600 Td (Doe) Tj ET EMC\
        /P<</MCID 2>>BDC 72 500 20 20 re f EMC /P<</MCID 3>>BDC BT /T0 12 Tf 72 580 Td <00990098> Tj ET EMC";
    let element = |rest: &str| format!("<</Type/StructElem/P 80 0 R{rest}>>");
    for (name, kind, children, actual, differs) in [
        ("the same", "P", "/Pg 3 0 R/K[0 1]", "Jane Doe", false),
        ("another name", "P", "/Pg 3 0 R/K[0 1]", "John Roe", true),
        ("more than is seen", "P", "/Pg 3 0 R/K 0", "Jane Doe", true),
        ("the page stands above", "P", "/K[0 1]", "Jane Doe", false),
        ("the page stands above, another name", "P", "/K[0 1]", "John Roe", true),
        ("by references", "P", "/K[<</Type/MCR/Pg 3 0 R/MCID 1>> 0]", "Doe Jane", false),
        ("by references, another name", "P", "/K[<</Type/MCR/Pg 3 0 R/MCID 1>> 0]", "Roe John", true),
        ("elements within", "P", "/K[82 0 R]", "Jane", false),
        ("elements within, another name", "P", "/K[82 0 R]", "John", true),
        ("no glyph is left", "P", "/Pg 3 0 R/K 2", "Jane Doe", true),
        ("no content at all", "Span", "", "Jane Doe", true),
        ("a picture of text", "Figure", "/Pg 3 0 R/K 2", "Jane Doe", false),
        ("nobody knows what is seen", "P", "/Pg 3 0 R/K 3", "Jane Doe", false),
        ("a ring", "P", "/K 81 0 R", "Jane Doe", true),
    ] {
        let mut fixture = page(content, "", "/StructTreeRoot 80 0 R");
        fixture.add(80, "<</Type/StructTreeRoot/K 81 0 R/Pg 3 0 R>>");
        fixture.add(81, element(&format!("/S/{kind}/ActualText({actual}){children}")));
        fixture.add(82, "<</Type/StructElem/S/Span/P 81 0 R/K 0>>");
        let rules: Vec<&str> = read(&fixture).observations.iter().map(|found| found.rule).collect();
        assert_eq!(rules, if differs { vec!["text.actual-text-differs"] } else { vec![] }, "{name}");
    }
}
