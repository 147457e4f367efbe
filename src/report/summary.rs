//! The summary of a run: what needs a look first, then what was done.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::mem;

use comfy_table::{ContentArrangement, Table, presets};

use super::audit::{FileRecord, Outcome, Totals};
use super::repeated::Repeated;
use super::shared::Shared;
use super::terminal::{printable, wrapped};
use crate::finding::Verdict;

/// How many files are listed by name.
const MOST_LISTED: usize = 20;
/// How many values that stand in several files are listed, and how many the log keeps.
const MOST_REPEATED: usize = 5;
const MOST_LOGGED: usize = 1000;

/// Counts records as they come in and keeps the worst for the table.
#[derive(Debug, Default)]
pub struct Summary {
    /// The sums.
    pub totals: Totals,
    worst: Vec<Row>,
    needing_look: usize,
    repeated: Repeated,
    /// How many values stand in several files, those included that the totals do not keep.
    repeated_values: usize,
    shared: Shared,
}

#[derive(Debug)]
struct Row {
    standing: Standing,
    path: String,
    why: String,
}

/// What a file asks of a person, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its copy waits for a decision.
    Held,
    /// There is no copy.
    Refused,
    /// It was released, and somebody should look at it.
    Flagged,
    /// It was released, and nothing has to be done.
    Released,
    /// It is litter.
    Skipped,
}

impl Standing {
    /// All, the most urgent first.
    pub const ALL: &'static [Self] = &[Self::Held, Self::Refused, Self::Flagged, Self::Released, Self::Skipped];

    /// That of a file with this record.
    #[must_use]
    pub fn of(record: &FileRecord) -> Self {
        match record.outcome {
            Outcome::Held => Self::Held,
            Outcome::Refused => Self::Refused,
            Outcome::Released if is_flagged(record) => Self::Flagged,
            Outcome::Released => Self::Released,
            Outcome::Skipped => Self::Skipped,
        }
    }

    /// The name used in summaries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Flagged => "flagged",
            Self::Released => "released",
            Self::Skipped => "skipped",
        }
    }
}

impl Summary {
    /// Counts one record.
    pub fn add(&mut self, record: &FileRecord) {
        count(&mut self.totals.outcomes, record.outcome.name(), 1);
        for hit in &record.removals {
            count(&mut self.totals.removals, hit.class.name(), hit.count);
        }
        self.add_embedded(&record.embedded);
        for finding in &record.findings {
            count(&mut self.totals.findings, finding.severity.name(), finding.count);
        }
        self.repeated.add(&record.path, &record.findings);
        self.shared.add(&record.path, &record.traces);
        if record.outcome == Outcome::Released && is_flagged(record) {
            self.totals.flagged = self.totals.flagged.saturating_add(1);
        }
        if let Some(row) = row(record) {
            self.needing_look = self.needing_look.saturating_add(1);
            let at = self.worst.partition_point(|other| other.standing <= row.standing);
            self.worst.insert(at, row);
            self.worst.truncate(MOST_LISTED);
        }
    }

    fn add_embedded(&mut self, embedded: &[super::audit::EmbeddedRecord]) {
        for file in embedded {
            for hit in &file.removals {
                count(&mut self.totals.removals, hit.class.name(), hit.count);
            }
            self.add_embedded(&file.embedded);
        }
    }

    /// Adds what only the whole run shows, and forgets what it was found out by.
    pub(crate) fn finish(&mut self, finished: String) {
        self.totals.finished = finished;
        self.totals.repeated = mem::take(&mut self.repeated).into_values();
        self.repeated_values = self.totals.repeated.len();
        self.totals.repeated.truncate(MOST_LOGGED);
        self.totals.traces = mem::take(&mut self.shared).into_traces();
        self.totals.traces.truncate(MOST_LOGGED);
    }

