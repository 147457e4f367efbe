//! Where a policy lets a thing be removed, it is gone, what is seen stays, and the proof agrees.

#![allow(clippy::panic)] // a failed helper is a failed test

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
fn the_workbook_behind_a_newer_chart_goes_too() {
    let (slide, chart) = ("ppt/slides/slide1.xml", "ppt/charts/chartEx1.xml");
    let namespace = "xmlns:cx=\"http://schemas.microsoft.com/office/drawing/2014/chartex\"";
    let content = "<cx:chartData><cx:externalData r:id=\"rId1\" cx:autoUpdate=\"0\"/><cx:data id=\"0\"><cx:pt>KEEP-7</cx:pt></cx:data></cx:chartData>";
    let package = presentation()
        .edit(slide, "</p:spTree>", &format!("<cx:chart {namespace} r:id=\"rIdChart\"/></p:spTree>"))
        .rel(
            slide,
            "rIdChart",
            "http://schemas.microsoft.com/office/2014/relationships/chartEx",
            "../charts/chartEx1.xml",
        )
        .xml(chart, "application/vnd.ms-office.chartex+xml", &format!("cx:chartSpace {namespace}"), content)
        .rel(chart, "rId1", "package", "../embeddings/GONE.xlsx")
        .part("ppt/embeddings/GONE.xlsx", "application/x", &workbook().write());
    let cleaned = removed("a.pptx", &package, &policy());
    assert!(!member(&cleaned.bytes, chart).contains("externalData"));
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
fn the_only_sheet_of_a_workbook_stays_and_so_does_its_type() {
    let book = "xl/workbook.xml";
    let package = workbook()
        .retype("spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
        .edit(book, "<s:sheets>", "<s:sheets><s:sheet name=\"M\" sheetId=\"2\" r:id=\"rIdM\"/>")
        .edit(book, "name=\"KEEP-sheet\"", "name=\"KEEP-sheet\" state=\"hidden\"")
        .rel(book, "rIdM", &VBA.replace("vbaProject", "xlMacrosheet"), "macrosheets/sheet1.xml")
        .xml("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml", "s:worksheet", "<s:sheetData/>");
    let cleaned = fieldstrip::clean(&package.write(), "a.xlsm", &with("active.macros", "remove")).unwrap();
    assert_eq!(
        (cleaned.kind, held(&cleaned)),
        (Kind::Xlsm, BTreeSet::from([Class::ActiveMacros, Class::ContentHiddenSheets]))
    );
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

/// Two slides, the second hidden, with everything that leads to it.
fn with_hidden_slide() -> Package {
    let (main, hidden) = ("ppt/presentation.xml", "ppt/slides/slide2.xml");
    let shows = "<p:custShowLst><p:custShow name=\"KEEP-show\" id=\"0\"><p:sldLst><p:sld r:id=\"rId1\"/><p:sld r:id=\"rIdH\"/></p:sldLst>\
                 </p:custShow></p:custShowLst><p:custDataLst>";
    let sections = "<p14:sectionLst><p14:section name=\"KEEP-section\"><p14:sldIdLst><p14:sldId id=\"256\"/><p14:sldId id=\"257\"/>\
                    </p14:sldIdLst></p14:section></p14:sectionLst>";
    let shape = "<p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>GONE-hidden</a:t></a:r></a:p></p:txBody></p:sp>\
                 <a:blip r:embed=\"rIdP\"/></p:spTree></p:cSld>";
    presentation()
        .edit(main, "</p:sldIdLst>", "<p:sldId id=\"257\" r:id=\"rIdH\"/></p:sldIdLst>")
        .edit(main, "<p:custDataLst>", shows)
        .edit(main, "<p14:sectionLst/>", sections)
        .rel(main, "rIdH", "slide", "slides/slide2.xml")
        .rel(main, "rIdProps", "presProps", "presProps.xml")
        .xml(
            "ppt/presProps.xml",
            "presentationml.presProps",
            "p:presentationPr",
            "<p:showPr><p:sldRg st=\"1\" end=\"2\"/></p:showPr>",
        )
        .xml(hidden, "presentationml.slide", "p:sld show=\"0\"", shape)
        .part("ppt/media/image9.emf", "", b"\x01\0\0\0GONE-picture")
        .rel(hidden, "rIdP", "image", "../media/image9.emf")
        .edit("ppt/slides/slide1.xml", "<a:t>KEEP-text", "<a:hlinkClick r:id=\"rIdJ\"/><a:t>KEEP-text")
        .rel("ppt/slides/slide1.xml", "rIdJ", "slide", "slide2.xml")
        .xml("ppt/notesSlides/notesSlide2.xml", "presentationml.notesSlide", "p:notes", "<a:t>GONE-notes</a:t>")
        .rel(hidden, "rId1", "notesSlide", "../notesSlides/notesSlide2.xml")
        .rel("ppt/notesSlides/notesSlide2.xml", "rId1", "slide", "../slides/slide2.xml")
}

#[test]
fn hidden_slides_go_with_all_that_names_them() {
    let cleaned = removed("a.pptx", &with_hidden_slide(), &policy());
    let show = member(&cleaned.bytes, "ppt/presentation.xml");
    assert!(!show.contains("257") && !show.contains("rIdH"), "{show}");
    assert!(!member(&cleaned.bytes, "ppt/slides/slide1.xml").contains("rIdJ"));
    assert!(!member(&cleaned.bytes, "ppt/presProps.xml").contains("sldRg"));
    assert!(
        cleaned.report.hits.iter().any(|hit| (hit.class, hit.action) == (Class::ContentHiddenSlides, Action::Remove))
    );
}

#[test]
fn hidden_slides_can_be_shown_held_or_kept() {
    for (action, shown, is_held) in [("unhide", true, false), ("hold", false, true), ("keep", false, false)] {
        // A picture of a kind that cannot be cleaned would be held for its own sake.
        let package = with_hidden_slide().edit("ppt/slides/slide2.xml", "<a:blip r:embed=\"rIdP\"/>", "");
        let policy = with("content.hidden-slides", action);
        let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &policy).unwrap();
        let slide = member(&cleaned.bytes, "ppt/slides/slide2.xml");
        assert!(slide.contains("GONE-hidden"), "{action}");
        assert_eq!(!slide.contains("show="), shown, "{action}");
        assert_eq!(held(&cleaned).contains(&Class::ContentHiddenSlides), is_held, "{action}");
        assert!(fieldstrip::clean(&cleaned.bytes, "a.pptx", &policy).unwrap().bytes == cleaned.bytes, "{action}");
    }
}

#[test]
fn a_presentation_of_hidden_slides_and_a_zoom_to_one_are_held() {
    let slide = "ppt/slides/slide1.xml";
    let all = with_hidden_slide().edit(slide, "<p:sld ", "<p:sld show=\"0\" ");
    let zoom = "<pslz:sldZmObj sldId=\"257\" xmlns:pslz=\"http://schemas.microsoft.com/office/powerpoint/2016/slidezoom\"/></p:cSld>";
    let zoom = with_hidden_slide().edit(slide, "</p:cSld>", zoom);
    for (name, package) in [("all", all), ("zoom", zoom)] {
        let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &policy()).unwrap();
        assert!(held(&cleaned).contains(&Class::ContentHiddenSlides), "{name}");
    }
}

/// A document whose styles hide text in every way that styles can.
fn with_hidden_text() -> Package {
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let paragraph = |style: &str, runs: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>");
    let hidden_mark = "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>";
    let entry = |name: &str| {
        format!(
            "<w:r><w:rPr><w:vanish/></w:rPr><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:rPr><w:vanish/></w:rPr>\
             <w:instrText> {name} KEEP-entry </w:instrText></w:r><w:r><w:rPr><w:vanish/></w:rPr>\
             <w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let body = [
        format!("<w:p>{}{}</w:p>", run("<w:vanish/>", "GONE-direct"), run("", "KEEP-plain")),
        paragraph(
            "Hidden",
            &format!("{}{}", run("", "GONE-paragraph"), run("<w:vanish w:val=\"0\"/>", "KEEP-overruled")),
        ),
        paragraph("Derived", &run("", "GONE-derived")),
        paragraph("Shown", &run("", "KEEP-shown-again")),
        paragraph("Hidden", &run("<w:rStyle w:val=\"HiddenChar\"/>", "KEEP-toggled-twice")),
        format!("<w:p>{}</w:p>", run("<w:rStyle w:val=\"HiddenChar\"/>", "GONE-character")),
        format!("{hidden_mark}{}</w:p>", run("", "KEEP-marked")),
        format!("<w:p>{}</w:p>", run("<w:webHidden/>", "KEEP-web")),
        format!("<w:p>{}</w:p>", entry("XE")),
        format!("<w:p><w:hyperlink r:id=\"rIdHidden\">{}</w:hyperlink></w:p>", run("<w:vanish/>", "GONE-link")),
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:drawing><a:blip r:embed=\"rIdPicture\"/></w:drawing></w:r></w:p>"
            .to_owned(),
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id=\"9\"/></w:r></w:p>".to_owned(),
    ];
    let style = |id: &str, kind: &str, content: &str| {
        format!("<w:style w:type=\"{kind}\" w:styleId=\"{id}\">{content}</w:style>")
    };
    let styles = [
        style("Hidden", "paragraph", "<w:rPr><w:vanish/></w:rPr>"),
        style("Derived", "paragraph", "<w:basedOn w:val=\"Hidden\"/>"),
        style("Shown", "paragraph", "<w:basedOn w:val=\"Derived\"/><w:rPr><w:vanish w:val=\"false\"/></w:rPr>"),
        style("HiddenChar", "character", "<w:rPr><w:vanish/></w:rPr>"),
    ];
    let (main, note) =
        ("word/document.xml", "<w:footnote w:id=\"9\"><w:p><w:r><w:t>GONE-note</w:t></w:r></w:p></w:footnote>");
    document()
        .edit(main, "</w:body>", &format!("{}</w:body>", body.concat()))
        .edit("word/footnotes.xml", "</w:footnotes>", &format!("{note}</w:footnotes>"))
        .xml("word/styles.xml", "wordprocessingml.styles", "w:styles", &styles.concat())
        .rel(main, "rIdStyles", "styles", "styles.xml")
        .rel(main, "rIdHidden", "hyperlink", "https://example.org/GONE-target")
        .rel(main, "rIdPicture", "image", "media/image7.emf")
        .part("word/media/image7.emf", "", b"\x01\0\0\0GONE-picture")
}

#[test]
fn hidden_text_is_taken_out_where_the_policy_says_so() {
    removed("a.docx", &with_hidden_text(), &with("content.hidden-text", "remove"));
    let everything = with_hidden_text().edit(
        "word/styles.xml",
        "<w:style ",
        "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults><w:style ",
    );
    let cleaned = fieldstrip::clean(&everything.write(), "a.docx", &with("content.hidden-text", "remove")).unwrap();
    let left = markers(&cleaned.bytes, "KEEP");
    assert!(left.contains("KEEP-overruled") && !left.contains("KEEP-plain"), "{left:?}");
}

#[test]
fn hidden_text_is_held_or_kept_otherwise() {
    for (action, is_held) in [("hold", true), ("keep", false)] {
        let policy = with("content.hidden-text", action);
        let cleaned = fieldstrip::clean(&with_hidden_text().write(), "a.docx", &policy).unwrap();
        assert_eq!(held(&cleaned).contains(&Class::ContentHiddenText), is_held);
        let found: u64 =
            cleaned.report.hits.iter().filter(|hit| hit.class == Class::ContentHiddenText).map(|hit| hit.count).sum();
        assert_eq!(found, 6, "direct, paragraph, derived, character, link, picture");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-derived"));
    }
}

#[test]
fn a_hidden_field_that_is_no_entry_is_held() {
    let package = with_hidden_text().edit("word/document.xml", " XE KEEP-entry", " QUOTE KEEP-entry");
    let cleaned = fieldstrip::clean(&package.write(), "a.docx", &with("content.hidden-text", "remove")).unwrap();
    assert_eq!(held(&cleaned), BTreeSet::from([Class::ContentHiddenText]));
}

/// A document that imports three files: into the text, into a cell that has nothing else, and from elsewhere.
fn with_imports() -> Package {
    let (main, header) = ("word/document.xml", "word/header1.xml");
    let chunk = |id: &str| format!("<w:altChunk r:id=\"{id}\"><w:altChunkPr><w:matchSrc/></w:altChunkPr></w:altChunk>");
    let cell = |content: &str| format!("<w:tc><w:tcPr/>{content}</w:tc>");
    let body = format!(
        "{}<w:tbl><w:tr>{}{}</w:tr></w:tbl>{}</w:body>",
        chunk("rIdWeb"),
        cell(&chunk("rIdWord")),
        cell(&format!("{}<w:p><w:r><w:t>KEEP-cell</w:t></w:r></w:p>", chunk("rIdWord"))),
        chunk("rIdElsewhere"),
    );
    document()
        .edit(
            main,
            "</w:body>",
            &format!("<w:p><w:pPr><w:sectPr><w:headerReference r:id=\"rIdHeader\"/></w:sectPr></w:pPr></w:p>{body}"),
        )
        .rel(main, "rIdWeb", "aFChunk", "chunk.mht")
        .part("word/chunk.mht", "message/rfc822", b"GONE-web")
        .rel(main, "rIdWord", "aFChunk", "/word/chunk.docx")
        .part("word/chunk.docx", Kind::Docx.media_type().unwrap(), &document().write())
        .rel(main, "rIdElsewhere", "aFChunk", "https://example.org/GONE-elsewhere.html")
        .xml(header, "wordprocessingml.header", "w:hdr", &chunk("rId1"))
        .rel(main, "rIdHeader", "header", "header1.xml")
        .rel(header, "rId1", "aFChunk", "chunk2.html")
        .part("word/chunk2.html", "text/html", b"GONE-header")
}

#[test]
fn imported_files_go_with_all_that_names_them() {
    let policy = with("embedded.imports", "remove");
    let cleaned = removed("a.docx", &with_imports(), &policy);
    for part in ["word/document.xml", "word/header1.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"] {
        let text = member(&cleaned.bytes, part);
        assert!(!["altChunk", "aFChunk", "chunk", "rfc822"].iter().any(|left| text.contains(left)), "{part}: {text}");
    }
    let text = member(&cleaned.bytes, "word/document.xml");
    assert!(text.contains("<w:tc><w:tcPr/><w:p/></w:tc>") && text.contains("<w:tc><w:tcPr/><w:p><w:r>"), "{text}");
    assert!(member(&cleaned.bytes, "word/header1.xml").contains("<w:p/>"));
    let count = |class| cleaned.report.hits.iter().filter(|hit| hit.class == class).map(|hit| hit.count).sum::<u64>();
    assert_eq!(count(Class::EmbeddedImports), 9, "five elements, three parts, one address: {:?}", cleaned.report.hits);
}

#[test]
fn imported_files_are_held_or_refused_otherwise() {
    let package = with_imports();
    let cleaned = fieldstrip::clean(&package.write(), "a.docx", &policy()).unwrap();
    assert_eq!(held(&cleaned), BTreeSet::from([Class::EmbeddedImports, Class::LinksExternalContent]));
    assert!(markers(&cleaned.bytes, "GONE").contains("GONE-web"));
    let refusal = fieldstrip::clean(&package.write(), "a.docx", &with("embedded.imports", "refuse")).unwrap_err();
    assert_eq!(refusal.reason, fieldstrip::Reason::Policy);
}

const PICTURE: &[u8] = b"\x01\0\0\0KEEP-preview";
const OBJECT: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 GONE-object";

/// A Word document with an object, one in the form of DrawingML, and a control.
fn with_objects_in_word() -> Package {
    let main = "word/document.xml";
    let shape = "<v:shape id=\"s1\" style=\"width:9pt\" o:ole=\"\"><v:imagedata r:id=\"rIdPicture\"/></v:shape>";
    let body = format!(
        "<w:p><w:r><w:object w:dxaOrig=\"1\" w:dyaOrig=\"1\">{shape}<o:OLEObject ProgID=\"GONE-program\" r:id=\"rIdObject\"/></w:object>\
         </w:r><w:r><w:object><w:drawing><a:blip r:embed=\"rIdPicture\"/></w:drawing><w:objectEmbed r:id=\"rIdDocument\"/></w:object></w:r>\
         <w:r><w:pict>{shape}<w:control r:id=\"rIdControl\" w:name=\"GONE-control\"/></w:pict></w:r></w:p></w:body>"
    );
    document()
        .edit(main, "</w:body>", &body)
        .rel(main, "rIdPicture", "image", "media/preview.emf")
        .part("word/media/preview.emf", "", PICTURE)
        .rel(main, "rIdObject", "oleObject", "embeddings/object.bin")
        .part("word/embeddings/object.bin", "", OBJECT)
        .rel(main, "rIdDocument", "package", "embeddings/GONE.docx")
        .part("word/embeddings/GONE.docx", "application/x", &document().write())
        .rel(main, "rIdControl", "control", "activeX/activeX1.xml")
        .xml("word/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", "w:ocx", "GONE-state")
}

/// A presentation with an object as PowerPoint writes it: twice, the second time with its picture.
fn with_object_on_slide(width: &str) -> Package {
    let slide = "ppt/slides/slide1.xml";
    let place = |width: &str| format!("<a:off x=\"1\" y=\"2\"/><a:ext cx=\"{width}\" cy=\"4\"/>");
    let object =
        |content: &str| format!("<p:oleObj progId=\"GONE-program\" r:id=\"rIdObject\"><p:embed/>{content}</p:oleObj>");
    let picture = format!(
        "<p:pic><p:nvPicPr><p:cNvPr id=\"0\" name=\"\"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"rIdPicture\"/>\
         </p:blipFill><p:spPr><a:xfrm>{}</a:xfrm></p:spPr></p:pic>",
        place("3")
    );
    let frame = format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"7\" name=\"KEEP-object\" descr=\"KEEP-described\"/><p:cNvGraphicFramePr/><p:nvPr/>\
         </p:nvGraphicFramePr><p:xfrm>{}</p:xfrm><a:graphic><a:graphicData uri=\"ole\"><mc:AlternateContent><mc:Choice Requires=\"v\">{}\
         </mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></a:graphicData></a:graphic></p:graphicFrame></p:spTree>",
        place(width),
        object(""),
        object(&picture)
    );
    presentation()
        .edit(slide, "</p:spTree>", &frame)
        .rel(slide, "rIdPicture", "image", "../media/preview.emf")
        .part("ppt/media/preview.emf", "", PICTURE)
        .rel(slide, "rIdObject", "oleObject", "../embeddings/object.bin")
        .part("ppt/embeddings/object.bin", "", OBJECT)
}

/// The default policy, but objects go, and pictures that cannot be cleaned may stay: the previews of objects often are such.
fn without_objects() -> Policy {
    let text =
        "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"active.objects\" = \"remove\"\n";
    Policy::from_toml(text, "test.toml").unwrap()
}

#[test]
fn of_objects_only_the_picture_stays() {
    let cases = [
        ("a.docx", with_objects_in_word(), "word/document.xml"),
        ("a.pptx", with_object_on_slide("3"), "ppt/slides/slide1.xml"),
    ];
    for (name, package, part) in cases {
        let original = package.write();
        let cleaned = fieldstrip::clean(&original, name, &without_objects()).unwrap();
        assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{name}");
        assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&original, "KEEP"), "{name}");
        assert_eq!(held(&cleaned), BTreeSet::from([Class::EmbeddedUnsupported]), "{name}: the picture is a metafile");
        let text = member(&cleaned.bytes, part);
        for left in ["bject>", "OLEObject", "oleObj", "w:control", "o:ole", "graphicFrame", "AlternateContent>"] {
            let before = member(&document().write(), "word/document.xml").matches(left).count();
            let allowed = if name == "a.docx" { before } else { 0 };
            assert_eq!(text.matches(left).count(), allowed, "{name}: {left} in {text}");
        }
        assert!(fieldstrip::clean(&cleaned.bytes, name, &without_objects()).unwrap().bytes == cleaned.bytes, "{name}");
        let default = fieldstrip::clean(&original, name, &policy()).unwrap();
        assert!(held(&default).contains(&Class::ActiveObjects), "{name}");
        assert!(markers(&default.bytes, "GONE").contains("GONE-object"), "{name}");
    }
    let slide = fieldstrip::clean(&with_object_on_slide("3").write(), "a.pptx", &without_objects()).unwrap();
    let slide = member(&slide.bytes, "ppt/slides/slide1.xml");
    assert!(slide.contains("<p:pic><p:nvPicPr><p:cNvPr id=\"7\" name=\"KEEP-object\""), "{slide}");
}

#[test]
fn an_object_without_a_picture_of_its_own_is_held() {
    let shape = "<v:imagedata r:id=\"rIdPicture\"/></v:shape><o:OLEObject";
    let bare = with_objects_in_word().edit("word/document.xml", shape, "</v:shape><o:OLEObject");
    for (name, package) in [("a.docx", bare), ("a.pptx", with_object_on_slide("99"))] {
        let cleaned = fieldstrip::clean(&package.write(), name, &without_objects()).unwrap();
        assert!(held(&cleaned).contains(&Class::ActiveObjects), "{name}");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-object"), "{name}");
    }
}
