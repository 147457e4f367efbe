//! What a handler did, item by item.

use serde::{Deserialize, Serialize};

use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class};

/// Something in a document that the policy has a class for, and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The class of thing.
    pub class: Class,
    /// Its real name, for example `EXIF:GPSLatitude` or `w:ins`. Never a value from the document.
    pub item: String,
    /// The part it lies in; empty for the file as a whole.
    #[serde(rename = "where", default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// How many there were.
    pub count: u64,
    /// How many bytes that was, where known; 0 otherwise.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bytes: u64,
    /// What was done.
    pub action: Action,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the signature that serde asks for
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// A value that was removed. It lives in memory for the echo search and is never written anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct RemovedValue {
    /// The class it was removed under.
    pub class: Class,
    /// The name of the item it was the value of.
    pub item: String,
    /// The value as text.
    pub value: String,
}

impl std::fmt::Debug for RemovedValue {
    /// Shows everything but the value: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RemovedValue({}, {}, {} bytes)", self.class, self.item, self.value.len())
    }
}

/// The report of one embedded file, under its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedReport {
    /// The embedded file's name in its parent.
    pub part: String,
    /// Its kind by its bytes.
    pub kind: Kind,
    /// What was done in it.
    pub report: Report,
}

/// Everything that a handler removed, changed or kept under a class of the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was hit; equal items are counted together.
    pub hits: Vec<Hit>,
    /// The removed values, for the echo search only.
    pub values: Vec<RemovedValue>,
    /// Embedded files that were cleaned on their own.
    pub embedded: Vec<EmbeddedReport>,
}

impl Report {
    /// Records one removed item without a value.
    pub fn removed(&mut self, class: Class, item: impl Into<String>, place: impl Into<String>) {
        self.hit(class, Action::Remove, item, place, 1, 0);
    }

    /// Records one removed item of `bytes` bytes without a value.
    pub fn removed_bytes(&mut self, class: Class, item: impl Into<String>, place: impl Into<String>, bytes: usize) {
        self.hit(class, Action::Remove, item, place, 1, bytes as u64);
    }

    /// Records the bytes after the end of a file as removed, with the kind of what begins there: `name` says which end it was,
    /// for example `trailer after IEND`. Nothing is recorded when there are none.
    pub fn trailer(&mut self, rest: &[u8], name: &str) {
        if rest.is_empty() {
            return;
        }
        let (class, item) = match identify(rest, "").kind {
            kind if kind.family() == Family::Image || kind == Kind::Media => {
                (Class::ContentSecondaryImages, format!("{name}: {}", kind.title()))
            }
            kind if kind.family() == Family::Text || matches!(kind, Kind::Unknown | Kind::Empty) => {
                (Class::ContentTrailingBytes, name.to_owned())
            }
            kind => (Class::ContentTrailingBytes, format!("{name}: {}", kind.title())),
        };
        self.removed_bytes(class, item, "", rest.len());
    }

    /// Records one removed item with its value, which the echo search will look for.
    pub fn removed_value(
        &mut self,
        class: Class,
        item: impl Into<String>,
        place: impl Into<String>,
        value: impl Into<String>,
    ) {
        let (item, value) = (item.into(), value.into());
        self.hit(class, Action::Remove, item.clone(), place, 1, value.len() as u64);
        if !value.trim().is_empty() {
            self.values.push(RemovedValue { class, item, value });
        }
    }

    /// Records `count` items with the action taken.
    pub fn hit(
        &mut self,
        class: Class,
        action: Action,
        item: impl Into<String>,
        place: impl Into<String>,
        count: u64,
        bytes: u64,
    ) {
        let (item, place) = (item.into(), place.into());
        let same = self
            .hits
            .iter_mut()
            .rev()
            .take(512) // far enough back to merge repeats, without a quadratic scan on hostile files
            .find(|hit| hit.class == class && hit.action == action && hit.item == item && hit.place == place);
        match same {
            Some(hit) => {
                hit.count = hit.count.saturating_add(count);
                hit.bytes = hit.bytes.saturating_add(bytes);
            }
            None => self.hits.push(Hit { class, item, place, count, bytes, action }),
        }
    }

    /// The hits of this document and of everything embedded in it, with the embedding parts put before the place.
    #[must_use]
    pub fn all_hits(&self) -> Vec<Hit> {
        let mut all = self.hits.clone();
        for embedded in &self.embedded {
            all.extend(embedded.report.all_hits().into_iter().map(|mut hit| {
                hit.place = if hit.place.is_empty() {
                    embedded.part.clone()
                } else {
                    format!("{} › {}", embedded.part, hit.place)
                };
                hit
            }));
        }
        all
    }

    /// The removed values of this document and of everything embedded in it.
    #[must_use]
    pub fn all_values(&self) -> Vec<&RemovedValue> {
        let mut all: Vec<&RemovedValue> = self.values.iter().collect();
        for embedded in &self.embedded {
            all.extend(embedded.report.all_values());
        }
        all
    }
}