    /// How many files had this outcome.
    #[must_use]
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.totals.outcomes.get(outcome.name()).copied().unwrap_or_default()
    }

    /// The summary as text. `width` is that of the terminal in columns.
    #[must_use]
    pub fn render(&self, width: u16) -> String {
        let mut text = String::new();
        if !self.worst.is_empty() {
            let mut table = table(width);
            table.set_header(["outcome", "file", "why"]);
            for row in &self.worst {
                table.add_row([row.standing.name(), &row.path, &row.why]);
            }
            let _ = writeln!(text, "Needs a look\n{}", table.trim_fmt());
            if self.needing_look > self.worst.len() {
                let more = self.needing_look.saturating_sub(self.worst.len());
                let _ = writeln!(text, "… and {more} more; all of them are in the audit log.");
            }
            text.push('\n');
        }
        let values = &self.totals.repeated;
        if !values.is_empty() {
            let mut table = table(width);
            table.set_header(["value", "files", "rule", "first in"]);
            for value in values.iter().take(MOST_REPEATED) {
                table.add_row([
                    printable(&value.masked),
                    value.files.to_string(),
                    printable(&value.rule),
                    printable(&value.first),
                ]);
            }
            let _ = writeln!(text, "The same value in several files\n{}", table.trim_fmt());
            if self.repeated_values > MOST_REPEATED {
                let more = self.repeated_values.saturating_sub(MOST_REPEATED);
                let _ = writeln!(text, "… and {more} more; the fingerprints in the audit log lead to all of them.");
            }
            text.push('\n');
        }
        let mut outcomes = table(width);
        for (outcome, about) in [
            (Outcome::Held, "cleaned and proved; the copy waits for a decision"),
            (Outcome::Refused, "no copy: could not be cleaned or proved"),
            (Outcome::Released, "cleaned, proved, in the release folder"),
            (Outcome::Skipped, "litter of operating systems"),
        ] {
            let number = self.outcome(outcome);
            if number > 0 || outcome == Outcome::Released {
                let flagged = match outcome {
                    Outcome::Released if self.totals.flagged > 0 => {
                        format!("; {} flagged for a look", self.totals.flagged)
                    }
                    _ => String::new(),
                };
                outcomes.add_row([outcome.name().to_owned(), number.to_string(), format!("{about}{flagged}")]);
            }
        }
        let _ = writeln!(text, "{}", outcomes.trim_fmt());
        let removed: u64 = self.totals.removals.values().sum();
        if removed > 0 {
            let mut classes: Vec<(&String, &u64)> = self.totals.removals.iter().collect();
            classes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let named: Vec<String> =
                classes.iter().take(6).map(|(class, number)| format!("{class} {number}")).collect();
            let more = if classes.len() > named.len() { ", …" } else { "" };
            let sums = format!("{removed} hidden items dealt with: {}{more}", named.join(", "));
            let _ = writeln!(text, "\n{}", wrapped("", &sums, usize::from(width)));
        }
        text
    }
}

fn count(sums: &mut BTreeMap<String, u64>, key: &str, number: u64) {
    let sum = sums.entry(key.to_owned()).or_default();
    *sum = sum.saturating_add(number);
}

/// True when a file has a finding that asks for a look.
fn is_flagged(record: &FileRecord) -> bool {
    record.findings.iter().any(|finding| finding.verdict >= Verdict::Flag)
}

/// What to say about a file that needs a look, `None` when it needs none.
fn row(record: &FileRecord) -> Option<Row> {
    let standing = Standing::of(record);
    let why = why(record);
    (standing <= Standing::Flagged).then(|| Row { standing, path: printable(&record.path), why: printable(&why) })
}

/// Why a file needs a look, shortened to a line; empty when it needs none.
#[must_use]
pub fn why(record: &FileRecord) -> String {
    match Standing::of(record) {
        Standing::Held | Standing::Flagged => reasons(record),
        Standing::Refused => record.refusal.as_ref().map(ToString::to_string).unwrap_or_default(),
        Standing::Released | Standing::Skipped => String::new(),
    }
}

/// The reasons why a file is held or flagged, shortened to a line.
fn reasons(record: &FileRecord) -> String {
    let wanted = if record.outcome == Outcome::Held { Verdict::Hold } else { Verdict::Flag };
    let mut reasons: Vec<String> = Vec::new();
    let held_items = record.removals.iter().chain(record.embedded.iter().flat_map(|file| &file.removals));
    for hit in held_items.filter(|hit| hit.holds()) {
        push_new(&mut reasons, format!("{} ({})", hit.class, hit.item));
    }
    for finding in record.findings.iter().filter(|finding| finding.verdict >= wanted) {
        push_new(&mut reasons, finding.in_short());
    }
    let more = reasons.len().saturating_sub(3);
    reasons.truncate(3);
    if more > 0 {
        reasons.push(format!("… {more} more"));
    }
    reasons.join("; ")
}

fn push_new(reasons: &mut Vec<String>, reason: String) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
}

fn table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table
}
