//! The OOXML handler: nothing planted survives, everything visible does, and hostile containers are refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)] // a failed helper is a failed test
#![allow(unreachable_pub)] // helpers of one crate

mod alternatives;
mod cells;
mod charts;
mod crops;
mod excel;
mod fixtures;
mod macro_sheets;
mod objects;
mod pivots;
mod planted;
mod slide_objects;
mod unseen_shapes;

use std::collections::BTreeSet;

use fieldstrip::formats::{Context, Report, handler_for};
use fieldstrip::limits::{Limits, Spent};
use fieldstrip::policy::{Action, Class};
use fieldstrip::{Kind, Policy, Reason, Refusal};
use fixtures::{Package, document, presentation, strict, unzip, workbook, zip};
use proptest::prelude::*;
use zip::DateTime;

fn policy() -> Policy {
    Policy::built_in("public-release").unwrap()
}

fn clean_with(bytes: &[u8], policy: &Policy) -> Result<(Vec<u8>, Report), Refusal> {
    let spent = Spent::default();
    let mut copy = Vec::new();
    let handler = handler_for(Kind::Docx).unwrap();
    let report = handler.clean(Kind::Docx, bytes, policy, &Context::new(policy, &spent), &mut copy)?;
    Ok((copy, report))
}

fn clean(bytes: &[u8]) -> Result<(Vec<u8>, Report), Refusal> {
    clean_with(bytes, &policy())
}

/// The markers with this beginning in anything of a container.
fn markers(bytes: &[u8], beginning: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, content) in unzip(bytes) {
        let wide: String = content.chunks_exact(2).map(|pair| char::from(pair[0])).collect();
        for text in [name.as_str(), &String::from_utf8_lossy(&content), &wide] {
            for piece in text.split(beginning).skip(1) {
                let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(piece.len());
                found.insert(format!("{beginning}{}", &piece[..end]));
            }
        }
    }
    found
}

