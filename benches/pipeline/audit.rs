//! The audit log: how many records a second are written, chained and hashed.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use fieldstrip::Policy;
use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::job::{Scanner, process};
use fieldstrip::report::audit::{AuditWriter, Digested, EmbeddedRecord, FileRecord, Outcome, Record};

use crate::documents;

/// Records of one iteration.
const RECORDS: u64 = 100;

pub(crate) fn bench(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let engine = Engine::for_policy(policy)?;
    let fingerprinter = Fingerprinter::new(b"the key of a bench");
    let scanner = Scanner::new(policy, &engine, &fingerprinter);
    let mut group = criterion.benchmark_group("audit");
    crate::short(&mut group);
    for name in ["text", "docx"] {
        let document = documents::one(name)?;
        let record = record(&document.bytes, document.hint, &scanner)?;
        group.throughput(Throughput::Elements(RECORDS));
        group.bench_function(format!("{name}-records"), |bencher| {
            bencher.iter(|| {
                let mut writer = AuditWriter::new(std::io::sink());
                (0..RECORDS).try_for_each(|_| writer.append(black_box(&record)))
            });
        });
    }
    group.finish();
    Ok(())
}

/// The record of a document as a run writes it.
fn record(bytes: &[u8], path: &str, scanner: &Scanner<'_>) -> anyhow::Result<Record> {
    let processed = process(bytes, path, scanner);
    let copy = processed.result?;
    Ok(Record::File(Box::new(FileRecord {
        path: path.to_owned(),
        copy: None,
        outcome: Outcome::Released,
        kept: false,
        kind: Some(processed.identity.kind),
        conversion: None,
        input: Some(Digested::of(bytes)),
        output: Some(Digested::of(&copy.bytes)),
        refusal: None,
        embedded: EmbeddedRecord::all_of(&copy.report),
        removals: copy.report.hits,
        inspected: Vec::new(),
        findings: processed.findings,
        traces: processed.traces,
        proof: Some(copy.proof),
    })))
}
