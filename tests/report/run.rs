//! The report as the program writes it.

use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use fieldstrip::policy::Class;
use fieldstrip::report::audit::{AuditWriter, Record};
use fieldstrip::report::log::LogReader;

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> i32 {
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
    let elsewhere = fs::read_to_string(dir.path().join("elsewhere.html")).unwrap();
    assert!(report.contains("href=\"held/data/service.json\"") && !elsewhere.contains("href=\"held"));
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

/// Two documents by the same hand, and one by another.
fn batch() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, author) in [("a", "Planted Personname"), ("b", "Other Somebody"), ("c", "Planted Personname")] {
        let document =
            format!("{{\\rtf1\\ansi{{\\info{{\\author {author}}}{{\\company Planted Company}}}}Text of {name}.\\par}}");
        fs::write(dir.path().join(format!("in/{name}.rtf")), document).unwrap();
    }
    assert_eq!(run(dir.path(), &["clean", "in", "--output", "out", "--quiet"]), 0);
    dir
}

pub(crate) fn records(folder: &Path) -> Vec<Record> {
    let mut log = LogReader::new(BufReader::new(fs::File::open(folder.join("out.review/audit.jsonl")).unwrap()));
    std::iter::from_fn(|| log.read().unwrap().map(|line| line.record.unwrap())).collect()
}

#[test]
fn what_joined_files_is_told_without_the_values() {
    let dir = batch();
    let records = records(dir.path());
    let Some(Record::Totals(totals)) = records.last() else { panic!("{records:?}") };
    let told: Vec<_> = totals.traces.iter().map(|trace| (trace.class, trace.masked.as_str(), trace.files)).collect();
    assert_eq!(
        told,
        [(Class::MetadataOrganisation, "Pl•••••••••••ny", 3), (Class::MetadataAuthor, "P•••••••••••••••me", 2)]
    );
    let author = &totals.traces[1];
    assert_eq!(author.first, "a.rtf");
    let with_author = records.iter().filter_map(|record| match record {
        Record::File(file) => {
            file.traces.iter().any(|trace| trace.fingerprint == author.fingerprint).then_some(&file.path)
        }
        _ => None,
    });
    assert_eq!(with_author.collect::<Vec<_>>(), ["a.rtf", "c.rtf"]);
    let page = fs::read_to_string(dir.path().join("out.review/report.html")).unwrap();
    let log = fs::read_to_string(dir.path().join("out.review/audit.jsonl")).unwrap();
    for text in [&page, &log] {
        assert!(text.contains(&author.fingerprint) && text.contains(&author.masked));
        for part in ["Planted", "Personname", "Somebody", "Company"] {
            assert!(!text.contains(part), "{part}: {text}");
        }
    }
    assert!(page.contains("What joined the files"));
}

#[test]
fn traces_in_the_totals_are_those_of_the_records() {
    let dir = batch();
    assert_eq!(run(dir.path(), &["audit", "verify", "out.review"]), 0);
    let mut records = records(dir.path());
    let Some(Record::Totals(totals)) = records.last_mut() else { panic!("no totals") };
    totals.traces.truncate(1);
    let mut writer = AuditWriter::new(Vec::new());
    records.iter().for_each(|record| writer.append(record).unwrap());
    fs::write(dir.path().join("out.review/audit.jsonl"), writer.get_mut()).unwrap();
    assert_eq!(run(dir.path(), &["audit", "verify", "out.review"]), 1);
}

#[test]
fn workers_and_this_process_tell_the_same() {
    let dir = batch();
    let traces = |folder: &Path| {
        let of = |record| if let Record::File(file) = record { file.traces } else { Vec::new() };
        records(folder).into_iter().map(of).collect::<Vec<_>>()
    };
    let by_workers = traces(dir.path());
    assert_eq!(run(dir.path(), &["clean", "in", "--output", "out", "--quiet", "--isolation=off"]), 0);
    assert_eq!(traces(dir.path()), by_workers);
    assert_eq!(by_workers.iter().map(Vec::len).sum::<usize>(), 6);
}
