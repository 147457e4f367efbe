//! How a policy picks packs and changes rules.

use fieldstrip::Policy;
use fieldstrip::detect::Engine;
use fieldstrip::finding::{Severity, Verdict};

fn policy(lines: &str) -> Policy {
    let text = format!("schema = 1\nname = \"mine\"\nextends = \"public-release\"\n{lines}");
    Policy::from_toml(&text, "mine.toml").unwrap()
}

#[test]
fn packs_are_picked_by_glob() {
    let engine = Engine::for_policy(&policy("[text]\npacks = [\"p*\", \"personal\"]\n")).unwrap();
    let names: Vec<&str> = engine.packs().iter().map(|pack| pack.name.as_str()).collect();
    assert_eq!(names, ["personal", "positions"]);
    assert_eq!(engine.rule_count(), engine.packs().iter().map(|pack| pack.rules).sum::<usize>());
    assert!(engine.scan("NOFORN").is_empty() && !engine.scan("SSN 212-09-9998").is_empty());
}

#[test]
fn unknown_packs_and_rules_are_errors_with_their_name() {
    for (lines, name) in [
        ("[text]\npacks = [\"marking\"]\n", "`marking`"),
        ("[text.rules.\"personal.shoe-size\"]\nenabled = false\n", "`personal.shoe-size`"),
        ("[text]\npacks = [\"[\"]\n", "broken pattern"),
    ] {
        let error = Engine::for_policy(&policy(lines)).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("mine"), "{error}");
    }
    // Findings of fieldstrip itself are no rules of a pack, but may be changed too.
    assert!(Engine::for_policy(&policy("[text.rules.\"text.not-scanned\"]\nverdict = \"hold\"\n")).is_ok());
}

#[test]
fn a_rule_is_switched_off_or_made_more_severe() {
    let off = policy("[text.rules.\"personal.us-ssn\"]\nenabled = false\n");
    assert!(Engine::for_policy(&off).unwrap().scan("SSN 212-09-9998").is_empty());
    let raised = policy("[text.rules.\"personal.email\"]\nseverity = \"block\"\n");
    let engine = Engine::for_policy(&raised).unwrap();
    let hits = engine.scan("jane.doe@ministry.gov");
    assert_eq!(hits[0].severity, Severity::Block);
    assert_eq!(raised.verdict(hits[0].rule, hits[0].severity), Verdict::Hold);
}
