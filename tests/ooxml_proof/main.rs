//! The proof of Office packages: a true copy passes, every tampered one is refused, and all text is read.

#![allow(clippy::expect_used, clippy::panic)] // a failed helper is a failed test
#![allow(unreachable_pub)] // helpers of one crate

mod crops;
mod fixtures;
mod held;
mod slides;
mod unseen_shapes;
mod workbooks;

use std::sync::LazyLock;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::{Side, prove, prover_for};
use fieldstrip::text::{Place, Scope, extract};
use fieldstrip::{Kind, Policy, Reason};
use fixtures::{
    Package, W, W_STRICT, docx, docx_in, png, presentation, presentation_with_notes, word_copy, word_original,
    workbook, workbook_copy, write_zip,
};
use proptest::prelude::*;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::built_in("public-release").expect("the default policy"));

fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    let spent = Spent::default();
    run(&Context::new(&POLICY, &spent))
}

/// A report that holds a copy for the hidden sheet and row of [`workbook`].
fn report() -> Report {
    let mut report = Report::default();
    for class in [Class::ContentHiddenSheets, Class::ContentHiddenRows] {
        report.hit(class, Action::Hold, "something", "", 1, 0);
    }
    report
}

fn essence(kind: Kind, package: &Package) -> String {
    let prover = prover_for(kind).expect("a prover");
    with_context(|context| prover.essence(kind, &package.write(), Side::Input, context)).expect("essence").to_hex()
}

fn refused(kind: Kind, original: &[u8], copy: &[u8]) -> String {
    let refusal = with_context(|context| prove(kind, original, copy, &report(), context)).expect_err("refused");
    assert_eq!(refusal.reason, Reason::Unprovable, "{refusal}");
    refusal.to_string()
}

#[test]
fn a_true_copy_is_proved() {
    for (kind, original, copy) in [
        (Kind::Docx, word_original(), word_copy()),
        (Kind::Docx, word_copy(), word_copy()),
        (Kind::Xlsx, workbook(""), workbook_copy("")),
        (Kind::Pptx, presentation_with_notes(), presentation()),
    ] {
        let proof = with_context(|context| prove(kind, &original.write(), &copy.write(), &report(), context));
        let proof = proof.unwrap_or_else(|refusal| panic!("{kind}: {refusal}"));
        assert!(proof.checks.len() >= 6, "{proof:?}");
    }
}

#[test]
fn tampered_documents_are_refused() {
    let document = "word/document.xml";
    let copy = word_copy;
    let body = |from: &str, to: &str| copy().replace(document, from, to);
    let cases: Vec<(&str, Package)> = vec![
        ("a word changed", body("Hello", "Hallo")),
        ("a word lost", body("Hello ", "")),
        ("a word in the header changed", copy().replace("word/header1.xml", "Head", "Foot")),
        ("bold lost", body("<w:b/>", "")),
        ("alignment lost", body("<w:jc w:val=\"right\"/>", "")),
        ("paragraphs joined", body("</w:p><w:tbl>", "<w:r><w:t>!</w:t></w:r></w:p><w:tbl>")),
        ("a deleted row kept", body("</w:tr></w:tbl>", "</w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")),
        ("page size changed", body("w:w=\"11906\"", "w:w=\"12240\"")),
        ("the picture lost", body("<a:blip r:embed=\"rIdP\"/>", "")),
        ("the picture swapped", copy().swap("word/media/image1.png", &png(8))),
        (
            "bytes behind the picture",
            copy().swap("word/media/image1.png", &[png(7), b"taken by Jane".to_vec()].concat()),
        ),
        ("an empty paragraph too many", body("<w:tbl>", "<w:p/><w:p/><w:p/><w:p/><w:tbl>")),
        ("a bookmark lost", body("<w:bookmarkStart w:name=\"here\"/>", "")),
        ("the alternative text lost", body(" descr=\"a boat\"", "")),
        ("the link lost", body(" r:id=\"rIdL\"", "").unrelate("rIdL")),
        ("an insertion left", body("<w:r><w:t>link", "<w:r><w:rPr><w:ins/></w:rPr><w:t>link")),
        ("an author left", body("<w:p><w:r><w:t>J", "<w:p w:rsidR=\"00A1\"><w:r><w:t>J")),
        ("a dangling id", body("<w:hyperlink r:id=\"rIdL\">", "<w:hyperlink r:id=\"rIdX\">")),
        ("a relationship to nothing", copy().relate(document, "rId9", "image", "media/none.png")),
        ("words in the type of a relationship", copy().retype("/relationships/header", "/relationships/Jane/header")),
        ("words behind the type of a relationship", copy().relate(document, "rId9", "headerJane", "header1.xml")),
        ("an orphan", copy().part("word/extra.xml", "application/xml", "<a/>")),
        ("a part without a type", copy().part("word/a.odd", "", "x").relate(document, "rId9", "image", "a.odd")),
        (
            "document properties",
            copy().part("docProps/core.xml", "application/xml", "<a/>").relate("", "r", "x", "docProps/core.xml"),
        ),
        (
            "custom XML",
            copy().part("customXml/item1.xml", "", "<a/>").relate(
                document,
                "r9",
                "customXml",
                "../customXml/item1.xml",
            ),
        ),
        ("a local link", copy().relate(document, "rId9", "hyperlink", "file:///C:/Users/jane/x.docx")),
        ("a file server", copy().relate(document, "rId9", "hyperlink", "\\\\srv\\share\\x.docx")),
        ("a comment of the XML", body("<w:tbl>", "<!-- by Jane --><w:tbl>")),
        ("an instruction", copy().replace("word/header1.xml", "Head", "Head<?by Jane?>")),
        ("a member twice", copy().part("word/HEADER1.xml", "", "<a/>")),
    ];
    let original = word_original().write();
    for (name, package) in cases {
        let message = refused(Kind::Docx, &original, &package.write());
        println!("{name}: {message}");
    }
}

