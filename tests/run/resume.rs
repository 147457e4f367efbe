//! A run goes on where an earlier one ended, and does again only what has to be done again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use fieldstrip::report::audit::{Header, Record};

use serde_json::Value;

use crate::retyped::docm;
use crate::support::{Workplace, tree};

const TEXT: &[u8] = b"Nothing to see here.\n";
const LOG: &str = "out.review/audit.jsonl";

/// A finished run over released, flagged, held, refused and skipped files.
fn finished() -> Workplace {
    let place = Workplace::with(&[
        ("a.txt", TEXT),
        ("sub/b.txt", b"Page two.\n"),
        ("flagged.txt", b"IBAN DE89370400440532013000\n"),
        ("held.txt", b"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAyFk\n-----END RSA PRIVATE KEY-----\n"),
        ("refused.bin", b"\x01\x02\x03"),
        (".DS_Store", b"litter"),
    ]);
    assert_eq!(place.clean().0, 1);
    let outcomes = ["a.txt", "flagged.txt", "held.txt", "refused.bin"].map(|path| place.outcome(path));
    assert_eq!(outcomes, ["released", "released", "held", "refused"]);
    place
}

/// Release folder and held copies.
fn copies(place: &Workplace) -> BTreeMap<PathBuf, Vec<u8>> {
    copies_in(place, "out")
}

fn copies_in(place: &Workplace, output: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let folders = [output.to_owned(), format!("{output}.review/held")].map(|folder| place.path(&folder));
    let files = folders.iter().filter(|folder| folder.exists()).flat_map(|folder| {
        let held = if folder.ends_with("held") { "held" } else { "" };
        tree(folder).into_iter().map(move |(path, bytes)| (PathBuf::from(held).join(path), bytes))
    });
    files.collect()
}

/// The inputs whose records were kept.
fn kept(place: &Workplace) -> Vec<String> {
    place.files().into_iter().filter(|(_, record)| record["kept"] == true).map(|(path, _)| path).collect()
}

/// What a run from the beginning would leave, to compare with.
fn afresh(place: &Workplace) -> BTreeMap<PathBuf, Vec<u8>> {
    place.run(&["clean", "in", "--output", "afresh"]);
    copies_in(place, "afresh")
}

fn verifies(place: &Workplace) {
    let (code, out) = place.verify();
    assert_eq!(code, 0, "{out}");
}

fn lines(place: &Workplace) -> Vec<String> {
    fs::read_to_string(place.path(LOG)).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_finished_run_is_kept_and_told_again() {
    let place = finished();
    let (before, log) = (copies(&place), lines(&place));
    let totals = place.segment().pop().unwrap();
    let (code, _, err) = place.resume();
    assert_eq!(code, 1, "there are still files to look at");
    assert!(err.contains("kept      a.txt"), "{err}");
    assert_eq!(kept(&place), ["a.txt", "flagged.txt", "held.txt", "sub/b.txt"]);
    assert_eq!(copies(&place), before);
    assert_eq!(lines(&place)[..log.len()], log, "what was written stays");
    let segment = place.segment();
    assert_eq!(segment[0]["segment"], 2);
    assert_eq!(segment.len(), log.len());
    for sums in ["outcomes", "flagged", "findings", "removals"] {
        assert_eq!(segment.last().unwrap()[sums], totals[sums], "{sums}");
    }
    verifies(&place);
    place.resume();
    assert_eq!(place.segment()[0]["segment"], 3);
    assert_eq!(kept(&place).len(), 4);
    verifies(&place);
}

#[test]
fn without_an_earlier_run_it_is_the_first() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    assert_eq!(place.resume().0, 0);
    assert_eq!(place.log()[0]["segment"], 1);
    assert!(kept(&place).is_empty());
    verifies(&place);
}

/// The log up to a line, the next one torn; a copy without a line, and one that is not there yet.
#[test]
fn a_killed_run_is_completed() {
    let place = finished();
    let expected = copies(&place);
    let all = lines(&place);
    for whole in 0..all.len() {
        for torn in [0, 40] {
            let mut text: String = all[..whole].iter().map(|line| format!("{line}\n")).collect();
            text.extend(all[whole].chars().take(torn));
            fs::write(place.path(LOG), text).unwrap();
            let records = all[..whole].iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
            let mut logged: Vec<String> = records
                .filter(|record| record["output"].is_object())
                .map(|record| record["path"].as_str().unwrap().to_owned())
                .collect();
            logged.sort();
            if !logged.contains(&"sub/b.txt".to_owned()) {
                fs::remove_file(place.path("out/sub/b.txt")).unwrap();
            }
            assert_eq!(place.resume().0, 1, "{whole} lines");
            assert_eq!(copies(&place), expected, "{whole} lines");
            assert_eq!(kept(&place), logged, "{whole} lines");
            let header = &place.segment()[0];
            let cut = if whole == 0 || torn == 0 { Value::Null } else { torn.into() };
            assert_eq!(header["torn"], cut, "{whole} lines");
            assert_eq!(header["segment"], if whole == 0 { 1 } else { 2 }, "{whole} lines");
            assert!(header.get("changed-copies").is_none(), "{whole} lines");
            verifies(&place);
        }
    }
}

