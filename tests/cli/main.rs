//! What the program prints: help, errors, lists. Snapshots, so that every change of wording is seen in review.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation
)]

mod json;
mod logging;
#[path = "../run/support.rs"]
#[allow(dead_code, reason = "the tests of runs use all of it")]
mod support;

use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

/// Standard output (or, when that is empty, standard error) and exit code.
fn fieldstrip(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("fieldstrip").unwrap();
    let output = command.args(arguments).env("COLUMNS", "100").output().unwrap();
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    format!("{}\nexit code {}", String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

#[test]
fn help_teaches() {
    insta::assert_snapshot!("help", fieldstrip(&["--help"]));
    insta::assert_snapshot!("help-clean", fieldstrip(&["clean", "--help"]));
    insta::assert_snapshot!("help-inspect", fieldstrip(&["inspect", "--help"]));
    insta::assert_snapshot!("help-policy", fieldstrip(&["policy", "--help"]));
    insta::assert_snapshot!("help-detect", fieldstrip(&["detect", "--help"]));
    insta::assert_snapshot!("help-watch", fieldstrip(&["watch", "--help"]));
    insta::assert_snapshot!("help-review", fieldstrip(&["review", "--help"]));
    insta::assert_snapshot!("help-report", fieldstrip(&["report", "--help"]));
    for command in ["verify", "show", "diff", "export"] {
        insta::assert_snapshot!(format!("help-audit-{command}"), fieldstrip(&["audit", command, "--help"]));
    }
}

#[test]
fn wrong_calls_say_what_is_wrong() {
    for (name, arguments) in [
        ("no-command", &[][..]),
        ("no-output", &["clean", "in"]),
        ("unknown-option", &["clean", "in", "--output", "out", "--force"]),
        ("no-jobs", &["clean", "in", "--output", "out", "--jobs", "0"]),
        ("no-input", &["inspect", "no-such-file.pdf"]),
        ("no-review-name", &["audit", "verify", "review-folder"]),
    ] {
        let text = fieldstrip(arguments);
        assert!(text.ends_with("exit code 2"), "{name}: {text}");
        insta::assert_snapshot!(format!("wrong-{name}"), text);
    }
}

#[test]
fn formats_lists_every_kind() {
    let text = fieldstrip(&["formats", "--format", "json"]);
    for kind in fieldstrip::Kind::ALL {
        assert!(text.contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
    }
}

#[test]
fn completions_and_manual_cover_every_command() {
    let manual = fieldstrip(&["man"]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = fieldstrip(&["completions", shell]);
        for command in ["clean", "inspect", "review", "audit", "policy", "report", "detect", "formats"] {
            assert!(script.contains(command), "{shell}: {command}");
            assert!(manual.contains(command), "manual: {command}");
        }
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let program = Command::cargo_bin("fieldstrip").unwrap().get_program().to_owned();
    let status = Command::new("sh")
        .args(["-c", "\"$0\" completions bash | true; \"$0\" man | head -n 1 > /dev/null"])
        .arg(program)
        .status()
        .unwrap();
    assert!(status.success());
}
