//! `legacy.mode = "convert"`: what is asked of LibreOffice, what becomes of its result, and what when it fails. A script stands
//! in for it; the real one is tried by `.ci/external.py`.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;

use fieldstrip::Kind;

use crate::fixtures::{MARKER, property_set, word};
use crate::support::Workplace;

const POLICY: &str = "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[legacy]\nmode = \"convert\"\n";

/// A Word document as LibreOffice might write it, with an author.
fn docx(text: &str) -> Vec<u8> {
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = Kind::Docx.media_type().unwrap();
    let members = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override \
                 PartName=\"/word/document.xml\" ContentType=\"{main}.main+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p>\
                 <w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
            ),
        ),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A folder with old files, a policy that converts, and a program `soffice` that tells its version and else does as said.
fn place(policy: &str, script: &str) -> Workplace {
    let place = Workplace::with(&[("old.doc", &word("Body\r", "more\r", "", None)), ("note.txt", b"a note\n")]);
    fs::write(place.path("mine.toml"), policy).unwrap();
    fs::write(place.path("result.docx"), docx("Body")).unwrap();
    fs::create_dir(place.path("bin")).unwrap();
    let here = place.dir.path().display();
    let script = format!(
        "#!/bin/sh\nhere={here}\ncase \"$*\" in *--version) echo 'LibreOffice 0.1 (stand-in)'; exit;; esac\n{script}\n"
    );
    fs::write(place.path("bin/soffice"), script).unwrap();
    fs::set_permissions(place.path("bin/soffice"), fs::Permissions::from_mode(0o755)).unwrap();
    place
}

fn run(place: &Workplace) {
    let mut command = place.fieldstrip();
    command.env("PATH", place.path("bin")).env("SECRET_TOKEN", "x");
    let output = command.args(["clean", "in", "--output", "out", "--policy", "mine.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_result_is_cleaned_and_the_log_names_both_kinds() {
    let place = place(
        POLICY,
        "env > $here/environment; echo \"$@\" > $here/arguments; cp $HOME/profile/user/*.xcu $here/profile\n\
         test -s input.doc && cp $here/result.docx output/input.docx",
    );
    run(&place);
    let record = &place.files()["old.doc"];
    assert_eq!(record["outcome"], "released", "{record}");
    assert_eq!((record["kind"].as_str(), record["copy"].as_str()), (Some("doc"), Some("old.docx")));
    let conversion = &record["conversion"];
    assert_eq!((conversion["kind"].as_str(), conversion["proved"].as_bool()), (Some("docx"), Some(false)));
    assert_eq!(conversion["converter"], "LibreOffice 0.1 (stand-in)");
    let findings = record["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == "file.converted").unwrap();
    assert_eq!(found["verdict"], "flag");
    assert!(place.path("out/old.docx").is_file() && !place.path("out/old.doc").exists());
    assert_eq!(place.files()["note.txt"]["conversion"], serde_json::Value::Null);

    let environment = fs::read_to_string(place.path("environment")).unwrap();
    assert!(!environment.contains("SECRET_TOKEN") && !environment.contains("XDG_CONFIG_HOME"), "{environment}");
    let home = environment.lines().find_map(|line| line.strip_prefix("HOME=")).unwrap();
    assert!(!fs::exists(home).unwrap(), "the private folder is gone");
    let arguments = fs::read_to_string(place.path("arguments")).unwrap();
    assert!(arguments.contains(&format!("-env:UserInstallation=file://{home}/profile")), "{arguments}");
    assert!(arguments.contains("--headless") && arguments.contains("--convert-to docx"), "{arguments}");
    let profile = fs::read_to_string(place.path("profile")).unwrap();
    assert!(profile.contains("\"MacroSecurityLevel\" oor:op=\"fuse\"><value>3<"), "{profile}");
}

#[test]
fn failures_are_refused() {
    let tight = format!("{POLICY}[limits]\ninput-bytes = 60000\n");
    for (name, policy, script, reason) in [
        ("nothing comes out", POLICY, "exit 0", "damaged"),
        ("it fails", POLICY, "exit 3", "damaged"),
        ("a link comes out", POLICY, "ln -s $here/result.docx output/input.docx", "damaged"),
        ("no document comes out", POLICY, "echo text > output/input.docx", "damaged"),
        ("too much comes out", &tight, "head -c 200000 /dev/zero > output/input.docx", "over-limit"),
    ] {
        let place = place(policy, script);
        run(&place);
        let record = &place.files()["old.doc"];
        assert_eq!(record["refusal"]["reason"], reason, "{name}: {record}");
        assert!(!place.path("out/old.docx").exists() && !place.path("out/old.doc").exists(), "{name}");
    }
}

#[test]
fn what_takes_too_long_is_ended_with_all_that_it_started() {
    let policy = format!("{POLICY}[limits]\nconversion-seconds = 1\n");
    let place = place(&policy, "sleep 300 & echo $! > $here/child; wait");
    run(&place);
    let record = &place.files()["old.doc"];
    assert_eq!(record["refusal"]["reason"], "over-limit", "{record}");
    assert!(record["refusal"]["detail"].as_str().unwrap().contains("conversion-seconds"));
    let child = fs::read_to_string(place.path("child")).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
    assert!(status.is_empty() || status.contains(") Z "), "it still runs: {status}");
}

#[test]
fn without_libreoffice_there_is_a_hint() {
    let place = place(POLICY, "");
    fs::remove_file(place.path("bin/soffice")).unwrap();
    run(&place);
    let record = &place.files()["old.doc"];
    assert_eq!(record["refusal"]["reason"], "unsupported");
    assert!(record["refusal"]["hint"].as_str().unwrap().contains("install LibreOffice"), "{record}");
}

#[test]
fn what_the_old_file_gave_away_is_looked_for_in_the_copy() {
    let place = place(POLICY, "cp $here/result.docx output/input.docx");
    fs::write(place.path("result.docx"), docx(&format!("Written by {MARKER} herself"))).unwrap();
    let mut file = cfb::CompoundFile::open(Cursor::new(word("Body\r", "more\r", "", None))).unwrap();
    let properties = property_set(4, None, MARKER);
    file.create_stream("/\u{5}SummaryInformation").unwrap().write_all(&properties).unwrap();
    file.flush().unwrap();
    place.put("old.doc", &file.into_inner().into_inner());
    run(&place);
    let record = &place.files()["old.doc"];
    let findings = record["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "echo.removed-value"), "{record}");
}
