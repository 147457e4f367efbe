//! Workbooks: what hides in cells, sheets, pivots, links and connections, by the default policy and by its alternatives.

use std::collections::BTreeSet;

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Package, workbook};
use crate::{clean, markers, member};

pub(crate) const BOOK: &str = "xl/workbook.xml";
pub(crate) const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The classes that a copy is held for.
fn held(package: &Package) -> Vec<(Class, String)> {
    let (copy, report) = clean(&package.write()).unwrap();
    assert!(clean(&copy).unwrap().0 == copy, "not stable");
    let hits = report.hits.into_iter().filter(|hit| hit.action == Action::Hold);
    hits.map(|hit| (hit.class, hit.item)).collect()
}

/// The workbook with these formats of cells, the last of them in use.
pub(crate) fn formatted(styles: &str, cell: &str) -> Package {
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

/// Another sheet, a name over it, and formulas that refer to it in many ways. Its content is `GONE`.
pub(crate) fn with_hidden_sheet() -> Package {
    let excel = "spreadsheetml";
    let secret = "xl/worksheets/sheet2.xml";
    let book = "<s:sheet name=\"GONE-sheet\" state=\"veryHidden\" sheetId=\"2\" r:id=\"rIdH\"/>\
                <s:sheet name=\"KEEP-last\" sheetId=\"3\" r:id=\"rIdL\"/></s:sheets>";
    let names = "<s:definedName name=\"GONE_name\">'GONE-sheet'!$A$1</s:definedName>\
                 <s:definedName name=\"GONE_second\">GONE_name*2</s:definedName>\
                 <s:definedName name=\"KEEP_local\" localSheetId=\"2\">'KEEP-last'!$A$1</s:definedName></s:definedNames>";
    let formulas = [
        "'GONE-sheet'!A1",
        "GONE_name+1",
        "GONE_second",
        "SUM(GONE_table[Amount])",
        "SUM('KEEP-sheet:KEEP-last'!A1)",
        "INDIRECT(\"GONE-sheet!A1\")",
        "SUM('KEEP-last'!A1)+KEEP_local",
    ];
    let cell = |(at, formula): (usize, &&str)| {
        format!("<s:row r=\"{row}\"><s:c r=\"A{row}\"><s:f>{formula}</s:f><s:v>{row}</s:v></s:c></s:row>", row = at + 5)
    };
    let rows: String = formulas.iter().enumerate().map(cell).collect();
    let shared = "<s:row r=\"20\"><s:c r=\"A20\" cm=\"1\"><s:f t=\"shared\" ref=\"A20:A21\" si=\"0\">'GONE-sheet'!B1</s:f><s:v>20</s:v>\
                  </s:c></s:row><s:row r=\"21\"><s:c r=\"A21\"><s:f t=\"shared\" si=\"0\"/><s:v>21</s:v></s:c></s:row>";
    let validations = "<s:dataValidations count=\"2\"><s:dataValidation type=\"list\" sqref=\"A1\"><s:formula1>'GONE-sheet'!$A$1:$A$2\
        </s:formula1></s:dataValidation><s:dataValidation type=\"list\" sqref=\"A2\"><s:formula1>\"KEEP-a,b\"</s:formula1>\
        </s:dataValidation></s:dataValidations>";
    let links = "<s:hyperlink ref=\"A5\" location=\"'GONE-sheet'!A1\" display=\"GONE-place\"/></s:hyperlinks>";
    workbook()
        .edit(BOOK, "</s:sheets>", book)
        .edit(BOOK, "</s:definedNames>", names)
        .edit(BOOK, "<s:sheets>", "<s:bookViews><s:workbookView firstSheet=\"0\" activeTab=\"2\"/></s:bookViews><s:sheets>")
        .edit(SHEET, "</s:sheetData>", &format!("{rows}{shared}</s:sheetData>"))
        .edit(SHEET, "<s:hyperlinks>", &format!("{validations}<s:hyperlinks>"))
        .edit(SHEET, "</s:hyperlinks>", links)
        .xml(
            secret,
            &format!("{excel}.worksheet"),
            "s:worksheet",
            "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\" t=\"inlineStr\"><s:is><s:t>GONE-cell</s:t></s:is></s:c><s:c t=\"s\"><s:v>2</s:v>\
             </s:c></s:row></s:sheetData><s:tableParts><s:tablePart r:id=\"rId1\"/></s:tableParts>",
        )
        .rel(BOOK, "rIdH", "worksheet", "worksheets/sheet2.xml")
        .xml(
            "xl/tables/table1.xml",
            &format!("{excel}.table"),
            "s:table name=\"GONE_table\" displayName=\"GONE_table\"",
            "<s:tableColumns><s:tableColumn name=\"GONE-column\"/></s:tableColumns>",
        )
        .rel(secret, "rId1", "table", "../tables/table1.xml")
        .xml(
            "xl/worksheets/sheet3.xml",
            &format!("{excel}.worksheet"),
            "s:worksheet",
            "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\"><s:v>3</s:v></s:c></s:row></s:sheetData>",
        )
        .rel(BOOK, "rIdL", "worksheet", "worksheets/sheet3.xml")
        .edit("xl/sharedStrings.xml", "</s:sst>", "<s:si><s:t>GONE-shared</s:t></s:si></s:sst>")
}

/// Cleans and proves under a policy that differs from the default in these classes.
pub(crate) fn clean_under(
    package: &Package,
    classes: &[(&str, &str)],
) -> Result<fieldstrip::Cleaned, fieldstrip::Refusal> {
    let lines: String = classes.iter().map(|(class, action)| format!("{class:?} = {action:?}\n")).collect();
    let text = format!("schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n{lines}");
    let policy = fieldstrip::Policy::from_toml(&text, "test").unwrap();
    let cleaned = fieldstrip::clean(&package.write(), "a.xlsx", &policy)?;
    let again = fieldstrip::clean(&cleaned.bytes, "a.xlsx", &policy)?;
    assert!(again.bytes == cleaned.bytes, "cleaning again changes bytes");
    Ok(cleaned)
}

/// The classes that a cleaned copy is held for, with the item.
pub(crate) fn held_in(cleaned: &fieldstrip::Cleaned) -> Vec<(Class, &str)> {
    let hits = cleaned.report.hits.iter().filter(|hit| hit.action == Action::Hold);
    hits.map(|hit| (hit.class, hit.item.as_str())).collect()
}

#[test]
fn hidden_sheets_are_removed_and_what_refers_to_them_is_frozen() {
    let package = with_hidden_sheet();
    let cleaned = clean_under(&package, &[("content.hidden-sheets", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let (book, sheet) = (member(&cleaned.bytes, BOOK), member(&cleaned.bytes, SHEET));
    assert!(book.contains("name=\"KEEP_local\" localSheetId=\"1\""), "{book}");
    assert!(book.contains("<s:workbookView firstSheet=\"0\" activeTab=\"1\"/>"), "{book}");
    for row in [5, 6, 7, 8, 9, 10, 20, 21] {
        assert!(sheet.contains(&format!("<s:c r=\"A{row}\"><s:v>{row}</s:v></s:c>")), "row {row} in {sheet}");
    }
    assert!(sheet.contains("<s:f>SUM('KEEP-last'!A1)+KEEP_local</s:f><s:v>11</s:v>"), "{sheet}");
    assert!(sheet.contains("<s:f>1+1</s:f>"), "{sheet}");
}

#[test]
fn hidden_sheets_are_shown() {
    let package = with_hidden_sheet();
    let cleaned = clean_under(&package, &[("content.hidden-sheets", "unhide")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    let book = member(&cleaned.bytes, BOOK);
    assert!(book.contains("<s:sheet name=\"GONE-sheet\" sheetId=\"2\" r:id=\"rIdH\"/>"), "{book}");
    assert!(member(&cleaned.bytes, SHEET).contains("<s:f>'GONE-sheet'!A1</s:f>"));
}

#[test]
fn what_cannot_be_frozen_holds_the_workbook() {
    let cases = [
        ("<s:f>GONE_name</s:f>", "not removed: a formula that refers to it has no stored value"),
        (
            "<s:v>1</s:v></s:c></s:row></s:sheetData><s:conditionalFormatting sqref=\"A1\"><s:cfRule type=\"expression\">\
             <s:formula>'GONE-sheet'!A1</s:formula></s:cfRule></s:conditionalFormatting><s:sheetData><s:row><s:c>",
            "not removed: a conditional format, sparkline or control refers to it",
        ),
    ];
    for (content, item) in cases {
        let row = format!("<s:row r=\"40\"><s:c r=\"A40\">{content}</s:c></s:row></s:sheetData>");
        let package = with_hidden_sheet().edit(SHEET, "</s:sheetData>", &row);
        let cleaned = clean_under(&package, &[("content.hidden-sheets", "remove")]).unwrap();
        let expected = [(Class::ContentHiddenSheets, item), (Class::ContentHiddenSheets, "hidden sheet")];
        assert_eq!(held_in(&cleaned), expected);
        assert!(member(&cleaned.bytes, SHEET).contains("<s:f>'GONE-sheet'!A1</s:f>"), "all or nothing");
    }
}

/// A hidden row and a hidden column, and a formula over each.
pub(crate) fn with_hidden_rows() -> Package {
    let rows = "<s:row r=\"2\" hidden=\"1\"><s:c r=\"A2\" t=\"inlineStr\"><s:is><s:t>GONE-row</s:t></s:is></s:c></s:row>\
        <s:row r=\"3\"><s:c r=\"A3\"><s:f>A2&amp;C3</s:f><s:v>30</s:v></s:c><s:c r=\"C3\" t=\"inlineStr\"><s:is><s:t>GONE-column\
        </s:t></s:is></s:c></s:row><s:row r=\"4\" ht=\"0\" customHeight=\"1\"><s:c r=\"A4\"><s:f>GONE()</s:f></s:c></s:row></s:sheetData>\
        <s:autoFilter ref=\"A1:A4\"><s:filterColumn colId=\"0\"><s:filters><s:filter val=\"x\"/></s:filters></s:filterColumn>\
        </s:autoFilter>";
    workbook()
        .edit(
            SHEET,
            "<s:sheetData>",
            "<s:cols><s:col min=\"3\" max=\"3\" width=\"9\" hidden=\"1\"/></s:cols><s:sheetData>",
        )
        .edit(SHEET, "</s:sheetData>", rows)
}

#[test]
fn hidden_rows_and_columns_are_emptied() {
    let package = with_hidden_rows();
    let cleaned = clean_under(&package, &[("content.hidden-rows", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let sheet = member(&cleaned.bytes, SHEET);
    assert!(sheet.contains("<s:c r=\"A3\"><s:v>30</s:v></s:c></s:row>"), "{sheet}");
    assert!(sheet.contains("<s:c r=\"B1\"><s:v>2</s:v></s:c>"), "every formula is frozen: {sheet}");
    let merged = with_hidden_rows().edit(
        SHEET,
        "<s:autoFilter",
        "<s:mergeCells><s:mergeCell ref=\"A2:A3\"/></s:mergeCells><s:autoFilter",
    );
    let cleaned = clean_under(&merged, &[("content.hidden-rows", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned)[0], (Class::ContentHiddenRows, "not removed: a merged cell begins in it"));
}

#[test]
fn headers_of_tables_are_not_emptied() {
    let header = "not removed: a table has its header in it";
    for (range, more, held) in [
        ("A2:B3", "", true),
        ("A1:B3", "", false),
        ("A1:C3", "", true),
        ("A2:B3", " headerRowCount=\"0\"", false),
        ("A2:B3", " headerRowCount=\"1\"", true),
    ] {
        let package = with_hidden_rows()
            .edit(
                SHEET,
                "<s:legacyDrawing",
                "<s:tableParts><s:tablePart r:id=\"rIdT\"/></s:tableParts><s:legacyDrawing",
            )
            .rel(SHEET, "rIdT", "table", "../tables/table1.xml")
            .xml(
                "xl/tables/table1.xml",
                "spreadsheetml.table",
                &format!("s:table name=\"T\" displayName=\"T\" ref=\"{range}\"{more}"),
                "<s:tableColumns><s:tableColumn id=\"1\" name=\"x\"/></s:tableColumns>",
            );
        let cleaned = clean_under(&package, &[("content.hidden-rows", "remove")]).unwrap();
        let is_held = held_in(&cleaned).contains(&(Class::ContentHiddenRows, header));
        assert_eq!(is_held, held, "{range}{more}: {:?}", held_in(&cleaned));
        assert_eq!(markers(&cleaned.bytes, "GONE").contains("GONE-row"), held, "{range}{more}");
    }
}

#[test]
fn hidden_rows_and_columns_are_shown() {
    let cleaned = clean_under(&with_hidden_rows(), &[("content.hidden-rows", "unhide")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    let sheet = member(&cleaned.bytes, SHEET);
    assert!(sheet.contains("<s:col min=\"3\" max=\"3\" width=\"9\"/>"), "{sheet}");
    assert!(
        sheet.contains("<s:row r=\"2\"><s:c r=\"A2\"") && sheet.contains("<s:row r=\"4\"><s:c r=\"A4\""),
        "{sheet}"
    );
    assert!(sheet.contains("<s:filterColumn colId=\"0\"></s:filterColumn></s:autoFilter>"), "{sheet}");
}

/// A pivot table, another workbook and a connection with a table that it fills.
pub(crate) fn with_outside_data() -> Package {
    let excel = "spreadsheetml";
    let (pivot, cache) = ("xl/pivotTables/pivotTable1.xml", "xl/pivotCache/pivotCacheDefinition1.xml");
    let (link, table) = ("xl/externalLinks/externalLink1.xml", "xl/tables/table1.xml");
    let rows = "<s:row r=\"5\"><s:c r=\"A5\"><s:f>[1]GONE!A1</s:f><s:v>5</s:v></s:c></s:row><s:row r=\"6\"><s:c r=\"A6\"><s:f>GONE_name\
        </s:f><s:v>6</s:v></s:c></s:row><s:row r=\"7\"><s:c r=\"A7\"><s:f>GETPIVOTDATA(\"GONE\",A1)</s:f><s:v>7</s:v></s:c></s:row>\
        <s:row r=\"8\"><s:c r=\"A8\"><s:f>SUM(KEEP_table[2020])</s:f><s:v>8</s:v></s:c></s:row></s:sheetData>";
    workbook()
        .edit(BOOK, "</s:sheets>", "</s:sheets><s:externalReferences><s:externalReference r:id=\"rIdX\"/></s:externalReferences>")
        .edit(BOOK, "</s:definedNames>", "<s:definedName name=\"GONE_name\">[1]GONE!$A$1</s:definedName></s:definedNames>\
            <s:pivotCaches><s:pivotCache cacheId=\"1\" r:id=\"rIdP\"/></s:pivotCaches>")
        .edit(SHEET, "</s:sheetData>", rows)
        .edit(SHEET, "<s:legacyDrawing", "<s:tableParts><s:tablePart r:id=\"rIdT\"/></s:tableParts><s:legacyDrawing")
        .xml(cache, &format!("{excel}.pivotCacheDefinition"), "s:pivotCacheDefinition r:id=\"rId1\"", "<s:cacheFields><s:cacheField \
            name=\"a\"><s:sharedItems><s:s v=\"GONE-item\"/></s:sharedItems></s:cacheField></s:cacheFields>")
        .rel(BOOK, "rIdP", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
        .xml("xl/pivotCache/records1.xml", &format!("{excel}.pivotCacheRecords"), "s:pivotCacheRecords", "<s:r><s:s v=\"GONE-r\"/></s:r>")
        .rel(cache, "rId1", "pivotCacheRecords", "records1.xml")
        .xml(pivot, &format!("{excel}.pivotTable"), "s:pivotTableDefinition name=\"GONE-pivot\"", "<s:location ref=\"A5:B6\"/>")
        .rel(SHEET, "rIdPT", "pivotTable", "../pivotTables/pivotTable1.xml")
        .rel(pivot, "rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        .xml(link, &format!("{excel}.externalLink"), "s:externalLink", "<s:externalBook r:id=\"rId1\"><s:sheetDataSet><s:sheetData>\
            <s:row><s:cell r=\"A1\"><s:v>GONE-foreign</s:v></s:cell></s:row></s:sheetData></s:sheetDataSet></s:externalBook>")
        .rel(BOOK, "rIdX", "externalLink", "externalLinks/externalLink1.xml")
        .rel(link, "rId1", "externalLinkPath", "https://example.org/GONE-book.xlsx")
        .xml("xl/connections.xml", &format!("{excel}.connections"), "s:connections", "<s:connection name=\"GONE-c\"/>")
        .rel(BOOK, "rIdC", "connections", "connections.xml")
        .xml(
            table,
            &format!("{excel}.table"),
            "s:table name=\"KEEP_table\" tableType=\"queryTable\" connectionId=\"1\"",
            "<s:tableColumns><s:tableColumn id=\"1\" uniqueName=\"1\" name=\"2020\" queryTableFieldId=\"1\"/></s:tableColumns>",
        )
        .rel(SHEET, "rIdT", "table", "../tables/table1.xml")
        .xml("xl/queryTables/queryTable1.xml", &format!("{excel}.queryTable"), "s:queryTable", "<s:x n=\"GONE-query\"/>")
        .rel(table, "rId1", "queryTable", "../queryTables/queryTable1.xml")
}

#[test]
fn pivots_links_and_connections_are_held_or_removed() {
    let package = with_outside_data();
    let classes: BTreeSet<Class> = held(&package).into_iter().map(|(class, _)| class).collect();
    let expected = [Class::ContentCachedData, Class::ContentConnections, Class::LinksExternalContent];
    assert_eq!(classes, expected.into_iter().collect());
    let cleaned =
        clean_under(&package, &[("content.cached-data", "remove"), ("content.connections", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let (book, sheet) = (member(&cleaned.bytes, BOOK), member(&cleaned.bytes, SHEET));
    assert!(!book.contains("externalReference") && !book.contains("pivotCache"), "{book}");
    for row in [5, 6, 7] {
        assert!(sheet.contains(&format!("<s:c r=\"A{row}\"><s:v>{row}</s:v></s:c>")), "row {row} in {sheet}");
    }
    assert!(sheet.contains("<s:f>SUM(KEEP_table[2020])</s:f>"), "{sheet}");
    let table = member(&cleaned.bytes, "xl/tables/table1.xml");
    assert!(table.contains("<s:tableColumn id=\"1\" name=\"2020\"/>"), "{table}");
    assert!(!table.contains("queryTable") && !table.contains("connectionId"), "{table}");
}

#[test]
fn paths_leave_defined_names() {
    let package = workbook().edit(
        BOOK,
        "</s:definedNames>",
        "<s:definedName name=\"KEEP_path\">\"C:\\GONE\\x.csv\"</s:definedName></s:definedNames>",
    );
    let cleaned = clean_under(&package, &[]).unwrap();
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert!(member(&cleaned.bytes, BOOK).contains("<s:definedName name=\"KEEP_path\">#REF!</s:definedName>"));
}
