//! `fieldstrip review`, with the answers line by line.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::cleaned;
use super::support::Workplace;

const DECISIONS: &str = "out.review/decisions.toml";

/// Answers the questions about `out.review`: exit code, standard output, standard error.
fn review(place: &Workplace, more: &[&str], answers: &str) -> (i32, String, String) {
    let mut command = place.fieldstrip();
    command.args(["review", "out.review"]).args(more);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes()); // it may have ended
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn clean(place: &Workplace) -> (i32, String, String) {
    place.run(&["clean", "in", "--output", "out", "--decisions", DECISIONS])
}

const JANE: &[&str] = &["--operator", "Jane Doe"];

#[test]
fn whoever_answers_all_questions_gets_a_release() {
    let place = cleaned();
    let (code, out, err) = review(&place, JANE, &"a\nfor the example\n".repeat(20));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let first = out.split("> ").next().unwrap();
    for part in ["1 of 7", "holds (policy)", "hidden sheet: content.hidden-sheets", "budget.xlsx, xl/workbook.xml"] {
        assert!(first.contains(part), "{first}");
    }
    let secret = out.split("> ").find(|question| question.contains("secret.github")).unwrap();
    for part in ["holds (block)", "ghp_E•••", "copy/service.json, line 6\n", "service.json, line 6\n"] {
        assert!(secret.contains(part), "one question for both files: {secret}");
    }
    assert!(out.ends_with("7 of 7 questions decided, 0 left\ndecisions  out.review/decisions.toml\n"), "{out}");
    assert!(!out.contains("ghp_Example"), "values stay covered");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(place.path(DECISIONS)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (code, out, err) = clean(&place);
    assert_eq!(code, 0, "{out}{err}");
    let allowed = place.files()["service.json"]["findings"].to_string();
    assert!(allowed.contains("accepted by Jane Doe on 20") && allowed.contains(": for the example"), "{allowed}");
    let (code, out, _) = review(&place, JANE, "");
    assert_eq!((code, out.as_str()), (0, "0 of 0 questions decided, 0 left\ndecisions  out.review/decisions.toml\n"));
}

#[test]
fn a_session_goes_back_and_forth() {
    let place = cleaned();
    // Skips one; accepts without a reason, which is refused; holds; goes back to what was skipped; looks; asks for nothing known.
    let answers = "s\na\n\nh\n\nb\nb\nr\nx\nn\na\nit is meant\nq\n";
    let (code, out, err) = review(&place, JANE, answers);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    for part in [
        "nothing is decided: what is accepted needs a reason",
        "held by Jane Doe on 20",
        "look at\nout.review/held/budget.xlsx, xl/workbook.xml\n",
        "one of a, h, n, r, v, s, b, q, and Enter",
        "nothing is decided yet: a or h first",
        "2 of 7 questions decided, 5 left",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let text = fs::read_to_string(place.path(DECISIONS)).unwrap();
    let entries: Vec<&str> = text.split("[[decision]]").skip(1).collect();
    assert!(entries[0].contains("rule = \"secret.github\"") && entries[0].contains("verdict = \"hold\""), "{text}");
    assert!(
        entries[1].contains("item = \"hidden sheet\"") && entries[1].contains("reason = \"it is meant\""),
        "{text}"
    );
    // Another day: it begins where it ended, and a decision can be changed.
    let (_, out, _) = review(&place, JANE, "b\nn\nit is not\nq\n");
    assert!(out.trim_start().starts_with("3 of 7"), "{out}");
    let text = fs::read_to_string(place.path(DECISIONS)).unwrap();
    assert!(text.contains("reason = \"it is not\"") && text.matches("[[decision]]").count() == 2, "{text}");
}

/// What `v` shows: the value only, and of the copies of this run only.
#[test]
fn a_value_is_shown_to_who_asks() {
    let place = cleaned();
    let (_, out, err) = review(&place, JANE, "v\ns\nv\ns\nq\n");
    let shown: Vec<&str> = out.split("> ").filter(|part| part.contains("in full  ")).collect();
    assert_eq!((shown.len(), err.as_str()), (1, ""), "a hidden sheet has no text of its own: {out}");
    assert!(shown[0].starts_with("in full  ghp_Example"), "{out}");
    assert!(out.contains("it cannot be shown: "), "{out}");
    let files =
        ["out.review/audit.jsonl", "out.review/report.html"].map(|path| fs::read_to_string(place.path(path)).unwrap());
    assert!(files.iter().all(|text| !text.contains("ghp_Example")));

    // Of released copies too, from wherever they are.
    let all = "v\ns\n".repeat(7);
    let iban = |more: &[&str]| review(&place, more, &all).1.matches("in full  DE").count();
    assert_eq!(iban(&[]), 1);
    fs::rename(place.path("out"), place.path("elsewhere")).unwrap();
    assert_eq!(iban(&[]), 0);
    assert_eq!(iban(&["--release", "elsewhere"]), 1);

    // Fingerprints of another key say nothing of values.
    fs::remove_dir_all(place.path("config")).unwrap();
    let (_, out, _) = review(&place, JANE, &all);
    assert!(out.contains("values cannot be recognised") && !out.contains("in full"), "{out}");
}

#[test]
fn nobody_decides_without_a_name() {
    let place = cleaned();
    let (_, out, _) = review(&place, &[], "h\n\n\nh\nJ. Doe\nas agreed\nh\nas agreed\nq\n");
    assert!(out.contains("your name > reason > nothing is decided: a decision needs the name"), "{out}");
    let text = fs::read_to_string(place.path(DECISIONS)).unwrap();
    assert_eq!(text.matches("who = \"J. Doe\"").count(), 2, "asked once: {text}");
}

#[test]
fn decisions_never_lie_in_the_release_folder() {
    let place = cleaned();
    for (more, message) in [
        (&["--decisions", "out/decisions.toml"][..], "lies in the release folder"),
        (&["--decisions", "in/d.toml", "--release", "in"], "lies in the release folder"),
        (&["--decisions", "no/d.toml"], "decisions no/d.toml"),
    ] {
        let (code, _, err) = review(&place, more, "h\nJ\nr\n");
        assert_eq!(code, 2, "{more:?}");
        assert!(err.contains(message), "{err}");
    }
    fs::rename(place.path("out.review"), place.path("look")).unwrap();
    let (code, _, err) = place.run(&["review", "look", "--decisions", "d.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("say with --release"), "{err}");
    assert_eq!(place.run(&["review", "look"]).0, 1, "beside the log it needs no release folder");
}

#[test]
fn a_changed_log_or_key_is_nothing_to_decide_by() {
    let place = cleaned();
    fs::write(place.path(DECISIONS), "schema = 1\nkey = \"00000000\"\n").unwrap();
    let (code, _, err) = review(&place, JANE, "h\n\n");
    assert_eq!(code, 2);
    assert!(err.contains("decisions.toml:2:7: these decisions are about fingerprints of the key 00000000"), "{err}");
    fs::remove_file(place.path(DECISIONS)).unwrap();
    let log = place.path("out.review/audit.jsonl");
    let text = fs::read_to_string(&log).unwrap().replacen("secret.github", "secret.gitlab", 1);
    fs::write(&log, text).unwrap();
    let (code, _, err) = review(&place, JANE, "h\n\n");
    assert_eq!(code, 2);
    assert!(err.contains("cannot be gone by") && err.contains("does not fit its hash"), "{err}");
}
