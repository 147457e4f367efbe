//! Sheets of macros and dialogs go with the macros, and what refers to them is frozen.

use std::collections::BTreeSet;

use fieldstrip::Kind;
use fieldstrip::policy::Class;

use crate::excel::{BOOK, SHEET, clean_under, held_in};
use crate::fixtures::{Package, workbook};
use crate::{markers, member};

const MICROSOFT: &str = "http://schemas.microsoft.com/office/2006/relationships";
const REMOVE: &[(&str, &str)] = &[("active.macros", "remove")];

/// A sheet of macros before the first sheet, one for other languages, hidden, and a dialog.
fn with_macro_sheets() -> Package {
    let sheet = |text: &str| {
        format!(
            "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\" t=\"inlineStr\"><s:is><s:t>{text}</s:t></s:is></s:c></s:row></s:sheetData>"
        )
    };
    let excel = "application/vnd.ms-excel";
    workbook()
        .retype("spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
        .edit(
            BOOK,
            "<s:sheets>",
            "<s:bookViews><s:workbookView firstSheet=\"0\" activeTab=\"1\"/></s:bookViews><s:sheets>\
             <s:sheet name=\"GONE-macros\" sheetId=\"7\" r:id=\"rIdM\"/>",
        )
        .edit(
            BOOK,
            "</s:sheets>",
            "<s:sheet name=\"GONE-other\" state=\"veryHidden\" sheetId=\"8\" r:id=\"rIdI\"/>\
             <s:sheet name=\"GONE-dialog\" sheetId=\"9\" r:id=\"rIdD\"/></s:sheets>",
        )
        .edit(
            BOOK,
            "</s:definedNames>",
            "<s:definedName name=\"_xlnm.Auto_Open_GONE\">'GONE-macros'!$A$1</s:definedName>\
             <s:definedName name=\"GONE_function\" function=\"1\" xlm=\"1\">GONE_code</s:definedName>\
             <s:definedName name=\"KEEP_local\" localSheetId=\"1\">'KEEP-sheet'!$A$1</s:definedName></s:definedNames>",
        )
        .edit(
            SHEET,
            "</s:sheetData>",
            "<s:row r=\"5\"><s:c r=\"A5\"><s:f>'GONE-macros'!GONE_tax(3)</s:f><s:v>50</s:v></s:c>\
             <s:c r=\"B5\"><s:f>GONE_function(3)</s:f><s:v>51</s:v></s:c>\
             <s:c r=\"C5\"><s:f>SUM(KEEP_local)</s:f><s:v>52</s:v></s:c></s:row></s:sheetData>",
        )
        .xml("xl/macrosheets/sheet1.xml", &format!("{excel}.macrosheet+xml"), "s:worksheet", &sheet("GONE-code"))
        .rel(BOOK, "rIdM", &format!("{MICROSOFT}/xlMacrosheet"), "macrosheets/sheet1.xml")
        .xml("xl/macrosheets/sheet2.xml", &format!("{excel}.intlmacrosheet+xml"), "s:worksheet", &sheet("GONE-code"))
        .rel(BOOK, "rIdI", &format!("{MICROSOFT}/xlIntlMacrosheet"), "macrosheets/sheet2.xml")
        .xml(
            "xl/dialogsheets/sheet1.xml",
            "spreadsheetml.dialogsheet",
            "s:dialogsheet",
            "<s:headerFooter><s:oddHeader>GONE-form</s:oddHeader></s:headerFooter>",
        )
        .rel(BOOK, "rIdD", "dialogsheet", "dialogsheets/sheet1.xml")
}

#[test]
fn they_are_removed_and_the_workbook_has_no_macros() {
    let package = with_macro_sheets();
    let cleaned = clean_under(&package, REMOVE).unwrap();
    assert_eq!((cleaned.kind, held_in(&cleaned)), (Kind::Xlsx, vec![]));
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let (book, sheet) = (member(&cleaned.bytes, BOOK), member(&cleaned.bytes, SHEET));
    assert!(book.contains("<s:sheets><s:sheet name=\"KEEP-sheet\" sheetId=\"1\" r:id=\"rId1\"/></s:sheets>"), "{book}");
    assert!(book.contains("<s:workbookView firstSheet=\"0\" activeTab=\"0\"/>"), "{book}");
    assert!(book.contains("name=\"KEEP_local\" localSheetId=\"0\""), "{book}");
    let row =
        "<s:c r=\"A5\"><s:v>50</s:v></s:c><s:c r=\"B5\"><s:v>51</s:v></s:c><s:c r=\"C5\"><s:f>SUM(KEEP_local)</s:f>";
    assert!(sheet.contains(row), "{sheet}");
}

#[test]
fn a_hidden_sheet_does_not_come_to_the_front() {
    let sheet = "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\"><s:v>3</s:v></s:c></s:row></s:sheetData>";
    let package = with_macro_sheets()
        .edit(BOOK, "activeTab=\"1\"", "activeTab=\"0\"")
        .edit(
            BOOK,
            "<s:sheet name=\"KEEP-sheet\"",
            "<s:sheet name=\"Back\" state=\"hidden\" sheetId=\"2\" r:id=\"rIdH\"/>\
            <s:sheet name=\"KEEP-sheet\"",
        )
        .edit(BOOK, "localSheetId=\"1\"", "localSheetId=\"2\"")
        .xml("xl/worksheets/sheet2.xml", "spreadsheetml.worksheet", "s:worksheet", sheet)
        .rel(BOOK, "rIdH", "worksheet", "worksheets/sheet2.xml");
    let cleaned = clean_under(&package, REMOVE).unwrap();
    assert_eq!(held_in(&cleaned), [(Class::ContentHiddenSheets, "hidden sheet")]);
    assert!(member(&cleaned.bytes, BOOK).contains("<s:workbookView firstSheet=\"1\" activeTab=\"1\"/>"));
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
}

#[test]
fn what_cannot_do_without_them_holds_the_workbook() {
    let row = "<s:row r=\"40\"><s:c r=\"A40\"><s:f>GONE_function()</s:f></s:c></s:row></s:sheetData>";
    let formula = with_macro_sheets().edit(SHEET, "</s:sheetData>", row);
    let hidden = with_macro_sheets().edit(BOOK, "name=\"KEEP-sheet\"", "name=\"KEEP-sheet\" state=\"hidden\"");
    let cases = [
        (formula, "not removed: a formula that refers to it has no stored value"),
        (hidden.clone(), "not removed: no sheet would be left"),
    ];
    for (package, item) in cases {
        let cleaned = clean_under(&package, REMOVE).unwrap();
        assert_eq!(cleaned.kind, Kind::Xlsm);
        assert!(held_in(&cleaned).contains(&(Class::ActiveMacros, item)), "{item}");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-code"), "all or nothing");
    }
    let shown = clean_under(&hidden, &[("active.macros", "remove"), ("content.hidden-sheets", "unhide")]).unwrap();
    assert_eq!((shown.kind, held_in(&shown)), (Kind::Xlsx, vec![]));
}
