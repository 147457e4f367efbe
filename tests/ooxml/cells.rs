//! Cells that nobody sees: what conceals them, what is taken out with them, and what forbids it.

use std::collections::BTreeSet;

use fieldstrip::policy::Class;

use crate::excel::{SHEET, clean_under, formatted, held_in};
use crate::fixtures::Package;
use crate::{markers, member};

/// Formats: 1 is `;;;`, 2 white on white, 3 white on blue, 4 white with negative numbers in red.
const STYLES: &str = "<s:numFmts><s:numFmt numFmtId=\"164\" formatCode=\";;;\"/><s:numFmt numFmtId=\"165\" \
    formatCode=\"0;[Red]-0\"/></s:numFmts><s:fonts><s:font/><s:font><s:color theme=\"0\"/></s:font></s:fonts><s:fills><s:fill/>\
    <s:fill><s:patternFill patternType=\"solid\"><s:fgColor rgb=\"FF0000FF\"/></s:patternFill></s:fill></s:fills><s:cellXfs><s:xf/>\
    <s:xf numFmtId=\"164\"/><s:xf fontId=\"1\"/><s:xf fontId=\"1\" fillId=\"1\"/><s:xf fontId=\"1\" numFmtId=\"165\"/></s:cellXfs>";

const CELLS: &str = "<s:c r=\"C1\" s=\"1\" t=\"inlineStr\"><s:is><s:t>GONE-format</s:t></s:is></s:c><s:c r=\"D1\" s=\"2\" t=\"s\"><s:v>2\
    </s:v></s:c><s:c r=\"E1\" s=\"3\" t=\"str\"><s:v>KEEP-on-blue</s:v></s:c><s:c r=\"F1\"><s:f>C1&amp;D1</s:f><s:v>6</s:v></s:c>\
    <s:c r=\"G1\" s=\"2\" t=\"str\"><s:f>\"GONE-formula\"</s:f><s:v>GONE-value</s:v></s:c>";

fn concealed() -> Package {
    formatted(STYLES, CELLS).edit(
        "xl/sharedStrings.xml",
        "</s:sst>",
        "<s:si><s:r><s:t>GONE-</s:t></s:r><s:r><s:t>white</s:t></s:r></s:si></s:sst>",
    )
}

