//! How long one document takes: cleaning and proving each kind of sample, and scanning text.
//!
//! `cargo bench` runs all of it; `cargo bench -- pdf` only what has `pdf` in its name.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use fieldstrip::Policy;
use fieldstrip::detect::Engine;

/// One sample of each kind that is cleaned.
const SAMPLES: &[(&str, &str)] = &[
    ("jpeg", "photos/harbour.jpg"),
    ("png", "photos/traffic.png"),
    ("pdf", "report.pdf"),
    ("docx", "minutes.docx"),
    ("xlsx", "budget.xlsx"),
    ("pptx", "briefing.pptx"),
    ("markdown", "notice.md"),
];

fn main() -> anyhow::Result<()> {
    let policy = Policy::built_in("public-release")?;
    let mut criterion = Criterion::default().configure_from_args();
    clean(&mut criterion, &policy)?;
    scan(&mut criterion, &policy)?;
    criterion.final_summary();
    Ok(())
}

fn clean(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let mut group = criterion.benchmark_group("clean");
    for (kind, path) in SAMPLES {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path))?;
        fieldstrip::clean(&bytes, path, policy)?; // a refusal would be measured as a very fast success
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(*kind, |bencher| bencher.iter(|| fieldstrip::clean(black_box(&bytes), path, policy)));
    }
    group.finish();
    Ok(())
}

/// A megabyte of prose with a hit every few lines.
fn scan(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let engine = Engine::for_policy(policy)?;
    let page =
        "The harbour office is open from Monday to Friday. The council meets twice a month in the old town hall.\n"
            .repeat(8)
            + "Write to alex.example@example.org or pay to DE89 3704 0044 0532 0130 00.\n";
    let text = page.repeat((1 << 20) / page.len());
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("prose", |bencher| bencher.iter(|| engine.scan(black_box(&text)).len()));
    group.finish();
    Ok(())
}