/// The Word document with strokes of a pen.
fn inked(package: Package, ink: &str) -> Package {
    let part = "<w:drawing><w14:contentPart r:id=\"rIdI\" xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"/></w:drawing>";
    package
        .replace("word/document.xml", "<w:tbl>", &format!("<w:p><w:r>{part}</w:r></w:p><w:tbl>"))
        .part(
            "word/ink/ink1.xml",
            "application/inkml+xml",
            format!("<ink xmlns=\"http://www.w3.org/2003/InkML\">{ink}</ink>"),
        )
        .relate("word/document.xml", "rIdI", "customXml", "ink/ink1.xml")
}

#[test]
fn ink_is_its_strokes() {
    let told = "<definitions><context><inkSource serialNo=\"7\"/><timestamp timeString=\"2014-02-10\"/></context></definitions>\
                <annotation>Jane</annotation><trace timeOffset=\"5\">10 20, 3 4</trace>";
    let bare = "<definitions><context><inkSource/></context></definitions><trace>10 20, 3 4</trace>";
    let original = inked(word_original(), told).write();
    let proof =
        with_context(|context| prove(Kind::Docx, &original, &inked(word_copy(), bare).write(), &report(), context));
    assert!(proof.is_ok(), "{proof:?}");
    for (name, ink) in [
        ("a stroke changed", bare.replace("20", "21")),
        ("a stroke lost", bare.replace("<trace>10 20, 3 4</trace>", "")),
        ("the device left", bare.replace("<inkSource/>", "<inkSource serialNo=\"7\"/>")),
        ("the time left", bare.replace("</context>", "<timestamp timeString=\"2014-02-10\"/></context>")),
        ("the time of a stroke left", bare.replace("<trace>", "<trace timeOffset=\"5\">")),
        ("what was read left", bare.replace("<trace>", "<annotation>Jane</annotation><trace>")),
    ] {
        println!("{name}: {}", refused(Kind::Docx, &original, &inked(word_copy(), &ink).write()));
    }
    // Words that both have are no ink either.
    for words in [bare.replace("<trace>", "<trace>Jane "), bare.replace("<trace>", "<j:doe xmlns:j=\"urn:j\"/><trace>")]
    {
        let original = inked(word_original(), &words).write();
        println!("{}", refused(Kind::Docx, &original, &inked(word_copy(), &words).write()));
    }
}