fn member(bytes: &[u8], name: &str) -> String {
    let (_, content) = unzip(bytes).into_iter().find(|(member, _)| member == name).unwrap();
    String::from_utf8(content).unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    let text = text.replace("UTF-8", "UTF-16");
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn no_marker_survives_and_everything_visible_does() {
    let mut wide = document();
    for (name, bytes) in &mut wide.parts {
        if name.starts_with("word/") && name.ends_with(".xml") {
            *bytes = utf16(std::str::from_utf8(bytes).unwrap());
        }
    }
    let cases = [
        ("docx", document()),
        ("strict docx", strict(&document())),
        ("UTF-16 docx", wide),
        ("xlsx", workbook()),
        ("pptx", presentation()),
    ];
    for (name, package) in cases {
        let original = package.write();
        let (copy, report) = clean(&original).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(markers(&copy, "GONE"), BTreeSet::new(), "{name}");
        let keep = if name.starts_with("UTF-16") { document().write() } else { original.clone() };
        assert_eq!(markers(&copy, "KEEP"), markers(&keep, "KEEP"), "{name}");
        assert!(!copy.windows(4).any(|window| window == b"GONE"), "{name}: in the container");
        let held: Vec<_> = report.all_hits().into_iter().filter(|hit| hit.action == Action::Hold).collect();
        assert!(held.is_empty(), "{name}: {held:?}");
        let (again, second) = clean(&copy).unwrap();
        assert!(again == copy, "{name}: cleaning again changes bytes");
        assert!(second.hits.is_empty(), "{name}: {:?}", second.hits);
    }
}

#[test]
fn everything_removed_is_reported_under_its_class() {
    let expected = [
        (document(), Class::MetadataAuthor, "property creator"),
        (document(), Class::MetadataOrganisation, "property Company"),
        (document(), Class::ContentThumbnails, "thumbnail part"),
        (document(), Class::Signatures, "origin part"),
        (document(), Class::ContentCustomXml, "customXml part"),
        (document(), Class::ContentUnknown, "part of unknown type"),
        (document(), Class::ContentUnreferenced, "unreferenced part"),
        (document(), Class::ContentUnreferenced, "w:footnote"),
        (document(), Class::ContentComments, "comments part"),
        (document(), Class::ContentTrackedChanges, "w:del"),
        (document(), Class::ContentFields, "FILENAME field"),
        (document(), Class::MetadataIdentifiers, "w:rsid"),
        (document(), Class::LinksLocal, "hyperlink target"),
        (document(), Class::MetadataPaths, "wp:docPr/@descr"),
        (document(), Class::MetadataContainer, "ZIP comment"),
        (document(), Class::ActiveMacros, "extensibility part"),
        (workbook(), Class::MetadataPrinter, "printer settings"),
        (workbook(), Class::MetadataPaths, "x15ac:absPath"),
        (workbook(), Class::ContentProtection, "s:sheetProtection/@hashValue"),
        (workbook(), Class::ContentUnreferenced, "shared string"),
        (workbook(), Class::ContentOldRevisions, "revisionHeaders part"),
        (presentation(), Class::ContentSpeakerNotes, "notesSlide part"),
        (presentation(), Class::ContentUnreferenced, "unused slide relationship"),
        (presentation(), Class::ContentCustomXml, "tags part"),
    ];
    for (package, class, item) in expected {
        let (_, report) = clean(&package.write()).unwrap();
        let hits = report.all_hits();
        assert!(hits.iter().any(|hit| hit.class == class && hit.item == item), "{class} {item} in {hits:#?}");
        assert!(hits.iter().all(|hit| !hit.item.contains("GONE")), "an item carries a value");
    }
    let (_, report) = clean(&document().write()).unwrap();
    for value in ["GONE-creator", "GONE-company", "GONE-author", "GONE-commenter", "GONE-person", "GONE-editor"] {
        assert!(report.values.iter().any(|removed| removed.value == value), "{value}");
    }
}

/// A document with this body.
fn body(content: &str) -> Vec<u8> {
    let part = "word/document.xml";
    Package::default()
        .rel("", "rId1", "officeDocument", part)
        .xml(part, "wordprocessingml.document.main", "w:document", &format!("<w:body>{content}</w:body>"))
        .write()
}

#[test]
fn tracked_changes_are_accepted() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let mark = "<w:pPr><w:jc w:val=\"left\"/><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr>";
    let cell =
        |properties: &str, text: &str| format!("<w:tc>{properties}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let cases = [
        ("insertion", format!("<w:p><w:ins w:id=\"1\">{}</w:ins></w:p>", run("a")), format!("<w:p>{}</w:p>", run("a"))),
        ("deletion", format!("<w:p><w:del w:id=\"1\">{}</w:del></w:p>", run("a")), "<w:p></w:p>".to_owned()),
        (
            "a deleted mark joins with the next paragraph, which keeps its properties",
            format!("<w:p>{mark}{}</w:p><w:p><w:pPr><w:ind/></w:pPr>{}</w:p>", run("a"), run("b")),
            format!("<w:p><w:pPr><w:ind/></w:pPr>{}{}</w:p>", run("a"), run("b")),
        ),
        ("a deleted last paragraph goes", format!("<w:p>{}</w:p><w:p>{mark}</w:p>", run("a")), format!("<w:p>{}</w:p>", run("a"))),
        (
            "a deleted row goes, and the table with its last row",
            format!("<w:p/><w:tbl><w:tr><w:trPr><w:del/></w:trPr>{}</w:tr></w:tbl>", cell("", "a")),
            "<w:p/>".to_owned(),
        ),
        (
            "a deleted cell leaves its columns to the one before",
            format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", "a"), cell("<w:tcPr><w:cellDel/></w:tcPr>", "b")),
            format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>", "a")),
        ),
        (
            "deleted cells in a row leave all of their columns to the one before",
            format!(
                "<w:tbl><w:tr>{}{deleted}{deleted}{}</w:tr></w:tbl>",
                cell("<w:tcPr><w:tcW/><w:gridSpan w:val=\"2\"/><w:vAlign/></w:tcPr>", "a"),
                cell("", "b"),
                deleted = cell("<w:tcPr><w:cellDel/></w:tcPr>", "c"),
            ),
            format!(
                "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
                cell("<w:tcPr><w:tcW/><w:gridSpan w:val=\"4\"/><w:vAlign/></w:tcPr>", "a"),
                cell("", "b")
            ),
        ),
        (
            "a tracked merge becomes a merge",
            format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("<w:tcPr><w:tcW/><w:cellMerge w:vMerge=\"cont\"/></w:tcPr>", "a")),
            format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("<w:tcPr><w:tcW/><w:vMerge w:val=\"continue\"/></w:tcPr>", "a")),
        ),
        (
            "a cell keeps a paragraph",
            format!("<w:tbl><w:tr><w:tc><w:p>{mark}</w:p></w:tc></w:tr></w:tbl>"),
            "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>".to_owned(),
        ),
        (
            "a field with deleted ends loses its instruction",
            "<w:p><w:del><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r>\
             <w:del><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:del></w:p>"
                .to_owned(),
            "<w:p><w:r></w:r></w:p>".to_owned(),
        ),
        (
            "a deleted content control is unwrapped",
            format!(
                "<w:customXmlDelRangeStart w:id=\"5\"/><w:sdt><w:sdtPr/><w:sdtContent><w:customXmlDelRangeEnd w:id=\"5\"/>\
                 <w:p>{}</w:p></w:sdtContent></w:sdt>",
                run("a")
            ),
            format!("<w:p>{}</w:p>", run("a")),
        ),
        (
            "properties from before a change go",
            "<w:p><w:pPr><w:jc w:val=\"left\"/><w:pPrChange><w:pPr/></w:pPrChange></w:pPr></w:p>".to_owned(),
            "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr></w:p>".to_owned(),
        ),
    ];
    for (name, before, after) in cases {
        let (copy, _) = clean(&body(&before)).unwrap();
        let text = member(&copy, "word/document.xml");
        assert!(text.ends_with(&format!("<w:body>{after}</w:body></w:document>")), "{name}: {text}");
    }
}

