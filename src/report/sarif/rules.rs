//! What SARIF rules say of themselves: packs, classes and reasons in plain words.

use serde_json::{Value, json};

use super::Severity;
use crate::detect::built_in_packs;
use crate::finding::{self, Finding};
use crate::policy::Class;
use crate::refusal::Reason;

const ABOUT_FINDINGS: &str = "Look at the place in the document. If it must not be published, take it out there; if it may be, \
    say so in the policy under [[text.allow]], with a reason.";
const ABOUT_CLASSES: &str =
    "What becomes of it is set in the policy under [classes]. A file that is held waits for a person.";

/// A rule by a finding of it.
pub(super) fn of_finding(finding: &Finding) -> Value {
    let packs = built_in_packs().unwrap_or_default();
    let known = packs.iter().flat_map(|pack| &pack.rules).find(|rule| rule.id == finding.rule);
    let (about, severity) = match known {
        Some(rule) => (rule.name.as_str(), rule.severity),
        None => (about_own(&finding.rule), finding.severity),
    };
    let source = known.map(|rule| rule.reference.as_str()).filter(|reference| !reference.is_empty());
    let help = source.map_or(ABOUT_FINDINGS.to_owned(), |source| format!("{ABOUT_FINDINGS} Defined in: {source}"));
    let level = match severity {
        finding::Severity::Info | finding::Severity::Low => Severity::Note,
        finding::Severity::Medium | finding::Severity::High => Severity::Warning,
        finding::Severity::Block => Severity::Error,
    };
    let properties = json!({ "tags": [finding.category], "severity": severity });
    descriptor(&finding.rule, about, &help, level, &properties)
}

/// The rule for a class of hidden things.
pub(super) fn of_class(class: Class) -> Value {
    let properties = json!({ "tags": ["hidden"] });
    descriptor(class.name(), class.about(), ABOUT_CLASSES, Severity::Note, &properties)
}

/// The rule for a reason of refusals.
pub(super) fn of_reason(reason: Reason) -> Value {
    let about = format!("The document has no copy: {reason}");
    let properties = json!({ "tags": ["refusal"] });
    descriptor(&format!("refusal.{reason}"), &about, reason.hint(), Severity::Error, &properties)
}

fn descriptor(id: &str, about: &str, help: &str, level: Severity, properties: &Value) -> Value {
    json!({
        "id": id,
        "shortDescription": { "text": about },
        "help": { "text": help },
        "defaultConfiguration": { "level": level.level() },
        "properties": properties,
    })
}

/// Findings that are of no pack.
fn about_own(rule: &str) -> &'static str {
    match rule.split_once('.').map_or(rule, |(family, _)| family) {
        "file" => "Something about the file or its name",
        "text" => "Something about the text as a whole, or text that could not be read",
        "hidden" => "Text that a reader does not see",
        "colour" => "Colours that may look different in the copy",
        "echo" => "A removed value that still stands in the copy",
        "lexicon" => "A term from a lexicon of the policy",
        _ => "A rule of the policy",
    }
}
