//! The log tells what was done, shows tampering, and gives nothing away.

use std::fs;

use fieldstrip::report::audit::{Record, Totals};

use crate::support::Workplace;

fn cleaned() -> Workplace {
    let place = Workplace::with(&[("a.txt", b"one\n"), ("sub/b.txt", b"two\n"), ("c.bin", b"\x01\x02")]);
    place.run(&["clean", "in", "--output", "out", "--operator", "J. Doe"]);
    place
}

#[test]
fn the_header_says_what_ran_with_what() {
    let place = cleaned();
    let header = &place.log()[0];
    assert_eq!(header["record"], "header");
    assert_eq!(header["operator"], "J. Doe");
    assert_eq!(header["policy"]["name"], "public-release");
    for hash in [&header["policy"]["sha256"], &header["tool-sha256"]] {
        assert_eq!(hash.as_str().unwrap().len(), 64);
    }
    assert!(header["packs"].as_array().unwrap().iter().all(|pack| pack["sha256"].as_str().unwrap().len() == 64));
    assert_eq!(header["inputs"][0], "in");
    assert_eq!(header["files"], 3);
    let text = fs::read_to_string(place.path("out.review/audit.jsonl")).unwrap();
    assert!(!text.contains(place.dir.path().to_str().unwrap()), "no absolute path");
}

#[test]
fn an_untouched_run_verifies() {
    let place = cleaned();
    let (code, out) = place.verify();
    assert_eq!(code, 0, "{out}");
    let head = place.log().pop().unwrap()["hash"].as_str().unwrap().to_owned();
    assert_eq!(place.run(&["audit", "verify", "out.review", "--head", &head]).0, 0);
    assert_eq!(place.run(&["audit", "verify", "out.review", "--head", &"0".repeat(64)]).0, 1);
}

#[test]
fn a_changed_byte_an_added_and_a_missing_file_show() {
    let place = cleaned();
    fs::write(place.path("out/a.txt"), "One\n").unwrap();
    fs::write(place.path("out/sub/new.txt"), "three\n").unwrap();
    fs::remove_file(place.path("out/sub/b.txt")).unwrap();
    let (code, out) = place.verify();
    assert_eq!(code, 1);
    for problem in [
        "a.txt: the released copy was changed",
        "sub/new.txt: it lies among",
        "sub/b.txt: the released copy is missing",
    ] {
        assert!(out.contains(problem), "{problem}: {out}");
    }
}

#[test]
fn every_changed_member_and_every_moved_line_shows() {
    let place = cleaned();
    let path = place.path("out.review/audit.jsonl");
    let original = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = original.lines().collect();
    let mut tampered: Vec<(String, String)> = Vec::new();
    for at in 0..lines.len() {
        let mut removed = lines.clone();
        removed.remove(at);
        tampered.push((format!("line {at} removed"), removed.join("\n")));
        let mut repeated = lines.clone();
        repeated.insert(at, lines[at]);
        tampered.push((format!("line {at} repeated"), repeated.join("\n")));
        if at > 0 {
            let mut swapped = lines.clone();
            swapped.swap(at - 1, at);
            tampered.push((format!("line {at} moved"), swapped.join("\n")));
        }
        // Every character in turn: each member of each line, the chain's own included.
        for (offset, character) in lines[at].char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
            let other = if character == 'a' { "b" } else { "a" };
            let mut changed = lines[at].to_owned();
            changed.replace_range(offset..=offset, other);
            let mut all: Vec<&str> = lines.clone();
            all[at] = &changed;
            tampered.push((format!("line {at} byte {offset}"), all.join("\n")));
        }
    }
    assert!(tampered.len() > 500);
    for (what, text) in tampered {
        let mut chain = fieldstrip::report::audit::ChainReader::default();
        let broken = text.lines().any(|line| chain.read(line.as_bytes()).is_err());
        let same_head =
            chain.head() == lines.last().and_then(|line| line.get(line.len() - 66..line.len() - 2)).unwrap();
        let ended = text.lines().last().is_some_and(|line| line.contains("\"record\":\"totals\""));
        assert!(broken || !same_head || !ended, "{what} was not noticed");
    }
}

#[test]
fn a_cut_log_is_noticed_by_the_command() {
    let place = cleaned();
    let path = place.path("out.review/audit.jsonl");
    let original = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = original.lines().collect();
    fs::write(&path, lines[..lines.len() - 1].join("\n")).unwrap();
    let (code, out) = place.verify();
    assert_eq!(code, 1);
    assert!(out.contains("no totals"), "{out}");
}

/// Clocks are set back: between runs, and during one.
#[test]
fn a_log_that_ends_before_it_begins_verifies() {
    let place = cleaned();
    place.rewrite_log(|record| match record {
        Record::Header(header) => header.started = "2038-01-19T03:14:08Z".to_owned(),
        Record::Totals(totals) => totals.finished = "1970-01-01T00:00:00Z".to_owned(),
        Record::File(_) => {}
    });
    let (code, out) = place.verify();
    assert_eq!(code, 0, "{out}");
}

/// Whoever writes a new chain must at least get the sums right.
#[test]
fn totals_that_are_not_the_sums_of_the_records_show() {
    type Change = fn(&mut Totals);
    let changes: [Change; 4] = [
        |totals| *totals.outcomes.get_mut("refused").unwrap() += 1,
        |totals| totals.flagged += 1,
        |totals| totals.removals.extend([("metadata.author".to_owned(), 1)]),
        |totals| totals.findings.extend([("high".to_owned(), 1)]),
    ];
    for change in changes {
        let place = cleaned();
        place.rewrite_log(|record| {
            if let Record::Totals(totals) = record {
                change(totals);
            }
        });
        let (code, out) = place.verify();
        assert_eq!(code, 1);
        assert!(out.contains("the totals are not the sums of the records"), "{out}");
    }
}
