//! The same trace in several files: what joined the documents of a batch before they were cleaned.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Class;
use crate::trace::Trace;

/// How many different values are kept in sight.
const MOST_VALUES: usize = 500_000;

/// A removed value that several files had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SharedTrace {
    /// The class that it was removed under.
    pub class: Class,
    /// As in the traces of the files.
    pub item: String,
    /// As in the traces of the files.
    pub masked: String,
    /// As in the traces of the files.
    pub fingerprint: String,
    /// How many files had it.
    pub files: u64,
    /// The first file that had it.
    pub first: String,
}

/// Counts traces over the files of a run.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Files that were the first with a trace.
    firsts: Vec<String>,
    /// The first file of each trace, and what is told once there is a second.
    seen: HashMap<(Class, u128), (usize, Option<SharedTrace>)>,
}

impl Shared {
    /// Counts the traces of one file; each has a value once.
    pub(super) fn add(&mut self, path: &str, traces: &[Trace]) {
        let mut is_first = false;
        for trace in traces {
            // The most of them stand in one file only: for those, numbers are kept.
            let Ok(number) = u128::from_str_radix(&trace.fingerprint, 16) else { continue };
            let key = (trace.class, number);
            if let Some((first, shared)) = self.seen.get_mut(&key) {
                let first = self.firsts.get(*first).map(String::as_str).unwrap_or_default();
                let shared = shared.get_or_insert_with(|| SharedTrace {
                    class: trace.class,
                    item: trace.item.clone(),
                    masked: trace.masked.clone(),
                    fingerprint: trace.fingerprint.clone(),
                    files: 1,
                    first: first.to_owned(),
                });
                shared.files = shared.files.saturating_add(1);
            } else if self.seen.len() < MOST_VALUES {
                self.seen.insert(key, (self.firsts.len(), None));
                is_first = true;
            }
        }
        if is_first {
            self.firsts.push(path.to_owned());
        }
    }

    /// The traces of more than one file, those of most files first.
    pub(super) fn traces(&self) -> Vec<SharedTrace> {
        let mut traces: Vec<SharedTrace> = self.seen.values().filter_map(|(_, shared)| shared.clone()).collect();
        traces.sort_by(|a, b| {
            let named = |trace: &SharedTrace| (trace.class, trace.item.clone(), trace.fingerprint.clone());
            b.files.cmp(&a.files).then_with(|| named(a).cmp(&named(b)))
        });
        traces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(class: Class, digit: char) -> Trace {
        Trace { class, item: "item".to_owned(), masked: "m•".to_owned(), fingerprint: digit.to_string().repeat(32) }
    }

    #[test]
    fn what_several_files_have_is_counted() {
        let mut shared = Shared::default();
        let (author, path) = (Class::MetadataAuthor, Class::MetadataPaths);
        shared.add("a", &[trace(author, '1'), trace(author, '2')]);
        shared.add("b", &[trace(path, '1'), trace(author, '3')]);
        shared.add("c", &[trace(author, '3'), trace(author, '2')]);
        shared.add("d", &[trace(author, '2')]);
        let told: Vec<_> =
            shared.traces().iter().map(|it| (it.fingerprint.clone(), it.files, it.first.clone())).collect();
        assert_eq!(told, [("2".repeat(32), 3, "a".to_owned()), ("3".repeat(32), 2, "b".to_owned())]);
    }
}