#[test]
fn what_needs_a_person_is_held() {
    let main = "ppt/presentation.xml";
    let (sheet, slide) = ("xl/worksheets/sheet1.xml", "ppt/slides/slide1.xml");
    let hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>";
    let cases = [
        ("hidden text", body(hidden), Some(Class::ContentHiddenText)),
        ("text hidden on the web", body(&hidden.replace("vanish", "webHidden")), None),
        ("text that is not hidden", body(&hidden.replace("vanish/", "vanish w:val=\"0\"/")), None),
        (
            "hidden sheet",
            workbook().edit("xl/workbook.xml", "sheetId", "state=\"veryHidden\" sheetId").write(),
            Some(Class::ContentHiddenSheets),
        ),
        (
            "hidden row",
            workbook().edit(sheet, "<s:row ", "<s:row hidden=\"1\" ").write(),
            Some(Class::ContentHiddenRows),
        ),
        (
            "hidden column",
            workbook()
                .edit(sheet, "<s:sheetData>", "<s:cols><s:col min=\"2\" max=\"2\" hidden=\"1\"/></s:cols><s:sheetData>")
                .write(),
            Some(Class::ContentHiddenRows),
        ),
        (
            "hidden column without content",
            workbook()
                .edit(sheet, "<s:sheetData>", "<s:cols><s:col min=\"3\" max=\"9\" hidden=\"1\"/></s:cols><s:sheetData>")
                .write(),
            None,
        ),
        (
            "hidden slide",
            presentation().edit(slide, "<p:sld ", "<p:sld show=\"0\" ").write(),
            Some(Class::ContentHiddenSlides),
        ),
        (
            "macros",
            presentation()
                .part("ppt/vbaProject.bin", "application/vnd.ms-office.vbaProject", b"x")
                .rel(
                    main,
                    "rIdM",
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vbaProject.bin",
                )
                .write(),
            Some(Class::ActiveMacros),
        ),
        (
            "a picture that cannot be cleaned",
            presentation()
                .edit(slide, "</p:cSld>", "<a:blip r:embed=\"rIdE\"/></p:cSld>")
                .part("ppt/media/image1.emf", "", b"\x01\0\0\0emf")
                .rel(slide, "rIdE", "image", "../media/image1.emf")
                .write(),
            Some(Class::EmbeddedUnsupported),
        ),
        (
            "a picture from elsewhere",
            presentation()
                .edit(slide, "</p:cSld>", "<a:blip r:link=\"rIdE\"/></p:cSld>")
                .rel(slide, "rIdE", "image", "https://example.org/a.png")
                .write(),
            Some(Class::LinksExternalContent),
        ),
        (
            "an object",
            presentation()
                .edit(slide, "</p:cSld>", "<p:oleObj r:id=\"rIdE\"/></p:cSld>")
                .part("ppt/embeddings/o.bin", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
                .rel(slide, "rIdE", "oleObject", "../embeddings/o.bin")
                .write(),
            Some(Class::ActiveObjects),
        ),
    ];
    for (name, original, class) in cases {
        let (copy, report) = clean(&original).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let held: Vec<Class> =
            report.hits.iter().filter(|hit| hit.action == Action::Hold).map(|hit| hit.class).collect();
        assert_eq!(held, class.into_iter().collect::<Vec<_>>(), "{name}");
        assert!(clean(&copy).unwrap().0 == copy, "{name}: not stable");
    }
}

#[test]
fn the_picture_of_an_object_is_found_by_its_shape() {
    let slide = "ppt/slides/slide1.xml";
    let drawing = "ppt/drawings/vmlDrawing1.vml";
    let shape = "<v:shape id=\"_x0000_s1\" xmlns:v=\"urn:schemas-microsoft-com:vml\" \
                 xmlns:o=\"urn:schemas-microsoft-com:office:office\"><v:imagedata o:relid=\"rId1\"/></v:shape>";
    for (object, drawn) in
        [("<p:oleObj spid=\"_x0000_s1\" r:id=\"rIdE\"/>", true), ("<p:oleObj r:id=\"rIdE\"/>", false)]
    {
        let package = presentation()
            .edit(slide, "</p:cSld>", &format!("{object}</p:cSld>"))
            .part("ppt/embeddings/o.bin", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
            .rel(slide, "rIdE", "oleObject", "../embeddings/o.bin")
            .part(drawing, "", format!("<xml>{shape}</xml>").as_bytes())
            .rel(slide, "rIdV", "vmlDrawing", "../drawings/vmlDrawing1.vml")
            .part("ppt/media/image1.emf", "", b"\x01\0\0\0emf")
            .rel(drawing, "rId1", "image", "../media/image1.emf");
        let (copy, _) = clean(&package.write()).unwrap();
        for part in [drawing, "ppt/media/image1.emf"] {
            assert_eq!(unzip(&copy).iter().any(|(name, _)| name == part), drawn, "{object}: {part}");
        }
    }
}

#[test]
fn paths_of_linked_files_go_even_from_held_copies() {
    let slide = "ppt/slides/slide1.xml";
    let package = presentation()
        .edit(slide, "</p:cSld>", "<a:videoFile r:link=\"rIdE\"/><a:blip r:link=\"rIdF\"/></p:cSld>")
        .rel(slide, "rIdE", "video", "file:///C:/GONE-video.mp4")
        .rel(slide, "rIdF", "image", "file:///C:/GONE-picture.png");
    let (copy, _) = clean(&package.write()).unwrap();
    assert_eq!(markers(&copy, "GONE"), BTreeSet::new());
    assert!(member(&copy, slide).contains("<a:videoFile r:link=\"rIdE\"/><a:blip/>"));
}

#[test]
fn a_link_to_a_place_in_the_document_is_kept_and_proved() {
    let content = "<w:p><w:hyperlink r:id=\"rId1\"><w:r><w:t>there</w:t></w:r></w:hyperlink></w:p>";
    let part = "word/document.xml";
    let package = Package::default()
        .rel("", "rId1", "officeDocument", part)
        .xml(part, "wordprocessingml.document.main", "w:document", &format!("<w:body>{content}</w:body>"))
        .rel(part, "rId1", "hyperlink", "#there");
    let cleaned = fieldstrip::clean(&package.write(), "a.docx", &policy()).unwrap();
    assert!(
        member(&cleaned.bytes, "word/_rels/document.xml.rels").contains("Target=\"#there\" TargetMode=\"External\"")
    );
}

#[test]
fn vml_as_html_writes_it_is_read() {
    let (slide, vml) = ("ppt/slides/slide1.xml", "ppt/drawings/vmlDrawing1.vml");
    let shape = "<v:shape id=\"s1\"><![if gte mso 9]><v:imagedata o:relid=\"rId1\"/><![endif]><br></v:shape>";
    let package = presentation()
        .edit(slide, "</p:cSld>", "<p:control spid=\"s1\"/></p:cSld>")
        .rel(slide, "rIdV", "vmlDrawing", "../drawings/vmlDrawing1.vml")
        .xml(vml, "vmlDrawing", "xml", shape)
        .rel(vml, "rId1", "image", "../media/image1.emf")
        .part("ppt/media/image1.emf", "", b"\x01\0\0\0KEEP-preview");
    let (copy, _) = clean(&package.write()).unwrap();
    assert!(markers(&copy, "KEEP").contains("KEEP-preview"));
    assert!(member(&copy, vml).contains("<v:shape id=\"s1\"><v:imagedata o:relid=\"rId1\"/><br/></v:shape>"));
}

/// The fixtures pass the proof too, so that cleaner and prover agree on everything planted.
#[test]
fn the_copies_of_the_fixtures_are_proved() {
    for (name, package) in [("a.docx", document()), ("b.xlsx", workbook()), ("c.pptx", presentation())] {
        fieldstrip::clean(&package.write(), name, &policy()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    }
}

#[test]
fn the_container_is_written_anew() {
    let (copy, _) = clean(&workbook().write()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&copy)).unwrap();
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).unwrap();
        assert_eq!(file.last_modified(), Some(DateTime::default()));
        assert!(file.extra_data().is_none_or(|extra| extra.is_empty()) && file.comment_raw().is_empty());
        assert_eq!(file.system(), zip::System::Unix);
        names.push(file.name().unwrap().into_owned());
    }
    assert!(archive.comment().is_empty());
    assert_eq!(&names[..2], ["[Content_Types].xml", "_rels/.rels"]);
    assert!(names[2..].is_sorted());
}

