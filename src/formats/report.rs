//! What a handler did, item by item.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::labels::Labels;
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class};

/// Something in a document that the policy has a class for, and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// By whose decision it does not hold the file although the action says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
}

impl Hit {
    /// True when a person has to decide about it before the file is released.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.action == Action::Hold && self.allowed.is_none()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the signature that serde asks for
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// A value that was removed. It lives in memory for the echo search and is never written anywhere; the log has masked
/// excerpts and fingerprints of some ([`crate::trace`]).
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
    /// The file itself, where readers can take it out of its parent; nothing for pictures and parts of a package.
    pub attached: Option<Attached>,
}

/// An attached file by what became of it. It lives in memory for proof and scan and is never written anywhere.
#[derive(Clone, PartialEq, Eq)]
pub enum Attached {
    /// It does not get into the copy: the file as it was.
    Removed(Vec<u8>),
    /// It stays, cleaned and proved: its copy.
    Cleaned(Vec<u8>),
    /// It cannot be cleaned and stays as it is under the class `embedded.unsupported`.
    AsItIs(Vec<u8>),
}

impl std::fmt::Debug for Attached {
    /// Shows sizes only: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, bytes) = match self {
            Self::Removed(bytes) => ("Removed", bytes),
            Self::Cleaned(bytes) => ("Cleaned", bytes),
            Self::AsItIs(bytes) => ("AsItIs", bytes),
        };
        write!(f, "{what}({} bytes)", bytes.len())
    }
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
    /// The kind of the copy where it is another than that of the input: a document without its macros.
    pub copy_kind: Option<Kind>,
    /// Sensitivity labels that were removed, until the policy has decided about them.
    pub(crate) labels: Labels,
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

    /// Records the bytes after the end of a file as removed, with their size and the kind of what begins there, for example
    /// `trailer 1.2 MB after EOI: MP4`. `end` says which end it was. Nothing is recorded when there are none.
    pub fn trailer(&mut self, rest: &[u8], end: &str) {
        if rest.is_empty() {
            return;
        }
        let format = file_format::FileFormat::from_bytes(rest);
        let (class, title) = match identify(rest, "").kind {
            Kind::Media => (Class::ContentSecondaryImages, format.short_name().unwrap_or(Kind::Media.title())),
            kind if kind.family() == Family::Image => (Class::ContentSecondaryImages, kind.title()),
            // Text and unknown data are guesses here: a camera's trailer may begin with letters.
            kind if kind.family() == Family::Text || matches!(kind, Kind::Unknown | Kind::Empty) => {
                (Class::ContentTrailingBytes, "")
            }
            kind => (Class::ContentTrailingBytes, kind.title()),
        };
        self.named_trailer(class, title, rest.len(), end);
    }

    /// Records `bytes` bytes after the end of a file as removed, as [`Self::trailer`] does. `title` says what they are; it may
    /// be empty.
    pub fn named_trailer(&mut self, class: Class, title: &str, bytes: usize, end: &str) {
        let what = if title.is_empty() { String::new() } else { format!(": {title}") };
        self.removed_bytes(class, format!("trailer {} after {end}{what}", size_title(bytes as u64)), "", bytes);
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
        self.add(Hit { class, item: item.into(), place: place.into(), count, bytes, action, allowed: None });
    }

    /// Records a hit; equal ones are counted together. Nobody has decided about it yet.
    pub(crate) fn add(&mut self, new: Hit) {
        let same = self
            .hits
            .iter_mut()
            .rev()
            .take(512) // far enough back to merge repeats, without a quadratic scan on hostile files
            .find(|hit| {
                hit.class == new.class && hit.action == new.action && hit.item == new.item && hit.place == new.place
            });
        match same {
            Some(hit) => {
                hit.count = hit.count.saturating_add(new.count);
                hit.bytes = hit.bytes.saturating_add(new.bytes);
            }
            None => self.hits.push(Hit { allowed: None, ..new }),
        }
    }

    /// Turns every hit into a removal: the file as a whole does not get into the copy.
    pub(crate) fn mark_removed(&mut self) {
        for hit in &mut self.hits {
            hit.action = Action::Remove;
        }
        for embedded in &mut self.embedded {
            embedded.report.mark_removed();
        }
    }

    /// The hits of this document and of everything embedded in it, with the embedding parts put before the place.
    #[must_use]
    pub fn all_hits(&self) -> Vec<Hit> {
        self.hits_of(&|_| true)
    }

    /// As [`Self::all_hits`], but without those in attached files that do not get into the copy.
    #[must_use]
    pub fn hits_in_copy(&self) -> Vec<Hit> {
        self.hits_of(&|embedded| !matches!(embedded.attached, Some(Attached::Removed(_))))
    }

    /// The hits in everything embedded in this document, as if it were one file: what a proof of embedded files may rely on
    /// where it cannot tell their reports apart.
    #[must_use]
    pub(crate) fn of_embedded(&self) -> Self {
        Self { hits: self.embedded.iter().flat_map(|embedded| embedded.report.all_hits()).collect(), ..Self::default() }
    }

    /// Does something with every hit in this document and everything embedded in it.
    pub(crate) fn for_each_hit(&mut self, work: &mut dyn FnMut(&mut Hit)) {
        self.hits.iter_mut().for_each(&mut *work);
        for embedded in &mut self.embedded {
            embedded.report.for_each_hit(work);
        }
    }

    fn hits_of(&self, wanted: &dyn Fn(&EmbeddedReport) -> bool) -> Vec<Hit> {
        let mut all = self.hits.clone();
        for embedded in self.embedded.iter().filter(|embedded| wanted(embedded)) {
            all.extend(embedded.report.hits_of(wanted).into_iter().map(|mut hit| {
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

/// A size for people, in decimal units: `700 bytes`, `5.1 kB`, `1.2 MB`.
#[must_use]
pub fn size_title(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = bytes.saturating_mul(10).saturating_add(unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        1 => "1 byte".to_owned(),
        0..=999 => format!("{bytes} bytes"),
        1_000..=949_999 => format!("{} kB", tenths(1_000)),
        950_000..=949_999_999 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        for (bytes, title) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (5_140, "5.1 kB"),
            (949_999, "950.0 kB"),
            (950_000, "1.0 MB"),
            (1_249_999, "1.2 MB"),
            (25_000_000_000, "25.0 GB"),
        ] {
            assert_eq!(size_title(bytes), title);
        }
    }

    #[test]
    fn trailers_are_named_by_what_begins_there() {
        for (bytes, class, item) in [
            (
                &b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"[..],
                Class::ContentSecondaryImages,
                "trailer 24 bytes after EOI: MP4",
            ),
            (b"GIF89a", Class::ContentSecondaryImages, "trailer 6 bytes after EOI: GIF image"),
            (b"%PDF-1.7", Class::ContentTrailingBytes, "trailer 8 bytes after EOI: PDF document"),
            (b"hello", Class::ContentTrailingBytes, "trailer 5 bytes after EOI"),
        ] {
            let mut report = Report::default();
            report.trailer(bytes, "EOI");
            let found: Vec<_> = report.hits.iter().map(|hit| (hit.class, hit.item.as_str())).collect();
            assert_eq!(found, [(class, item)]);
        }
        let mut report = Report::default();
        report.trailer(b"", "EOI");
        assert!(report.hits.is_empty());
    }
}
