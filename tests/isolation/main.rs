//! Workers: what they can do, what they cannot, and what it costs when one fails.
//!
//! Debug builds of the program have faults on demand (`worker/fault.rs`): a text that begins with `fieldstrip-fault:` and a
//! name strikes the worker that takes it apart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::disallowed_methods)]

#[path = "../run/support.rs"]
#[allow(dead_code)]
mod support;

use std::fs;

use serde_json::Value;
use support::{Workplace, tree};

/// A text that no rule has anything to say about.
const HARMLESS: &[u8] = b"The meeting begins at nine.\n";

/// A policy with these budgets; the others are as large as on any day, for the machine may be busy.
fn with_limits(limits: &str) -> String {
    format!("schema = 1\nname = \"impatient\"\nextends = \"public-release\"\n[limits]\n{limits}\n")
}

/// No document may take a second of processor time, or this much memory.
const BUSY: &str = "cpu-seconds = 1\ncpu-seconds-per-megabyte = 0\nworker-memory = 700_000_000";
/// No document may take three seconds on the clock.
const IDLE: &str = "wall-seconds = 3\nwall-seconds-per-megabyte = 0";

fn fault(name: &str) -> Vec<u8> {
    format!("fieldstrip-fault:{name} and some text").into_bytes()
}

fn refusal(file: &Value) -> (String, String) {
    let member = |name: &str| file["refusal"][name].as_str().unwrap_or_default().to_owned();
    (member("reason"), member("detail"))
}

#[test]
fn whatever_happens_to_a_worker_costs_one_file() {
    let cases = [
        ("panic", "internal", "a fault occurred while the file was taken apart (src/worker/fault.rs:"),
        ("overflow", "internal", "ran out of stack"),
        ("exhaust", "over-limit", "limit `worker-memory`"),
        ("spin", "over-limit", "limit `cpu-seconds`: it takes more than 1 seconds"),
        ("abort", "internal", "was ended by signal 6"),
        ("garbage", "internal", "did not answer as workers do"),
        ("babble", "internal", "did not answer as workers do"),
        ("promise", "internal", "did not answer as workers do"),
    ];
    let place = Workplace::with(&[]);
    fs::write(place.path("impatient.toml"), with_limits(BUSY)).unwrap();
    for (name, ..) in cases {
        place.put(&format!("{name}.txt"), &fault(name));
        place.put(&format!("{name}.after.txt"), HARMLESS);
    }
    let arguments = ["clean", "in", "--output", "out", "--policy", "impatient.toml", "--jobs", "2"];
    let (code, out, err) = place.run(&arguments);
    assert_eq!(code, 1, "{out}{err}");
    let files = place.files();
    for (name, reason, detail) in cases {
        let file = &files[&format!("{name}.txt")];
        assert_eq!(file["outcome"], "refused", "{name}");
        let (found, said) = refusal(file);
        assert_eq!(found, reason, "{name}: {said}");
        if cfg!(unix) {
            assert!(said.contains(detail), "{name}: {said}");
        }
        assert_eq!(place.outcome(&format!("{name}.after.txt")), "released", "behind {name}");
    }
    assert!(!format!("{out}{err}").contains("a secret that must not be printed"));
    assert_eq!(tree(&place.path("out")).len(), cases.len());
    assert_eq!(place.run(&["audit", "verify", "out.review"]).0, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_keeps_much_memory_is_replaced_before_its_next_document() {
    let place =
        Workplace::with(&[("a.txt", HARMLESS), ("b.txt", &fault("keep")), ("c.txt", HARMLESS), ("d.txt", HARMLESS)]);
    let (code, out, err) = place.run(&["clean", "in", "--output", "out", "--jobs", "1", "-v"]);
    assert_eq!(code, 0, "{out}{err}");
    let retired: Vec<&str> = err.lines().filter(|line| line.contains("worker retired")).collect();
    assert_eq!(retired.len(), 1, "{err}");
    assert!(retired[0].contains("role=clean kept-mib=10"), "{}", retired[0]);
    let at = |text: &str| err.find(text).unwrap();
    assert!(at("path=b.txt") < at("worker retired") && at("worker retired") < at("path=c.txt"), "{err}");
    assert_eq!(tree(&place.path("out")).len(), 4);
}

#[test]
fn the_header_tells_where_documents_were_parsed() {
    let place = Workplace::with(&[("a.txt", HARMLESS)]);
    assert_eq!(place.clean().0, 0);
    let with = place.log()[0]["isolation"].clone();
    assert_eq!(with["workers"], true);
    assert!(with["measures"].as_array().is_some_and(|measures| !measures.is_empty()), "{with}");
    let arguments = ["clean", "in", "--output", "out", "--isolation", "off"];
    assert_eq!(place.run(&arguments).0, 0);
    assert_eq!(place.log()[0]["isolation"], serde_json::json!({ "workers": false }));
}

#[test]
fn workers_and_a_single_process_come_to_the_same() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let place = Workplace::with(&[]);
    let runs = ["on", "off"].map(|isolation| {
        let output = format!("out-{isolation}");
        place.run(&["clean", samples, "--output", &output, "--isolation", isolation]);
        let log = fs::read_to_string(place.path(&format!("{output}.review/audit.jsonl"))).unwrap();
        let records: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let files: Vec<Value> = records
            .into_iter()
            .filter(|record| record["record"] == "file")
            .map(|mut record| {
                for of_chain in ["prev", "hash"] {
                    record.as_object_mut().unwrap().remove(of_chain);
                }
                record
            })
            .collect();
        let listed = place.run(&["inspect", samples, "--format", "json", "--show-values", "--isolation", isolation]).1;
        (tree(&place.path(&output)), tree(&place.path(&format!("{output}.review/held"))), files, listed)
    });
    assert!(runs[0].0.len() > 3 && runs[0].2.len() > 5);
    assert!(runs[0].0 == runs[1].0 && runs[0].1 == runs[1].1, "the copies differ");
    assert_eq!(runs[0].2, runs[1].2);
    assert_eq!(runs[0].3, runs[1].3);
}

#[test]
fn policies_with_further_steps_come_to_the_same() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let place = Workplace::with(&[]);
    let policy = "schema = 1\nname = \"steps\"\nextends = \"public-release\"\n[classes]\n\"content.hidden-text\" = \"remove\"\n\
                  [images]\nmode = \"reencode\"\n";
    fs::write(place.path("steps.toml"), policy).unwrap();
    let runs = ["on", "off"].map(|isolation| {
        let output = format!("out-{isolation}");
        place.run(&["clean", samples, "--output", &output, "--policy", "steps.toml", "--isolation", isolation]);
        (tree(&place.path(&output)), tree(&place.path(&format!("{output}.review/held"))))
    });
    assert!(!runs[0].0.is_empty());
    assert!(runs[0] == runs[1], "the copies differ");
}

