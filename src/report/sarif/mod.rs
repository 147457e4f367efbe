//! SARIF 2.1.0, for code-scanning viewers.
//!
//! Rules of packs, classes of hidden things and reasons of refusals become SARIF rules; findings, hidden items and refusals
//! become results at the place in the document. No value of a document is in it.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01.

mod location;
mod rules;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::audit::Digested;
use super::reading::Run;
use crate::finding::{Finding, Verdict};
use crate::formats::Hit;
use crate::refusal::Refusal;
use location::{artifact_location, location, of_part};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The level of a result (3.27.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be looked at.
    Warning,
    /// The file is not released.
    Error,
}

impl Severity {
    fn level(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<Verdict> for Severity {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Note => Self::Note,
            Verdict::Flag => Self::Warning,
            Verdict::Hold => Self::Error,
        }
    }
}

/// A SARIF log in the making.
#[derive(Debug)]
pub struct Sarif {
    base: String,
    artifacts: Vec<Value>,
    /// Numbers of the artifacts by path.
    by_path: BTreeMap<String, usize>,
    rules: Vec<Value>,
    /// Numbers of the rules by id.
    by_id: BTreeMap<String, usize>,
    results: Vec<Value>,
}

impl Sarif {
    /// An empty one. `base` is the folder of the inputs as the viewer knows it, relative to its root; may be empty.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let base = match base.trim_matches('/') {
            "" | "." => String::new(),
            folder => format!("{folder}/"),
        };
        Self {
            base,
            artifacts: Vec::new(),
            by_path: BTreeMap::new(),
            rules: Vec::new(),
            by_id: BTreeMap::new(),
            results: Vec::new(),
        }
    }

    /// Adds a document.
    pub fn artifact(&mut self, path: &str, input: Option<&Digested>) -> usize {
        if let Some(number) = self.by_path.get(path) {
            return *number;
        }
        let number = self.artifacts.len();
        let mut artifact = json!({ "location": artifact_location(&self.base, path) });
        if let (Some(members), Some(input)) = (artifact.as_object_mut(), input) {
            members.insert("length".to_owned(), json!(input.bytes));
            members.insert("hashes".to_owned(), json!({ "sha-256": input.sha256 }));
        }
        self.artifacts.push(artifact);
        self.by_path.insert(path.to_owned(), number);
        number
    }

    /// Adds a finding. One that the policy allows is suppressed, with the reason.
    pub fn finding(&mut self, path: &str, finding: &Finding) {
        let rule = self.rule(&finding.rule, || rules::of_finding(finding));
        let value = if finding.masked.is_empty() { String::new() } else { format!(" {}", finding.masked) };
        let why = if finding.why.is_empty() { String::new() } else { format!(": {}", finding.why) };
        let text = format!("{}{value} at {}{why}", finding.rule, finding.place);
        let location = self.located(path, |artifact| location(artifact, &finding.place));
        let mut found = result(&finding.rule, rule, finding.verdict.into(), &text, &location, finding.count);
        if let Some(members) = found.as_object_mut() {
            if !finding.fingerprint.is_empty() {
                members.insert("partialFingerprints".to_owned(), json!({ "keyedValue/v1": finding.fingerprint }));
            }
            if let Some(reason) = &finding.allowed {
                let suppression = json!({ "kind": "external", "status": "accepted", "justification": reason });
                members.insert("suppressions".to_owned(), json!([suppression]));
            }
        }
        self.results.push(found);
    }

    /// Adds something hidden. `part` names the embedded file that it lies in.
    pub fn hit(&mut self, path: &str, part: &str, hit: &Hit, severity: Severity) {
        let id = hit.class.name();
        let rule = self.rule(id, || rules::of_class(hit.class));
        let place = [part, &hit.place].iter().filter(|name| !name.is_empty()).copied().collect::<Vec<_>>().join(" › ");
        let at = if place.is_empty() { String::new() } else { format!(" in {place}") };
        let text = format!("{id}: {}{at} ({})", hit.item, hit.action);
        let location = self.located(path, |artifact| of_part(artifact, &place, &hit.item));
        let found = result(id, rule, severity, &text, &location, hit.count);
        self.results.push(found);
    }

    /// Adds why a document has no copy.
    pub fn refusal(&mut self, path: &str, refusal: &Refusal) {
        let id = format!("refusal.{}", refusal.reason);
        let rule = self.rule(&id, || rules::of_reason(refusal.reason));
        let location = self.located(path, |artifact| of_part(artifact, &refusal.part, ""));
        let text = format!("{refusal}; {}", refusal.hint);
        let found = result(&id, rule, Severity::Error, &text, &location, 1);
        self.results.push(found);
    }

    /// The document for a run.
    #[must_use]
    pub fn of_run(self, run: &Run) -> Value {
        let ended = run.totals.as_ref();
        let mut invocation = json!({
            "executionSuccessful": ended.is_some_and(|totals| !totals.interrupted),
            "startTimeUtc": run.header.started,
        });
        if let Some(members) = invocation.as_object_mut() {
            members.extend(ended.map(|totals| ("endTimeUtc".to_owned(), json!(totals.finished))));
            members.extend(run.header.operator.as_ref().map(|operator| ("account".to_owned(), json!(operator))));
        }
        let properties = json!({ "policy": run.header.policy, "packs": run.header.packs, "logHead": run.head });
        // The part before the last slash names what is compared over time, the last one the run.
        let id = format!("fieldstrip/{}/{}", run.header.policy.name, run.header.started);
        self.document(&invocation, &id, &properties)
    }

    /// The document for an inspection.
    #[must_use]
    pub fn of_inspection(self, policy: &str) -> Value {
        let id = format!("fieldstrip-inspect/{policy}/");
        self.document(&json!({ "executionSuccessful": true }), &id, &json!({ "policy": policy }))
    }

    fn document(self, invocation: &Value, id: &str, properties: &Value) -> Value {
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "fieldstrip",
                    "version": crate::VERSION,
                    "semanticVersion": crate::VERSION,
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": self.rules,
                } },
                "automationDetails": { "id": id },
                "invocations": [invocation],
                "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root that paths are relative to." } } },
                "artifacts": self.artifacts,
                "results": self.results,
                "columnKind": "unicodeCodePoints",
                "properties": properties,
            }],
        })
    }

    /// The number of a rule, described when it is new.
    fn rule(&mut self, id: &str, describe: impl FnOnce() -> Value) -> usize {
        if let Some(number) = self.by_id.get(id) {
            return *number;
        }
        let number = self.rules.len();
        self.rules.push(describe());
        self.by_id.insert(id.to_owned(), number);
        number
    }

    fn located(&mut self, path: &str, locate: impl FnOnce(&Value) -> Value) -> Value {
        let number = self.artifact(path, None);
        let mut artifact = artifact_location(&self.base, path);
        if let Some(members) = artifact.as_object_mut() {
            members.insert("index".to_owned(), json!(number));
        }
        locate(&artifact)
    }
}

/// A result; `rule` is the number of its rule.
fn result(id: &str, rule: usize, severity: Severity, text: &str, location: &Value, count: u64) -> Value {
    json!({
        "ruleId": id,
        "ruleIndex": rule,
        "level": severity.level(),
        "message": { "text": text },
        "locations": [location],
        "occurrenceCount": count.max(1),
        // If one result has them, all must (3.27.23).
        "suppressions": [],
    })
}
