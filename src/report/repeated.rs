//! The same value in several files: one thing to decide, not one for each file.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::seen::{Code, Seen, code};
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
#[derive(Debug)]
pub(super) struct Repeated {
    /// By the number of the rule and the fingerprint; of one in one file, how often it stands there and how it is masked.
    seen: Seen<(u32, Code), (u64, Box<str>), RepeatedValue>,
    /// Numbers of rules.
    rules: HashMap<Box<str>, u32>,
}

impl Default for Repeated {
    fn default() -> Self {
        Self { seen: Seen::new(MOST_VALUES), rules: HashMap::new() }
    }
}

impl Repeated {
    /// Counts the findings of one file; those that are only noted do not ask for anything.
    pub(super) fn add(&mut self, path: &str, findings: &[Finding]) {
        let mut in_file: BTreeMap<(&str, &str), (u64, &str)> = BTreeMap::new();
        let asking = findings.iter().filter(|finding| finding.verdict >= Verdict::Flag);
        for finding in asking.filter(|finding| !finding.fingerprint.is_empty()) {
            let entry = in_file.entry((&finding.rule, &finding.fingerprint)).or_insert((0, &finding.masked));
            entry.0 = entry.0.saturating_add(finding.count);
        }
        let Self { seen, rules } = self;
        let values = in_file.into_iter().filter_map(|((rule, fingerprint), (count, masked))| {
            let code = code(fingerprint)?;
            let next = u32::try_from(rules.len()).ok()?;
            let rule_number = *rules.entry(rule.into()).or_insert(next);
            Some(((rule_number, code), (rule, fingerprint, count, masked)))
        });
        seen.add(
            path,
            values,
            |(_, _, count, masked)| (count, masked.into()),
            |(before, masked), first, (rule, fingerprint, count, _)| RepeatedValue {
                fingerprint: fingerprint.to_owned(),
                rule: rule.to_owned(),
                masked: masked.into(),
                files: 2,
                count: before.saturating_add(count),
                first: first.to_owned(),
            },
            |value, (_, _, count, _)| {
                value.files = value.files.saturating_add(1);
                value.count = value.count.saturating_add(count);
            },
        );
    }

    /// The values that stand in more than one file, those in most files first.
    pub(super) fn into_values(self) -> Vec<RepeatedValue> {
        let mut values = self.seen.into_several();
        values.sort_by(|a, b| {
            let named = |value: &RepeatedValue| (value.rule.clone(), value.first.clone(), value.fingerprint.clone());
            b.files.cmp(&a.files).then_with(|| named(a).cmp(&named(b)))
        });
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::text::{Place, Scope};

    fn finding(rule: &str, digit: char, masked: &str, verdict: Verdict) -> Finding {
        let (rule, masked) = (rule.to_owned(), masked.to_owned());
        Finding {
            rule,
            category: String::new(),
            severity: Severity::High,
            verdict,
            place: Place::File,
            scope: Scope::Body,
            masked,
            fingerprint: digit.to_string().repeat(32),
            why: String::new(),
            allowed: None,
            count: 2,
        }
    }

    #[test]
    fn what_several_files_have_is_told_as_the_first_has_it() {
        let mut repeated = Repeated::default();
        let flag = Verdict::Flag;
        repeated.add("a", &[finding("x", '1', "first", flag), finding("x", '2', "x", flag)]);
        repeated.add("b", &[finding("y", '1', "other rule", flag), finding("x", '2', "noted", Verdict::Note)]);
        repeated.add("c", &[finding("x", '1', "second", flag), finding("x", '1', "again", flag)]);
        repeated.add("d", &[finding("x", '1', "third", flag), finding("y", '1', "other rule", flag)]);
        let told = repeated.into_values();
        let told: Vec<_> = told.iter().map(|it| (&*it.rule, &*it.masked, it.files, it.count, &*it.first)).collect();
        assert_eq!(told, [("x", "first", 3, 8, "a"), ("y", "other rule", 2, 4, "b")]);
    }
}
