//! Names that are too long, too deep, no Unicode, or the same as another one elsewhere.

use std::fs;

use crate::retyped::docm;
use crate::support::{Workplace, tree};

const TEXT: &[u8] = b"Nothing to see here.\n";

/// What the log says of a file: outcome and reason.
fn outcome(place: &Workplace, path: &str) -> (String, String) {
    let record = &place.files()[path];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&record["outcome"]), text(&record["refusal"]["reason"]))
}

#[cfg(target_os = "linux")]
#[test]
fn long_names_are_kept_and_those_that_become_too_long_cost_their_file() {
    let longest = "ü".repeat(125) + "x.txt"; // 255 bytes hold no more
    let full = "x".repeat(255);
    let place = Workplace::with(&[(&longest, TEXT), (&full, &docm("text")), ("b.txt", TEXT)]);
    let policy = "schema = 1\nname = \"p\"\nextends = \"public-release\"\n[classes]\n\"active.macros\" = \"remove\"\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    let (code, _, err) = place.run(&["clean", "in", "--output", "out", "--policy", "p.toml"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(outcome(&place, &longest), ("released".to_owned(), String::new()));
    // Without its macros it would get another extension, and there is no room for it.
    assert_eq!(outcome(&place, &full), ("refused".to_owned(), "unwritable".to_owned()));
    assert!(place.files()[&full]["refusal"]["hint"].as_str().unwrap().contains("rename"));
    assert_eq!(tree(&place.path("out")).len(), 2);
    let (code, _, err) = place.run(&["clean", &"x".repeat(300), "--output", "other"]);
    assert_eq!(code, 2);
    assert!(err.contains("too long"), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_too_long_costs_its_file() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    // The input's path just fits into what the system takes, that of the copy does not.
    let mut left = 4096 - 100 - place.dir.path().as_os_str().len();
    let mut deep = String::new();
    while left > 210 {
        deep += &("d".repeat(199) + "/");
        left -= 200;
    }
    deep += &("x".repeat(left - 4) + ".txt");
    place.put(&deep, TEXT);
    let output = "o".repeat(200);
    let (code, _, err) = place.run(&["clean", "in", "--output", &output, "--review", "out.review"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(outcome(&place, &deep), ("refused".to_owned(), "unwritable".to_owned()));
    let left: Vec<_> = fs::read_dir(place.path(&output)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a.txt"], "folders of the copy that did not appear are gone");
    assert_eq!(place.run(&["clean", "in", "--output", "out"]).0, 0, "a shorter way to it will do");
}

/// Deeper than a path can say: reached step by step, as programs do that make such folders.
#[cfg(target_os = "linux")]
#[test]
fn what_lies_deeper_than_a_path_can_say_is_refused() {
    use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
    let place = Workplace::with(&[("a.txt", TEXT)]);
    let name = "d".repeat(200);
    let mut folder = openat(CWD, place.path("in"), OFlags::RDONLY, Mode::empty()).unwrap();
    for _ in 0..25 {
        mkdirat(&folder, name.as_str(), Mode::RWXU).unwrap();
        folder = openat(&folder, name.as_str(), OFlags::RDONLY, Mode::empty()).unwrap();
    }
    assert_eq!(place.clean().0, 1);
    let files = place.files();
    let refused: Vec<_> = files.values().filter(|file| file["outcome"] == "refused").collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["refusal"]["reason"], "unreadable");
    assert!(refused[0]["refusal"]["hint"].as_str().unwrap().contains("too long"));
    assert_eq!(tree(&place.path("out")).len(), 1);
}

/// macOS and Windows cannot even hold the input.
#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_in_case_only_are_cleaned_and_flagged() {
    let place = Workplace::with(&[
        ("sub/Report.txt", TEXT),
        ("sub/report.TXT", TEXT),
        ("STRASSE.txt", TEXT),
        ("straße.txt", TEXT),
        ("other/report.txt", TEXT),
    ]);
    assert_eq!(place.clean().0, 1);
    assert_eq!(tree(&place.path("out")).len(), 5);
    for (path, record) in place.files() {
        let rules: Vec<_> = record["findings"].as_array().into_iter().flatten().map(|found| &found["rule"]).collect();
        let expected: &[&str] = if path == "other/report.txt" { &[] } else { &["file.name-clash"] };
        assert_eq!(rules, expected, "{path}");
    }
    assert_eq!(place.run(&["audit", "verify", "out.review"]).0, 0);
    let (_, out, _) = place.run(&["inspect", "in/sub"]);
    assert_eq!(out.matches("file.name-clash").count(), 2, "{out}");
    // A policy decides about it as about every finding.
    let policy = "schema = 1\nname = \"p\"\nextends = \"public-release\"\n[text.rules]\n\
                  \"file.name-clash\" = { verdict = \"hold\" }\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    place.run(&["clean", "in", "--output", "out", "--policy", "p.toml"]);
    assert_eq!(tree(&place.path("out")).len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_stay_apart_in_the_log_and_verify() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Workplace::with(&[("a.txt", TEXT)]);
    let folder = place.path("in");
    for (name, text) in [(&b"b\xfe.txt"[..], "one\n"), (b"b\xff.txt", "two\n")] {
        fs::write(folder.join(OsStr::from_bytes(name)), text).unwrap();
    }
    assert_eq!(place.clean().0, 0);
    let names: Vec<String> = place.files().into_keys().collect();
    assert_eq!(names, ["a.txt", "b\\xFE.txt", "b\\xFF.txt"]);
    assert_eq!(fs::read(place.path("out").join(OsStr::from_bytes(b"b\xff.txt"))).unwrap(), b"two\n");
    let verify = || place.run(&["audit", "verify", "out.review"]).0;
    assert_eq!(verify(), 0);
    fs::write(place.path("out").join(OsStr::from_bytes(b"b\xff.txt")), "one\n").unwrap();
    assert_eq!(verify(), 1, "the copies are told apart");
    assert_eq!(place.clean().0, 0, "a rerun knows its copies");
    // A name that spells out what the log says of another one.
    place.put("b\\xFF.txt", TEXT);
    let (code, _, err) = place.clean();
    assert_eq!(code, 2);
    assert!(err.contains("would both be written to b\\xFF.txt"), "{err}");
}