#[test]
fn concealed_cells_are_emptied() {
    let package = concealed();
    let cleaned = clean_under(&package, &[("content.hidden-text", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let sheet = member(&cleaned.bytes, SHEET);
    for (cell, format) in [("C1", 1), ("D1", 2), ("G1", 2)] {
        assert!(sheet.contains(&format!("<s:c r=\"{cell}\" s=\"{format}\"></s:c>")), "{cell}: {sheet}");
    }
    assert!(sheet.contains("<s:c r=\"F1\"><s:v>6</s:v></s:c>"), "the formula is frozen: {sheet}");
    assert!(sheet.contains("<s:c r=\"B1\"><s:v>2</s:v></s:c>"), "every formula is frozen: {sheet}");
    let hits = cleaned.report.hits.iter().filter(|hit| hit.class == Class::ContentHiddenText);
    let hits: Vec<_> = hits.map(|hit| (hit.item.as_str(), hit.count)).collect();
    let formulas = ("formula, kept as its value", 2);
    assert_eq!(hits, [("cell formatted `;;;`", 1), ("cell in the colour of its background", 2), formulas]);
}

#[test]
fn cells_that_something_may_show_hold_the_workbook() {
    let behind = |tail: &str| concealed().edit(SHEET, "</s:sheetData>", &format!("</s:sheetData>{tail}"));
    let theme = "<a:themeElements><a:clrScheme><a:dk1><a:srgbClr val=\"000000\"/></a:dk1><a:lt1><a:srgbClr val=\"202020\"/></a:lt1>\
                 </a:clrScheme></a:themeElements>";
    let coloured = "<s:si><s:r><s:rPr><s:color rgb=\"FFFF0000\"/></s:rPr><s:t>GONE-</s:t></s:r>";
    let cases = [
        (behind("<s:conditionalFormatting sqref=\"C1\"/>"), "conditional formats may depend on it"),
        (
            behind("<s:tableParts><s:tablePart r:id=\"rIdT\"/></s:tableParts>")
                .xml("xl/tables/table1.xml", "spreadsheetml.table", "s:table", "")
                .rel(SHEET, "rIdT", "table", "../tables/table1.xml"),
            "a table or picture may show it",
        ),
        (
            concealed().edit("xl/sharedStrings.xml", "<s:si><s:r><s:t>GONE-</s:t></s:r>", coloured),
            "it may show in another colour",
        ),
        (concealed().edit(SHEET, "r=\"D1\" s=\"2\"", "r=\"D1\" s=\"4\""), "it may show in another colour"),
        (
            concealed().xml("xl/theme/theme1.xml", "theme", "a:theme", theme).rel(
                "xl/workbook.xml",
                "rIdTheme",
                "theme",
                "theme/theme1.xml",
            ),
            "it may show in another colour",
        ),
        (
            concealed()
                .xml("xl/pivotTables/pivotTable1.xml", "spreadsheetml.pivotTable", "s:pivotTableDefinition", "")
                .rel(SHEET, "rIdPT", "pivotTable", "../pivotTables/pivotTable1.xml"),
            "the style of a pivot table may show it",
        ),
    ];
    for (package, why) in cases {
        let cleaned = clean_under(&package, &[("content.hidden-text", "remove")]).unwrap();
        let held = held_in(&cleaned);
        let expected = format!("not removed: {why}");
        assert!(held.contains(&(Class::ContentHiddenText, expected.as_str())), "{why}: {held:?}");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-format"), "all or nothing");
    }
}

#[test]
fn columns_of_no_width_by_default_are_hidden() {
    let format = "<s:sheetFormatPr defaultColWidth=\"0\" defaultRowHeight=\"15\"/><s:cols><s:col min=\"1\" max=\"2\" width=\"9\"/>\
                  </s:cols><s:sheetData>";
    let cell = "<s:c r=\"D1\" t=\"inlineStr\"><s:is><s:t>GONE-narrow</s:t></s:is></s:c>";
    let package = formatted(STYLES, cell).edit(SHEET, "<s:sheetData>", format);
    let cleaned = clean_under(&package, &[]).unwrap();
    assert_eq!(held_in(&cleaned), [(Class::ContentHiddenRows, "hidden column")]);
    let cleaned = clean_under(&package, &[("content.hidden-rows", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let cleaned = clean_under(&package, &[("content.hidden-rows", "unhide")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert!(member(&cleaned.bytes, SHEET).contains("<s:sheetFormatPr defaultRowHeight=\"15\"/>"));
}

#[test]
fn filters_lose_the_conditions_that_hid_rows() {
    let rows = "<s:row r=\"2\" hidden=\"1\"><s:c r=\"A2\"><s:v>2</s:v></s:c></s:row></s:sheetData><s:autoFilter ref=\"A1:B2\">\
                <s:filterColumn colId=\"0\" hiddenButton=\"1\"><s:filters><s:filter val=\"1\"/></s:filters></s:filterColumn></s:autoFilter>";
    let pivot = "<s:filters><s:filter><s:autoFilter ref=\"A1\"><s:filterColumn colId=\"0\"><s:top10 val=\"1\"/></s:filterColumn>\
                 </s:autoFilter></s:filter></s:filters>";
    let package = formatted(STYLES, "")
        .edit(SHEET, "</s:sheetData>", rows)
        .xml("xl/pivotTables/pivotTable1.xml", "spreadsheetml.pivotTable", "s:pivotTableDefinition", pivot)
        .rel(SHEET, "rIdPT", "pivotTable", "../pivotTables/pivotTable1.xml");
    let cleaned = clean_under(&package, &[("content.hidden-rows", "unhide")]).unwrap();
    let sheet = member(&cleaned.bytes, SHEET);
    assert!(sheet.contains("<s:filterColumn colId=\"0\" hiddenButton=\"1\"></s:filterColumn>"), "{sheet}");
    assert!(member(&cleaned.bytes, "xl/pivotTables/pivotTable1.xml").contains("<s:top10 val=\"1\"/>"));
    let hit = cleaned.report.hits.iter().find(|hit| hit.item == "condition of a filter").unwrap();
    assert_eq!((hit.class, hit.count), (Class::ContentHiddenRows, 1));
}
