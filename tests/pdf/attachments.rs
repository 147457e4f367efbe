//! Attached files: looked into and reported whatever becomes of them, removed by default, cleaned where the policy keeps them.

use std::io::{Cursor, Write};

use fieldstrip::detect::Fingerprinter;
use fieldstrip::finding::{Finding, Verdict};
use fieldstrip::formats::{Attached, EmbeddedReport, Report};
use fieldstrip::job::{Scanner, engine_for, inspect, process};
use fieldstrip::limits::Limits;
use fieldstrip::policy::{Action, Class};
use fieldstrip::{Kind, Policy};

use super::fixtures::{Pdf, deflate, jpeg_with, one_page, stream};
use super::{contains, handle, handle_within, hit, unpacked};

/// A Word document that names its author.
fn docx(author: &str, text: &str) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"{WORD}\"/><Override PartName=\"/docProps/core.xml\" \
                 ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"a\" Type=\"{OFFICE}/officeDocument\" \
                 Target=\"word/document.xml\"/><Relationship Id=\"b\" Target=\"docProps/core.xml\" \
                 Type=\"{PACKAGE}/relationships/metadata/core-properties\"/></Relationships>"
            ),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r>\
                 <w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
            ),
        ),
        (
            "docProps/core.xml",
            format!(
                "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
                 xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator>{author}</dc:creator></cp:coreProperties>"
            ),
        ),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn jpeg() -> Vec<u8> {
    let position = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
                    xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude='StripLatitudeToken'/></rdf:RDF>";
    jpeg_with("StripCommentToken", position, "StripArtistToken", "")
}

fn pdf(author: &str, text: &str) -> Vec<u8> {
    let mut pdf = one_page(&format!("BT /F1 9 Tf 9 99 Td ({text}) Tj ET"), "", "");
    pdf.trailer = format!("/Info << /Author ({author}) >>");
    pdf.write()
}

/// A page with files of these names in the name tree of the catalog; file `n` is object `6 + 2 n`, its specification the next.
fn attaching(files: &[(&str, &[u8])], page: &str, catalog: &str) -> Pdf {
    let names: String = (0..files.len()).map(|n| format!("(StripKey{n}Token) {} 0 R ", 7 + 2 * n)).collect();
    let tree = format!("/Names << /EmbeddedFiles << /Names [{names}] >> >> {catalog}");
    let mut pdf = one_page("BT /F1 9 Tf 9 99 Td (page) Tj ET", page, &tree);
    for (name, data) in files {
        let entries = "/Type /EmbeddedFile /Subtype /StripSubtypeToken /Filter /FlateDecode /Params << /Size 1 \
                       /ModDate (D:20240102StripDateToken) /CheckSum (StripSumToken) >>";
        let file = pdf.stream(entries, deflate(data));
        pdf.add(format!(
            "<< /Type /Filespec /F ({name}) /UF ({name}) /Desc (StripDescriptionToken) /Private (StripPrivateToken) \
             /AFRelationship /Data /EF << /F {file} 0 R /UF {file} 0 R >> >>"
        ));
    }
    pdf
}

fn scanned<T>(policy: &Policy, work: impl FnOnce(&Scanner<'_>) -> T) -> T {
    let engine = engine_for(policy).unwrap();
    let fingerprinter = Fingerprinter::new(b"a key for tests");
    work(&Scanner::new(policy, &engine, &fingerprinter))
}

fn at<'f>(findings: &'f [Finding], rule: &str, place: &str) -> Option<&'f Finding> {
    findings.iter().find(|finding| finding.rule == rule && finding.place.to_string().starts_with(place))
}

const SECRET: &str = "aws_access_key_id = AKIALALEMEL33243OLIB\n";