#[test]
fn tampered_workbooks_are_refused() {
    let sheet = "xl/worksheets/sheet1.xml";
    let original = workbook("").write();
    let cases = [
        ("a value changed", workbook_copy("").replace(sheet, "<v>84</v>", "<v>85</v>")),
        ("a formula changed", workbook_copy("").replace(sheet, "A2*2", "A2*3")),
        ("a formula frozen", workbook_copy("").replace(sheet, "<f>A2*2</f>", "")),
        ("a style changed", workbook_copy("").replace(sheet, "<c r=\"B1\">", "<c r=\"B1\" s=\"1\">")),
        ("a string changed", workbook_copy("").replace("xl/sharedStrings.xml", "text", "test")),
        ("a hidden row shown", workbook_copy("").replace(sheet, " hidden=\"1\"><c", "><c")),
        ("a sheet renamed", workbook_copy("").replace("xl/workbook.xml", "\"Main\"", "\"Mine\"")),
        ("a sheet shown", workbook_copy("").replace("xl/workbook.xml", " state=\"hidden\"", "")),
        (
            "a name lost",
            workbook_copy("").replace("xl/workbook.xml", "<definedName name=\"rate\">Main!$A$1</definedName>", ""),
        ),
        (
            "a path left",
            workbook_copy(
                "<x:absPath xmlns:x=\"http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac\" url=\"C:\\\"/>",
            ),
        ),
        ("a hash left", workbook_copy("<workbookProtection workbookHashValue=\"x\"/>")),
        ("a user left", workbook_copy("<fileSharing userName=\"Jane\"/>")),
    ];
    for (name, package) in cases {
        println!("{name}: {}", refused(Kind::Xlsx, &original, &package.write()));
    }
    let emptied = workbook("").replace("xl/sharedStrings.xml", "orphan", "").replace(sheet, "&amp;Z&amp;F", "");
    assert_eq!(essence(Kind::Xlsx, &workbook("")), essence(Kind::Xlsx, &emptied));
}

#[test]
fn tampered_presentations_are_refused() {
    let show = "ppt/presentation.xml";
    let original = presentation_with_notes().write();
    let swapped = presentation().replace(show, "\"rId2\"", "\"rIdT\"").replace(show, "\"rId1\"", "\"rId2\"");
    let cases = [
        ("a slide dropped", presentation().replace(show, "<p:sldId id=\"256\" r:id=\"rId1\"/>", "")),
        ("slides in another order", swapped.replace(show, "\"rIdT\"", "\"rId1\"")),
        ("a word changed", presentation().replace("ppt/slides/slide1.xml", "Second", "Third")),
        ("notes left", presentation_with_notes()),
    ];
    for (name, package) in cases {
        println!("{name}: {}", refused(Kind::Pptx, &original, &package.write()));
    }
}

#[test]
fn the_picture_of_an_object_is_part_of_what_a_slide_shows() {
    let slide = "ppt/slides/slide1.xml";
    let drawing = "ppt/drawings/vmlDrawing1.vml";
    let drawn = "<xml><v:shape id=\"_x0000_s1\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\
                 <v:imagedata o:relid=\"rId1\"/></v:shape></xml>";
    let with_object = |grey| {
        presentation()
            .replace(slide, "</p:cSld>", "</p:cSld><p:oleObj spid=\"_x0000_s1\"/>")
            .part(drawing, "application/vnd.openxmlformats-officedocument.vmlDrawing", drawn)
            .relate(slide, "rIdV", "vmlDrawing", "../drawings/vmlDrawing1.vml")
            .part("ppt/media/image1.png", "image/png", png(grey))
            .relate(drawing, "rId1", "image", "../media/image1.png")
    };
    assert_eq!(essence(Kind::Pptx, &with_object(1)), essence(Kind::Pptx, &with_object(1)));
    assert_ne!(essence(Kind::Pptx, &with_object(1)), essence(Kind::Pptx, &with_object(2)));
}

/// A policy that takes out objects and macros.
fn without(classes: &[&str]) -> Policy {
    let lines: Vec<String> = classes.iter().map(|class| format!("\"{class}\" = \"remove\"")).collect();
    let text = format!("schema = 1\nname = \"t\"\nextends = \"public-release\"\n[classes]\n{}\n", lines.join("\n"));
    Policy::from_toml(&text, "t.toml").expect("a policy")
}

