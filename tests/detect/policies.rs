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
        ("[text.rules.\"shoes.*\"]\nenabled = false\n", "`shoes.*`"),
        ("[text]\npacks = [\"[\"]\n", "broken pattern"),
    ] {
        let error = Engine::for_policy(&policy(lines)).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("mine"), "{error}");
    }
    // Findings of fieldstrip itself are no rules of a pack, but may be changed too.
    assert!(Engine::for_policy(&policy("[text.rules.\"text.not-scanned\"]\nverdict = \"hold\"\n")).is_ok());
}

/// Each policy on the same texts: what its users need differs, and its file says how.
#[test]
fn the_built_in_policies_differ_as_they_say() {
    use Verdict::{Flag, Hold, Note};
    let names = ["public-release", "newsroom", "military", "corporate", "foi"];
    let cases: [(&str, [Verdict; 5]); 9] = [
        ("SECRET//NOFORN", [Hold, Note, Hold, Hold, Hold]),
        ("key AKIALALEMEL33243OLIB", [Hold, Hold, Hold, Hold, Hold]),
        ("Position: 51.501476, -0.140634.", [Flag, Hold, Hold, Note, Hold]),
        ("Move at 121430ZJUN24.", [Flag, Flag, Hold, Note, Flag]),
        ("Write to jane.doe@ministry.gov.", [Note, Hold, Flag, Note, Hold]),
        ("SSN: 212-09-9998", [Flag, Hold, Hold, Flag, Hold]),
        ("COMPANY CONFIDENTIAL", [Flag, Note, Hold, Hold, Flag]),
        ("ATTORNEY-CLIENT PRIVILEGED", [Flag, Note, Hold, Hold, Hold]),
        (r"see C:\Users\jsmith\plan.docx", [Flag, Hold, Hold, Hold, Flag]),
    ];
    let mut wrong = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let policy = Policy::built_in(name).unwrap();
        let engine = Engine::for_policy(&policy).unwrap();
        for (text, wanted) in &cases {
            let verdicts = engine.scan(text).into_iter().map(|hit| policy.verdict(hit.rule, hit.severity));
            let verdict = verdicts.max();
            if verdict != Some(wanted[index]) {
                wrong.push(format!("{name}: {text}: {verdict:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_longer_beginning_and_the_id_count_before_the_shorter() {
    let policy = policy(
        "[text.rules.\"personal.*\"]\nverdict = \"hold\"\nseverity = \"low\"\n[text.rules.\"personal.us-*\"]\nverdict = \"flag\"\n\
         [text.rules.\"personal.us-ssn\"]\nenabled = false\n",
    );
    let setting = |rule: &str| policy.setting(rule);
    assert_eq!(setting("personal.email").verdict, Some(Verdict::Hold));
    assert_eq!(setting("personal.us-itin").verdict, Some(Verdict::Flag));
    assert_eq!(setting("personal.us-ssn").severity, Some(Severity::Low));
    assert_eq!((setting("personal.us-ssn").enabled, setting("secret.aws-access-key").verdict), (Some(false), None));
    assert!(Engine::for_policy(&policy).unwrap().scan("SSN 212-09-9998").is_empty());
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
