//! What a log says, line by line, and whether that can be true.

use std::collections::BTreeMap;
use std::mem;

use super::problem::Problem;
use crate::report::audit::{Digested, FileRecord, Header, Outcome, Record, SCHEMA, Totals};
use crate::report::pointers::differences;
use crate::report::summary::Summary;

/// A copy that the log names.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) outcome: Outcome,
    pub(super) place: String,
    pub(super) digested: Digested,
    /// The line that names it.
    pub(super) line: u64,
    /// False for one of an earlier segment, as long as the last one does not say what became of it.
    pub(super) must_be_there: bool,
}

/// The log up to a line.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// Number of the segment, 0 before the first header.
    segment: u32,
    /// How many files the header speaks of.
    expected: u64,
    /// True behind the totals of a segment.
    ended: bool,
    /// The sums of the segment's records.
    summary: Summary,
    /// The copies that should be there, by the paths of their inputs.
    pub(super) copies: BTreeMap<String, Copy>,
}

impl Story {
    /// Takes the record of the next line, and says what is wrong with it.
    pub(super) fn add(&mut self, record: Record, line: u64) -> Vec<Problem> {
        let told = match record {
            Record::Header(header) => self.header(&header, line),
            Record::File(file) => self.file(*file, line),
            Record::Totals(totals) => self.totals(&totals, line),
        };
        told.into_iter().map(|(member, what)| Problem::of_member(line, &member, what)).collect()
    }

    fn header(&mut self, header: &Header, line: u64) -> Vec<Told> {
        let before = mem::replace(&mut self.segment, header.segment);
        let mut told = Vec::new();
        if (line == 1) != (before == 0) {
            told.push(tell("record", "the header is not where the log begins"));
        }
        if before.checked_add(1) != Some(header.segment) {
            told.push(tell("segment", format!("segment {} follows segment {before}", header.segment)));
        }
        if header.schema != SCHEMA {
            told.push(tell("schema", format!("this version of fieldstrip reads logs of schema {SCHEMA}")));
        }
        self.expected = header.files;
        self.ended = false;
        self.summary = Summary::default();
        for copy in self.copies.values_mut() {
            copy.must_be_there = false;
        }
        told
    }

    fn file(&mut self, file: FileRecord, line: u64) -> Vec<Told> {
        let mut told = shape(&file);
        if self.ended {
            told.push(tell("record", "it comes after the totals"));
        }
        self.summary.add(&file);
        let FileRecord { path, copy, outcome, output, .. } = file;
        match (outcome, output) {
            (Outcome::Released | Outcome::Held, Some(digested)) => {
                let place = copy.unwrap_or_else(|| path.clone());
                let copy = Copy { outcome, place, digested, line, must_be_there: true };
                let other = self.copies.insert(path, copy).filter(|other| other.must_be_there);
                told.extend(other.map(|other| tell("path", format!("line {} is of the same file", other.line))));
            }
            _ => {
                self.copies.remove(&path);
            }
        }
        told
    }

    fn totals(&mut self, totals: &Totals, line: u64) -> Vec<Told> {
        if mem::replace(&mut self.ended, true) {
            return vec![tell("record", "it comes after the totals")];
        }
        let mut told = Vec::new();
        let mut summary = mem::take(&mut self.summary);
        let files: u64 = summary.totals.outcomes.values().sum();
        if totals.interrupted {
            if files >= self.expected {
                told.push(tell("interrupted", "all files have their records"));
            }
        } else {
            self.copies.retain(|_, copy| copy.must_be_there); // nothing else is left of earlier segments
            if self.segment > 0 && self.expected != files {
                let what = format!("the header speaks of {} files, line {line} ends {files} records", self.expected);
                told.push(tell("interrupted", what));
            }
        }
        if humantime::parse_rfc3339(&totals.finished).is_err() {
            told.push(tell("finished", "it is no time"));
        }
        summary.finish(totals.finished.clone());
        summary.totals.interrupted = totals.interrupted;
        summary.totals.stale_decisions.clone_from(&totals.stale_decisions);
        if summary.totals != *totals {
            let value = |totals: &Totals| serde_json::to_value(totals).unwrap_or_default();
            let members = differences(&value(&summary.totals), &value(totals));
            told.extend(
                members.into_iter().map(|member| (member, "the totals are not the sums of the records".into())),
            );
        }
        told
    }

    /// What is wrong with a log that ends here.
    pub(super) fn end(&self) -> Option<Problem> {
        if self.segment == 0 {
            return Some(Problem::of_log("the log has no header"));
        }
        (!self.ended).then(|| Problem::of_log("the log has no totals: the run did not end, or lines were cut off"))
    }
}

/// A member and what is wrong with it.
type Told = (String, String);

fn tell(member: &str, what: impl Into<String>) -> Told {
    (format!("/{member}"), what.into())
}

/// Members that the outcome of a file asks for or rules out.
fn shape(file: &FileRecord) -> Vec<Told> {
    let has_copy = matches!(file.outcome, Outcome::Released | Outcome::Held);
    let outcome = file.outcome.name();
    let members = [
        ("output", file.output.is_some(), has_copy),
        ("proof", file.proof.is_some(), has_copy),
        ("refusal", file.refusal.is_some(), file.outcome == Outcome::Refused),
    ];
    let told =
        members.into_iter().filter(|(_, is_there, should_be)| is_there != should_be).map(|(member, is_there, _)| {
            let what = if is_there { "has one" } else { "has none" };
            tell(member, format!("{}: a file that was {outcome} {what}", file.path))
        });
    told.collect()
}
