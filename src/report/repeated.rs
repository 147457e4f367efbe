//! The same value in several files: one thing to decide, not one for each file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Verdict};

/// How many different values are kept in sight; a batch with more has other troubles.
const MOST_VALUES: usize = 100_000;

/// A value that stands in several files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RepeatedValue {
    /// Its keyed fingerprint, as in the findings.
    pub fingerprint: String,
    /// The rule that found it.
    pub rule: String,
    /// As in the findings.
    pub masked: String,
    /// In how many files it stands.
    pub files: u64,
    /// How often altogether.
    pub count: u64,
    /// The first file with it.
    pub first: String,
}

/// Counts the values of findings over the files of a run.
#[derive(Debug, Default)]
pub struct Repeated {
    seen: BTreeMap<(String, String), RepeatedValue>,
}

impl Repeated {
    /// Counts the findings of one file; those that are only noted do not ask for anything.
    pub fn add(&mut self, path: &str, findings: &[Finding]) {
        let mut in_file: BTreeMap<(&str, &str), (u64, &str)> = BTreeMap::new();
        let asking = findings.iter().filter(|finding| finding.verdict >= Verdict::Flag);
        for finding in asking.filter(|finding| !finding.fingerprint.is_empty()) {
            let entry = in_file.entry((&finding.rule, &finding.fingerprint)).or_insert((0, &finding.masked));
            entry.0 = entry.0.saturating_add(finding.count);
        }
        for ((rule, fingerprint), (count, masked)) in in_file {
            let key = (rule.to_owned(), fingerprint.to_owned());
            if let Some(value) = self.seen.get_mut(&key) {
                value.files = value.files.saturating_add(1);
                value.count = value.count.saturating_add(count);
            } else if self.seen.len() < MOST_VALUES {
                let value = RepeatedValue {
                    fingerprint: fingerprint.to_owned(),
                    rule: rule.to_owned(),
                    masked: masked.to_owned(),
                    files: 1,
                    count,
                    first: path.to_owned(),
                };
                self.seen.insert(key, value);
            }
        }
    }

    /// The values that stand in more than one file, those in most files first.
    #[must_use]
    pub fn values(&self) -> Vec<RepeatedValue> {
        let mut values: Vec<RepeatedValue> = self.seen.values().filter(|value| value.files > 1).cloned().collect();
        values.sort_by(|a, b| {
            b.files.cmp(&a.files).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.first.cmp(&b.first))
        });
        values
    }
}
