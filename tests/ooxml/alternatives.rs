//! Where a policy lets a thing be removed, it is gone, what is seen stays, and the proof agrees.

use std::collections::BTreeSet;

use fieldstrip::policy::{Action, Class};
use fieldstrip::{Cleaned, Kind, Policy};

use crate::fixtures::{Package, document, presentation, workbook};
use crate::{markers, member, policy};

/// The default policy with one class changed.
pub fn with(class: &str, action: &str) -> Policy {
    let text =
        format!("schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"{class}\" = \"{action}\"\n");
    Policy::from_toml(&text, "test.toml").unwrap()
}

/// Classes for which the copy is held.
pub fn held(cleaned: &Cleaned) -> BTreeSet<Class> {
    let hits = cleaned.report.all_hits().into_iter();
    hits.filter(|hit| hit.action == Action::Hold).map(|hit| hit.class).collect()
}

/// Cleans and proves twice: no marker to go is left, all to be kept are, nothing is held, the second time nothing changes.
pub fn removed(name: &str, package: &Package, policy: &Policy) -> Cleaned {
    let original = package.write();
    let cleaned = fieldstrip::clean(&original, name, policy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{name}");
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&original, "KEEP"), "{name}");
    assert_eq!(held(&cleaned), BTreeSet::new(), "{name}: {:#?}", cleaned.report.all_hits());
    let again = fieldstrip::clean(&cleaned.bytes, name, policy).unwrap();
    assert!(again.bytes == cleaned.bytes, "{name}: cleaning again changes bytes");
    assert!(again.report.hits.is_empty(), "{name}: {:?}", again.report.hits);
    cleaned
}

const CHART: &str = "<c:chart><c:plotArea><c:ser><c:val><c:numRef><c:f>Sheet1!$A$1</c:f><c:numCache><c:pt idx=\"0\"><c:v>KEEP-7</c:v>\
    </c:pt></c:numCache></c:numRef></c:val></c:ser></c:plotArea></c:chart>\
    <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData>";

/// A package with a chart in one of its parts.
fn with_chart(package: Package, from: &str, end: &str) -> Package {
    let graphic = "<a:graphicData uri=\"chart\"><c:chart r:id=\"rIdChart\" \
                   xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"/></a:graphicData>";
    let chart = "charts/chart1.xml";
    let namespace = "c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"";
    package.edit(from, end, &format!("{graphic}{end}")).rel(from, "rIdChart", "chart", &format!("/{chart}")).xml(
        chart,
        "drawingml.chart",
        namespace,
        CHART,
    )
}

#[test]
fn the_workbook_behind_a_chart_goes_and_the_chart_stays() {
    let cases = [
        ("a.docx", document(), "word/document.xml", "</w:body>"),
        ("a.pptx", presentation(), "ppt/slides/slide1.xml", "</p:spTree>"),
        ("a.xlsx", workbook(), "xl/worksheets/sheet1.xml", "<s:legacyDrawing"),
    ];
    let inside =
        workbook().edit("xl/workbook.xml", "KEEP", "GONE").edit("xl/sharedStrings.xml", "KEEP", "GONE").write();
    for (name, package, from, end) in cases {
        let chart = with_chart(package, from, end);
        let with_source = chart.clone().rel("charts/chart1.xml", "rId1", "package", "/embeddings/GONE.xlsx").part(
            "embeddings/GONE.xlsx",
            "application/x",
            &inside,
        );
        let cleaned = removed(name, &with_source, &policy());
        assert!(!member(&cleaned.bytes, "charts/chart1.xml").contains("externalData"));
        let gone = cleaned.report.hits.iter().find(|hit| hit.class == Class::EmbeddedDocuments).unwrap();
        assert_eq!(gone.action, Action::Remove);
        let binary = chart.clone().rel("charts/chart1.xml", "rId1", "oleObject", "/embeddings/GONE.bin").part(
            "embeddings/GONE.bin",
            "",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 GONE",
        );
        removed(name, &binary, &policy());
        let linked = chart.rel("charts/chart1.xml", "rId1", "oleObject", "file:///C:/GONE/book.xlsx");
        removed(name, &linked, &policy());
        let kept = with_source.edit("charts/chart1.xml", "KEEP", "KEPT");
        for action in ["hold", "keep"] {
            let cleaned = fieldstrip::clean(&kept.write(), name, &with("embedded.documents", action)).unwrap();
            assert!(member(&cleaned.bytes, "charts/chart1.xml").contains("externalData"), "{name} {action}");
            assert_eq!(held(&cleaned).contains(&Class::EmbeddedDocuments), action == "hold");
        }
    }
}

#[test]
fn a_document_in_a_document_is_held() {
    let slide = "ppt/slides/slide1.xml";
    let package = presentation()
        .edit(slide, "</p:cSld>", "<p:oleObj r:id=\"rIdE\"/></p:cSld>")
        .part("ppt/embeddings/a.docx", "application/x", &document().write())
        .rel(slide, "rIdE", "package", "../embeddings/a.docx");
    let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &policy()).unwrap();
    assert_eq!(held(&cleaned), BTreeSet::from([Class::EmbeddedDocuments]));
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
}

const VBA: &str = "http://schemas.microsoft.com/office/2006/relationships/vbaProject";

