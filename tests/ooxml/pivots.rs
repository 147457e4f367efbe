//! Pivot tables that go: their slicers and timelines with them, and what cells cannot do without holds the workbook.

use std::collections::BTreeSet;

use fieldstrip::policy::Class;

use crate::excel::{BOOK, SHEET, clean_under, held_in, with_outside_data};
use crate::fixtures::Package;
use crate::{markers, member};

const KIND: &str = "http://schemas.microsoft.com/office/2007/relationships";
const MAIN: &str = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main";
const DRAWING: &str = "xl/drawings/drawing1.xml";

/// A place in the drawing of a sheet that shows the slicer of this name, for programs that know slicers or not.
fn frame(name: &str) -> String {
    format!(
        "<xdr:twoCellAnchor><mc:AlternateContent><mc:Choice Requires=\"a14\"><xdr:graphicFrame><a:graphicData><sle:slicer \
         xmlns:sle=\"http://schemas.microsoft.com/office/drawing/2010/slicer\" name=\"{name}\"/></a:graphicData></xdr:graphicFrame>\
         </mc:Choice><mc:Fallback><xdr:sp><a:t>{name}-fallback</a:t></xdr:sp></mc:Fallback></mc:AlternateContent></xdr:twoCellAnchor>"
    )
}

fn cache(name: &str, content: &str) -> String {
    format!("<x14:slicerCacheDefinition xmlns:x14=\"{MAIN}\" name=\"{name}\">{content}</x14:slicerCacheDefinition>")
}

fn slicers(of: &[(&str, &str)]) -> String {
    let list: String =
        of.iter().map(|(name, cache)| format!("<x14:slicer name=\"{name}\" cache=\"{cache}\"/>")).collect();
    format!("<x14:slicers xmlns:x14=\"{MAIN}\">{list}</x14:slicers>")
}

/// A workbook with a pivot table, its slicer, and the slicer of a table.
fn with_slicers() -> Package {
    let extension = |list: &str, element: &str, id: &str| {
        format!(
            "<s:ext uri=\"{{{id}}}\"><x14:{list} xmlns:x14=\"{MAIN}\"><x14:{element} r:id=\"{id}\"/></x14:{list}></s:ext>"
        )
    };
    let part = |package: Package, name: &str, text: &str| package.part(name, "application/xml", text.as_bytes());
    let caches = format!(
        "{}{}",
        extension("slicerCaches", "slicerCache", "rIdS1"),
        extension("slicerCaches", "slicerCache", "rIdS2")
    );
    let lists = format!("{}{}", extension("slicerList", "slicer", "rIdL1"), extension("slicerList", "slicer", "rIdL2"));
    let names = "<s:definedName name=\"GONE_Slicer\">#N/A</s:definedName><s:definedName name=\"KEEP_Slicer\">#N/A</s:definedName>";
    let table = "<x14:extLst><x15:tableSlicerCache xmlns:x15=\"http://schemas.microsoft.com/office/spreadsheetml/2010/11/main\" \
                 tableId=\"1\"/></x14:extLst>";
    let row =
        "<s:row r=\"30\"><s:c r=\"A30\"><s:f>CUBESET(\"x\",GONE_Slicer)</s:f><s:v>30</s:v></s:c></s:row></s:sheetData>";
    let package = with_outside_data()
        .edit(BOOK, "</s:definedNames>", &format!("{names}</s:definedNames>"))
        .edit(BOOK, "</s:pivotCaches>", &format!("</s:pivotCaches><s:extLst>{caches}</s:extLst>"))
        .rel(BOOK, "rIdS1", &format!("{KIND}/slicerCache"), "slicerCaches/slicerCache1.xml")
        .rel(BOOK, "rIdS2", &format!("{KIND}/slicerCache"), "slicerCaches/slicerCache2.xml")
        .edit(SHEET, "</s:sheetData>", row)
        .edit(SHEET, "<s:legacyDrawing", "<s:drawing r:id=\"rIdD\"/><s:legacyDrawing")
        .edit(SHEET, "</s:worksheet>", &format!("<s:extLst>{lists}</s:extLst></s:worksheet>"))
        .rel(SHEET, "rIdL1", &format!("{KIND}/slicer"), "../slicers/slicer1.xml")
        .rel(SHEET, "rIdL2", &format!("{KIND}/slicer"), "../slicers/slicer2.xml")
        .rel(SHEET, "rIdD", "drawing", "../drawings/drawing1.xml")
        .xml(
            DRAWING,
            "drawing",
            "xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\"",
            &format!("{}{}", frame("GONE-slicer"), frame("KEEP-slicer")),
        );
    let package = part(package, "xl/slicerCaches/slicerCache1.xml", &cache("GONE_Slicer", "<x14:pivotTables/>"));
    let package = part(package, "xl/slicerCaches/slicerCache2.xml", &cache("KEEP_Slicer", table));
    let package = part(package, "xl/slicers/slicer1.xml", &slicers(&[("GONE-slicer", "GONE_Slicer")]));
    part(package, "xl/slicers/slicer2.xml", &slicers(&[("KEEP-slicer", "KEEP_Slicer"), ("GONE-other", "GONE_Slicer")]))
}

#[test]
fn slicers_of_pivot_tables_go_with_them() {
    let package = with_slicers();
    let policy = [("content.cached-data", "remove"), ("content.connections", "remove")];
    let cleaned = clean_under(&package, &policy).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let (book, sheet) = (member(&cleaned.bytes, BOOK), member(&cleaned.bytes, SHEET));
    for (part, gone, stays) in [(&book, "rIdS1", "rIdS2"), (&sheet, "rIdL1", "rIdL2")] {
        assert!(!part.contains(gone) && part.contains(&format!("<s:extLst><s:ext uri=\"{{{stays}}}\">")), "{part}");
    }
    assert!(sheet.contains("<s:c r=\"A30\"><s:v>30</s:v></s:c>"), "{sheet}");
    let lone = package.edit(DRAWING, &frame("KEEP-slicer"), "").edit(DRAWING, "twoCellAnchor", "grpSp");
    let cleaned = clean_under(&lone, &policy).unwrap();
    let why = "not removed: a slicer or timeline is part of a group";
    assert!(held_in(&cleaned).contains(&(Class::ContentCachedData, why)), "{:?}", held_in(&cleaned));
}

#[test]
fn what_cells_have_from_their_pivot_table_holds_the_workbook() {
    let pivot = "xl/pivotTables/pivotTable1.xml";
    let location = "<s:location ref=\"A5:B6\"/>";
    let fields = format!("{location}<s:dataFields><s:dataField numFmtId=\"6\"/></s:dataFields>");
    let cases = [
        (with_outside_data().edit(pivot, location, &fields), "a pivot table gives its cells their number format"),
        (with_outside_data().edit(pivot, "A5:B6", "H5:J6"), "a pivot table is filled only when it is opened"),
    ];
    for (package, why) in cases {
        let cleaned = clean_under(&package, &[("content.cached-data", "remove")]).unwrap();
        let expected = format!("not removed: {why}");
        let held = held_in(&cleaned);
        assert!(held.contains(&(Class::ContentCachedData, expected.as_str())), "{why}: {held:?}");
    }
}
