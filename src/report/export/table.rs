//! A table for spreadsheets: RFC 4180, one row for each finding, hidden item and refusal.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use super::hits;
use crate::finding::Finding;
use crate::formats::Hit;
use crate::refusal::Refusal;
use crate::report::reading::Run;

/// A row; what a kind of row has nothing to say of stays empty.
#[derive(Debug, Clone, Default)]
struct Row<'a> {
    path: &'a str,
    outcome: &'a str,
    record: &'a str,
    id: &'a str,
    item: &'a str,
    decision: &'a str,
    severity: &'a str,
    place: String,
    count: u64,
    bytes: u64,
    masked: &'a str,
    fingerprint: &'a str,
    why: &'a str,
    allowed: &'a str,
}

/// Writes the table. No cell begins with what spreadsheets take for a formula.
///
/// # Errors
/// When it cannot be written.
pub fn csv(run: &Run, out: impl Write) -> io::Result<()> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).has_headers(false).from_writer(out);
    table.write_record([
        "path",
        "outcome",
        "record",
        "id",
        "item",
        "decision",
        "severity",
        "place",
        "count",
        "bytes",
        "masked",
        "fingerprint",
        "why",
        "allowed",
    ])?;
    for file in &run.files {
        let base = Row { path: &file.path, outcome: file.outcome.name(), ..Row::default() };
        for finding in &file.findings {
            write(&mut table, &of_finding(finding, &base))?;
        }
        for (part, hit) in hits(file) {
            write(&mut table, &of_hit(hit, &part, "removal", &base))?;
        }
        for hit in &file.inspected {
            write(&mut table, &of_hit(hit, "", "inspected", &base))?;
        }
        if let Some(refusal) = &file.refusal {
            write(&mut table, &of_refusal(refusal, &base))?;
        }
    }
    table.flush()
}

fn of_finding<'a>(finding: &'a Finding, base: &Row<'a>) -> Row<'a> {
    Row {
        record: "finding",
        id: &finding.rule,
        decision: finding.verdict.name(),
        severity: finding.severity.name(),
        place: finding.place.to_string(),
        count: finding.count,
        masked: &finding.masked,
        fingerprint: &finding.fingerprint,
        why: &finding.why,
        allowed: finding.allowed.as_deref().unwrap_or_default(),
        ..base.clone()
    }
}

fn of_hit<'a>(hit: &'a Hit, part: &str, record: &'a str, base: &Row<'a>) -> Row<'a> {
    let place = if part.is_empty() || hit.place.is_empty() {
        format!("{part}{}", hit.place)
    } else {
        format!("{part} › {}", hit.place)
    };
    Row {
        record,
        id: hit.class.name(),
        item: &hit.item,
        decision: hit.action.name(),
        place,
        count: hit.count,
        bytes: hit.bytes,
        ..base.clone()
    }
}

fn of_refusal<'a>(refusal: &'a Refusal, base: &Row<'a>) -> Row<'a> {
    Row {
        record: "refusal",
        id: refusal.reason.name(),
        decision: "refuse",
        place: refusal.part.clone(),
        count: 1,
        why: &refusal.detail,
        ..base.clone()
    }
}

fn write(table: &mut csv::Writer<impl Write>, row: &Row<'_>) -> io::Result<()> {
    let (count, bytes) = (row.count.to_string(), row.bytes.to_string());
    let cells = [
        row.path,
        row.outcome,
        row.record,
        row.id,
        row.item,
        row.decision,
        row.severity,
        &row.place,
        &count,
        &bytes,
        row.masked,
        row.fingerprint,
        row.why,
        row.allowed,
    ];
    Ok(table.write_record(cells.map(harmless))?)
}

/// A cell that spreadsheets show as text: what they would take for a formula gets an apostrophe in front.
/// Source: OWASP, CSV Injection.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}
