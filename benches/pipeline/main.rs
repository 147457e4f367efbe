//! How long each part of the work on a document takes, and how that grows.
//!
//! `cargo bench` runs all of it; `cargo bench -- prove/` only what has `prove/` in its name. Names are a stage and a document, as
//! in `clean/pdf`.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // builders of the tests
#![allow(clippy::print_stdout, clippy::panic, clippy::duplicate_mod)] // a bench tells its results; builders share helpers

mod audit;
mod documents;
mod rules;
mod stages;

// Builders of the tests; they look for each other here.
#[path = "../../tests/jxl/codestream.rs"]
#[allow(dead_code)]
mod codestream;
#[path = "../../tests/heif/coding.rs"]
#[allow(dead_code)]
mod coding;
#[path = "../../tests/heif/fixtures.rs"]
#[allow(dead_code)]
mod fixtures;
#[path = "../../tests/jpeg/metadata.rs"]
mod metadata;
#[path = "../../tests/icc/profiles.rs"]
#[allow(dead_code)]
mod profiles;
#[path = "../../tests/svg/fixtures.rs"]
#[allow(dead_code)]
mod svg;

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use fieldstrip::Policy;

fn main() -> anyhow::Result<()> {
    let policy = Policy::built_in("public-release")?;
    let mut criterion = Criterion::default().configure_from_args();
    stages::bench(&mut criterion, &policy)?;
    rules::bench(&mut criterion, &policy)?;
    audit::bench(&mut criterion, &policy)?;
    criterion.final_summary();
    Ok(())
}

/// There are many benches: a second for each is enough to see a difference of some percent.
fn short(group: &mut BenchmarkGroup<'_, WallTime>) {
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(20);
}
