//! What the program itself needs of memory grows by little with the number of files.

#![cfg(target_os = "linux")]

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::support::Workplace;

/// Bytes of one input that stay for the length of a run: its two paths, and some numbers.
const FOR_EACH: u64 = 600;

/// The most bytes that the program has in memory while it takes note of so many files. It does nothing with them: they are
/// litter.
fn peak(files: u64) -> u64 {
    let place = Workplace::with(&[("a.txt", b"Nothing to see here.\n")]);
    for number in 0..files {
        fs::write(place.path("in").join(format!("._{number:06}")), b"").unwrap();
    }
    let mut command = place.fieldstrip();
    command.args(["clean", "in", "--output", "out", "--isolation", "off", "--jobs", "1", "--quiet"]);
    let mut program = command.stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", program.id());
    let mut peak = 0;
    while program.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0_u64) * 1024);
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(program.wait().unwrap().success());
    peak
}

#[test]
fn memory_grows_by_little_with_the_number_of_files() {
    let (few, many) = (1_000, 21_000);
    let growth = peak(many).saturating_sub(peak(few)) / (many - few);
    assert!(growth < FOR_EACH, "{growth} bytes for each file");
}
