//! `--format json`: every command prints exactly one JSON document, or one JSON value per line, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::Workplace;

/// A document with these members, or a line with them for each of so many things.
enum Shape {
    Document(&'static [&'static str]),
    List(&'static [&'static str]),
    Lines(usize, &'static [&'static str]),
    /// Nothing: the command failed, and says why on standard error.
    Nothing,
}
use Shape::{Document, Lines, List, Nothing};

const CLEAN: &[&str] = &["head", "release", "review", "totals"];
const QUESTIONS: &[&str] = &["decisions", "left", "questions"];
const VERIFICATION: &[&str] = &["copies", "head", "lines", "problems", "signed"];
const INSPECTED: &[&str] = &["detail", "findings", "items", "kind", "name-says", "path", "refusal"];
const CHECKED: &[&str] = &["clean", "findings", "passes", "path", "refusal", "removals"];
const SHOWN: &[&str] = &["classes", "description", "limits", "name", "rules", "severities", "sha256"];
const TRIED: &[&str] = &["errors", "examples", "negatives", "packs", "passed", "policies", "rules", "warnings"];

/// Arguments, the exit code, and what standard output is.
const COMMANDS: &[(&[&str], i32, Shape)] = &[
    (&["clean", "in", "--output", "out"], 1, Document(CLEAN)),
    (&["clean", "in", "--output", "out", "--resume"], 1, Document(CLEAN)),
    (&["clean", "in", "--output", "in/out"], 2, Nothing),
    (&["clean", "in", "--output", "out2", "--policy", "missing.toml"], 2, Nothing),
    (&["inspect", "in"], 1, Lines(4, INSPECTED)),
    (&["inspect", "missing"], 2, Nothing),
    (&["check", "in"], 1, Lines(4, CHECKED)),
    (&["check", "missing"], 2, Nothing),
    (&["audit", "verify", "out.review"], 0, Document(VERIFICATION)),
    (&["audit", "verify", "out.review", "--head", "0"], 1, Document(VERIFICATION)),
    (&["audit", "verify", "missing.review"], 2, Nothing),
    (&["audit", "show", "out.review", "plain.txt"], 0, Document(&["records", "unknown"])),
    (&["audit", "show", "out.review", "other.txt"], 1, Document(&["records", "unknown"])),
    (&["audit", "show", "missing", "plain.txt"], 2, Nothing),
    (&["audit", "diff", "out.review", "out.review"], 0, Document(&["files", "header", "only-a", "only-b"])),
    (&["audit", "diff", "out.review", "missing"], 2, Nothing),
    (&["audit", "export", "out.review"], 0, Document(&["files", "head", "header", "totals"])),
    (&["audit", "export", "missing"], 2, Nothing),
    (&["policy", "list"], 0, Document(&["classes", "packs", "policies"])),
    (&["policy", "show", "newsroom"], 0, Document(SHOWN)),
    (&["policy", "show", "missing.toml"], 2, Nothing),
    (&["policy", "check"], 0, Document(TRIED)),
    (&["policy", "check", "broken.toml"], 2, Nothing),
    (&["review", "out.review", "--list"], 1, Document(QUESTIONS)),
    (&["review", "missing.review", "--list"], 2, Nothing),
    (&["report", "out.review"], 0, Document(&["report"])),
    (&["report", "missing"], 2, Nothing),
    (&["detect"], 1, Document(&["findings"])),
    (&["formats"], 0, List(&["cleaned", "extensions", "inspected", "kind", "title"])),
    (&["doctor"], 0, Document(&["attempts", "measures", "system", "version"])),
    (&["watch", "missing", "--output", "out3"], 2, Nothing),
];

/// Commands whose output is no result in several forms: a script, a page, a schema, which is JSON in any case.
const WITHOUT: [&str; 4] = ["completions", "man", "schema", "help"];

fn place() -> Workplace {
    let place = Workplace::with(&[
        ("plain.txt", b"Nothing to see here.\n"),
        ("key.txt", b"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAyFk\n-----END RSA PRIVATE KEY-----\n"),
        ("data.bin", b"\x01\x02\x03"),
        ("sub/person.txt", "Mail j.doe@fieldmail.org, card 4111 1111 1111 1111\n".as_bytes()),
    ]);
    fs::write(place.path("broken.toml"), "schema = 1\nname = \"broken\"\nextends = \"nothing\"\n").unwrap();
    place
}

fn members(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    object.keys().map(String::as_str).collect()
}