#[test]
fn tricks_with_the_container_are_refused() {
    let members = document().members();
    let write = |members: &[(String, Vec<u8>)]| zip(members, DateTime::default(), "");
    let with = |name: &str| {
        let mut members = members.clone();
        members.push((name.to_owned(), b"x".to_vec()));
        write(&members)
    };
    let plain = write(&members);
    let mut encrypted = plain.clone();
    for at in 0..encrypted.len() - 10 {
        match &encrypted[at..at + 4] {
            b"PK\x03\x04" => encrypted[at + 6] |= 1,
            b"PK\x01\x02" => encrypted[at + 8] |= 1,
            _ => {}
        }
    }
    // The directory of the second container in front of the first: its local headers have other names.
    let mut renamed = plain.clone();
    let at = renamed.windows(18).rposition(|window| window == b"word/footnotes.xml").unwrap();
    renamed[at..at + 18].copy_from_slice(b"word/footsteps.xml");
    let duplicate = {
        let mut bytes = with("word/document.xmk");
        while let Some(at) = bytes.windows(17).position(|window| window == b"word/document.xmk") {
            bytes[at..at + 17].copy_from_slice(b"word/document.xml");
        }
        bytes
    };
    let mut bomb = members.clone();
    bomb.iter_mut().find(|(name, _)| name == "word/settings.xml").unwrap().1 = vec![b' '; 40 << 20];
    let cases = [
        ("a name twice", duplicate, Reason::Damaged),
        ("names that differ in case", with("WORD/Document.xml"), Reason::Damaged),
        ("a step out of the folder", with("../evil"), Reason::Damaged),
        ("an absolute name", with("/evil"), Reason::Damaged),
        ("a control character", with("word/\u{1}"), Reason::Damaged),
        ("a member under two names", renamed, Reason::Damaged),
        ("locked members", encrypted, Reason::Encrypted),
        ("no container", b"PK\x03\x04".to_vec(), Reason::Damaged),
    ];
    for (name, bytes, reason) in cases {
        let refusal = clean(&bytes).expect_err(name);
        assert_eq!(refusal.reason, reason, "{name}: {refusal}");
    }
    // The compressed bytes of the first member reach over the header of the second.
    let mut overlapping = plain.clone();
    let header = overlapping.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    overlapping[header + 20] += 40;
    assert!(clean(&overlapping).unwrap_err().detail.contains("overlap"));
    let limits = [
        ("archive-members", Limits { archive_members: 5, ..Limits::default() }, plain.clone()),
        ("decompressed-bytes", Limits { decompressed_bytes: 3_000, ..Limits::default() }, plain.clone()),
        ("xml-depth", Limits { xml_depth: 5, ..Limits::default() }, plain),
        ("compression-ratio", Limits { compression_ratio: 100, ..Limits::default() }, write(&bomb)),
    ];
    for (name, limits, bytes) in limits {
        let mut policy = policy();
        policy.limits = limits;
        let refusal = clean_with(&bytes, &policy).expect_err(name);
        assert_eq!(refusal.reason, Reason::OverLimit, "{name}: {refusal}");
        assert!(refusal.detail.contains(name), "{name}: {refusal}");
    }
}

