//! `clean --decisions`.

use std::fs;

use serde_json::Value;

use super::cleaned;
use super::support::Workplace;

const DECISIONS: &str = "out.review/decisions.toml";
const BY: &str = "who = \"J. Doe\"\nwhen = 2026-11-26";

/// Id of the key of the run.
fn key(place: &Workplace) -> String {
    place.segment()[0]["fingerprint-key"].as_str().unwrap().to_owned()
}

/// The first finding of a rule in a file.
fn finding(place: &Workplace, path: &str, rule: &str) -> Value {
    let record = place.files().remove(path).unwrap();
    let found = record["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule);
    found.unwrap_or_else(|| panic!("{path} has no {rule}")).clone()
}

/// A decision about the value that a rule finds in a file.
fn about_value(place: &Workplace, path: &str, rule: &str, verdict: &str) -> String {
    let fingerprint = finding(place, path, rule)["fingerprint"].clone();
    format!(
        "[[decision]]\nrule = \"{rule}\"\nfingerprint = {fingerprint}\nverdict = \"{verdict}\"\nreason = \"an example\"\n{BY}\n"
    )
}

/// A decision about something in a file as it is; `what` are further lines.
fn about_file(place: &Workplace, path: &str, what: &str) -> String {
    let input = place.files()[path]["input"]["sha256"].clone();
    format!(
        "[[decision]]\n{what}\npath = \"{path}\"\ninput-sha256 = {input}\nverdict = \"accept\"\nreason = \"agreed\"\n{BY}\n"
    )
}

fn decide(place: &Workplace, entries: &[String]) {
    let text = format!("schema = 1\nkey = \"{}\"\n\n{}", key(place), entries.concat());
    fs::write(place.path(DECISIONS), text).unwrap();
}

fn clean(place: &Workplace) -> (i32, String, String) {
    place.run(&["clean", "in", "--output", "out", "--decisions", DECISIONS])
}

#[test]
fn an_accepted_value_holds_nothing_anywhere() {
    let place = cleaned();
    decide(&place, &[about_value(&place, "service.json", "secret.github", "accept")]);
    let (code, _, err) = clean(&place);
    assert_eq!(code, 1, "there are still others: {err}");
    for path in ["service.json", "copy/service.json"] {
        assert_eq!(place.outcome(path), "released", "{path}");
        assert!(place.path("out").join(path).exists());
        let found = finding(&place, path, "secret.github");
        assert_eq!(found["verdict"], "note");
        assert_eq!(found["allowed"], "accepted by J. Doe on 2026-11-26: an example");
        assert_eq!(finding(&place, path, "secret.password")["verdict"], "flag", "nobody decided about it");
    }
    assert_eq!(place.outcome("budget.xlsx"), "held");
    assert!(!err.contains("stale"), "{err}");
    let (header, totals) = (place.segment()[0].clone(), place.segment().pop().unwrap());
    let sha256 = fieldstrip::report::sha256(&fs::read(place.path(DECISIONS)).unwrap());
    assert_eq!(
        (&header["decisions"]["sha256"], &header["decisions"]["count"]),
        (&Value::from(sha256), &Value::from(1))
    );
    assert_eq!(totals["stale-decisions"], Value::Null);
    assert_eq!(place.verify().0, 0, "{}", place.verify().1);
}

#[test]
fn without_workers_it_is_the_same() {
    let place = cleaned();
    let sheet = about_file(&place, "budget.xlsx", "class = \"content.hidden-sheets\"\nitem = \"hidden sheet\"");
    decide(&place, &[about_value(&place, "service.json", "secret.github", "accept"), sheet]);
    clean(&place);
    let with_workers = place.files();
    place.run(&["clean", "in", "--output", "out", "--decisions", DECISIONS, "--isolation", "off"]);
    for (path, mut record) in place.files() {
        assert_eq!(record["outcome"], "released", "{path}");
        for member in ["prev", "hash"] {
            record[member] = with_workers[&path][member].clone();
        }
        assert_eq!(record, with_workers[&path]);
    }
}

#[test]
fn an_accepted_item_holds_its_file_no_more_as_long_as_it_is_the_same() {
    let place = cleaned();
    let sheet = about_file(&place, "budget.xlsx", "class = \"content.hidden-sheets\"\nitem = \"hidden sheet\"");
    let text = finding(&place, "budget.xlsx", "hidden.text")["fingerprint"].clone();
    let text = about_file(&place, "budget.xlsx", &format!("rule = \"hidden.text\"\nfingerprint = {text}"));
    decide(&place, &[sheet, text]);
    clean(&place);
    let record = place.files().remove("budget.xlsx").unwrap();
    assert_eq!(record["outcome"], "released");
    let held = record["removals"].as_array().unwrap().iter().find(|hit| hit["action"] == "hold").unwrap();
    assert_eq!(held["allowed"], "accepted by J. Doe on 2026-11-26: agreed");
    assert_eq!(finding(&place, "budget.xlsx", "hidden.text")["verdict"], "note");

    // The same workbook under another name, and another workbook under its name.
    let bytes = fs::read(place.path("in/budget.xlsx")).unwrap();
    place.put("other.xlsx", &bytes);
    let mut changed = bytes;
    changed.truncate(changed.len() - 2); // the comment's length at the end of the archive
    changed.extend([1, 0, b' ']);
    place.put("budget.xlsx", &changed);
    let (_, _, err) = clean(&place);
    assert_eq!([place.outcome("budget.xlsx"), place.outcome("other.xlsx")], ["held", "held"]);
    let stale = place.segment().pop().unwrap()["stale-decisions"].clone();
    assert_eq!(stale[0], "line 4: content.hidden-sheets (hidden sheet) in budget.xlsx");
    assert_eq!(stale.as_array().unwrap().len(), 2);
    assert!(err.contains("stale decision, nothing in this run is about it: line 4: content.hidden-sheets"), "{err}");
    assert_eq!(place.verify().0, 0, "{}", place.verify().1);
}

#[test]
fn hold_takes_a_flagged_file_back() {
    let place = cleaned();
    decide(&place, &[about_value(&place, "payments.csv", "personal.iban", "hold")]);
    clean(&place);
    assert_eq!(place.outcome("payments.csv"), "held");
    assert!(place.path("out.review/held/payments.csv").exists() && !place.path("out/payments.csv").exists());
    let found = finding(&place, "payments.csv", "personal.iban");
    assert_eq!(found["verdict"], "hold");
    assert!(found["why"].as_str().unwrap().ends_with("; held by J. Doe on 2026-11-26: an example"), "{found}");
}

#[test]
fn a_decision_about_a_file_comes_before_one_about_the_value() {
    let place = cleaned();
    let everywhere = about_value(&place, "service.json", "secret.github", "accept");
    let fingerprint = finding(&place, "service.json", "secret.github")["fingerprint"].clone();
    let here =
        about_file(&place, "copy/service.json", &format!("rule = \"secret.github\"\nfingerprint = {fingerprint}"));
    decide(&place, &[everywhere, here.replace("accept", "hold")]);
    clean(&place);
    assert_eq!([place.outcome("service.json"), place.outcome("copy/service.json")], ["released", "held"]);
}

#[test]
fn a_decision_that_has_ended_counts_no_more() {
    let place = cleaned();
    let ended = about_value(&place, "service.json", "secret.github", "accept") + "expires = 2020-12-31\n";
    decide(&place, &[ended]);
    let (_, _, err) = clean(&place);
    assert!(err.contains("a decision has ended: line 4: secret.github"), "{err}");
    assert_eq!(place.outcome("service.json"), "held");
    assert_eq!(place.segment()[0]["decisions"]["ended"].as_array().unwrap().len(), 1);
    assert_eq!(place.segment().pop().unwrap()["stale-decisions"], Value::Null, "it is not in force");
}

#[test]
fn what_cannot_be_gone_by_ends_the_run_before_the_first_file() {
    let place = cleaned();
    let log = place.log();
    let entry = about_value(&place, "service.json", "secret.github", "accept");
    for (text, message) in [
        (
            format!("schema = 1\nkey = \"00000000\"\n{entry}"),
            "decisions.toml:2:7: these decisions are about fingerprints",
        ),
        (format!("schema = 1\nkey = \"{}\"\n{entry}\ncolour = 3\n", key(&place)), "decisions.toml:11:1: unknown field"),
        (
            format!("schema = 1\nkey = \"{}\"\n{}", key(&place), entry.replace("github", "gitbub")),
            "decisions.toml:4:8: there is no rule",
        ),
        ("schema = 1\nkey = \n".to_owned(), "decisions.toml:2:"),
    ] {
        fs::write(place.path(DECISIONS), text).unwrap();
        let (code, _, err) = clean(&place);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(message), "{err}");
    }
    fs::remove_file(place.path(DECISIONS)).unwrap();
    assert_eq!(clean(&place).0, 2);
    assert_eq!(place.log(), log, "nothing was done");
}

#[test]
fn other_decisions_are_another_run() {
    let place = cleaned();
    let resume =
        |place: &Workplace| place.run(&["clean", "in", "--output", "out", "--decisions", DECISIONS, "--resume"]);
    let kept = |place: &Workplace| place.files().values().filter(|record| record["kept"] == true).count();
    decide(&place, &[about_value(&place, "service.json", "secret.github", "accept")]);
    let (_, _, err) = resume(&place);
    assert!(err.contains("nothing of the earlier run is kept: other decisions were in force"), "{err}");
    assert_eq!((kept(&place), place.outcome("service.json").as_str()), (0, "released"));
    let (_, _, err) = resume(&place);
    assert_eq!(kept(&place), 4, "{err}");
    assert!(!err.contains("stale"), "what was kept counts: {err}");
    assert_eq!(place.verify().0, 0, "{}", place.verify().1);
    place.resume();
    assert_eq!((kept(&place), place.outcome("service.json").as_str()), (0, "held"));
}
