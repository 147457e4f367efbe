//! What a run left to decide, worst first: a question for each value and for each held item, however many files it stands in.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::{FileId, Subject};
use crate::finding::{Severity, Verdict};
use crate::formats::Hit;
use crate::report::audit::{EmbeddedRecord, FILE_NAME, FileRecord, Outcome, Record};
use crate::report::log::LogReader;

/// How many places of a question are kept; the others are counted.
const MOST_PLACES: usize = 100;

/// Something that a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the decision is about.
    pub subject: Subject,
    /// What it does to its files as long as nobody decides.
    pub verdict: Verdict,
    /// How much the rule says that it matters; `None` for an item that the policy holds.
    pub severity: Option<Severity>,
    /// The value with everything but a few characters covered; empty where there is none.
    pub masked: String,
    /// Why it was found; empty for an item.
    pub why: String,
    /// Where it stands: the first of all places.
    pub places: Vec<PlaceInFile>,
    /// In how many places it stands.
    pub count: usize,
    /// In how many files it stands.
    pub files: usize,
}

/// A place to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceInFile {
    /// Path of the input, as in the log.
    pub path: String,
    /// Path of the copy, as in the log.
    pub copy: String,
    /// True for a copy among those that wait, false for one that was released.
    pub held: bool,
    /// The place in it, in words.
    pub place: String,
}

/// What a run left to decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// Id of the key of the run's fingerprints.
    pub key: String,
    /// The questions, worst first.
    pub all: Vec<Question>,
}

impl Questions {
    /// Reads them from the last segment of the log in a review folder.
    ///
    /// # Errors
    /// When the log cannot be read or its chain is broken: nobody should decide by a log that was changed.
    pub fn of(review: &Path) -> io::Result<Self> {
        let mut lines = LogReader::new(BufReader::new(File::open(review.join(FILE_NAME))?));
        let (mut key, mut found) = (String::new(), Found::default());
        while let Some(line) = lines.read()? {
            let record = match line.record {
                Ok(record) => record,
                Err(_) if !line.is_whole => break, // the end of a killed run
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            };
            match record {
                Record::Header(header) => (key, found) = (header.fingerprint_key, Found::default()),
                Record::File(record) => found.add(&record),
                Record::Totals(_) => {}
            }
        }
        let mut all: Vec<Question> = found.questions.into_values().collect();
        all.sort_by(|a, b| {
            let badness = |question: &Question| (question.verdict, question.severity.is_none(), question.severity);
            badness(b).cmp(&badness(a)).then(b.files.cmp(&a.files)).then_with(|| a.subject.cmp(&b.subject))
        });
        Ok(Self { key, all })
    }
}

/// The questions of the records so far.
#[derive(Default)]
struct Found {
    questions: BTreeMap<Subject, Question>,
}

impl Found {
    fn add(&mut self, record: &FileRecord) {
        let has_copy = matches!(record.outcome, Outcome::Held | Outcome::Released);
        let Some(input) = record.input.as_ref().filter(|_| has_copy) else { return };
        let file = FileId { path: record.path.clone(), sha256: input.sha256.clone() };
        for finding in record.findings.iter().filter(|finding| finding.verdict >= Verdict::Flag) {
            let question = Question {
                subject: Subject::of_finding(finding, &file),
                verdict: finding.verdict,
                severity: Some(finding.severity),
                masked: finding.masked.clone(),
                why: finding.why.clone(),
                places: Vec::new(),
                count: 0,
                files: 0,
            };
            self.ask(question, record, finding.place.to_string());
        }
        self.add_hits(&record.removals, &record.embedded, "", record, &file);
    }

    /// Asks about the held ones among the items of a file, and of everything embedded in it. `part` is where these are.
    fn add_hits(&mut self, hits: &[Hit], embedded: &[EmbeddedRecord], part: &str, record: &FileRecord, file: &FileId) {
        let inside = |inner: &str| match (part, inner) {
            ("", inner) => inner.to_owned(),
            (part, "") => part.to_owned(),
            (part, inner) => format!("{part} › {inner}"),
        };
        for hit in hits.iter().filter(|hit| hit.holds()) {
            let question = Question {
                subject: Subject::of_hit(hit, file),
                verdict: Verdict::Hold,
                severity: None,
                masked: String::new(),
                why: String::new(),
                places: Vec::new(),
                count: 0,
                files: 0,
            };
            let place = inside(&hit.place);
            self.ask(question, record, if place.is_empty() { "file".to_owned() } else { place });
        }
        for inner in embedded {
            self.add_hits(&inner.removals, &inner.embedded, &inside(&inner.part), record, file);
        }
    }

    /// Asks a question about one more place.
    fn ask(&mut self, question: Question, record: &FileRecord, place: String) {
        let known = self.questions.entry(question.subject.clone()).or_insert_with(|| question.clone());
        if question.verdict > known.verdict || question.severity > known.severity {
            known.why = question.why;
        }
        known.verdict = known.verdict.max(question.verdict);
        known.severity = known.severity.max(question.severity);
        known.count = known.count.saturating_add(1);
        // Records come file by file.
        if known.files == 0 || known.places.last().is_none_or(|last| last.path != record.path) {
            known.files = known.files.saturating_add(1);
        }
        let place = PlaceInFile {
            path: record.path.clone(),
            copy: record.place().to_owned(),
            held: record.outcome == Outcome::Held,
            place,
        };
        if known.places.len() < MOST_PLACES {
            known.places.push(place);
        } else if let Some(last) = known.places.last_mut() {
            *last = place; // the last one known, to tell files apart
        }
    }
}
