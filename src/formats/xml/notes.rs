//! What the filters note while they go through one part.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::Report;
use crate::policy::{Action, Class, Policy};

/// A value is worth the echo search only once, and a hostile part may hold millions.
const MOST_VALUES: usize = 2_000;

/// Collects hits of one part; [`Notes::finish`] puts them into the report.
pub(in crate::formats) struct Notes<'a> {
    policy: &'a Policy,
    part: &'a str,
    counts: BTreeMap<(Class, Action, String), u64>,
    values: BTreeSet<(Class, String, String)>,
    /// Properties of sensitivity labels: what goes before their name in the log, the name and the value.
    labels: Vec<[String; 3]>,
}

impl<'a> Notes<'a> {
    /// Notes on a part.
    pub(in crate::formats) fn new(part: &'a str, policy: &'a Policy) -> Self {
        Self { policy, part, counts: BTreeMap::new(), values: BTreeSet::new(), labels: Vec::new() }
    }

    /// Something was removed.
    pub(in crate::formats) fn removed(&mut self, class: Class, item: &str) {
        self.count(class, Action::Remove, item);
    }

    /// Something with a value was removed.
    pub(in crate::formats) fn value(&mut self, class: Class, item: &str, value: &str) {
        self.removed(class, item);
        if !value.trim().is_empty() && self.values.len() < MOST_VALUES {
            self.values.insert((class, item.to_owned(), value.to_owned()));
        }
    }

    /// A property of a sensitivity label was removed; see [`Report::removed_label`].
    pub(in crate::formats) fn label(&mut self, family: &str, name: &str, value: &str) {
        self.labels.push([family, name, value].map(str::to_owned));
    }

    /// Something stays, and the policy says what that means.
    pub(in crate::formats) fn found(&mut self, class: Class, item: &str) {
        self.count(class, self.policy.action_if_left(class), item);
    }

    /// Something was changed in another way than by removal.
    pub(in crate::formats) fn changed(&mut self, class: Class, action: Action, item: &str) {
        self.count(class, action, item);
    }

    fn count(&mut self, class: Class, action: Action, item: &str) {
        let count = self.counts.entry((class, action, item.to_owned())).or_default();
        *count = count.saturating_add(1);
    }

    /// Puts everything into the report.
    pub(in crate::formats) fn finish(self, report: &mut Report) {
        for ((class, action, item), count) in self.counts {
            report.hit(class, action, item, self.part, count, 0);
        }
        for (class, item, value) in self.values {
            report.values.push(crate::formats::RemovedValue { class, item, value });
        }
        for [family, name, value] in self.labels {
            report.removed_label(&family, &name, self.part, &value);
        }
    }
}
