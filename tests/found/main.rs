//! Sensitive values in every disguise that a document knows, in every family: split over runs, wrapped over lines, with
//! characters without a width, in text that nobody sees. Each is found by its rule, at the place where a person finds it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a failed helper is a failed test
#![allow(clippy::duplicate_mod)] // the fixtures of two families pack their containers alike

#[path = "../odf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of OpenDocument
mod open_document;
#[path = "../ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of Office packages
mod packages;
#[path = "../pdf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of PDF
mod pdf;

use fieldstrip::Policy;
use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::finding::Finding;
use fieldstrip::job::{Scanner, inspect};
use fieldstrip::text::Scope;
use open_document::Document;
use packages::{document, presentation, workbook};

/// A value that is found by its form alone, in two halves.
const HALVES: (&str, &str) = ("AKIALALEMEL", "33243OLIB");
const RULE: &str = "secret.aws-access-key";

/// What the rules find in a document as it is, before anything is removed.
fn found(bytes: &[u8], name: &str) -> Vec<Finding> {
    let policy = Policy::strictest();
    let engine = Engine::for_policy(policy).unwrap();
    let key = Fingerprinter::new(b"key of a test");
    let inspected = inspect(bytes, name, &Scanner::new(policy, &engine, &key));
    assert!(inspected.refusal.is_none(), "{name}: {:?}", inspected.refusal);
    inspected.findings
}

