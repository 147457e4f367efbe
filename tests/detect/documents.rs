//! What a policy adds to the rules, and what findings of a document say together: code words, allowances, pages.

use std::collections::BTreeMap;

use fieldstrip::Policy;
use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::finding::{Finding, Severity, Verdict};
use fieldstrip::job::{Processed, Scanner, process};

fn policy(lines: &str) -> Policy {
    let text = format!("schema = 1\nname = \"mine\"\nextends = \"public-release\"\n{lines}");
    let mut policy = Policy::from_toml(&text, "mine.toml").unwrap();
    policy.on_day("2026-11-25");
    policy
}

fn processed(text: &str, name: &str, policy: &Policy) -> Processed {
    let engine = Engine::for_policy(policy).unwrap();
    let key = Fingerprinter::new(b"key of a test");
    process(text.as_bytes(), name, &Scanner::new(policy, &engine, &key))
}

fn of_rule<'f>(findings: &'f [Finding], rule: &str) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.rule == rule).collect()
}

#[test]
fn code_words_hold_a_file_by_text_and_name() {
    let policy = policy(
        "[text.lexicons.projects]\nterms = [\"Grey Heron\", \"SANDMOUTH\"]\n\
         [text.lexicons.people]\nseverity = \"low\"\nmatch = \"exact\"\nterms = [\"Robin\"]\n",
    );
    let found = processed("The grey\nheron flies. Robin and robin.", "sandmouth-plan.txt", &policy);
    assert_eq!(found.verdict, Verdict::Hold);
    let projects = of_rule(&found.findings, "lexicon.projects");
    let places: Vec<String> = projects.iter().map(|finding| finding.place.to_string()).collect();
    assert_eq!(places, ["file name", "line 1"]);
    assert!(projects.iter().all(|finding| !finding.masked.contains("eron") && !finding.fingerprint.is_empty()));
    let people = of_rule(&found.findings, "lexicon.people");
    assert_eq!((people.len(), people[0].count, people[0].verdict), (1, 1, Verdict::Note));
}

#[test]
fn a_lexicon_may_lie_in_a_file_of_its_own() {
    let files = BTreeMap::from([("words.txt", "\u{feff}# ours\nGrey Heron\n\nSandmouth\n"), ("bad.txt", "ab\nx\n")]);
    let read = |file: &str| {
        let text = format!("schema = 1\nname = \"m\"\n[text.lexicons.w]\nfile = \"{file}\"\n");
        Policy::from_toml_with(&text, "mine.toml", &mut |name| {
            files.get(name).map(|text| (*text).to_owned()).ok_or_else(|| "not there".to_owned())
        })
    };
    let policy = read("words.txt").unwrap();
    assert_eq!(policy.text.lexicons[0].terms, ["Grey Heron", "Sandmouth"]);
    assert_ne!(policy.sha256, read("words.txt").map(|policy| policy.name).unwrap());
    for (file, message) in
        [("bad.txt", "mine.toml:4:8: bad.txt:2: is too short"), ("none.txt", "`none.txt`: not there")]
    {
        let error = read(file).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn allowed_values_are_noted_with_the_reason() {
    let lines = |entry: &str| {
        format!(
            "[text.rules.\"personal.email\"]\nverdict = \"hold\"\n[[text.allow]]\nreason = \"press office\"\n{entry}\n"
        )
    };
    let text = "Write to Press@Example.gov for questions.";
    // entry, whether it covers the address in `news/a.txt`
    let cases = [
        ("values = [\"press@example.gov\"]", true),
        ("values = [\"other@example.gov\"]", false),
        ("pattern = \"[a-z]+@example\\\\.gov\"", true),
        ("pattern = \"[a-z]+@example\"", false),
        ("rules = [\"personal.*\"]", true),
        ("rules = [\"secret.*\"]\nvalues = [\"press@example.gov\"]", false),
        ("values = [\"press@example.gov\"]\nfiles = [\"news/**\"]", true),
        ("values = [\"press@example.gov\"]\nfiles = [\"*.txt\"]", false),
        ("values = [\"press@example.gov\"]\nexpires = 2026-11-25", true),
        ("values = [\"press@example.gov\"]\nexpires = 2026-11-24", false),
    ];
    for (entry, covered) in cases {
        let found = processed(text, "news/a.txt", &policy(&lines(entry)));
        let emails = of_rule(&found.findings, "personal.email");
        assert_eq!(emails.len(), 1, "every use is in the log");
        assert_eq!(emails[0].allowed.as_deref(), covered.then_some("press office"), "{entry}");
        assert_eq!(found.verdict, if covered { Verdict::Note } else { Verdict::Hold }, "{entry}");
    }
    let mut undated = Policy::from_toml(
        "schema = 1\nname = \"m\"\n[[text.allow]]\nvalues = [\"a1\"]\nreason = \"r\"\nexpires = 2030-01-01\n",
        "m.toml",
    )
    .unwrap();
    assert_eq!(undated.allowed("x.y", "a1", ""), None, "until somebody says which day it is");
    assert!(undated.on_day("2029-12-31").is_empty());
    assert_eq!(undated.allowed("x.y", "A1", ""), Some("r"));
    assert_eq!(undated.on_day("2030-01-02"), ["r (until 2030-01-01)"]);
    assert_eq!(undated.allowed("x.y", "a1", ""), None);
}

#[test]
fn a_position_beside_an_order_weighs_more_than_alone() {
    let severities = |text: &str| -> BTreeMap<String, Severity> {
        let found = processed(text, "a.txt", &policy(""));
        found.findings.iter().map(|finding| (finding.rule.clone(), finding.severity)).collect()
    };
    let nsn = "NSN 5820-01-451-8250 on hand.";
    let alone = severities(nsn);
    let (rule, severity) = alone.first_key_value().unwrap();
    let together = severities(&format!("{nsn}\nMove at 121430ZJUN24."));
    assert_eq!(together.len(), 2, "{together:?}");
    assert!(together[rule] > *severity, "{alone:?} {together:?}");
    let apart = severities(&format!("{nsn}\n{}Move at 121430ZJUN24.", "\n".repeat(80)));
    assert_eq!(apart[rule], *severity);
}

#[test]
fn words_and_numbers_that_a_line_break_splits_are_found() {
    let policy = policy("");
    // text, rule, the line that it begins in
    let cases = [
        ("This page is TOP SEC-\nRET//NOFORN until reviewed.", "marking.us-banner", "line 1"),
        ("Her number is\nSSN 212-09-\n9998.", "personal.us-ssn", "line 2"),
        (
            "Please charge the amount to the following card of ours: 4111 1111\n1111 1111 and send a receipt.",
            "personal.card-number",
            "line 1",
        ),
    ];
    for (text, rule, line) in cases {
        let found = processed(text, "a.txt", &policy);
        let hits = of_rule(&found.findings, rule);
        assert_eq!(hits.len(), 1, "{text}: {:?}", found.findings);
        assert_eq!(hits[0].place.to_string(), line);
    }
}