/// A package with macros: the project, what belongs to it, and a main part of a type that may have them.
fn with_macros(package: Package, main: &str, plain: &str, with: &str) -> Package {
    let folder = main.split('/').next().unwrap();
    let project = format!("{folder}/vbaProject.bin");
    package
        .retype(plain, with)
        .rel(main, "rIdVba", VBA, "vbaProject.bin")
        .part(&project, "application/vnd.ms-office.vbaProject", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 GONE-macro")
        .rel(&project, "rId1", &VBA.replace("vbaProject", "wordVbaData"), "vbaData.xml")
        .xml(&format!("{folder}/vbaData.xml"), "application/vnd.ms-word.vbaData+xml", "w:vbaSuppData", "GONE-data")
        .rel(&project, "rId2", &VBA.replace("vbaProject", "vbaProjectSignature"), "vbaSignature.bin")
        .part(&format!("{folder}/vbaSignature.bin"), "application/vnd.ms-office.vbaProjectSignature", b"GONE-signature")
}

/// Every kind that may have macros: the package, its main part, its type, and what it becomes.
fn macro_kinds() -> Vec<(Kind, Package)> {
    let (doc, show, book) = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml");
    let form = "<w:fldChar w:fldCharType=\"begin\"><w:ffData><w:name w:val=\"KEEP-field\"/><w:entryMacro w:val=\"GONE-entry\"/>\
                <w:exitMacro w:val=\"GONE-exit\"/></w:ffData></w:fldChar><w:instrText>FORMTEXT</w:instrText>\
                <w:fldChar w:fldCharType=\"end\"/>";
    let document = || document().edit(doc, "</w:body>", &format!("<w:p><w:r>{form}</w:r></w:p></w:body>"));
    let link = "<a:hlinkClick r:id=\"\" action=\"ppaction://macro?name=GONE-call\"/>";
    let presentation =
        || presentation().edit("ppt/slides/slide1.xml", "<a:hlinkClick", &format!("{link}<a:hlinkClick"));
    let shape = "<xdr:sp xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
                 macro=\"[0]!GONE_click\" textlink=\"\"/><s:legacyDrawing";
    let workbook = || workbook().edit("xl/worksheets/sheet1.xml", "<s:legacyDrawing", shape);
    let word = "wordprocessingml.document.main";
    let point = "presentationml.presentation.main";
    let excel = "spreadsheetml.sheet.main";
    vec![
        (Kind::Docx, with_macros(document(), doc, word, "ms-word.document.macroEnabled.main")),
        (Kind::Dotx, with_macros(document(), doc, word, "ms-word.template.macroEnabledTemplate.main")),
        (Kind::Xlsx, with_macros(workbook(), book, excel, "ms-excel.sheet.macroEnabled.main")),
        (Kind::Xltx, with_macros(workbook(), book, excel, "ms-excel.template.macroEnabled.main")),
        (Kind::Xlsx, with_macros(workbook(), book, excel, "ms-excel.addin.macroEnabled.main")),
        (Kind::Pptx, with_macros(presentation(), show, point, "ms-powerpoint.presentation.macroEnabled.main")),
        (Kind::Ppsx, with_macros(presentation(), show, point, "ms-powerpoint.slideshow.macroEnabled.main")),
        (Kind::Potx, with_macros(presentation(), show, point, "ms-powerpoint.template.macroEnabled.main")),
        (Kind::Pptx, with_macros(presentation(), show, point, "ms-powerpoint.addin.macroEnabled.main")),
    ]
}

#[test]
fn without_its_macros_a_document_is_of_another_kind() {
    for (kind, package) in macro_kinds() {
        let cleaned = removed("a", &package, &with("active.macros", "remove"));
        assert_eq!(cleaned.kind, kind);
        assert_eq!(fieldstrip::identify::identify(&cleaned.bytes, "").kind, kind);
        let default = fieldstrip::clean(&package.write(), "a", &policy()).unwrap();
        assert_eq!(default.kind.without_macros(), Some(kind));
        assert!(held(&default).contains(&Class::ActiveMacros));
        assert!(markers(&default.bytes, "GONE").contains("GONE-macro"));
    }
}

#[test]
fn sheets_of_macros_are_held_and_the_workbook_stays_what_it_is() {
    let book = "xl/workbook.xml";
    let package = workbook()
        .retype("spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
        .edit(book, "</s:sheets>", "<s:sheet name=\"M\" sheetId=\"2\" r:id=\"rIdM\"/></s:sheets>")
        .rel(book, "rIdM", &VBA.replace("vbaProject", "xlMacrosheet"), "macrosheets/sheet1.xml")
        .xml("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml", "s:worksheet", "<s:sheetData/>");
    let cleaned = fieldstrip::clean(&package.write(), "a.xlsm", &with("active.macros", "remove")).unwrap();
    assert_eq!((cleaned.kind, held(&cleaned)), (Kind::Xlsm, BTreeSet::from([Class::ActiveMacros])));
}

#[test]
fn an_embedded_document_without_its_macros_has_the_type_of_its_new_kind() {
    let slide = "ppt/slides/slide1.xml";
    let (_, inner) = macro_kinds().swap_remove(0);
    let package = presentation()
        .edit(slide, "</p:cSld>", "<p:oleObj r:id=\"rIdE\"/></p:cSld>")
        .part("ppt/embeddings/a.docm", "application/vnd.ms-word.document.macroEnabled.12", &inner.write())
        .rel(slide, "rIdE", "package", "../embeddings/a.docm");
    let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &with("active.macros", "remove")).unwrap();
    let types = member(&cleaned.bytes, "[Content_Types].xml");
    assert!(types.contains(Kind::Docx.media_type().unwrap()) && !types.contains("macroEnabled"), "{types}");
}