/// A document with the value in it, the name of the disguise, the place where it is found and the kind of text.
type Case = (&'static str, &'static str, Vec<u8>, &'static str, Scope);

fn check(cases: Vec<Case>) {
    for (name, disguise, bytes, place, scope) in cases {
        let findings = found(&bytes, name);
        let hits: Vec<(String, Scope)> = findings
            .iter()
            .filter(|finding| finding.rule == RULE)
            .map(|finding| (finding.place.to_string(), finding.scope))
            .collect();
        assert_eq!(hits, [(place.to_owned(), scope)], "{name}, {disguise}: {findings:?}");
        let fingerprint = |finding: &&Finding| finding.rule == RULE;
        let plain = found(format!("{}{}\n", HALVES.0, HALVES.1).as_bytes(), "plain.txt");
        assert_eq!(
            findings.iter().find(fingerprint).unwrap().fingerprint,
            plain.iter().find(fingerprint).unwrap().fingerprint,
            "{name}, {disguise}: another value than the plain one"
        );
        if scope == Scope::Hidden {
            assert!(
                findings.iter().any(|finding| finding.rule.starts_with("hidden.")),
                "{name}, {disguise}: {findings:?}"
            );
        }
    }
}

/// The value with something between its halves.
fn split(between: &str) -> String {
    format!("{}{between}{}", HALVES.0, HALVES.1)
}

#[test]
fn word() {
    let main = "word/document.xml";
    let with = |content: &str| {
        document().edit(main, "</w:body>", &format!("<w:p><w:r><w:t>x</w:t></w:r></w:p>{content}</w:body>")).write()
    };
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let place = "word/document.xml, paragraph 12";
    let runs =
        format!("<w:p>{}<w:proofErr w:type=\"spellStart\"/>{}</w:p>", run("<w:b/>", HALVES.0), run("", HALVES.1));
    let vanished = format!("<w:p>{}</w:p>", run("<w:vanish/>", &split("")));
    let white = format!("<w:p>{}</w:p>", run("<w:color w:val=\"FFFFFF\"/>", &split("")));
    let formatted = |properties: &str| with(&format!("<w:p>{}</w:p>", run(properties, &split(""))));
    let shade = "<w:pPr><w:shd w:fill=\"000080\"/></w:pPr>";
    let on_shade = white.replace("<w:p>", &format!("<w:p>{shade}"));
    let after_shade = format!("<w:p>{shade}<w:r><w:t>x</w:t></w:r></w:p>{white}");
    let in_table = format!("<w:tbl><w:tr><w:tc>{white}</w:tc></w:tr></w:tbl>");
    check(vec![
        ("a.docx", "split over runs", with(&runs), place, Scope::Body),
        ("a.docx", "soft hyphen", with(&format!("<w:p>{}</w:p>", run("", &split("\u{ad}")))), place, Scope::Body),
        ("a.docx", "no width", with(&format!("<w:p>{}</w:p>", run("", &split("\u{200b}")))), place, Scope::Body),
        ("a.docx", "hidden", with(&vanished), place, Scope::Hidden),
        ("a.docx", "white", with(&white), place, Scope::Hidden),
        ("a.docx", "tiny", formatted("<w:sz w:val=\"2\"/>"), place, Scope::Hidden),
        ("a.docx", "drowned", formatted("<w:color w:val=\"00ff00\"/><w:shd w:fill=\"00FF00\"/>"), place, Scope::Hidden),
        (
            "a.docx",
            "white on black",
            formatted("<w:color w:val=\"FFFFFF\"/><w:shd w:fill=\"000000\"/>"),
            place,
            Scope::Body,
        ),
        ("a.docx", "white on a shaded paragraph", with(&on_shade), place, Scope::Body),
        ("a.docx", "white in a table", with(&in_table), place, Scope::Body),
        (
            "a.docx",
            "white behind a shaded paragraph",
            with(&after_shade),
            "word/document.xml, paragraph 13",
            Scope::Hidden,
        ),
    ]);
}

#[test]
fn excel() {
    let sheet = "xl/worksheets/sheet1.xml";
    let strings = |item: &str| workbook().edit("xl/sharedStrings.xml", "<s:t>KEEP-string</s:t>", item).write();
    let runs = format!("<s:r><s:t>{}</s:t></s:r><s:r><s:rPr><s:b/></s:rPr><s:t>{}</s:t></s:r>", HALVES.0, HALVES.1);
    let plain = format!("<s:t>{}</s:t>", split(""));
    let hidden_row = workbook().edit("xl/sharedStrings.xml", "<s:t>KEEP-string</s:t>", &plain).edit(
        sheet,
        "<s:row r=\"1\">",
        "<s:row r=\"1\" hidden=\"1\">",
    );
    let place = "KEEP-sheet!A1";
    check(vec![
        ("a.xlsx", "split over runs", strings(&runs), place, Scope::Body),
        ("a.xlsx", "no width", strings(&format!("<s:t>{}</s:t>", split("\u{2060}"))), place, Scope::Body),
        ("a.xlsx", "hidden row", hidden_row.write(), place, Scope::Hidden),
    ]);
}

#[test]
fn power_point() {
    let slide = "ppt/slides/slide1.xml";
    let with = |text: &str| presentation().edit(slide, "<a:r><a:t>KEEP-text</a:t></a:r>", text);
    let run = |text: &str| format!("<a:r><a:t>{text}</a:t></a:r>");
    let runs = format!("{}{}", run(HALVES.0), run(HALVES.1));
    let hidden = with(&run(&split(""))).edit(slide, "name=\"KEEP-shape\"", "name=\"KEEP-shape\" hidden=\"1\"");
    let place = "slide 1, KEEP-shape";
    check(vec![
        ("a.pptx", "split over runs", with(&runs).write(), place, Scope::Body),
        ("a.pptx", "no width", with(&run(&split("\u{200d}"))).write(), place, Scope::Body),
        ("a.pptx", "hidden shape", hidden.write(), place, Scope::Hidden),
    ]);
}

#[test]
fn open_document_text() {
    let with = |content: &str| Document::text(content).package();
    let spans = format!("<text:p>{}<text:span>{}</text:span></text:p>", HALVES.0, HALVES.1);
    let hidden =
        format!("<text:p><text:hidden-text text:condition=\"true\" text:string-value=\"{}\"/></text:p>", split(""));
    let place = "content.xml, paragraph 1";
    check(vec![
        ("a.odt", "split over spans", with(&spans), place, Scope::Body),
        ("a.odt", "no width", with(&format!("<text:p>{}</text:p>", split("\u{feff}"))), place, Scope::Body),
        ("a.odt", "hidden", with(&hidden), place, Scope::Hidden),
    ]);
}

#[test]
fn svg() {
    let with = |content: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\">{content}</svg>").into_bytes()
    };
    let spans = format!("<text x=\"1\" y=\"9\">{}<tspan font-weight=\"bold\">{}</tspan></text>", HALVES.0, HALVES.1);
    let hidden = |how: &str| with(&format!("<text x=\"1\" y=\"9\" {how}>{}</text>", split("")));
    let off = with(&format!("<text x=\"1\" y=\"-900\">{}</text>", split("")));
    let place = "text 1";
    check(vec![
        ("a.svg", "split over spans", with(&spans), place, Scope::Body),
        ("a.svg", "no width", with(&format!("<text x=\"1\" y=\"9\">{}</text>", split("\u{200b}"))), place, Scope::Body),
        ("a.svg", "not displayed", hidden("display=\"none\""), place, Scope::Hidden),
        ("a.svg", "off the canvas", off, place, Scope::Hidden),
    ]);
}

