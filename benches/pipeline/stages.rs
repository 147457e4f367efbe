//! One document through each stage by itself: what a handler, a prover and a reader of text take, and the whole of it.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use fieldstrip::formats::{Context, handler_for};
use fieldstrip::limits::Spent;
use fieldstrip::prove::prove;
use fieldstrip::text::{extract, is_read};
use fieldstrip::{Cleaned, Kind, Policy, clean};

use crate::documents::{self, Document};

/// A document with what each stage begins with.
struct Subject {
    document: Document,
    kind: Kind,
    copy: Cleaned,
}

pub(crate) fn bench(criterion: &mut Criterion, policy: &Policy) -> anyhow::Result<()> {
    let subjects = documents::all()?.into_iter().map(|document| subject(document, policy));
    let subjects: Vec<Subject> = subjects.collect::<anyhow::Result<_>>()?;
    stage(
        criterion,
        "handler",
        &subjects,
        |_| true,
        |subject| {
            let spent = Spent::default();
            let context = Context::new(policy, &spent);
            let mut copy = Vec::new();
            let handler = handler_for(subject.kind).map(|handler| {
                handler.clean(subject.kind, black_box(&subject.document.bytes), policy, &context, &mut copy)
            });
            black_box(handler.is_some_and(|report| report.is_ok()));
        },
    );
    stage(
        criterion,
        "prove",
        &subjects,
        |_| true,
        |subject| {
            let spent = Spent::default();
            let context = Context::new(policy, &spent);
            let (input, copy) = (black_box(&subject.document.bytes), black_box(&subject.copy));
            black_box(prove(subject.kind, input, &copy.bytes, &copy.report, &context).is_ok());
        },
    );
    stage(
        criterion,
        "text",
        &subjects,
        |subject| is_read(subject.copy.kind),
        |subject| {
            let spent = Spent::default();
            let context = Context::new(policy, &spent);
            black_box(extract(subject.copy.kind, black_box(&subject.copy.bytes), &context).is_ok());
        },
    );
    stage(
        criterion,
        "clean",
        &subjects,
        |_| true,
        |subject| {
            black_box(clean(black_box(&subject.document.bytes), subject.document.hint, policy).is_ok());
        },
    );
    Ok(())
}

/// Cleans and proves a document and reads its text, since a refusal would be measured as a very fast success.
fn subject(document: Document, policy: &Policy) -> anyhow::Result<Subject> {
    let named = |refusal| anyhow::anyhow!("{}: {refusal}", document.name);
    let kind = fieldstrip::identify::identify(&document.bytes, document.hint).kind;
    let copy = clean(&document.bytes, document.hint, policy).map_err(named)?;
    let spent = Spent::default();
    let context = Context::new(policy, &spent);
    prove(kind, &document.bytes, &copy.bytes, &copy.report, &context).map_err(named)?;
    extract(copy.kind, &copy.bytes, &context).map_err(named)?;
    Ok(Subject { document, kind, copy })
}

/// Measures one stage with every document that goes through it.
fn stage(
    criterion: &mut Criterion,
    name: &str,
    subjects: &[Subject],
    is_for: impl Fn(&Subject) -> bool,
    work: impl Fn(&Subject),
) {
    let mut group = criterion.benchmark_group(name);
    crate::short(&mut group);
    for subject in subjects.iter().filter(|subject| is_for(subject)) {
        group.throughput(Throughput::Bytes(subject.document.bytes.len() as u64));
        group.bench_function(subject.document.name, |bencher| bencher.iter(|| work(subject)));
    }
    group.finish();
}
