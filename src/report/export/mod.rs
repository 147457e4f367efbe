//! A run in the forms of other programs.

mod table;

pub use table::csv;

use serde_json::Value;

use super::audit::{EmbeddedRecord, FileRecord};
use super::reading::Run;
use super::sarif::{Sarif, Severity};
use crate::formats::Hit;
use crate::policy::Action;

/// The run as SARIF 2.1.0: findings, refusals, and hidden items that hold their file. `base` is the folder of the inputs as the
/// viewer knows it.
#[must_use]
pub fn sarif(run: &Run, base: &str) -> Value {
    let mut sarif = Sarif::new(base);
    for file in &run.files {
        sarif.artifact(&file.path, file.input.as_ref());
        for finding in &file.findings {
            sarif.finding(&file.path, finding);
        }
        for (part, hit) in hits(file).filter(|(_, hit)| hit.action == Action::Hold) {
            sarif.hit(&file.path, &part, hit, Severity::Error);
        }
        for hit in &file.inspected {
            sarif.hit(&file.path, "", hit, Severity::Note);
        }
        if let Some(refusal) = &file.refusal {
            sarif.refusal(&file.path, refusal);
        }
    }
    sarif.of_run(run)
}

/// What was found in a file and everything embedded in it, with the embedded file's path.
fn hits(file: &FileRecord) -> impl Iterator<Item = (String, &Hit)> {
    let mut found: Vec<(String, &Hit)> = file.removals.iter().map(|hit| (String::new(), hit)).collect();
    add_embedded(&file.embedded, "", &mut found);
    found.into_iter()
}

/// As deep as files lie in files.
fn add_embedded<'a>(embedded: &'a [EmbeddedRecord], parent: &str, found: &mut Vec<(String, &'a Hit)>) {
    for file in embedded {
        let part = if parent.is_empty() { file.part.clone() } else { format!("{parent} › {}", file.part) };
        found.extend(file.removals.iter().map(|hit| (part.clone(), hit)));
        add_embedded(&file.embedded, &part, found);
    }
}