#[test]
fn broken_xml_is_refused() {
    let part = "word/document.xml";
    let cases = [
        ("a document type", "<w:body>", "<!DOCTYPE a><w:body>"),
        ("NUL", "KEEP-first", "\0"),
        ("an unknown entity", "KEEP-first", "&nobody;"),
        ("an undeclared prefix", "<w:body>", "<w:body><q:x/>"),
        ("a missing end tag", "</w:body>", ""),
        ("an attribute twice", "<w:body>", "<w:body a=\"1\" a=\"2\">"),
    ];
    for (name, from, to) in cases {
        let refusal = clean(&document().edit(part, from, to).write()).expect_err(name);
        assert_eq!(refusal.reason, Reason::Damaged, "{name}");
        assert_eq!(refusal.part, part, "{name}");
        assert!(!refusal.to_string().contains("KEEP"), "{name}: a value in the refusal");
    }
}

#[test]
fn damaged_files_are_refused_or_cleaned_but_never_panic() {
    for package in [document(), workbook(), presentation()] {
        let bytes = package.write();
        for step in 0..64 {
            let _ = clean(&bytes[..bytes.len() * step / 64]);
        }
        for at in (0..bytes.len()).step_by(37) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            if let Ok((copy, _)) = clean(&flipped) {
                assert!(clean(&copy).unwrap().0 == copy, "byte {at}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_body_is_cleaned_stably(pieces in proptest::collection::vec(0_usize..16, 0..24)) {
        const PIECES: &[&str] = &[
            "<w:p/>",
            "<w:p><w:r><w:t>text &amp; more</w:t></w:r></w:p>",
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>",
            "<w:p><w:pPr><w:jc/><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
            "<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr><w:ins><w:r><w:t>a</w:t></w:r></w:ins></w:p>",
            "<w:ins><w:p/><w:del><w:p/></w:del></w:ins>",
            "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p></w:tc></w:tr></w:tbl>",
            "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
            "<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
            "<w:bookmarkStart w:id=\"1\" w:name=\"_GoBack\"/>",
            "<w:bookmarkEnd w:id=\"1\"/>",
            "<w:p><w:del><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:del></w:p>",
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>AUTHOR</w:instrText></w:r></w:p>",
            "<w:p><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>",
            "<w:customXmlDelRangeStart w:id=\"1\"/>",
            "<w:sdt><w:sdtContent><w:customXml><w:p/></w:customXml></w:sdtContent></w:sdt>",
        ];
        let content: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let (copy, _) = clean(&body(&content)).unwrap();
        prop_assert!(clean(&copy).unwrap().0 == copy);
    }
}
