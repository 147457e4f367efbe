//! What a policy takes out of a workbook: the copy without it is proved, one that keeps, loses or changes more is refused.

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Policy, Reason};

use crate::fixtures::{Package, R, SHEET, X};

const BOOK: &str = "xl/workbook.xml";
const FIRST: &str = "xl/worksheets/sheet1.xml";

/// A workbook with these rows (and what follows them) on its sheet, these strings, and perhaps a hidden sheet with this cell.
fn book(rows: &str, strings: &str, back: Option<&str>) -> Package {
    let hidden = back.map_or("", |_| "<sheet name=\"Back\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/>");
    let sheet = |content: &str| format!("<worksheet xmlns=\"{X}\" xmlns:r=\"{R}\"><sheetData>{content}</worksheet>");
    let styles = format!(
        "<styleSheet xmlns=\"{X}\"><numFmts><numFmt numFmtId=\"164\" formatCode=\";;;\"/></numFmts><fonts><font/><font><color \
         rgb=\"FFFFFFFF\"/></font></fonts><fills><fill/></fills><cellXfs><xf/><xf numFmtId=\"164\"/><xf fontId=\"1\"/></cellXfs>\
         </styleSheet>"
    );
    let package = Package::new()
        .part(
            BOOK,
            &format!("{SHEET}.sheet.main+xml"),
            format!(
                "<workbook xmlns=\"{X}\" xmlns:r=\"{R}\"><sheets><sheet name=\"Main\" sheetId=\"1\" r:id=\"rId1\"/>{hidden}</sheets>\
                 </workbook>"
            ),
        )
        .relate("", "rId1", "officeDocument", BOOK)
        .part(FIRST, &format!("{SHEET}.worksheet+xml"), sheet(rows))
        .relate(BOOK, "rId1", "worksheet", "worksheets/sheet1.xml")
        .part("xl/styles.xml", &format!("{SHEET}.styles+xml"), styles)
        .relate(BOOK, "rId3", "styles", "styles.xml")
        .part(
            "xl/sharedStrings.xml",
            &format!("{SHEET}.sharedStrings+xml"),
            format!("<sst xmlns=\"{X}\">{strings}</sst>"),
        )
        .relate(BOOK, "rId4", "sharedStrings", "sharedStrings.xml");
    match back {
        Some(cell) => package
            .part(
                "xl/worksheets/sheet2.xml",
                &format!("{SHEET}.worksheet+xml"),
                sheet(&format!("<row r=\"1\">{cell}</row></sheetData>")),
            )
            .relate(BOOK, "rId2", "worksheet", "worksheets/sheet2.xml"),
        None => package,
    }
}

/// Proves a copy under a policy in which this class has this action; the refusal must be the proof's.
fn proves(class: &str, action: &str, original: &Package, copy: &Package, report: &Report) -> Result<(), String> {
    let text =
        format!("schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"{class}\" = \"{action}\"\n");
    let policy = Policy::from_toml(&text, "test").expect("policy");
    let spent = Spent::default();
    let context = Context::new(&policy, &spent);
    match prove(Kind::Xlsx, &original.write(), &copy.write(), report, &context) {
        Ok(_) => Ok(()),
        Err(refusal) => {
            assert_eq!(refusal.reason, Reason::Unprovable, "{refusal}");
            Err(refusal.to_string())
        }
    }
}

/// The true copy is proved, the others are refused.
fn judge(class: &str, action: &str, report: &Report, original: &Package, copy: &Package, cheats: &[(&str, Package)]) {
    assert_eq!(proves(class, action, original, copy, report), Ok(()), "{class}");
    for (name, cheat) in cheats {
        let answer = proves(class, action, original, cheat, report);
        assert!(answer.is_err(), "{class}, {name}: proved");
    }
}

const STRINGS: &str = "<si><t>seen</t></si><si><t>unseen</t></si>";
const EMPTIED: &str = "<si><t>seen</t></si><si></si>";