/// What a worker on Linux cannot do: open a file of its choice, open a socket, start a program.
#[test]
#[cfg(target_os = "linux")]
fn a_worker_can_reach_nothing() {
    let place = Workplace::with(&[]);
    let (code, out, err) = place.run(&["doctor", "--format", "json"]);
    let told: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let attempts = told["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 7);
    for attempt in attempts {
        assert_eq!(attempt["denied"], true, "{attempt}");
    }
    let measures = told["measures"].as_array().unwrap();
    // A kernel without Landlock is no fault of the program; everything else is everywhere.
    let missing = |measure: &&Value| measure["in-force"] != true;
    let missing: Vec<&str> = measures.iter().filter(missing).filter_map(|measure| measure["name"].as_str()).collect();
    assert!(missing.iter().all(|name| *name == "landlock"), "{missing:?}");
    assert_eq!(code, i32::from(!missing.is_empty()));
}

#[test]
#[cfg(target_os = "linux")]
fn workers_that_sleep_are_ended_and_see_no_environment() {
    let place = Workplace::with(&[]);
    for number in 0..40 {
        place.put(&format!("{number}.txt"), HARMLESS);
    }
    place.put("0.txt", &fault("sleep"));
    fs::write(place.path("impatient.toml"), with_limits(IDLE)).unwrap();
    let arguments = ["clean", "in", "--output", "out", "--policy", "impatient.toml", "--jobs", "1", "--quiet"];
    let mut child = place.fieldstrip().args(arguments).env("SECRET", "x").spawn().unwrap();
    let children = || -> Vec<String> {
        let list = format!("/proc/{0}/task", child.id());
        let tasks = fs::read_dir(list).into_iter().flatten().flatten();
        let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let mut seen = Vec::new();
    for _ in 0..1_000 {
        // Between its birth and its beginning a process is still the one that started it.
        let has_begun =
            |id: &String| fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| line.ends_with(b"\0worker\0"));
        seen = children().into_iter().filter(has_begun).collect();
        if seen.len() == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(seen.len(), 2, "one worker cleans, another proves");
    for worker in seen {
        // Not dumpable: only root may look, and finds nothing.
        let environment = fs::read(format!("/proc/{worker}/environ")).unwrap_or_default();
        assert!(environment.is_empty(), "{}", String::from_utf8_lossy(&environment));
    }
    child.wait().unwrap();
    let files = place.files();
    let (reason, detail) = refusal(&files["0.txt"]);
    assert_eq!(reason, "over-limit");
    assert_eq!(detail, "limit `wall-seconds`: it takes more than 3 seconds on the clock");
    assert_eq!(place.outcome("1.txt"), "released");
}

#[test]
#[cfg(unix)]
fn a_program_that_is_no_worker_stops_the_run_before_anything_is_changed() {
    use fieldstrip::detect::{Engine, Fingerprinter};
    use fieldstrip::job::Scanner;
    use fieldstrip::pipeline::{Launcher, Team};
    let policy = fieldstrip::Policy::built_in("public-release").unwrap();
    let (engine, key) = (Engine::for_policy(&policy).unwrap(), Fingerprinter::new(b"0123456789abcdef0123456789abcdef"));
    for program in ["/bin/true", "/bin/cat", "/nonexistent"] {
        let launcher = Launcher::new(program.as_ref(), Scanner::new(&policy, &engine, &key), 1).unwrap();
        let error = Team::new(&launcher).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("a worker process could not be started"), "{program}: {error}");
    }
}
