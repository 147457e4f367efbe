//! Workbooks: what hides in cells, sheets, pivots, links and connections, by the default policy and by its alternatives.

use std::collections::BTreeSet;

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Package, workbook};
use crate::{clean, markers, member};

const BOOK: &str = "xl/workbook.xml";
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The classes that a copy is held for.
fn held(package: &Package) -> Vec<(Class, String)> {
    let (copy, report) = clean(&package.write()).unwrap();
    assert!(clean(&copy).unwrap().0 == copy, "not stable");
    let hits = report.hits.into_iter().filter(|hit| hit.action == Action::Hold);
    hits.map(|hit| (hit.class, hit.item)).collect()
}

/// The workbook with these formats of cells, the last of them in use.
fn formatted(styles: &str, cell: &str) -> Package {
    workbook()
        .xml("xl/styles.xml", "spreadsheetml.styles", "s:styleSheet", styles)
        .rel(BOOK, "rIdStyles", "styles", "styles.xml")
        .edit(SHEET, "</s:row>", &format!("{cell}</s:row>"))
}

#[test]
fn cells_that_show_nothing_are_held() {
    let fonts = "<s:fonts><s:font/><s:font><s:color rgb=\"FFFFFFFF\"/></s:font></s:fonts>";
    let fills = "<s:fills><s:fill><s:patternFill patternType=\"none\"/></s:fill><s:fill><s:patternFill \
                 patternType=\"solid\"><s:fgColor rgb=\"FF800000\"/></s:patternFill></s:fill></s:fills>";
    let styles =
        |codes: &str, format: &str| format!("{codes}{fonts}{fills}<s:cellXfs><s:xf/><s:xf {format}/></s:cellXfs>");
    let code = "<s:numFmts><s:numFmt numFmtId=\"164\" formatCode=\";;;\"/></s:numFmts>";
    let number = "<s:c r=\"C1\" s=\"1\"><s:v>7</s:v></s:c>";
    let empty = "<s:c r=\"C1\" s=\"1\" t=\"str\"><s:f>\"\"</s:f><s:v></s:v></s:c>";
    let text = "<s:c r=\"C1\" s=\"1\" t=\"inlineStr\"><s:is><s:t>x</s:t></s:is></s:c>";
    let cases = [
        (formatted(&styles(code, "numFmtId=\"164\""), number), Some("cell formatted `;;;`")),
        (formatted(&styles(code, "numFmtId=\"164\""), empty), None),
        (formatted(&styles("", "fontId=\"1\""), number), Some("cell in the colour of its background")),
        (formatted(&styles("", "fontId=\"1\""), text), Some("cell in the colour of its background")),
        (formatted(&styles("", "fontId=\"1\" fillId=\"1\""), number), None),
        (formatted(&styles("", "fontId=\"0\""), number), None),
    ];
    for (package, item) in cases {
        let expected: Vec<_> = item.map(|item| (Class::ContentHiddenText, item.to_owned())).into_iter().collect();
        assert_eq!(held(&package), expected);
    }
}

#[test]
fn filtered_rows_are_held() {
    let filter = "<s:autoFilter ref=\"A1:B2\"><s:filterColumn colId=\"0\"/></s:autoFilter>";
    let row = "<s:row r=\"2\" hidden=\"1\"><s:c r=\"A2\"><s:v>3</s:v></s:c></s:row></s:sheetData>";
    let package = workbook().edit(SHEET, "</s:sheetData>", &format!("{row}{filter}"));
    assert_eq!(held(&package), [(Class::ContentHiddenRows, "hidden row".to_owned())]);
}

#[test]
fn codes_for_path_and_name_leave_headers() {
    let cases = [
        ("&amp;LKEEP-a&amp;Z&amp;F&amp;RKEEP-b", "&amp;LKEEP-a&amp;RKEEP-b"),
        ("&amp;&amp;Z &amp;A", "&amp;&amp;Z &amp;A"),
        ("&amp;ZFinal", "Final"),
        ("&#38;F&amp;P of &amp;N", "&amp;P of &amp;N"),
    ];
    for (before, after) in cases {
        let header = |text: &str| format!("<s:headerFooter><s:oddHeader>{text}</s:oddHeader></s:headerFooter>");
        let package = workbook().edit(SHEET, "<s:legacyDrawing", &format!("{}<s:legacyDrawing", header(before)));
        let cleaned = fieldstrip::clean(&package.write(), "a.xlsx", &crate::policy()).unwrap();
        let text = member(&cleaned.bytes, SHEET);
        assert!(text.contains(&header(after)), "{before}: {text}");
        assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    }
}