#[test]
fn hidden_sheets() {
    let rows = |b1: &str| {
        format!("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\">{b1}<v>84</v></c></row></sheetData>")
    };
    let back = Some("<c r=\"A1\" t=\"s\"><v>1</v></c>");
    let formula = "<f>Back!A2*2</f>";
    let original = book(&rows(formula), STRINGS, back);
    let copy = book(&rows(""), EMPTIED, None);
    let cheats = [
        ("the sheet left", original.clone()),
        ("the sheet left with the formula frozen", book(&rows(""), STRINGS, back)),
        ("the sheet shown", original.clone().replace(BOOK, " state=\"hidden\"", "")),
        ("a visible cell changed", copy.clone().replace(FIRST, "<v>84</v>", "<v>85</v>")),
        ("a visible cell lost", copy.clone().replace(FIRST, "<v>84</v>", "")),
        ("the formula left", book(&rows(formula), EMPTIED, None)),
        ("the string left", book(&rows(""), STRINGS, None)),
        ("a visible string emptied", book(&rows(""), "<si></si><si></si>", None)),
    ];
    judge("content.hidden-sheets", "remove", &Report::default(), &original, &copy, &cheats);
}

#[test]
fn sheets_of_macros() {
    let rows = |b1: &str| {
        format!("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\">{b1}<v>84</v></c></row></sheetData>")
    };
    let with_sheet = |package: Package, id: &str, place: &str, kind: &str| {
        let entry = format!("<sheet name=\"{id}\" sheetId=\"9\" r:id=\"{id}\"/></sheets>");
        let content = format!("<macrosheet xmlns=\"{X}\"><sheetData><row r=\"1\"/></sheetData></macrosheet>");
        package
            .replace(BOOK, "</sheets>", &entry)
            .part(&format!("xl/{place}"), &format!("application/vnd.ms-excel.{kind}+xml"), content)
            .relate(BOOK, id, if kind == "dialogsheet" { kind } else { "xlMacrosheet" }, place)
    };
    let all = |package| {
        let package = with_sheet(package, "Code", "macrosheets/sheet1.xml", "macrosheet");
        with_sheet(package, "Form", "dialogsheets/sheet1.xml", "dialogsheet")
    };
    let named = |package: Package| {
        let name = "<definedNames><definedName name=\"start\">Code!$A$1</definedName></definedNames></workbook>";
        package.replace(BOOK, "</workbook>", name)
    };
    let formula = "<f>Code!tax(2)</f>";
    let strings = "<si><t>seen</t></si>";
    let original = named(all(book(&rows(formula), strings, None)));
    let copy = book(&rows(""), strings, None);
    let cheats = [
        ("all left", original.clone()),
        ("the sheets left", all(copy.clone())),
        ("the dialog left", with_sheet(copy.clone(), "Form", "dialogsheets/sheet1.xml", "dialogsheet")),
        (
            "the sheet made an ordinary one",
            with_sheet(copy.clone(), "Code", "worksheets/sheet9.xml", "x").unrelate("xlMacrosheet").relate(
                BOOK,
                "Code",
                "worksheet",
                "worksheets/sheet9.xml",
            ),
        ),
        ("the formula left", book(&rows(formula), strings, None)),
        ("the name left", named(copy.clone())),
        ("a visible cell changed", copy.clone().replace(FIRST, "<v>84</v>", "<v>85</v>")),
    ];
    judge("active.macros", "remove", &Report::default(), &original, &copy, &cheats);
    let mut report = Report::default();
    report.hit(Class::ActiveMacros, Action::Hold, "not removed", "", 1, 0);
    assert_eq!(proves("active.macros", "remove", &original, &original, &report), Ok(()), "held");
}