#[test]
fn a_copy_without_an_object_shows_its_picture() {
    let slide = "ppt/slides/slide1.xml";
    let we = "xmlns:we=\"http://schemas.microsoft.com/office/webextensions/webextension/2010/11\"";
    let mc = "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";
    let place = "<a:off x=\"1\" y=\"2\"/><a:ext cx=\"3\" cy=\"4\"/>";
    let picture = |name: &str| {
        format!(
            "<p:pic><p:nvPicPr>{name}<p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"rIdO\"/></p:blipFill>\
             <p:spPr><a:xfrm>{place}</a:xfrm></p:spPr></p:pic>"
        )
    };
    let name = "<p:cNvPr id=\"7\" name=\"n\" hidden=\"1\"/>";
    let frame = format!(
        "<p:graphicFrame><p:nvGraphicFramePr>{name}<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>{place}</p:xfrm>\
         <a:graphic><a:graphicData><p:oleObj r:id=\"rIdX\">{}</p:oleObj></a:graphicData></a:graphic></p:graphicFrame>",
        picture("<p:cNvPr id=\"0\" name=\"\"/>")
    );
    let add_in = |fallback: &str| {
        format!(
            "<mc:AlternateContent {mc}><mc:Choice Requires=\"we\" {we}><p:graphicFrame><we:webextensionref/></p:graphicFrame>\
             </mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
        )
    };
    let with = |shapes: &str| {
        presentation()
            .replace(slide, "</p:spTree>", &format!("{shapes}</p:spTree>"))
            .part("ppt/media/preview.png", "image/png", png(9))
            .relate(slide, "rIdO", "image", "../media/preview.png")
    };
    let object = with(&frame).part("ppt/embeddings/o.docx", "application/x", "x").relate(
        slide,
        "rIdX",
        "package",
        "../embeddings/o.docx",
    );
    let policy = without(&["active.objects", "active.macros", "embedded.documents"]);
    let judge = |original: &Package, copy: &Package| {
        let spent = Spent::default();
        let context = Context::new(&policy, &spent);
        prove(Kind::Pptx, &original.write(), &copy.write(), &Report::default(), &context).map(|_| ())
    };
    let shown = picture(name);
    judge(&object, &with(&shown)).expect("the picture stays, hidden as its frame was");
    judge(&with(&add_in(&shown)), &with(&shown)).expect("the picture of the add-in stays");
    let cheats = [
        ("the picture is gone", &object, presentation()),
        ("the picture is shown", &object, with(&shown.replace(" hidden=\"1\"", ""))),
        ("the picture lies elsewhere", &object, with(&shown.replace("x=\"1\"", "x=\"2\""))),
        ("another picture", &object, with(&shown).swap("ppt/media/preview.png", &png(8))),
        ("the object stays", &object, object.clone()),
        ("the add-in's picture is gone", &with(&add_in(&shown)), presentation()),
        ("an add-in without a picture is gone", &with(&add_in("")), with("")),
    ];
    for (what, original, copy) in cheats {
        let refusal = judge(original, &copy).expect_err(what);
        assert_eq!(refusal.reason, Reason::Unprovable, "{what}: {refusal}");
    }
}

#[test]
fn the_field_of_an_object_goes_with_it() {
    let with = |field: &str| docx(&format!("<w:p><w:r>{field}<w:t>shown</w:t></w:r></w:p>"));
    let marks = "<w:fldChar w:fldCharType=\"begin\"/><w:instrText> EM</w:instrText><w:instrText>BED Word.Document.8 </w:instrText>\
                 <w:fldChar w:fldCharType=\"end\"/>";
    let policy = without(&["active.objects"]);
    let judge = |copy: &Package| {
        let spent = Spent::default();
        let context = Context::new(&policy, &spent);
        prove(Kind::Docx, &with(marks).write(), &copy.write(), &Report::default(), &context).map(|_| ())
    };
    judge(&with("")).expect("the field is gone");
    assert_eq!(judge(&with(marks)).expect_err("the field stays").reason, Reason::Unprovable);
}

