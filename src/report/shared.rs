//! The same trace in several files: what joined the documents of a batch before they were cleaned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::seen::{Code, Seen, code};
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
#[derive(Debug)]
pub(super) struct Shared(Seen<(Class, Code), (), SharedTrace>);

impl Default for Shared {
    fn default() -> Self {
        Self(Seen::new(MOST_VALUES))
    }
}

impl Shared {
    /// Counts the traces of one file; each has a value once.
    pub(super) fn add(&mut self, path: &str, traces: &[Trace]) {
        let traces = traces.iter().filter_map(|trace| Some(((trace.class, code(&trace.fingerprint)?), trace)));
        let second = |(), first: &str, trace: &Trace| SharedTrace {
            class: trace.class,
            item: trace.item.clone(),
            masked: trace.masked.clone(),
            fingerprint: trace.fingerprint.clone(),
            files: 2,
            first: first.to_owned(),
        };
        self.0.add(path, traces, |_| (), second, |shared, _| shared.files = shared.files.saturating_add(1));
    }

    /// The traces of more than one file, those of most files first.
    pub(super) fn into_traces(self) -> Vec<SharedTrace> {
        let mut traces = self.0.into_several();
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
            shared.into_traces().iter().map(|it| (it.fingerprint.clone(), it.files, it.first.clone())).collect();
        assert_eq!(told, [("2".repeat(32), 3, "a".to_owned()), ("3".repeat(32), 2, "b".to_owned())]);
    }
}
