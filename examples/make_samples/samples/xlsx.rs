//! An Excel workbook: a budget with a hidden sheet, the path it was saved under, and printer settings.

use anyhow::Result;

use super::package::Package;
use super::story;

const NAMESPACES: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const MAIN: &str = "xl/workbook.xml";

pub(crate) fn budget() -> Result<Vec<u8>> {
    let mut package = Package::new(MAIN, "spreadsheetml.sheet.main", "Microsoft Excel")?;
    for (kind, target) in [
        ("worksheet", "xl/worksheets/sheet1.xml"),
        ("worksheet", "xl/worksheets/sheet2.xml"),
        ("styles", "xl/styles.xml"),
        ("sharedStrings", "xl/sharedStrings.xml"),
    ] {
        package.relate(MAIN, kind, target);
    }
    package.relate("xl/worksheets/sheet1.xml", "printerSettings", "xl/printerSettings/printerSettings1.bin");

    let folder = story::FOLDER;
    package.xml(
        MAIN,
        &format!(
            r#"<workbook {NAMESPACES} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><workbookPr/><mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="{folder}" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent><sheets><sheet name="Budget" sheetId="1" r:id="rId1"/><sheet name="Offers" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>"#
        ),
    );
    let strings = ["Item", "Sum in EUR", "Repair of the quay", "Lighting", "Total", "Supplier", "Offer in EUR"];
    let all: Vec<&str> = strings.into_iter().chain([story::SUPPLIER, "Specimen Docks GmbH"]).collect();
    let entries: String = all.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let count = all.len();

    let rows = [
        row(1, &[text(0, 1), text(1, 1)]),
        row(2, &[text(2, 0), "<v>1200000</v>".to_owned()]),
        row(3, &[text(3, 0), "<v>45000</v>".to_owned()]),
        row(4, &[text(4, 1), "<f>SUM(B2:B3)</f><v>1245000</v>".to_owned()]),
    ];
    package.typed(
        "xl/worksheets/sheet1.xml",
        "spreadsheetml.worksheet",
        &sheet(&rows, r#"<pageSetup paperSize="9" orientation="portrait" r:id="rId1"/>"#),
    );
    let rows = [
        row(1, &[text(5, 1), text(6, 1)]),
        row(2, &[text(7, 0), "<v>1250000</v>".to_owned()]),
        row(3, &[text(8, 0), "<v>1310000</v>".to_owned()]),
    ];
    package.typed("xl/worksheets/sheet2.xml", "spreadsheetml.worksheet", &sheet(&rows, ""));
    package.typed("xl/styles.xml", "spreadsheetml.styles", &styles());
    package.typed(
        "xl/sharedStrings.xml",
        "spreadsheetml.sharedStrings",
        &format!(r#"<sst {NAMESPACES} count="{count}" uniqueCount="{count}">{entries}</sst>"#),
    );
    package.binary("xl/printerSettings/printerSettings1.bin", printer_settings());
    package.finish()
}

/// A cell's content that refers to a shared string, with the style that is given behind it.
fn text(string: usize, style: u32) -> String {
    format!(r#"{style}|<v>{string}</v>"#)
}

/// A row of cells in columns A, B, …; see [`text`] for those that hold text.
fn row(number: u32, cells: &[String]) -> String {
    let cells: String = ('A'..='Z')
        .zip(cells)
        .map(|(column, cell)| match cell.split_once('|') {
            Some((style, value)) => format!(r#"<c r="{column}{number}" s="{style}" t="s">{value}</c>"#),
            None => format!(r#"<c r="{column}{number}" s="2">{cell}</c>"#),
        })
        .collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

fn sheet(rows: &[String], page_setup: &str) -> String {
    format!(
        r#"<worksheet {NAMESPACES}><cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="16" customWidth="1"/></cols><sheetData>{}</sheetData>{page_setup}</worksheet>"#,
        rows.concat()
    )
}

fn styles() -> String {
    format!(
        r#"<styleSheet {NAMESPACES}><fonts count="2"><font><sz val="11"/><name val="Liberation Sans"/></font><font><b/><sz val="11"/><name val="Liberation Sans"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#
    )
}

/// A printer's device mode: its name in UTF-16, then settings.
fn printer_settings() -> Vec<u8> {
    let mut name: Vec<u8> = story::PRINTER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    name.resize(64, 0);
    [name.as_slice(), &[0x01, 0x04, 0x06, 0x00, 0xDC, 0x00, 0x00, 0x00], &[0; 148]].concat()
}
