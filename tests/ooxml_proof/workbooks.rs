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
    let text = format!(
        "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"content.{class}\" = \"{action}\"\n"
    );
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
        println!("{class}, {name}: {answer:?}");
        assert!(answer.is_err(), "{class}: {name}");
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
    judge("hidden-sheets", "remove", &Report::default(), &original, &copy, &cheats);
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
    judge("hidden-text", "remove", &Report::default(), &original, &copy, &cheats);
    let condition =
        |package: Package| package.replace(FIRST, "</sheetData>", "</sheetData><conditionalFormatting sqref=\"C1\"/>");
    let answer = proves("hidden-text", "remove", &condition(original), &condition(copy), &Report::default());
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
    judge("hidden-rows", "remove", &Report::default(), &original, &copy, &cheats);
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
    judge("hidden-rows", "unhide", &report, &original, &copy, &cheats);
    assert!(proves("hidden-rows", "unhide", &original, &copy, &Report::default()).is_err(), "unreported");
}
