//! A document without its macros is published under the extension of its new kind.

use std::fs;
use std::io::{Cursor, Write};

use crate::support::{Workplace, tree};

/// A Word document with macros.
pub(crate) fn docm(text: &str) -> Vec<u8> {
    const MAIN: &str = "application/vnd.ms-word.document.macroEnabled.main+xml";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let members = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"bin\" \
                 ContentType=\"application/vnd.ms-office.vbaProject\"/><Override PartName=\"/word/document.xml\" \
                 ContentType=\"{MAIN}\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" \
                 Target=\"word/document.xml\"/></Relationships>"
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
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>"
            ),
        ),
        ("word/vbaProject.bin", "macro".to_owned()),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn place(text: &str) -> Workplace {
    let place = Workplace::with(&[
        ("a.docm", &docm(text)),
        ("b.docm", &docm(text)),
        ("b.docx", b"no document"),
        ("sub/c.docm", &docm(text)),
        ("sub/c.txt", b"text\n"),
    ]);
    let policy = "schema = 1\nname = \"p\"\nextends = \"public-release\"\n[classes]\n\"active.macros\" = \"remove\"\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    place
}

fn run(place: &Workplace) -> i32 {
    place.run(&["clean", "in", "--output", "out", "--policy", "p.toml"]).0
}

fn names(place: &Workplace, folder: &str) -> Vec<String> {
    tree(&place.path(folder)).keys().map(|path| path.display().to_string()).collect()
}

#[test]
fn copies_without_macros_get_another_extension_and_the_log_says_so() {
    let place = place("text");
    assert_eq!(run(&place), 1, "b.docx is refused");
    assert_eq!(names(&place, "out"), ["a.docx", "b.docm.docx", "sub/c.docx", "sub/c.txt"]);
    let files = place.files();
    assert_eq!(files["a.docm"]["copy"], "a.docx");
    assert_eq!(files["b.docm"]["copy"], "b.docm.docx");
    assert_eq!(files["sub/c.docm"]["copy"], "sub/c.docx");
    assert!(files["sub/c.txt"].get("copy").is_none());
    let verify = || place.run(&["audit", "verify", "out.review", "--release", "out"]).0;
    assert_eq!(verify(), 0);
    fs::rename(place.path("out/a.docx"), place.path("out/a.docm")).unwrap();
    assert_eq!(verify(), 1, "the log names another path");
    fs::rename(place.path("out/a.docm"), place.path("out/a.docx")).unwrap();
    let before = tree(&place.path("out"));
    assert_eq!(run(&place), 1);
    assert_eq!(tree(&place.path("out")), before, "a second run knows the copies of the first");
}

#[test]
fn held_copies_without_macros_have_the_extension_too() {
    let place = place("DE89370400440532013000");
    let policy =
        fs::read_to_string(place.path("p.toml")).unwrap() + "[text.severity]\nhigh = \"hold\"\nmedium = \"hold\"\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    run(&place);
    assert_eq!(names(&place, "out.review/held"), ["a.docx", "b.docm.docx", "sub/c.docx"]);
    assert_eq!(place.files()["a.docm"]["copy"], "a.docx");
    assert_eq!(place.run(&["audit", "verify", "out.review", "--release", "out"]).0, 0);
}

/// A killed run published copies that its log does not name yet; the next run knows where they may be.
#[test]
fn copies_that_a_killed_run_did_not_log_are_known() {
    let place = place("text");
    run(&place);
    let log = place.path("out.review/audit.jsonl");
    let header = fs::read_to_string(&log).unwrap().lines().next().unwrap().to_owned();
    fs::write(&log, header + "\n").unwrap();
    assert_eq!(run(&place), 1);
    assert_eq!(names(&place, "out"), ["a.docx", "b.docm.docx", "sub/c.docx", "sub/c.txt"]);
}
