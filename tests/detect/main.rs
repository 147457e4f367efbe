//! The rules through the whole engine: what the built-in policy finds, what it must leave alone, and what holds for any text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod documents;
mod kinds;
mod policies;
mod properties;

use std::sync::LazyLock;

use fieldstrip::Policy;
use fieldstrip::detect::{Engine, Match, built_in_packs};
use fieldstrip::finding::Severity;

/// The engine of the default policy, shared by all tests as it is by all workers of a run.
static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::for_policy(&Policy::built_in("public-release").unwrap()).unwrap());

fn found<'t>(text: &'t str, hits: &[Match<'_>]) -> Vec<(String, Severity, &'t str)> {
    hits.iter().map(|hit| (hit.rule.to_owned(), hit.severity, &text[hit.start..hit.end])).collect()
}

/// With all rules together every example is still found: by its own rule, or by one that is at least as severe and takes the
/// same characters.
#[test]
fn every_example_is_found_by_all_rules_together() {
    for pack in built_in_packs().unwrap() {
        for rule in &pack.rules {
            for example in &rule.examples {
                let hits = ENGINE.scan(example);
                let good = hits.iter().any(|hit| hit.rule == rule.id || hit.severity >= rule.severity);
                assert!(good, "{}: {example:?} gives {:?}", rule.id, found(example, &hits));
            }
        }
    }
}

#[test]
fn the_value_is_found_and_not_its_label() {
    use Severity::{Block, High, Low, Medium};
    let cases = [
        ("Passport No: X12345678 issued 2019.", "personal.passport", High, "X12345678"),
        ("AMEX 374245455400126 authorised", "personal.card-number", High, "374245455400126"),
        ("a,employee_ssn,c\nx1,130-07-5728,y\n", "personal.us-ssn", High, "130-07-5728"),
        ("postgres://admin:hunter2@db.acme.com/x", "secret.url-credentials", Block, "admin:hunter2"),
        (
            "TOP SECRET//SI-G ABCD//ORCON/NOFORN\nText",
            "marking.us-banner",
            Block,
            "TOP SECRET//SI-G ABCD//ORCON/NOFORN",
        ),
        ("DOB: 03/14/1987", "personal.birth-date", Medium, "03/14/1987"),
        ("Write to jane.doe@ministry.gov.", "personal.email", Low, "jane.doe@ministry.gov"),
        (r"C:\Users\jsmith\plan.docx", "network.user-folder", Medium, "jsmith"),
        ("Position: 51.501476, -0.140634.", "position.decimal-degrees", High, "51.501476, -0.140634"),
    ];
    for (text, rule, severity, value) in cases {
        let hits = found(text, &ENGINE.scan(text));
        assert!(hits.contains(&(rule.to_owned(), severity, value)), "{text}: {hits:?}");
    }
}

/// Splitting a value with characters that no reader sees does not hide it, and the offsets lead back to what was written.
#[test]
fn disguised_values_are_found_where_they_stand() {
    let cases = [
        ("pay 4111\u{a0}1111\u{a0}1111\u{a0}1111 now", "personal.card-number", "4111\u{a0}1111\u{a0}1111\u{a0}1111"),
        ("key AKIA\u{200b}LALEMEL33243OLIB.", "secret.aws-access-key", "AKIA\u{200b}LALEMEL33243OLIB"),
        ("SSN: ２１２\u{2010}０９\u{2010}９９９８", "personal.us-ssn", "２１２\u{2010}０９\u{2010}９９９８"),
        ("OFFICIAL\u{2011}SEN\u{ad}SITIVE", "marking.uk", "OFFICIAL\u{2011}SEN\u{ad}SITIVE"),
        ("at 51°30′05″ N today", "position.degrees-minutes", "51°30′05″ N"),
        ("ünïcödé before jane.doe@ministry.gov", "personal.email", "jane.doe@ministry.gov"),
    ];
    for (text, rule, value) in cases {
        let hits = found(text, &ENGINE.scan(text));
        assert!(hits.iter().any(|(id, _, found)| id == rule && *found == value), "{text}: {hits:?}");
    }
}

/// Texts that look like findings and are none: a release officer must not be drowned. Notes (`info`) do not count.
#[test]
fn ordinary_text_is_left_alone() {
    let texts = [
        "Version 4.2.1.3 of 2024-01-31, see section 3.4.5.6 and RFC 1918.",
        "The secret of a good top is confidence; it is classified by weight.",
        "ISBN 978-3-16-148410-0, DOI 10.1000/182, ORCID 0000-0002-1825-0097",
        "Order 4711-0815-2024, invoice 123-456-789, part 5930-ABC-12",
        "if (a//b) { return x::y(SECRET); } // SECRET//TODO remove",
        "The password is required. Enter your password: ********",
        "Call it a day at 10:30:45 on 12.11.2024; the ratio was 1.2345, 2.3456, 3.4567.",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b fixed the tokenizer",
        "std::cout << a::b::c; self.local().x; C:\\Users\\Public\\x; /home/user/x",
        "32 CFR 2001.20 and 10 CFR 1045 apply; see 5 USC 552(b)(3).",
        "icon@2x.png, jane@example.org, user:password@localhost",
        "/xref 11906 11959 12014 12068 12122 12177 12231 12286 12341 12396 12452",
        "MD5(tbs)= f3:46:9e:aa:1a:4a:73:c9:37:ea:93:00:48:25:08:b5",
        "Interfaces 10/100/1000 Mbps; built on 01 POP 2005; CCIR-601; UTM zone 50N",
        "no longer subject to a race: if an existing D were removed; allow ssh://host:port",
        "2556.51572643294 10447.8014577886 0.44051401458 7.85073003328",
        "the password is determined by the value; scalar-diagnose: add directory to archiver",
        "temperatures from 20°C to 51° and angles of 90°, 5' 10\" tall",
    ];
    for text in texts {
        let hits: Vec<_> = found(text, &ENGINE.scan(text)).into_iter().filter(|hit| hit.1 > Severity::Info).collect();
        assert!(hits.is_empty(), "{text}: {hits:?}");
    }
}

#[test]
fn a_finding_explains_itself_without_the_value() {
    let text = "Routing number 121000358";
    let hits = ENGINE.scan(text);
    let why = &hits.iter().find(|hit| hit.rule == "personal.bank-routing").expect("a finding").why;
    assert_eq!(why, "form 0.50, keyword “routing”, check digit valid 1.00");
    let text = "the ssn is 212-09-9998";
    assert_eq!(ENGINE.scan(text)[0].why, "form 0.55, near “ssn” 0.95");
}

#[test]
fn workers_share_one_engine() {
    let texts = ["SSN 212-09-9998", "NOFORN", "jane.doe@ministry.gov", "10.20.30.40"];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for text in texts {
                    assert_eq!(ENGINE.scan(text).len(), 1, "{text}");
                }
            });
        }
    });
}