#[test]
fn a_copy_without_an_object_on_a_sheet_shows_its_picture_there() {
    let (sheet, drawing) = ("xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml");
    let drawn = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
                 xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shape id=\"_x0000_s1025\"><v:imagedata o:relid=\"rId1\"/>\
                 <x:ClientData><x:Anchor> 0, 1, 2, 3, 4, 5, 6, 7</x:Anchor></x:ClientData></v:shape></xml>";
    let object = "<oleObjects><oleObject shapeId=\"1025\" r:id=\"rIdO\"/></oleObjects></worksheet>";
    let original = workbook("")
        .replace(sheet, "</worksheet>", object)
        .part("xl/embeddings/o.bin", "application/x", "x")
        .relate(sheet, "rIdO", "oleObject", "../embeddings/o.bin")
        .part("xl/drawings/v.vml", "application/vnd.openxmlformats-officedocument.vmlDrawing", drawn)
        .relate(sheet, "rIdV", "vmlDrawing", "../drawings/v.vml")
        .part("xl/media/preview.png", "image/png", png(9))
        .relate("xl/drawings/v.vml", "rId1", "image", "../media/preview.png");
    let corner = |name: &str, [column, across, row, down]: [u32; 4]| {
        format!(
            "<d:{name}><d:col>{column}</d:col><d:colOff>{across}</d:colOff><d:row>{row}</d:row><d:rowOff>{down}</d:rowOff></d:{name}>"
        )
    };
    let anchor = format!(
        "<d:twoCellAnchor>{}{}<d:pic><d:nvPicPr><d:cNvPr id=\"1\" name=\"n\"/></d:nvPicPr><d:blipFill><a:blip r:embed=\"rId1\"/>\
         </d:blipFill></d:pic><d:clientData/></d:twoCellAnchor>",
        corner("from", [0, 9_525, 2, 28_575]),
        corner("to", [4, 47_625, 6, 66_675])
    );
    let copy = |anchors: &str| {
        let pictures = format!(
            "<d:wsDr xmlns:d=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
             xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">{anchors}</d:wsDr>"
        );
        workbook_copy("")
            .replace(sheet, "</worksheet>", "<drawing r:id=\"rIdD\"/></worksheet>")
            .replace(sheet, "&amp;Z&amp;F", "")
            .part(drawing, "application/vnd.openxmlformats-officedocument.drawing+xml", pictures)
            .relate(sheet, "rIdD", "drawing", "../drawings/drawing1.xml")
            .part("xl/media/preview.png", "image/png", png(9))
            .relate(drawing, "rId1", "image", "../media/preview.png")
    };
    let policy = without(&["active.objects"]);
    let judge_of = |original: &Package, copy: &Package| {
        let spent = Spent::default();
        let context = Context::new(&policy, &spent);
        prove(Kind::Xlsx, &original.write(), &copy.write(), &report(), &context).map(|_| ())
    };
    let judge = |copy: &Package| judge_of(&original, copy);
    judge(&copy(&anchor)).expect("the picture stays where the object was");
    let single = original.clone().replace("xl/drawings/v.vml", "\"", "'");
    judge_of(&single, &copy(&anchor)).expect("the shape is found in whichever quotes");
    for (what, piece, changed) in [
        ("a part of the picture was shown", "o:relid", "cropleft='1f' o:relid"),
        ("it was turned", "<v:shape ", "<v:shape style='rotation:90' "),
        ("it was hidden", "<v:shape ", "<v:shape style=\"visibility:hidden\" "),
    ] {
        let original = original.clone().replace("xl/drawings/v.vml", piece, changed);
        assert_eq!(judge_of(&original, &copy(&anchor)).expect_err(what).reason, Reason::Unprovable, "{what}");
    }
    let words = "<d:sp><d:txBody><a:p><a:r><a:t>new</a:t></a:r></a:p></d:txBody></d:sp><d:clientData/>";
    let cheats = [
        ("the picture is gone", copy("")),
        ("there is no drawing", workbook_copy("").replace(sheet, "&amp;Z&amp;F", "")),
        ("the picture lies elsewhere", copy(&anchor.replace("<d:row>6<", "<d:row>7<"))),
        ("another picture", copy(&anchor).swap("xl/media/preview.png", &png(8))),
        ("the picture twice", copy(&anchor.repeat(2))),
        ("a hidden picture", copy(&anchor.replace("name=\"n\"", "name=\"n\" hidden=\"1\""))),
        ("something else beside it", copy(&anchor.replace("<d:clientData/>", words))),
        ("the object stays", original.clone()),
    ];
    for (what, copy) in cheats {
        let refusal = judge(&copy).expect_err(what);
        assert_eq!(refusal.reason, Reason::Unprovable, "{what}: {refusal}");
    }
}

