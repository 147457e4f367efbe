//! Charts over what is taken out of a workbook keep what they show.

use std::collections::BTreeSet;

use fieldstrip::policy::Class;

use crate::excel::{SHEET, clean_under, formatted, held_in, with_hidden_rows, with_hidden_sheet};
use crate::fixtures::Package;
use crate::{markers, member};

const CHART: &str = "xl/charts/chart1.xml";
const POINTS: &str = "<c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>";

/// A chart with this content on the first sheet.
fn with_chart(package: &Package, content: &str) -> Package {
    let drawing = "xl/drawings/drawing1.xml";
    let namespace = "http://schemas.openxmlformats.org/drawingml/2006";
    package
        .clone()
        .edit(SHEET, "<s:legacyDrawing", "<s:drawing r:id=\"rIdD\"/><s:legacyDrawing")
        .rel(SHEET, "rIdD", "drawing", "../drawings/drawing1.xml")
        .xml(
            drawing,
            "drawing",
            &format!("xdr:wsDr xmlns:xdr=\"{namespace}/spreadsheetDrawing\""),
            &format!("<c:chart xmlns:c=\"{namespace}/chart\" r:id=\"rId1\"/>"),
        )
        .rel(drawing, "rId1", "chart", "../charts/chart1.xml")
        .xml(CHART, "drawingml.chart", &format!("c:chartSpace xmlns:c=\"{namespace}/chart\""), content)
}

fn strings(formula: &str, value: &str) -> String {
    format!("<c:strRef><c:f>{formula}</c:f><c:strCache>{POINTS}{value}</c:v></c:pt></c:strCache></c:strRef>")
}

fn numbers(formula: &str, value: &str) -> String {
    format!(
        "<c:numRef><c:f>{formula}</c:f><c:numCache><c:formatCode>0.0</c:formatCode>{POINTS}{value}</c:v></c:pt></c:numCache></c:numRef>"
    )
}

fn series(name: &str, category: &str, value: &str) -> String {
    format!("<c:ser><c:tx>{name}</c:tx><c:cat>{category}</c:cat><c:val>{value}</c:val></c:ser>")
}

#[test]
fn charts_over_hidden_sheets_keep_their_values() {
    let lost = series(
        &strings("'GONE-sheet'!$A$1", "KEEP-name"),
        &strings("'GONE-sheet'!$A$2", "KEEP-category"),
        &numbers("GONE_name", "7"),
    );
    let stays =
        series(&strings("'KEEP-last'!$A$1", "a"), &strings("'KEEP-last'!$A$2", "b"), &numbers("KEEP_local", "8"));
    let package = with_chart(&with_hidden_sheet(), &format!("{lost}{stays}"));
    let cleaned = clean_under(&package, &[("content.hidden-sheets", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
    let literal = format!(
        "<c:ser><c:tx><c:v>KEEP-name</c:v></c:tx><c:cat><c:strLit>{POINTS}KEEP-category</c:v></c:pt></c:strLit></c:cat><c:val><c:numLit>\
         <c:formatCode>0.0</c:formatCode>{POINTS}7</c:v></c:pt></c:numLit></c:val></c:ser>{stays}"
    );
    let chart = member(&cleaned.bytes, CHART);
    assert!(chart.contains(&literal), "{chart}");
    let hit = cleaned.report.hits.iter().find(|hit| hit.item == "reference of a chart, kept as its values").unwrap();
    assert_eq!((hit.class, hit.count), (Class::ContentHiddenSheets, 3));
}

#[test]
fn charts_that_cannot_keep_their_values_hold_the_workbook() {
    let lost = "'GONE-sheet'!$A$1";
    let cases = [
        format!("<c:title><c:tx>{}</c:tx></c:title>", strings(lost, "x")),
        format!("<c:ser><c:val><c:numRef><c:f>{lost}</c:f></c:numRef></c:val></c:ser>"),
        format!("<c:ser><c:cat><c:multiLvlStrRef><c:f>{lost}</c:f></c:multiLvlStrRef></c:cat></c:ser>"),
        format!("<c:ser><c:val>{}</c:val></c:ser>", numbers(lost, &"7".repeat(9_000))),
    ];
    for content in cases {
        let package = with_chart(&with_hidden_sheet(), &content);
        let cleaned = clean_under(&package, &[("content.hidden-sheets", "remove")]).unwrap();
        assert!(
            held_in(&cleaned).contains(&(Class::ContentHiddenSheets, "not removed: a chart draws it")),
            "{content}"
        );
    }
}

#[test]
fn charts_over_concealed_cells_keep_their_values() {
    let styles = "<s:numFmts><s:numFmt numFmtId=\"164\" formatCode=\";;;\"/></s:numFmts><s:cellXfs><s:xf/><s:xf numFmtId=\"164\"/></s:cellXfs>";
    let sheet = formatted(styles, "<s:c r=\"C1\" s=\"1\"><s:v>7</s:v></s:c>");
    let package = with_chart(&sheet, &format!("<c:ser><c:val>{}</c:val></c:ser>", numbers("'KEEP-sheet'!$C$1", "7")));
    let cleaned = clean_under(&package, &[("content.hidden-text", "remove")]).unwrap();
    assert_eq!(held_in(&cleaned), []);
    assert!(member(&cleaned.bytes, CHART).contains("<c:val><c:numLit><c:formatCode>"));
    assert!(member(&cleaned.bytes, SHEET).contains("<s:c r=\"C1\" s=\"1\"></s:c>"));
}

#[test]
fn charts_that_draw_hidden_cells_keep_their_values() {
    let chart = |only: &str, reference: &str| {
        with_chart(&with_hidden_rows(), &format!("<c:chart><c:ser><c:val>{reference}</c:val></c:ser>{only}</c:chart>"))
    };
    let values = numbers("'KEEP-sheet'!$A$2", "7");
    for (only, literal) in [("<c:plotVisOnly val=\"0\"/>", true), ("<c:plotVisOnly val=\"1\"/>", false), ("", true)] {
        let cleaned = clean_under(&chart(only, &values), &[("content.hidden-rows", "remove")]).unwrap();
        assert_eq!(held_in(&cleaned), [], "{only}");
        assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{only}");
        let copy = member(&cleaned.bytes, CHART);
        assert_eq!(copy.contains("<c:numLit>"), literal, "{copy}");
        assert!(copy.contains("<c:v>7</c:v>"), "{copy}");
    }
    let levels = "<c:multiLvlStrRef><c:f>'KEEP-sheet'!$A$2</c:f></c:multiLvlStrRef>";
    let package = chart("<c:plotVisOnly val=\"0\"/>", levels);
    let cleaned = clean_under(&package, &[("content.hidden-rows", "remove")]).unwrap();
    assert!(held_in(&cleaned).contains(&(Class::ContentHiddenRows, "not removed: a chart draws it")));
}
