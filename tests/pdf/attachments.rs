//! Attached files: looked into and reported whatever becomes of them, removed by default, cleaned where the policy keeps them.

use std::io::{Cursor, Write};

use fieldstrip::detect::Fingerprinter;
use fieldstrip::finding::{Finding, Verdict};
use fieldstrip::formats::{Attached, Context, EmbeddedReport, Report};
use fieldstrip::job::{Scanner, engine_for, inspect, process};
use fieldstrip::limits::{Limits, Spent};
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Policy, Reason};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

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

/// The default policy, but for these lines.
fn policy(lines: &str) -> Policy {
    let text = format!("schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[classes]\n{lines}\n");
    Policy::from_toml(&text, "mine.toml").unwrap()
}

fn keeping() -> Policy {
    policy("\"embedded.files\" = \"keep\"")
}

/// The attached files of a copy: names, media types and data, as `lopdf` reads them.
fn attached(copy: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let document = Document::load_mem(copy).unwrap();
    let specifications = document.objects.values().filter_map(|object| object.as_dict().ok());
    let mut found: Vec<_> = specifications
        .filter(|entries| entries.has_type(b"Filespec"))
        .map(|entries| {
            let keys: Vec<_> = entries.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
            assert!(
                keys.iter().all(|key| ["Type", "F", "UF", "EF", "AFRelationship"].contains(&key.as_str())),
                "{keys:?}"
            );
            assert_eq!(entries.get(b"F").unwrap(), entries.get(b"UF").unwrap());
            let files = entries.get(b"EF").unwrap().as_dict().unwrap();
            let id = files.get(b"F").unwrap().as_reference().unwrap();
            let stream = document.get_object(id).unwrap().as_stream().unwrap();
            let parameters = stream.dict.get(b"Params").unwrap().as_dict().unwrap();
            assert_eq!((parameters.len(), stream.dict.has(b"Desc")), (1, false));
            (
                lopdf::decode_text_string(entries.get(b"UF").unwrap()).unwrap(),
                String::from_utf8_lossy(stream.dict.get(b"Subtype").unwrap().as_name().unwrap()).into_owned(),
                stream.get_plain_content().unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn kept_files_are_cleaned_by_their_handlers() {
    let inner = attaching(&[("in.jpg", &jpeg()), ("in.docx", &docx("StripAuthorToken", "KeepInner"))], "", "").write();
    let (word, picture) = (docx("StripAuthorToken", "KeepPlan"), jpeg());
    let files: &[(&str, &[u8])] = &[
        ("C:\\\\Users\\\\StripUserToken\\\\plan.docx", &word),
        ("/home/StripHomeToken/a.jpg", &picture),
        ("b.pdf", &inner),
        ("c.txt", b"text to keep\n"),
        ("c.txt", b"another text to keep\n"),
    ];
    let note = "<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS 7 0 R /Name /PushPin /T (StripPersonToken) \
                /Contents (StripNoteToken) /NM (StripIdToken) /M (D:20240101StripNoteDate) >>";
    let page = format!("/Annots [{note}] /AF [7 0 R 9 0 R]");
    let catalog = "/AF [7 0 R] /PageMode /UseAttachments /Collection << /Type /Collection /View /T /D (StripKey1Token) \
                   /Schema << /Strip << /Type /CollectionField /Subtype /S /N (StripFieldToken) >> >> /Secret (StripPortfolioToken) >>";
    let file = attaching(files, &page, catalog).write();
    let cleaned = fieldstrip::clean(&file, "report.pdf", &keeping()).unwrap();
    let found = attached(&cleaned.bytes);
    let shown: Vec<_> = found.iter().map(|(name, kind, _)| (name.as_str(), kind.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("a.jpg", "image/jpeg"),
            ("b.pdf", "application/pdf"),
            ("c.txt", "text/plain"),
            ("c.txt", "text/plain"),
            ("plan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ]
    );
    let plain = unpacked(&cleaned.bytes);
    assert!(!contains(&plain, "Strip"));
    for kept in ["UseAttachments", "FileAttachment", "PushPin", "text to keep", "another text", "(c.txt-2)"] {
        assert!(contains(&plain, kept), "{kept}");
    }
    assert_eq!(String::from_utf8_lossy(&cleaned.bytes).matches("/Type/EmbeddedFile").count(), 5, "one copy of each");
    assert!(contains(&plain, "/D(a.jpg)") && contains(&plain, "/AF["), "the portfolio and what belongs to the page");
    let nested: Vec<_> = attached(&found[1].2).into_iter().map(|(name, _, data)| (name, data)).collect();
    assert_eq!(nested.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["in.docx", "in.jpg"]);
    for (name, data) in found.iter().map(|(name, _, data)| (name, data)).chain(nested.iter().map(|(n, d)| (n, d))) {
        let alone = fieldstrip::clean(data, name, Policy::strictest()).unwrap();
        assert_eq!(&alone.bytes == data, name != "b.pdf", "{name}: as its handler leaves it");
        assert!(!contains(data, "Strip"), "{name}");
    }
    assert_eq!(fieldstrip::clean(&cleaned.bytes, "report.pdf", &keeping()).unwrap().bytes, cleaned.bytes);
    let parts =
        ["attachments/1.docx", "attachments/2.jpg", "attachments/3.pdf", "attachments/4.txt", "attachments/5.txt"];
    for part in parts {
        let one = cleaned.report.embedded.iter().find(|one| one.part == part).unwrap();
        let kept = one.report.hits.iter().filter(|hit| hit.class == Class::EmbeddedFiles && hit.action == Action::Keep);
        assert_eq!(kept.count(), 1, "{part}: {:?}", one.report.hits);
    }
    for (class, item) in [
        (Class::MetadataPaths, "Filespec/UF"),
        (Class::MetadataAuthor, "property creator"),
        (Class::MetadataLocation, "XMP-exif:GPSLatitude"),
        (Class::MetadataDates, "EmbeddedFile/ModDate"),
        (Class::EmbeddedFiles, "Filespec/Desc"),
        (Class::ContentComments, "Annot/Contents"),
        (Class::ContentUnknown, "Collection/Schema"),
    ] {
        assert_eq!(hit(&cleaned.report, class, item).map(|(action, _)| action), Some(Action::Remove), "{item}");
    }
}

#[test]
fn a_hundred_files_of_one_name_keep_their_order() {
    let texts: Vec<String> = (0..100).map(|n| format!("text {n}\n")).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|text| ("déjà.txt", text.as_bytes())).collect();
    let once = fieldstrip::clean(&attaching(&files, "", "").write(), "a.pdf", &keeping()).unwrap().bytes;
    assert_eq!(attached(&once).len(), 100);
    assert_eq!(fieldstrip::clean(&once, "a.pdf", &keeping()).unwrap().bytes, once);
}

#[test]
fn what_cannot_be_cleaned_holds_or_refuses_the_document() {
    let unknown: &[u8] = &[0x80, 0x81, 0x90, 0xff, 0x00, 0x13];
    let (word, locked) = (docx("Ada", "plan"), super::encrypted("secret"));
    let (cut, refusing) =
        (&word[..word.len() / 2], "\"embedded.files\" = \"keep\"\n\"embedded.unsupported\" = \"refuse\"");
    for (name, data, why) in [
        ("a.bin", unknown, "unknown-kind"),
        ("b.pdf", &locked, "encrypted"),
        ("c.docx", cut, "unsupported"),
        ("d.pdf", b"only text", "damaged"),
        ("e.html", b"<!doctype html><html><body>text</body></html>", "unsupported"),
    ] {
        let file = attaching(&[(name, data)], "", "").write();
        scanned(&keeping(), |scanner| {
            let processed = process(&file, "report.pdf", scanner);
            let cleaned = processed.result.unwrap();
            assert_eq!(processed.verdict, Verdict::Hold, "{name}");
            assert_eq!(attached(&cleaned.bytes)[0].2, data, "{name}");
            let told = cleaned.report.all_hits().into_iter().any(|hit| {
                hit.class == Class::EmbeddedUnsupported
                    && hit.place == "attachments/1".to_owned() + &name[1..].replace(".bin", "")
                    && hit.item.ends_with(&format!("(cannot be cleaned: {why})"))
            });
            assert!(told, "{name}: {:?}", cleaned.report.all_hits());
        });
        let refusal = fieldstrip::clean(&file, "report.pdf", &policy(refusing)).unwrap_err();
        assert_eq!((refusal.reason, refusal.part.starts_with("attachments/1")), (Reason::Policy, true), "{refusal}");
    }
}

#[test]
fn held_files_are_cleaned_and_wait() {
    let file = attaching(&[("plan.docx", &docx("StripAuthorToken", "plan")), ("keys.txt", SECRET.as_bytes())], "", "");
    for (action, verdict) in [("hold", Verdict::Hold), ("keep", Verdict::Hold), ("remove", Verdict::Note)] {
        let chosen = policy(&format!("\"embedded.files\" = \"{action}\""));
        scanned(&chosen, |scanner| {
            let processed = process(&file.write(), "report.pdf", scanner);
            let cleaned = processed.result.unwrap();
            assert_eq!(processed.verdict, verdict, "{action}");
            assert_eq!(attached(&cleaned.bytes).len(), if action == "remove" { 0 } else { 2 });
            let key = at(&processed.findings, "secret.aws-access-key", "attachments/2.txt › line 1");
            assert!(key.is_some_and(|key| (key.verdict == Verdict::Note) == (action == "remove")), "{action}");
        });
    }
    let plain = attaching(&[("plan.docx", &docx("Ada", "plan"))], "", "").write();
    for (action, verdict) in [("hold", Verdict::Hold), ("keep", Verdict::Note)] {
        let chosen = policy(&format!("\"embedded.files\" = \"{action}\""));
        assert_eq!(scanned(&chosen, |scanner| process(&plain, "a.pdf", scanner).verdict), verdict, "{action}");
    }
}

#[test]
fn kept_files_stay_within_the_budgets_of_the_document() {
    let mut nested = pdf("Ada", "innermost");
    for _ in 0..6 {
        nested = attaching(&[("in.pdf", &nested)], "", "").write();
    }
    let refusal = fieldstrip::clean(&nested, "a.pdf", &keeping()).unwrap_err();
    assert!(refusal.detail.contains("nesting-depth") && refusal.part.starts_with("attachments/1.pdf › "), "{refusal}");
    let bomb = attaching(&[("a.txt", &vec![b'a'; 64 << 20])], "", "").write();
    let mut small = keeping();
    small.limits.decompressed_bytes = 8 << 20;
    let refusal = fieldstrip::clean(&bomb, "a.pdf", &small).unwrap_err();
    assert_eq!(refusal.reason, Reason::OverLimit, "{refusal}");
}

#[test]
fn what_hangs_on_what_goes_is_not_kept() {
    let hidden = "<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /F 2 /FS 7 0 R >>";
    let elsewhere = "<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS << /F (StripElsewhereToken) >> >>";
    let mut file = one_page("", &format!("/Annots [{hidden} {elsewhere}] /PieceInfo << /A 7 0 R >>"), "");
    file.stream("/Type /EmbeddedFile", "StripHiddenToken");
    file.add("<< /Type /Filespec /F (a.txt) /EF << /F 6 0 R >> >>");
    let cleaned = fieldstrip::clean(&file.write(), "a.pdf", &keeping()).unwrap();
    assert!(!contains(&unpacked(&cleaned.bytes), "Strip") && attached(&cleaned.bytes).is_empty());
    assert_eq!(hit(&cleaned.report, Class::EmbeddedFiles, "attached file: plain text"), Some((Action::Remove, 1)));
}

/// The number of the first object that fits.
fn number(copy: &Document, fits: impl Fn(&Object) -> bool) -> ObjectId {
    copy.objects.iter().find(|(_, object)| fits(object)).map(|(id, _)| *id).unwrap()
}

fn specification<'c>(copy: &'c mut Document, name: &[u8]) -> &'c mut Dictionary {
    let named = |entries: &Dictionary| entries.get(b"UF").and_then(Object::as_str).is_ok_and(|uf| uf == name);
    let id = number(copy, |object| object.as_dict().is_ok_and(named));
    copy.get_object_mut(id).unwrap().as_dict_mut().unwrap()
}

/// The stream of the file whose data begins like this.
fn file<'c>(copy: &'c mut Document, begin: &[u8]) -> &'c mut Stream {
    let id = number(copy, |object| {
        let stream = object.as_stream().ok().filter(|stream| stream.dict.has_type(b"EmbeddedFile"));
        stream.is_some_and(|stream| stream.get_plain_content().unwrap().starts_with(begin))
    });
    copy.get_object_mut(id).unwrap().as_stream_mut().unwrap()
}

fn set_data(stream: &mut Stream, data: &[u8]) {
    stream.set_content(deflate(data));
    let size = i64::try_from(data.len()).unwrap();
    stream.dict.get_mut(b"Params").unwrap().as_dict_mut().unwrap().set("Size", size);
}

#[test]
fn the_proof_sees_what_is_wrong_with_attached_files() {
    type Change = fn(&mut Document);
    let changes: &[(&str, Change)] = &[
        ("not the copy that was proved", |copy| set_data(file(copy, b"PK"), &docx("Ada", "plan"))),
        ("not the copy that was proved", |copy| set_data(file(copy, b"text"), b"other text\n")),
        ("shows something else", |copy| {
            for (name, other) in [("a.txt", "b.txt"), ("b.txt", "a.txt")] {
                let id = number(copy, |object| {
                    object.as_dict().is_ok_and(|one| one.get(b"UF").is_ok_and(|uf| *uf == Object::string_literal(name)))
                });
                let entries = copy.get_object_mut(id).unwrap().as_dict_mut().unwrap();
                entries.set("Swapped", Object::string_literal(other));
            }
            for entries in copy.objects.values_mut().filter_map(|object| object.as_dict_mut().ok()) {
                if let Some(other) = entries.remove(b"Swapped") {
                    entries.set("F", other.clone());
                    entries.set("UF", other);
                }
            }
        }),
        ("more in a file specification", |copy| {
            specification(copy, b"a.txt").set("Desc", Object::string_literal("description"));
        }),
        ("the path of an attached file", |copy| {
            let path = Object::string_literal("C:\\Users\\ada\\a.txt");
            specification(copy, b"a.txt").set("F", path.clone());
            specification(copy, b"a.txt").set("UF", path);
        }),
        ("more beside an attached file", |copy| {
            let parameters = file(copy, b"text").dict.get_mut(b"Params").unwrap().as_dict_mut().unwrap();
            parameters.set("ModDate", Object::string_literal("D:2024"));
        }),
        ("more beside an attached file", |copy| file(copy, b"text").dict.set("Subtype", "made by Ada")),
        ("a file that nothing refers to", |copy| {
            let loose = file(copy, b"text").clone();
            copy.add_object(loose);
        }),
        ("missing where the original lists it", |copy| {
            let names = copy.catalog_mut().unwrap().get_mut(b"Names").unwrap().as_dict_mut().unwrap();
            names.remove(b"EmbeddedFiles");
        }),
        ("more in a portfolio", |copy| {
            let portfolio = copy.catalog_mut().unwrap().get_mut(b"Collection").unwrap().as_dict_mut().unwrap();
            portfolio.set("Schema", Dictionary::new());
        }),
        ("an associated file that is none", |copy| {
            let note = copy.add_object(Object::string_literal("note"));
            copy.catalog_mut().unwrap().set("AF", vec![Object::Reference(note)]);
        }),
        ("a note beside an attached file", |copy| {
            let id = number(copy, |object| object.as_dict().is_ok_and(|one| one.has(b"FS")));
            let note = copy.get_object_mut(id).unwrap().as_dict_mut().unwrap();
            note.set("Contents", Object::string_literal("note"));
        }),
    ];
    let mut input = attaching(
        &[("plan.docx", &docx("Ada", "plan")), ("a.txt", b"text\n"), ("b.txt", b"some words\n")],
        "/Annots [12 0 R]",
        "/AF [7 0 R] /Collection << /View /D >>",
    );
    input.add("<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS 9 0 R >>");
    let (input, policy) = (input.write(), keeping());
    let cleaned = fieldstrip::clean(&input, "a.pdf", &policy).unwrap();
    for (phrase, change) in changes {
        let mut copy = Document::load_mem(&cleaned.bytes).unwrap();
        change(&mut copy);
        let mut bytes = Vec::new();
        copy.save_to(&mut bytes).unwrap();
        let spent = Spent::default();
        let proof = prove(Kind::Pdf, &input, &bytes, &cleaned.report, &Context::new(&policy, &spent));
        let refusal = proof.map(|_| ()).expect_err(phrase);
        assert!(refusal.reason == Reason::Unprovable && refusal.detail.contains(phrase), "{phrase}: {refusal}");
    }
}
