//! `check`: passes what cleaning leaves, and nothing else.

use crate::support::Workplace;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

#[test]
fn only_what_cleaning_leaves_passes() {
    let place = Workplace::with(&[]);
    assert_eq!(place.run(&["clean", SAMPLES, "--output", "out", "--quiet"]).0, 1);
    let (code, out, err) = place.run(&["check", SAMPLES]);
    assert_eq!(code, 1, "{out}{err}");
    for line in [
        "photos/harbour.jpg: metadata.",
        "budget.xlsx: content.hidden-sheets (hidden sheet)",
        "notice.md: marking.us-banner",
        "locked.docx: encrypted",
    ] {
        assert!(out.contains(line), "{line} in {out}");
    }
    assert!(out.ends_with("16 files checked, 14 do not pass\n"), "{out}");
    // Two files of one base name, and nothing to say of either.
    let cleaned = ["check", "out/photos/harbour.jpg", "out/photos/archive/2024/harbour.jpg", "out/briefing.pptx"];
    assert_eq!(place.run(&cleaned), (0, "3 files checked, 0 do not pass\n".to_owned(), String::new()));
    // A copy that is held is clean, and still asks for a decision.
    let (code, out, _) = place.run(&["check", "out.review/held/budget.xlsx"]);
    assert_eq!(code, 1);
    assert!(out.contains("content.hidden-sheets") && !out.contains("not clean"), "{out}");
}

#[test]
fn each_file_is_a_line_of_json() {
    let place = Workplace::with(&[("a.txt", b"Nothing to see here.\n"), ("b.bin", b"\x00\x01\x02\x03")]);
    let (code, out, _) = place.run(&["check", "in", "--format", "json"]);
    assert_eq!(code, 1);
    let files: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(files.len(), 2);
    assert_eq!((&files[0]["path"], &files[0]["passes"]), (&"in/a.txt".into(), &true.into()));
    assert_eq!((&files[1]["passes"], &files[1]["refusal"]["reason"]), (&false.into(), &"unknown-kind".into()));
    assert_eq!(place.run(&["check", "in", "--quiet"]), (1, String::new(), String::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_only_case_tells_apart_is_found() {
    let place = Workplace::with(&[("a.txt", b"One.\n"), ("A.txt", b"Two.\n")]);
    let (code, out, _) = place.run(&["check", "in"]);
    assert_eq!(code, 1, "{out}");
    assert_eq!(out.matches("file.name-clash").count(), 2, "{out}");
}
