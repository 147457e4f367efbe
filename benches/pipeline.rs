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

/// Text as documents have it: prose, a table, a listing.
const PAGE: &str = "\
The harbour office is open from Monday to Friday. The council meets twice a month in the old town hall, on the second
and the fourth Tuesday; visitors are welcome. Minutes of the meetings are kept for ten years and may be read on request.
Überstunden, déjà vu, naïveté – words with accents – are as common in real text as “quotation marks” and dashes.

  quay      berths   depth (m)   since        remarks
  north     12       7.5         1998-05-01   closed in winter
  south     8        11.25       2004-11-20   ferries at 06:45, 09:10 and 17:30
  total     20                                see section 4.2.1, table 7

    fn depth(quay: &Quay) -> Option<f32> { quay.berths.iter().map(|b| b.depth).fold(None, max) } // metres
    config.timeout = 30; retry(3, || client.get(\"https://example.org/api/v2/quays?limit=100\"))?;

";

/// What stands on every sixth page, with three findings.
const CONTACT: &str = "\
Write to alex.example@example.org or call +44 20 7946 0958. Payments go to DE89 3704 0044 0532 0130 00. Position of the
lighthouse: 54.32145, 10.13892. (U) This paragraph is unclassified. Contract 4711-0815 of 12 March 2019 applies.

";

/// How much text a second, mixed and as one line, and whether that changes with its length.
fn scan(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let engine = Engine::for_policy(policy)?;
    engine.compile_all()?;
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10);
    let pages = PAGE.repeat(6) + CONTACT;
    for (name, pages) in [("mixed", pages.clone()), ("one-line", pages.replace('\n', " "))] {
        for megabytes in [1_usize, 10, 100] {
            let text = pages.repeat((megabytes << 20) / pages.len());
            group.throughput(Throughput::Bytes(text.len() as u64));
            let name = format!("{name}-{megabytes}-mb");
            group.bench_function(name, |bencher| bencher.iter(|| engine.scan(black_box(&text)).len()));
        }
    }
    group.finish();
    Ok(())
}