#[test]
fn containers_tell_nothing() {
    let original = word_original().write();
    let members = word_copy().all_members();
    let plain = zip::DateTime::default();
    let dated = zip::DateTime::from_date_and_time(2024, 2, 3, 4, 5, 6).expect("date");
    let good = write_zip(&members, plain, "");
    let cases = [
        ("a date", write_zip(&members, dated, "")),
        ("a comment", write_zip(&members, plain, "made by Jane")),
        ("bytes behind", [good.clone(), b"tail".to_vec()].concat()),
        ("bytes before", [b"PK\x03\x04head".to_vec(), good].concat()),
    ];
    for (name, copy) in cases {
        println!("{name}: {}", refused(Kind::Docx, &original, &copy));
    }
}

#[test]
fn dialect_prefix_and_split_runs_make_no_difference() {
    let plain = docx("<w:p><w:r><w:t>Some text &amp; more</w:t></w:r></w:p>");
    let same = [
        docx(
            "<w:p><w:r><w:t xml:space=\"preserve\">Some </w:t></w:r><w:r w:rsidR=\"0\"><w:rPr/><w:t>text &#38; more</w:t></w:r></w:p>",
        ),
        docx_in(W_STRICT, "<w:p><w:r><w:t><![CDATA[Some text & more]]></w:t></w:r></w:p>"),
        docx(&format!(
            "<q:p xmlns:q=\"{W}\"><q:bookmarkStart q:name=\"_GoBack\"/><q:r><q:t>Some text &amp; more</q:t></q:r></q:p>"
        )),
    ];
    for package in same {
        assert_eq!(essence(Kind::Docx, &plain), essence(Kind::Docx, &package));
    }
}

fn spans(kind: Kind, package: &Package) -> Vec<(String, String, Scope)> {
    let extraction = with_context(|context| extract(kind, &package.write(), context)).expect("text");
    extraction.spans.into_iter().map(|span| (span.text, span.place.to_string(), span.scope)).collect()
}

fn has(spans: &[(String, String, Scope)], text: &str, place: &str, scope: Scope) {
    let wanted = (text.to_owned(), place.to_owned(), scope);
    assert!(spans.contains(&wanted), "{wanted:?} is not in {spans:#?}");
}

#[test]
fn text_of_word() {
    let package = docx(
        "<w:p><w:bookmarkStart w:name=\"secretMark\"/><w:r><w:t>DE89 3704</w:t></w:r><w:r><w:t xml:space=\"preserve\"> 0044</w:t><w:tab/><w:t>A&amp;B</w:t></w:r>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r><w:del><w:r><w:delText>dropped</w:delText></w:r></w:del>\
         <w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>FILENAME \\p</w:instrText></w:r></w:p>\
         <w:p><w:hyperlink r:id=\"rIdL\"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>\
         <w:p><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p><w:p><w:r><w:t>other</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>\
         <w:unknown xmlns:u=\"urn:u\"><u:x>loose words</u:x></w:unknown>",
    )
    .relate("word/document.xml", "rIdL", "hyperlink", "https://example.org/x")
    .part("word/odd.xml", "application/xml", "<a>never seen before</a>")
    .part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", "<c><creator>Jane Roe</creator></c>")
    .part("word/media/p.png", "", png(1))
    .part("word/embeddings/book.xlsx", "application/x", workbook("").write())
    .part("word/oleObject1.bin", "", vec![1_u8, 2, 3, 0, 255]);
    let found = spans(Kind::Docx, &package);
    let first = "word/document.xml, paragraph 1";
    has(&found, "DE89 3704 0044\tA&B", first, Scope::Body);
    has(&found, "unseendropped", first, Scope::Hidden);
    has(&found, "FILENAME \\p", first, Scope::Field);
    has(&found, "secretMark", first, Scope::Bookmark);
    has(&found, "https://example.org/x", "word/document.xml, paragraph 2", Scope::LinkTarget);
    assert_eq!(found.iter().filter(|(text, ..)| text == "boxed").count(), 1);
    has(&found, "other", "word/document.xml, paragraph 6", Scope::Body);
    has(&found, "loose words", "word/document.xml", Scope::Body);
    has(&found, "never seen before", "word/odd.xml", Scope::Metadata);
    has(&found, "Jane Roe", "metadata core:creator", Scope::Metadata);
    has(&found, "Rich text", "word/embeddings/book.xlsx › Main!A1", Scope::Body);
    let unread = with_context(|context| extract(Kind::Docx, &package.write(), context)).expect("text").unread;
    let expected: Vec<(Place, bool)> = unread.into_iter().map(|unread| (unread.place, unread.expected)).collect();
    let part = |name: &str| Place::Part { part: name.to_owned() };
    assert_eq!(expected, [(part("word/media/p.png"), true), (part("word/oleObject1.bin"), false)]);
}

