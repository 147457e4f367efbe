//! Small files that ask for much: each is refused with the name of the limit, or cleaned because it costs nothing.
//!
//! `cargo run --example bombs FOLDER` writes them, to see what they cost on the command line.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a failed builder is a failed test

mod builders;

use builders::{Outcome, all};
use fieldstrip::{Policy, Reason, clean};

#[test]
fn every_bomb_has_the_outcome_that_is_expected_of_it() {
    let policy = Policy::built_in("public-release").unwrap();
    let mut wrong = Vec::new();
    for bomb in all() {
        let as_expected = match (bomb.outcome, &clean(&(bomb.build)(), bomb.name, &policy)) {
            (Outcome::Harmless, Ok(_)) => true,
            (Outcome::Limit(name), Err(refusal)) => {
                refusal.reason == Reason::OverLimit && refusal.detail.starts_with(&format!("limit `{name}`"))
            }
            (Outcome::Refused(reason), Err(refusal)) => refusal.reason.name() == reason,
            _ => false,
        };
        if !as_expected {
            wrong.push(bomb.name);
        }
    }
    assert!(wrong.is_empty(), "another outcome than expected: {wrong:?}");
}

#[test]
fn no_entity_leads_to_a_file() {
    let policy = Policy::built_in("public-release").unwrap();
    for bomb in all().into_iter().filter(|bomb| bomb.name.starts_with("xmp-")) {
        let cleaned = clean(&(bomb.build)(), bomb.name, &policy).unwrap();
        assert!(!cleaned.report.values.is_empty() || !cleaned.report.hits.is_empty(), "{}", bomb.name);
        let told = format!("{:?}{}", cleaned.report, String::from_utf8_lossy(&cleaned.bytes));
        assert!(!told.contains("root:") && !told.contains("lollol"), "{}", bomb.name);
    }
}
