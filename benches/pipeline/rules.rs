//! The rule engine with all packs: how much text a second, mixed and as one line, and whether that changes with its length.

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use fieldstrip::Policy;
use fieldstrip::detect::Engine;

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

/// Sizes of the text that is scanned, in MiB; the first is what the others are compared with.
const SIZES: [usize; 3] = [1, 16, 100];

pub(crate) fn bench(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let engine = Engine::for_policy(policy)?;
    engine.compile_all()?;
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10).warm_up_time(Duration::from_secs(1));
    let pages = PAGE.repeat(6) + CONTACT;
    for (name, pages) in [("mixed", pages.clone()), ("one-line", pages.replace('\n', " "))] {
        let mut per_mebibyte = Vec::new();
        for size in SIZES {
            let text = pages.repeat((size << 20) / pages.len());
            let fastest = Cell::new(Duration::MAX);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(format!("{name}-{size}-mib"), |bencher| {
                bencher.iter_custom(|times| {
                    let started = Instant::now();
                    for _ in 0..times {
                        black_box(engine.scan(black_box(&text)).len());
                    }
                    let took = started.elapsed();
                    fastest.set(fastest.get().min(took / u32::try_from(times).unwrap_or(u32::MAX)));
                    took
                });
            });
            if fastest.get() < Duration::MAX {
                per_mebibyte.push((size, fastest.get().as_secs_f64() / size as f64));
            }
        }
        tell_growth(name, &per_mebibyte);
    }
    group.finish();
    Ok(())
}

/// Prints the time for each byte of longer texts relative to the shortest: 1 is linear.
fn tell_growth(name: &str, per_mebibyte: &[(usize, f64)]) {
    if let [(first, base), rest @ ..] = per_mebibyte {
        for (size, cost) in rest {
            println!(
                "scan/{name}: a byte of {size} MiB takes {:.3} of the time of a byte of {first} MiB\n",
                cost / base
            );
        }
    }
}