#[test]
fn text_of_a_workbook() {
    let found = spans(Kind::Xlsx, &workbook(""));
    has(&found, "Rich text", "Main!A1", Scope::Body);
    has(&found, "84", "Main!B1", Scope::Body);
    has(&found, "A2*2", "Main!B1", Scope::Field);
    has(&found, "in hidden column", "Main!C1", Scope::Hidden);
    has(&found, "42", "Main!A2", Scope::Hidden);
    has(&found, "behind", "Back!A1", Scope::Hidden);
    has(&found, "orphan", "xl/sharedStrings.xml", Scope::Hidden);
    has(&found, "\"red,green\"", "Main!D4", Scope::Field);
    has(&found, "choose one", "Main!D4", Scope::FormField);
    has(&found, "https://example.org/b", "Main!A1", Scope::LinkTarget);
    has(&found, "&LPrinted from &Z&F", "xl/worksheets/sheet1.xml", Scope::HeaderFooter);
    has(&found, "Back", "xl/workbook.xml", Scope::Bookmark);
    has(&found, "Main!$A$1", "xl/workbook.xml", Scope::Field);
}

#[test]
fn text_of_a_presentation() {
    let found = spans(Kind::Pptx, &presentation_with_notes());
    assert_eq!(found.first().map(|(text, ..)| text.as_str()), Some("Title 1"));
    has(&found, "First\nslide", "slide 1, Title 1", Scope::Body);
    has(&found, "Second\nslide", "slide 2, Title 1", Scope::Body);
    has(&found, "a picture of it", "slide 1, Title 1", Scope::AltText);
    has(&found, "say this", "slide 1", Scope::Note);
    let hidden = presentation().replace("ppt/slides/slide2.xml", "<p:sld ", "<p:sld show=\"0\" ");
    has(&spans(Kind::Pptx, &hidden), "First\nslide", "slide 1, Title 1", Scope::Hidden);
}

#[test]
fn text_in_shapes_that_nobody_sees() {
    let (show, slide) = ("ppt/presentation.xml", "ppt/slides/slide1.xml");
    let place = |x: i32, turned: &str| {
        format!("<p:spPr><a:xfrm{turned}><a:off x=\"{x}\" y=\"10\"/><a:ext cx=\"100\" cy=\"10\"/></a:xfrm></p:spPr>")
    };
    let shape = |name: &str, hidden: &str, place: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"9\" name=\"{name}\"{hidden}/></p:nvSpPr>{place}<p:txBody><a:p><a:r><a:t>text of {name}\
             </a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let group = |name: &str, hidden: &str, x: i32, inner: &str| {
        format!(
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"8\" name=\"{name}\"{hidden}/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"{x}\" y=\"0\"/>\
             <a:ext cx=\"100\" cy=\"100\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"1000\" cy=\"1000\"/></a:xfrm></p:grpSpPr>{inner}</p:grpSp>"
        )
    };
    let shapes = [
        shape("hidden", " hidden=\"1\"", ""),
        shape("shown", " hidden=\"0\"", ""),
        shape("left", "", &place(-100, "")),
        shape("reaching in", "", &place(-99, "")),
        shape("right", "", &place(1_000, "")),
        shape("turned", "", &place(-100, " rot=\"5400000\"")),
        group("secret", " hidden=\"1\"", 0, &(shape("inner", "", "") + &shape("second", "", ""))),
        group("scaled", "", 950, &(shape("near", "", &place(400, "")) + &shape("far", "", &place(500, "")))),
        shape("last", "", ""),
    ];
    let package = presentation()
        .replace(show, "<p:sldIdLst>", "<p:sldSz cx=\"1000\" cy=\"500\"/><p:sldIdLst>")
        .replace(slide, "</p:spTree>", &format!("{}</p:spTree>", shapes.concat()));
    let extraction = with_context(|context| extract(Kind::Pptx, &package.write(), context)).expect("text");
    let rules: Vec<(&str, &str)> =
        extraction.observations.iter().map(|found| (found.rule, found.text.as_str())).collect();
    let (hidden, off) = ("hidden.shape", "hidden.off-slide");
    let expected = [
        (hidden, "text of hidden"),
        (off, "text of left"),
        (off, "text of right"),
        (hidden, "text of inner"),
        (hidden, "text of second"),
        (off, "text of far"),
    ];
    assert_eq!(rules, expected);
    for span in extraction.spans.iter().filter(|span| span.text.starts_with("text of ")) {
        let is_hidden = expected.iter().any(|(_, text)| *text == span.text);
        assert_eq!(span.scope == Scope::Hidden, is_hidden, "{span:?}");
    }
}