#[test]
fn concealed_cells() {
    let rows = |a1: &str, b1: &str, c1: &str, d1: &str| {
        format!(
            "<row r=\"1\"><c r=\"A1\" t=\"s\">{a1}</c><c r=\"B1\" s=\"1\">{b1}</c><c r=\"C1\" s=\"2\"{c1}</c>\
             <c r=\"D1\">{d1}<v>8</v></c></row></sheetData>"
        )
    };
    let (a1, b1, c1, d1) = ("<v>0</v>", "<v>7</v>", " t=\"s\"><v>1</v>", "<f>B1+1</f>");
    let original = book(&rows(a1, b1, c1, d1), STRINGS, None);
    let copy = book(&rows(a1, "", ">", ""), EMPTIED, None);
    let cheats = [
        ("the `;;;` cell left", book(&rows(a1, b1, ">", ""), EMPTIED, None)),
        ("the white cell left", book(&rows(a1, "", c1, ""), STRINGS, None)),
        ("a visible cell emptied", book(&rows("", "", ">", ""), "<si></si><si></si>", None)),
        ("the formula left", book(&rows(a1, "", ">", d1), EMPTIED, None)),
        ("the string left", book(&rows(a1, "", ">", ""), STRINGS, None)),
        ("the value changed", book(&rows(a1, "<v>6</v>", ">", ""), EMPTIED, None)),
        ("the format lost", copy.clone().replace(FIRST, " s=\"2\"", "")),
    ];
    judge("content.hidden-text", "remove", &Report::default(), &original, &copy, &cheats);
    let condition =
        |package: Package| package.replace(FIRST, "</sheetData>", "</sheetData><conditionalFormatting sqref=\"C1\"/>");
    let answer = proves("content.hidden-text", "remove", &condition(original), &condition(copy), &Report::default());
    assert!(answer.is_err(), "a condition may have shown it");
}

#[test]
fn hidden_rows() {
    let rows = |a1: &str, a2: &str, a3: &str| {
        format!(
            "<row r=\"1\"><c r=\"A1\"><v>{a1}</v></c></row><row r=\"2\" ht=\"0\">{a2}</row><row r=\"3\"><c r=\"A3\">{a3}<v>3</v></c>\
             </row></sheetData>"
        )
    };
    let (hidden, formula) = ("<c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\" t=\"s\"><v>0</v></c>", "<f>A1+1</f>");
    let original = book(&rows("2", hidden, formula), STRINGS, None);
    let empty = "<si></si><si></si>";
    let copy = book(&rows("2", "", ""), empty, None);
    let cheats = [
        ("the cells left", book(&rows("2", hidden, ""), STRINGS, None)),
        ("a cell left", book(&rows("2", "<c r=\"A2\" t=\"s\"><v>1</v></c>", ""), STRINGS, None)),
        ("the formula left", book(&rows("2", "", formula), empty, None)),
        ("a visible cell changed", book(&rows("1", "", ""), empty, None)),
        ("the row shown", copy.clone().replace(FIRST, " ht=\"0\"", "")),
        ("the string left", book(&rows("2", "", ""), STRINGS, None)),
    ];
    judge("content.hidden-rows", "remove", &Report::default(), &original, &copy, &cheats);
}

#[test]
fn headers_of_tables_in_hidden_rows() {
    let rows = |a2: &str| {
        format!(
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\" hidden=\"1\">{a2}</row></sheetData><tableParts><tablePart \
             r:id=\"rIdT\"/></tableParts>"
        )
    };
    let with_table = |rows: &str, strings: &str, range: &str| {
        let table = format!("<table xmlns=\"{X}\" name=\"T\" ref=\"{range}\"><tableColumns/></table>");
        book(rows, strings, None).part("xl/tables/table1.xml", &format!("{SHEET}.table+xml"), table).relate(
            FIRST,
            "rIdT",
            "table",
            "../tables/table1.xml",
        )
    };
    let full = rows("<c r=\"A2\" t=\"s\"><v>0</v></c>");
    let proof = |range: &str| {
        let (original, copy) =
            (with_table(&full, "<si><t>x</t></si>", range), with_table(&rows(""), "<si></si>", range));
        proves("content.hidden-rows", "remove", &original, &copy, &Report::default())
    };
    assert_eq!(proof("A1:A3"), Ok(()), "data of the table");
    assert!(proof("A2:A3").is_err_and(|refusal| refusal.contains("a table lost the cells")));
}

