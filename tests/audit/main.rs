//! What can be done with the log of a run: check it, show it, compare it, hand it on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#![allow(clippy::disallowed_methods)]

mod reports;
mod schemas;
mod signature;
#[path = "../run/support.rs"]
#[allow(dead_code)] // of the tests of runs
mod support;
mod tampering;

use std::fs;
use std::path::Path;

use support::Workplace;

/// Samples of all outcomes, with embedded files, findings and removals.
const SAMPLES: &[&str] = &[
    "budget.xlsx",
    "data/payments.csv",
    "data/service.json",
    "data/tide-gauge.dat",
    "locked.docx",
    "minutes.docx",
    "notice.md",
    "photos/.DS_Store",
    "photos/damaged.jpg",
    "photos/traffic.png",
];

/// The samples, cleaned.
fn cleaned() -> Workplace {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let place = Workplace::with(&[]);
    for name in SAMPLES {
        // Git keeps no litter of operating systems for long.
        place.put(name, &fs::read(samples.join(name)).unwrap_or_default());
    }
    let (code, _, errors) = place.run(&["clean", "in", "--output", "out", "--operator", "J. Doe"]);
    assert_eq!(code, 1, "{errors}");
    place
}
