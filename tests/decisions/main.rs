//! What people decide about one run, and what the next one makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::disallowed_methods)]

mod applied;
mod review;
#[path = "../run/support.rs"]
#[allow(dead_code)] // made for the tests of the run
mod support;

use std::fs;
use std::path::Path;

use support::Workplace;

/// A file of `samples`.
fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).unwrap()
}

/// A cleaned folder with a held secret, a held hidden sheet, and a flagged number.
fn cleaned() -> Workplace {
    let place = Workplace::with(&[
        ("service.json", &sample("data/service.json")),
        ("copy/service.json", &sample("data/service.json")),
        ("budget.xlsx", &sample("budget.xlsx")),
        ("payments.csv", &sample("data/payments.csv")),
    ]);
    assert_eq!(place.clean().0, 1);
    let outcomes = ["service.json", "copy/service.json", "budget.xlsx", "payments.csv"].map(|path| place.outcome(path));
    assert_eq!(outcomes, ["held", "held", "held", "released"]);
    place
}