#[test]
fn filters_of_rows_that_are_shown() {
    let rows = |hidden: &str, condition: &str| {
        format!(
            "<row r=\"1\"{hidden}><c r=\"A1\"><v>1</v></c></row></sheetData><autoFilter ref=\"A1:A2\"><filterColumn colId=\"0\" \
             hiddenButton=\"1\">{condition}</filterColumn></autoFilter>"
        )
    };
    let condition = "<filters><filter val=\"2\"/></filters>";
    let original = book(&rows(" hidden=\"1\"", condition), "", None);
    let copy = book(&rows("", ""), "", None);
    let cheats = [
        ("the row left", book(&rows(" hidden=\"1\"", ""), "", None)),
        ("the condition left", book(&rows("", condition), "", None)),
        ("the button shown", copy.clone().replace(FIRST, "hiddenButton=\"1\"", "")),
        ("the filter lost", copy.clone().replace(FIRST, " ref=\"A1:A2\"", "")),
    ];
    let mut report = Report::default();
    report.hit(Class::ContentHiddenRows, Action::Remove, "condition of a filter", FIRST, 1, 0);
    judge("content.hidden-rows", "unhide", &report, &original, &copy, &cheats);
    assert!(proves("content.hidden-rows", "unhide", &original, &copy, &Report::default()).is_err(), "unreported");
}

/// A chart on the sheet, whose series has this name and these values.
fn with_chart(package: Package, name: &str, values: &str) -> Package {
    let (drawing, chart) = ("xl/drawings/drawing1.xml", "http://schemas.openxmlformats.org/drawingml/2006/chart");
    package
        .replace(FIRST, "</sheetData>", "</sheetData><drawing r:id=\"rIdD\"/>")
        .relate(FIRST, "rIdD", "drawing", "../drawings/drawing1.xml")
        .part(drawing, "application/xml", format!("<d><c:chart xmlns:c=\"{chart}\" xmlns:r=\"{R}\" r:id=\"rId1\"/></d>"))
        .relate(drawing, "rId1", "chart", "../charts/chart1.xml")
        .part(
            "xl/charts/chart1.xml",
            "application/xml",
            format!("<c:chartSpace xmlns:c=\"{chart}\"><c:ser><c:tx>{name}</c:tx><c:val>{values}</c:val></c:ser></c:chartSpace>"),
        )
}

#[test]
fn charts_over_hidden_sheets() {
    let rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>";
    let points = "<c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>seven</c:v></c:pt>";
    let name = format!("<c:strRef><c:f>Back!A1</c:f><c:strCache>{points}</c:strCache></c:strRef>");
    let values = format!("<c:numRef><c:f>Back!A1</c:f><c:numCache>{points}</c:numCache></c:numRef>");
    let literal = format!("<c:numLit>{points}</c:numLit>");
    let original = with_chart(book(rows, "", Some("<c r=\"A1\"><v>7</v></c>")), &name, &values);
    let copy = |name: &str, values: &str| with_chart(book(rows, "", None), name, values);
    let text = "<c:v>seven</c:v>";
    let cheats = [
        ("a reference left", copy(text, &values)),
        ("the reference of the name left", copy(&name, &literal)),
        ("the name changed", copy("<c:v>eight</c:v>", &literal)),
        ("the name lost", copy("", &literal)),
        ("a value changed", copy(text, &literal.replace("seven", "eight"))),
        ("a point lost", copy(text, "<c:numLit><c:ptCount val=\"1\"/></c:numLit>")),
        ("numbers as texts", copy(text, &literal.replace("numLit", "strLit"))),
    ];
    judge("content.hidden-sheets", "remove", &Report::default(), &original, &copy(text, &literal), &cheats);
}