fn check(name: &str, out: &str, err: &str, shape: &Shape) {
    let parsed = |text: &str| -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error} in {text}"))
    };
    assert!(out.is_empty() || out.ends_with('\n'), "{name}");
    match shape {
        Document(wanted) => {
            assert_eq!(out.lines().count(), 1, "{name} prints one document in one line: {out}");
            assert_eq!(members(&parsed(out)), *wanted, "{name}");
        }
        List(wanted) => {
            let list = parsed(out);
            assert!(!list.as_array().unwrap().is_empty(), "{name}");
            assert!(list.as_array().unwrap().iter().all(|item| members(item) == *wanted), "{name}: {out}");
        }
        Lines(number, wanted) => {
            let lines: Vec<Value> = out.lines().map(parsed).collect();
            assert_eq!(lines.len(), *number, "{name}: {out}");
            assert!(lines.iter().all(|line| members(line) == *wanted), "{name}: {out}");
        }
        Nothing => assert!(out.is_empty() && err.starts_with("fieldstrip: "), "{name}: {out}{err}"),
    }
}

#[test]
fn every_command_prints_json_and_nothing_else() {
    let place = place();
    for (arguments, code, shape) in COMMANDS {
        let mut command = place.fieldstrip();
        command.args(*arguments).args(["--format", "json"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(b"mail j.doe@fieldmail.org"); // most commands read nothing
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        // A machine on which a worker cannot be kept apart is none of this test's business.
        if arguments != &["doctor"] {
            assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {out}{err}");
        }
        check(&arguments.join(" "), &out, &err, shape);
    }
}

#[cfg(target_os = "linux")] // elsewhere no folder can have such a name
#[test]
fn a_folder_whose_name_is_no_text_is_told_as_well() {
    use std::os::unix::ffi::OsStrExt;
    let place = place();
    let folder = std::ffi::OsStr::from_bytes(b"out\xff");
    let output = place.fieldstrip().args(["clean", "in", "--format", "json", "--output"]).arg(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    check("clean", &text, "", &Document(CLEAN));
    assert!(text.contains("\"release\":\"out\u{fffd}\""), "{text}");
}

/// The commands that the help of one lists.
fn listed(place: &Workplace, command: &[&str]) -> Vec<String> {
    let (_, help, _) = place.run(&[command, &["--help"]].concat());
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_ascii_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn the_table_has_every_command() {
    let place = Workplace::with(&[]);
    let mut all = BTreeSet::new();
    for command in listed(&place, &[]) {
        let below: Vec<String> = listed(&place, &[&command]).into_iter().filter(|name| name != "help").collect();
        if below.is_empty() {
            all.insert(command);
        } else {
            all.extend(below.into_iter().map(|name| format!("{command} {name}")));
        }
    }
    let tried = COMMANDS.iter().map(|(arguments, ..)| {
        let words = if ["audit", "policy"].contains(&arguments[0]) { 2 } else { 1 };
        arguments[..words].join(" ")
    });
    let known: BTreeSet<String> = tried.chain(WITHOUT.map(str::to_owned)).collect();
    assert_eq!(all, known);
}

#[test]
fn questions_come_with_what_was_decided() {
    let place = place();
    place.clean();
    let questions = || -> Value {
        let (_, out, _) = place.run(&["review", "out.review", "--list", "--format", "json"]);
        serde_json::from_str(&out).unwrap()
    };
    let before = questions();
    let all = before["questions"].as_array().unwrap();
    assert!(all.len() > 1 && all.len() == before["left"].as_u64().unwrap() as usize && before["decisions"].is_null());
    let first = &all[0];
    assert!(first["decision"].is_null() && first["verdict"] == "hold", "{first}");
    let [rule, fingerprint] = ["rule", "fingerprint"].map(|name| first["about"][name].clone());
    let key = place.segment()[0]["fingerprint-key"].clone();
    let entry = format!("[[decision]]\nrule = {rule}\nfingerprint = {fingerprint}\nverdict = \"accept\"\n");
    let text = format!("schema = 1\nkey = {key}\n{entry}reason = \"invented\"\nwho = \"J. Doe\"\nwhen = 2026-11-26\n");
    fs::write(place.path("out.review/decisions.toml"), text).unwrap();
    let after = questions();
    assert_eq!(after["left"].as_u64().unwrap() + 1, before["left"].as_u64().unwrap());
    let decision = &after["questions"][0]["decision"];
    assert_eq!((&decision["verdict"], &decision["who"]), (&"accept".into(), &"J. Doe".into()), "{decision}");
    let (code, text, _) = place.run(&["review", "out.review", "--list"]);
    assert_eq!(code, 1);
    assert!(text.contains("accepted by J. Doe on 2026-11-26: invented"), "{text}");
    let (code, out, err) = place.run(&["review", "out.review", "--format", "json"]);
    assert!(code == 2 && out.is_empty() && err.contains("--list"), "{err}");
}
