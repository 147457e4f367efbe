//! Killed at any moment, the run leaves whole and proved copies, and another run completes.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Workplace, tree};

const KILLS: u64 = 20;
const FILES: usize = 300;

/// Text that no rule has anything to say about, different in every file.
fn content(number: usize) -> Vec<u8> {
    format!("Page number {number} of the report.\n").repeat(200).into_bytes()
}

/// What `kill` may leave in the release folder: any of the proved copies, byte for byte, and nothing else.
fn only_proved(found: &BTreeMap<PathBuf, Vec<u8>>, proved: &BTreeMap<PathBuf, Vec<u8>>) {
    for (path, bytes) in found {
        let expected = proved.get(path).unwrap_or_else(|| panic!("{} is no copy of anything", path.display()));
        assert!(bytes == expected, "{} is not the proved copy", path.display());
    }
}

#[test]
fn a_killed_run_leaves_only_proved_files_and_a_rerun_completes() {
    let place = Workplace::with(&[]);
    for number in 0..FILES {
        place.put(&format!("folder{}/file{number}.txt", number % 7), &content(number));
    }
    let started = std::time::Instant::now();
    assert_eq!(place.clean().0, 0);
    let whole_run = started.elapsed();
    let proved = tree(&place.path("out"));
    assert_eq!(proved.len(), FILES);

    // Moments spread over the run by a fixed pseudo-random sequence, so that a failure can be repeated.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut partial = 0;
    for _ in 0..KILLS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let moment = whole_run.mul_f64((state % 1000) as f64 / 1000.0);
        let mut child = place
            .fieldstrip()
            .args(["clean", "in", "--output", "out", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let found = tree(&place.path("out"));
        only_proved(&found, &proved);
        partial += usize::from(found.len() < FILES);
    }
    assert!(partial > 0, "no kill came before the end: the test proved nothing");
    let (code, out, err) = place.clean();
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(tree(&place.path("out")), proved);
    assert_eq!(place.run(&["audit", "verify", "out.review"]).0, 0);
    assert!(!place.path(".out.fieldstrip-staging").exists());
}

#[test]
fn an_interrupt_ends_cleanly_and_the_log_says_so() {
    let place = Workplace::with(&[]);
    for number in 0..FILES {
        place.put(&format!("file{number}.txt"), &content(number));
    }
    let mut child = place
        .fieldstrip()
        .args(["clean", "in", "--output", "out", "--quiet", "--jobs", "1"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Interrupt as soon as the first copy is there: most are still to come.
    let out = place.path("out");
    let is_there = || std::fs::read_dir(&out).is_ok_and(|mut folder| folder.next().is_some());
    for _ in 0..2_000 {
        if is_there() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let totals = place.log().pop().unwrap();
    assert_eq!(totals["record"], "totals");
    assert_eq!(totals["interrupted"], true);
    let copies = tree(&out).len();
    assert!(copies > 0 && copies < FILES, "{copies} copies");
    assert_eq!(place.run(&["audit", "verify", "out.review"]).0, 0, "the log and the copies fit together");
}