/// Killed for real, again and again, each time on top of what the last one left.
#[cfg(unix)]
#[test]
fn killed_runs_come_to_an_end_together() {
    let place = Workplace::with(&[]);
    for number in 0..200 {
        place.put(&format!("folder{}/file{number}.txt", number % 5), format!("Page {number}.\n").as_bytes());
    }
    let expected = afresh(&place);
    let arguments = ["clean", "in", "--output", "out", "--resume", "--quiet"];
    let there = || walkdir::WalkDir::new(place.path("out")).into_iter().flatten().filter(|e| e.file_type().is_file());
    for enough in [30, 60, 90, 120, 150] {
        let mut child = place.fieldstrip().args(arguments).spawn().unwrap();
        while there().count() < enough && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for (path, bytes) in copies(&place) {
            assert!(expected[&path] == bytes, "{}", path.display());
        }
    }
    assert_eq!(place.resume().0, 0);
    assert_eq!(copies(&place), expected);
    assert!(!kept(&place).is_empty(), "the last run had to do it all: the test proved nothing");
    verifies(&place);
}

#[test]
fn only_what_is_new_or_changed_is_done() {
    let place = finished();
    place.put("a.txt", b"Another text.\n");
    place.put("new.txt", TEXT);
    place.put("refused.bin", b"It is text now.\n");
    fs::remove_file(place.path("in/sub/b.txt")).unwrap();
    fs::remove_file(place.path("in/held.txt")).unwrap();
    place.resume();
    assert_eq!(kept(&place), ["flagged.txt"]);
    assert_eq!(copies(&place), afresh(&place));
    assert!(!place.path("out/sub").exists(), "copies of inputs that are gone are gone");
    assert!(!place.path("out.review/held").exists());
    assert_eq!(fs::read(place.path("out/a.txt")).unwrap(), b"Another text.\n");
    verifies(&place);
    // A file that cannot be cleaned any more has no copy any more either.
    place.put("a.txt", b"\x01\x02\x03");
    place.resume();
    assert!(!place.path("out/a.txt").exists());
    verifies(&place);
}