#[test]
fn what_is_removed_is_reported_beneath_its_part() {
    let unknown: &[u8] = &[0x80, 0x81, 0x90, 0xff, 0x00, 0x13];
    let (word, picture, document) = (docx("StripAuthorToken", "plan"), jpeg(), pdf("StripAuthorToken", "inner"));
    let locked = super::encrypted("secret");
    type Case<'c> = (&'c str, &'c [u8], Kind, &'c str, Option<(Class, &'c str)>);
    let cases: &[Case<'_>] = &[
        ("plan.docx", &word, Kind::Docx, "a Word document", Some((Class::MetadataAuthor, "property creator"))),
        ("a.jpg", &picture, Kind::Jpeg, "a JPEG image", Some((Class::MetadataLocation, "XMP-exif:GPSLatitude"))),
        ("b.pdf", &document, Kind::Pdf, "a PDF document", Some((Class::MetadataAuthor, "PDF:Author"))),
        ("c.txt", SECRET.as_bytes(), Kind::PlainText, "plain text", None),
        ("d.bin", unknown, Kind::Unknown, "unknown data (not looked into: unknown-kind)", None),
        ("e.pdf", &locked, Kind::Pdf, "a PDF document (not looked into: encrypted)", None),
        (
            "f.zip",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            Kind::Zip,
            "a ZIP archive (not looked into: unsupported)",
            None,
        ),
    ];
    for (name, data, kind, title, inner) in cases {
        let (copy, report) = handle(&attaching(&[(name, data)], "", "").write()).unwrap();
        let [embedded] = report.embedded.as_slice() else { panic!("{name}: {report:?}") };
        assert_eq!(embedded.kind, *kind, "{name}");
        let item = format!("attached file: {title}");
        assert_eq!(hit(&embedded.report, Class::EmbeddedFiles, &item), Some((Action::Remove, 1)), "{name}: {report:?}");
        assert!(matches!(&embedded.attached, Some(Attached::Removed(bytes)) if bytes == data), "{name}");
        if let Some((class, item)) = inner {
            assert_eq!(hit(&embedded.report, *class, item), Some((Action::Remove, 1)), "{name}: {report:?}");
        }
        assert_eq!(hit(&report, Class::EmbeddedFiles, "Filespec/UF"), Some((Action::Remove, 1)));
        assert_eq!(hit(&report, Class::MetadataDates, "EmbeddedFile/ModDate"), Some((Action::Remove, 1)));
        assert!(!contains(&unpacked(&copy), "Strip") && !contains(&unpacked(&copy), name), "{name}");
        let logged = format!("{:?}", report.all_hits());
        assert!(!logged.contains("Token") && !logged.contains(name), "no value in the log: {logged}");
    }
}

#[test]
fn names_in_the_log_are_numbers_with_known_extensions() {
    for (name, part) in [
        ("C:\\\\Users\\\\ada\\\\plan.docx", "attachments/1.docx"),
        ("plan.Ada-Lovelace", "attachments/1"),
        ("plan", "attachments/1"),
    ] {
        let (_, report) = handle(&attaching(&[(name, b"text")], "", "").write()).unwrap();
        assert_eq!(report.embedded[0].part, part);
        let class = if name.contains(':') { Class::MetadataPaths } else { Class::EmbeddedFiles };
        assert_eq!(hit(&report, class, "Filespec/UF"), Some((Action::Remove, 1)), "{name}");
    }
}

#[test]
fn text_of_what_is_removed_is_scanned_but_holds_nothing() {
    let inner = attaching(&[("keys.txt", SECRET.as_bytes())], "", "").write();
    let file = attaching(&[("keys.txt", SECRET.as_bytes()), ("b.pdf", &inner)], "", "").write();
    let policy = Policy::built_in("public-release").unwrap();
    scanned(&policy, |scanner| {
        let processed = process(&file, "report.pdf", scanner);
        let places = ["attachments/1.txt › line 1", "attachments/2.pdf › attachments/1.txt › line 1"];
        for place in places {
            let finding = at(&processed.findings, "secret.aws-access-key", place);
            assert_eq!(finding.map(|finding| finding.verdict), Some(Verdict::Note), "{:?}", processed.findings);
        }
        assert_eq!(processed.verdict, Verdict::Note);
        let inspected = inspect(&file, "report.pdf", scanner);
        assert!(inspected.refusal.is_none());
        for place in places {
            let finding = at(&inspected.findings, "secret.aws-access-key", place);
            assert!(finding.is_some_and(|finding| finding.verdict > Verdict::Note), "{:?}", inspected.findings);
        }
    });
}

/// All parts, with those inside of them.
fn parts(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    for EmbeddedReport { part, report, .. } in &report.embedded {
        all.push(part.clone());
        all.extend(parts(report).into_iter().map(|inner| format!("{part} › {inner}")));
    }
    all
}

#[test]
fn nesting_ends_where_the_limit_says() {
    let mut file = pdf("Ada", "innermost");
    for _ in 0..6 {
        file = attaching(&[("in.pdf", &file)], "", "").write();
    }
    let (_, report) = handle_within(&file, Limits { nesting_depth: 3, ..Limits::default() }).unwrap();
    let deepest = parts(&report).pop().unwrap();
    assert_eq!(deepest.matches("attachments/1.pdf").count(), 4, "{deepest}");
    let item = "attached file: a PDF document (not looked into: over-limit)";
    assert_eq!(hit(&report, Class::EmbeddedFiles, item), Some((Action::Remove, 1)));
}

#[test]
fn bombs_that_are_attached_cost_the_document_nothing() {
    let bomb = deflate(&vec![b' '; 32 << 20]);
    let mut small = one_page("", "", "");
    small.set(4, stream("/Filter [/FlateDecode /FlateDecode]", &deflate(&bomb)));
    let small = small.write();
    let text = vec![b'a'; 7 << 20];
    let limits = Limits { decompressed_bytes: 8 << 20, compression_ratio: u64::MAX, ..Limits::default() };
    let mut file = attaching(&[("bomb.pdf", &small), ("a.txt", &text), ("b.txt", &text)], "", "");
    file.set(4, stream("/Filter /FlateDecode", &deflate(&vec![b' '; 1 << 20])));
    let (_, report) = handle_within(&file.write(), limits).unwrap();
    for (item, count) in [
        ("attached file: a PDF document (not looked into: over-limit)", 1),
        ("attached file: plain text", 1),
        ("attached file: unknown data (not looked into: over-limit)", 1),
    ] {
        assert_eq!(hit(&report, Class::EmbeddedFiles, item), Some((Action::Remove, count)), "{report:?}");
    }
}

#[test]
fn one_file_is_one_part_however_often_it_is_named() {
    let note = "<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS 7 0 R /Contents (StripNoteToken) >>";
    let other = "<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS << /F (other.txt) /EF 8 0 R >> >>";
    let mut file = attaching(&[("a.txt", b"text")], &format!("/Annots [{note} {other}] /AF [7 0 R]"), "/AF [7 0 R]");
    file.add("<< /F 6 0 R /UF 9 0 R >>");
    file.stream("/Type /EmbeddedFile", "another");
    file.stream("/Type /EmbeddedFile", "loose");
    let (copy, report) = handle(&file.write()).unwrap();
    assert_eq!(parts(&report), ["attachments/1.txt", "attachments/2.txt", "attachments/3"]);
    assert!(!contains(&unpacked(&copy), "EmbeddedFile") && !contains(&unpacked(&copy), "Strip"));
}
