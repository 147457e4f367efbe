//! What the policy makes of hidden text.

use fieldstrip::detect::Fingerprinter;
use fieldstrip::finding::{Finding, Verdict};
use fieldstrip::job::{Scanner, engine_for, inspect, process};
use fieldstrip::{Kind, Policy};

use crate::fixtures::{WORD, page};

const TEXT: &str = "BT /F 12 Tf 72 620 Td (TERCES) Tj ET";

pub(crate) fn with_policy<T>(policy: &Policy, work: impl FnOnce(&Scanner<'_>) -> T) -> T {
    let engine = engine_for(policy).unwrap();
    let fingerprinter = Fingerprinter::new(b"a key for tests");
    work(&Scanner::new(policy, &engine, &fingerprinter))
}

fn of_rule<'f>(findings: &'f [Finding], rule: &str) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.rule == rule).collect()
}

#[test]
fn text_under_a_box_is_held_and_other_hidden_text_flagged() {
    for (content, rule, verdict) in [
        (format!("{TEXT} 0 g 60 600 200 120 re f"), "hidden.under-box", Verdict::Hold),
        (format!("{TEXT} q 200 0 0 120 60 600 cm /Im Do Q"), "hidden.under-image", Verdict::Hold),
        (format!("1 g {TEXT}"), "hidden.same-colour", Verdict::Flag),
        (format!("3 Tr {TEXT}"), "hidden.invisible-mode", Verdict::Flag),
        (format!("1 0 0 1 0 300 cm {TEXT}"), "hidden.off-page", Verdict::Flag),
    ] {
        let bytes = page(&content, "", "").bytes();
        let policy = Policy::built_in("public-release").unwrap();
        let (processed, inspected) = with_policy(&policy, |scanner| {
            (process(&bytes, "report.pdf", scanner), inspect(&bytes, "report.pdf", scanner))
        });
        assert_eq!(processed.identity.kind, Kind::Pdf);
        assert!(processed.result.is_ok(), "{rule}: {:?}", processed.result.err());
        assert_eq!(processed.verdict, verdict, "{rule}");
        for findings in [&processed.findings, &inspected.findings] {
            let found = of_rule(findings, rule);
            assert_eq!(found.len(), 1, "{rule}: {findings:?}");
            assert_eq!(found[0].verdict, verdict, "{rule}");
            assert!(!found[0].masked.contains(WORD) && !found[0].masked.is_empty(), "{}", found[0].masked);
            assert!(!found[0].fingerprint.is_empty());
        }
    }
}

#[test]
fn a_policy_may_decide_otherwise() {
    let text = "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n\
        [text.rules.\"hidden.under-box\"]\nverdict = \"note\"\n[text.rules.\"hidden.same-colour\"]\nverdict = \"hold\"\n";
    let policy = Policy::from_toml(text, "mine.toml").unwrap();
    for (content, verdict) in
        [(format!("{TEXT} 0 g 60 600 200 120 re f"), Verdict::Note), (format!("1 g {TEXT}"), Verdict::Hold)]
    {
        let bytes = page(&content, "", "").bytes();
        let processed = with_policy(&policy, |scanner| process(&bytes, "report.pdf", scanner));
        assert_eq!(processed.verdict, verdict, "{content}");
    }
}
