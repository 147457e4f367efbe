//! Names and metadata that would take over a terminal: no command prints them as they are.

#![cfg(unix)] // elsewhere no file can have such a name
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

#[path = "../run/support.rs"]
#[allow(dead_code, reason = "the tests of runs use all of it")]
mod support;

use support::Workplace;

/// An escape sequence, the same of Latin-1, marks of direction, a tag, a line break and a carriage return.
const HOSTILE: &str = "a\x1b[31m\u{9b}2J\u{202e}b\u{2066}\u{61c}\u{e0041}\u{7f}\nc\rd";

/// True for what may not get to a terminal.
fn takes_over(c: char) -> bool {
    c != '\n' && (c.is_control() || "\u{202e}\u{2066}\u{61c}\u{e0041}".contains(c))
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let checksum = crc32fast::hash(&body);
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &checksum.to_be_bytes()].concat()
}

/// A PNG of one pixel with a hostile author.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::GrayImage::from_pixel(1, 1, image::Luma([9]));
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    let text = [b"Author\0\0\0\0\0".as_slice(), HOSTILE.as_bytes()].concat();
    bytes.splice(33..33, chunk(b"iTXt", &text));
    bytes
}

/// A PDF with a hostile title.
fn pdf() -> Vec<u8> {
    let title: String = HOSTILE.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Title<FEFF{title}>>>endobj\n\
         trailer<</Size 5/Root 1 0 R/Info 4 0 R>>\n%%EOF\n"
    )
    .into_bytes()
}

/// A package whose broken part has a hostile name.
fn docx() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let part = "word/\u{202e}\u{2066}.xml";
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    for (name, content) in [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
                 Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/{part}\" ContentType=\"{main}\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                 Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
                 Target=\"{part}\"/></Relationships>"
            ),
        ),
        (part, "<w".to_owned()),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn place() -> Workplace {
    let text = format!("card 4111 1111 1111 1111, mail x{HOSTILE}@fieldmail.org, x@fieldmail.org\n");
    let named = |extension: &str| format!("{HOSTILE}.{extension}");
    Workplace::with(&[
        (&named("png"), &png()),
        (&named("pdf"), &pdf()),
        (&named("docx"), &docx()),
        (&named("txt"), text.as_bytes()),
        (&named("bin"), b"\x01\x02\x03"),
        (&format!("{HOSTILE}/._x"), b""),
    ])
}

/// Runs a command and checks what it prints.
fn harmless(place: &Workplace, arguments: &[&str]) -> String {
    let (_, out, error) = place.run(arguments);
    let text = out + &error;
    assert!(!text.is_empty(), "{arguments:?} prints nothing");
    assert!(!text.contains(takes_over), "{arguments:?} prints {text:?}");
    text
}

#[test]
fn no_command_prints_what_takes_over_a_terminal() {
    let place = place();
    let policy = format!(
        "schema = 1\nname = {name}\ndescription = {name}\nextends = \"public-release\"\n[[text.allow]]\n\
         rules = [\"personal.*\"]\nvalues = [\"a@b.org\"]\nreason = {name}\nexpires = 2001-01-01\n",
        name = serde_json::to_string(HOSTILE).unwrap().replace('\u{7f}', "\\u007f")
    );
    fs::write(place.path("mine.toml"), policy).unwrap();
    let release = format!("{HOSTILE}-out");
    let review = format!("{release}.review");
    let missing = format!("{HOSTILE}/missing.toml");
    let option = format!("--{HOSTILE}");
    let cleaned = harmless(&place, &["clean", "in", "--output", &release, "--policy", "mine.toml"]);
    assert!(cleaned.contains("\u{fffd}[31m\u{fffd}2J\u{fffd}b"), "the name is told: {cleaned}");
    let changed = walkdir::WalkDir::new(place.path(&release)).into_iter().flatten().find(|e| e.file_type().is_file());
    fs::write(changed.unwrap().path(), b"changed").unwrap();
    for arguments in [
        &["clean", "in", "--output", "out", "--format", "json"][..],
        &["clean", "in", "--output", "out", "-vvv"],
        &["clean", "in", "--output", "out", "-vvv", "--resume", "--isolation", "off"],
        &["inspect", "in", "-vvv"],
        &["check", "in", "-vvv"],
        &["clean", "in", "--output", "in"],
        &["clean", &missing, "--output", "out"],
        &["clean", "in", "in", "--output", "out"],
        &["clean", "in", &option],
        &["inspect", "in"],
        &["inspect", "in", "--show-values"],
        &["inspect", "in", "--show-values", "--format", "json"],
        &["inspect", &missing],
        &["audit", "verify", &review],
        &["audit", "verify", &review, "--format", "json"],
        &["audit", "verify", &missing],
        &["policy", "show", "mine.toml"],
        &["policy", "show", "mine.toml", "--format", "json"],
        &["policy", "check", "mine.toml", "--format", "json"],
        &["review", &review, "--list"],
        &["review", &review, "--list", "--format", "json"],
        &["policy", "check", "mine.toml"],
        &["policy", "show", &missing],
        &["policy", "check", &missing],
    ] {
        harmless(&place, arguments);
    }
}

