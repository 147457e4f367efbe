//! The first reading of a log: what the whole run says, and in which order its files are told.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::super::audit::{FileRecord, Header, Record, Totals};
use super::super::log::LogReader;
use super::super::summary::{Standing, Summary};
use crate::finding::{Severity, Verdict};
use crate::kind::Kind;

/// How many problems of the log are told one by one.
const MOST_PROBLEMS: usize = 20;
/// How many folders and rules can be chosen from; the search finds the others.
const MOST_CHOICES: usize = 500;

/// What the last segment of a log says as a whole.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) header: Option<Header>,
    /// The totals as the log has them; none when the run did not end.
    pub(super) totals: Option<Totals>,
    /// The sums of the records.
    pub(super) summary: Summary,
    /// Its files, the worst first.
    pub(super) files: Vec<Entry>,
    /// Names of kinds, rules and folders with the number of files that they apply to.
    pub(super) kinds: BTreeMap<&'static str, (Kind, u64)>,
    pub(super) rules: BTreeMap<String, u64>,
    pub(super) folders: BTreeMap<String, u64>,
    /// What is wrong with the log.
    pub(super) problems: Vec<String>,
    /// Hash of its last line.
    pub(super) head: String,
}

/// A file and the place of its record in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    rank: (Standing, Reverse<Option<Severity>>),
    /// Offset of its line.
    pub(super) at: u64,
    /// Its length, the line break included.
    pub(super) bytes: u64,
}

impl Entry {
    pub(super) fn standing(&self) -> Standing {
        self.rank.0
    }
}

impl Outline {
    /// Reads a log from its beginning.
    ///
    /// # Errors
    /// When it cannot be read. What is wrong in it is told in the page.
    pub(super) fn read(log: &mut impl BufRead) -> io::Result<Self> {
        let mut log = LogReader::new(log);
        let (mut outline, mut problems) = (Self::default(), Vec::new());
        while let Some(line) = log.read()? {
            match line.record {
                Ok(Record::Header(header)) => outline = Self { header: Some(header), ..Self::default() },
                Ok(Record::File(record)) => outline.add(&record, line.at, line.bytes),
                Ok(Record::Totals(totals)) => outline.totals = Some(totals),
                Err(error) if problems.len() < MOST_PROBLEMS => problems.push(error.to_string()),
                Err(_) => {}
            }
        }
        if outline.header.is_none() {
            problems.push("the log has no header".to_owned());
        }
        if outline.totals.is_none() {
            problems.push("the log has no totals: the run did not end, or lines were cut off".to_owned());
        }
        outline.summary.finish(outline.totals.as_ref().map(|totals| totals.finished.clone()).unwrap_or_default());
        outline.files.sort_unstable();
        outline.problems = problems;
        log.chain().head().clone_into(&mut outline.head);
        Ok(outline)
    }

    fn add(&mut self, record: &FileRecord, at: u64, bytes: u64) {
        self.summary.add(record);
        let asking = record.findings.iter().filter(|finding| finding.verdict >= Verdict::Flag);
        let worst = asking.map(|finding| finding.severity).max();
        self.files.push(Entry { rank: (Standing::of(record), Reverse(worst)), at, bytes });
        if let Some(kind) = record.kind {
            let entry = self.kinds.entry(kind.title()).or_insert((kind, 0));
            entry.1 = entry.1.saturating_add(1);
        }
        for rule in rules(record) {
            count(&mut self.rules, rule);
        }
        for (end, _) in record.path.match_indices('/') {
            count(&mut self.folders, record.path.get(..end).unwrap_or_default());
        }
    }

    /// How many files have this standing.
    pub(super) fn number_of(&self, standing: Standing) -> u64 {
        self.files.iter().filter(|entry| entry.standing() == standing).count() as u64
    }
}

/// The rules that found something in a file, each once, in order.
pub(super) fn rules(record: &FileRecord) -> Vec<&str> {
    let mut rules: Vec<&str> = record.findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    if let Some(number) = counts.get_mut(key) {
        *number = number.saturating_add(1);
    } else if counts.len() < MOST_CHOICES {
        counts.insert(key.to_owned(), 1);
    }
}
