//! Traces: removed values that tell by whom, where and with what a document was made.
//!
//! The value itself is never written. What the log has of it, a masked excerpt and a keyed fingerprint, is enough to see that
//! several documents came from the same person, camera, template or folder: what somebody who collects the originals of a
//! batch would have put together.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::detect::{Fingerprinter, mask};
use crate::formats::RemovedValue;
use crate::policy::Class;

/// How many traces of one document are kept, and how many of one class, so that none crowds out the others.
const MOST: usize = 64;
const MOST_OF_CLASS: usize = 16;
/// Shorter values are shared by chance.
const FEWEST_CHARACTERS: usize = 3;

/// Classes whose values identify somebody or something, and what the names of their items must have in them (lower case)
/// where not every value of the class does: capture settings are device metadata too.
const TELLING: &[(Class, &[&str])] = &[
    (Class::MetadataAuthor, &[]),
    (Class::MetadataOrganisation, &[]),
    (Class::MetadataPeople, &[]),
    (Class::MetadataDevice, &["serial", "owner", "uniqueid", "cameraid", "model"]),
    (Class::MetadataLocation, &["latitude", "longitude", "position", "location", "city"]),
    (Class::MetadataIdentifiers, &["id"]),
    (Class::MetadataPaths, &[]),
    (Class::MetadataPrinter, &[]),
    (Class::MetadataProvenance, &[]),
];

/// What names of items must not have in them: what is the same for everybody with the same program, or in the same country.
const NOT_TELLING: &[&str] = &["icc:", "country", "patientsex"];

/// Values that programs write for everybody.
const DEFAULTS: &[&str] = &["Normal", "Normal.dot", "Normal.dotm", "Author", "User"];

/// A removed value that identifies somebody or something, by what can be told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Trace {
    /// The class that it was removed under.
    pub class: Class,
    /// The name of an item that it was the value of.
    pub item: String,
    /// The value with everything but a few characters covered.
    pub masked: String,
    /// Its keyed fingerprint, the same for the same value and key.
    pub fingerprint: String,
}

impl Trace {
    /// The traces among removed values, each once, in the order of the classes in which they tell most.
    pub(crate) fn all_of(values: &[&RemovedValue], fingerprinter: &Fingerprinter) -> Vec<Self> {
        let mut traces: Vec<Self> = Vec::new();
        for (class, items) in TELLING {
            let mut seen = BTreeSet::new();
            let of_class = values.iter().filter(|value| value.class == *class && is_telling(value, items));
            // Equal values are told apart before anything is computed of them.
            let different = of_class.filter(|value| seen.insert(value.value.trim()));
            let mut fingerprints = BTreeSet::new();
            for value in different.take(MOST_OF_CLASS) {
                let fingerprint = fingerprinter.fingerprint(&value.value);
                if !fingerprint.is_empty() && fingerprints.insert(fingerprint.clone()) {
                    let masked = mask(value.value.trim(), category(*class));
                    traces.push(Self { class: *class, item: value.item.clone(), masked, fingerprint });
                }
            }
        }
        traces.truncate(MOST);
        traces
    }
}

fn is_telling(value: &RemovedValue, items: &[&str]) -> bool {
    let text = value.value.trim();
    let name = value.item.to_ascii_lowercase();
    let is_named = items.is_empty() || items.iter().any(|part| name.contains(part));
    let is_long = text.chars().filter(|c| c.is_alphanumeric()).nth(FEWEST_CHARACTERS.saturating_sub(1)).is_some();
    let is_common = NOT_TELLING.iter().any(|part| name.contains(part));
    is_named && is_long && !is_common && !DEFAULTS.iter().any(|default| default.eq_ignore_ascii_case(text))
}

/// The category that decides how a value is masked.
fn category(class: Class) -> &'static str {
    match class {
        Class::MetadataAuthor | Class::MetadataPeople => "personal",
        Class::MetadataLocation => "position",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(values: &[(Class, &str, &str)]) -> Vec<Trace> {
        let of = |(class, item, value): &(Class, &str, &str)| RemovedValue {
            class: *class,
            item: (*item).to_owned(),
            value: (*value).to_owned(),
        };
        let values: Vec<RemovedValue> = values.iter().map(of).collect();
        Trace::all_of(&values.iter().collect::<Vec<_>>(), &Fingerprinter::new(b"a key"))
    }

    #[test]
    fn only_what_identifies_is_a_trace() {
        let found = traces(&[
            (Class::MetadataDevice, "EXIF:ExposureTime", "1/125 s"),
            (Class::MetadataDevice, "EXIF:BodySerialNumber", "0123456789"),
            (Class::MetadataAuthor, "ICC:ProfileCopyright", "Copyright A Maker of Cameras"),
            (Class::MetadataDates, "EXIF:DateTime", "2026:01:02 03:04:05"),
            (Class::MetadataPaths, "property Template", "normal.dotm"),
            (Class::MetadataAuthor, "property creator", "Jo"),
            (Class::MetadataAuthor, "property creator", "Jane Example"),
            (Class::MetadataAuthor, "property lastModifiedBy", " Jane Example "),
        ]);
        let told: Vec<_> = found.iter().map(|trace| (trace.item.as_str(), trace.masked.as_str())).collect();
        assert_eq!(told, [("property creator", "J•••••••••le"), ("EXIF:BodySerialNumber", "01•••••••9")]);
        assert!(found.iter().all(|trace| trace.fingerprint.len() == 32));
    }

    #[test]
    fn no_class_crowds_out_another() {
        let names: Vec<String> = (0..1000).map(|number| format!("Author {number}")).collect();
        let mut values: Vec<_> = names.iter().map(|name| (Class::MetadataAuthor, "w:author", name.as_str())).collect();
        values.push((Class::MetadataPaths, "x15ac:absPath", "/home/jane/drafts"));
        let found = traces(&values);
        assert_eq!(found.len(), MOST_OF_CLASS + 1);
        assert_eq!(found.last().unwrap().class, Class::MetadataPaths);
    }
}
