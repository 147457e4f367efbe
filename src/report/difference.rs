//! Two runs side by side: what is newly flagged, what changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::audit::{FileRecord, Header, Outcome};
use super::reading::Run;
use crate::finding::{Finding, Verdict};

/// What tells a run `b` from a run `a`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// Members of the headers that decide about results: program, policy, decisions, rules, key, isolation.
    pub header: Vec<MemberChange>,
    /// Paths that only the first run has.
    pub only_a: Vec<String>,
    /// Paths that only the second run has.
    pub only_b: Vec<String>,
    /// Files that both have, with what changed.
    pub files: Vec<FileChange>,
}

/// A member of the header with another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberChange {
    /// Its JSON pointer (RFC 6901).
    pub member: String,
    /// In the first run; null when it is not there.
    pub a: Value,
    /// In the second run.
    pub b: Value,
}

/// A value in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    /// In the first run.
    pub a: T,
    /// In the second run.
    pub b: T,
}

/// A file that became something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FileChange {
    /// Path of the input.
    pub path: String,
    /// The outcomes, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Change<Outcome>>,
    /// SHA-256 of the inputs, where they differ; null for one that was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Change<Option<String>>>,
    /// SHA-256 of the copies, where they differ; null where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Change<Option<String>>>,
    /// What asks for a look in the second run only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub newly_flagged: Vec<Finding>,
    /// What asks for a look in the first run only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_longer_flagged: Vec<Finding>,
}

impl Difference {
    /// Compares two runs by the paths of their inputs.
    #[must_use]
    pub fn between(a: &Run, b: &Run) -> Self {
        let by_path = |run| -> BTreeMap<_, _> { files_of(run).collect() };
        let (of_a, of_b) = (by_path(a), by_path(b));
        let only = |one: &BTreeMap<&str, _>, other: &BTreeMap<&str, _>| -> Vec<String> {
            one.keys().filter(|path| !other.contains_key(*path)).map(|path| (*path).to_owned()).collect()
        };
        let same_key = a.header.fingerprint_key == b.header.fingerprint_key;
        let both = of_a.iter().filter_map(|(path, file)| Some((*file, *of_b.get(path)?)));
        Self {
            header: header_changes(&a.header, &b.header),
            only_a: only(&of_a, &of_b),
            only_b: only(&of_b, &of_a),
            files: both.filter_map(|(a, b)| FileChange::between(a, b, same_key)).collect(),
        }
    }

    /// True when nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn files_of(run: &Run) -> impl Iterator<Item = (&str, &FileRecord)> {
    run.files.iter().map(|file| (&*file.path, file))
}

impl FileChange {
    fn between(a: &FileRecord, b: &FileRecord, same_key: bool) -> Option<Self> {
        let sha256 = |digested: &Option<super::audit::Digested>| digested.as_ref().map(|found| found.sha256.clone());
        let change = Self {
            path: a.path.clone(),
            outcome: Change::of(a.outcome, b.outcome),
            input: Change::of(sha256(&a.input), sha256(&b.input)),
            output: Change::of(sha256(&a.output), sha256(&b.output)),
            newly_flagged: flagged_only_in(b, a, same_key),
            no_longer_flagged: flagged_only_in(a, b, same_key),
        };
        let is_same = change.outcome.is_none()
            && change.input.is_none()
            && change.output.is_none()
            && change.newly_flagged.is_empty()
            && change.no_longer_flagged.is_empty();
        (!is_same).then_some(change)
    }
}

impl<T: PartialEq> Change<T> {
    fn of(a: T, b: T) -> Option<Self> {
        (a != b).then_some(Self { a, b })
    }
}

/// Findings that ask for a look in `one` and not in `other`: the same rule, value and place make the same finding. Without the
/// same key, fingerprints say nothing of each other, and masked values stand in.
fn flagged_only_in(one: &FileRecord, other: &FileRecord, same_key: bool) -> Vec<Finding> {
    let identity = |finding: &Finding| {
        let value = if same_key { &finding.fingerprint } else { &finding.masked };
        (finding.rule.clone(), value.clone(), finding.place.clone())
    };
    let asks = |finding: &&Finding| finding.verdict >= Verdict::Flag;
    let known: BTreeSet<_> = other.findings.iter().filter(asks).map(identity).collect();
    one.findings.iter().filter(asks).filter(|finding| !known.contains(&identity(finding))).cloned().collect()
}

/// When, by whom and over what a run went is no difference of how it works.
fn header_changes(a: &Header, b: &Header) -> Vec<MemberChange> {
    const COMPARED: [&str; 8] =
        ["schema", "tool", "tool-sha256", "policy", "decisions", "packs", "fingerprint-key", "isolation"];
    let compared = |header: &Header| {
        let members: Map<String, Value> = match serde_json::to_value(header) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Value::Object(members.into_iter().filter(|(name, _)| COMPARED.contains(&&**name)).collect())
    };
    let (a, b) = (compared(a), compared(b));
    let value = |of: &Value, member: &str| of.pointer(member).cloned().unwrap_or_default();
    let members = super::pointers::differences(&a, &b).into_iter();
    members.map(|member| MemberChange { a: value(&a, &member), b: value(&b, &member), member }).collect()
}