#[test]
fn pdf_pages() {
    let page = |content: &str| pdf::one_page(content, "/MediaBox [0 0 612 792]", "").write();
    let (first, second) = HALVES;
    let place = "page 1";
    check(vec![
        (
            "a.pdf",
            "split over glyph groups",
            page(&format!("BT /F1 12 Tf 72 700 Td [({first}) -1 ({second})] TJ ET")),
            place,
            Scope::Body,
        ),
        (
            "a.pdf",
            "split over operators",
            page(&format!("BT /F1 12 Tf 72 700 Td ({first}) Tj ({second}) Tj ET")),
            place,
            Scope::Body,
        ),
        (
            "a.pdf",
            "invisible",
            page(&format!("BT 3 Tr /F1 12 Tf 72 700 Td ({first}{second}) Tj ET")),
            place,
            Scope::Hidden,
        ),
        (
            "a.pdf",
            "under a box",
            page(&format!("BT /F1 12 Tf 72 700 Td ({first}{second}) Tj ET 0 g 60 690 300 30 re f")),
            place,
            Scope::Hidden,
        ),
    ]);
}

/// A value that goes on in the next line of a page, a text or a drawing.
#[test]
fn wrapped_lines() {
    let text = "Please charge the whole amount to the following card: 4111 1111\n1111 1111 and send a receipt.";
    let lines: Vec<&str> = text.lines().collect();
    let content = format!("BT /F1 10 Tf 14 TL 72 700 Td ({}) Tj T* ({}) Tj ET", lines[0], lines[1]);
    let broken = format!("<w:p><w:r><w:t>{}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>", lines[0], lines[1]);
    let docx = document().edit("word/document.xml", "</w:body>", &format!("{broken}</w:body>"));
    let slide = presentation().edit(
        "ppt/slides/slide1.xml",
        "<a:r><a:t>KEEP-text</a:t></a:r>",
        &format!("<a:r><a:t>{}</a:t></a:r><a:br/><a:r><a:t>{}</a:t></a:r>", lines[0], lines[1]),
    );
    let cell = workbook().edit("xl/sharedStrings.xml", "KEEP-string", &text.replace('\n', "&#10;"));
    let odt = Document::text(&format!("<text:p>{}<text:line-break/>{}</text:p>", lines[0], lines[1]));
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("a.pptx", slide.write(), "slide 1, KEEP-shape"),
        ("a.xlsx", cell.write(), "KEEP-sheet!A1"),
        ("a.odt", odt.package(), "content.xml, paragraph 1"),
        ("a.txt", text.as_bytes().to_vec(), "line 1"),
        ("a.pdf", pdf::one_page(&content, "/MediaBox [0 0 612 792]", "").write(), "page 1"),
        ("a.docx", docx.write(), "word/document.xml, paragraph 11"),
    ];
    for (name, bytes, place) in cases {
        let findings = found(&bytes, name);
        let places: Vec<String> = findings
            .iter()
            .filter(|finding| finding.rule == "personal.card-number")
            .map(|finding| finding.place.to_string())
            .collect();
        assert_eq!(places, [place], "{name}: {findings:?}");
    }
}