#[test]
fn charts_that_draw_hidden_rows() {
    let rows = |a2: &str| {
        format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\" hidden=\"1\">{a2}</row></sheetData>")
    };
    let points = "<c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>7</c:v></c:pt>";
    let values = format!("<c:numRef><c:f>Main!A2</c:f><c:numCache>{points}</c:numCache></c:numRef>");
    let literal = format!("<c:numLit>{points}</c:numLit>");
    let chart = |rows: &str, values: &str, only: &str| {
        with_chart(book(rows, "", None), "", values).replace(
            "xl/charts/chart1.xml",
            "</c:chartSpace>",
            &format!("{only}</c:chartSpace>"),
        )
    };
    let full = rows("<c r=\"A2\"><v>7</v></c>");
    for (only, true_copy, cheat) in [
        ("<c:plotVisOnly val=\"0\"/>", &literal, &values),
        ("", &literal, &values),
        ("<c:plotVisOnly val=\"1\"/>", &values, &literal),
    ] {
        let original = chart(&full, &values, only);
        let copy = chart(&rows(""), true_copy, only);
        let cheats = [
            ("references and values mixed up", chart(&rows(""), cheat, only)),
            ("a value changed", chart(&rows(""), &true_copy.replace(">7<", ">8<"), only)),
        ];
        judge("content.hidden-rows", "remove", &Report::default(), &original, &copy, &cheats);
    }
}

#[test]
fn pivot_tables_and_their_slicers() {
    let rows = "<row r=\"3\"><c r=\"A3\"><v>7</v></c></row></sheetData><drawing r:id=\"rIdD\"/>";
    let place = |content: &str| format!("<xdr:twoCellAnchor>{content}</xdr:twoCellAnchor>");
    let slicer = place("<sle:slicer xmlns:sle=\"urn:slicer\" name=\"Region 1\"/>");
    let shape = place("<xdr:sp/>");
    let drawn = |content: &str| {
        let (drawing, namespace) =
            ("xl/drawings/drawing1.xml", "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing");
        book(rows, "", None)
            .part(drawing, "application/xml", format!("<xdr:wsDr xmlns:xdr=\"{namespace}\">{content}</xdr:wsDr>"))
            .relate(FIRST, "rIdD", "drawing", "../drawings/drawing1.xml")
    };
    let named = |package: Package| {
        let name = "<definedNames><definedName name=\"Slicer_Region\">#N/A</definedName></definedNames></workbook>";
        package.replace(BOOK, "</workbook>", name)
    };
    let pivot = |numbers: &str| {
        format!(
            "<pivotTableDefinition xmlns=\"{X}\"><location ref=\"A3:B9\"/><dataField {numbers}/></pivotTableDefinition>"
        )
    };
    let original = |numbers: &str| {
        named(drawn(&format!("{slicer}{shape}")))
            .part("xl/pivotTables/pivotTable1.xml", "application/xml", pivot(numbers))
            .relate(FIRST, "rIdP", "pivotTable", "../pivotTables/pivotTable1.xml")
            .part("xl/slicerCaches/a.xml", "application/xml", "<slicerCacheDefinition name=\"Slicer_Region\"/>")
            .relate(BOOK, "rIdC", "slicerCache", "slicerCaches/a.xml")
            .part(
                "xl/slicers/a.xml",
                "application/xml",
                "<slicers><slicer name=\"Region 1\" cache=\"Slicer_Region\"/></slicers>",
            )
            .relate(FIRST, "rIdS", "slicer", "../slicers/a.xml")
    };
    let copy = drawn(&shape);
    let cheats = [
        ("all left", original("")),
        ("the frame left", drawn(&format!("{slicer}{shape}"))),
        ("a shape lost", drawn("")),
        ("the name left", named(copy.clone())),
        ("a value lost", copy.clone().replace(FIRST, "<v>7</v>", "")),
    ];
    judge("content.cached-data", "remove", &Report::default(), &original(""), &copy, &cheats);
    let answer = proves("content.cached-data", "remove", &original("numFmtId=\"6\""), &copy, &Report::default());
    assert!(answer.is_err(), "the number format is lost");
}