#[test]
fn lines_fit_a_terminal_and_stay_whole_elsewhere() {
    let place = Workplace::with(&[
        ("a folder with a long name/and a picture in it.png", &png()),
        ("a folder with a long name/that is no picture.png", b"x@fieldmail.org, card 4111 1111 1111 1111\n"),
        ("a folder with a long name/data.bin", b"\x01\x02\x03"),
    ]);
    place.clean();
    for arguments in [
        &["policy", "list"][..],
        &["policy", "show", "newsroom"],
        &["formats"],
        &["doctor"],
        &["inspect", "in"],
        &["check", "in"],
        &["review", "out.review", "--list"],
        &["clean", "in", "--output", "out"],
    ] {
        let (_, whole, _) = place.run(arguments);
        assert!(!whole.contains('\x1b'), "{arguments:?} has colours without a terminal");
        for columns in [80, 200] {
            let output = place.fieldstrip().args(arguments).env("COLUMNS", columns.to_string()).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            // A hash goes to the edge, and what stands behind it on the next line.
            let lines = text.lines().filter(|line| !line.starts_with("log head"));
            let long: Vec<&str> = lines.filter(|line| line.chars().count() > columns).collect();
            assert_eq!(long, Vec::<&str>::new(), "{arguments:?} at {columns} columns");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let is_list = !matches!(arguments[0], "clean" | "review"); // whose tables follow the width
            assert!(
                !is_list || words(&text) == words(&whole),
                "{arguments:?} at {columns} columns says something else"
            );
        }
    }
    let (_, whole, _) = place.run(&["check", "in"]);
    assert_eq!(whole.lines().count(), 4, "a program that goes by lines gets one for each file: {whole}");
    assert!(whole.lines().any(|line| line.len() > 100), "{whole}");
}

#[test]
fn what_stands_in_text_from_standard_input_is_not_printed_as_it_is() {
    let place = place();
    let words = serde_json::to_string(&[HOSTILE]).unwrap().replace('\u{7f}', "\\u007f");
    let policy = format!(
        "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[text.lexicons.words]\nmatch = \"anywhere\"\nterms = {words}\n"
    );
    fs::write(place.path("mine.toml"), policy).unwrap();
    let text = format!("x {HOSTILE} y, card 4111 1111\u{202e} 1111 1111, x@fieldmail.org");
    let line = serde_json::to_string(&serde_json::json!({ "text": text })).unwrap();
    for (arguments, input) in [
        (&["detect", "--policy", "mine.toml"][..], &text),
        (&["detect", "--policy", "mine.toml", "--format", "json"], &text),
        (&["detect", "--policy", "mine.toml", "--jsonl"], &line),
    ] {
        let mut command = place.fieldstrip();
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(printed.contains("personal."), "{arguments:?} finds nothing: {printed}");
        assert!(!printed.contains(takes_over), "{arguments:?} prints {printed:?}");
    }
}