#[test]
fn utf16_parts_are_read() {
    let package = docx("<w:p><w:r><w:t>schlüssel</w:t></w:r></w:p>");
    let text = String::from_utf8(package.members[0].1.clone()).expect("text");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let wide = package.clone().swap("word/document.xml", &utf16);
    has(&spans(Kind::Docx, &wide), "schlüssel", "word/document.xml, paragraph 1", Scope::Body);
    assert_eq!(essence(Kind::Docx, &package), essence(Kind::Docx, &wide));
}

#[test]
fn the_echo_search_sees_joined_text() {
    let package = docx("<w:p><w:r><w:t>Ja</w:t></w:r><w:r><w:t>ne &amp; R</w:t></w:r><w:r><w:t>oe</w:t></w:r></w:p>")
        .part("word/embeddings/b.docx", "application/x", docx("<w:p><w:r><w:t>inner words</w:t></w:r></w:p>").write());
    let mut seen = Vec::new();
    let prover = prover_for(Kind::Docx).expect("prover");
    with_context(|context| {
        prover.payloads(Kind::Docx, &package.write(), context, &mut |part, bytes| {
            seen.push((part.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
        })
    })
    .expect("payloads");
    assert!(seen.iter().any(|(part, text)| part == "word/document.xml" && text.contains("Jane & Roe")), "{seen:?}");
    assert!(
        seen.iter().any(|(part, text)| part == "word/embeddings/b.docx › word/document.xml" && text.contains("inner"))
    );
}

/// Damage gives a refusal or an answer, never a panic.
fn survive(bytes: &[u8]) {
    for kind in [Kind::Docx, Kind::Xlsx, Kind::Pptx] {
        let prover = prover_for(kind).expect("prover");
        with_context(|context| {
            let _ = prover.essence(kind, bytes, Side::Input, context);
            let _ = prover.verify(kind, bytes, bytes, &Report::default(), context);
            let _ = prover.payloads(kind, bytes, context, &mut |_, _| {});
            let _ = extract(kind, bytes, context);
        });
    }
}

#[test]
fn cut_off_anywhere() {
    for package in [word_original(), workbook(""), presentation_with_notes()] {
        let bytes = package.write();
        for step in 0..64 {
            survive(&bytes[..bytes.len() * step / 64]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn flipped_bits(at in any::<prop::sample::Index>(), bit in 0..8_u32, which in 0..3_usize) {
        let packages = [word_original(), workbook(""), presentation_with_notes()];
        let mut bytes = packages[which].write();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        survive(&bytes);
    }

    /// Damage below the compression, where checksums do not catch it.
    #[test]
    fn flipped_xml(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..3_usize) {
        let packages = [word_original(), workbook(""), presentation_with_notes()];
        let mut members = packages[which].all_members();
        let (member, at) = (at.index(members.len()), at);
        let text = &mut members[member].1;
        let at = at.index(text.len());
        text[at] = byte;
        survive(&write_zip(&members, zip::DateTime::default(), ""));
    }
}