#[test]
fn copies_changed_by_hand_are_named_and_made_anew() {
    let place = finished();
    let expected = copies(&place);
    fs::write(place.path("out/a.txt"), "something else\n").unwrap();
    fs::remove_file(place.path("out/sub/b.txt")).unwrap();
    fs::remove_file(place.path("out.review/held/held.txt")).unwrap();
    let (_, _, err) = place.resume();
    let changed = ["a.txt", "held.txt", "sub/b.txt"];
    assert_eq!(place.segment()[0]["changed-copies"], serde_json::json!(changed));
    for name in changed {
        assert!(err.contains(&format!("the copy of {name} was changed or removed")), "{err}");
    }
    assert_eq!(kept(&place), ["flagged.txt"]);
    assert_eq!(copies(&place), expected);
    verifies(&place);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_copy_is_no_copy() {
    let place = finished();
    let copy = place.path("out/a.txt");
    fs::rename(&copy, place.path("elsewhere.txt")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.txt", &copy).unwrap();
    place.resume();
    assert_eq!(place.segment()[0]["changed-copies"], serde_json::json!(["a.txt"]));
    assert!(fs::symlink_metadata(&copy).unwrap().is_file());
    verifies(&place);
}

/// A finding about a name depends on the names of the other inputs.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_falls_together_with_a_new_one_is_flagged() {
    let place = finished();
    place.put("A.TXT", TEXT);
    place.resume();
    assert_eq!(kept(&place), ["flagged.txt", "held.txt", "sub/b.txt"]);
    assert_eq!(place.files()["a.txt"]["findings"][0]["rule"], "file.name-clash");
    verifies(&place);
}

#[test]
fn nothing_is_kept_of_a_run_with_anything_else() {
    type Change = fn(&mut Header);
    let changes: [(&str, Change); 5] = [
        ("another version", |header| header.tool_sha256 = "0".repeat(64)),
        ("another version", |header| header.tool.push('9')),
        ("other rules", |header| header.packs.truncate(1)),
        ("other allowances", |header| header.policy.ended.push("until yesterday".to_owned())),
        ("fingerprint key", |header| header.fingerprint_key.clear()),
    ];
    for (why, change) in changes {
        let place = finished();
        let expected = copies(&place);
        place.rewrite_log(|record| {
            if let Record::Header(header) = record {
                change(header);
            }
        });
        let (code, _, err) = place.resume();
        assert_eq!(code, 1);
        assert!(err.contains("nothing of the earlier run is kept") && err.contains(why), "{why}: {err}");
        assert!(kept(&place).is_empty(), "{why}");
        assert_eq!(copies(&place), expected, "{why}");
        verifies(&place);
    }
}

#[test]
fn another_policy_is_applied_to_all_files() {
    let place = finished();
    let policy = "schema = 1\nname = \"p\"\nextends = \"public-release\"\n[text.severity]\nhigh = \"hold\"\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    let (_, _, err) = place.run(&["clean", "in", "--output", "out", "--policy", "p.toml", "--resume"]);
    assert!(err.contains("another policy"), "{err}");
    assert!(kept(&place).is_empty());
    assert_eq!(place.outcome("flagged.txt"), "held");
    assert!(!place.path("out/flagged.txt").exists());
    verifies(&place);
    // What was done under the policy of the last run only is kept.
    place.run(&["clean", "in", "--output", "out", "--policy", "p.toml", "--resume"]);
    assert_eq!(kept(&place).len(), 4);
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--resume", "--key", "another.key"]).0, 1);
    assert!(kept(&place).is_empty());
}

#[test]
fn a_log_that_was_changed_and_foreign_files_stop_the_run() {
    let place = finished();
    let all = lines(&place);
    let mut removed = all.clone();
    removed.remove(2);
    let mut changed = all.clone();
    changed[3] = changed[3].replace("released", "refused ");
    let mut garbled = all.clone();
    garbled.push("no record".to_owned());
    let before = copies(&place);
    for (what, lines) in [("removed", removed), ("changed", changed), ("garbled", garbled)] {
        let text = lines.join("\n") + "\n";
        fs::write(place.path(LOG), &text).unwrap();
        let (code, _, err) = place.resume();
        assert_eq!(code, 2, "{what}");
        assert!(err.contains("without --resume"), "{what}: {err}");
        assert_eq!(fs::read_to_string(place.path(LOG)).unwrap(), text, "{what}: nothing was touched");
        assert_eq!(copies(&place), before, "{what}: nothing was touched");
    }
    fs::write(place.path(LOG), all.join("\n") + "\n").unwrap();
    fs::write(place.path("out/mine.txt"), "mine").unwrap();
    let (code, _, err) = place.resume();
    assert_eq!(code, 2);
    assert!(err.contains("mine.txt, which no earlier run made"), "{err}");
    assert_eq!(lines(&place), all);
    fs::remove_file(place.path("out/mine.txt")).unwrap();
    fs::write(place.path(LOG), "no record\n").unwrap();
    assert_eq!(place.resume().0, 2);
    assert_eq!(place.clean().0, 1, "a run without --resume begins anew");
}

#[test]
fn an_interrupted_run_on_top_of_another_loses_nothing() {
    let place = finished();
    let resumed = |interrupted| place.clean_within(|| (), true, interrupted).unwrap();
    resumed(false); // in this process, which is another program
    let before = copies(&place);
    assert!(resumed(true).totals().interrupted);
    assert_eq!(place.segment().len(), 2, "it did nothing");
    assert_eq!(copies(&place), before);
    verifies(&place);
    fs::remove_file(place.path("out/a.txt")).unwrap();
    verifies(&place);
    fs::write(place.path("out/sub/b.txt"), "changed").unwrap();
    let (code, out) = place.verify();
    assert!(code == 1 && out.contains("sub/b.txt: the released copy was changed"), "{out}");
    resumed(false);
    assert_eq!(copies(&place), before);
    assert_eq!(kept(&place), ["flagged.txt", "held.txt"]);
    verifies(&place);
}

/// The place of a copy without macros depends on the names of the other inputs.
#[test]
fn a_copy_whose_place_is_taken_moves() {
    let place = Workplace::with(&[("a.docm", &docm("text"))]);
    let policy = "schema = 1\nname = \"p\"\nextends = \"public-release\"\n[classes]\n\"active.macros\" = \"remove\"\n";
    fs::write(place.path("p.toml"), policy).unwrap();
    let run = || place.run(&["clean", "in", "--output", "out", "--policy", "p.toml", "--resume"]).0;
    assert_eq!(run(), 0);
    assert_eq!(run(), 0);
    assert_eq!(kept(&place), ["a.docm"]);
    place.put("a.docx", b"no document");
    assert_eq!(run(), 1);
    let names: Vec<_> = copies(&place).into_keys().collect();
    assert_eq!(names, [PathBuf::from("a.docm.docx")]);
    verifies(&place);
}
