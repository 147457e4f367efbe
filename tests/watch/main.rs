//! A drop folder: documents are cleaned as they arrive, each once, also over restarts.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::disallowed_methods)]

#[path = "../run/support.rs"]
#[allow(dead_code)] // made for the tests of the run
mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};

use support::Workplace;

const TEXT: &[u8] = b"Nothing to see here.\n";
const KEY: &[u8] = b"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAyFk\n-----END RSA PRIVATE KEY-----\n";

/// The program over `in`, which is watched.
struct Watching {
    child: Child,
    errors: BufReader<ChildStderr>,
}

impl Watching {
    fn begin(place: &Workplace, more: &[&str]) -> Self {
        let mut command = place.fieldstrip();
        command.args(["watch", "in", "--output", "out", "--interval", "20ms", "--settle", "100ms"]).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, errors }
    }

    /// Reads standard error up to a line that begins like this. At the end of each batch stands `log head`.
    fn wait_for(&mut self, beginning: &str) {
        let mut line = String::new();
        while !line.starts_with(beginning) {
            line.clear();
            assert_ne!(self.errors.read_line(&mut line).unwrap(), 0, "it ended before it said {beginning}");
        }
    }

    /// Waits for the end of the batch after which something holds.
    fn until(&mut self, holds: impl Fn() -> bool) {
        self.wait_for("log head");
        while !holds() {
            self.wait_for("log head");
        }
    }

    /// Ends it as Ctrl-C does, which it says. What it printed, line by line.
    fn interrupt(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.wait_for("stopping: the documents at hand are finished first");
        let mut printed = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        printed.lines().map(str::to_owned).collect()
    }
}

/// Puts a whole file under `in`, in one step.
fn arrive(place: &Workplace, name: &str, bytes: &[u8]) {
    fs::write(place.path("new"), bytes).unwrap();
    let path = place.path("in").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::rename(place.path("new"), path).unwrap();
}

/// Paths of the last segment's records that were kept.
fn kept(place: &Workplace) -> Vec<String> {
    place.files().into_iter().filter(|(_, record)| record["kept"] == true).map(|(path, _)| path).collect()
}

#[test]
fn each_document_is_cleaned_once_also_after_a_restart() {
    let place = Workplace::with(&[("a.txt", TEXT), ("refused.bin", b"\x01\x02\x03")]);
    let exists = |name: &str| place.path("out").join(name).exists();
    let mut watching = Watching::begin(&place, &[]);
    watching.until(|| exists("a.txt"));
    arrive(&place, "sub/b.txt", TEXT);
    watching.until(|| exists("sub/b.txt"));
    let printed = watching.interrupt();
    assert_eq!([printed[0].as_str(), &printed[2]], ["released  a.txt", "released  sub/b.txt"]);
    assert!(printed[1].starts_with("refused   refused.bin: unknown-kind"), "{printed:?}");
    assert_eq!(printed.len(), 3, "each is told once: {printed:?}");
    assert_eq!(kept(&place), ["a.txt"]);

    let mut watching = Watching::begin(&place, &[]);
    watching.wait_for("log head");
    assert_eq!(kept(&place), ["a.txt", "sub/b.txt"], "nothing is done again");
    arrive(&place, "a.txt", b"Another text.\n");
    watching.until(|| fs::read(place.path("out/a.txt")).is_ok_and(|copy| copy.starts_with(b"Another")));
    fs::remove_file(place.path("in/sub/b.txt")).unwrap();
    watching.until(|| !exists("sub/b.txt"));
    let printed = watching.interrupt();
    assert_eq!(printed[1], "released  a.txt", "{printed:?}");
    assert_eq!(place.verify().0, 0, "{}", place.verify().1);
}

#[test]
fn programs_get_a_line_for_each_document_and_each_batch() {
    let place = Workplace::with(&[("a.txt", TEXT), ("refused.bin", b"\x01\x02\x03")]);
    let mut watching = Watching::begin(&place, &["--format", "json"]);
    watching.until(|| place.path("out/a.txt").exists());
    arrive(&place, "b.txt", TEXT);
    watching.until(|| place.path("out/b.txt").exists());
    let lines = watching.interrupt();
    let lines: Vec<serde_json::Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<&str> = lines.iter().map(|line| line["path"].as_str().unwrap_or("batch")).collect();
    assert_eq!(told, ["a.txt", "refused.bin", "batch", "b.txt", "batch"]);
    assert_eq!((&lines[0]["record"], &lines[0]["outcome"]), (&"file".into(), &"released".into()));
    assert_eq!((&lines[4]["record"], &lines[4]["totals"]["outcomes"]["released"]), (&"batch".into(), &2.into()));
    assert_eq!(place.log().last().unwrap()["hash"], lines[4]["head"]);
}

#[test]
fn a_log_tells_which_documents_have_settled() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    let mut watching = Watching::begin(&place, &["-vv"]);
    let mut told = String::new();
    while !told.contains("log head") {
        assert_ne!(watching.errors.read_line(&mut told).unwrap(), 0, "{told}");
    }
    watching.interrupt();
    let line = |parts: &[&str]| told.lines().position(|line| parts.iter().all(|part| line.contains(part)));
    let settling = line(&["debug settling same-ms=", "of-ms=100 path=a.txt"]);
    let batch = line(&["info  batch documents=1 first=true"]);
    assert!(settling.is_some() && settling < batch, "{told}");
}

#[test]
fn decisions_that_change_count_and_broken_ones_wait() {
    let place = Workplace::with(&[("key.txt", KEY)]);
    let cleaned = place.run(&["clean", "in", "--output", "out"]);
    assert_eq!((cleaned.0, place.outcome("key.txt").as_str()), (1, "held"));
    let key = place.segment()[0]["fingerprint-key"].clone();
    let fingerprint = place.files()["key.txt"]["findings"][0]["fingerprint"].clone();
    let rule = place.files()["key.txt"]["findings"][0]["rule"].clone();
    let none = format!("schema = 1\nkey = {key}\n");
    let entry = format!("[[decision]]\nrule = {rule}\nfingerprint = {fingerprint}\nverdict = \"accept\"\n");
    let decided = format!("{none}{entry}reason = \"invented\"\nwho = \"J. Doe\"\nwhen = 2026-11-26\n");
    let write = |text: &str| {
        // In one step, as `review` does.
        fs::write(place.path("new"), text).unwrap();
        fs::rename(place.path("new"), place.path("d.toml")).unwrap();
    };
    write(&none);
    let mut watching = Watching::begin(&place, &["--decisions", "d.toml"]);
    watching.wait_for("log head");
    assert_eq!(place.outcome("key.txt"), "held");
    write(&format!("{none}{entry}"));
    watching.wait_for("waiting: d.toml:3:1: missing field `who`");
    write(&decided);
    watching.until(|| place.path("out/key.txt").exists());
    write(&none);
    watching.until(|| !place.path("out/key.txt").exists());
    watching.interrupt();
    assert_eq!(place.outcome("key.txt"), "held");
    assert_eq!(place.verify().0, 0, "{}", place.verify().1);
}
