//! The report as the program writes it.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

fn run(folder: &Path, arguments: &[&str]) -> i32 {
    let mut command = Command::cargo_bin("fieldstrip").unwrap();
    command.current_dir(folder).env("XDG_CONFIG_HOME", folder.join("config")).args(arguments);
    let output = command.output().unwrap();
    output.status.code().unwrap()
}

#[test]
fn a_run_writes_its_report_for_its_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    assert_eq!(run(dir.path(), &["clean", samples.to_str().unwrap(), "--output", "out", "--quiet"]), 1);
    let path = dir.path().join("out.review/report.html");
    let report = fs::read_to_string(&path).unwrap();
    assert!(report.contains("opening-hours.txt") && report.contains("EXIF:BodySerialNumber"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // From the log alone, the same.
    fs::remove_file(&path).unwrap();
    assert_eq!(run(dir.path(), &["report", "out.review"]), 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), report);
    assert_eq!(run(dir.path(), &["report", "out.review", "--output", "elsewhere.html"]), 0);
    assert_eq!(fs::read_to_string(dir.path().join("elsewhere.html")).unwrap(), report);
    assert_eq!(run(dir.path(), &["audit", "verify", "out.review"]), 0, "the report is no part of what is verified");
}

#[test]
fn where_no_report_can_be_the_run_ends_before_it_changes_anything() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.txt"), "text\n").unwrap();
    assert_eq!(run(dir.path(), &["clean", "in", "--output", "out", "--quiet"]), 0);
    let report = dir.path().join("out.review/report.html");
    assert!(report.exists());
    fs::remove_file(&report).unwrap();
    fs::create_dir_all(report.join("folder")).unwrap();
    assert_eq!(run(dir.path(), &["clean", "in", "--output", "out", "--quiet"]), 2);
    assert!(dir.path().join("out/a.txt").exists());
}

#[test]
fn without_a_log_there_is_no_report() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["report", "nowhere"]), 2);
    assert!(fs::read_dir(dir.path()).unwrap().next().is_none());
}
