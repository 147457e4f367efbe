//! Decisions: what a person said about the findings and held items of one run, for the next run to go by.
//!
//! A decision is about a value, which its keyed fingerprint names wherever it stands, or about something in one file, which its
//! path and the hash of its bytes name: as soon as the file changes, somebody has to look again. Accepted findings are only
//! noted and accepted items hold nothing any more; the log says by whose decision.
//!
//! They travel with the policy into the worker that proves a copy, because the verdict is made there.

mod edit;
mod load;
mod questions;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use edit::Editor;
pub use load::DecisionsError;
pub use questions::{PlaceInFile, Question, Questions};

use crate::detect::is_about_file;
use crate::finding::{Finding, Verdict};
use crate::formats::{Hit, Report};
use crate::policy::Class;
use crate::report::audit::{DecisionsId, EmbeddedRecord, FileRecord};

/// File name of the decisions in the review folder.
pub const FILE_NAME: &str = "decisions.toml";

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// It may be published.
    Accept,
    /// It may not: whatever holds it waits in the review folder.
    Hold,
}

impl Ruling {
    /// The word for it in a file of decisions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Hold => "hold",
        }
    }
}

/// A file as it was when somebody decided about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId {
    /// Its path in the log.
    pub path: String,
    /// SHA-256 of its bytes before they were cleaned.
    pub sha256: String,
}

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// Findings of a rule: those with this value, or those in this file, or both.
    Finding {
        /// Id of the rule.
        rule: String,
        /// Keyed fingerprint of the value; empty for findings without one.
        fingerprint: String,
        /// The file, `None` for the value wherever it stands.
        file: Option<FileId>,
    },
    /// Items of a class that the policy holds, in one file and everything embedded in it.
    Hit {
        /// The class.
        class: Class,
        /// The item, as in the log.
        item: String,
        /// The file.
        file: FileId,
    },
}

impl Subject {
    /// What a decision about this finding has to be about: the value wherever it stands, if the rule is about values.
    #[must_use]
    pub fn of_finding(finding: &Finding, file: &FileId) -> Self {
        let bound = finding.fingerprint.is_empty() || is_about_file(&finding.rule);
        let (rule, fingerprint) = (finding.rule.clone(), finding.fingerprint.clone());
        Self::Finding { rule, fingerprint, file: bound.then(|| file.clone()) }
    }

    /// What a decision about this item has to be about.
    #[must_use]
    pub fn of_hit(hit: &Hit, file: &FileId) -> Self {
        Self::Hit { class: hit.class, item: hit.item.clone(), file: file.clone() }
    }

    /// The entries by which a file of decisions names it.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, &str)> {
        let (mut entries, file) = match self {
            Self::Finding { rule, fingerprint, file } => {
                let value = (!fingerprint.is_empty()).then_some(("fingerprint", fingerprint.as_str()));
                ([("rule", rule.as_str())].into_iter().chain(value).collect::<Vec<_>>(), file.as_ref())
            }
            Self::Hit { class, item, file } => (vec![("class", class.name()), ("item", item.as_str())], Some(file)),
        };
        entries
            .extend(file.into_iter().flat_map(|file| [("path", file.path.as_str()), ("input-sha256", &file.sha256)]));
        entries
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = match self {
            Self::Finding { rule, fingerprint, file } => {
                f.write_str(rule)?;
                if let Some(beginning) = fingerprint.get(..8) {
                    write!(f, " {beginning}…")?;
                }
                file.as_ref()
            }
            Self::Hit { class, item, file } => {
                write!(f, "{class} ({item})")?;
                Some(file)
            }
        };
        file.map_or(Ok(()), |file| write!(f, " in {}", file.path))
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What it is about.
    pub subject: Subject,
    /// What was decided.
    pub ruling: Ruling,
    /// Why; never empty where something is accepted.
    pub reason: String,
    /// Who decided.
    pub who: String,
    /// When, RFC 3339: a day, or a day and a time.
    pub when: String,
    /// The last day on which it counts, `YYYY-MM-DD`; `None` for always.
    pub expires: Option<String>,
    /// Line in the file of decisions.
    pub line: usize,
    /// False for one with a last day until somebody says which day it is: [`Decisions::on_day`].
    active: bool,
}

impl Decision {
    /// A decision for always. `when` is a day or time as RFC 3339 has them.
    #[must_use]
    pub fn new(subject: Subject, ruling: Ruling, reason: &str, who: &str, when: &str) -> Self {
        let (reason, who, when) = (reason.trim().to_owned(), who.trim().to_owned(), when.to_owned());
        Self { subject, ruling, reason, who, when, expires: None, line: 0, active: true }
    }
}

impl fmt::Display for Decision {
    /// Whose decision it is, and why.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.ruling {
            Ruling::Accept => "accepted",
            Ruling::Hold => "held",
        };
        write!(f, "{word} by {} on {}", self.who, self.when)?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}

/// The decisions of a file, ready for use. They can be handed to another process as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    /// SHA-256 of the file; empty when there is none.
    sha256: String,
    /// By subject, each once.
    all: Vec<Decision>,
}

impl Decisions {
    /// True when there is nothing to go by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Says which day it is, `YYYY-MM-DD`: a decision with a last day counts up to and on it. Returns those that have ended.
    pub fn on_day(&mut self, day: &str) -> Vec<String> {
        for decision in &mut self.all {
            decision.active = decision.expires.as_ref().is_none_or(|last| day <= last.as_str());
        }
        self.ended()
    }

    /// The decisions that do not count, in words.
    #[must_use]
    pub fn ended(&self) -> Vec<String> {
        self.listed(|_, decision| !decision.active)
    }

    /// The decisions by hash, for the log; `None` without a file.
    #[must_use]
    pub fn id(&self) -> Option<DecisionsId> {
        (!self.sha256.is_empty()).then(|| DecisionsId {
            sha256: self.sha256.clone(),
            count: self.all.len() as u64,
            ended: self.ended(),
        })
    }

    /// The decision about exactly this, whether it counts today or not.
    #[must_use]
    pub fn about(&self, subject: &Subject) -> Option<&Decision> {
        self.index(subject).and_then(|index| self.all.get(index))
    }

    /// Makes of the findings about a file what was decided.
    pub fn apply(&self, findings: &mut [Finding], file: &FileId) {
        if self.is_empty() {
            return;
        }
        for finding in findings {
            let Some(decision) = self.of_finding(finding, file) else { continue };
            match decision.ruling {
                Ruling::Accept => {
                    finding.verdict = Verdict::Note;
                    finding.allowed = Some(decision.to_string());
                }
                Ruling::Hold => {
                    finding.verdict = Verdict::Hold;
                    finding.allowed = None;
                    finding.why = format!("{}; {decision}", finding.why);
                }
            }
        }
    }

    /// Says of every held item of a file whether it was accepted. What the report said of that before does not count: whoever
    /// took the document apart wrote it.
    pub fn apply_to_hits(&self, report: &mut Report, file: &FileId) {
        report.for_each_hit(&mut |hit| {
            let decided = self.of_hit(hit, file).filter(|decision| decision.ruling == Ruling::Accept);
            hit.allowed = decided.map(Decision::to_string);
        });
    }

    /// The decision that counts for a finding: one about the file before one about the value wherever it stands.
    fn of_finding(&self, finding: &Finding, file: &FileId) -> Option<&Decision> {
        self.finding_index(finding, file).and_then(|index| self.all.get(index))
    }

    fn finding_index(&self, finding: &Finding, file: &FileId) -> Option<usize> {
        let (rule, fingerprint) = (finding.rule.clone(), finding.fingerprint.clone());
        let here = Subject::Finding { rule, fingerprint, file: Some(file.clone()) };
        self.counting(&here).or_else(|| self.counting(&Subject::of_finding(finding, file)))
    }

    fn of_hit(&self, hit: &Hit, file: &FileId) -> Option<&Decision> {
        self.hit_index(hit, file).and_then(|index| self.all.get(index))
    }

    fn hit_index(&self, hit: &Hit, file: &FileId) -> Option<usize> {
        let is_held = hit.action == crate::policy::Action::Hold && !self.is_empty();
        is_held.then(|| self.counting(&Subject::of_hit(hit, file))).flatten()
    }

    fn counting(&self, subject: &Subject) -> Option<usize> {
        self.index(subject).filter(|index| self.all.get(*index).is_some_and(|decision| decision.active))
    }

    fn index(&self, subject: &Subject) -> Option<usize> {
        self.all.binary_search_by(|decision| decision.subject.cmp(subject)).ok()
    }

    /// Some of the decisions in words, in the order of the file.
    fn listed(&self, wanted: impl Fn(usize, &Decision) -> bool) -> Vec<String> {
        let mut some: Vec<&Decision> =
            self.all.iter().enumerate().filter(|(index, one)| wanted(*index, one)).map(|(_, one)| one).collect();
        some.sort_by_key(|decision| decision.line);
        some.iter().map(|decision| format!("line {}: {}", decision.line, decision.subject)).collect()
    }
}

/// Which decisions something in a run was about.
#[derive(Debug)]
pub struct Used<'a> {
    decisions: &'a Decisions,
    used: Vec<bool>,
}

impl<'a> Used<'a> {
    /// None of them yet.
    #[must_use]
    pub fn new(decisions: &'a Decisions) -> Self {
        Self { decisions, used: vec![false; decisions.all.len()] }
    }

    /// Looks at what became of a file.
    pub fn add(&mut self, record: &FileRecord) {
        let Some(input) = record.input.as_ref().filter(|_| !self.decisions.is_empty()) else { return };
        let file = FileId { path: record.path.clone(), sha256: input.sha256.clone() };
        for finding in &record.findings {
            self.mark(self.decisions.finding_index(finding, &file));
        }
        self.add_hits(&record.removals, &record.embedded, &file);
    }

    fn add_hits(&mut self, hits: &[Hit], embedded: &[EmbeddedRecord], file: &FileId) {
        for hit in hits {
            self.mark(self.decisions.hit_index(hit, file));
        }
        for inner in embedded {
            self.add_hits(&inner.removals, &inner.embedded, file);
        }
    }

    fn mark(&mut self, index: Option<usize>) {
        if let Some(used) = index.and_then(|index| self.used.get_mut(index)) {
            *used = true;
        }
    }

    /// Those that count and that nothing was about, in words.
    #[must_use]
    pub fn stale(&self) -> Vec<String> {
        let is_unused = |index: usize| self.used.get(index) == Some(&false);
        self.decisions.listed(|index, decision| decision.active && is_unused(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Action;

    #[test]
    fn nobody_who_takes_a_document_apart_can_accept_what_is_in_it() {
        let mut report = Report::default();
        report.hit(Class::ActiveMacros, Action::Hold, "word/vbaProject.bin", "", 1, 0);
        report.for_each_hit(&mut |hit| hit.allowed = Some("accepted by nobody".to_owned()));
        let file = FileId { path: "a.docm".to_owned(), sha256: String::new() };
        Decisions::default().apply_to_hits(&mut report, &file);
        assert!(report.hits.iter().all(Hit::holds));
    }
}
